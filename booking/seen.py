"""What a page has shown of a date, to say later what is another since then.

It goes with the form, sealed: nobody can be told of a change that there was not.
"""

import datetime as dt

from django.core import signing
from django.utils.translation import gettext as _

from catalog.models import CourseDate, Seats
from catalog.templatetags import formats


def facts(coursedate):
    """What pages show of this date and may change, as plain values (it needs `with_where`)."""
    seats, course = coursedate.known_seats, coursedate.course
    times = (coursedate.starts_on, coursedate.ends_on, coursedate.start_time, coursedate.end_time)
    venue = coursedate.venue
    return {
        "seats": [str(seats.state), seats.free if seats.number_shown else None],
        "price": [None if course.price is None else str(course.price), course.currency],
        "time": [time and time.isoformat() for time in times],
        "place": ["" if coursedate.is_virtual else str(coursedate.where), venue and venue.name],
    }


def seal(coursedate):
    """The facts as a hidden field of the form carries them: the same for the same facts."""
    return signer(coursedate).sign_object(facts(coursedate), compress=True)


def opened(sealed, coursedate):
    """The facts that were sealed for that date; None of anything else."""
    try:
        return signer(coursedate).unsign_object(sealed)
    except signing.BadSignature:
        return None


def signer(coursedate):
    return signing.Signer(salt=f"booking.seen.{coursedate.remote_id}")


def changes(before, now):
    """[[kind, before, now]] of the facts that differ."""
    return [[kind, before[kind], now[kind]] for kind in now if before[kind] != now[kind]]


def in_words(changed):
    """[(what, how it is now, how it was)] in the language of the page."""
    return [
        (WHAT[kind](), WORDS[kind](*now), WORDS[kind](*before)) for kind, before, now in changed
    ]


def price_words(amount, currency):
    return _("on request") if amount is None else formats.money(amount, currency)


def time_words(starts_on, ends_on, start_time, end_time):
    date = CourseDate(
        starts_on=dt.date.fromisoformat(starts_on),
        ends_on=dt.date.fromisoformat(ends_on),
        start_time=start_time and dt.time.fromisoformat(start_time),
        end_time=end_time and dt.time.fromisoformat(end_time),
    )
    return ", ".join(filter(None, (formats.days(date), formats.times(date))))


def place_words(where, venue):
    return ", ".join(filter(None, (where, venue))) or _("not stated")


WHAT = {
    "seats": lambda: _("Seats"),
    "price": lambda: _("Price"),
    "time": lambda: _("Time"),
    "place": lambda: _("Place"),
}
WORDS = {
    "seats": Seats.words,
    "price": price_words,
    "time": time_words,
    "place": place_words,
}
