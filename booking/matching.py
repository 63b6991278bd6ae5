"""Is an order in Frontcore the one that a booking of ours has made? Plain comparing: no network,
no database. What comes out names orders, counts and yes or no, never people.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

BEFORE = timedelta(minutes=2)  # so far may Frontcore's clock be behind ours


@dataclass(frozen=True)
class Sought:
    """What was sent, as it would stand in Frontcore."""

    coursedate_id: int
    booker: str
    people: Counter
    reference: str
    since: datetime
    enrolment: int  # the status that was asked for: a place or the waiting list
    told_order_id: int | None  # of a success that was half readable
    rivals: frozenset[str] | None  # references of the same booking sent by others; None: nobody has


def who(person):
    """Somebody of ours or of theirs as compared: capitals and spaces make no difference."""
    parts = (person.firstname, person.lastname, person.email)
    return tuple(" ".join(part.casefold().split()) for part in parts)


def candidates(sought, participants, orders):
    """Everything on the date that may be that booking, the likeliest first."""
    found = [compare(sought, order, people) for order, people in grouped(participants, orders)]
    found = [candidate for candidate in found if concerns(candidate)]
    for candidate in found:
        candidate["certain"] = is_certain(candidate, sought)
        candidate["twin"] = sought.rivals is not None and is_equal(candidate)
    return sorted(found, key=likeness, reverse=True)


def grouped(participants, orders):
    """(order, its people on the date); people whom no order names, by who booked them, without
    an order."""
    loose = {one.id: one for one in participants}
    groups = []
    for order in orders:
        people = [loose.pop(number) for number in order.participant_ids if number in loose]
        groups.append((order, people))
    by_booker = {}
    for one in loose.values():
        by_booker.setdefault(one.booker_email.casefold(), []).append(one)
    return groups + [(None, people) for people in by_booker.values()]


def compare(sought, order, people):
    """What of that order matches. None: Frontcore does not tell."""
    theirs = Counter(who(one) for one in people)
    moments = [one.created_at for one in [*([order] if order else []), *people] if one.created_at]
    reference = order.your_reference if order else None
    return {
        "order": order.id if order else None,
        "people": len(people),
        "people_found": sum((theirs & sought.people).values()),
        "same_people": theirs == sought.people,
        "booker": bool(people)
        and all(one.booker_email.strip().casefold() == sought.booker for one in people),
        "reference": reference and reference.strip().casefold() == sought.reference.casefold(),
        "in_time": min(moments) >= sought.since if moments else None,
        "as_asked": bool(people) and all(one.status_id == sought.enrolment for one in people),
        "gone": sum(one.is_deregistered for one in people),
        "told": bool(order) and order.id == sought.told_order_id,
    }


def concerns(candidate):
    """Whether staff should see it at all: more than the moment or a number must match."""
    if candidate["reference"] or candidate["told"] or candidate["people_found"]:
        return True
    return candidate["booker"] and candidate["in_time"] is not False


def is_equal(candidate):
    """Everything of it is as it was sent, whether or not its order is known."""
    return (
        candidate["same_people"]
        and candidate["booker"]
        and candidate["as_asked"]
        and candidate["in_time"] is not False
    )


def is_certain(candidate, sought):
    """A match that a machine may go by. Where the same booking was sent by others too, only the
    reference tells which is whose."""
    if not is_equal(candidate) or candidate["order"] is None:
        return False
    if sought.rivals is None:
        return True
    return candidate["reference"] is True and sought.reference.casefold() not in sought.rivals


def sole_certain(found):
    """The one that is certain, if nothing else is like it; else None."""
    equal = [candidate for candidate in found if is_equal(candidate)]
    return equal[0] if len(equal) == 1 and equal[0]["certain"] else None


def likeness(candidate):
    yes = ("certain", "told", "same_people", "reference", "booker", "in_time")
    return [bool(candidate[name]) for name in yes] + [candidate["people_found"]]
