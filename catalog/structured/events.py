"""A date of a course, and what may be done about it."""

import datetime as dt

from django.utils import timezone

from catalog.models import CourseDate, Form, Obstacle, Seats
from catalog.structured import provider
from catalog.structured.graph import VOCABULARY, absolute, told
from catalog.structured.places import location_of, location_of_meeting
from catalog.templatetags.formats import plain

TYPE = ["Event", "CourseInstance"]
ATTENDANCE = {Form.CLASSROOM: "Offline", Form.ONLINE: "Online", Form.HYBRID: "Mixed"}
MODES = {Form.CLASSROOM: "Onsite", Form.ONLINE: "Online", Form.HYBRID: "Blended"}
NOT_HELD = {Obstacle.WITHDRAWN, Obstacle.CANCELLED}
STILL_OPEN = {None, Obstacle.ELSEWHERE, Obstacle.NOT_OPEN, Obstacle.DEADLINE}  # but for the clock
TOO_LATE = {Obstacle.PAST, Obstacle.POSTPONED, Obstacle.DEADLINE}
LAST_SECOND = dt.time(23, 59, 59)


def word(name):
    """A value of one of the vocabulary's own lists."""
    return f"{VOCABULARY}/{name}"


def event(date, *, on_map=False):
    """A CourseDate (needs `with_where`, `with_gatherings` and its course `with_prices`). Who reads
    events needs a place: while none is known it is an instance of its course and no event."""
    location = location_of(date, on_map=on_map)
    return told(
        {
            "@type": TYPE if location else TYPE[1],
            "name": date.course.title,
            "url": absolute(date.get_absolute_url()),
            **days_of(date),
            "eventStatus": status_of(date),
            "eventAttendanceMode": attendance_of(date),
            "courseMode": MODES[date.form],
            "location": location,
            "offers": offer(date),
            "organizer": provider.reference(),
            **people_of(date),
            "remainingAttendeeCapacity": seats_of(date),
        }
    )


def whole_event(date, text):
    """With what only the page of the date tells."""
    course = date.course
    about = {
        "@type": "Course",
        "name": course.title,
        "url": absolute(course.get_absolute_url()),
    }
    whole = event(date, on_map=True)
    meetings = date.own_meetings if "location" in whole else []  # an event is somewhere
    whole |= {
        "description": plain(text.lead) if text else "",
        "inLanguage": date.language,
        "about": about,
        "subEvent": [gathering(meeting, date) for meeting in meetings],
    }
    if specified := prices_of(course):
        whole["offers"] |= {"priceSpecification": specified}
    return told(whole)


def gathering(meeting, date):
    """One meeting of a date that has several, or one with a theme."""
    starts_at, ends_at = meeting.starts_at.astimezone(date.zone), meeting.known_end
    return told(
        {
            "@type": "Event",
            "name": meeting.theme or date.course.title,
            "startDate": starts_at.isoformat(),
            "endDate": ends_at and ends_at.astimezone(date.zone).isoformat(),
            "eventStatus": status_of(date),
            "location": location_of_meeting(meeting, date),
        }
    )


def days_of(date):
    """Clock times with the date's own distance to UTC; days alone where no clock time is known."""
    if date.start_time is None:
        return {"startDate": date.starts_on.isoformat(), "endDate": date.ends_on.isoformat()}
    found = {"startDate": date.starts_at.isoformat()}
    if date.ends_at:
        found["endDate"] = date.ends_at.isoformat()
    elif date.lasts_several_days:
        found["endDate"] = date.ends_on.isoformat()
    return found


def status_of(date):
    if date.obstacle() in NOT_HELD:
        return word("EventCancelled")
    if date.status == CourseDate.Status.POSTPONED:
        return word("EventPostponed")
    return word("EventScheduled")


def attendance_of(date):
    return word(f"{ATTENDANCE[date.form]}EventAttendanceMode")


def people_of(date):
    """By name only, as performers to who reads events and as instructors to who reads courses."""
    people = [{"@type": "Person", "name": person.name} for person in date.teachers]
    return {"performer": people, "instructor": people}


def seats_of(date):
    """How many are free, where pages tell the number."""
    seats = date.known_seats
    return seats.free if seats.number_shown and date.seats_matter else None


# --- The offer ----------------------------------------------------------------------------------


def offer(date):
    """What a place costs, whether and where and until when it can be had."""
    course, obstacle = date.course, date.obstacle()
    elsewhere = course.external_booking_url if obstacle == Obstacle.ELSEWHERE else ""
    return told(
        {
            "@type": "Offer",
            **price_of(course),
            "url": elsewhere or absolute(date.get_absolute_url()),
            "availability": word(availability(date, obstacle)),
            "validFrom": opens_at(date) if obstacle == Obstacle.NOT_OPEN else None,
            "validThrough": closes_at(date) if obstacle in STILL_OPEN else None,
        }
    )


def availability(date, obstacle):
    if obstacle in NOT_HELD:
        return "Discontinued"
    if obstacle in TOO_LATE:
        return "OutOfStock"
    state = date.known_seats.state
    if state == Seats.State.FULL:
        return "SoldOut"
    if obstacle == Obstacle.NOT_OPEN:
        return "PreOrder"
    return "LimitedAvailability" if state == Seats.State.FEW else "InStock"


def opens_at(date):
    return timezone.localtime(date.opens_at).isoformat()


def closes_at(date):
    """The end of the last day to book, as the date's own clock has it."""
    if not date.closes_on:
        return None
    return dt.datetime.combine(date.closes_on, LAST_SECOND, tzinfo=date.zone).isoformat()


def price_of(course):
    """As the page has it, for one participant; without a price, that it is paid is not known."""
    if course.price is None:
        return {}
    return {
        "price": amount(course.price),
        "priceCurrency": course.currency.upper(),
        "category": "Paid" if course.price else "Free",
    }


def prices_of(course):
    """The price as it is stated, and with the VAT where the page tells that too; empty where
    nothing is known of VAT."""
    if course.price is None or not course.price:
        return []
    full = course.price_with_vat
    if full is None and course.is_vat_included is None:
        return []
    found = [specified(course, course.price, is_included=course.is_vat_included)]
    return found if full is None else [*found, specified(course, full, is_included=True)]


def specified(course, price, *, is_included):
    return {
        "@type": "PriceSpecification",
        "price": amount(price),
        "priceCurrency": course.currency.upper(),
        "valueAddedTaxIncluded": is_included,
    }


def amount(price):
    """A number without needless noughts: 2490, 2490.5."""
    return int(price) if price == price.to_integral_value() else float(price)
