"""Cancelling a booking in Frontcore: the only caller of `api.deregister`.

Take a turn, claim, send, write down the end, as for a booking: a cancellation is sent at most once
by machines, and nothing is called cancelled that Frontcore has not cancelled.
"""

from collections import Counter

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django_q.tasks import async_task

from booking.alert import CANCEL_LATE, CANCEL_LOST, CANCEL_REFUSED, CANCEL_UNCERTAIN, alert
from booking.changing import ask_for_change
from booking.matching import BEFORE, who
from booking.models import Booking, BookingEvent, ChangeRequest, LookUp
from booking.models.cancelling import Way
from booking.sending import pause
from booking.settling import A_SWEEP, moment_has_come, people_of
from booking.sweeping import one_by_one
from frontcore import FrontcoreError, Refused, Unavailable, Uncertain

MACHINE = "worker"


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
    """Ask Frontcore for the people of the date and note how many of ours are still enrolled. Where
    nobody has asked for it, and all are certainly deregistered, the booking is cancelled.

    The verdict tells of their enrolment: NOT_THERE, all are deregistered and none stands there
    besides; THERE, all are enrolled, each once; else MAYBE. False where Frontcore is away.
    """
    booking = look_up.booking
    try:
        everybody = api.participants(booking.coursedate.remote_id)
    except FrontcoreError as error:
        finish(look_up, LookUp.Verdict.UNREADABLE, problem=error.sentence[:200])
        return not isinstance(error, Unavailable)
    rows = {who(person): [] for person in booking.participants.all()}
    since = enrolled_since(booking)
    for person in everybody:
        is_recent = since is None or person.created_at is None or person.created_at >= since
        if who(person) in rows and is_recent:
            rows[who(person)].append(person)
    gone = sum(bool(found) and all(row.is_deregistered for row in found) for found in rows.values())
    enrolled = sum(any(row.is_enrolled for row in found) for found in rows.values())
    once = all(len(found) == 1 for found in rows.values())
    if gone == len(rows):
        verdict = LookUp.Verdict.NOT_THERE
    elif enrolled == len(rows) and once:
        verdict = LookUp.Verdict.THERE
    else:
        verdict = LookUp.Verdict.MAYBE
    finish(
        look_up,
        verdict,
        candidates=[{"people": len(rows), "gone": gone, "enrolled": enrolled}],
    )
    by_itself = settings.SETTLE_BY_ITSELF and look_up.by == MACHINE
    if by_itself and is_certainly_cancelled(booking, everybody):
        booking.seen_as_cancelled(by=MACHINE)
    return True


def is_certainly_cancelled(booking, everybody):
    """Whether our people, whenever they were enrolled, stand on the date exactly once each, were
    booked by our booker, and are all deregistered. Whoever is there twice is a person's question:
    which of the two was ours?"""
    ours = people_of(booking)
    rows = [person for person in everybody if who(person) in ours]
    booker = booking.booker_email.strip().casefold()
    return (
        bool(ours)
        and Counter(who(row) for row in rows) == ours
        and all(row.booker_email.strip().casefold() == booker for row in rows)
        and all(row.is_deregistered for row in rows)
    )


def enrolled_since(booking):
    """The moment since when our people may stand there; None where the booking was never sent."""
    return booking.claimed_at and booking.claimed_at - BEFORE


def finish(look_up, verdict, **values):
    """Write down what was found; of the machine's looks only what is new goes into the history."""
    before = look_up.booking.last_look_at_cancellation
    is_news = look_up.by != MACHINE or before is None or before.verdict != verdict
    with transaction.atomic():
        waiting = LookUp.objects.filter(pk=look_up.pk, looked_at=None)
        found = waiting.update(verdict=verdict, looked_at=timezone.now(), **values)
        if found and is_news:
            look_up.booking.tell(BookingEvent.What.LOOKED_UP, by=look_up.by, note=verdict)


# --- The sweep ----------------------------------------------------------------------------------


def look_due(api, now=None):
    """Look at a few of the uncertain cancellations, at the moments of uncertain bookings."""
    now = now or timezone.now()
    named = ((booking.reference, booking) for booking in to_look_at(now)[:A_SWEEP])
    one_by_one(named, lambda booking: look(own_look(booking, now), api), "looking if cancelled")


def to_look_at(now):
    """Those the machine has not looked at since the last moment, longest ago first."""
    own = Q(look_ups__by=MACHINE, look_ups__asked_at__gte=F("cancel_claimed_at"))
    uncertain = (
        Booking.objects.filter(status=Booking.Status.CANCEL_UNCERTAIN)
        .exclude(cancel_claimed_at=None)
        .select_related("coursedate")
        .annotate(looked_at=Max("look_ups__looked_at", filter=own))
    )
    due = [one for one in uncertain if moment_has_come(one.cancel_claimed_at, one.looked_at, now)]
    return sorted(due, key=lambda booking: booking.looked_at or booking.cancel_claimed_at)


def own_look(booking, now):
    """A look of the machine's; the one that was begun and lost, if there is such."""
    begun = booking.look_ups.filter(by=MACHINE, looked_at=None)
    lost = begun.filter(asked_at__gte=booking.cancel_claimed_at).first()
    return lost or booking.look_ups.create(by=MACHINE, asked_at=now)
