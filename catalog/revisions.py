"""Numbers what calendars are told, so that they know news from what they have; and notes when a
course or a date first became public.

Whoever writes the copied tables calls `revise` in the same transaction: a change and its number
become visible together. What is new has the number 0, and is compared from `begin` on, which
follows when the transaction has ended: a first refresh of a large school has better things to do.

What an entry says must lead to `touched`, or stay out of it: staff's own words and settings do.
"""

import hashlib

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation

from catalog.calendar_feed import event_of, with_entries
from catalog.calendar_file import content_of, told_apart
from catalog.models import (
    Course,
    CourseDate,
    CourseText,
    Gathering,
    Generation,
    Place,
    Venue,
)

AT_ONCE = 250  # dates
COLUMNS = {
    CourseDate: ("entry_hash", "sequence", "stamped_at"),
    Gathering: ("entry_hash", "sequence", "stamped_at", "told_apart"),
}


def revise(now):
    """Give a new number to each entry that says something else since rows were written or
    withdrawn at that moment."""
    for model in (Course, CourseDate):
        new = model.objects.filter(public=True, appeared_at=None)
        if new.exists():
            new.update(appeared_at=now)
    for dates in in_parts(touched(now).filter(begun())):
        rows = list(rows_of(dates))
        keep([row for row in rows if any((mark(row), renumber(row, now)))])


def begin():
    """Note what the entries say that are compared with nothing yet, and since when."""
    new = Gathering.objects.filter(date=OuterRef("pk"), stamped_at=None)
    for dates in in_parts(told_of().filter(Q(stamped_at=None) | Exists(new))):
        with transaction.atomic():
            Generation.hold()  # nothing is written between reading and noting
            rows = list(rows_of(dates))
            keep([row for row in rows if any((mark(row), note(row)))])


# --- Which ----------------------------------------------------------------------------------


def told_of():
    """Dates that feeds may tell of, and those that were hidden since."""
    since = timezone.localdate() - settings.FEED_CANCELLED_PERIOD
    return CourseDate.objects.filter(ends_on__gte=since)


def touched(now):
    """The dates of whose entries something was written or withdrawn at that moment."""
    news = Q(changed_at=now) | Q(withdrawn_at=now)
    venues = Venue.objects.filter(news).values("pk")
    meetings = Gathering.objects.filter(news | Q(venue__in=venues)).values("date")
    courses, places = Course.objects.filter(news).values("pk"), Place.objects.filter(news)
    texts = CourseText.objects.filter(changed_at=now).values("course")
    own = Q(course__in=courses) | Q(course__in=texts)
    own |= Q(venue__in=venues) | Q(place__in=places.values("pk"))
    return told_of().filter(news | own | Q(pk__in=meetings))


def begun():
    """Dates of which something is compared with what it said."""
    known = Gathering.objects.filter(date=OuterRef("pk")).exclude(stamped_at=None)
    return ~Q(stamped_at=None) | Exists(known)


def in_parts(dates):
    """The dates in lists of a bounded length, each with all that its entries say; with one object
    for each course, for a course and its texts hold each other in memory for a while."""
    pks = list(dates.order_by("pk").values_list("pk", flat=True))
    whole = with_entries(CourseDate.objects).select_related(None).select_related("place", "venue")
    for first in range(0, len(pks), AT_ONCE):
        yield whole.filter(pk__in=pks[first : first + AT_ONCE])


def rows_of(dates):
    """The dates and their gatherings, withdrawn ones too: whatever may have an entry."""
    for date in dates:
        yield date
        for meeting in (*date.meetings, *date.withdrawn_meetings):
            meeting.date = date
            yield meeting


# --- What they say --------------------------------------------------------------------------


def digest_of(row):
    """Of what its entry says in any language: where it stands, in that of the site, and the words
    that are written in several."""
    date = row if isinstance(row, CourseDate) else row.date
    with translation.override(settings.LANGUAGE_CODE):
        said = content_of(event_of(row, date))
    leads = sorted((text.language, text.lead) for text in date.course.texts.all())
    return hashlib.sha1(said + repr(leads).encode(), usedforsecurity=False).hexdigest()


def note(row):
    """Whether it was new: then it says from now on what it says, since it was last written."""
    if row.stamped_at is not None:
        return False
    row.entry_hash, row.stamped_at = digest_of(row), row.changed_at
    return True


def renumber(row, now):
    """Whether the entry says something else than before; if so, its next number is set."""
    if row.stamped_at is None or (digest := digest_of(row)) == row.entry_hash:
        return False
    row.entry_hash, row.sequence, row.stamped_at = digest, row.sequence + 1, now
    return True


def mark(row):
    """Whether calendars are told from now on of a gathering apart from its date."""
    if isinstance(row, CourseDate) or row.told_apart or row not in told_apart(row.date):
        return False
    row.told_apart = True
    return True


def keep(rows):
    for model, columns in COLUMNS.items():
        of_model = [row for row in rows if isinstance(row, model)]
        if of_model:
            model.objects.bulk_update(of_model, columns, batch_size=AT_ONCE)
