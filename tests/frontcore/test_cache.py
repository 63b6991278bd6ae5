"""What rarely changes is asked once a day; nothing else is kept, and the cache breaks no call."""

import contextlib
import sqlite3
import stat
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from frontcore import BadAnswer, Missing, Refused

from .conftest import make_booking

LISTS = {
    "/durations": lambda api: api.durations(),
    "/instructors": lambda api: api.instructors(),
    "/locations": lambda api: api.locations(),
}


@pytest.fixture
def cache_path(tmp_path):
    return tmp_path / "deep" / "cache.sqlite"


@pytest.mark.parametrize("path", LISTS)
def test_a_list_that_rarely_changes_is_asked_once_a_day(
    path, frontcore_server, open_api, cache_path
):
    ask = LISTS[path]
    first = ask(open_api(cache_path=cache_path))
    again = open_api(cache_path=cache_path)
    assert ask(again) == first
    assert again.requests_made == 0
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        assert ask(again) == first
    assert again.requests_made == 1
    assert len(frontcore_server.requests("GET", path)) == 2


def test_a_hit_spends_no_turn_of_the_pace(open_api, cache_path, tmp_path):
    options = {"cache_path": cache_path, "pace_path": tmp_path / "pace.sqlite", "rate": 0.02}
    open_api(**options).durations()
    began = time.monotonic()
    open_api(**options).durations()
    assert time.monotonic() - began < 30


def test_two_accounts_share_no_entry(frontcore_server, open_api, cache_path):
    open_api(cache_path=cache_path).durations()
    with pytest.raises(Refused):
        open_api(cache_path=cache_path, key="another").durations()


def test_without_a_file_nothing_is_kept(frontcore_server, api):
    api.durations()
    api.durations()
    assert api.requests_made == 2


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"error": "Wrong API Key"}, Refused),
        ({"successful": False, "errors": [{"code": "x", "message": ""}]}, Refused),
        ("<html>Slim</html>", BadAnswer),
        ("", BadAnswer),
        ({}, BadAnswer),
    ],
)
def test_a_no_or_nonsense_with_http_200_is_not_kept(
    body, error, frontcore_server, open_api, cache_path
):
    api = open_api(cache_path=cache_path)
    frontcore_server.fault("GET", "/durations", "answer", body=body)
    with pytest.raises(error):
        api.durations()
    assert api.durations().items


def test_a_missing_list_is_not_kept(frontcore_server, open_api, cache_path):
    api = open_api(cache_path=cache_path)
    frontcore_server.switches(optional_lists=False)
    with pytest.raises(Missing):
        api.durations()
    frontcore_server.switches(optional_lists=True)
    assert api.durations().items


def test_vary_does_not_make_every_ask_a_new_one(frontcore_server, open_api, cache_path):
    api = open_api(cache_path=cache_path)
    for vary in ("*", "X-API-Key, Cookie"):
        frontcore_server.fault(
            "GET", "/durations", "answer", headers={"Vary": vary}, body=[{"id": 1, "code": "days"}]
        )
    api.durations()
    api.durations()
    assert api.requests_made == 1


def test_an_unchanged_course_is_answered_by_its_etag(frontcore_server, open_api, cache_path):
    first = open_api(cache_path=cache_path).course(90001)
    api = open_api(cache_path=cache_path)
    assert api.course(90001) == first
    assert api.requests_made == 1
    assert [row["status"] for row in frontcore_server.requests("GET", "/courses/90001")] == [
        200,
        304,
    ]


def test_a_changed_course_is_seen_at_once_and_after_a_day_too(
    frontcore_server, open_api, cache_path
):
    api = open_api(cache_path=cache_path)
    api.course(90001)
    frontcore_server.edit(course=90001, set={"title": "Varme arbeider, nytt"})
    assert api.course(90001).title == "Varme arbeider, nytt"
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
        assert api.course(90001).title == "Varme arbeider, nytt"
    statuses = [row["status"] for row in frontcore_server.requests("GET", "/courses/90001")]
    assert statuses == [200, 200, 304]


