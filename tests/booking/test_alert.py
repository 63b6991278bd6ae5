"""Whatever only a person can settle is told to staff: once, in words, naming nobody."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from booking import sending, tasks
from booking.admin.history import note_in_words
from booking.alert import REASONS
from booking.models import Booking, BookingEvent
from tests.booking.conftest import filled, reachable, unreachable

Hold = Booking.Hold
NAMES = ("kari", "Fjeld", "Ola", "Bygg", "41 20", "4741200000", "GAVE1500")


@pytest.fixture(autouse=True)
def _staff(settings):
    settings.ADMINS = [("", "staff@fjordskolen.example")]


@pytest.fixture
def told():
    """The one alert so far; its subject and text. Staff read it in the site's own language."""

    def told(booking):
        (message,) = mail.outbox
        assert booking.reference in message.subject
        assert f"/admin/booking/booking/{booking.pk}/change/" in message.body
        for name in NAMES:
            assert name not in message.subject + message.body
        assert "trenger deg" in message.subject
        return message.subject + "\n" + message.body

    return told


def queued():
    return [(task.task["func"], task.task["args"]) for task in OrmQ.objects.all()]


def test_a_twin_that_is_held_is_told_by_the_worker(booked):
    booked()
    booked(language="en")
    twin = Booking.objects.latest("pk")
    assert twin.hold == Hold.SAME_CONTENT
    assert mail.outbox == [], "a visitor does not wait for mail"
    (task,) = [args for name, args in queued() if name == "booking.tasks.tell_staff"]
    tasks.tell_staff(*task)
    (message,) = mail.outbox
    assert twin.reference in message.subject
    assert "samme påmelding er på vei fra et annet skjema" in message.subject


def test_a_twin_that_was_not_saved_is_not_told(visit, booked):
    booked()
    visitor = visit().preview(filled())
    before = queued()
    with transaction.atomic():
        visitor.book()
        transaction.set_rollback(True)
    assert Booking.objects.count() == 1
    assert queued() == before


def test_each_hold_is_told(make_booking, work, simulator, settings, told):
    booking = make_booking()
    unreachable(settings)
    work(booking)
    assert mail.outbox == [], "to wait needs nobody"
    reachable(settings, simulator)
    simulator.edit(coursedate=13100001, set={"status_id": 3})
    Booking.objects.update(due_at=timezone.now())
    booking = work(booking)
    assert booking.hold == Hold.CHANGED
    text = told(booking)
    assert "Denne datoen er avlyst" in text
    assert "date_cancelled" in text
    work(booking)
    tasks.send_due_bookings()
    told(booking)


def test_too_old_to_be_sent_is_told(make_booking, told):
    booking = make_booking(fields=filled(voucher_code="GAVE1500"))
    Booking.objects.update(expires_at=timezone.now())
    tasks.send_due_bookings()
    assert "kunne ikke sendes i tide" in told(booking)


def test_a_lost_sender_is_told(make_booking, settings, told):
    settings.BOOKING_LEASE = timedelta(0)
    booking = make_booking()
    booking.claim()
    sending.tidy()
    assert "ingen vet om Frontcore har laget ordren" in told(booking)


def test_no_clear_answer_is_told(make_booking, work, simulator, told):
    booking = make_booking()
    simulator.fault("POST", "/booking", "error", code="order_could_not_be_created", message="No.")
    work(booking)
    text = told(booking)
    assert "ingen vet om Frontcore har laget ordren" in text
    assert "order_could_not_be_created" in text


def test_an_order_that_is_anothers_is_told(make_booking, work, simulator, told):
    first = work(make_booking())
    second = make_booking(fields=filled("Per Ås"))
    Booking.objects.filter(pk=first.pk).update(order_id=first.order_id + 1)
    booking = work(second)
    assert booking.status == Booking.Status.UNCERTAIN
    assert "tilhører allerede en annen påmelding" in told(booking)


def test_totals_that_differ_are_told(booked, work, simulator, told):
    booked(13100003)
    simulator.fault("POST", "/booking", "change_price", amount=100, coursedate=13100003)
    assert "en annen sum" in told(work())


def answer_for(simulator, people):
    """Frontcore books, and says for how many."""
    summary = {
        "order_id": "4711",
        "booking_id": "815",
        "coursedate_id": "13100001",
        "currency": "nok",
        "total_excl_vat": 7800,
        "total_incl_vat": 7800,
        "total_vat": 0,
        "number_of_participants": people,
    }
    body = {"successful": True, "summary": summary}
    simulator.fault("POST", "/booking", "answer", status=200, headers={}, body=body)


@pytest.mark.parametrize("people", [1, 3])
def test_another_number_of_people_than_was_sent_is_told(
    make_booking, work, simulator, told, people
):
    booking = make_booking()
    Booking.objects.update(shown_excl_vat=None, shown_incl_vat=None)
    answer_for(simulator, people)
    booking = work(booking)
    assert (booking.status, booking.order_id) == (Booking.Status.CONFIRMED, 4711)
    assert "et annet antall personer enn vi sendte" in told(booking)
    note = note_in_words(booking.events.get(what=BookingEvent.What.ENDED))
    assert note == f"ordre 4711; sendt for 2 personer, påmeldt {people}"


@pytest.mark.parametrize("people", [0, 2])
def test_the_number_that_was_sent_or_none_at_all_is_no_difference(
    make_booking, work, simulator, people
):
    booking = make_booking()
    Booking.objects.update(shown_excl_vat=None, shown_incl_vat=None)
    answer_for(simulator, people)
    booking = work(booking)
    assert booking.status == Booking.Status.CONFIRMED
    assert booking.events.get(what=BookingEvent.What.ENDED).note == "order 4711"
    assert not mail.outbox


@pytest.mark.parametrize("why", REASONS)
def test_every_reason_has_words(make_booking, why, told):
    booking = make_booking()
    tasks.tell_staff(booking.pk, str(why))
    assert str(why) not in told(booking).split("http")[0]
