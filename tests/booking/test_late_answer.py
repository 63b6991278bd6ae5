"""The answer comes when nobody waits for it any more: the order it tells of is never lost."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from booking import sending, tasks
from booking.models import Booking, BookingEvent, LookUp
from catalog.upstream import open_frontcore
from tests.booking.builders import saved
from tests.booking.conftest import bookings_sent

Status = Booking.Status


class Late:
    """Frontcore for a process that was held up between the answer and its next line."""

    def __init__(self, api, meanwhile):
        self.api, self.meanwhile = api, meanwhile

    def __getattr__(self, name):
        return getattr(self.api, name)

    def book(self, request, **options):
        summary = self.api.book(request, **options)
        self.meanwhile()
        return summary


class StoodStill(Late):
    """Frontcore for a process that was stopped between its claim and the first byte."""

    def book(self, request, **options):
        self.meanwhile()
        return self.api.book(request, **options)


@pytest.fixture
def booking(simulator, provider, settings):
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    return saved()


def given_up(booking):
    """Long after the lease a look has found nothing, and no answer seems to be on its way."""
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Booking.objects.filter(pk=booking.pk).update(claimed_at=an_hour_ago)
    other = Booking.objects.get(pk=booking.pk)
    assert other.give_up()
    other.write_look(LookUp.Verdict.NOT_THERE, by="worker", looked_at=timezone.now())
    return other


def send(booking, meanwhile):
    with open_frontcore() as api:
        sending.send(booking, Late(api, lambda: meanwhile(given_up(booking))))
    booking.refresh_from_db()
    return booking


def test_what_staff_have_released_is_not_sent_once_more(booking, simulator):
    send(booking, lambda other: other.send_again(by="staff: ida"))
    assert booking.status == Status.CONFIRMED
    assert booking.order_id == int(simulator.state()["orders"][0]["id"])
    tasks.send_due_bookings()
    assert len(bookings_sent(simulator)) == 1


def test_two_orders_are_told_with_the_number_of_the_late_one(booking, simulator, mailoutbox):
    def sent_again(other):
        assert other.send_again(by="staff: ida")
        tasks.send(other.pk)

    send(booking, sent_again)
    late, second = (int(order["id"]) for order in simulator.state()["orders"])
    assert (booking.status, booking.order_id) == (Status.CONFIRMED, second)
    assert_told(booking, late, mailoutbox)


def test_an_order_of_what_was_called_not_booked_is_told(booking, simulator, mailoutbox):
    send(booking, lambda other: other.write_off(by="staff: ida"))
    (late,) = (int(order["id"]) for order in simulator.state()["orders"])
    assert booking.status == Status.REFUSED
    assert_told(booking, late, mailoutbox)


def test_an_order_that_was_found_meanwhile_needs_nobody(booking, simulator, mailoutbox):
    def found(other):
        assert other.found(int(simulator.state()["orders"][0]["id"]), by="staff: ida")

    send(booking, found)
    assert booking.status == Status.CONFIRMED
    assert not [mail for mail in mailoutbox if booking.reference in mail.subject]


def test_who_wakes_after_its_claim_sends_nothing_and_leaves_it_in_doubt(
    booking, simulator, settings
):
    with open_frontcore() as api, time_machine.travel(timezone.now(), tick=True) as clock:

        def stopped():
            clock.shift(settings.BOOKING_FIRST_BYTE)
            given_up(booking)

        assert not sending.send(booking, StoodStill(api, stopped))
    booking.refresh_from_db()
    assert booking.status == Status.UNCERTAIN
    assert not bookings_sent(simulator)


def test_who_wakes_before_it_is_missed_sends_it_later(booking, simulator, settings, work):
    with open_frontcore() as api, time_machine.travel(timezone.now(), tick=True) as clock:
        stopped = StoodStill(api, lambda: clock.shift(settings.BOOKING_FIRST_BYTE))
        assert not sending.send(booking, stopped)
        booking.refresh_from_db()
        assert booking.status == Status.NEW
        assert not bookings_sent(simulator)
        clock.shift(sending.AGAIN_AFTER)
        assert work(booking).status == Status.CONFIRMED
    assert len(bookings_sent(simulator)) == 1


def assert_told(booking, order, mailoutbox):
    last = booking.events.filter(what=BookingEvent.What.ENDED).last()
    assert last.note == f"order {order}"
    assert [mail for mail in mailoutbox if booking.reference in mail.subject]
