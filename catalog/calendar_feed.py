"""Calendars to follow: which entries a date has in them, and the files that hold these.

A date is told of by its gatherings where they say more than it does itself, else by itself. What
was once told apart stays so: a program that knows the entries must not lose one because another
gathering has gone. All that differs from reader to reader is the language.
"""

import datetime as dt
from dataclasses import replace
from itertools import islice

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import vDuration

from catalog import choices, timetable
from catalog.calendar_file import (
    event_of_date,
    event_of_gathering,
    new_calendar,
    with_time_zones,
    zones_of,
)
from catalog.models import CourseDate, CourseText, Gathering, Provider

AT_MOST = 1_000  # entries in one calendar: programs refuse files of more than a megabyte
PAST = 200  # of them may be past, where there are more than fit
EVERY, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)  # a calendar asks again
END = b"END:VCALENDAR\r\n"


class Over(Exception):
    """It was asked for by itself, and every calendar has heard by now that it is off."""


def told_since():
    """Since when what is cancelled or withdrawn is told of."""
    return timezone.now() - settings.FEED_CANCELLED_PERIOD


# --- Entries --------------------------------------------------------------------------------


def with_entries(dates):
    """The dates with all that their entries say (3 queries)."""
    meetings = Gathering.objects.select_related("venue").order_by("starts_at", "pk")
    texts = CourseText.objects.only("course", "language", "lead")
    return (
        dates.select_related("course")
        .with_where()
        .prefetch_related(
            Prefetch("gatherings", meetings, to_attr="all_gatherings"),
            Prefetch("course__texts", texts),
        )
    )


def rows_of(date):
    """What has an entry in calendars now: gatherings of the date, or the date itself; nothing where
    it was withdrawn after its time, or so long ago that every calendar has heard of it."""
    date.meetings = [meeting for meeting in date.all_gatherings if meeting.withdrawn_at is None]
    held = date.own_meetings
    if not held:
        return [date] if is_told(date, date) else []
    off = [meeting for meeting in date.all_gatherings if meeting.withdrawn_at is not None]
    rows = sorted([*held, *off], key=lambda meeting: meeting.starts_at)
    return [meeting for meeting in rows if is_told(meeting, date)]


def is_told(row, date):
    off_at = row.withdrawn_at or date.withdrawn_at
    if off_at is None:
        return True
    return row.starts_at > off_at > told_since()


def event_of(row, date):
    return event_of_date(row) if row is date else event_of_gathering(row, date)


def events_of(dates):
    for date in dates:
        for row in rows_of(date):
            yield event_of(row, date)


# --- Calendars ------------------------------------------------------------------------------


def of_selection(selection, path):
    """The calendar of all dates that a selection allows; `path`: its address on this site."""
    pks, is_cut = chosen(selection)
    found = with_entries(CourseDate.objects).in_bulk(pks)
    events = list(islice(events_of(found[pk] for pk in pks if pk in found), AT_MOST + 1))
    query = selection.query()
    query = f"?{query}" if query else ""
    words = choices.words_of(timetable.of_feeds(), selection)
    name = _("Courses at %(provider)s") % {"provider": Provider.current().name}
    about = _("This calendar is full: it holds the next %(number)d entries. Choose fewer courses.")
    return written(
        events[:AT_MOST],
        name=f"{name}: {words}" if words else name,
        about=about % {"number": AT_MOST} if is_cut or len(events) > AT_MOST else "",
        page=reverse("calendar") + query,
        source=path + query,
    )


def chosen(selection, today=None):
    """(primary keys of the dates in the order of time, whether there are more): where there are
    too many, the next ones after the last few that have begun."""
    today = today or timezone.localdate()
    of_feeds = timetable.of_feeds()
    since, until = selection.since or today, selection.until or dt.date.max
    begun = replace(selection, until=min(until, today - DAY))
    begun = of_feeds.dates_found(begun)
    ahead = of_feeds.dates_found(replace(selection, since=max(since, today)))
    room = max(PAST, AT_MOST - len(ahead))
    pks = [*begun[-room:], *ahead][:AT_MOST]
    return pks, len(pks) < len(begun) + len(ahead)


def of_course(course, path):
    """The calendar of a course. Over, when it has been withdrawn for long."""
    if course.is_withdrawn and course.withdrawn_at < told_since():
        raise Over
    pks = timetable.of_feeds().dates_with("course", course.pk)[-AT_MOST:]
    found = with_entries(CourseDate.objects).in_bulk(pks)
    events = list(events_of(found[pk] for pk in pks if pk in found))
    page = course.get_absolute_url()
    return written(events[:AT_MOST], name=course.title, page=page, source=path)


def of_date(date, path):
    """A file of one date. Over, where nothing is told of it any more."""
    whole = with_entries(CourseDate.objects).get(pk=date.pk)
    return of_rows(whole, rows_of(whole), path)


def of_gathering(date, meeting, path):
    """A file of one gathering of the date."""
    whole = with_entries(CourseDate.objects).get(pk=date.pk)
    return of_rows(whole, [row for row in rows_of(whole) if row == meeting], path)


def of_rows(date, rows, path):
    if not rows:
        raise Over
    return written([event_of(row, date) for row in rows], source=path)


def written(events, *, name="", about="", page="", source=""):
    """The events as a calendar. `name`: of one to subscribe to; a file has none, so that programs
    put its events into the reader's own calendar. `page`: where people see the same; `source`:
    where programs do. No METHOD: with one, DTSTAMP would be the moment of asking."""
    calendar = new_calendar()
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
    if about:
        calendar.add("description", about)
        calendar.add("x-wr-caldesc", about)
    if page:
        calendar.add("url", settings.SITE_URL + page)
    calendar.add("source", settings.SITE_URL + source, {"VALUE": "URI"})
    calendar.add("refresh-interval", EVERY, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(EVERY))
    with_time_zones(calendar, zones_of(events) | {settings.TIME_ZONE})
    head = calendar.to_ical().removesuffix(END)
    return head + b"".join(event.to_ical() for event in events) + END
