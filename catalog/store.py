"""Stores what was read by itself, and tells everyone that the copy on air has changed.

`store_one` is for a date that was looked at before a booking; whole refreshes go through
`catalog.refresh`. Both write with `catalog.write`, the only writer of the copied tables.
"""

import logging

from cachalot.api import invalidate
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog import shape
from catalog.differ import differing
from catalog.models import SOURCE, Checked, Course, CourseDate, Generation
from catalog.write import ORDER, write
from frontcore import NotThere

log = logging.getLogger("catalog.store")


# --- The generation -------------------------------------------------------------------------


def announce():
    """Raise the generation: to be called after the transaction that wrote has *ended*. Until then
    cachalot has not dropped what it keeps, and a page made under the new number would be old."""
    Generation.objects.filter(source=SOURCE).update(number=F("number") + 1, pending=False)


def announce_missed():
    """Raise the generation for a writer that died between its commit and its `announce`."""
    if Generation.objects.filter(source=SOURCE, pending=True).exists():
        invalidate("catalog")
        announce()
        log.warning("A switch was not announced: done now.")


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
    rows = differing([*rows, *rows_of_its_course(record)])
    now = timezone.now()
    with transaction.atomic():
        wrote = write_all([row.fetched(asked_at) for row in rows], now)
        newest_look(record.id, asked_at)
        if wrote:
            Generation.current()
            Generation.objects.filter(source=SOURCE).update(pending=True)
    if wrote:
        announce()
    dates = CourseDate.objects.select_related("course", "place", "venue", "seats")
    return dates.filter(source=SOURCE, remote_id=record.id).first()


def rows_of_its_course(record):
    """The course inside a date, where it is new or differs in what a booking depends on; in the
    rest (categories …) the list of courses is the better witness."""
    if record.course is None:
        return []
    rows = shape.rows_of_course(record.course)
    told = rows[-1].values
    known = Course.objects.filter(source=SOURCE, remote_id=record.course_id).first()
    decisive = ("title", "is_active", "kind", "currency")
    if known and all(getattr(known, name) == told[name] for name in decisive):
        return []
    return rows


def write_all(rows, now):
    """Whether anything was written."""
    by_kind = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    wrote = False
    for kind in ORDER:
        if write(kind, by_kind.get(kind, []), now):
            wrote = True
    return wrote


def newest_look(remote_id, asked_at):
    """Remember when this date was looked at; an older look never hides a newer one."""
    look, is_new = Checked.objects.get_or_create(
        source=SOURCE, kind="date", remote_id=remote_id, defaults={"at": asked_at}
    )
    if not is_new and look.at < asked_at:
        Checked.objects.filter(pk=look.pk, at__lt=asked_at).update(at=asked_at)
