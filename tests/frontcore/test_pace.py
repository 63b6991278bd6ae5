"""Never six starts in any second, over all processes; visitors go ahead of the refresh."""

import contextlib
import multiprocessing
import sqlite3
import threading
from itertools import pairwise
from pathlib import Path

import pytest

from frontcore import Frontcore, Priority, Unavailable
from frontcore import pace as pace_module
from frontcore.pace import Pace, TooLongError
from tests.ports import PATIENCE_S, until

from .conftest import KEY, answers_with, http, make_booking

fork = multiprocessing.get_context("fork")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "pace.sqlite"


@pytest.fixture
def pace(path):
    return Pace(path, 5)


class Clock:
    """Time that passes when somebody sleeps, and then only."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    """Let the pace live by a clock of the test's own: then every moment is exact."""
    monkeypatch.setattr(pace_module, "time", Clock())
    return pace_module.time


@pytest.fixture
def granted(monkeypatch):
    """The instants at which somebody was let go."""
    found, may_start = [], Pace._may_start

    def asked(pace, slot):
        if may := may_start(pace, slot):
            found.append(slot.at)
        return may

    monkeypatch.setattr(Pace, "_may_start", asked)
    return found


def now():
    return pace_module.time.monotonic()


def soon(seconds=10):
    return now() + seconds


def crowded(moments, noise_s=0.3):
    """What is too close of what the far end saw, where a busy machine's clerk looks up late.

    Six within a second less the noise, or all of them together quicker than the rate allows.
    """
    moments = sorted(moments)
    six = [later - first for first, later in zip(moments, moments[5:], strict=False)]
    together = moments[-1] - moments[0]
    least = (len(moments) - 1) * Pace(Path("unused")).interval
    return [span for span in six if span < 1 - noise_s] + [together] * (together < least - noise_s)


def gaps(moments):
    return [later - first for first, later in pairwise(sorted(moments))]


def start(pace, priority=Priority.VISITOR, until=None):
    """What a call does: come near a turn, connect, take it at the first byte."""
    until = until or soon()
    slot = pace.wait_until_near(priority, until, 0.2)
    pace.hold(slot, priority, until)
    return now()


def ask(server, path, times, priority, key):
    with Frontcore(key=key, base_url=server, pace_path=path, priority=priority) as api:
        for _ in range(times):
            api.next_coursedates()


def test_eight_processes_never_start_six_requests_in_a_second(frontcore_server, path):
    frontcore_server.fault("GET", "/nextcoursedates", "answer", times=0, body=[])
    arguments = (frontcore_server.url, path, 3, Priority.VISITOR, frontcore_server.key)
    children = [fork.Process(target=ask, args=arguments) for _ in range(8)]
    for child in children:
        child.start()
    for child in children:
        child.join(PATIENCE_S)
    moments = [row["at"] for row in frontcore_server.requests("GET", "/nextcoursedates")]
    assert len(moments) == 24
    assert crowded(moments) == []


def test_a_visitor_overtakes_a_refresh_at_full_speed(frontcore_server, path, open_api):
    frontcore_server.fault("GET", "/nextcoursedates", "answer", times=0, body=[])
    arguments = (frontcore_server.url, path, 12, Priority.REFRESH, frontcore_server.key)
    refresh = fork.Process(target=ask, args=arguments)
    refresh.start()
    until(lambda: len(frontcore_server.requests("GET")) > 2)
    api = open_api(pace_path=path)
    for _ in range(3):
        api.durations()
    refresh.join(PATIENCE_S)
    rows = frontcore_server.requests("GET")
    assert len(rows) == 15
    assert [row["path"] for row in rows[-3:]] == ["/nextcoursedates"] * 3, "the refresh came last"
    assert crowded([row["at"] for row in rows]) == []


