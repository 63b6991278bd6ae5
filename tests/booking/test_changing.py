"""Asking for changes: saved with the reference, told to staff, settled in our rows as well."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from booking import changing, tasks
from booking.models import Answer, Booking, BookingEvent, ChangeRequest, Mail, Participant
from tests.booking.conftest import bookings_sent
from tests.booking.standing import Page, fresh, mails, saved, standing

Status, Kind = Booking.Status, ChangeRequest.Kind
NEW_NAME = {"firstname": "Per", "lastname": "Ås", "email": "per@bygg.example"}


@pytest.fixture
def booking(simulator, provider):
    return standing()


@pytest.fixture
def page(client, booking):
    return Page(client, booking)


@pytest.fixture
def ola(booking):
    return booking.participants.get(firstname="Ola")


@pytest.fixture
def asked(booking):
    """A wish as the page saves it."""

    def asked(kind, participant=None, **wish):
        return changing.ask_for_change(booking, kind, participant=participant, **wish)

    return asked


@pytest.fixture
def settle(admin_client):
    """Staff press one of the two buttons of the wish's page."""

    def settle(change, action="done", answer=""):
        address = reverse("admin:booking_changerequest_settle", args=[change.pk])
        answer = admin_client.post(address, {"action": action, "answer": answer}, follow=True)
        assert answer.status_code == 200
        change.refresh_from_db()
        return answer.content.decode()

    return settle


def names(booking):
    return [person.name for person in booking.participants.all()]


# --- Asking -------------------------------------------------------------------------------------


def test_every_participant_can_be_corrected_replaced_and_taken_out(page, booking, simulator):
    before = len(simulator.requests())
    text = page.get("change").text
    for person in booking.participants.all():
        assert person.name in text
        for kind in ("correct", "replace", "take_out"):
            address = f"{page.receipt}change/{kind}/{person.pk}/"
            assert f'href="{address}"' in text
            assert page.get("change", kind, str(person.pk)).answer.status_code == 200
    assert len(simulator.requests()) == before


def test_a_correction_is_saved_with_its_history_and_told_to_staff(page, booking, ola, settings):
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    assert 'value="Hansen"' in page.get("change", "correct", str(ola.pk)).text
    page.post(firstname="Ola", lastname="Hanssen", email="ola@bygg.example", message="To s-er")
    assert page.is_receipt
    assert "Rett Ola Hansen: Ola Hanssen, ola@bygg.example" in page.text
    assert "vi svarer deg" in page.text
    (wish,) = booking.changes.all()
    assert (wish.kind, wish.participant, wish.lastname) == ("correct", ola, "Hanssen")
    (line,) = booking.events.filter(what=BookingEvent.What.CHANGE_ASKED)
    assert (line.by, line.note, line.after) == ("visitor", "correct", "confirmed")
    assert booking in Booking.objects.needs_staff()
    assert names(booking) == ["Ola Hansen", "Åse Ørn"], "nothing is changed before staff have"
    (task,) = [
        q.task for q in OrmQ.objects.all() if q.task["func"] == "booking.tasks.tell_of_change"
    ]
    assert task["args"] == (wish.pk,)
    tasks.tell_of_change(wish.pk)
    (message,) = mail.outbox
    assert booking.reference in message.subject
    assert "rette en deltaker" in message.subject
    assert f"/admin/booking/changerequest/{wish.pk}/change/" in message.body
    for name in ("Ola", "Hans", "bygg.example", "s-er", "Kari", "Fjeld"):
        assert name not in message.subject + message.body


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("replace", NEW_NAME, "I stedet for Ola Hansen: Per Ås"),
        ("take_out", {}, "Ta ut Ola Hansen"),
        ("add", NEW_NAME, "En deltaker til: Per Ås"),
        ("other", {"message": "Kan dere sende fakturaen på nytt?"}, "sende fakturaen på nytt?"),
    ],
)
def test_each_kind_of_wish_stands_on_the_receipt(page, booking, ola, kind, typed, words):
    about = [str(ola.pk)] if kind in ("replace", "take_out") else []
    page.press("change", kind, *about, **typed)
    assert page.is_receipt
    assert words in page.text
    assert booking.changes.get().kind == kind


