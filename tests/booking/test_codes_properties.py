"""Codes of any letters: none becomes another address, breaks a page, or can be read later."""

import contextlib

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from booking import codes
from frontcore import Frontcore, FrontcoreError
from tests.booking.conftest import filled

ODD = [
    "..",
    "...",
    ".",
    "../orders",
    "..%2forders",
    "%2e%2e%2forders",
    "A/B",
    "A\\B",
    "SOMMER10?coursedate_id=1",
    "SOMMER10#",
    "SOMMER10;x=1",
    "SOM MER10",
    "100%",
    "%",
    "%00",
    "%C3%B8",
    "BLÅBÆR",
    "BLA\u030aBÆR",
    "ß",
    "İ",
    "🎟️",
    "<b>",
    '"',
    "'",
    "{{ code }}",
    "\u202eREMMOS",
    "\u00a0",
    "\u200b",
    "A\r\nHost: b",
    "\x00",
    "\ud800",
    "@",
    ":",
    "//evil.example",
]
ANY_TEXT = st.text(max_size=60)
ANY_SENT = st.text(st.characters(codec="utf-8"), max_size=60)  # as a browser can send it
SOME = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def with_odd_ones(test):
    for code in ODD:
        test = example(code)(test)
    return test


@SOME
@given(ANY_TEXT)
@with_odd_ones
def test_a_code_is_tidied_once_and_for_all(code):
    tidy = codes.normalise(code)
    assert codes.normalise(tidy) == tidy
    assert not any(letter.isspace() for letter in tidy)
    assert tidy == "".join(letter for letter in code if not letter.isspace())
    assert codes.normalise(f" \t{code}\u00a0\n") == tidy


def test_no_code_is_no_code():
    assert codes.normalise(None) == codes.normalise("") == codes.normalise(" \n") == ""


@pytest.fixture(scope="module")
def api(running_simulator):
    running_simulator.reset()
    with Frontcore(key=running_simulator.key, base_url=running_simulator.url, rate=0) as api:
        yield api


@pytest.mark.parametrize("kind", ["campaign", "voucher"])
def test_a_code_reaches_its_own_address_or_none(api, running_simulator, kind):
    """Quoted on our side and read on the other, it is the very same code, and the only request."""

    @SOME
    @given(ANY_TEXT)
    @with_odd_ones
    def asked(code):
        running_simulator.reserved("DELETE", "log")
        with contextlib.suppress(FrontcoreError):
            api.campaign(code, course_id=90001) if kind == "campaign" else api.voucher(code)
        rows = [(row["method"], row["path"], row["status"]) for row in running_simulator.requests()]
        own = ("GET", f"/{kind}s/validate/{code.strip()}")
        assert rows in ([], [(*own, 200)], [(*own, 400)], [(*own, 404)])

    asked()


@settings(SOME, max_examples=20)
@given(ANY_SENT)
@example("A\r\nHost: b")
@example("\x00")
@example("../orders")
@example("{{ code }}")
def test_no_code_breaks_the_form_or_what_was_typed(visit, code):
    cache.clear()
    visitor = visit().preview(filled(campaign_code=code, voucher_code=code))
    assert visitor.page.status_code == 200
    assert {**visitor.typed(), "campaign_code": "", "voucher_code": ""} == filled(
        campaign_code="", voucher_code=""
    )
    shown = visitor.typed().get("campaign_code", "")
    assert codes.normalise(shown) in (codes.normalise(code), "")
    remembered = str(cache._cache).casefold()
    assert len(code) < 4 or not code.isprintable() or code.casefold() not in remembered
