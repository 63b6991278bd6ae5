"""What is written to Frontcore about the people of a booking that stands there.

Find them among the participants of the date, take a turn, claim, write once, note the end. None of
it touches the booking itself, and a machine repeats no write that may have arrived.
"""

import logging
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.utils import timezone

from booking.matching import BEFORE, who
from booking.models import FollowUp
from booking.models.event import BOOKED, Status
from booking.sending import pause
from booking.sweeping import one_by_one
from frontcore import FrontcoreError, LegalBasisRequest, Refused, Unavailable, Uncertain

logger = logging.getLogger(__name__)

AT_ONCE = 40  # of one run; bookings are never kept waiting for these
#: Frontcore may show people a while after their booking: when they are looked for again.
LOOK_AGAIN = [timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12)]
BOOKING_MODULE = 6  # Frontcore's id of the source


def follow_up_due(api):
    """Send what is due, booking by booking, until Frontcore proves to be away."""
    due = FollowUp.objects.due().select_related("booking__coursedate", "participant")[:AT_ONCE]
    by_booking = sorted(due, key=lambda one: one.booking_id)
    groups = [list(group) for _, group in groupby(by_booking, key=lambda one: one.booking_id)]
    named = ((group[0].booking.reference, group) for group in groups)
    one_by_one(named, lambda group: follow_up(group, api), "what is sent along")


def follow_up(follow_ups, api):
    """Send these of one booking. False where Frontcore is away."""
    booking = follow_ups[0].booking
    if booking.anonymised_at or booking.status == Status.CANCELLED:
        for one in follow_ups:
            one.give_up("the booking has been cancelled")
        return True
    if booking.status not in BOOKED:  # whether it stands will show
        for one in follow_ups:
            one.put_off(timezone.now() + LOOK_AGAIN[1], "the booking is being cancelled")
        return True
    try:
        people = people_of(booking, api)
    except Unavailable as error:
        for one in follow_ups:
            one.put_off(timezone.now() + pause(error), error.sentence)
        return False
    except FrontcoreError as error:
        for one in follow_ups:
            miss(one, error.sentence)
        return True
    return all(send(one, people, api) for one in follow_ups)


def people_of(booking, api):
    """Frontcore's participants that this booking may have made."""
    since = (booking.claimed_at or booking.created_at) - BEFORE
    booker = booking.booker_email.casefold()
    return [
        person
        for person in api.participants(booking.coursedate.remote_id, since)
        if not person.is_deregistered and person.booker_email.casefold() in {"", booker}
    ]


def send(one, people, api):
    """Write this one, if it is known whom it is about. False where Frontcore is away."""
    found = [person for person in people if who(person) == who(one.participant)]
    is_basis = one.kind == FollowUp.Kind.LEGAL_BASIS
    ids = {person.user_id if is_basis else person.id for person in found} - {None}
    if len(ids) != 1:
        miss(one, "several of that name" if ids else "not among the participants")
        return True
    (number,) = ids
    if is_basis:
        request = legal_basis(one.booking)
        return post(one, api, lambda: api.add_legal_basis(number, request))
    properties = (found[0].properties or {}) | answers_of(one)
    return post(one, api, lambda: api.set_properties(number, properties))


def legal_basis(booking):
    """What the settings say, with our reference, by which staff can tell it from others."""
    return LegalBasisRequest(
        legal_basis=settings.LEGAL_BASIS,
        purpose=settings.LEGAL_PURPOSE,
        source=BOOKING_MODULE,
        consent=settings.LEGAL_CONSENT or None,
        comment=f"Booking {booking.reference}",
    )


def answers_of(one):
    """The answers that Frontcore has a field for: the booker's, then the participant's own."""
    answers = one.booking.answers.select_related("question").exclude(value="")
    answers = [answer for answer in answers if answer.question and answer.question.property_name]
    mine = [answer for answer in answers if answer.participant_id == one.participant_id]
    bookers = [answer for answer in answers if answer.participant_id is None]
    return {answer.question.property_name: answer.value for answer in [*bookers, *mine]}


def post(one, api, write):
    """Take a turn, claim, write, and note how it ended. False where Frontcore is away."""
    try:
        api.wait_for_slot()
    except Unavailable as error:
        one.put_off(timezone.now() + pause(error), error.sentence)
        return False
    attempt = one.claim()
    if attempt is None:
        return True
    try:
        write()
    except Unavailable as error:
        one.put_off(timezone.now() + pause(error), error.sentence, attempt=attempt)
        return False
    except Refused as refused:
        end(one, attempt, FollowUp.State.REFUSED, refused.sentence)
    except Uncertain as error:
        end(one, attempt, FollowUp.State.UNCERTAIN, error.sentence)
    else:
        end(one, attempt, FollowUp.State.DONE)
    return True


def end(one, attempt, state, problem=""):
    if one.end(attempt, state, problem) and problem:
        warn(one)


def miss(one, problem):
    """Look again later, a few times; then leave it to staff."""
    if one.attempts < len(LOOK_AGAIN):
        one.miss(timezone.now() + LOOK_AGAIN[one.attempts], problem)
    elif one.give_up(problem):
        warn(one)


def warn(one):
    logger.warning(
        "Booking %s: %s of participant %s %s: %s",
        one.booking.reference,
        one.kind,
        one.participant_id,
        one.state,
        one.problem,
    )


def tidy():
    """What lost its sender becomes uncertain."""
    for one in FollowUp.objects.abandoned().select_related("booking"):
        if one.lose():
            warn(one)
