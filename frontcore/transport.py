"""One call on its way: guard, pace, connection, time limits, errors, retries of reads.

Reads share a kept-alive connection and are tried again, bounded, on 429 and 503. A write goes
out **once**, on a connection of its own: a kept-alive one that the server closed while idle would
make a lost write of what is only a stale connection. ``wait_for_slot`` opens it ahead.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from .answers import Answer, Yes, is_busy, judge_read, judge_write, retry_after
from .cache import Cache, without_private
from .connection import FLIGHT, Flight
from .errors import BadAnswer, FrontcoreError, Unavailable, Uncertain
from .pace import LONGEST_PUSH_S, Pace, Priority, Slot, TooLongError, sleep_until
from .session import CachingSession, Secret, SendOne, Session

#: How often a read is sent at most.
TRIES = 3
#: What 429 and 503 without Retry-After mean (undocumented; one second is what others use).
DEFAULT_WAIT_S = 1.0
#: A connection that was idle for longer is not trusted.
IDLE_S = 2.0
#: How long before its instant a call starts to connect.
LEAD_S = 0.2
#: What the caller may do between ``wait_for_slot`` and the write without losing the turn.
CLAIM_S = 0.15
#: The refresh may queue for its turn this long, on top of the call's own time.
REFRESH_QUEUE_S = 120.0
LARGEST_BODY = 64 * 1024 * 1024


class BodyTooLargeError(Exception):
    """The body is beyond all reason."""


@dataclass(frozen=True)
class Limits:
    """Seconds. The totals hold for a whole call, its tries and its waiting for a turn included."""

    connect_s: float = 5.0
    read_s: float = 10.0
    read_total_s: float = 30.0
    write_total_s: float = 25.0


@dataclass(frozen=True)
class Call:
    """What is asked. ``name`` is for sentences: it holds no id and no code.

    ``yes``: what a write is answered by when it is done, see ``answers``.
    ``keep``: "day" is answered from the cache for a day; "etag" is asked each time, but may be
    answered by 304; "" never touches the cache.
    """

    name: str
    method: str
    path: str = field(repr=False)
    params: Sequence[tuple[str, str | int]] = field(default=(), repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    keep: str = ""
    optional: bool = False
    yes: Yes = Yes.SUCCESSFUL


class Transport:
    """Sends calls for one account. For one thread at a time."""

    def __init__(
        self,
        *,
        base_url: str,
        key: str,
        limits: Limits,
        pace: Pace,
        cache_path: Path | None,
        priority: Priority,
        guard: Callable[[], None] | None,
    ) -> None:
        self.requests_made = 0
        self._base_url = base_url.rstrip("/")
        self._key = Secret(key)
        self._limits = limits
        self._pace = pace
        self._priority = priority
        self._guard = guard
        self._session = Session(self._key, self._send_one)
        self._cache = Cache(cache_path, self._key.reveal(), self._caching_session)
        self._used_at = 0.0
        self._held: Slot | None = None
        self._ahead: Session | None = None
        self._ahead_at = 0.0
        self._write_from: float | None = None
        self._keeping = False
        self._fresh: requests.Response | None = None

    def close(self) -> None:
        self._session.close()
        self._drop_ahead()
        self._cache.close()

    def read(self, call: Call, total_s: float | None = None) -> Any:
        """The JSON body of a GET, tried again while the server is busy and time is left."""
        until = time.monotonic() + (total_s or self._limits.read_total_s)
        flight = Flight(until, self._limits.connect_s)
        for tried in range(1, TRIES + 1):
            flight = replace(flight, left=False)
            answer = self._exchange(call, flight)
            if not is_busy(answer):
                break
            wait = self._put_off(answer, DEFAULT_WAIT_S * tried)
            if tried == TRIES or time.monotonic() + wait >= flight.until:
                break
            with self._unhurried(flight):
                time.sleep(wait)
        return judge_read(call.name, answer, optional=call.optional)

    def write(self, call: Call, *, not_after: datetime | None = None) -> Any:
        """The JSON body of a write that says yes. Sent once, whatever happens.

        Its time runs from ``wait_for_slot``, if that was called: whoever stood still since then (a
        machine that was paused) may have lost the right to send, and sends nothing. The same from
        ``not_after`` on, for callers whose right ends by the clock on the wall: the monotonic one
        stands still while the machine sleeps.
        """
        since, self._write_from = self._write_from or time.monotonic(), None
        until = since + self._limits.write_total_s
        flight = Flight(until, self._limits.connect_s, not_after=not_after)
        answer = self._exchange(call, flight)
        if answer.status == 429:
            self._put_off(answer, DEFAULT_WAIT_S)
        return judge_write(call.name, answer, call.yes)

    def wait_for_slot(self) -> None:
        """Connect for the next write and wait until its turn is near; nothing is sent.

        The turn is CLAIM_S ahead when this returns, so it is not lost to what the caller does
        first; the write itself sleeps until the very instant.
        """
        self.check_guard()
        flight = Flight(time.monotonic() + self._limits.write_total_s, self._limits.connect_s)
        token = FLIGHT.set(flight)
        try:
            self._connect_ahead()
            lead_s = LEAD_S + CLAIM_S
            slot = self._pace.wait_until_near(Priority.VISITOR, flight.until, lead_s, CLAIM_S)
            self._connect_ahead()
            if slot is not None:
                sleep_until(slot.at - CLAIM_S)
            self._held = slot
            self._write_from = time.monotonic()
        except Exception as error:
            failure = what_became_of(Call("the next write", "POST", ""), flight, error)
        else:
            return
        finally:
            FLIGHT.reset(token)
        raise failure

    def _connect_ahead(self) -> None:
        """Open the next write's connection, unless one was just opened."""
        if self._ahead is not None and time.monotonic() - self._ahead_at < IDLE_S / 2:
            return
        self._drop_ahead()
        session = Session(self._key, self._send_one)
        try:
            session.connect(self._base_url)
        except BaseException:
            session.close()
            raise
        self._ahead, self._ahead_at = session, time.monotonic()

    def _write_session(self) -> Session:
        """The session that was opened ahead, if it is as new as it was meant to be; or another."""
        if self._ahead is None or time.monotonic() - self._ahead_at > IDLE_S:
            self._drop_ahead()
            return Session(self._key, self._send_one)
        session, self._ahead = self._ahead, None
        return session

    def _drop_ahead(self) -> None:
        if self._ahead is not None:
            self._ahead.close()
        self._ahead = None

    def check_guard(self) -> None:
        if self._guard is not None:
            self._guard()

    def _put_off(self, answer: Answer, default_s: float) -> float:
        """Make everyone wait as the server asks; where the file fails us, we alone do."""
        asked = retry_after(answer.headers)
        wait = min(default_s if asked is None else asked, LONGEST_PUSH_S)
        with contextlib.suppress(sqlite3.Error, OSError):
            self._pace.push(wait)
        return wait

    def _exchange(self, call: Call, flight: Flight) -> Answer:
        """Send one request and read all of the answer, or raise what became of it."""
        self.check_guard()
        token = FLIGHT.set(flight)
        try:
            response = self._request(call)
        except Exception as error:
            failure = what_became_of(call, flight, error)
        else:
            return to_answer(response)
        finally:
            FLIGHT.reset(token)
        # Raised out here, so that no library exception (its request holds the key) hangs on it.
        raise failure

    def _request(self, call: Call) -> requests.Response:
        url = f"{self._base_url}{call.path}"
        options: dict[str, Any] = {
            "params": list(call.params),
            "timeout": (self._limits.connect_s, self._limits.read_s),
            "allow_redirects": False,
        }
        if call.method != "GET":
            options["timeout"] = (self._limits.connect_s, self._limits.write_total_s)
            options["headers"] = {"Connection": "close"}
            with self._write_session() as session:
                return session.request(call.method, url, json=call.body, **options)
        if time.monotonic() - self._used_at > IDLE_S:
            self._session.drop_connections()
        if call.keep:
            caching = self._cache.session(needs_etag=call.keep == "etag")
            if caching is not None:
                return self._request_kept(caching, call, url, options)
        return self._session.request("GET", url, **options)

    def _request_kept(
        self, caching: CachingSession, call: Call, url: str, options: dict[str, Any]
    ) -> requests.Response:
        """Through the cache; should that break, the answer that came, or one without the cache."""
        self._fresh, self._keeping = None, True
        try:
            return caching.request("GET", url, refresh=call.keep == "etag", **options)
        except (requests.RequestException, TooLongError, BodyTooLargeError):
            raise
        except Exception:
            self._cache.broke()
            if self._fresh is not None and self._fresh.status_code != 304:
                return self._fresh
        finally:
            self._keeping = False
        return self._session.request("GET", url, **options)

    def _caching_session(self, **options: Any) -> CachingSession:
        return CachingSession(key=self._key, send_one=self._send_one, **options)

    def _send_one(
        self, send: SendOne, request: requests.PreparedRequest, **kwargs: Any
    ) -> requests.Response:
        """One request over the network: its turn, its connection, the whole of its answer."""
        flight = FLIGHT.get()
        self._queue(flight, is_write=request.method != "GET")
        self.requests_made += 1
        kwargs["stream"] = True
        with send(request, **kwargs) as response:
            read_whole(response)
        self._used_at = time.monotonic()
        if self._keeping:
            without_private(response)
        self._fresh = response
        return response

    def _queue(self, flight: Flight, *, is_write: bool) -> None:
        """Come near a turn now; take it when the connection is there, at the first byte."""
        priority = Priority.VISITOR if is_write else self._priority
        slot = None
        if is_write:
            slot, self._held = self._held, None
        if slot is None:
            with self._unhurried(flight) as until:
                slot = self._pace.wait_until_near(priority, until, LEAD_S)

        def take_turn() -> None:
            with self._unhurried(flight) as until:
                self._pace.hold(slot, priority, until)

        flight.before_first_byte = take_turn

    @contextlib.contextmanager
    def _unhurried(self, flight: Flight) -> Iterator[float]:
        """Waiting for a turn costs a visitor's call its time, but not the refresh."""
        if self._priority is Priority.VISITOR:
            yield flight.until
            return
        began = time.monotonic()
        try:
            yield flight.until + REFRESH_QUEUE_S
        finally:
            flight.until += time.monotonic() - began


