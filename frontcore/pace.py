"""The shared pace: so many starts a second over all processes of this machine.

A start is the first byte of a request leaving us. The next free instant stands in a small SQLite
file; whoever wants to start reserves it there in one transaction and sleeps until it comes.

* A **visitor's** call reserves ahead, so it queues behind other visitors only.
* The **refresh** takes an instant only when one is free now and no visitor waits.
* Who has something to do first takes an instant that lies far enough ahead.
* An instant that was missed by more than ``LATE_S`` (a busy machine, a slow connect) is given
  back and another one taken; otherwise the late start and the punctual next one come too close.
* After a 429 everyone pauses: ``push`` holds back those who reserved already, too.

The clock is CLOCK_MONOTONIC, which all processes of a machine share and nobody sets; after a
restart of the machine it begins anew, so a "next" absurdly far ahead is taken for an old one.
A connection is opened for each step and closed again: nothing to inherit over a fork.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

#: Of how much of its second a start may be late before its instant is given back.
LATE_S = 0.015
#: A push is never longer; a server that asks for more is asked again after this.
LONGEST_PUSH_S = 60.0
#: How long a visitor who does not show up keeps the refresh waiting.
GRACE_S = 0.25
#: How long the file may be locked by others before we give up.
LOCK_WAIT_S = 2.0


class Priority(Enum):
    """Who is asking: someone waiting at a page (or a booking), or the copying of the catalogue."""

    VISITOR = "visitor"
    REFRESH = "refresh"


class TooLongError(Exception):
    """No instant within the limit. ``wait_s``: how long it would have taken."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


@dataclass
class Slot:
    """An instant reserved for one start."""

    at: float


class Pace:
    """At most ``rate`` starts in any sliding second, over everyone who uses the same file.

    ``path`` None or ``rate`` 0: no pace at all. The file is made on demand, and made anew when
    it is broken.
    """

    def __init__(self, path: Path | None, rate: float = 5.0) -> None:
        self.path = path if rate > 0 else None
        self.interval = 1.075 / rate if rate > 0 else 0.0
        self._horizon = 2 * LONGEST_PUSH_S + 2 * self.interval

    def reserve(self, priority: Priority, until: float) -> Slot:
        """Wait for a turn and return its instant, perhaps still a little ahead.

        ``until``: monotonic moment after which the start would be of no use; TooLongError is raised
        as soon as that is known, and nothing is reserved then.
        """
        if priority is Priority.VISITOR:
            return self._reserve_ahead(until)
        while True:
            wait = self._take_if_free()
            if wait is None:
                return Slot(time.monotonic())
            if time.monotonic() + wait > until:
                raise TooLongError(wait)
            time.sleep(max(wait, 0.001))

    def wait_until_near(
        self, priority: Priority, until: float, lead_s: float, ahead_s: float = 0.0
    ) -> Slot | None:
        """The first half of a start: come near an instant, then connect, then ``hold``.

        A visitor gets the instant, ``ahead_s`` from now at the soonest; the refresh is only told
        that one is free, and takes it last.
        """
        if self.path is None:
            return None
        if priority is Priority.VISITOR:
            slot = self._reserve_ahead(until, ahead_s)
            sleep_until(slot.at - lead_s)
            return slot
        while (wait := self._wait_for_free()) > lead_s:
            if time.monotonic() + wait > until:
                raise TooLongError(wait)
            time.sleep(max(min(wait - lead_s, 0.5), 0.001))
        return None

    def hold(self, slot: Slot | None, priority: Priority, until: float) -> None:
        """The second half: sleep until the instant; when this returns, start at once."""
        if self.path is None:
            return
        while True:
            if slot is None:
                slot = self.reserve(priority, until)
            sleep_until(slot.at)
            if self._may_start(slot):
                return
            self._give_back(slot)
            slot = None

    def push(self, wait_s: float) -> None:
        """Let nobody start for that long, those with a reserved instant included."""
        if self.path is None:
            return
        until = time.monotonic() + min(max(wait_s, 0.0), LONGEST_PUSH_S)
        with self._turn() as db:
            db.execute("UPDATE pace SET next = max(next, ?), paused = max(paused, ?)", (until,) * 2)

    def _reserve_ahead(self, until: float, ahead_s: float = 0.0) -> Slot:
        with self._turn() as db:
            now = time.monotonic()
            start = max(self._next(db, now), now + ahead_s)
            if start > until:
                raise TooLongError(start - now)
            db.execute(
                "UPDATE pace SET next = ?, visitor = max(visitor, ?)",
                (start + self.interval, start + GRACE_S),
            )
            return Slot(start)

    def _take_if_free(self) -> float | None:
        """Take the instant that is free now (None), or say how long to wait before asking again."""
        with self._turn() as db:
            now = time.monotonic()
            wait = self._free_in(db, now)
            if wait > 0:
                return wait
            db.execute("UPDATE pace SET next = ?", (now + self.interval,))
            return None

    def _wait_for_free(self) -> float:
        with self._turn() as db:
            return self._free_in(db, time.monotonic())

    def _free_in(self, db: sqlite3.Connection, now: float) -> float:
        """Seconds until the refresh may take an instant, as things stand."""
        visitor: float = db.execute("SELECT visitor FROM pace").fetchone()[0]
        if visitor > now + self._horizon:
            visitor = 0.0
        return max(self._next(db, now), visitor) - now

    def _next(self, db: sqlite3.Connection, now: float) -> float:
        """The next free instant; one too far ahead is of a clock that is no more."""
        found: float
        found, paused = db.execute("SELECT next, paused FROM pace").fetchone()
        if found > now + self._horizon or paused > now + self._horizon:
            db.execute("UPDATE pace SET next = 0, paused = 0, visitor = 0")
            return 0.0
        return found

    def _may_start(self, slot: Slot) -> bool:
        """Whether it is not too late and no pause came in between; ends the announcement."""
        with self._turn() as db:
            now = time.monotonic()
            (paused,) = db.execute("SELECT paused FROM pace").fetchone()
            if paused > now:
                return False
            db.execute("UPDATE pace SET visitor = 0 WHERE visitor <= ?", (slot.at + GRACE_S,))
        return time.monotonic() - slot.at <= LATE_S

    def _give_back(self, slot: Slot) -> None:
        """Undo a reservation nobody has built upon."""
        with self._turn() as db:
            db.execute(
                "UPDATE pace SET next = ? WHERE abs(next - ?) < 1e-6",
                (slot.at, slot.at + self.interval),
            )

    @contextlib.contextmanager
    def _turn(self) -> Iterator[sqlite3.Connection]:
        """One short transaction in the file, alone."""
        if self.path is None:
            raise ValueError("there is no pace without a file")
        db = self._open(self.path)
        try:
            yield db
            db.execute("COMMIT")
        finally:
            db.close()

    def _open(self, path: Path) -> sqlite3.Connection:
        try:
            return begin(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            return begin(path)


def begin(path: Path) -> sqlite3.Connection:
    """A connection inside its transaction, the table there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=LOCK_WAIT_S, isolation_level=None)
    try:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN IMMEDIATE")
        db.execute("CREATE TABLE IF NOT EXISTS pace (next REAL, paused REAL, visitor REAL)")
        if db.execute("SELECT 1 FROM pace").fetchone() is None:
            db.execute("INSERT INTO pace VALUES (0, 0, 0)")
    except BaseException:
        db.close()
        raise
    return db


def sleep_until(instant: float) -> None:
    """Sleep to within a millisecond or so of a monotonic moment."""
    while (left := instant - time.monotonic()) > 0:
        time.sleep(left)
