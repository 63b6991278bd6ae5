"""Telling those who wait for a date of a course that there is one."""

from catalog.models import CourseDate
from catalog.models.date import Offer


def open_dates(course):
    """The dates of a course on which a seat may be booked now, soonest first, `with_where`."""
    dates = CourseDate.objects.listed().filter(course=course).with_where().select_related("course")
    return [
        date
        for date in dates.order_by("starts_on", "start_time", "pk")
        if date.offer in (Offer.BOOK, Offer.ELSEWHERE) and not date.known_seats.is_full
    ]
