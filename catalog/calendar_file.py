"""A course date as calendar programs read it (RFC 5545).

The entries are named by Frontcore's ids alone, so that a later file or feed updates the entries of
an earlier one. The meeting link stands in those for people who have a place, and in no other.
"""

import datetime as dt
import re

from django.conf import settings
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from catalog.models import CourseDate
from catalog.templatetags.formats import plain
from catalog.time_zones import as_component

CONTENT_TYPE = "text/calendar; charset=utf-8"
LEAD = 300  # characters of what the course is about
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # in no text (RFC 5545, 3.1)
NOT_SAID = {"DTSTAMP", "LAST-MODIFIED", "SEQUENCE"}  # which form of an entry it is


def calendar_of(events, provider, *, method="PUBLISH"):
    """The events in one file, with the time zones they name."""
    calendar = new_calendar()
    calendar.add("method", method)
    starts = [event["dtstart"].params.get("TZID") for event in events]
    for event in events:
        if provider.email:
            event.add("organizer", organizer(provider))
        calendar.add_component(event)
    return with_time_zones(calendar, set(filter(None, starts)))


def new_calendar():
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.MAIL_DOMAIN}//course calendar//{get_language()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def with_time_zones(calendar, names):
    for place, name in enumerate(sorted(names)):
        calendar.subcomponents.insert(place, as_component(name))
    return calendar


def as_text(calendar):
    return calendar.to_ical().decode()


def organizer(provider):
    address = vCalAddress(f"mailto:{provider.email}")
    address.params["CN"] = vText(provider.name)
    return address


def events_of(date, *, booked=False):
    """An event for each gathering that is told apart, or one for the date (needs `with_where` and
    `with_gatherings`). `booked`: for who has a place: with the meeting link, the hours taken."""
    meetings = told_apart(date)
    if not meetings:
        return [event_of_date(date, booked=booked)]
    return [
        event_of_gathering(meeting, date, number, len(meetings), booked=booked)
        for number, meeting in enumerate(meetings, start=1)
    ]


def told_apart(date):
    """Its gatherings where calendars are told of each: where they say more than the date does, and
    where they did once. A program that knows their entries must not lose the last one of two for
    an entry of the date because the other has gone."""
    return date.own_meetings or [meeting for meeting in date.meetings if meeting.told_apart]


def event_of_date(date, *, booked=False):
    event = new_event(date, date, date.course.title, booked=booked)
    if date.start_time is None:
        event.add("dtstart", date.starts_on)
        last = max(date.starts_on, date.ends_on)  # an end before the start is a slip
        event.add("dtend", last + dt.timedelta(days=1))  # the first day after it
    else:
        event.add("dtstart", date.starts_at)
        if date.ends_at:
            event.add("dtend", date.ends_at)
    venue = None if date.is_virtual else date.venue
    add_place(event, venue, str(date.where))
    describe(event, date, link=date.event_url if booked else "")
    return event


def event_of_gathering(meeting, date, number=1, of=1, *, booked=False):
    """The event of one gathering. Feeds leave out which one of how many it is: one that moves or
    is added must not change what is said of the others."""
    title = date.course.title
    if meeting.theme:
        title = f"{title}: {meeting.theme}"
    elif of > 1:
        title = _("%(title)s (%(number)d of %(of)d)") % {"title": title, "number": number, "of": of}
    event = new_event(meeting, date, title, booked=booked)
    event.add("dtstart", meeting.starts_at.astimezone(date.zone))
    if meeting.known_end:
        event.add("dtend", meeting.known_end.astimezone(date.zone))
    venue = None if date.is_virtual else meeting.venue or date.venue
    add_place(event, venue, own_place(date))
    describe(event, date, link=(meeting.event_url or date.event_url) if booked else "")
    return event


def uid_of(row):
    """The name of its entry: of the id in Frontcore alone, whatever the site is called."""
    kind = "date" if isinstance(row, CourseDate) else "gathering"
    return f"{kind}-{row.remote_id}@{row.source}"


def new_event(row, date, title, *, booked):
    """An event of the row, a date or a gathering of it, with its number and moment."""
    status, words = standing(date, is_off=row.withdrawn_at is not None)
    event = Event()
    event.add("uid", uid_of(row))
    event.add("dtstamp", row.entry_changed_at.astimezone(dt.UTC))
    event.add("last-modified", row.entry_changed_at.astimezone(dt.UTC))
    event.add("sequence", row.sequence)
    summary = clean(words % {"title": title})
    event.add("summary", summary, {"LANGUAGE": date.course.title_language})
    event.add("status", status)
    if not booked:  # it keeps no hour of theirs
        event.add("transp", "TRANSPARENT")
    return event


def standing(date, *, is_off):
    """(STATUS, the title in words): programs that do not look at the status show the words."""
    if is_off or date.is_called_off or date.course.is_withdrawn:
        return "CANCELLED", _("Cancelled: %(title)s")
    if date.status == CourseDate.Status.POSTPONED:
        return "TENTATIVE", _("Postponed: %(title)s")
    if date.status == CourseDate.Status.TO_BE_CONFIRMED:
        return "TENTATIVE", "%(title)s"
    return "CONFIRMED", "%(title)s"


def content_of(event):
    """What the event says, as bytes: all of it but its number and its moments."""
    said = [
        (name, value.params.to_ical(), value.to_ical())
        for name, value in sorted(event.items())
        if name not in NOT_SAID
    ]
    return repr(said).encode()


def clean(text):
    return CONTROL.sub("", text)


def add_place(event, venue, words):
    parts = [venue.name, venue.address, venue.postal_line] if venue else [words]
    if place := ", ".join(part for part in parts if part):
        event.add("location", clean(place))
    if venue and venue.point:
        event.add("geo", venue.point)


def own_place(date):
    """Where the date is held as it says itself, not as another of its gatherings does."""
    return str(date.where) if date.is_virtual or date.place or date.place_note else ""


def describe(event, date, *, link):
    """What it is about, and where more stands: the page of the date."""
    address = settings.SITE_URL + date.get_absolute_url()
    lines = [_("Link to the online meeting: %(link)s") % {"link": link}] if link else []
    if (text := date.course.text()) and (lead := plain(text.lead)):
        lines += [Truncator(lead).chars(LEAD), ""]
    event.add("description", clean("\n".join([*lines, address])))
    event.add("url", link or address)


def as_cancelled(calendar, numbers):
    """The same events, taken back: what was put into a calendar leaves it again. `numbers`: those
    that the entries have by now, by name; a program may hold a later form than was sent."""
    calendar["method"] = vText("CANCEL")
    for event in calendar.events:
        number = max(int(event.get("sequence", 0)), numbers.get(event["uid"], 0))
        for name in ("status", "sequence", "dtstamp"):
            event.pop(name, None)
        event.add("status", "CANCELLED")
        event.add("sequence", number + 1)
        event.add("dtstamp", timezone.now().astimezone(dt.UTC))
    return calendar
