"""Looking into Frontcore for bookings whose fate nobody knows, and judging what is found.

The machine settles a booking only where exactly one order matches in everything (decision 16). It
never sends one again: that is a step of `Booking` which only a person takes.
"""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Max, Min, Q
from django.utils import timezone

from booking.alert import ORDER_TAKEN, alert
from booking.matching import BEFORE, Sought, candidates, sole_certain, who
from booking.models import Booking, LookUp
from booking.sending import CONFIRMED, WAITING_LIST
from booking.sweeping import one_by_one
from frontcore import FrontcoreError, Unavailable

Verdict = LookUp.Verdict
#: When the machine looks by itself, counted from the sending.
LOOKS = (
    *(timedelta(minutes=number) for number in (1, 5, 12, 30, 60)),
    *(timedelta(hours=number) for number in range(2, 25)),
)
LOST_AFTER = timedelta(minutes=1)  # a look that was asked for and not begun
A_SWEEP = 5  # bookings looked for at once: each costs two calls or more


def look_up(booking, api, by="worker"):
    """Look for this booking if it is uncertain, keep what was found, settle what is certain.

    False where Frontcore cannot be reached, so that the caller need not look for others now.
    """
    if booking.status != Booking.Status.UNCERTAIN:
        return True
    looked_at = timezone.now()
    try:
        people = api.participants(booking.coursedate.remote_id)
        orders = api.orders(
            booking.claimed_at - BEFORE, course_id=booking.coursedate.course.remote_id
        )
    except FrontcoreError as error:
        booking.write_look(Verdict.UNREADABLE, by=by, looked_at=looked_at, problem=error.sentence)
        return not isinstance(error, Unavailable)
    found = candidates(sought(booking), people, orders)
    ours = without_claimed(booking, found)
    verdict = judge(booking, ours, looked_at)
    booking.write_look(verdict, found, by=by, looked_at=looked_at)
    if verdict == Verdict.THERE and settings.SETTLE_BY_ITSELF:
        settle(booking, sole_certain(ours))
    return True


def sought(booking):
    return Sought(
        coursedate_id=booking.coursedate.remote_id,
        booker=booking.booker_email.strip().casefold(),
        people=people_of(booking),
        reference=booking.sent_reference,
        since=booking.claimed_at - BEFORE,
        enrolment=WAITING_LIST if booking.joins_waiting_list else CONFIRMED,
        told_order_id=booking.told_order_id,
        rivals=rivals_of(booking),
    )


def people_of(booking):
    return Counter(who(one) for one in booking.participants.all())


def rivals_of(booking):
    """References of others that were sent with the same people by the same booker for this date
    and are not settled; None where there are none. One order cannot be told from the other then.
    """
    status = Booking.Status
    others = (
        Booking.objects.filter(
            coursedate=booking.coursedate_id,
            status__in=[status.SENDING, status.UNCERTAIN],
            booker_email__iexact=booking.booker_email,
        )
        .exclude(pk=booking.pk)
        .prefetch_related("participants")
    )
    people = people_of(booking)
    rivals = [other for other in others if people_of(other) == people]
    return frozenset(other.sent_reference.casefold() for other in rivals) if rivals else None


def without_claimed(booking, found):
    """Mark what belongs to other bookings of ours; returns what does not."""
    numbers = [candidate["order"] for candidate in found if candidate["order"]]
    owners = Booking.objects.filter(order_id__in=numbers).exclude(pk=booking.pk)
    owner_of = dict(owners.values_list("order_id", "reference"))
    for candidate in found:
        candidate["belongs_to"] = owner_of.get(candidate["order"], "")
        candidate["certain"] = candidate["certain"] and not candidate["belongs_to"]
    return [candidate for candidate in found if not candidate["belongs_to"]]


def judge(booking, ours, looked_at):
    """The verdict on what was found; "not there" only when no answer can be on its way."""
    if sole_certain(ours):
        return Verdict.THERE
    if ours:
        return Verdict.MAYBE
    return Verdict.TOO_EARLY if looked_at < booking.opens_at else Verdict.NOT_THERE


def settle(booking, candidate):
    """It is there: write it down, unless another booking has got hold of the order meanwhile."""
    matched = [name for name in ("booker", "same_people", "reference", "in_time", "told")
               if candidate[name]]  # fmt: skip
    try:
        booking.found(candidate["order"], by="worker", note=", ".join(matched))
    except IntegrityError:
        alert(booking, ORDER_TAKEN)


# --- The sweep ------------------------------------------------------------------------------


def look_up_due(api, now=None):
    """Look for a few of those that are due, until Frontcore proves to be away."""
    named = ((booking.reference, booking) for booking in to_look_up(now)[:A_SWEEP])
    one_by_one(named, lambda booking: look_up(booking, api), "looking")


def to_look_up(now=None):
    """Uncertain bookings that were not looked for since the last moment of LOOKS, or whose look
    was asked for and got lost; those looked for longest ago first."""
    now = now or timezone.now()
    uncertain = (
        Booking.objects.filter(status=Booking.Status.UNCERTAIN)
        .select_related("coursedate__course")
        .annotate(
            looked_at=Max("look_ups__looked_at"),
            asked_at=Min("look_ups__asked_at", filter=Q(look_ups__looked_at=None)),
        )
    )
    due = [booking for booking in uncertain if is_due(booking, now)]
    return sorted(due, key=lambda booking: booking.looked_at or booking.claimed_at)


def is_due(booking, now):
    if booking.asked_at and booking.asked_at <= now - LOST_AFTER:
        return True
    return moment_has_come(booking.claimed_at, booking.looked_at, now)


def moment_has_come(sent_at, looked_at, now):
    """Whether one of LOOKS has passed since the last look."""
    passed = [sent_at + after for after in LOOKS if sent_at + after <= now]
    return bool(passed) and (looked_at is None or looked_at < passed[-1])
