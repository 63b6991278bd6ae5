"""Mails about a booking: true, to the right people, at least once, and without a secret kept."""

import email
from email.policy import default
from html.parser import HTMLParser

import pytest
from django.core import mail as outgoing
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from booking import letters, tasks
from booking.models import Booking, BookingEvent, Mail, Participant
from booking.plain_text import as_text
from booking.sending import as_request
from catalog.models import Provider
from tests.booking.conftest import filled, people
from tests.booking.mailing import planned, sweep, to, words

Kind, Audience, State, Status = Mail.Kind, Mail.Audience, Mail.State, Booking.Status


# --- Who reads what -------------------------------------------------------------------------


def test_the_booker_reads_everything_with_the_link_and_the_price(confirmed):
    sweep()
    text = words(to("kari@bygg.example"))
    for expected in (
        confirmed.reference,
        str(confirmed.order_id),
        "Ola Hansen",
        "Åse Ørn",
        "PO-4471",
        f"http://testserver/booking/{confirmed.link_token}/",
        "Sum med mva.",
        "22 00 00 00",
    ):
        assert expected in text, expected


def test_a_participant_reads_what_when_where_and_whom_to_ask_and_no_more(confirmed):
    sweep()
    text = words(to("ola@bygg.example"))
    title = confirmed.coursedate.course.title
    for expected in (title, "Ola Hansen", "Kari Fjeld", "22 00 00 00", confirmed.reference):
        assert expected in text, expected
    for hidden in (confirmed.link_token, "secret-link", "kr", "PO-4471", "Åse", "Faktura"):
        assert hidden not in text.replace(title, ""), hidden


def test_one_participant_is_not_called_several(confirmed):
    sweep()
    assert "Deltaker: Ola Hansen" in words(to("ola@bygg.example"))
    assert "Deltakere: Ola Hansen, Åse Ørn" in words(to("kari@bygg.example"))


def test_a_booker_who_waits_for_others_is_told_of_them(make_booking, work):
    work(make_booking(13100002))
    sweep()
    text = words(to("kari@bygg.example"))
    assert "så deltakerne står på venteliste" in text
    assert "du står på venteliste" not in text
    assert "så du står på venteliste" in words(to("ola@bygg.example"))


def test_the_invoice_recipient_reads_price_and_reference_without_the_link(
    make_booking, work, settings
):
    settings.MAIL_TO = settings.MAIL_TO | {"confirmed": ["invoice"]}
    booking = work(make_booking(13100003))
    sweep()
    (message,) = outgoing.outbox
    assert message.to == ["faktura@bygg.example"]
    text = words(message)
    for expected in ("PO-4471", str(booking.order_id), "Sum med mva.", booking.reference):
        assert expected in text, expected
    for hidden in (booking.link_token, "secret-link", "Åse"):
        assert hidden not in text, hidden
    assert not message.attachments


OF_NO_BOOKING = {Kind.LINKS, Kind.INTEREST, Kind.DATE_SET, Kind.NEW_INTEREST}
OF_BOOKINGS = [Audience.BOOKER, Audience.PARTICIPANT, Audience.INVOICE]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in OF_NO_BOOKING])
@pytest.mark.parametrize("audience", OF_BOOKINGS)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_kind_has_words_for_everybody(make_booking, kind, audience, language):
    booking = make_booking(language=language)
    Booking.objects.update(cancel_asked_at=timezone.now(), refusal_code="no_vacant_seats")
    change = booking.changes.create(kind="other", message="Vi kommer senere", state="done")
    mail = Mail.objects.create(
        booking=booking,
        kind=kind,
        audience=audience,
        participant=booking.participants.first(),
        to="ola@bygg.example",
        language=language,
        change=change,
    )
    letter = letters.write(mail)
    assert booking.reference in letter["subject"]
    assert booking.coursedate.course.title in letter["subject"]
    assert ("Vennlig hilsen" in letter["text"]) == (language == "nb")
    assert "<" not in letter["text"].replace("<http", "")
    assert letter["html"].count("<h1>") == 1
    assert booking.link_token not in str(letter)
    assert ("secret-link-of" in letter["text"]) == (audience == Audience.BOOKER)


