"""Numbers what calendars are told, so that they know news from what they have; and notes when a
course or a date first became public.

Whoever writes the copied tables calls `revise` in the same transaction: a change and its number
become visible together. What is new has the number 0, and is compared from `begin` on, which
follows when the transaction has ended: a first refresh of a large school has better things to do.
"""

import hashlib

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone, translation

from catalog.calendar_file import content_of, event_of_date, event_of_gathering
from catalog.models import Course, CourseDate, Gathering, Place, Venue

AT_ONCE = 250  # dates
COLUMNS = ("entry_hash", "sequence", "stamped_at")


def revise(now):
    """Give a new number to each entry that says something else since rows were written or
    withdrawn at that moment."""
    for model in (Course, CourseDate):
        new = model.objects.filter(public=True, appeared_at=None)
        if new.exists():
            new.update(appeared_at=now)
    for dates in in_parts(touched(now).filter(begun())):
        keep([row for row in rows_of(dates) if row.entry_hash and renumber(row, now)])


def begin():
    """Note what the entries say that are compared with nothing yet."""
    new = Gathering.objects.filter(date=OuterRef("pk"), entry_hash="")
    for dates in in_parts(told_of().filter(Q(entry_hash="") | Exists(new))):
        noted = [row for row in rows_of(dates) if not row.entry_hash and note(row)]
        with transaction.atomic():
            keep(noted, ["entry_hash"])


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
    own = Q(course__in=courses) | Q(venue__in=venues) | Q(place__in=places.values("pk"))
    return told_of().filter(news | own | Q(pk__in=meetings))


def begun():
    known = Gathering.objects.filter(date=OuterRef("pk")).exclude(entry_hash="")
    return ~Q(entry_hash="") | Exists(known)


def in_parts(dates):
    """The dates in lists of a bounded length, each with all that its entries say."""
    pks = list(dates.order_by("pk").values_list("pk", flat=True))
    whole = CourseDate.objects.select_related("course").with_where()
    meetings = Gathering.objects.select_related("venue")
    whole = whole.prefetch_related(Prefetch("gatherings", meetings, to_attr="all_gatherings"))
    for first in range(0, len(pks), AT_ONCE):
        yield whole.filter(pk__in=pks[first : first + AT_ONCE])


def rows_of(dates):
    """The dates and their gatherings, withdrawn ones too: whatever may have an entry."""
    for date in dates:
        yield date
        for meeting in date.all_gatherings:
            meeting.date = date
            yield meeting


# --- What they say --------------------------------------------------------------------------


def digest_of(row):
    """Of what its entry says, in the language of the site: others differ where that one does."""
    with translation.override(settings.LANGUAGE_CODE):
        if isinstance(row, CourseDate):
            event = event_of_date(row)
        else:
            event = event_of_gathering(row, row.date)
    return hashlib.sha1(content_of(event), usedforsecurity=False).hexdigest()


def note(row):
    row.entry_hash = digest_of(row)
    return True


def renumber(row, now):
    """Whether the entry says something else than before; if so, its next number is set."""
    digest = digest_of(row)
    if digest == row.entry_hash:
        return False
    row.entry_hash, row.sequence, row.stamped_at = digest, row.sequence + 1, now
    return True


def keep(rows, columns=COLUMNS):
    for model in (CourseDate, Gathering):
        of_model = [row for row in rows if isinstance(row, model)]
        if of_model:
            model.objects.bulk_update(of_model, columns, batch_size=AT_ONCE)
