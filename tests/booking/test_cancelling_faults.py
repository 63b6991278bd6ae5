"""A cancellation that gets no clear answer, or none: never sent twice, never called cancelled."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from booking import cancelling, tasks
from booking.models import Booking, Mail
from tests.booking.conftest import reachable, unreachable
from tests.booking.standing import (
    DEREGISTER,
    Page,
    cancellable,
    deregistrations,
    fresh,
    mails,
    standing,
    worked,
)

pytestmark = pytest.mark.usefixtures("provider")
Status = Booking.Status


# --- What can go wrong ------------------------------------------------------------------------


LOST = [
    "hang",
    "accept_then_hang",
    "reset",
    "accept_then_reset",
    "close",
    "accept_then_close",
    "html_500",
    "accept_then_html_500",
    "unavailable",
    "accept_then_unavailable",
    "truncated",
    "empty",
    "redirect",
]


@pytest.mark.parametrize("fault", LOST)
def test_without_a_clear_answer_it_is_uncertain_and_never_sent_again(
    page, booking, simulator, settings, fault
):
    settings.FRONTCORE = settings.FRONTCORE | {"read_timeout_s": 0.3, "write_total_s": 0.3}
    settings.BOOKING_LEASE = timedelta(0)
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    page.cancel()
    simulator.fault("PUT", DEREGISTER, fault, seconds=2)
    booking = worked(booking)
    assert booking.status == Status.CANCEL_UNCERTAIN
    assert booking in Booking.objects.needs_staff()
    text = page.get().text
    assert "Vi vet ikke ennå om påmeldingen er avbestilt" in text
    assert "Påmeldingen er avbestilt" not in text
    (message,) = mail.outbox
    assert "ingen vet om Frontcore har avbestilt" in message.subject
    for name in ("Kari", "Fjeld", "Ola", "bygg.example"):
        assert name not in message.subject + message.body
    worked(booking)
    tasks.send_due_bookings()
    assert page.get("cancel").is_receipt
    assert fresh(booking).status == Status.CANCEL_UNCERTAIN
    assert len(deregistrations(simulator)) == 1
    assert not booking.mails.filter(kind=Mail.Kind.CANCELLED).exists()


@pytest.mark.parametrize("fault", ["odd_types", "slow"])
def test_an_odd_answer_that_says_yes_is_a_yes(page, booking, simulator, fault):
    page.cancel()
    simulator.fault("PUT", DEREGISTER, fault, seconds=0.1)
    assert worked(booking).status == Status.CANCELLED


@pytest.mark.parametrize("fault", ["busy", "busy_no_retry_after"])
def test_a_busy_frontcore_is_asked_again_later(page, booking, simulator, fault):
    page.cancel()
    simulator.fault("PUT", DEREGISTER, fault, seconds=120)
    booking = worked(booking)
    assert booking.status == Status.CANCELLING
    assert booking.cancel_due_at > timezone.now()
    text = page.get().text
    assert "svarer ikke akkurat nå" in text
    assert "Vi tar vare på avbestillingen" in text
    worked(booking)
    assert len(deregistrations(simulator)) == 1, "not before it is due"
    Booking.objects.update(cancel_due_at=timezone.now())
    tasks.send_due_bookings()
    assert fresh(booking).status == Status.CANCELLED
    assert len(deregistrations(simulator)) == 2


def test_a_frontcore_that_cannot_be_reached_is_asked_later_exactly_once(
    page, booking, simulator, settings
):
    page.cancel()
    unreachable(settings)
    booking = worked(booking)
    assert (booking.status, booking.cancel_attempts) == (Status.CANCELLING, 0)
    reachable(settings, simulator)
    tasks.send_due_bookings()
    assert not deregistrations(simulator), "not before it is due"
    Booking.objects.update(cancel_due_at=timezone.now())
    tasks.send_due_bookings()
    tasks.send_due_bookings()
    assert fresh(booking).status == Status.CANCELLED
    assert len(deregistrations(simulator)) == 1


REFUSALS = ["unauthorized", "resource_not_found", "a_code_that_nobody_has_heard_of"]


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("waiting", [False, True], ids=["place", "waiting list"])
def test_a_refusal_leaves_the_booking_standing_and_the_wish_with_staff(
    client, simulator, settings, code, waiting
):
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    booking = standing(13100002, joins_waiting_list=True) if waiting else cancellable()
    before = booking.status
    page = Page(client, booking)
    page.cancel()
    simulator.fault("PUT", DEREGISTER, "error", code=code, message="No.")
    booking = worked(booking)
    assert (booking.status, booking.cancel_refusal) == (before, code)
    (wish,) = booking.changes.all()
    assert (wish.kind, wish.is_open) == ("cancel", True)
    assert mails(booking, Mail.Kind.NOT_CANCELLED) == ["kari@bygg.example"]
    assert not mails(booking, Mail.Kind.CANCELLED)
    (message,) = mail.outbox
    assert "den besøkende kunne ikke avbestille" in message.subject
    text = page.get().text
    assert "Vi fikk ikke avbestilt automatisk" in text
    assert page.get("cancel").is_receipt, "asked for already"
    worked(booking)
    tasks.send_due_bookings()
    assert len(deregistrations(simulator)) == 1


def test_a_booking_that_frontcore_does_not_know_goes_to_staff(page, booking, simulator):
    Booking.objects.update(remote_booking_id=999999)
    page.cancel()
    booking = worked(booking)
    assert (booking.status, booking.cancel_refusal) == (Status.CONFIRMED, "resource_not_found")
    assert booking.open_cancel_request


def test_what_cannot_be_sent_in_time_goes_to_staff(page, booking, simulator, settings):
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    page.cancel()
    unreachable(settings)
    worked(booking)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=True):
        tasks.send_due_bookings()
        booking = fresh(booking)
        assert booking.status == Status.CONFIRMED
        assert booking.open_cancel_request
        assert mails(booking, Mail.Kind.NOT_CANCELLED) == ["kari@bygg.example"]
    assert len(mail.outbox) == 1


# --- Its sender is lost -----------------------------------------------------------------------


def test_a_cancellation_whose_sender_was_lost_is_uncertain(page, booking, simulator, settings):
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    page.cancel()
    fresh(booking).claim_cancellation()
    tasks.send_due_bookings()
    assert fresh(booking).status == Status.CANCELLING, "it may still be running"
    settings.BOOKING_LEASE = timedelta(0)
    tasks.send_due_bookings()
    assert fresh(booking).status == Status.CANCEL_UNCERTAIN
    assert not deregistrations(simulator)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("settled", ["not at all", "it still stands"])
def test_a_late_success_is_the_truth(page, booking, settings, settled):
    settings.BOOKING_LEASE = settings.BOOKING_SEND_AGAIN_AFTER = timedelta(0)
    page.cancel()
    booking = fresh(booking)
    attempt = booking.claim_cancellation()
    cancelling.tidy()
    booking = fresh(booking)
    if settled == "it still stands":
        assert booking.it_still_stands(by="staff: admin")
    assert booking.end_cancelled(attempt)
    assert booking.status == Status.CANCELLED
    assert booking.open_cancel_request is None
    assert "kari@bygg.example" in mails(booking, Mail.Kind.CANCELLED)


def test_nothing_else_leaves_the_doubt(page, booking, settings):
    settings.BOOKING_LEASE = timedelta(0)
    page.cancel()
    booking = fresh(booking)
    attempt = booking.claim_cancellation()
    cancelling.tidy()
    assert not booking.end_not_cancelled(attempt, "unauthorized")
    assert not booking.put_off_cancellation(timezone.now(), attempt=attempt)
    assert not booking.end_in_doubt(attempt)
    assert fresh(booking).status == Status.CANCEL_UNCERTAIN


def test_the_end_is_written_for_the_own_attempt_only(page, booking):
    page.cancel()
    booking = fresh(booking)
    attempt = booking.claim_cancellation()
    assert booking.put_off_cancellation(timezone.now(), attempt=attempt)
    assert booking.claim_cancellation() == attempt + 1
    assert not booking.end_cancelled(attempt)
    assert fresh(booking).status == Status.CANCELLING