def test_mails_are_in_the_language_of_the_booking(make_booking, work):
    work(make_booking(language="en"))
    sweep()
    message = to("kari@bygg.example")
    assert message.subject.startswith("Booked: ")
    assert "/en/booking/" in message.body
    assert message.extra_headers["Content-Language"] == "en"


def test_a_received_mail_never_says_booked(make_booking):
    for language, forbidden in (("nb", ("er påmeldt", "er bekreftet")), ("en", ("ooked",))):
        booking = make_booking(language=language)
        letter = letters.write(planned(booking, Kind.RECEIVED))
        for word in forbidden:
            assert word not in letter["subject"] + letter["text"] + letter["html"]
        Booking.objects.all().update(content_hash="other")


def test_the_waiting_list_is_said_to_be_no_place(make_booking, work):
    work(make_booking(13100002))
    sweep()
    message = to("kari@bygg.example")
    assert message.subject.startswith("Venteliste, ikke en plass ennå: ")
    assert "ikke en plass" in message.body
    assert not message.attachments


def test_a_total_that_differs_is_said_and_only_to_who_sees_prices(make_booking, work, simulator):
    booking = make_booking(13100003)
    simulator.fault("POST", "/booking", "change_price", price=1000, coursedate=13100003)
    work(booking)
    sweep()
    assert "Summen er en annen enn den du fikk se" in words(to("kari@bygg.example"))
    assert "2 500 kr" in words(to("kari@bygg.example"))
    assert "2 500 kr" not in words(to("ola@bygg.example"))


def test_the_meeting_link_is_in_confirmed_mails_only(make_booking, work, settings):
    settings.MAIL_TO = settings.MAIL_TO | {"confirmed": ["booker", "participants", "invoice"]}
    booking = make_booking(13100008)
    link = booking.coursedate.event_url
    sweep()
    assert link not in words(to("kari@bygg.example"))
    outgoing.outbox.clear()
    work(booking)
    sweep()
    assert link in words(to("kari@bygg.example"))
    assert link in words(to("ola@bygg.example"))
    assert link not in words(to("faktura@bygg.example"))
    outgoing.outbox.clear()
    Booking.objects.update(status=Status.CANCELLED)
    booking.refresh_from_db()
    planned(booking, Kind.CANCELLED)
    sweep()
    assert link not in words(to("kari@bygg.example"))


def test_each_address_gets_one_mail(make_booking, work):
    """Also where the booker takes part, and two share an address."""
    names = people("Ola Hansen", "Per Berg") | {"participant-1-email": "OLA@bygg.example"}
    work(make_booking(fields=filled(takes_part="on") | names))
    sweep()
    assert [message.to for message in outgoing.outbox] == [
        ["kari@bygg.example"],
        ["ola@bygg.example"],
    ]
    text = words(to("ola@bygg.example"))
    assert "Ola Hansen, Per Berg" in text


def test_frontcores_receipts_and_ours_never_go_to_the_same_person(make_booking, work, settings):
    settings.FRONTCORE_RECEIPTS = True
    settings.MAIL_TO = settings.MAIL_TO | {"confirmed": ["booker"]}
    apart = work(make_booking())
    assert as_request(apart, apart.coursedate).send_receipts
    sweep()
    assert [message.to for message in outgoing.outbox] == [["kari@bygg.example"]]
    outgoing.outbox.clear()
    together = work(make_booking(fields=filled("Per Berg", takes_part="on")))
    assert not as_request(together, together.coursedate).send_receipts
    sweep()
    assert len(outgoing.outbox) == 2, "the others get ours then"


def test_two_mails_to_one_participant_are_an_error_of_the_set_up(settings):
    settings.FRONTCORE_RECEIPTS = True
    with pytest.raises(SystemCheckError, match=r"config\.E003"):
        call_command("check")
    settings.MAIL_TO = {kind: ["booker"] for kind in settings.MAIL_TO}
    call_command("check")


# --- What goes out --------------------------------------------------------------------------


def test_the_headers_are_those_of_a_machine_with_a_name(confirmed):
    Provider.objects.update(name="Fjord, skole & Sønner")
    sweep()
    message = email.message_from_bytes(to("kari@bygg.example").message().as_bytes(), policy=default)
    mail = Mail.objects.get(to="kari@bygg.example", kind=Kind.CONFIRMED)
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "kurs@fjordskolen.example"
    (sender,) = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Fjord, skole & Sønner", "noreply@localhost")
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    calendar = list(message.walk())[-1]
    assert calendar.get_param("method") == "PUBLISH"
    assert calendar.get_filename().endswith(f"{mail.booking.reference}.ics")


