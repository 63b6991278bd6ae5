"""Nobody knows, or not yet: never sent twice, never called booked."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outgoing
from django.utils import timezone

from booking import sending, tasks
from booking.models import Booking
from frontcore import UNCERTAIN_CODES
from tests.booking.conftest import bookings_sent, filled, reachable, unreachable

Status = Booking.Status


def refuse(simulator, code):
    simulator.fault("POST", "/booking", "error", code=code, message="No.")


# --- Uncertain -----------------------------------------------------------------


AFTERWARDS = [
    "accept_then_hang",
    "accept_then_reset",
    "accept_then_close",
    "accept_then_html_500",
    "accept_then_unavailable",
    "truncated",
]


@pytest.mark.parametrize("fault", AFTERWARDS)
def test_an_answer_lost_after_acceptance_is_uncertain_and_never_sent_again(
    visit, work, simulator, settings, fault
):
    settings.FRONTCORE = settings.FRONTCORE | {"read_timeout_s": 0.3, "write_total_s": 0.3}
    settings.BOOKING_LEASE = timedelta(0)
    visitor = visit().preview(filled()).book()
    simulator.fault("POST", "/booking", fault, seconds=2)
    booking = work()
    assert booking.status == Status.UNCERTAIN
    assert booking in Booking.objects.needs_staff()
    assert "Ikke meld på igjen" in visitor.reload().text
    work(booking)
    tasks.send_due_bookings()
    assert visitor.press_again().page.context["stage"] == Status.UNCERTAIN
    assert len(bookings_sent(simulator)) == 1
    assert len(simulator.state()["orders"]) == 1


@pytest.mark.parametrize("code", sorted(UNCERTAIN_CODES))
def test_could_not_be_created_is_uncertain(make_booking, work, simulator, code):
    booking = make_booking()
    refuse(simulator, code)
    booking = work(booking)
    assert (booking.status, booking.refusal_code) == (Status.UNCERTAIN, code)


def test_a_late_success_turns_uncertain_into_confirmed(make_booking, settings):
    settings.BOOKING_LEASE = timedelta(0)
    booking = make_booking()
    attempt = booking.claim()
    sending.tidy()
    booking.refresh_from_db()
    assert booking.status == Status.UNCERTAIN
    assert booking.end(attempt, Status.CONFIRMED, order_id=7)
    assert booking.status == Status.CONFIRMED


@pytest.mark.parametrize("status", [Status.NEW, Status.REFUSED, Status.UNCERTAIN])
def test_nothing_else_leaves_uncertain(make_booking, settings, status):
    settings.BOOKING_LEASE = timedelta(0)
    booking = make_booking()
    attempt = booking.claim()
    sending.tidy()
    assert not booking.end(attempt, status)
    booking.refresh_from_db()
    assert booking.status == Status.UNCERTAIN


def test_the_end_is_written_for_the_own_attempt_only(make_booking):
    booking = make_booking()
    attempt = booking.claim()
    assert booking.end(attempt, Status.NEW, due_at=timezone.now())
    assert booking.claim() == attempt + 1
    assert not booking.end(attempt, Status.CONFIRMED)
    booking.refresh_from_db()
    assert booking.status == Status.SENDING


def test_a_running_attempt_is_not_taken_for_an_abandoned_one(make_booking):
    booking = make_booking()
    booking.claim()
    tasks.send_due_bookings()
    booking.refresh_from_db()
    assert booking.status == Status.SENDING


def test_the_sweep_never_touches_an_uncertain_booking(make_booking, work, simulator):
    booking = make_booking()
    refuse(simulator, "order_could_not_be_created")
    work(booking)
    lines = booking.events.count()
    tasks.send_due_bookings()
    assert booking.events.count() == lines
    assert len(bookings_sent(simulator)) == 1


# --- Not now -----------------------------------------------------------------


def test_a_refused_connection_is_sent_later_exactly_once(booked, work, simulator, settings):
    visitor = booked()
    unreachable(settings)
    booking = work()
    assert booking.status == Status.NEW
    assert booking.due_at > timezone.now()
    text = visitor.reload().text
    assert "Vi har fått forespørselen din" in text
    assert "ikke en påmelding ennå" in text
    reachable(settings, simulator)
    tasks.send_due_bookings()
    assert not bookings_sent(simulator), "not before it is due"
    Booking.objects.update(due_at=timezone.now())
    tasks.send_due_bookings()
    tasks.send_due_bookings()
    booking.refresh_from_db()
    assert booking.status == Status.CONFIRMED
    assert len(bookings_sent(simulator)) == 1


def test_a_busy_frontcore_is_tried_again_after_the_pause_it_asks_for(make_booking, work, simulator):
    booking = make_booking()
    simulator.fault("POST", "/booking", "busy", seconds=120)
    booking = work(booking)
    assert (booking.status, booking.attempts) == (Status.NEW, 1)
    assert booking.due_at > timezone.now() + timedelta(seconds=100)
    Booking.objects.update(due_at=timezone.now())
    assert work(booking).status == Status.CONFIRMED
    assert len(simulator.state()["orders"]) == 1


def test_a_date_that_cannot_be_read_is_a_reason_to_wait(make_booking, work, simulator):
    booking = make_booking()
    simulator.fault("GET", "/courses/**", "html_500", times=0)
    booking = work(booking)
    assert (booking.status, booking.attempts) == (Status.NEW, 0)
    assert not bookings_sent(simulator)


def test_the_sweep_stops_at_the_first_sign_that_frontcore_is_away(
    make_booking, simulator, settings
):
    first, second = make_booking(), make_booking(fields=filled("Per Ås"))
    unreachable(settings)
    tasks.send_due_bookings()
    for booking in (first, second):
        booking.refresh_from_db()
    assert first.was_put_off
    assert not second.was_put_off


@pytest.mark.parametrize(
    ("minutes", "status", "hold"),
    [(2, Status.REFUSED, ""), (6, Status.NEW, "changed"), (180, Status.NEW, "changed")],
)
def test_a_booking_that_the_worker_came_late_to_and_no_longer_fits_is_for_staff(
    make_booking, work, simulator, settings, minutes, status, hold
):
    """Frontcore was there all the time; it was our worker that was down."""
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    booking = make_booking(13100003)
    simulator.fault("GET", "/courses/*/coursedates/*", "change_price", amount=100)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True):
        booking = work(booking)
    assert (booking.status, booking.hold) == (status, hold)
    assert booking.refusal_code == "price_changed"
    assert bool(hold) == any(booking.reference in mail.subject for mail in outgoing.outbox)
    assert not bookings_sent(simulator)


def test_a_booking_that_waited_and_no_longer_fits_is_for_staff(
    make_booking, work, simulator, settings
):
    booking = make_booking()
    unreachable(settings)
    work(booking)
    reachable(settings, simulator)
    simulator.edit(coursedate=13100001, set={"status_id": 3})
    Booking.objects.update(due_at=timezone.now())
    booking = work(booking)
    assert (booking.status, booking.hold) == (Status.NEW, Booking.Hold.CHANGED)
    assert not bookings_sent(simulator)


def test_a_booking_that_could_not_be_sent_in_time_is_for_staff(make_booking, work, simulator):
    booking = make_booking()
    Booking.objects.update(expires_at=timezone.now())
    tasks.send_due_bookings()
    booking = work(booking)
    assert (booking.status, booking.hold) == (Status.NEW, Booking.Hold.EXPIRED)
    assert not bookings_sent(simulator)