def test_each_language_of_a_course_is_its_own(open_api, cache_path):
    api = open_api(cache_path=cache_path)
    for _ in range(2):
        assert api.course(90001, "no").texts != api.course(90001, "en").texts


def test_a_course_without_an_etag_is_not_kept(frontcore_server, open_api, cache_path):
    frontcore_server.switches(etag=False)
    api = open_api(cache_path=cache_path)
    api.course(90001)
    frontcore_server.edit(course=90001, set={"title": "Nytt"})
    assert api.course(90001).title == "Nytt"
    with contextlib.closing(sqlite3.connect(cache_path)) as db:
        assert db.execute("SELECT count(*) FROM responses").fetchone() == (0,)


def test_dates_seats_bookings_and_codes_never_touch_the_cache(
    frontcore_server, open_api, cache_path
):
    api = open_api(cache_path=cache_path)
    for _ in range(2):
        api.next_coursedates()
        list(api.coursedates())
        list(api.batch_coursedates([90001]))
        list(api.course_dates(90001))
        api.coursedate(90001, 13100001)
        api.campaign("SOMMER10", course_id=90001)
        api.voucher("GAVE1500")
        list(api.products())
        list(api.courses())
        api.participants(13100001)
        api.orders(datetime.now(UTC))
    api.book(make_booking())
    assert not cache_path.exists()
    counts = {}
    for row in frontcore_server.requests("GET"):
        counts[row["path"]] = counts.get(row["path"], 0) + 1
    assert all(count % 2 == 0 for count in counts.values())


def test_the_file_is_for_its_owner_only(open_api, cache_path):
    api = open_api(cache_path=cache_path)
    api.durations()
    for file in cache_path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_a_file_that_is_no_database_is_thrown_away(frontcore_server, open_api, cache_path):
    cache_path.parent.mkdir()
    cache_path.write_bytes(b"this is no database" * 1000)
    assert open_api(cache_path=cache_path).durations().items
    second = open_api(cache_path=cache_path)
    second.durations()
    second.durations()
    assert second.requests_made == 1


def test_an_entry_that_cannot_be_read_is_asked_again(open_api, cache_path):
    open_api(cache_path=cache_path).durations()
    with contextlib.closing(sqlite3.connect(cache_path)) as db, db:
        db.execute("UPDATE responses SET value = '{\"rubbish\": '")
    assert open_api(cache_path=cache_path).durations().items


@pytest.mark.parametrize("trouble", ["a folder in its place", "no right to the folder"])
def test_a_file_that_cannot_be_made_breaks_no_call(trouble, open_api, cache_path):
    if trouble == "a folder in its place":
        cache_path.mkdir(parents=True)
    else:
        cache_path.parent.write_text("a file where the folder should be")
    api = open_api(cache_path=cache_path)
    assert api.durations().items
    assert api.course(90001).id == 90001


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_locked_file_neither_breaks_nor_holds_up_a_call(begin, open_api, cache_path):
    open_api(cache_path=cache_path).locations()
    with contextlib.closing(sqlite3.connect(cache_path, isolation_level=None)) as db:
        db.execute(begin)
        api = open_api(cache_path=cache_path)
        began = time.monotonic()
        assert api.durations().items
        assert time.monotonic() - began < 4.5  # sqlite3 itself would wait 5
        assert api.requests_made == 1
        db.execute("ROLLBACK")


def test_a_file_that_becomes_locked_later_costs_no_second_request(open_api, cache_path):
    api = open_api(cache_path=cache_path)
    api.locations()
    with contextlib.closing(sqlite3.connect(cache_path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert api.durations().items
        assert time.monotonic() - began < 4.5  # sqlite3 itself would wait 5
        assert api.requests_made == 2
        db.execute("ROLLBACK")