def test_no_name_writes_into_the_head_of_a_mail(make_booking):
    booking = make_booking()
    type(booking.coursedate.course).objects.update(
        title="Kurs\r\nBcc: alle@bygg.example\u202e\u2066\x07!"
    )
    Booking.objects.update(booker_firstname="Kari\r\nBcc: x@y.example")
    Provider.objects.update(name="Skole\r\nBcc: x@y.example")
    mail = planned(booking, Kind.RECEIVED)
    sweep()
    message = email.message_from_bytes(outgoing.outbox[0].message().as_bytes(), policy=default)
    assert message["Bcc"] is None
    assert "Kurs Bcc: alle@bygg.example!" in message["Subject"]
    mail.refresh_from_db()
    assert mail.state == State.SENT


def test_what_a_visitor_types_is_text_in_the_page(make_booking):
    booking = make_booking()
    Participant.objects.update(firstname="<img src=x>")
    letter = letters.write(planned(booking, Kind.RECEIVED))
    assert "<img" not in letter["html"]
    assert "<img src=x>" in letter["text"]


def test_the_page_fetches_nothing(confirmed):
    sweep()
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.extend(
                (tag, name) for name, _ in attributes if name in {"src", "background", "style"}
            )
            found.append((tag, ""))

    page = to("kari@bygg.example").alternatives[0].content
    Reader().feed(page)
    assert not [name for tag, name in found if name]
    assert not {tag for tag, _ in found} & {"img", "link", "script", "iframe"}
    assert "url(" not in page
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page


def test_the_text_says_what_the_page_says():
    page = (
        "<head><style>p{}</style></head><h1>Hei</h1><p>Å &amp; B\n c<br>ny</p>"
        "<dl><dt>Når</dt><dd>i dag</dd></dl><table><caption>Pris</caption><tr><th>Sum</th>"
        '<td>2&nbsp;490 kr</td></tr></table><ul><li>a <a href="http://x/">her</a></li></ul>'
        '<a href="mailto:k@x.no">k@x.no</a>'
    )
    assert as_text(page) == (
        "Hei\n===\n\nÅ & B c\nny\n\nNår: i dag\n\nPris\nSum: 2 490 kr\n\n- a her: http://x/\nk@x.no\n"
    )


# --- Secrets --------------------------------------------------------------------------------


def test_no_secret_link_is_stored_with_a_mail(confirmed):
    Mail.objects.plan_links("kari@bygg.example", "nb")
    sweep()
    assert any(confirmed.link_token in message.body for message in outgoing.outbox)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert confirmed.link_token not in str(cursor.fetchall()), table


def test_a_mark_that_somebody_types_opens_nothing(make_booking, work):
    booking = make_booking()
    Booking.objects.update(booker_lastname=f"secret-link-of-{booking.reference}")
    work(booking)
    sweep()
    assert booking.link_token not in words(to("ola@bygg.example"))


