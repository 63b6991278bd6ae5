"""Before anything is booked: is the date still open, are the codes good, what does it cost?

A courtesy that makes surprises rare. Where Frontcore is slow or away the stored copy answers, and
the page says what could not be checked.
"""

import logging

from django.conf import settings
from django.core.cache import cache

from booking import codes, limits, price, price_groups
from catalog.store import fresh_look
from frontcore import FrontcoreError, Unavailable

logger = logging.getLogger(__name__)

# What all processes know: Frontcore did not answer the last one who asked (kept until somebody
# gets an answer, or for so long), and when one of them may ask again. One waits, the others do not.
AWAY, AWAY_S = "booking.frontcore.away", 600
ASKED, ASK_EVERY_S = "booking.frontcore.asked", 30


def preview(api, coursedate, entry, sender=None, *, was_reached):
    """What the visitor is answered about a date as `look` has found it, as plain values for the
    draft:

    step        "checked", or "objections" where it cannot be booked like this
    objections  [[field or None, code, parameters]]
    content     fingerprint of what was checked
    waiting     whether this is about the waiting list
    has_room    where all have chosen the waiting list: whether there are seats for all of them
    unchecked   what nobody could be asked about: "date", and fields of codes
    price       as `price_of` says
    """
    people = entry.people()
    form = entry.form.cleaned_data
    objections = obstacles(coursedate, 0 if form["all_wait"] else len(people))
    checked = codes.Checked([], tuple(name for name in codes.FIELDS if form[name]))
    if was_reached:
        checked = codes.check(api, coursedate, form["campaign_code"], form["voucher_code"], sender)
        objections += checked.objections
    return {
        "step": "objections" if objections else "checked",
        "objections": objections,
        "content": entry.content(coursedate),
        "waiting": coursedate.known_seats.is_full or form["all_wait"],
        "has_room": form["all_wait"] and has_room(coursedate, len(people)),
        "unchecked": [*([] if was_reached else ["date"]), *checked.unchecked],
        "price": price_of(coursedate, people, checked),
    }


def look(api, coursedate, sender=None):
    """(the date, whether Frontcore could be asked about it)

    Where many ask just now the stored copy is good enough: the worker looks before it sends.
    While Frontcore is away one request in ASK_EVERY_S waits for it; the stored copy answers the
    others at once.
    """
    if not limits.may_look(sender):
        return coursedate, not cache.get(AWAY)
    if cache.get(AWAY) and not cache.add(ASKED, True, ASK_EVERY_S):
        return coursedate, False
    try:
        coursedate = fresh_look(api, coursedate)
    except FrontcoreError as error:
        logger.info("Date %s could not be read: %s", coursedate.remote_id, error.sentence)
        if isinstance(error, Unavailable):
            cache.set(ASKED, True, ASK_EVERY_S)
            cache.set(AWAY, True, AWAY_S)
        return coursedate, False
    if cache.get(AWAY):
        cache.delete_many([AWAY, ASKED])
    return coursedate, True


def obstacles(coursedate, participants):
    """What speaks against booking so many places on this date, as [[field, code, parameters]]."""
    if obstacle := coursedate.obstacle():
        return [[None, f"date_{obstacle}", {}]]
    seats = coursedate.known_seats
    if not seats.is_full and not seats.have_room_for(participants):
        return [[None, "seats_short", {"free": seats.free}]]
    return []


def has_room(coursedate, participants):
    """Whether we know of free seats for so many."""
    seats = coursedate.known_seats
    return not seats.is_unknown and seats.have_room_for(participants)


def price_of(coursedate, people, checked):
    """Lines and totals as they are shown and stored, or None where no price is set."""
    course = coursedate.course
    quote = price.quote(
        price_groups.places_of(course, [person.group for person in people]),
        includes_vat=settings.PRICES_INCLUDE_VAT,
        discount=checked.discount,
        voucher=checked.voucher,
        currency=course.currency,
    )
    if quote is None:
        return None
    totals = [None if total is None else str(total) for total in quote.known_totals]
    return {
        "lines": quote.lines(),
        "costs_nothing": quote.costs_nothing,
        "currency": quote.currency,
        "excl_vat": totals[0],
        "incl_vat": totals[1],
    }
