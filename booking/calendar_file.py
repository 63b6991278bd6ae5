"""The calendar file of a booking: its date's events, in the booking's language, with the meeting
link. Nothing in it is about a person."""

from django.utils import translation
from django.utils.text import slugify
from icalendar import Calendar

from booking.models import Mail
from catalog.calendar_file import (
    as_cancelled,
    as_text,
    calendar_of,
    event_of_gathering,
    events_of,
    told_apart,
    uid_of,
)
from catalog.models import CourseDate, Provider


def of_booking(booking):
    """All events of the booked date, as a text; only a confirmed booking has any."""
    with translation.override(booking.language):
        events = events_of(with_meetings(booking), booked=True)
        return as_text(calendar_of(events, Provider.current()))


def of_gathering(booking, remote_id):
    """One gathering of the booked date, or None where the date has no such."""
    with translation.override(booking.language):
        date = with_meetings(booking)
        meetings = told_apart(date)
        for number, meeting in enumerate(meetings, start=1):
            if meeting.remote_id == remote_id:
                of = len(meetings)
                event = event_of_gathering(meeting, date, number, of, booked=True)
                return as_text(calendar_of([event], Provider.current()))
    return None


def taken_back(booking):
    """The events again, as cancelled. Those of the file that was sent, if one was: what has
    changed upstream since then does not matter to the calendar that still holds them."""
    sent = Mail.objects.filter(booking=booking, kind=Mail.Kind.CONFIRMED).exclude(calendar="")
    earlier = sent.values_list("calendar", flat=True).first() or of_booking(booking)
    rows = [booking.coursedate, *booking.coursedate.gatherings.all()]
    numbers = {uid_of(row): row.sequence for row in rows}
    return as_text(as_cancelled(Calendar.from_ical(earlier), numbers))


def with_meetings(booking):
    dates = CourseDate.objects.select_related("course").with_where().with_gatherings()
    return dates.get(pk=booking.coursedate_id)


def file_name(booking):
    title = slugify(booking.coursedate.course.slug) or "kurs"
    return f"{title[:60]}-{booking.reference}.ics"