def test_without_an_address_of_its_own_a_new_participant_has_the_bookers(page, booking):
    page.press("change", "add", firstname="Per", lastname="Ås")
    assert booking.changes.get().email == "kari@bygg.example"


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("correct", {"firstname": "Ola", "lastname": "Hansen"}, "Dette er det vi allerede har"),
        ("correct", {"firstname": "Olav"}, "Feltet er påkrevet"),
        (
            "add",
            {"firstname": "Per", "lastname": "Ås", "email": "per@"},
            "id_email_error",
        ),
        ("other", {"message": ""}, "Feltet er påkrevet"),
    ],
)
def test_what_cannot_be_meant_comes_back_as_it_was_typed(page, booking, ola, kind, typed, words):
    about = [str(ola.pk)] if kind == "correct" else []
    if kind == "correct" and "lastname" in typed:
        typed = typed | {"email": ola.email}
    page.press("change", kind, *about, **typed)
    assert not page.is_receipt
    assert 'role="alert"' in page.text
    assert words in page.text
    for value in typed.values():
        assert value in page.text
    assert not booking.changes.exists()


def test_nothing_typed_is_lost_when_the_page_was_open_too_long(booking):
    page = Page(Client(enforce_csrf_checks=True), booking)
    page.press("change", "add", message="Han kommer senere.", **NEW_NAME)
    assert page.answer.status_code == 403
    for words in ("Per", "Ås", "per@bygg.example", "Han kommer senere.", "åpen for lenge"):
        assert words in page.text
    assert not booking.changes.exists()
    token = page.answer.context["csrf_token"]
    page.post(csrfmiddlewaretoken=str(token), message="Han kommer senere.", **NEW_NAME)
    assert booking.changes.get().firstname == "Per"


def test_one_press_twice_is_one_wish(page, booking):
    for _ in range(2):
        page.press("change", "add", **NEW_NAME)
        assert page.is_receipt
    assert booking.changes.count() == 1
    assert booking.events.filter(what="change_asked").count() == 1
    page.press("change", "add", **NEW_NAME | {"firstname": "Pål"})
    assert booking.changes.count() == 2


def test_there_is_an_end_to_open_wishes_and_what_was_typed_stays(page, booking, asked):
    for number in range(changing.MOST_OPEN):
        asked(Kind.OTHER, message=f"Ønske {number}")
    page.press("change", "other", message="Ett til")
    assert "Ring eller skriv til oss" in page.text
    assert "Ett til" in page.text
    assert booking.changes.count() == changing.MOST_OPEN
    assert asked(Kind.CANCEL), "to be rid of it is never too much"


def test_the_last_participant_is_not_taken_out_but_the_booking_cancelled(
    client, simulator, provider
):
    booking = standing(people=["Ola Hansen"])
    page = Page(client, booking)
    assert "/take_out/" not in page.get("change").text
    page.press("change", "take_out", str(booking.participants.get().pk))
    assert "Avbestill hele påmeldingen i stedet" in page.text
    assert not booking.changes.exists()


def test_anothers_participants_cannot_be_named(page, booking, simulator):
    stranger = standing(people=["Nina Berg"]).participants.get()
    for kind in ("correct", "replace", "take_out"):
        answer = page.get("change", kind, str(stranger.pk))
        assert answer.answer.status_code == 404
        assert "Nina" not in answer.text
    for wrong in (["correct"], ["cancel"], ["nonsense"], ["add", str(stranger.pk)]):
        assert page.get("change", *wrong).answer.status_code == 404


OPEN = [Status.NEW, Status.SENDING, Status.CONFIRMED, Status.WAITING, Status.UNCERTAIN]


@pytest.mark.parametrize("status", Status.values)
def test_changes_can_be_asked_for_while_there_is_something_to_change(page, booking, status):
    Booking.objects.update(status=status, cancel_asked_at=timezone.now())
    assert ("Endre noe" in page.get().text) == (status in OPEN)
    page.press("change", "add", **NEW_NAME)
    assert page.is_receipt
    assert booking.changes.exists() == (status in OPEN)


# --- Settling -----------------------------------------------------------------------------------


def test_staff_see_what_is_asked_beside_what_stands(admin_client, asked, booking, ola):
    wish = asked(Kind.REPLACE, ola, message="Ola er syk", **NEW_NAME)
    other = asked(Kind.OTHER, message="Faktura")
    other.settle("declined", by="staff: admin")
    asked(Kind.ADD, **NEW_NAME)
    listed = admin_client.get(reverse("admin:booking_changerequest_changelist"))
    assert [change.state for change in listed.context["cl"].queryset] == [
        "open",
        "open",
        "declined",
    ]
    page = admin_client.get(reverse("admin:booking_changerequest_change", args=[wish.pk]))
    text = page.content.decode()
    for words in ("Ola Hansen", "ola@bygg.example", "Per Ås", "per@bygg.example", "Ola er syk"):
        assert words in text
    assert booking.reference in text


