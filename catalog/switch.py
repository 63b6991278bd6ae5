"""The moment at which a run becomes visible: one transaction, all of it or nothing."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from catalog.brake import LEAVES, chunks, leaving, listed, released
from catalog.differ import COPIED
from catalog.models import (
    SOURCE,
    Checked,
    CourseDate,
    Generation,
    Held,
    Refresh,
    Removed,
    Staged,
)
from catalog.progress import Stopped
from catalog.revisions import revise
from catalog.staging import staged_rows
from catalog.write import ORDER, write

COUNTED = ("course", "text no", "text en", "product", "date")
WITHDRAWN = ("course", "product", "date")


def switch(progress):
    """Put on air what is staged and end the run. Returns whether anything that pages read changed.

    The first statement takes the run's right to do so; a run that was closed meanwhile stops here.
    """
    run, now = progress.run, timezone.now()
    with transaction.atomic():
        mine = Refresh.objects.running().filter(pk=run.pk)
        if not mine.update(beat_at=now, phase=Refresh.Phase.SWITCHING):
            raise Stopped("It was closed as lost before it could go on air.")
        Generation.hold()
        drop_outdated(run)
        book_removals(progress)
        wrote = write_staged(progress, now)
        wrote = withdraw(progress, now) or wrote
        if wrote:
            revise(now)
        if run.kind in (Refresh.Kind.FULL, Refresh.Kind.APPLY):
            let_go(progress)
        remember_texts(progress)
        end_well(progress, wrote, now)
    return wrote


def drop_outdated(run):
    """Nothing leaves the lists that somebody has seen since the run asked for it."""
    looks = Checked.objects.filter(
        source=SOURCE,
        kind=OuterRef("kind"),
        remote_id=OuterRef("remote_id"),
        at__gt=OuterRef("fetched_at"),
    )
    staged = Staged.objects.filter(LEAVES, refresh=run, kind__in=WITHDRAWN)
    staged.filter(Exists(looks)).delete()


def let_go(progress):
    """Forget what was held and is held no longer. A run that may call nothing gone cannot tell:
    it goes on holding what is still listed."""
    held = Held.objects.filter(source=SOURCE).exclude(refresh=progress.run)
    if progress.unreadable_ids:
        for kind in WITHDRAWN:
            there = listed(kind, progress.today).values("remote_id")
            held.filter(kind=kind, remote_id__in=there).update(refresh=progress.run)
    held.delete()


def book_removals(progress):
    run, today = progress.run, progress.today
    for kind in WITHDRAWN:
        approved = set(released(run, kind).values_list("remote_id", flat=True))
        for rows in chunks(leaving(run, kind, today)):
            Removed.objects.bulk_create(
                Removed(
                    refresh=run,
                    kind=kind,
                    remote_id=row.remote_id,
                    title=row.title,
                    released=row.remote_id in approved,
                )
                for row in rows
            )


def write_staged(progress, now):
    run, wrote = progress.run, False
    for kind in ORDER:
        for rows in staged_rows(run, kind):
            written = write(kind, rows, now)
            wrote = wrote or bool(written)
            if kind in COUNTED:
                run.created += written.created
                run.changed += written.changed
            if kind == "seats":
                run.seats += written.created + written.changed
            if kind == "date":
                for remote_id in written.skipped:
                    progress.note("date", remote_id, "course", "unknown course")
    return wrote


def withdraw(progress, now):
    """Withdraw what Frontcore no longer has, and the dates ahead of courses it no longer has."""
    run = progress.run
    gone = {
        kind: Staged.objects.filter(refresh=run, kind=kind, payload__isnull=True).values(
            "remote_id"
        )
        for kind in WITHDRAWN
    }
    for kind in WITHDRAWN:
        rows = COPIED[kind].objects.filter(source=SOURCE, withdrawn_at=None)
        missing = rows.filter(remote_id__in=gone[kind])
        if missing.exists():
            run.withdrawn += missing.update(withdrawn_at=now)
    ahead = CourseDate.objects.filter(
        source=SOURCE,
        withdrawn_at=None,
        starts_on__gte=progress.today,
        course__remote_id__in=gone["course"],
    )
    if ahead.exists():
        run.withdrawn += ahead.update(withdrawn_at=now)
    return run.withdrawn > 0


def remember_texts(progress):
    Checked.objects.bulk_create(
        [
            Checked(kind="text", remote_id=course_id, at=asked_at)
            for course_id, asked_at in progress.texts
        ],
        update_conflicts=True,
        unique_fields=["source", "kind", "remote_id"],
        update_fields=["at"],
    )


def end_well(progress, wrote, now):
    run = progress.run
    run.held = Held.objects.filter(refresh=run).count()
    run.outcome = Refresh.Outcome.HELD if run.held else Refresh.Outcome.GOOD
    run.bad = sum(progress.bad.values())
    run.unchanged = max(0, sum(progress.read.values()) - run.created - run.changed)
    run.ended_at = run.beat_at = timezone.now()
    run.phase, run.done, run.total = "", 0, None
    run.save()
    generation = Generation.objects.filter(source=SOURCE)
    if run.kind != Refresh.Kind.LISTS:
        generation.update(checked_at=run.started_at, stale_told_at=None)
    if wrote:
        generation.update(pending=True)
