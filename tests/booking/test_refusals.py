"""Each refusal in plain words, with everything typed still there."""

import pytest
from django.core import mail

from booking import refusals, tasks
from booking.models import Booking, hashed
from frontcore import SETUP_CODES, UNCERTAIN_CODES
from tests.booking.conftest import bookings_sent, filled

Status = Booking.Status


def refuse(simulator, code):
    simulator.fault("POST", "/booking", "error", code=code, message="No.")


REFUSED = sorted(
    set(refusals.SENTENCES)
    - SETUP_CODES
    - UNCERTAIN_CODES
    - {code for code in refusals.SENTENCES if code.startswith(("date_", "price_", "too_few"))}
    - {"double"}  # staff's word, whose page leads to the other booking and not back to the form
)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("code", [*REFUSED, "something_new"])
def test_each_refusal_has_its_sentence_and_keeps_everything_typed(
    booked, work, simulator, code, language
):
    visitor = booked(language=language)
    refuse(simulator, code)
    booking = work()
    assert (booking.status, booking.refusal_code) == (Status.REFUSED, code)
    from django.utils import translation

    with translation.override(language):
        sentence = str(refusals.sentence(code))
        back = translation.gettext("Back to the filled form")
    assert sentence in visitor.reload().text
    visitor.go(visitor.link(back))
    assert sentence in visitor.text
    assert visitor.typed() == filled()
    assert hashed(visitor.token) != booking.form_hash, "a fresh token"


QUICK = {"no_vacant_seats", "voucher_code_invalid", "something_new"}


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(
    "code",
    [
        pytest.param(code, marks=[pytest.mark.slow] * (code not in QUICK))
        for code in [*REFUSED, "something_new"]
    ],
)
def test_from_a_refusal_the_same_form_leads_to_one_order(visit, work, simulator, code, language):
    visitor = visit(language=language).preview(filled()).book()
    refuse(simulator, code)
    assert work().status == Status.REFUSED
    visitor.go(visitor.reload().location + "again/")
    assert visitor.typed() == filled()
    assert visitor.token != visitor.sent["form"]
    visitor.preview().book()
    assert work().status == Status.CONFIRMED
    assert len(simulator.state()["orders"]) == 1


def test_every_sentence_is_written_in_bokmal_too():
    from django.utils import translation

    from booking import codes

    for sentences in (refusals.SENTENCES, codes.SENTENCES, {"": refusals.DEFAULT}):
        for code, sentence in sentences.items():
            with translation.override("en"):
                english = str(sentence)
            with translation.override("nb"):
                assert str(sentence) != english, code


def test_a_seat_refusal_is_known_by_its_words(make_booking, work, simulator):
    booking = make_booking()
    simulator.fault(
        "POST", "/booking", "error", code="e417", message="The course date is fully booked"
    )
    assert work(booking).refusal_code == "no_vacant_seats"


@pytest.mark.parametrize("code", sorted(SETUP_CODES & set(refusals.SENTENCES)))
def test_what_only_staff_can_mend_keeps_the_request_and_alerts(
    booked, work, simulator, settings, code
):
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    visitor = booked()
    refuse(simulator, code)
    booking = work()
    assert (booking.status, booking.hold) == (Status.NEW, Booking.Hold.SET_UP)
    assert booking in Booking.objects.needs_staff()
    assert "Vi har fått forespørselen din" in visitor.reload().text
    (message,) = mail.outbox
    assert booking.reference in message.subject
    assert "kari" not in (message.subject + message.body).lower()
    tasks.send_due_bookings()
    assert len(bookings_sent(simulator)) == 1, "not again before staff say so"


def test_a_refused_key_keeps_the_request(make_booking, work, settings, simulator):
    booking = make_booking()
    settings.FRONTCORE = settings.FRONTCORE | {"key": "wrong"}
    booking = work(booking)
    assert (booking.status, booking.hold) == (Status.NEW, Booking.Hold.SET_UP)
    assert not simulator.state()["orders"]


def test_a_voucher_spent_meanwhile_is_refused(booked, work, simulator):
    visitor = booked(fields=filled(voucher_code="GAVE1500"))
    simulator.fault("POST", "/booking", "spend_voucher")
    booking = work()
    assert booking.refusal_code == "voucher_code_invalid"
    visitor.reload().go(visitor.link("Tilbake til det utfylte skjemaet"))
    assert visitor.entry.form.errors.as_data()["voucher_code"]
    assert visitor.typed()["voucher_code"] == "GAVE1500"


#: Every code that Frontcore documents for POST /booking, written down here once more.
DOCUMENTED = [
    "course_identifier_invalid",
    "course_date_identifier_invalid",
    "course_date_cancelled",
    "participant_count_invalid",
    "participant_name_invalid_empty",
    "participant_email_invalid_empty",
    "campaign_code_invalid",
    "campaign_code_expired",
    "voucher_code_invalid",
    "voucher_code_expired",
    "default_course_product_missing",
    "participant_products_empty",
    "participant_products_invalid",
    "participant_does_not_have_a_course_product",
    "participant_have_multiple_course_products",
    "participant_product_price_invalid",
    "currency_missing",
    "exchange_rate_does_not_exist",
    "school_account_invalid",
    "internal_course_order_not_resolvable",
    "internal_course_orderline_not_resolvable",
    "booking_could_not_be_created",
    "order_could_not_be_created",
    "no_vacant_seats",
    "unauthorized",
]


@pytest.mark.parametrize("code", DOCUMENTED)
def test_each_documented_code_has_a_sentence_of_its_own_kind_in_both_languages(code):
    from django.utils import translation

    said = {}
    for language in ("nb", "en"):
        with translation.override(language):
            said[language] = str(refusals.sentence(code))
            assert said[language] != str(refusals.DEFAULT)
    assert said["nb"] != said["en"]
    with translation.override("en"):
        assert ("We have" in said["en"] or "we have" in said["en"]) == (code in SETUP_CODES)
        assert ("do not know yet" in said["en"]) == (code in UNCERTAIN_CODES)
