"""Mails about a booking: true, to the right people, at least once, and without a secret kept."""

import email
import socketserver
import threading
from datetime import timedelta
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
from django_q.models import OrmQ

from booking import letters, mails, tasks
from booking.models import Booking, BookingEvent, Mail, Participant
from booking.models.mail import LEASE, PAUSES
from booking.plain_text import as_text
from booking.sending import as_request
from catalog.models import Provider
from tests.booking.conftest import filled, people

Kind, Audience, State, Status = Mail.Kind, Mail.Audience, Mail.State, Booking.Status
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def confirmed(make_booking, work):
    return work(make_booking(13100003))


def sweep():
    """What the worker does each minute, with all that is planned for later due now."""
    Mail.objects.filter(state=State.DUE).update(due_at=timezone.now())
    tasks.send_mails()
    return outgoing.outbox


def to(address):
    (message,) = [message for message in outgoing.outbox if message.to == [address]]
    return message


def words(message):
    """All that can be read of a message, text and page."""
    return " ".join(
        f"{message.subject} {message.body} {message.alternatives[0].content}".split()
    ).replace("\xa0", " ")


def planned(booking, kind, **more):
    Mail.objects.all().delete()
    Mail.objects.plan(booking, kind, **more)
    return Mail.objects.filter(audience=Audience.BOOKER).get()


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


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.LINKS])
@pytest.mark.parametrize("audience", Audience)
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


# --- At least once --------------------------------------------------------------------------


HANG_UP = ""


class FailingServer(threading.Thread):
    """A mail server that answers each command with what it is told to (END: the end of a mail), and
    keeps the mails."""

    def __init__(self, replies):
        super().__init__(daemon=True)
        self.replies = replies
        taken = self.taken = []

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(b"220 here\r\n")
                while line := self.rfile.readline():
                    command = line.split()[0].upper().decode() if line.split() else ""
                    reply = replies.get(command, "250 ok")
                    if command == "DATA" and reply == "250 ok":
                        self.wfile.write(b"354 go on\r\n")
                        lines = iter(self.rfile.readline, b".\r\n")
                        taken.append(b"".join(lines).decode())
                        reply = replies.get("END", reply)
                        if reply == HANG_UP:
                            break
                    self.wfile.write(f"{reply}\r\n".encode())
                    if command == "QUIT":
                        break

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def run(self):
        self.server.serve_forever(poll_interval=0.01)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def mail_server(settings):
    """Start a mail server that refuses as told; the site sends to it from then on."""
    running = []

    def start(**replies):
        server = FailingServer(replies)
        server.start()
        running.append(server)
        settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = SMTP, False
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        return server

    yield start
    for server in running:
        server.stop()


def test_a_mail_that_cannot_be_sent_is_tried_again_and_given_up_after_a_day(
    confirmed, mail_server, caplog
):
    server = mail_server(RCPT="550 no such user ola@bygg.example")
    mail = Mail.objects.get(to="ola@bygg.example")
    Mail.objects.exclude(pk=mail.pk).delete()
    now, waited = timezone.now(), []
    for _ in range(len(PAUSES)):
        Mail.objects.update(due_at=timezone.now())
        tasks.send_mails()
        mail.refresh_from_db()
        assert mail.state == State.DUE
        waited.append(mail.due_at - mail.claimed_at)
    assert [round(pause / timedelta(minutes=1)) for pause in waited][:4] == [1, 5, 15, 60]
    assert sum(PAUSES, timedelta()) <= timedelta(hours=24)
    assert list(Mail.objects.undelivered()) == [mail]
    Mail.objects.update(due_at=now)
    tasks.send_mails()
    mail.refresh_from_db()
    assert mail.state == State.FAILED
    assert mail.problem == "SMTPRecipientsRefused 550"
    assert list(Mail.objects.undelivered()) == [mail]
    assert Booking.objects.needs_staff().count() == 1
    notes = confirmed.events.filter(what=BookingEvent.What.MAIL_FAILED).values_list("note")
    assert {note for (note,) in notes} == {"confirmed to participant: SMTPRecipientsRefused 550"}
    assert "ola" not in caplog.text
    assert not server.taken


