"""A read is tried again while the server is busy, within limits; a write never."""

import time
from email.utils import formatdate

import pytest

from frontcore import Frontcore, Refused, Unavailable
from frontcore.answers import retry_after

from .conftest import KEY, answers_with, http, make_booking

BUSY = http({}, "429 Too Many Requests", Retry_After="0.2")
AWAY = http(b"<html>", "503 Service Unavailable", Retry_After="0.2")
TEXT = http({"error": "Too many requests"})


def timed(call):
    began = time.monotonic()
    return call(), time.monotonic() - began


@pytest.mark.parametrize("answer", [BUSY, AWAY])
def test_a_busy_server_is_asked_again_after_as_long_as_it_wants(raw_server, answer, monkeypatch):
    monkeypatch.setattr("frontcore.transport.DEFAULT_WAIT_S", 3600)  # what it would wait unasked
    server = raw_server(answers_with(answer, http([])))
    with Frontcore(key=KEY, base_url=server.url) as api:
        found, took = timed(api.next_coursedates)
        assert found.items == ()
        assert took >= 0.2
        assert api.requests_made == len(server.received) == 2


def test_a_busy_server_that_says_so_in_words_is_asked_again(raw_server):
    server = raw_server(answers_with(TEXT, http([])))
    with Frontcore(key=KEY, base_url=server.url) as api:
        _, took = timed(api.next_coursedates)
    assert took >= 1


def test_a_server_that_stays_busy_is_unavailable_after_three_tries(raw_server):
    server = raw_server(answers_with(BUSY))
    with Frontcore(key=KEY, base_url=server.url) as api:
        with pytest.raises(Unavailable) as caught:
            api.next_coursedates()
        assert caught.value.retry_after_s == 0.2
        assert api.requests_made == 3


def test_a_wait_beyond_the_total_limit_is_not_begun(raw_server):
    server = raw_server(answers_with(http({}, "429 Too Many Requests", Retry_After="3600")))
    with Frontcore(key=KEY, base_url=server.url) as api:
        began = time.monotonic()
        with pytest.raises(Unavailable) as caught:
            api.campaign("SOMMER10", course_id=1, timeout_s=30)
    assert time.monotonic() - began < 20
    assert caught.value.retry_after_s == 3600
    assert len(server.received) == 1


@pytest.mark.parametrize("answer", [http(b"<html>", "500 Oops"), http({"error": "No"})])
def test_nothing_else_is_asked_again(raw_server, answer):
    server = raw_server(answers_with(answer))
    with Frontcore(key=KEY, base_url=server.url) as api:
        with pytest.raises((Unavailable, Refused)):
            api.next_coursedates()
        assert api.requests_made == 1


def test_a_booking_is_put_off_by_429_and_not_sent_again(raw_server):
    server = raw_server(answers_with(BUSY))
    with Frontcore(key=KEY, base_url=server.url) as api:
        with pytest.raises(Unavailable) as caught:
            api.book(make_booking())
        assert caught.value.retry_after_s == 0.2
    assert len(server.received) == 1


def test_one_answer_of_429_holds_back_everyone_who_shares_the_pace(raw_server, tmp_path):
    server = raw_server(answers_with(http({}, "429 Too Many", Retry_After="0.5"), http([])))
    shared = {"base_url": server.url, "key": KEY, "pace_path": tmp_path / "pace.sqlite"}
    with Frontcore(**shared) as one, Frontcore(**shared) as other:
        with pytest.raises(Unavailable):
            one.book(make_booking())
        _, took = timed(other.next_coursedates)
    assert took > 0.4


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2", 2),
        ("0.5", 0.5),
        ("0", 0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert retry_after({"Retry-After": value}) == seconds


def test_retry_after_may_be_a_date_ahead():
    value = formatdate(time.time() + 10, usegmt=True)
    assert 8 < retry_after({"Retry-After": value}) <= 10


def test_the_whole_of_a_code_check_ends_within_its_limit(frontcore_server, open_api):
    frontcore_server.fault("GET", "/campaigns/**", "slow", seconds=30)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        open_api().campaign("SOMMER10", course_id=90001, timeout_s=0.3)
    assert time.monotonic() - began < 8
