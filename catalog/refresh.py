"""One refresh from start to end: fetch, judge, switch. And when one is due.

Two never run together: a constraint allows one row without an end. A run that shows no sign of
life is closed as lost by the next one and, should it still live, stops before the switch.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog import revisions
from catalog.brake import judge
from catalog.fetch import NEW_TEXTS_PER_RUN, fetch
from catalog.models import SOURCE, Checked, Course, CourseDate, Generation, Refresh, Removed
from catalog.progress import LOST_AFTER, Progress, Pulse, Stopped
from catalog.search import documents
from catalog.staging import empty
from catalog.store import announce, announce_missed
from catalog.switch import switch
from frontcore import FrontcoreError

log = logging.getLogger("catalog.refresh")

KEEP_RUNS = timedelta(days=30)
LONGEST_PAUSE = timedelta(minutes=30)


class AlreadyRunning(Exception):
    """Another refresh is running; this one has not begun."""


def refresh_catalog(api, kind=Refresh.Kind.FULL, report=None):
    """Run one refresh and return its Refresh, ended well or not. Raises AlreadyRunning.

    What Frontcore or the judgement refuses ends in the row's `error`, the last good copy stays on
    air. What nobody foresaw is booked there too and raised.
    """
    run = start(kind)
    progress = Progress(run, report)
    log.info("%s: started (%s)", run.pk, run.kind)
    try:
        with Pulse(progress):
            fetch(api, progress, is_first=not Refresh.objects.good().exists())
            progress.judge_bad()
            progress.phase(Refresh.Phase.JUDGING)
            judge(progress)
            progress.phase(Refresh.Phase.SWITCHING)
            if switch(progress):
                documents.catch_up()
                announce()
                revisions.begin()
        log.info("%s: %s", run.pk, summary(run))
    except (FrontcoreError, Stopped) as error:
        fail(progress, api, getattr(error, "sentence", "") or str(error))
    except BaseException as error:
        fail(progress, api, f"Unexpected: {type(error).__name__}.")
        raise
    finally:
        empty(run)
    return run


def start(kind):
    """Open a run. Raises AlreadyRunning."""
    Generation.current()
    announce_missed()
    revisions.begin()  # of a run that died before it came to this
    close_lost()
    try:
        with transaction.atomic():
            return Refresh.objects.create(kind=kind)
    except IntegrityError:
        raise AlreadyRunning from None


def close_lost(now=None):
    """Close the run that shows no sign of life, and clear away what dead runs have left."""
    now = now or timezone.now()
    silent = Refresh.objects.running().filter(beat_at__lt=now - LOST_AFTER)
    for run in silent:
        if silent.filter(pk=run.pk).update(
            outcome=Refresh.Outcome.LOST, ended_at=now, error="It showed no sign of life."
        ):
            log.warning("%s: closed as lost", run.pk)
    for run in Refresh.objects.exclude(ended_at=None).filter(staged__isnull=False).distinct():
        empty(run)
    Refresh.objects.filter(ended_at__lt=now - KEEP_RUNS).delete()
    Removed.objects.filter(at__lt=now - KEEP_RUNS).delete()


def fail(progress, api, sentence):
    run = progress.run
    run.requests, run.bad = api.requests_made, sum(progress.bad.values())
    run.outcome, run.error, run.ended_at = Refresh.Outcome.FAILED, sentence, timezone.now()
    booked = Refresh.objects.running().filter(pk=run.pk)
    booked.update(
        **{name: getattr(run, name) for name in ("requests", "bad", "outcome", "error", "ended_at")}
    )
    log.warning("%s: failed: %s", run.pk, sentence)


def summary(run):
    """The counts in one line, for the log."""
    names = ("created", "changed", "seats", "unchanged", "withdrawn", "held", "bad", "requests")
    return ", ".join(f"{name} {getattr(run, name)}" for name in names)


# --- When -----------------------------------------------------------------------------------


def due_kind(now=None):
    """The kind of run that is due, or None."""
    now = now or timezone.now()
    if Refresh.objects.running().filter(beat_at__gte=now - LOST_AFTER).exists():
        return None
    if not may_try(now):
        return None
    if is_older(Refresh.objects.good().of_all_dates(), settings.FULL_EVERY, now):
        return Refresh.Kind.FULL
    of_dates = Refresh.objects.good().of_dates()
    if is_older(of_dates, settings.DELTA_EVERY, now) or new_texts_wait(of_dates.first()):
        ahead = CourseDate.objects.filter(
            withdrawn_at=None, starts_on__gte=timezone.localdate(now)
        ).count()
        is_small = ahead <= settings.SMALL_SCHOOL_DATES
        return Refresh.Kind.FULL if is_small else Refresh.Kind.DELTA
    lists = Refresh.objects.good().filter(kind=Refresh.Kind.LISTS)
    first = Refresh.objects.good().order_by("started_at")[:1]
    if is_older(lists, settings.LISTS_EVERY, now) and is_older(first, settings.LISTS_EVERY, now):
        return Refresh.Kind.LISTS
    return None


def new_texts_wait(last):
    """Whether that run read as many new texts as one run may, and courses are still without."""
    texts = Checked.objects.filter(source=SOURCE, kind="text")
    if texts.filter(at__gte=last.started_at).count() < NEW_TEXTS_PER_RUN:
        return False
    return Course.objects.listed().exclude(remote_id__in=texts.values("remote_id")).exists()


def is_older(runs, period, now):
    """Whether the last of these runs began at least that long ago, or there is none."""
    last = runs.first()
    return last is None or now - last.started_at >= period


def may_try(now):
    """After failures the next try waits, longer each time: Frontcore may block who insists."""
    failures = 0
    for run in Refresh.objects.exclude(ended_at=None)[:10]:
        if run.outcome not in (Refresh.Outcome.FAILED, Refresh.Outcome.LOST):
            break
        failures += 1
    if not failures:
        return True
    last = Refresh.objects.exclude(ended_at=None).first()
    pause = min(settings.DELTA_EVERY * 2 ** (failures - 1), LONGEST_PAUSE)
    return now - last.started_at >= pause
