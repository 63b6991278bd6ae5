"""Codes are checked before anything is sent; the check is a courtesy and gives nothing away."""

import re
import time

import pytest
from django.core.cache import cache
from django.utils import translation

from booking import codes
from tests.booking.conftest import filled

CAMPAIGNS = {
    "FINNESIKKE": "campaign_not_found",
    "FJOR20": "campaign_expired",
    "SNART25": "campaign_waiting",
    "ARKIV5": "campaign_archived",
    "PAUSE30": "campaign_inactive",
}
VOUCHERS = ["FINNESIKKE", "TOMT", "UTLØPT", "SLETTET"]


def asked(simulator, kind):
    return [row for row in simulator.requests("GET") if row["path"].startswith(f"/{kind}/")]


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(("code", "objection"), CAMPAIGNS.items())
def test_a_campaign_refusal_says_why(visit, code, objection, language):
    visitor = visit(language=language).preview(filled(campaign_code=code))
    assert visitor.codes == {objection}
    assert visitor.entry.form.errors.as_data()["campaign_code"][0].code == objection
    with translation.override(language):
        assert str(codes.CAMPAIGN[objection]) in visitor.text
    assert visitor.typed() == filled(campaign_code=code)


def test_a_campaign_of_another_course_is_refused(visit, simulator):
    simulator.switches(other_course_not_found=True)
    assert visit(13100001).preview(filled(campaign_code="BARETRUCK")).codes == {
        "campaign_not_found"
    }
    assert not visit(13100003).preview(filled(campaign_code="BARETRUCK")).codes


@pytest.mark.parametrize("code", VOUCHERS)
def test_all_voucher_refusals_read_the_same(visit, code):
    visitor = visit().preview(filled(voucher_code=code))
    assert visitor.codes == {"voucher_refused"}
    with translation.override("nb"):
        assert str(codes.SENTENCES["voucher_refused"]) in visitor.text
    assert visitor.typed()["voucher_code"] == code


def test_the_refusals_of_vouchers_are_equal_in_everything_that_can_be_seen(visit, simulator):
    """Whether a gift card exists, is spent, expired or deleted cannot be told from outside."""
    seen = {}
    for code in VOUCHERS:
        cache.clear()
        visitor = visit()
        before = len(simulator.requests())
        visitor.preview(filled(voucher_code=code))
        page = visitor.page
        body = visitor.text.replace(visitor.token, "TOKEN").replace(code, "CODE")
        body = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1TOKEN", body)
        headers = sorted(name for name in page.headers if name != "Content-Length")
        seen[code] = (page.status_code, headers, len(simulator.requests()) - before, body)
    assert "TOKEN" in body
    assert len({str(one) for one in seen.values()}) == 1, seen.keys()


def test_both_refusals_are_said_at_once(visit):
    visitor = visit().preview(filled(campaign_code="FJOR20", voucher_code="TOMT"))
    assert visitor.codes == {"campaign_expired", "voucher_refused"}


@pytest.mark.parametrize("code", ["sommer10", " SOMMER10 ", "SOM MER10", "BLÅBÆR", "blåbær"])
def test_a_good_campaign_lowers_the_price_that_is_shown(visit, code):
    visitor = visit(13100003).preview(filled(campaign_code=code))
    lines = {line["kind"]: line for line in visitor.page.context["outcome"]["price"]["lines"]}
    assert lines["campaign"]["percent"] == "10"
    assert "Kampanje" in visitor.text


def test_a_voucher_pays_and_its_rest_is_shown(visit):
    visitor = visit(13100003).preview(filled(voucher_code="GAVE50000"))
    assert "Gavekort" in visitor.text
    kinds = [line["kind"] for line in visitor.page.context["outcome"]["price"]["lines"]]
    assert kinds[-2:] == ["voucher", "to_pay"]


def test_a_negative_answer_is_remembered_and_a_positive_one_never(visit, simulator):
    for code, times in (("FJOR20", 1), ("SOMMER10", 3)):
        before = len(asked(simulator, "campaigns"))
        for _ in range(3):
            visit().preview(filled(campaign_code=code))
        assert len(asked(simulator, "campaigns")) - before == times


def test_what_is_remembered_does_not_name_the_code(visit):
    visit().preview(filled(campaign_code="FJOR20"))
    assert cache._cache, "something is remembered"
    assert "fjor20" not in str(cache._cache).lower()


def test_a_negative_answer_for_one_date_says_nothing_of_another(visit, simulator):
    simulator.switches(other_course_not_found=True)
    assert visit(13100001).preview(filled(campaign_code="BARETRUCK")).codes
    assert not visit(13100003).preview(filled(campaign_code="BARETRUCK")).codes


@pytest.mark.parametrize("fault", ["hang", "html_500", "busy", "empty", "truncated"])
def test_a_check_that_fails_is_no_objection_and_is_said(visit, simulator, settings, fault):
    settings.CODE_CHECK_TIMEOUT_S = 0.5
    simulator.fault("GET", "/campaigns/**", fault, times=0, seconds=5)
    visitor = visit().preview(filled(campaign_code="SOMMER10"))
    assert visitor.page.context["is_checked"]
    assert "kunne ikke sjekkes" in visitor.text


def test_both_codes_together_get_no_more_time_than_one(visit, simulator, settings):
    settings.CODE_CHECK_TIMEOUT_S = 3
    visitor = visit()
    for path in ("/campaigns/**", "/vouchers/**"):
        simulator.fault("GET", path, "hang", times=0, seconds=10)
    start = time.monotonic()
    visitor.preview(filled(campaign_code="SOMMER10", voucher_code="GAVE1500"))
    assert time.monotonic() - start < 5.9
    assert visitor.page.context["is_checked"]


def test_a_code_with_a_slash_reaches_nobody_and_stops_nobody(visit, simulator):
    visitor = visit().preview(filled(campaign_code="A/B"))
    assert visitor.page.context["is_checked"]
    assert not asked(simulator, "campaigns")