def test_a_correction_that_is_done_is_true_on_the_receipt(page, booking, ola, asked, settle):
    wish = asked(Kind.CORRECT, ola, firstname="Ola", lastname="Hanssen", email="oh@bygg.example")
    settle(wish, answer="Så gjerne!")
    assert (wish.state, wish.settled_by) == ("done", "staff: admin")
    ola.refresh_from_db()
    assert (ola.name, ola.email) == ("Ola Hanssen", "oh@bygg.example")
    text = page.get().text
    assert "Ola Hanssen" in text
    assert "Ola Hansen<" not in text
    assert "Så gjerne!" in text
    assert "Rett en deltaker: Ola Hanssen" in text, "who stood there before is forgotten"
    (line,) = booking.events.filter(what=BookingEvent.What.CHANGE_SETTLED)
    assert (line.by, line.note) == ("staff: admin", "correct: done")
    (letter,) = booking.mails.filter(kind=Mail.Kind.CHANGE)
    assert (letter.to, letter.change) == ("kari@bygg.example", wish)
    assert booking not in Booking.objects.needs_staff()


def test_another_person_inherits_no_answers(booking, ola, asked, settle):
    """What somebody has said about themselves, such as an allergy, is not said of the next."""
    Answer.objects.create(booking=booking, participant=ola, label="Mat", value="Ikke nøtter")
    settle(asked(Kind.REPLACE, ola, **NEW_NAME))
    assert sorted(names(booking)) == ["Per Ås", "Åse Ørn"]
    assert not Answer.objects.exists()


@pytest.mark.parametrize("status", ["confirmed", "waiting"])
@pytest.mark.parametrize("kind", [Kind.ADD, Kind.REPLACE, Kind.CORRECT])
def test_who_is_new_is_told_as_the_others_were_and_nobody_twice(
    booking, ola, asked, settle, kind, status
):
    Booking.objects.update(status=status)
    Mail.objects.all().delete()
    Mail.objects.plan(booking, status)
    assert len(mails(booking, status)) == 3
    settle(asked(kind, None if kind == Kind.ADD else ola, **NEW_NAME))
    (mail,) = booking.mails.filter(kind=status, to="per@bygg.example")
    assert (mail.audience, mail.participant.name) == ("participant", "Per Ås")
    tasks.send_mails()
    mail.refresh_from_db()
    assert mail.state == Mail.State.SENT
    assert "Per Ås" in mail.text
    assert "Ola" not in mail.text
    settle(asked(Kind.CORRECT, mail.participant, **NEW_NAME | {"lastname": "Aas"}))
    settle(asked(Kind.ADD, **NEW_NAME | {"email": "KARI@bygg.example"}))
    assert len(mails(booking, status)) == 4


@pytest.mark.parametrize(
    ("status", "readers"),
    [
        ("confirmed", ["booker"]),
        ("uncertain", ["booker", "participants"]),
        ("cancelling", ["booker", "participants"]),
    ],
)
def test_who_is_new_is_not_told_what_participants_do_not_get_or_is_not_known(
    booking, asked, settle, settings, status, readers
):
    settings.MAIL_TO = settings.MAIL_TO | dict.fromkeys(["confirmed", "uncertain"], readers)
    change = asked(Kind.ADD, **NEW_NAME)
    Booking.objects.update(status=status)
    settle(change)
    assert "Per Ås" in names(booking)
    assert not Mail.objects.filter(to="per@bygg.example").exists()


def test_adding_and_taking_out_change_our_rows(booking, ola, asked, settle):
    settle(asked(Kind.ADD, **NEW_NAME))
    assert names(booking) == ["Ola Hansen", "Åse Ørn", "Per Ås"]
    wish = asked(Kind.TAKE_OUT, ola, firstname="Ola", lastname="Hansen")
    settle(wish)
    assert names(booking) == ["Åse Ørn", "Per Ås"]
    assert wish.name == "Ola Hansen", "whom it was about is still to be read"


