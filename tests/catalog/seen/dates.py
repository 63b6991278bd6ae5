"""A date on its own page, and in a row of the table of its course."""

import re

from django.utils.translation import gettext

from tests.catalog.seen.elements import (
    PROVIDER,
    WORD,
    data,
    every,
    fact,
    first,
    links,
    moments,
    words,
)
from tests.catalog.seen.offers import (
    availability,
    end_of,
    offer_of_page,
    priced,
    seats,
    state_of,
    status,
    ways_to_book,
    with_seconds,
    zone_in,
)

HELD = {
    "classroom": ("Offline", "Onsite"),
    "online": ("Online", "Online"),
    "hybrid": ("Mixed", "Blended"),
}


def is_date(page):
    return fact(page, gettext("When")) is not None


def days_of(found):
    days = [one for one in found if "T" not in one]
    clock = [one for one in found if "T" in one]
    if not clock:
        return {"startDate": days[0], "endDate": days[-1]}
    end = clock[1] if len(clock) > 1 else days[1] if len(days) > 1 else None
    return {"startDate": clock[0], "endDate": end}


def people(names):
    found = [{"@type": "Person", "name": name} for name in names]
    return {"performer": found, "instructor": found}


def kind(node):
    """Without a place nobody can read it as an event."""
    return ["Event", "CourseInstance"] if node["location"] else "CourseInstance"


def whole_event(page, address):
    when, where = fact(page, gettext("When")), fact(page, gettext("Where"))
    facts, form = fact(page, gettext("Seats and status")), data(fact(page, gettext("Format")))
    states, crumb = state_of(facts), links(first(page, "nav.crumbs"))[-1]
    rooms, geo = date_rooms(where)
    rooms = rooms or meeting_rooms(page, address)
    said = "" if words(where) == gettext("Not set yet") else (where.text or "").strip()
    taught, about = (
        fact(page, gettext("Instructor")),
        first(page, "section[aria-labelledby=about] p"),
    )
    price = fact(page, gettext("Price"))
    node = {
        "name": words(first(page, "h1")),
        "url": address,
        **days_of(moments(when)),
        "eventStatus": status(states),
        "eventAttendanceMode": f"{WORD}{HELD[form][0]}EventAttendanceMode",
        "courseMode": HELD[form][1],
        "location": location(form, said, [room | {"geo": geo} for room in rooms], address),
        "offers": offer_of_page(page, address, states, zone_in(when), price),
        "organizer": PROVIDER,
        **people([name for name, _ in links(taught)] if taught is not None else []),
        "remainingAttendeeCapacity": seats(facts),
        "inLanguage": data(fact(page, gettext("Language"))),
        "description": words(about) if about is not None else None,
        "about": {"@type": "Course", "name": crumb[0], "url": crumb[1]},
    }
    own_place = location(form, said, rooms, address)
    if node["location"]:
        node["subEvent"] = [gathering(one, node, own_place) for one in every(page, "li.meeting")]
    return {"@type": kind(node)} | node


def date_rooms(where):
    """(the room of a date, where it lies on the map)"""
    block = first(where, "span.soft")
    if block is None or not links(block):
        return [], None
    lines = [" ".join(line.split()) for line in block.itertext()][1:]
    geo = None
    directions = first(where, "a[rel~=external]")
    goal = directions is not None and re.search(r"=(-?[\d.]+),(-?[\d.]+)$", directions.get("href"))
    if goal:
        geo = {
            "@type": "GeoCoordinates",
            "latitude": float(goal[1]),
            "longitude": float(goal[2]),
        }
    return [place(links(block)[0], ", ".join(filter(None, lines)))], geo


def gathering(element, date, own_place):
    theme, found = first(element, "strong"), moments(element)
    return {
        "@type": "Event",
        "name": words(theme) if theme is not None else date["name"],
        "startDate": found[0],
        "endDate": found[1] if len(found) > 1 and found[1] > found[0] else None,
        "eventStatus": date["eventStatus"],
        "location": meeting_place(element, date["url"]) or own_place,
    }


def row_event(row, page, address, price):
    """A date in the table of its course."""
    where, facts, do = (every(row, "td")[at] for at in (0, -2, -1))
    more = row.getnext() if row.getnext() is not None else row
    states, form = state_of(facts), data(where) or "classroom"
    lines = [] if form == "online" else meeting_rooms(more, address)
    said = words(first(where, "p"))
    for note in every(where, "p.date-note"):
        for link in links(note):
            lines = [place(link, words(note).removeprefix(link[0]).strip(", "))]
    said = "" if said == gettext("Not set yet") else said
    opens = [one for one in moments(do) if "T" in one]
    closes = [one for one in moments(facts) + moments(do) if "T" not in one]
    can_be_booked, elsewhere = ways_to_book(do)
    node = {
        "name": words(first(page, "h1")),
        "url": address,
        **days_of(moments(first(row, "th"))),
        "eventStatus": status(states),
        "eventAttendanceMode": f"{WORD}{HELD[form][0]}EventAttendanceMode",
        "courseMode": HELD[form][1],
        "location": location(form, said, lines, address),
        "offers": {
            "@type": "Offer",
            **priced(price),
            "url": elsewhere or address,
            "availability": WORD + availability(states, can_be_booked, bool(opens)),
            "validFrom": with_seconds(opens[0]) if opens else None,
            "validThrough": end_of(closes[0], zone_in(first(row, "th"))) if closes else None,
        },
        "organizer": PROVIDER,
        **people([words(one) for one in every(row, ".date-teachers a")]),
        "remainingAttendeeCapacity": seats(facts),
    }
    return {"@type": kind(node)} | node


# --- Where ---------------------------------------------------------------------------------------


def place(link, address, geo=None):
    (name, url) = link
    return {"@type": "Place", "name": name, "url": url, "address": address, "geo": geo}


def virtual(address):
    return {"@type": "VirtualLocation", "url": address}


def location(form, said, rooms, address):
    """Of what the page says: the way it is held, a place in words, rooms, where it stands."""
    found = [] if form == "online" else list(rooms)
    if not found and form == "classroom" and said:
        found = [{"@type": "Place", "name": said, "address": said}]
    if form != "classroom":
        found.append(virtual(address))
    return found[0] if len(found) == 1 else found


def meeting_place(meeting, address):
    """Where a gathering is, if its line says so."""
    link = next(
        (one for one in links(meeting) if "/kurssteder/" in one[1] or "/venues/" in one[1]), None
    )
    if link is None:
        return None
    line = next(one for one in every(meeting, "p") if link in links(one))
    if data(line) == "online":
        return virtual(address)
    return place(link, words(line).removeprefix(link[0]).strip(", ") or link[0])


def meeting_rooms(element, address):
    """The rooms of the gatherings, each once."""
    found = []
    for meeting in every(element, "li.meeting"):
        room = meeting_place(meeting, address)
        if room and room["@type"] == "Place" and room not in found:
            found.append(room)
    return found
