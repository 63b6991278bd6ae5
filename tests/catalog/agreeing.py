"""What a page tells machines, compared with what it shows; and dates in every state."""

import datetime as dt
import json
import re
from decimal import Decimal
from itertools import cycle

from django.utils import timezone, translation

from catalog.models import CourseDate
from tests.catalog import schema_org
from tests.catalog.seen import described, told_by
from tests.factories import (
    in_days,
    make_date,
    make_gathering,
    make_instructor,
    make_opening,
    make_place,
    make_venue,
)

ELEMENT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
LINK = "https://meet.example/rom?pwd=hemmelig"


def page_of(client, thing, language="nb"):
    with translation.override(language):
        path = thing if isinstance(thing, str) else thing.get_absolute_url()
    return path, client.get(path)


def graph_of(body):
    """What the page tells machines, which must be in one element."""
    (text,) = ELEMENT.findall(body)
    return json.loads(text)


def agreed(client, thing, language="nb", status=200):
    """The nodes of a page, by type, after each was compared with the page and with the list."""
    path, response = page_of(client, thing, language)
    assert response.status_code == status, path
    graph = graph_of(response.text)
    assert schema_org.wrong_in(graph) == []
    assert told_by(graph) == described(response.text, path)
    return {schema_org.types_of(node)[0]: node for node in graph["@graph"]}


def in_turn(cases):
    """Each case in one of the languages."""
    return list(zip(cases, cycle(["nb", "en"]), strict=False))


def said(node, *way):
    for name in way:
        node = node.get(name, {})
    return node.rpartition("/")[2] if isinstance(node, str) else node


# --- Dates in every state -------------------------------------------------------------------------


def in_zone(course):
    return make_date(
        course, days=40, timezone="America/New_York", closes_on=in_days(35), place=make_place("Ås")
    )


def online(course, **given):
    return make_date(course, is_virtual=True, event_url=LINK, **given)


def hybrid(course):
    date = make_date(course, venue=make_venue("Sal", latitude=Decimal("59.91"), longitude=10))
    make_gathering(date, day=0, venue=date.venue, event_url=LINK)
    make_gathering(date, day=1, venue=make_venue("Skjermen", is_virtual=True), theme="Hjemme")
    return date


def at_gatherings(course):
    """The rooms are known of the gatherings alone."""
    date = make_date(course, lasts=8, place=None, instructors=[make_instructor("Per")])
    for day, room in ((0, "Brannøvelse"), (7, "Ås & omegn")):
        make_gathering(date, day=day, venue=make_venue(room, city=room[:2]), theme=f"Del {day}")
    make_gathering(date, day=3, ends=dt.time(8))
    return date


def opening_later(course):
    date = make_date(course, closes_on=in_days(20))
    make_opening(date, timezone.now() + dt.timedelta(days=9, hours=1))
    return date


def full_before_it_opens(course):
    date = make_date(course, seats_free=0)
    make_opening(date, timezone.now() + dt.timedelta(days=9))
    return date


STATUS = CourseDate.Status
STATES = {  # what is made: how the date stands, and what may be done about it
    "open": (make_date, "EventScheduled", "InStock"),
    "few": (lambda it: make_date(it, seats_free=2), "EventScheduled", "LimitedAvailability"),
    "full": (lambda it: make_date(it, seats_free=0), "EventScheduled", "SoldOut"),
    "unknown": (lambda it: make_date(it, seats=False), "EventScheduled", "InStock"),
    "not open": (opening_later, "EventScheduled", "PreOrder"),
    "full, not open": (full_before_it_opens, "EventScheduled", "SoldOut"),
    "too late": (
        lambda it: make_date(it, closes_on=in_days(-1), shown_after_deadline=True),
        "EventScheduled",
        "OutOfStock",
    ),
    "last day": (lambda it: make_date(it, closes_on=in_days(0)), "EventScheduled", "InStock"),
    "started": (
        lambda it: make_date(it, days=0, start_time=dt.time(9), closes_on=in_days(0)),
        "EventScheduled",
        "OutOfStock",
    ),
    "cancelled": (
        lambda it: make_date(it, status=STATUS.CANCELLED, closes_on=in_days(9), seats_free=1),
        "EventCancelled",
        "Discontinued",
    ),
    "postponed": (
        lambda it: make_date(it, status=STATUS.POSTPONED, closes_on=in_days(9)),
        "EventPostponed",
        "OutOfStock",
    ),
    "online": (online, "EventScheduled", "InStock"),
    "online in a room of its own": (
        lambda it: make_date(it, venue=make_venue("Skjermen", is_virtual=True)),
        "EventScheduled",
        "InStock",
    ),
    "online and in a room that is not shown": (
        lambda it: online(it, venue=make_venue("Skjult")),
        "EventScheduled",
        "InStock",
    ),
    "hybrid": (hybrid, "EventScheduled", "InStock"),
    "several gatherings": (at_gatherings, "EventScheduled", "InStock"),
    "another time zone": (in_zone, "EventScheduled", "InStock"),
    "no clock time": (
        lambda it: make_date(it, lasts=3, start_time=None, end_time=None),
        "EventScheduled",
        "InStock",
    ),
    "no end": (lambda it: make_date(it, end_time=None), "EventScheduled", "InStock"),
    "several days without an end": (
        lambda it: make_date(it, lasts=2, end_time=None),
        "EventScheduled",
        "InStock",
    ),
    "an end before the start": (
        lambda it: make_date(it, end_time=dt.time(8)),
        "EventScheduled",
        "InStock",
    ),
    "a room abroad": (
        lambda it: make_date(
            it, venue=make_venue(address="", zipcode="111 22", city="Malmö", country_code="SE")
        ),
        "EventScheduled",
        "InStock",
    ),
    "a room and a town": (
        lambda it: make_date(
            it,
            place=make_place("Romerike"),
            venue=make_venue("Sal", latitude=Decimal("59.9"), longitude=Decimal("-10.75")),
            instructors=[make_instructor("Åse Bjørn"), make_instructor("Ola")],
            place_note="Inngang fra gården",
        ),
        "EventScheduled",
        "InStock",
    ),
    "a place in words": (
        lambda it: make_date(it, place_note="Hos kunden, Ås"),
        "EventScheduled",
        "InStock",
    ),
    "no place": (lambda it: make_date(it, place=None), "EventScheduled", "InStock"),
}
