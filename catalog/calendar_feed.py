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
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import vDuration, vText

from catalog import choices, timetable
from catalog.calendar_file import (
    clean,
    event_of_date,
    event_of_gathering,
    new_calendar,
    told_apart,
    uid_of,
    with_time_zones,
)
from catalog.models import CourseDate, CourseText, Gathering, Provider

AT_MOST = 1_000  # entries in one calendar, half a megabyte: programs limit what they fetch
PAST = 200  # of them may be past, where there are more than fit
EVERY, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)  # a calendar asks again
END = b"END:VCALENDAR\r\n"

KEPT = 10_000  # texts of entries, in each process
kept = {}


class Over(Exception):
    """It was asked for by itself, and every calendar has heard by now that it is off."""


def told_since():
    """Since when what is cancelled or withdrawn is told of."""
    return timezone.now() - settings.FEED_CANCELLED_PERIOD


# --- Entries --------------------------------------------------------------------------------


def with_entries(dates):
    """The dates with all that their entries say, those of withdrawn gatherings too (4 queries).
    Without their seats: no entry tells them, and each would hold its date in memory."""
    off = Gathering.objects.exclude(withdrawn_at=None).select_related("venue")
    texts = CourseText.objects.only("course", "language", "lead")
    return (
        dates.with_where()
        .select_related(None)
        .select_related("course", "place", "venue")
        .with_meetings()
        .prefetch_related(
            Prefetch("gatherings", off, to_attr="withdrawn_meetings"),
            Prefetch("course__texts", texts),
        )
    )


def in_order(pks):
    """The dates with those keys; one that was hidden since they were found is none."""
    found = with_entries(CourseDate.objects.reachable()).in_bulk(pks)
    return (found[pk] for pk in pks if pk in found)


def rows_of(date):
    """What has an entry in calendars now: gatherings of the date, or the date itself; nothing where
    it was withdrawn after its time, or so long ago that every calendar has heard of it."""
    rows = [date]
    if held := told_apart(date):
        off = [meeting for meeting in date.withdrawn_meetings if meeting.told_apart]
        rows = sorted([*held, *off], key=lambda row: (row.starts_at, row.remote_id))
    return [row for row in rows if is_told(row, date)]


def is_told(row, date):
    off_at = row.withdrawn_at or date.withdrawn_at or date.course.withdrawn_at
    return off_at is None or row.starts_at > off_at > told_since()


def event_of(row, date):
    return event_of_date(row) if row is date else event_of_gathering(row, date)


def entries_of(dates):
    """Yield (time zone, text) of each entry."""
    for date in dates:
        for row in rows_of(date):
            yield date.zone.key, text_of(row, date)


def text_of(row, date):
    """The lines of an entry: written once, for a thousand take a second. What it says stands in
    its hash; one that is not noted yet is written anew."""
    if row.stamped_at is None:
        return event_of(row, date).to_ical()
    says = (uid_of(row), row.entry_hash, row.sequence, row.stamped_at)
    name = (*says, settings.SITE_URL, get_language())
    if name not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        kept[name] = event_of(row, date).to_ical()
    return kept[name]


# --- Calendars ------------------------------------------------------------------------------


def of_selection(selection, path):
    """The calendar of all dates that a selection allows; `path`: its address on this site."""
    table = timetable.of_feeds()
    pks, is_cut = chosen(table, selection, timezone.localdate())
    entries = list(islice(entries_of(in_order(pks)), AT_MOST + 1))
    query = selection.query()
    query = f"?{query}" if query else ""
    words = choices.words_of(table, selection)
    provider = Provider.current().name
    name = _("Courses at %(provider)s") % {"provider": provider} if provider else _("Courses")
    about = _("This calendar is full: it holds the next %(number)d entries. Choose fewer courses.")
    return written(
        entries[:AT_MOST],
        name=f"{name}: {words}" if words else name,
        about=about % {"number": AT_MOST} if is_cut or len(entries) > AT_MOST else "",
        page=reverse("calendar") + query,
        source=path + query,
    )


def chosen(table, selection, today):
    """(primary keys of the dates in the order of time, whether there are more): where there are
    too many, the next ones after the last few that have begun."""
    since, until = selection.since or today, selection.until or dt.date.max
    begun = table.dates_found(replace(selection, until=min(until, today - DAY)))
    ahead = table.dates_found(replace(selection, since=max(since, today)))
    room = max(PAST, AT_MOST - len(ahead))
    pks = [*begun[-room:], *ahead][:AT_MOST]
    return pks, len(pks) < len(begun) + len(ahead)


def of_course(course, path):
    """The calendar of a course. Over, when it has been withdrawn for long."""
    if course.is_withdrawn and course.withdrawn_at < told_since():
        raise Over
    pks = timetable.of_feeds().dates_with("course", course.pk)[-AT_MOST:]
    entries = islice(entries_of(in_order(pks)), AT_MOST)
    page = course.get_absolute_url()
    return written(list(entries), name=course.title, page=page, source=path)


def of_date(pk, path, gathering=None):
    """A file of one date, or of one gathering of it, if that is told of apart. Over, where nothing
    is told of it any more."""
    date = with_entries(CourseDate.objects.followed()).filter(pk=pk).first()
    rows = rows_of(date) if date else []
    if gathering:
        rows = [row for row in rows if row in (gathering, date)]
    if not rows:
        raise Over
    return written([(date.zone.key, text_of(row, date)) for row in rows], source=path)


def written(entries, *, name="", about="", page="", source=""):
    """The entries as a calendar. `name`: of one to subscribe to; a file has none, so that programs
    put its entries into the reader's own calendar. `page`: where people see the same; `source`:
    where programs do. No METHOD: with one, DTSTAMP would be the moment of asking."""
    calendar = new_calendar()
    for words, *called in ((name, "name", "x-wr-calname"), (about, "description", "x-wr-caldesc")):
        for each in called if words else ():
            calendar.add(each, vText(clean(words)))
    if name:
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
    if page:
        calendar.add("url", settings.SITE_URL + page)
    calendar.add("source", settings.SITE_URL + source, {"VALUE": "URI"})
    calendar.add("refresh-interval", EVERY, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(EVERY))
    with_time_zones(calendar, {settings.TIME_ZONE, *(zone for zone, text in entries)})
    head = calendar.to_ical().removesuffix(END)
    return head + b"".join(text for zone, text in entries) + END
