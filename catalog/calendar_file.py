"""A course date as calendar programs read it (RFC 5545).

The events are named by Frontcore's ids alone, so that a later file of the same date updates the
events of an earlier one. The meeting link is left out unless it is asked for: it is for those who
have a place.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_of(events, provider, *, method="PUBLISH"):
    """The events in one file, with the time zones they name."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.MAIL_DOMAIN}//course calendar//{get_language()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    for event in events:
        if provider.email:
            event.add("organizer", organizer(provider))
        calendar.add_component(event)
    return with_time_zones(calendar)


def with_time_zones(calendar):
    days = [event["dtstart"].dt for event in calendar.events]
    years = [day.year for day in days] or [timezone.localdate().year]
    calendar.add_missing_timezones(dt.date(min(years), 1, 1), dt.date(max(years) + 1, 12, 31))
    return calendar


def as_text(calendar):
    return calendar.to_ical().decode()


def organizer(provider):
    address = vCalAddress(f"mailto:{provider.email}")
    address.params["CN"] = vText(provider.name)
    return address


def events_of(date, *, meeting_link=False):
    """An event for each gathering of the date, or one for the date where it has none that say more
    than it does itself (needs `with_where` and `with_gatherings`)."""
    meetings = date.own_meetings
    if not meetings:
        return [event_of_date(date, meeting_link=meeting_link)]
    return [
        event_of_gathering(meeting, date, number, len(meetings), meeting_link=meeting_link)
        for number, meeting in enumerate(meetings, start=1)
    ]


def event_of_date(date, *, meeting_link=False):
    event = new_event(f"date-{date.remote_id}", date, date.course.title, is_off=date.is_called_off)
    if date.start_time is None:
        event.add("dtstart", date.starts_on)
        event.add("dtend", date.ends_on + dt.timedelta(days=1))  # the first day after it
    else:
        event.add("dtstart", date.starts_at)
        if ends_at := end_of(date):
            event.add("dtend", ends_at)
    venue = None if date.is_virtual else date.venue
    add_place(event, venue, str(date.where))
    describe(event, date, link=date.event_url if meeting_link else "")
    return event


def end_of(date):
    """When the date ends, or None where nobody can tell: an end before the start is a slip."""
    if date.end_time is None:
        return None
    ends_at = dt.datetime.combine(date.ends_on, date.end_time, tzinfo=date.zone)
    return ends_at if ends_at > date.starts_at else None


def event_of_gathering(meeting, date, number=1, of=1, *, meeting_link=False):
    """The event of one gathering. Feeds leave out which one of how many it is: one that moves or
    is added must not change what is said of the others."""
    title = date.course.title
    if meeting.theme:
        title = f"{title}: {meeting.theme}"
    elif of > 1:
        title = _("%(title)s (%(number)d of %(of)d)") % {"title": title, "number": number, "of": of}
    is_off = date.is_called_off or meeting.withdrawn_at is not None
    event = new_event(f"gathering-{meeting.remote_id}", meeting, title, is_off=is_off)
    event.add("dtstart", meeting.starts_at.astimezone(date.zone))
    if meeting.ends_at and meeting.ends_at > meeting.starts_at:
        event.add("dtend", meeting.ends_at.astimezone(date.zone))
    venue = None if date.is_virtual else meeting.venue or date.venue
    add_place(event, venue, str(date.where))
    describe(event, date, link=(meeting.event_url or date.event_url) if meeting_link else "")
    return event


def new_event(name, row, title, *, is_off):
    """An event under that name. The row, a date or a gathering, knows its number and moment."""
    event = Event()
    event.add("uid", f"{name}@{settings.MAIL_DOMAIN}")
    event.add("dtstamp", row.entry_changed_at.astimezone(dt.UTC))
    event.add("last-modified", row.entry_changed_at.astimezone(dt.UTC))
    event.add("sequence", row.sequence)
    event.add("summary", title)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    return event


def content_of(event):
    """What the event says, as bytes: all of it but its number and its moments."""
    said = [
        (name, value.params.to_ical(), value.to_ical())
        for name, value in sorted(event.items())
        if name not in {"DTSTAMP", "LAST-MODIFIED", "SEQUENCE"}
    ]
    return repr(said).encode()


def add_place(event, venue, words):
    parts = [venue.name, venue.address, venue.postal_line] if venue else [words]
    if place := ", ".join(part for part in parts if part):
        event.add("location", place)


def describe(event, date, *, link):
    address = settings.SITE_URL + date.get_absolute_url()
    lines = [_("Link to the online meeting: %(link)s") % {"link": link}] if link else []
    event.add("description", "\n".join([*lines, address]))
    event.add("url", link or address)


def as_cancelled(calendar):
    """The same events, taken back: what was put into a calendar leaves it again."""
    calendar["method"] = vText("CANCEL")
    for event in calendar.events:
        number = int(event.get("sequence", 0))
        for name in ("status", "sequence", "dtstamp"):
            event.pop(name, None)
        event.add("status", "CANCELLED")
        event.add("sequence", number + 1)
        event.add("dtstamp", timezone.now().astimezone(dt.UTC))
    return calendar