def test_staff_read_words_where_the_link_stands(admin_client, confirmed):
    sweep()
    mail = Mail.objects.get(to="kari@bygg.example", kind=Kind.CONFIRMED)
    page = admin_client.get(reverse("admin:booking_mail_change", args=[mail.pk]))
    text = page.content.decode()
    assert "den besøkendes egen lenke" in text
    frame = admin_client.get(reverse("admin:booking_mail_page", args=[mail.pk]))
    inside = frame.content.decode()
    assert "den besøkendes egen lenke" in inside
    assert "<h1>" in inside
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert frame["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    for shown in (text, inside):
        assert confirmed.link_token not in shown
        assert "secret-link-of" not in shown
    with override_settings(DEMO=True):
        frame = admin_client.get(reverse("admin:booking_mail_page", args=[mail.pk]))
    assert confirmed.link_token in frame.content.decode()


def test_mails_are_for_staff_only(client, admin_client, confirmed, django_user_model):
    sweep()
    pk = Mail.objects.first().pk
    names = ("change", "page")
    for name in names:
        address = reverse(f"admin:booking_mail_{name}", args=[pk])
        assert admin_client.get(address).status_code == 200
        assert client.get(address).status_code == 302
    django_user_model.objects.create_user("vikar", password="x", is_staff=True)
    client.login(username="vikar", password="x")
    for name in names:
        assert client.get(reverse(f"admin:booking_mail_{name}", args=[pk])).status_code == 403
    assert client.post(reverse("admin:booking_mail_again", args=[pk])).status_code == 403


# --- Staff ----------------------------------------------------------------------------------


def test_staff_send_the_very_same_mail_again(admin_client, confirmed):
    sweep()
    mail = Mail.objects.get(to="ola@bygg.example")
    first = to("ola@bygg.example")
    type(confirmed.coursedate.course).objects.update(title="Noe annet")
    outgoing.outbox.clear()
    address = reverse("admin:booking_mail_change", args=[mail.pk])
    assert "Send på nytt" in admin_client.get(address).content.decode()
    assert admin_client.post(reverse("admin:booking_mail_again", args=[mail.pk])).status_code == 302
    assert not outgoing.outbox, "the admin sends nothing itself"
    mail.refresh_from_db()
    assert (mail.state, mail.again_by) == (State.DUE, "staff: admin")
    tasks.send_mail(mail.pk)
    (second,) = outgoing.outbox
    assert (second.subject, second.body, second.to) == (first.subject, first.body, first.to)
    assert second.alternatives == first.alternatives
    again = confirmed.events.get(what=BookingEvent.What.MAIL_AGAIN)
    assert (again.by, again.note) == ("staff: admin", "confirmed to participant")


def test_a_mail_sent_again_is_no_copy_that_programs_hide(admin_client, confirmed):
    """Many drop a mail whose Message-ID they have seen; what staff send is meant to arrive."""
    sweep()
    mail = Mail.objects.get(to="ola@bygg.example")
    mail.send_again("staff: admin")
    tasks.send_mail(mail.pk)
    ids = [m.message()["Message-ID"] for m in outgoing.outbox if m.to == ["ola@bygg.example"]]
    assert len(set(ids)) == 2


def test_staff_queue_several_from_the_list_and_see_what_did_not_go_out(admin_client, confirmed):
    Mail.objects.filter(to="ola@bygg.example").update(state=State.FAILED, problem="SMTP 550")
    listed = reverse("admin:booking_mail_changelist")
    page = admin_client.get(listed, {"undelivered": "yes"})
    (failed,) = page.context["cl"].queryset
    assert failed.to == "ola@bygg.example"
    data = {"action": "send_again", "_selected_action": [failed.pk]}
    assert admin_client.post(listed, data).status_code == 302
    tasks.send_mail(failed.pk)
    assert to("ola@bygg.example")
    assert not Mail.objects.undelivered().exists()


def test_a_mail_on_its_way_or_not_needed_is_not_sent_again(confirmed):
    mail = Mail.objects.get(to="ola@bygg.example")
    assert not mail.send_again("staff: x")
    mail.claim()
    assert not mail.send_again("staff: x")
    mail.drop()
    assert not mail.send_again("staff: x")


def test_the_desk_finds_a_mail_by_address_and_reference(admin_client, confirmed):
    sweep()
    for term in ("ola@bygg", confirmed.reference.lower()):
        page = admin_client.get(reverse("admin:booking_mail_changelist"), {"q": term})
        assert "ola@bygg.example" in page.content.decode()


def test_the_page_of_a_booking_lists_its_mails(admin_client, confirmed):
    sweep()
    page = admin_client.get(reverse("admin:booking_booking_change", args=[confirmed.pk]))
    mail = Mail.objects.get(to="ola@bygg.example")
    assert reverse("admin:booking_mail_change", args=[mail.pk]) in page.content.decode()


@pytest.mark.parametrize("name", ["Kari\r\nBcc: x@y.no", "Ka\u202eri", "Kari\x00", "\u2066Kari"])
def test_what_steers_a_screen_or_a_mail_is_no_part_of_a_name(booked, name):
    visitor = booked(fields=filled(booker_firstname=name)).reload()
    booking = Booking.objects.get()
    assert booking.booker_firstname in {"Kari Bcc: x@y.no", "Kari"}
    assert visitor.page.status_code == 200


def test_names_keep_the_joiners_that_their_writing_needs(booked):
    booked(fields=filled(booker_firstname="نیک\u200cخواه"))
    assert Booking.objects.get().booker_firstname == "نیک\u200cخواه"
