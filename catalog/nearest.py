"""Where else, and when: the nearest other dates, for somebody who cannot have the one looked at
because it is full, cancelled, over or gone.

Dates of the same course come before those of courses like it; among these the same language and
form first, then the nearest, then the soonest. None is full or past its deadline.
"""

import datetime as dt
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from django.utils import timezone

from catalog.models import Course, CourseDate, Gathering

MOST = 4
LOOKED_AT = 200  # dates, soonest first; further ahead nobody looks for another one
COURSES_ALIKE = 12
EARTH_KM = 6371
WITHIN_COUNTY_KM = 75  # how far it is taken to be where only the county is known to be the same
UNKNOWN_KM = 10_000


@dataclass(frozen=True)
class Other:
    """Another date. km: how far its venue is from that of the date looked at; None where nobody
    knows. is_alike: it is of another course, one like this."""

    date: CourseDate
    km: int | None
    is_same_venue: bool
    is_alike: bool


@dataclass(frozen=True)
class Spot:
    """Where a date is held, as far as the copy tells."""

    venue: int | None = None
    point: tuple | None = None  # latitude and longitude
    town: str = ""
    county: str = ""


def nearest(date, now=None, most=MOST):
    """Up to `most` other dates, as Other, best first; three queries more than those of
    `of_same_course` where that has not enough."""
    found = of_same_course(date, now, most)
    if len(found) < most:
        courses = Course.objects.alike(date.course)[:COURSES_ALIKE]
        alike = candidates(date, now).filter(course__in=[course.pk for course in courses])
        alike = in_order(date, alike, now, is_alike=True)
        best = {other.date.course_id: other for other in reversed(alike)}  # one of each course
        found += [other for other in alike if other in best.values()][: most - len(found)]
    return found


def of_same_course(date, now=None, most=MOST, participants=1):
    """Up to `most` other dates of the course with room for so many, as Other; two queries."""
    same = candidates(date, now).filter(course=date.course_id)
    found = in_order(date, same, now)
    return [other for other in found if other.date.known_seats.have_room_for(participants)][:most]


def date_of(course, now=None):
    """What to start from instead of a course that is no longer held: the date it would have had
    next, or had last; one that says nothing where it never had any. One or two queries."""
    today = timezone.localdate(now)
    dates = CourseDate.objects.filter(course=course, public=True).with_where()
    date = dates.filter(starts_on__gte=today).order_by("starts_on", "pk").first()
    date = date or dates.order_by("-starts_on", "-pk").first()
    date = date or CourseDate(language=course.language)
    date.course = course
    return date


def candidates(date, now):
    """Dates that can be booked and have seats, in whatever course."""
    dates = CourseDate.objects.bookable(now).with_free_seats().exclude(pk=date.pk)
    return dates.with_where().select_related("course", "place", "venue", "seats", "opening")


def in_order(date, dates, now, is_alike=False):
    dates = dates.order_by("starts_on", "start_time", "pk")[:LOOKED_AT]
    dates = [each for each in dates if not each.obstacle(now)]
    spots = spots_of([date, *dates])
    here = spots[date.pk]
    found = [other_of(each, here, spots[each.pk], is_alike) for each in dates]
    return sorted(found, key=lambda other: rank(date, here, spots[other.date.pk], other))


def other_of(date, here, there, is_alike):
    km = None
    if not date.is_virtual and here.point and there.point:
        km = round(distance_km(here.point, there.point))
    same = here.venue is not None and here.venue == there.venue
    return Other(date, 0 if same else km, same, is_alike)


def rank(date, here, there, other):
    """Smaller is better."""
    return (
        differs(date.language, other.date.language),
        date.form != other.date.form,
        estimated_km(here, there, other.km),
        other.date.starts_on,
        other.date.start_time or dt.time.min,
        other.date.pk,
    )


def differs(one, another):
    """Whether both are said and not the same; Norwegian is meant where nothing is said."""
    return (one or "no") != (another or "no")


def estimated_km(here, there, km):
    if km is not None:
        return km
    if here.town and here.town == there.town:
        return 0
    if here.county and here.county == there.county:
        return WITHIN_COUNTY_KM
    return UNKNOWN_KM


def spots_of(dates):
    """{date: its Spot}. Some dates have their venue in their gatherings only; one query."""
    without = [date.pk for date in dates if date.pk and date.venue is None]
    meetings = Gathering.objects.filter(date__in=without, withdrawn_at=None, venue__isnull=False)
    first = {}
    for meeting in meetings.select_related("venue").order_by("starts_at", "pk"):
        first.setdefault(meeting.date_id, meeting.venue)
    return {date.pk: spot_of(date, date.venue or first.get(date.pk)) for date in dates}


def spot_of(date, venue):
    place = date.place
    if date.is_virtual:
        return Spot()
    town = place.title if place else venue.city if venue else date.place_note
    county = (place and place.county) or (venue and venue.county) or ""
    if venue is None or venue.is_virtual:
        return Spot(town=town.casefold(), county=county.casefold())
    return Spot(venue.pk, venue.point, town.casefold(), county.casefold())


def distance_km(one, another):
    """Along the surface of the earth (haversine)."""
    (lat1, lon1), (lat2, lon2) = (map(radians, point) for point in (one, another))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