def test_many_visitors_in_threads_get_their_turns_one_by_one(pace, granted):
    threads = [threading.Thread(target=start, args=[pace]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(granted) == 8
    assert min(gaps(granted)) > pace.interval - 1e-6


@pytest.mark.usefixtures("clock")
def test_the_refresh_takes_no_turn_while_a_visitor_waits(pace):
    for _ in range(4):
        pace.reserve(Priority.VISITOR, soon())
    with pytest.raises(TooLongError) as caught:
        pace.reserve(Priority.REFRESH, soon(0.1))
    assert caught.value.wait_s == pytest.approx(3 * pace.interval + pace_module.GRACE_S)


@pytest.mark.usefixtures("clock")
def test_a_visitor_who_died_in_the_queue_holds_up_the_refresh_only_briefly(pace):
    pace.reserve(Priority.VISITOR, soon())
    began = now()
    start(pace, Priority.REFRESH)
    assert pace.interval < now() - began < 0.3


@pytest.mark.usefixtures("clock")
def test_a_turn_that_comes_too_late_is_not_queued_for(pace, path):
    for _ in range(5):
        pace.reserve(Priority.VISITOR, soon())
    began = now()
    for _ in range(20):
        with pytest.raises(TooLongError):
            pace.reserve(Priority.VISITOR, soon(0.3))
    assert now() == began
    assert pace.reserve(Priority.VISITOR, soon()).at == pytest.approx(began + 5 * pace.interval)


@pytest.mark.usefixtures("clock")
def test_a_missed_turn_is_given_back_and_another_taken(pace):
    slot = pace.wait_until_near(Priority.VISITOR, soon(), 0)
    pace_module.time.sleep(0.1)
    began = now()
    pace.hold(slot, Priority.VISITOR, soon())
    assert now() == began
    following = pace.reserve(Priority.VISITOR, soon())
    assert following.at == pytest.approx(began + pace.interval)


def test_a_slow_connect_brings_no_two_starts_too_close(pace, clock):
    """The instant passes while connecting; the start that follows must count from the real one."""
    late = pace.wait_until_near(Priority.VISITOR, soon(), 0.2)
    others = [pace.reserve(Priority.VISITOR, soon()) for _ in range(3)]
    clock.sleep(0.15)
    moments = []
    for slot in (late, *others):
        pace.hold(slot, Priority.VISITOR, soon())
        moments.append(now())
    assert min(gaps(moments)) > pace.interval - 1e-6


@pytest.mark.usefixtures("clock")
def test_a_push_holds_back_those_who_had_a_turn_already(pace):
    slot = pace.wait_until_near(Priority.VISITOR, soon(), 0.2)
    pace.push(0.4)
    began = now()
    pace.hold(slot, Priority.VISITOR, soon())
    assert now() - began == pytest.approx(0.4)


@pytest.mark.usefixtures("clock")
def test_no_push_is_longer_than_a_minute(pace):
    pace.push(86_400)
    with pytest.raises(TooLongError) as caught:
        pace.reserve(Priority.VISITOR, soon())
    assert caught.value.wait_s == pytest.approx(60)


@pytest.mark.usefixtures("clock")
@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("column", ["next", "paused", "visitor"])
def test_a_file_from_before_a_restart_of_the_machine_stops_nobody(pace, path, column):
    start(pace)
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE pace SET {column} = ?", (now() + 500_000,))
    began = now()
    for priority in Priority:
        start(pace, priority, soon(2))
    assert now() - began < 1


@pytest.mark.parametrize("rubbish", [b"", b"this is no database" * 500])
def test_a_broken_file_is_made_anew(pace, path, rubbish):
    path.parent.mkdir()
    path.write_bytes(rubbish)
    start(pace)
    assert start(pace) > 0


def test_a_locked_file_is_unavailable_and_nothing_is_sent(path, raw_server, monkeypatch):
    monkeypatch.setattr(pace_module, "LOCK_WAIT_S", 0.2)
    server = raw_server(answers_with(http([])))
    start(Pace(path, 5))
    with (
        contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db,
        Frontcore(key=KEY, base_url=server.url, pace_path=path) as api,
    ):
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable, match="pace"):
            api.book(make_booking())
        db.execute("ROLLBACK")
    assert server.received == []


def test_a_place_where_no_file_can_be_made_is_unavailable(tmp_path, raw_server):
    server = raw_server(answers_with(http([])))
    (tmp_path / "file").write_text("")
    with (
        Frontcore(key=KEY, base_url=server.url, pace_path=tmp_path / "file" / "x") as api,
        pytest.raises(Unavailable),
    ):
        api.next_coursedates()
    assert server.received == []


def test_a_child_of_a_fork_shares_the_pace(pace, path):
    start(pace)
    child = fork.Process(target=start, args=(pace,))
    child.start()
    child.join(PATIENCE_S)
    assert child.exitcode == 0
    assert pace.reserve(Priority.VISITOR, soon()).at - now() > 0


def test_a_code_check_counts_its_wait_for_a_turn(path, frontcore_server, open_api):
    api = open_api(pace_path=path)
    pace = Pace(path, 5)
    pace.push(60)
    with pytest.raises(Unavailable) as caught:
        api.campaign("SOMMER10", course_id=90001, timeout_s=5)
    assert 50 < caught.value.retry_after_s < 60, "and nobody sat through them"
    assert frontcore_server.requests() == []


def test_the_wait_for_a_turn_does_not_eat_the_time_of_the_refresh(path, open_api):
    pace = Pace(path, 5)
    api = open_api(pace_path=path, priority=Priority.REFRESH, read_total_s=1.2)
    pace.push(1.5)
    began = now()
    assert api.durations().items
    assert now() - began > 1.4


def test_a_turn_taken_ahead_is_the_one_the_booking_uses(path, open_api, monkeypatch):
    monkeypatch.setattr(pace_module, "LATE_S", 1.5)
    api = open_api(pace_path=path, rate=0.5)
    pace = Pace(path, 0.5)
    api.wait_for_slot()
    following = pace.reserve(Priority.VISITOR, soon()).at
    api.book(make_booking())
    assert now() < following
    assert pace.reserve(Priority.VISITOR, soon()).at == pytest.approx(following + pace.interval)


def test_a_turn_that_never_comes_is_unavailable_before_anything_is_claimed(path, open_api):
    api = open_api(pace_path=path, write_total_s=0.3)
    Pace(path, 5).push(30)
    with pytest.raises(Unavailable) as caught:
        api.wait_for_slot()
    assert caught.value.retry_after_s > 20


@pytest.mark.parametrize(("rate", "interval"), [(5, 0.215), (2, 0.5375), (10, 0.1075)])
def test_the_rate_is_a_setting(path, rate, interval):
    assert Pace(path, rate).interval == pytest.approx(interval)


def test_rate_zero_or_no_file_means_no_pace(path, frontcore_server, open_api):
    for options in ({"rate": 0, "pace_path": path}, {"rate": 0.01, "pace_path": None}):
        api = open_api(**options)
        for _ in range(10):
            api.durations()
        api.wait_for_slot()
    assert not path.exists()
