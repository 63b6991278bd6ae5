"""The key and what visitors typed are in no log, exception, repr or file."""

import base64
import contextlib
import json
import logging
import pickle
import sqlite3
import traceback
from datetime import UTC, datetime

import pytest

from frontcore import BadAnswer, Frontcore, FrontcoreError, Unavailable

from .conftest import make_booking

CODE = "hemmelig-kode-77"
PERSONAL = (CODE, "Nordmann", "kari@", "ola@", "41999999")


@pytest.fixture
def everything_logged(caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3", "requests_cache", "frontcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def told(error):
    """All that a log would show of an exception, its causes included, suppressed or not."""
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    seen = error.__cause__ or error.__context__
    return shown + (told(seen) if seen else "")


def failure_of(call):
    """All that is told of the failure, if it failed; no library exception may hang on it."""
    try:
        call()
    except FrontcoreError as error:
        return told(error) + ("" if error.__context__ is None else "AN EXCEPTION HANGS ON IT")
    return ""


FAULTS = ["reset", "close", "hang", "html_500", "busy", "redirect", "truncated", "empty"]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_tells_the_key_or_a_person(
    fault, frontcore_server, open_api, tmp_path, everything_logged
):
    api = open_api(read_total_s=0.4, write_total_s=0.4, cache_path=tmp_path / "cache.sqlite")
    booking = make_booking(campaign_code=CODE, voucher_code=CODE, booker_phone="41999999")
    calls = {
        "/booking": ("POST", lambda: api.book(booking)),
        "/campaigns/**": ("GET", lambda: api.campaign(CODE, course_id=90001, timeout_s=0.4)),
        "/vouchers/**": ("GET", lambda: api.voucher(CODE, timeout_s=0.4)),
        "/durations": ("GET", api.durations),
        "/courses/90001": ("GET", lambda: api.course(90001)),
        "/participants": ("GET", lambda: api.participants(13100001)),
        "/orders": ("GET", lambda: api.orders(datetime.now(UTC))),
    }
    shown = repr(api)
    for path, (method, call) in calls.items():
        frontcore_server.fault(method, path, fault, times=3)
        shown += failure_of(call)
    shown += everything_logged.text
    for secret in (frontcore_server.key, *PERSONAL, "AN EXCEPTION HANGS ON IT"):
        assert secret not in shown


def test_a_refusal_that_repeats_what_was_typed_keeps_it_out_of_its_text(frontcore_server, api):
    message = "Ola Nordmann (ola@example.no) may not use hemmelig-kode-77"
    for code in ("some_code", "Kari Nordmann"):
        body = {"successful": False, "errors": [{"code": code, "message": message}]}
        frontcore_server.fault("POST", "/booking", "answer", body=body)
        with pytest.raises(FrontcoreError) as caught:
            api.book(make_booking())
        assert "Nordmann" not in f"{caught.value!r}{caught.value}{caught.value.sentence}"
        assert caught.value.message == message


def test_a_bad_item_tells_no_value(frontcore_server, api):
    frontcore_server.fault(
        "GET", "/participants", "answer", body=[{"id": 1, "coursedate": {"id": "Ola Nordmann"}}]
    )
    with pytest.raises(BadAnswer) as caught:
        api.participants(13100001)
    assert "participant 1: coursedate_id" in caught.value.sentence
    assert "Nordmann" not in told(caught.value)


def test_a_code_is_in_no_debug_log(api, everything_logged):
    for call in (lambda: api.campaign(CODE, course_id=90001), lambda: api.voucher(CODE)):
        with pytest.raises(FrontcoreError):
            call()
    api.next_coursedates()
    assert "/nextcoursedates" in everything_logged.text
    assert CODE not in everything_logged.text


@pytest.mark.parametrize("key", ["", "with space", "line\nbreak", "nøkkel", "tab\tulator"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(key):
    with pytest.raises(ValueError, match="the API key") as caught:
        Frontcore(key=key)
    assert not key or key not in str(caught.value)


def test_the_cache_files_hold_neither_key_nor_private_data(frontcore_server, open_api, tmp_path):
    path = tmp_path / "cache.sqlite"
    api = open_api(cache_path=path)
    assert api.instructors().items
    assert api.locations().items
    assert api.course(90001)
    with pytest.raises(FrontcoreError):
        api.campaign(CODE, course_id=90001)
    api.campaign("SOMMER10", course_id=90001)
    api.coursedate(90001, 13100001)
    api.book(make_booking())
    api.participants(13100001)
    api.close()
    stored = "".join(file.read_bytes().decode("latin-1") for file in tmp_path.iterdir())
    with contextlib.closing(sqlite3.connect(path)) as db:
        rows = [json.loads(value) for (value,) in db.execute("SELECT value FROM responses")]
    stored += "".join(base64.b64decode(row["_content"]).decode() for row in rows) + str(rows)
    assert len(rows) == 3
    assert "Varme arbeider" in stored
    for secret in (frontcore_server.key, CODE, "SOMMER10", "Nordmann", '"phone"', '"email"'):
        assert secret not in stored
    assert '"free"' not in stored


def test_the_guard_speaks_before_anything_is_sent(frontcore_server, open_api):
    class InsideTransactionError(Exception):
        pass

    def guard():
        raise InsideTransactionError

    api = open_api(guard=guard)
    for call in (api.next_coursedates, api.durations, lambda: api.book(make_booking())):
        with pytest.raises(InsideTransactionError):
            call()
    with pytest.raises(InsideTransactionError):
        api.wait_for_slot()
    assert frontcore_server.requests() == []
    assert api.requests_made == 0


def test_proxies_and_netrc_of_the_environment_are_not_used(
    frontcore_server, open_api, monkeypatch, tmp_path
):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login kari password hemmelig\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert open_api().durations().items


def test_an_error_can_be_pickled():
    error = pickle.loads(pickle.dumps(Unavailable("GET /courses: out of time", 2.0)))
    assert (error.sentence, error.retry_after_s) == ("GET /courses: out of time", 2.0)
