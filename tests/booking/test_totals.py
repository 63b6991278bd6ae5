"""What is shown, what is stored and what Frontcore answers are the same money."""

import itertools
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from booking import sending, tasks
from booking.models import Booking
from catalog.templatetags.formats import money
from catalog.upstream import open_frontcore
from tests.booking.builders import saved
from tests.booking.conftest import filled

DATES = {25: 13100003, 0: 13100001}
NOBODY_TOLD = 13100019  # its course has no main product
CAMPAIGNS = ["", "SOMMER10", "SPAR500", "TREDEL"]
VOUCHERS = ["", "GAVE1500", "GAVE50000", "SMÅPENGER"]


def shown_money(visitor):
    """Amounts in the price table of the page, from top to bottom."""
    table = visitor.text.split('<table class="price">')[1].split("</table>")[0]
    cells = table.split('<td class="tabular">')[1:]
    return [cell.split("</td>")[0].replace("\xa0", " ") for cell in cells]


def as_money(lines):
    return [money(Decimal(line["amount"])).replace("\xa0", " ") for line in lines]


@pytest.mark.parametrize(
    ("includes_vat", "vat", "campaign", "voucher"),
    [
        # Each pair of choices meets in a third of them; the rest runs with the campaigns.
        pytest.param(*choice, marks=[pytest.mark.slow] if number % 3 else [])
        for number, choice in enumerate(
            itertools.product([False, True], DATES, CAMPAIGNS, VOUCHERS)
        )
    ],
)
def test_shown_stored_and_answered_agree(
    visit, work, simulator, settings, includes_vat, vat, campaign, voucher
):
    settings.PRICES_INCLUDE_VAT = includes_vat
    simulator.switches(vat_included=includes_vat)
    visitor = visit(DATES[vat])
    assert visitor.coursedate.course.vat_percent == vat
    visitor.preview(filled(campaign_code=campaign, voucher_code=voucher))
    outcome = visitor.page.context["outcome"]
    assert outcome["unchecked"] == []
    kinds = {line["kind"]: Decimal(line["amount"]) for line in outcome["price"]["lines"]}
    assert ("campaign" in kinds, "voucher" in kinds) == (bool(campaign), bool(voucher))
    on_the_form = shown_money(visitor)
    assert on_the_form == as_money(outcome["price"]["lines"])
    visitor.book()
    assert shown_money(visitor) == on_the_form, "the receipt shows what was shown"
    booking = work()
    assert booking.price_lines == outcome["price"]["lines"], "and so it is stored"
    assert booking.status == Booking.Status.CONFIRMED
    assert (booking.shown_excl_vat, booking.shown_incl_vat) == (
        booking.answered_excl_vat,
        booking.answered_incl_vat,
    )
    assert booking.answered_vat == booking.answered_incl_vat - booking.answered_excl_vat
    assert kinds["total"] == booking.answered_incl_vat, "a voucher is payment after VAT"
    assert not booking.totals_differ
    assert shown_money(visitor.reload()) == on_the_form, "and still what was agreed"


@pytest.mark.parametrize("includes_vat", [False, True])
def test_a_wrong_setting_shows_at_the_first_booking(
    booked, work, simulator, settings, includes_vat
):
    settings.PRICES_INCLUDE_VAT = includes_vat
    simulator.switches(vat_included=not includes_vat)
    visitor = booked(13100003)
    assert work().totals_differ
    assert "Summen er en annen enn den du fikk se" in visitor.reload().text


@pytest.mark.parametrize(
    ("includes_vat", "words"), [(False, "pluss eventuell mva."), (True, "inkl. mva.")]
)
def test_where_nobody_told_the_vat_page_and_form_claim_none(visit, settings, includes_vat, words):
    settings.PRICES_INCLUDE_VAT = includes_vat
    visitor = visit(NOBODY_TOLD)
    course = visitor.coursedate.course
    assert course.vat_percent is None
    page = visitor.client.get(course.get_absolute_url()).content.decode()
    assert words in page
    assert "ekskl. mva." not in page
    assert course.price_with_vat is None
    visitor.preview(filled())
    price = visitor.page.context["outcome"]["price"]
    assert {"vat", "net", "vat_within"}.isdisjoint(line["kind"] for line in price["lines"])
    assert [price["excl_vat"] is None, price["incl_vat"] is None] == [
        includes_vat,
        not includes_vat,
    ]
    assert ("pluss eventuell mva." in visitor.text) is not includes_vat
    visitor.book()
    booking = Booking.objects.get()
    assert (booking.shown_excl_vat is None, booking.shown_incl_vat is None) == (
        includes_vat,
        not includes_vat,
    )


def test_a_difference_is_told_in_the_terms_that_were_shown(booked, work, simulator):
    visitor = booked(13100003)
    Booking.objects.update(shown_incl_vat=None, shown_excl_vat=1)
    booking = work()
    assert booking.totals_differ
    text = visitor.reload().text.replace("\xa0", " ")
    assert "Du fikk se 1 kr uten mva." in text


def test_what_was_not_claimed_cannot_differ(booked, work):
    booked(13100003)
    Booking.objects.update(shown_incl_vat=None)
    assert not work().totals_differ


class InAnotherCurrency:
    """Frontcore, but for the currency in which it says to have booked."""

    def __init__(self, api):
        self.api = api

    def __getattr__(self, name):
        return getattr(self.api, name)

    def book(self, request, **options):
        return self.api.book(request, **options).model_copy(update={"currency": "sek"})


def test_the_same_number_in_another_currency_is_a_difference(simulator, provider):
    booking = saved(13100003)
    with open_frontcore() as api:
        sending.send(booking, InAnotherCurrency(api))
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CONFIRMED
    assert booking.totals_differ
    assert (booking.currency, booking.answered_currency) == ("NOK", "SEK")


@pytest.fixture
def booked_in_kronor(simulator, provider):
    booking = saved(13100003, shown_incl_vat="1234.00")
    with open_frontcore() as api:
        sending.send(booking, InAnotherCurrency(api))
    return Booking.objects.get()


def read(text):
    return unescape(text).replace("\xa0", " ")


def test_what_was_shown_and_what_was_answered_stand_in_their_own_currencies(
    booked_in_kronor, client, admin_client, mailoutbox
):
    answered = read(money(booked_in_kronor.answered_incl_vat, "SEK"))
    tasks.send_mails()
    (mail,) = [one for one in mailoutbox if one.to == ["kari@bygg.example"] and one.attachments]
    receipt = client.get(reverse("receipt", args=[booked_in_kronor.link_token]))
    for page in (receipt.content.decode(), mail.alternatives[0].content):
        assert f"Du fikk se 1 234 kr med mva.; i ordren står det {answered}." in read(page)
    address = reverse("admin:booking_booking_change", args=[booked_in_kronor.pk])
    page = read(admin_client.get(address).content.decode())
    assert f"<td>{answered}</td>" in page
    assert "1 234 SEK" not in page
    queue = read(admin_client.get(reverse("admin:booking_queue_changelist")).content.decode())
    assert f"1 234 kr. Frontcore: {answered}" in queue


@pytest.mark.parametrize("currency", ["EUR", "NOK"])
def test_an_answer_without_a_currency_is_in_the_one_that_was_asked_for(
    simulator, provider, work, currency
):
    booking = saved(13100003, currency=currency)
    simulator.fault("POST", "/booking", "missing_field", field="summary.currency")
    booking = work(booking)
    assert (booking.currency, booking.totals_differ) == (currency, False)