def test_a_server_that_is_away_is_asked_once_a_sweep_and_disturbs_no_booking(
    make_booking, work, settings
):
    settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = SMTP, False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    booking = work(make_booking())
    assert booking.status == Status.CONFIRMED
    tasks.send_mails(booking.pk)
    assert Mail.objects.filter(attempts__gt=0).count() == 1
    assert Mail.objects.filter(state=State.SENT).count() == 0


def test_one_mail_that_fails_does_not_hold_up_the_others(confirmed, caplog):
    broken = Mail.objects.filter(to="kari@bygg.example", kind=Kind.CONFIRMED)
    broken.update(to="kari@bygg.example\r\nBcc: x@y.example")
    sweep()
    assert [message.to[0] for message in outgoing.outbox] == [
        "ola@bygg.example",
        "ase@bygg.example",
    ]
    assert Mail.objects.undelivered().get().problem == "BadHeaderError"
    assert "kari" not in caplog.text


def test_a_server_that_takes_a_mail_and_hangs_up_gets_it_again_as_the_same(confirmed, mail_server):
    server = mail_server(END=HANG_UP)
    mail = Mail.objects.get(to="kari@bygg.example", kind=Kind.CONFIRMED)
    Mail.objects.exclude(pk=mail.pk).delete()
    sweep()
    assert Mail.objects.undelivered().get() == mail
    server.replies.clear()
    sweep()
    mail.refresh_from_db()
    assert mail.state == State.SENT
    first, second = (email.message_from_string(taken, policy=default) for taken in server.taken)
    assert first["Message-ID"] == second["Message-ID"] == mail.message_id
    text = first.get_body("plain").get_content()
    assert text == second.get_body("plain").get_content()
    assert confirmed.link_token in text


def test_a_worker_that_died_after_sending_sends_the_same_mail_again(confirmed):
    mail = Mail.objects.get(to="kari@bygg.example", kind=Kind.CONFIRMED)
    Mail.objects.exclude(pk=mail.pk).delete()
    assert mail.claim()
    mail.keep_letter(**letters.write(mail))
    mails.message_of(mail).send()  # and here it dies
    tasks.send_mails()
    assert len(outgoing.outbox) == 1, "its lease still holds"
    assert not Mail.objects.undelivered().exists()
    Mail.objects.update(due_at=timezone.now(), claimed_at=timezone.now() - LEASE)
    assert Mail.objects.undelivered().exists()
    tasks.send_mails()
    first, second = outgoing.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"] == mail.message_id
    assert first.body == second.body
    mail.refresh_from_db()
    assert mail.state == State.SENT


def test_two_workers_send_it_once(confirmed):
    one = Mail.objects.get(to="ola@bygg.example")
    two = Mail.objects.get(to="ola@bygg.example")
    assert one.claim()
    assert not two.claim()


def test_a_late_end_does_not_overwrite_another_try(confirmed):
    slow = Mail.objects.get(to="ola@bygg.example")
    slow.claim()
    quick = Mail.objects.get(pk=slow.pk)
    Mail.objects.update(due_at=timezone.now())
    quick.claim(timezone.now())
    assert not slow.end_failed("late")
    assert quick.end_sent()


def test_a_settled_booking_queues_its_mails_at_once(make_booking, work):
    booking = work(make_booking())
    queued = [(task.task["func"], task.task["args"]) for task in OrmQ.objects.all()]
    assert ("booking.tasks.send_mails", (booking.pk,)) in queued


def test_the_history_tells_what_was_sent_and_names_nobody(confirmed):
    sweep()
    lines = confirmed.events.filter(what=BookingEvent.What.MAIL_SENT)
    assert sorted(line.note for line in lines) == [
        "confirmed to booker",
        "confirmed to participant",
        "confirmed to participant",
    ]
    assert {line.by for line in lines} == {"worker"}


