"""How far a run has come: in its row, where staff see it, and in what is counted on the way."""

import logging
import threading
import time
from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from catalog.models import Refresh, RefreshProblem

log = logging.getLogger("catalog.progress")

EVERY_S = 1.0
MOST_PROBLEMS = 200
MOST_BAD_SHARE = 0.1
BEAT_EVERY_S = 20.0
LOST_AFTER = timedelta(minutes=5)  # many beats, those that had to wait for the database included


class Stopped(Exception):
    """The run must not go on. Its text is a sentence for staff."""


class Progress:
    """The live side of one Refresh. `report`, if given, is called with the Refresh as it moves."""

    def __init__(self, run, report=None):
        self.run = run
        self.report = report
        self.ends_at = time.monotonic() + settings.REFRESH_TIMEOUT_S
        self.told_at = 0.0
        self.today = timezone.localdate(run.started_at)
        self.read = Counter()  # by kind
        self.bad = Counter()
        self.unreadable_ids = False
        self.courses = {}  # remote id: (is public, moment of its last change or None)
        self.asks_batch = True  # dates of many courses in one call, until that is refused
        self.unread = set()  # courses whose own list of dates could not be read
        self.texts = []  # (course, moment): texts that were asked for
        self.kinds_of_course = Counter()
        self.left_out = set()  # what was told already, once for all dates that repeat it

    def phase(self, phase, total=None):
        self.run.phase, self.run.done, self.run.total = phase, 0, total
        self.tell()

    def step(self, count=1):
        """Something is done. Raises Stopped when the run has lost its right or its time is over."""
        self.run.done += count
        if time.monotonic() >= self.told_at + EVERY_S:
            self.tell()

    def tell(self):
        if time.monotonic() > self.ends_at:
            raise Stopped(f"It took longer than {settings.REFRESH_TIMEOUT_S} seconds.")
        self.told_at = time.monotonic()
        names = ("phase", "done", "total", "requests")
        alive = Refresh.objects.running().filter(pk=self.run.pk)
        if not alive.update(
            beat_at=timezone.now(), **{name: getattr(self.run, name) for name in names}
        ):
            raise Stopped("It was closed as lost while it ran.")
        if self.report:
            self.report(self.run)

    def complain(self, kind, remote_id, field, problem):
        """Book an item that could not be read; it keeps its last good copy."""
        self.bad[kind] += 1
        self.note(kind, remote_id, field, problem)
        if remote_id is None:
            self.unreadable_ids = True

    def leave_out(self, kind, remote_id, field, problem):
        """Book a part that could not be read and was left out; the item itself goes on air."""
        if (kind, remote_id, field) not in self.left_out:
            self.left_out.add((kind, remote_id, field))
            self.note(kind, remote_id, field, f"left out: {problem}")

    def note(self, kind, remote_id, field, problem):
        if self.run.problems.count() < MOST_PROBLEMS:
            RefreshProblem.objects.create(
                refresh=self.run,
                kind=kind[:30],
                remote_id=remote_id,
                field=field[:100],
                problem=problem[:300],
            )

    def judge_bad(self):
        """Raise Stopped where so many items are bad that the answer itself is in doubt. A single
        one costs only itself, also in a very small list."""
        for kind, bad in self.bad.items():
            if bad > 1 and bad > MOST_BAD_SHARE * (bad + self.read[kind]):
                raise Stopped(f"{bad} of {bad + self.read[kind]} items cannot be read: {kind}.")


class Pulse:
    """Shows that a run lives, also while it waits: a call of the refresh may wait for its turn for
    minutes. To be used in a `with` statement; falls silent when the time of the run is over, after
    which it can no longer go on air, so that one that hangs does not stand in the way for ever.
    """

    def __init__(self, progress):
        self.progress = progress
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.go_on, name="pulse", daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *failure):
        self.over.set()
        self.thread.join()

    def go_on(self):
        while not self.over.wait(BEAT_EVERY_S) and time.monotonic() < self.progress.ends_at:
            beat(self.progress.run)


def beat(run):
    """A sign of life, on a connection that is closed again: this is a thread of its own."""
    try:
        Refresh.objects.running().filter(pk=run.pk).update(beat_at=timezone.now())
    except DatabaseError as error:  # locked: the next one will do
        log.warning("%s: no sign of life could be booked: %s", run.pk, type(error).__name__)
    finally:
        connection.close()
