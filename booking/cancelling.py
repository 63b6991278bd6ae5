"""Cancelling a booking in Frontcore: the only caller of `api.deregister`.

Take a turn, claim, send, write down the end, as for a booking: a cancellation is sent at most once
by machines, and nothing is called cancelled that Frontcore has not cancelled.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from booking.alert import CANCEL_LATE, CANCEL_LOST, CANCEL_REFUSED, CANCEL_UNCERTAIN, alert
from booking.changing import ask_for_change
from booking.models import Booking, BookingEvent, ChangeRequest, LookUp
from booking.models.cancelling import Way
from booking.sending import pause
from booking.sweeping import one_by_one
from frontcore import FrontcoreError, Refused, Unavailable, Uncertain

DEREGISTERED = {4, 8}  # enrolment statuses of Frontcore, the second with a fee


# --- The visitor's wish -------------------------------------------------------------------------


def take_back(booking, terms):
    """Do what the visitor was shown: withdraw, queue the cancellation, or ask staff.

    False where the booking is no longer as it was when the terms were judged.
    """
    if terms.way == Way.WITHDRAW:
        return booking.withdraw()
    if terms.way == Way.BY_REQUEST:
        return ask_for_change(booking, ChangeRequest.Kind.CANCEL) is not None
    with transaction.atomic():
        asked = booking.ask_to_cancel(with_fee=terms.way == Way.WITH_FEE)
        if asked:
            transaction.on_commit(lambda: async_task("booking.tasks.cancel", booking.pk))
    return asked


# --- Sending it ---------------------------------------------------------------------------------


def cancel(booking, api):
    """Send this cancellation if it is due.

    False where Frontcore cannot be reached, so that the caller need not try others now.
    """
    if not Booking.objects.cancellations_due().filter(pk=booking.pk).exists():
        return True
    try:
        api.wait_for_slot()
    except Unavailable as error:
        booking.put_off_cancellation(timezone.now() + pause(error), note=error.sentence)
        return False
    attempt = booking.claim_cancellation()
    if attempt is None:
        return True
    try:
        api.deregister(
            booking.remote_booking_id,
            with_fee=booking.cancel_with_fee,
            send_receipt=booking.frontcore_mails_participants,
            not_after=booking.cancellable_until,
        )
    except Unavailable as error:
        until = timezone.now() + pause(error)
        booking.put_off_cancellation(until, attempt=attempt, note=error.sentence)
        return False
    except Refused as refused:
        if booking.end_not_cancelled(attempt, refused.code):
            alert(booking, CANCEL_REFUSED, refused.code)
    except Uncertain as error:
        if booking.end_in_doubt(attempt, note=error.code or error.sentence):
            alert(booking, CANCEL_UNCERTAIN, error.code or "")
    else:
        fee = "with a fee" if booking.cancel_with_fee else "free of charge"
        if not booking.end_cancelled(attempt, note=fee) and not booking.is_cancelled:
            alert(booking, CANCEL_LATE)
    return True


def cancel_due(api):
    """Send what is due, oldest first, until Frontcore proves to be away."""
    named = ((booking.reference, booking) for booking in Booking.objects.cancellations_due())
    one_by_one(named, lambda booking: cancel(booking, api), "cancelling")


def tidy():
    """Cancellations whose sender was lost become uncertain; those too old to be sent, requests."""
    for booking in Booking.objects.cancellations_abandoned():
        if booking.lose_cancellation():
            alert(booking, CANCEL_LOST)
    for booking in Booking.objects.cancellations_expired():
        if booking.give_up_waiting():
            alert(booking, CANCEL_REFUSED, booking.cancel_refusal)


# --- Looking whether it is cancelled ------------------------------------------------------------


def look(look_up, api):
    """Ask Frontcore for the people of the date and note how many of ours are still enrolled.

    The verdict tells of their enrolment: NOT_THERE, all are deregistered and none stands there
    besides; THERE, all are enrolled, each once; else MAYBE.
    """
    booking = look_up.booking
    try:
        people = api.participants(booking.coursedate.remote_id, enrolled_since(booking))
    except FrontcoreError as error:
        finish(look_up, LookUp.Verdict.UNREADABLE, problem=error.sentence[:200])
        return
    statuses = {identity(person): [] for person in booking.participants.all()}
    for person in people:
        if identity(person) in statuses:
            statuses[identity(person)].append(person.status_id)
    gone = sum(bool(found) and set(found) <= DEREGISTERED for found in statuses.values())
    enrolled = sum(bool(set(found) - DEREGISTERED) for found in statuses.values())
    once = all(len(found) == 1 for found in statuses.values())
    if gone == len(statuses):
        verdict = LookUp.Verdict.NOT_THERE
    elif enrolled == len(statuses) and once:
        verdict = LookUp.Verdict.THERE
    else:
        verdict = LookUp.Verdict.MAYBE
    finish(
        look_up,
        verdict,
        candidates=[{"people": len(statuses), "gone": gone, "enrolled": enrolled}],
    )


def enrolled_since(booking):
    """The moment since when our people may stand there; None where the booking was never sent."""
    return booking.claimed_at and booking.claimed_at - timedelta(minutes=2)


def identity(person):
    return tuple(
        part.strip().casefold() for part in (person.firstname, person.lastname, person.email)
    )


def finish(look_up, verdict, **values):
    with transaction.atomic():
        waiting = LookUp.objects.filter(pk=look_up.pk, looked_at=None)
        if waiting.update(verdict=verdict, looked_at=timezone.now(), **values):
            look_up.booking.tell(BookingEvent.What.LOOKED_UP, by=look_up.by, note=verdict)