def test_what_is_declined_changes_nothing_and_is_told(page, booking, ola, asked, settle):
    settle(asked(Kind.REPLACE, ola, **NEW_NAME), "decline", "Kurset er fullt.")
    assert names(booking) == ["Ola Hansen", "Åse Ørn"]
    text = page.get().text
    assert "dette fikk vi ikke til" in text
    assert "Kurset er fullt." in text
    assert booking.mails.filter(kind=Mail.Kind.CHANGE).count() == 1


def test_two_of_staff_settle_it_once(booking, asked, settle):
    wish = asked(Kind.ADD, **NEW_NAME)
    settle(wish)
    assert "allerede avgjort" in settle(wish)
    settle(wish, "decline")
    assert wish.state == "done"
    assert booking.participants.count() == 3
    assert booking.mails.filter(kind=Mail.Kind.CHANGE).count() == 1


def test_a_wish_to_cancel_that_is_done_cancels_the_booking(page, booking, asked, settle, simulator):
    settle(asked(Kind.CANCEL))
    booking = fresh(booking)
    assert booking.status == Status.CANCELLED
    assert booking.events.filter(what="cancel_settled", by="staff: admin").exists()
    assert booking.mails.filter(kind=Mail.Kind.CANCELLED, to="kari@bygg.example").exists()
    assert not booking.mails.filter(kind=Mail.Kind.CHANGE).exists(), "one mail is enough"
    assert "Påmeldingen er avbestilt" in page.get().text
    assert not simulator.requests("PUT")


def test_nothing_is_settled_while_an_answer_may_come(booking, ola, asked, settle):
    correct = asked(Kind.CORRECT, ola, **NEW_NAME)
    cancel = asked(Kind.CANCEL)
    Booking.objects.update(status=Status.SENDING)
    assert "sendes akkurat nå" in settle(correct)
    Booking.objects.update(status=Status.UNCERTAIN, claimed_at=timezone.now())
    assert "svaret kan fortsatt komme" in settle(cancel)
    assert (correct.state, cancel.state) == ("open", "open")
    assert names(booking) == ["Ola Hansen", "Åse Ørn"]
    assert not booking.mails.filter(kind=Mail.Kind.CHANGE).exists()


def test_nobody_is_left_behind_nor_corrected_after_being_taken_out(booking, ola, asked, settle):
    correct = asked(Kind.CORRECT, ola, **NEW_NAME)
    last = asked(Kind.TAKE_OUT, booking.participants.get(firstname="Åse"))
    settle(asked(Kind.TAKE_OUT, ola))
    assert "ikke lenger med" in settle(correct)
    assert "blir det ingen igjen" in settle(last)
    assert names(booking) == ["Åse Ørn"]


def test_a_sender_that_has_read_the_old_names_cannot_send_them(simulator, provider, settle):
    booking = saved()
    person = booking.participants.get(firstname="Ola")
    sender = fresh(booking)
    settle(changing.ask_for_change(booking, Kind.CORRECT, participant=person, **NEW_NAME))
    assert sender.claim() is None
    Booking.objects.update(due_at=timezone.now())
    tasks.send_due_bookings()
    assert fresh(booking).status == Status.CONFIRMED
    assert len(bookings_sent(simulator)) == 1
    (order,) = simulator.state()["orders"]
    told = [person["firstname"] for person in simulator.state()["participants"]]
    assert told == ["Per", "Åse"], order


def test_not_even_where_staff_have_said_send_now_since(simulator, provider, settle):
    booking = saved()
    person = booking.participants.get(firstname="Ola")
    sender = fresh(booking)
    settle(changing.ask_for_change(booking, Kind.CORRECT, participant=person, **NEW_NAME))
    assert fresh(booking).release(by="staff: ida")
    assert sender.claim() is None
    assert fresh(booking).claim() == 1


def test_only_who_may_change_bookings_settles(client, asked, django_user_model):
    wish = asked(Kind.ADD, **NEW_NAME)
    client.force_login(django_user_model.objects.create_user("reader", is_staff=True))
    address = reverse("admin:booking_changerequest_settle", args=[wish.pk])
    assert client.post(address, {"action": "done"}).status_code == 403
    assert client.get(address).status_code in (403, 405)
    assert Participant.objects.count() == 2


def test_the_receipt_asks_no_more_for_many_wishes(page, asked):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page.get()
        return len(captured)

    asked(Kind.OTHER, message="Ett ønske")
    one = queries()
    for number in range(9):
        asked(Kind.ADD, **NEW_NAME | {"firstname": f"Per{number}"})
    assert queries() == one