# --- What is not true any more --------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        *((Kind.RECEIVED, status) for status in Status if status not in {"new", "sending"}),
        (Kind.UNCERTAIN, Status.CONFIRMED),
        (Kind.UNCERTAIN, Status.REFUSED),
        (Kind.CONFIRMED, Status.CANCELLED),
        (Kind.WAITING, Status.CANCELLED),
        (Kind.NOT_CANCELLED, Status.CANCELLED),
        (Kind.REFUSED, Status.NEW),
    ],
)
def test_what_has_become_untrue_is_not_sent(make_booking, kind, status):
    booking = make_booking()
    mail = planned(booking, kind)
    Booking.objects.update(status=status)
    sweep()
    mail.refresh_from_db()
    assert mail.state == State.DROPPED
    assert not outgoing.outbox


def test_a_settled_booking_needs_no_mail_that_it_was_received(confirmed):
    sweep()
    assert Mail.objects.get(kind=Kind.RECEIVED).state == State.DROPPED


def test_who_has_seen_the_refusal_gets_no_mail_about_it(visit, work, simulator):
    visitor = visit().preview(filled()).book()
    simulator.edit(coursedate=13100001, set={"status_id": 3})
    booking = work()
    mail = Mail.objects.get(kind=Kind.REFUSED)
    assert mail.due_at > timezone.now() + timedelta(seconds=60)
    visitor.reload()
    booking.refresh_from_db()
    assert booking.refusal_shown_at
    sweep()
    mail.refresh_from_db()
    assert mail.state == State.DROPPED


def test_who_has_left_before_the_refusal_gets_a_mail(visit, work, simulator, client):
    visitor = visit().preview(filled()).book()
    simulator.edit(coursedate=13100001, set={"status_id": 3})
    work()
    client.head(visitor.location)  # a machine that looks whether the link is alive
    sweep()
    message = to("kari@bygg.example")
    assert message.subject.startswith("Påmeldingen gikk ikke gjennom: ")
    assert "avlyst" in message.body


def test_who_has_booked_again_from_the_same_form_gets_no_mail_about_the_first(make_booking):
    booking = make_booking()
    mail = planned(booking, Kind.REFUSED)
    Booking.objects.update(status=Status.REFUSED)
    booking.pk, booking.reference, booking.link_seed = None, "NEWER222", "f" * 32
    booking.content_hash, booking.status, booking._state.adding = "y", Status.NEW, True
    booking.save()
    sweep()
    mail.refresh_from_db()
    assert mail.state == State.DROPPED


def test_participants_who_heard_of_nothing_hear_of_no_cancellation(make_booking):
    booking = make_booking()
    Booking.objects.update(status=Status.CANCELLED)
    booking.refresh_from_db()
    planned(booking, Kind.CANCELLED)
    sweep()
    assert [message.to for message in outgoing.outbox] == [["kari@bygg.example"]]


def test_who_was_taken_out_meanwhile_gets_no_mail(confirmed):
    confirmed.participants.filter(firstname="Ola").delete()
    confirmed.participants.filter(firstname="Åse").update(email="pia@bygg.example")
    sweep()
    assert [message.to for message in outgoing.outbox] == [["kari@bygg.example"]]


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
def test_what_steers_a_screen_or_a_mail_is_no_part_of_a_name(visit, name):
    visitor = visit().preview(filled(booker_firstname=name)).book()
    booking = Booking.objects.get()
    assert booking.booker_firstname in {"Kari Bcc: x@y.no", "Kari"}
    assert visitor.page.status_code == 200


def test_names_keep_the_joiners_that_their_writing_needs(visit):
    visit().preview(filled(booker_firstname="نیک\u200cخواه")).book()
    assert Booking.objects.get().booker_firstname == "نیک\u200cخواه"
