"""Telling those who wait for a date of a course that there is one.

A date is news to somebody if a seat on it may be booked now, it fits the place they want, and it
could not be booked when they asked or has been closed or full at a look since. Who is told of one
is told once. A look that breaks off is taken up by the next one.
"""

import logging

from django.utils import timezone

from booking.models import Interest
from catalog.models import SOURCE, Course, CourseDate, Generation, Offer

logger = logging.getLogger(__name__)


def open_dates(course):
    """The dates of a course on which a seat may be booked now, soonest first, `with_where`."""
    dates = CourseDate.objects.listed().filter(course=course).with_where().select_related("course")
    return [
        date
        for date in dates.order_by("starts_on", "start_time", "pk")
        if date.offer in (Offer.BOOK, Offer.ELSEWHERE) and not date.known_seats.is_full
    ]


def news_for(interest):
    """The dates that are news to them, soonest first."""
    return interest.news_among(open_dates(interest.course))


def tell_of_dates(now=None):
    """Look at the courses for which somebody waits, where a date may have come since the last
    look, and plan a mail for everyone to whom one is news. Two queries where nothing is new."""
    now = now or timezone.now()
    # Read before the dates: what comes in between is looked at once more.
    number = Generation.objects.filter(source=SOURCE).values_list("number", flat=True).first() or 0
    due = Interest.objects.to_look_for(number, now)
    for course in Course.objects.filter(pk__in=due.order_by().values("course")).order_by("pk"):
        try:
            look_at(course, due.filter(course=course), number, now)
        except Exception:  # a mistake of ours: the other courses must not wait for it
            logger.exception("Course %s: telling of its dates broke", course.remote_id)


def look_at(course, waiting, number, now):
    dates = open_dates(course)
    in_vain = []
    for interest in waiting:
        if interest.news_among(dates):
            interest.tell(now)
        else:
            interest.forget_closed(dates)
            in_vain.append(interest.pk)
    looked = Interest.objects.waiting().filter(pk__in=in_vain)
    looked.update(looked_generation=number, looked_at=now)
