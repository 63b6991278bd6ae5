"""Stores what was read by itself, and tells everyone that the copy on air has changed.

`store_one` is for a date that was looked at before a booking; whole refreshes go through
`catalog.refresh`. Both write with `catalog.write`, the only writer of the copied tables.
"""

import logging

from cachalot.api import invalidate
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog import revisions, shape
from catalog.brake import listed
from catalog.differ import differing
from catalog.models import SOURCE, Checked, Course, CourseDate, Generation, Opening, Removed
from catalog.search import documents
from catalog.write import LOOKED_AT, ORDER, write
from frontcore import NotThere

log = logging.getLogger("catalog.store")

WORDLESS = {"seats", "product"}  # no search finds anything by them, no calendar entry tells of them


# --- The generation -------------------------------------------------------------------------


def announce():
    """Raise the generation: to be called after the transaction that wrote has *ended*. Until then
    cachalot has not dropped what it keeps, and a page made under the new number would be old."""
    Generation.objects.filter(source=SOURCE).update(number=F("number") + 1, pending=False)


def announce_missed():
    """Raise the generation for a writer that died between its commit and its `announce`."""
    if Generation.objects.filter(source=SOURCE, pending=True).exists():
        invalidate("catalog")
        documents.catch_up()
        announce()
        log.warning("A switch was not announced: done now.")


def announce_openings(since, until):
    """Raise the generation where booking of a date has opened in that time: lists and pages that
    are kept say that it has not."""
    if Opening.objects.filter(opens_at__gt=since, opens_at__lte=until).exists():
        announce()


# --- One date -------------------------------------------------------------------------------


def fresh_look(api, coursedate):
    """Ask Frontcore for this date, store the answer and return the CourseDate as it is now.

    Where Frontcore has no such date, the instance comes back with `withdrawn_at` set but not
    saved: whether it is gone for good is for the refresh to judge. Other errors of the API are the
    caller's.
    """
    asked_at = timezone.now()
    try:
        record = api.coursedate(coursedate.course.remote_id, coursedate.remote_id)
    except NotThere:
        coursedate.withdrawn_at = coursedate.withdrawn_at or asked_at
        return coursedate
    return store_one(record, asked_at) or coursedate


def store_one(record, asked_at=None):
    """Store a date that was read by itself, with its prices, unless the copy is newer.

    Returns the CourseDate as it now stands in the copy, or None where it could not be stored
    because its course is unknown. `asked_at`: the moment before it was asked for.
    """
    asked_at = asked_at or timezone.now()
    rows = shape.rows_of_date(record)
    for product in record.products or ():
        if not (product.is_archived or product.is_deleted):
            rows.append(shape.row_of_product(product))
    with transaction.atomic():
        # A run that switches now comes first, and is compared with.
        if not Generation.hold():
            Generation.current()
        remember_look(record, rows, asked_at)
        wrote = write_news(record, differing(rows), asked_at)
    if wrote - WORDLESS:
        of = Course.objects.filter(source=SOURCE, remote_id=record.course_id)
        documents.catch_up(of.values_list("pk", flat=True))
    if wrote:
        announce()
    if wrote - WORDLESS:
        revisions.begin()
    return as_seen(record)


def write_news(record, rows, asked_at):
    """The kinds of rows that were written."""
    if not rows:
        return set()
    now = timezone.now()
    was_listed = listed("date", timezone.localdate()).filter(remote_id=record.id).first()
    rows = [*rows, *differing(rows_of_new_course(record))]
    wrote = write_all([row.fetched(asked_at) for row in rows], now)
    if wrote - WORDLESS:
        revisions.revise(now)
    if wrote:
        Generation.objects.filter(source=SOURCE).update(pending=True)
        book_removal(was_listed)
    return wrote


def rows_of_new_course(record):
    """The course inside a date where the copy has none of that id. What a look says about a course
    is no reason to change what stands in the lists: its other dates hang on it."""
    if record.course is None:
        return []
    if Course.objects.filter(source=SOURCE, remote_id=record.course_id).exists():
        return []
    return shape.rows_of_course(record.course)


def as_seen(record):
    """The date as it stands in the copy. Where its course is no longer for everyone, the instance
    is not public, but that is not saved: what becomes of the course is for the refresh to judge."""
    dates = CourseDate.objects.with_course()
    seen = dates.filter(source=SOURCE, remote_id=record.id).first()
    if seen and is_closed(record.course):
        seen.public = False
    return seen


def is_closed(course):
    """Whether an answer says that a course is not for everyone. One that says nothing of its type
    does not."""
    if course is None:
        return False
    return not course.is_active or (bool(course.kind) and course.kind != shape.PUBLIC_KIND)


def book_removal(was_listed):
    """Count the date that this look has taken out of the lists, for the brake of the runs."""
    if was_listed and not CourseDate.objects.filter(pk=was_listed.pk, public=True).exists():
        Removed.objects.create(kind="date", remote_id=was_listed.remote_id, title=was_listed.title)


def write_all(rows, now):
    """The kinds of which anything was written."""
    by_kind = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    return {kind for kind in ORDER if write(kind, by_kind.get(kind, []), now)}


def remember_look(record, rows, asked_at):
    """Remember when each of these things was looked at; an older look never hides a newer one.
    A look at a date has also seen that its course is there."""
    seen = {(row.kind, row.remote_id) for row in rows if row.kind in LOOKED_AT}
    if not is_closed(record.course):
        seen.add(("course", record.course_id))
    looks = Checked.objects.filter(source=SOURCE, kind__in={kind for kind, _ in seen})
    looks = looks.filter(remote_id__in={remote_id for _, remote_id in seen}, at__gt=asked_at)
    seen -= set(looks.values_list("kind", "remote_id"))
    Checked.objects.bulk_create(
        [Checked(kind=kind, remote_id=remote_id, at=asked_at) for kind, remote_id in sorted(seen)],
        update_conflicts=True,
        unique_fields=["source", "kind", "remote_id"],
        update_fields=["at"],
    )
