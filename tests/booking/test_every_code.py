"""Every error that Frontcore documents: each has words of its own and leads where it should.

`documented_errors.json` is copied from the API's documentation, with where each is to lead; a code
that is added there without a sentence of ours makes these tests fail.
"""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import translation

from booking import codes, refusals, tasks
from booking.models import Booking
from frontcore.answers import Answer, judge_write
from frontcore.errors import Refused, Uncertain
from tests.booking.conftest import filled
from tests.booking.standing import DEREGISTER, Page, cancellable, saved, worked

Status = Booking.Status
DOCUMENTED = json.loads((Path(__file__).parent / "documented_errors.json").read_text())
OF_BOOKING = DOCUMENTED["POST /booking"]
LEADS = [(lead, code) for lead, found in OF_BOOKING.items() for code in found]
HEADINGS = {
    "rejected": "Nothing has been booked",
    "set-up": "We have your request",
    "unknown": "We do not know yet",
}
ONE_FOR_BOTH = {"voucher_code_expired": "voucher_code_invalid"}  # nothing is told of vouchers


def in_both(words):
    """(bokmål, English)"""
    with translation.override("nb"):
        bokmal = translation.gettext(words)
    return bokmal, words


def assert_leads(client, booking, lead):
    """The booking stands where that kind of error leads, for the visitor and for staff."""
    expected = {
        "rejected": (Status.REFUSED, ""),
        "set-up": (Status.NEW, Booking.Hold.SET_UP),
        "unknown": (Status.UNCERTAIN, ""),
    }
    assert (booking.status, booking.hold) == expected[lead]
    for language, words in zip(("nb", "en"), in_both(HEADINGS[lead]), strict=True):
        page = Page(client, booking, language).get()
        assert words in page.text
        with translation.override(language):
            sentence = str(refusals.sentence(booking.refusal_code))
        assert (sentence in page.text) == (lead == "rejected")
        if booking.refusal_code:
            assert booking.refusal_code not in page.text, "nobody sees a raw code"


@pytest.mark.parametrize("code", [code for _, code in LEADS])
def test_each_has_a_sentence_in_both_languages(code):
    said = set()
    for language in ("nb", "en"):
        with translation.override(language):
            sentence = str(refusals.sentence(code))
            assert sentence != str(refusals.DEFAULT), "words of its own"
            assert code not in sentence
            said.add(sentence)
    assert len(said) == 2


def test_what_a_visitor_can_mend_is_told_apart():
    rejected = [ONE_FOR_BOTH.get(code, code) for code in OF_BOOKING["rejected"]]
    sentences = {str(refusals.sentence(code)) for code in rejected}
    assert len(sentences) == len(set(rejected))


@pytest.mark.parametrize("status", [200, 400, 422])
@pytest.mark.parametrize(("lead", "code"), LEADS)
def test_each_is_understood_whatever_the_http_status(lead, code, status):
    body = {"successful": False, "errors": [{"code": code, "message": "No."}]}
    for errors in (body["errors"], {"0": body["errors"][0]}, body["errors"][0]):
        answer = Answer(status, {}, body | {"errors": errors}, is_json=True)
        with pytest.raises(Uncertain if lead == "unknown" else Refused) as found:
            judge_write("POST /booking", answer)
        assert found.value.code == code
        if lead != "unknown":
            assert found.value.is_setup == (lead == "set-up")


@pytest.mark.parametrize(("lead", "code"), LEADS)
def test_each_leads_where_it_should(client, provider, simulator, settings, lead, code):
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    settings.MAIL_PATIENCE = timedelta(0)
    booking = saved()
    simulator.fault("POST", "/booking", "error", code=code, message=f"Raw words about {code}.")
    tasks.send(booking.pk)
    tasks.send_mails(booking.pk)
    booking.refresh_from_db()
    assert_leads(client, booking, lead)
    to_staff = [message for message in mail.outbox if "staff@fjordskolen.example" in message.to]
    assert bool(to_staff) == (lead != "rejected")
    assert Booking.objects.filter(pk=booking.pk).needs_staff().exists() == (lead != "rejected")
    told = " ".join(each.body for each in mail.outbox if "kari@bygg.example" in each.to)
    assert code not in told
    assert "Raw words" not in told
    if lead == "rejected":
        assert str(refusals.sentence(code)) in " ".join(told.split())
        page = Page(client, booking).get("again")
        assert page.answer.context["entry"].form["booker_email"].value() == "kari@bygg.example"


@pytest.mark.parametrize(("words", "lead"), DOCUMENTED["any call"].items())
@pytest.mark.parametrize("status", [200, 400, 401])
def test_errors_in_words_lead_where_they_should(client, provider, simulator, words, lead, status):
    booking = saved()
    simulator.fault("POST", "/booking", "answer", status=status, body={"error": words})
    tasks.send(booking.pk)
    booking.refresh_from_db()
    assert_leads(client, booking, lead)
    assert words not in Page(client, booking).get().text


def test_too_many_requests_are_only_a_reason_to_wait(client, provider, simulator):
    booking = saved()
    body = {"error": "Too many requests"}
    simulator.fault("POST", "/booking", "answer", status=429, body=body)
    tasks.send(booking.pk)
    booking.refresh_from_db()
    assert (booking.status, booking.hold) == (Status.NEW, "")
    assert in_both("We have your request")[0] in Page(client, booking).get().text


@pytest.mark.parametrize("code", DOCUMENTED["PUT /booking/:id/deregister"])
def test_each_refusal_of_a_cancellation_goes_to_staff(client, provider, simulator, code):
    booking = cancellable()
    simulator.fault("PUT", DEREGISTER, "error", code=code)
    Page(client, booking).cancel()
    booking = worked(booking)
    assert booking.status == Status.CONFIRMED
    assert Booking.objects.filter(pk=booking.pk).needs_staff().exists()
    for language, words in zip(
        ("nb", "en"), in_both("We could not cancel the booking automatically"), strict=True
    ):
        page = Page(client, booking, language).get()
        assert words in page.text
        assert code not in page.text


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (kind, code)
        for kind in ("campaign", "voucher")
        for code in DOCUMENTED[f"GET /{kind}s/validate/:code"]
    ],
)
def test_each_refusal_of_a_code_is_told_or_left_to_the_booking(
    visit, simulator, kind, code, language
):
    """Unknown codes are told; where our own account is at fault, the visitor is not."""
    simulator.fault("GET", f"/{kind}s/**", "error", code=code, message=f"Raw words: {code}.")
    visitor = visit(language=language).preview(filled(**{f"{kind}_code": "SOMMER10"}))
    assert code not in visitor.text
    assert "Raw words" not in visitor.text
    if code == "unauthorized":
        assert not visitor.codes
        assert f"{kind}_code" in visitor.page.context["outcome"]["unchecked"]
        return
    (objection,) = visitor.codes
    with translation.override(language):
        assert str(codes.SENTENCES[objection]) in visitor.text


def test_no_code_that_the_client_knows_lacks_its_sentence():
    """What the client sorts, the pages can say."""
    from frontcore import SETUP_CODES, UNCERTAIN_CODES

    documented = {code for _, code in LEADS}
    assert set(OF_BOOKING["set-up"]) <= SETUP_CODES
    assert set(OF_BOOKING["unknown"]) == UNCERTAIN_CODES
    assert documented <= set(refusals.SENTENCES)
