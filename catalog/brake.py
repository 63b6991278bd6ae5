"""Whether too much would leave the public lists at once: then it waits for staff.

A row leaves when Frontcore no longer has it, and also when it is suddenly hidden, deleted or of
another type: a word that changes upstream must not empty the site either. The rows that are held
keep their last good copy; everything else of the run goes on air.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from catalog.models import (
    SOURCE,
    Course,
    CourseDate,
    Held,
    Product,
    Refresh,
    Removed,
    Staged,
)
from catalog.staging import CHUNK

DAY = timedelta(hours=24)
# Courses and their dates are held together: a course without its dates is no good copy.
GROUPS = (("course", "date"), ("product",))


def judge(progress):
    """Hold what must wait for staff, by taking it out of what is staged.

    Of an "apply" run, what was held before it may leave; only what is missing beyond that is
    judged. Where an item did not even tell its id, nothing may be called gone.
    """
    run = progress.run
    if progress.unreadable_ids:
        gone = Staged.objects.filter(refresh=run, payload__isnull=True)
        if gone.exists():
            progress.note("removals", None, "", "put off: an item without a readable id came too")
        gone.delete()
    for kinds in GROUPS:
        unasked = {kind: not_yet_released(run, kind, progress.today) for kind in kinds}
        if any(too_many(kind, rows.count(), progress.today) for kind, rows in unasked.items()):
            for kind, rows in unasked.items():
                hold(run, kind, rows)
            for kind in kinds:
                staged = Staged.objects.filter(refresh=run, kind=kind)
                held = Held.objects.filter(source=SOURCE, kind=kind, refresh=run)
                staged.filter(remote_id__in=held.values("remote_id")).filter(LEAVES).delete()


LEAVES = Q(payload__isnull=True) | Q(listed=False)


def listed(kind, today):
    """What the public lists hold of that kind, as far as removals are judged: dates still ahead;
    those that have passed are not gone."""
    if kind == "course":
        return Course.objects.filter(source=SOURCE, public=True, withdrawn_at=None)
    if kind == "product":
        return Product.objects.filter(source=SOURCE, withdrawn_at=None)
    return CourseDate.objects.filter(
        source=SOURCE, public=True, withdrawn_at=None, starts_on__gte=today
    )


def leaving(run, kind, today):
    """The listed rows that this run would take out of the lists."""
    staged = Staged.objects.filter(refresh=run).filter(LEAVES)
    by_itself = Q(remote_id__in=staged.filter(kind=kind).values("remote_id"))
    if kind == "date":
        by_itself |= Q(course__remote_id__in=staged.filter(kind="course").values("remote_id"))
    return listed(kind, today).filter(by_itself)


def not_yet_released(run, kind, today):
    approved = released(run, kind).values("remote_id")
    return leaving(run, kind, today).exclude(remote_id__in=approved)


def released(run, kind):
    """What was held before and may leave in this run: nothing, but in an "apply" run."""
    if run.kind != Refresh.Kind.APPLY:
        return Held.objects.none()
    return Held.objects.filter(source=SOURCE, kind=kind).exclude(refresh=run)


def too_many(kind, count, today):
    """More than a fifth of what was there a day ago and more than five, or all that is left.

    What left in the last 24 hours counts too, unless it is back, or staff have released it: they
    have judged those rows, and no others.
    """
    if not count:
        return False
    there = listed(kind, today)
    left = Removed.objects.filter(source=SOURCE, kind=kind, at__gt=timezone.now() - DAY)
    left = left.exclude(remote_id__in=there.values("remote_id")).values("remote_id").distinct()
    listed_now = there.count()
    gone, base = left.filter(released=False).count() + count, left.count() + listed_now
    return count == listed_now or (
        gone > settings.BRAKE_COUNT and gone > settings.BRAKE_SHARE * base
    )


def hold(run, kind, rows):
    """Write down what is held; `since` stays what it was for what was held before."""
    for chunk in chunks(rows):
        Held.objects.bulk_create(
            [
                Held(kind=kind, remote_id=row.remote_id, title=row.title, refresh=run)
                for row in chunk
            ],
            update_conflicts=True,
            unique_fields=["source", "kind", "remote_id"],
            update_fields=["title", "refresh"],
        )


def chunks(rows):
    """The rows of a queryset in lists, by key; each chunk is its own query."""
    last, rows = 0, rows.only("pk", "remote_id", "title").order_by("pk")
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        yield chunk