def read_whole(response: requests.Response) -> None:
    """Read the body, within the call's time and within reason."""
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_content(64 * 1024):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_BODY:
            raise BodyTooLargeError
    response._content = b"".join(pieces)


def to_answer(response: requests.Response) -> Answer:
    body = response.content
    try:
        return Answer(response.status_code, response.headers, json.loads(body), is_json=True)
    except (ValueError, RecursionError):
        blank = not body.strip()
        return Answer(response.status_code, response.headers, is_blank=blank)


def what_became_of(call: Call, flight: Flight, error: Exception) -> FrontcoreError:
    """Sort a failure by whether the request may have left us."""
    if isinstance(error, FrontcoreError):
        return error
    if isinstance(error, TooLongError | sqlite3.Error):
        return no_turn(call.name, error)
    late = time.monotonic() >= flight.until or is_timeout(error)
    how = "out of time" if late else f"failed ({type(error).__name__})"
    sentence = f"{call.name}: {how} while {flight.stage}"
    if call.method == "GET":
        return (
            BadAnswer(sentence) if isinstance(error, BodyTooLargeError) else Unavailable(sentence)
        )
    if flight.left:
        return Uncertain(sentence)
    return Unavailable(f"{sentence}; nothing was sent")


def no_turn(name: str, error: Exception) -> Unavailable:
    if isinstance(error, TooLongError):
        return Unavailable(f"{name}: no turn within the time limit", error.wait_s)
    return Unavailable(f"{name}: the file of the shared pace cannot be used")


def is_timeout(error: BaseException) -> bool:
    """Whether a time limit stands anywhere behind it; the libraries wrap one in another."""
    behind = [error]
    for each in behind:
        if isinstance(each, TimeoutError | requests.Timeout):
            return True
        inner = [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
        behind += [item for item in inner if isinstance(item, BaseException) and item not in behind]
    return False
