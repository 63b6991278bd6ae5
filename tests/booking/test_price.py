"""The price of n places: plain arithmetic, rounded to whole øre, half up."""

from collections import Counter
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.price import Discount, Places, Voucher
from booking.price import quote as quote_of


def quote(number, unit, *, vat_percent=None, voucher_balance=None, **more):
    """The quote of a course with one price."""
    voucher = None if voucher_balance is None else Voucher(voucher_balance)
    return quote_of([Places(number, unit, vat_percent)], voucher=voucher, **more)


TABLE = [
    # participants, unit, VAT %, incl?, discount, voucher → net, VAT, gross, to pay
    (1, "2490", "25", False, None, None, "2490.00", "622.50", "3112.50", "3112.50"),
    (2, "6900", "0", False, None, None, "13800.00", "0.00", "13800.00", "13800.00"),
    (2, "6900", "25", False, ("%", "10"), None, "12420.00", "3105.00", "15525.00", "15525.00"),
    (3, "3290.50", "25", False, ("%", "12.34"), None, "8653.36", "2163.34", "10816.70", "10816.70"),
    (2, "1000", "25", False, ("kr", "500"), None, "1500.00", "375.00", "1875.00", "1875.00"),
    (1, "400", "25", False, ("kr", "500"), None, "0.00", "0.00", "0.00", "0.00"),
    (1, "2490", "25", False, ("%", "100"), None, "0.00", "0.00", "0.00", "0.00"),
    (1, "2490", "25", False, ("%", "150"), None, "0.00", "0.00", "0.00", "0.00"),
    (1, "2000", "25", False, None, "1500", "2000.00", "500.00", "2500.00", "1000.00"),
    (1, "1000", "25", False, None, "50000", "1000.00", "250.00", "1250.00", "0.00"),
    (1, "1000", "25", False, None, "-5", "1000.00", "250.00", "1250.00", "1250.00"),
    (2, "1250", "25", True, None, None, "2000.00", "500.00", "2500.00", "2500.00"),
    (1, "100", "25", True, ("%", "10"), None, "72.00", "18.00", "90.00", "90.00"),
    # A campaign's fixed amount is in the prices' own terms: here 500 with VAT, 400 without.
    (2, "1250", "25", True, ("kr", "500"), None, "1600.00", "400.00", "2000.00", "2000.00"),
    (1, "400", "25", True, ("kr", "500"), None, "0.00", "0.00", "0.00", "0.00"),
    (1, "2500", "25", True, ("%", "10"), "250", "1800.00", "450.00", "2250.00", "2000.00"),
    (1, "99.99", "25", True, None, None, "79.99", "20.00", "99.99", "99.99"),
    (1, "0.02", "25", False, None, None, "0.02", "0.01", "0.03", "0.03"),  # 0.005 goes up
    (1, "1.00", "12", False, ("%", "0.5"), None, "0.99", "0.12", "1.11", "1.11"),
    (1, "1000", None, False, None, None, "1000.00", "0.00", "1000.00", "1000.00"),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: " ".join(map(str, case[:6])))
def test_totals(case):
    number, unit, vat, includes_vat, discount, voucher, *expected = case
    found = quote(
        number,
        D(unit),
        vat_percent=vat and D(vat),
        includes_vat=includes_vat,
        discount=discount and Discount(discount[0] == "%", D(discount[1])),
        voucher_balance=voucher and D(voucher),
    )
    totals = (found.total_excl_vat, found.total_vat, found.total_incl_vat, found.to_pay)
    assert [str(total) for total in totals] == expected


def test_the_lines_add_up_to_what_is_to_pay():
    found = quote(
        3,
        D("3290.50"),
        vat_percent=D("25"),
        discount=Discount(True, D("12.34")),
        voucher_balance=D("99.98"),
    )
    lines = {line["kind"]: D(line["amount"]) for line in found.lines()}
    assert lines["course"] + lines["campaign"] == lines["net"]
    assert lines["net"] + lines["vat"] == lines["total"]
    assert lines["total"] + lines["voucher"] == lines["to_pay"]
    assert [line["kind"] for line in found.lines()] == [
        "course",
        "campaign",
        "net",
        "vat",
        "total",
        "voucher",
        "to_pay",
    ]


def test_what_is_left_on_the_voucher_is_said():
    found = quote(1, D("1000"), vat_percent=D("0"), voucher_balance=D("1500"))
    assert found.voucher_left == D("500")
    assert found.lines()[-2] == {"kind": "voucher", "amount": "-1000.00", "left": "500.00"}


def test_prices_with_vat_show_the_vat_within():
    kinds = [
        line["kind"] for line in quote(1, D(125), vat_percent=D(25), includes_vat=True).lines()
    ]
    assert kinds == ["course", "total", "vat_within", "net_within"]


def test_a_course_without_a_price_has_no_total():
    assert quote(2, None) is None


def test_every_amount_is_whole_ore():
    for unit in ("0.01", "0.03", "33.33", "3290.50", "99999.99"):
        for percent in ("0", "12", "15", "25"):
            found = quote(7, D(unit), vat_percent=D(percent), discount=Discount(True, D("33.33")))
            assert all(D(line["amount"]).as_tuple().exponent == -2 for line in found.lines())


def test_a_total_that_nobody_can_know_is_not_claimed():
    """Without a product nobody has told the VAT: one of the two totals stays open."""
    for includes_vat, kind, totals in (
        (False, "total_vat_unknown", (D("1500.00"), None)),
        (True, "total", (None, D("1500.00"))),
    ):
        found = quote(
            2,
            D("1000"),
            vat_percent=None,
            includes_vat=includes_vat,
            discount=Discount(False, D(500)),
        )
        assert found.known_totals == totals
        assert [line["kind"] for line in found.lines()] == ["course", "campaign", kind]


# --- Several prices, and vouchers ---------------------------------------------------------------


def test_each_price_has_its_line_and_its_own_vat():
    found = quote_of(
        [
            Places(2, D("1000"), D("25"), "Ordinær pris", 8001),
            Places(1, D("800"), D("0"), "Medlem", 8002, by_staff=True),
        ]
    )
    ordinary, member, *rest = found.lines()
    assert (ordinary["group"], ordinary["amount"]) == ("Ordinær pris", "2000.00")
    assert (member["group"], member["product"], member["by_staff"]) == ("Medlem", 8002, True)
    assert [(line["kind"], line["amount"]) for line in rest] == [
        ("net", "2800.00"),
        ("vat", "500.00"),
        ("vat", "0.00"),
        ("total", "3300.00"),
    ]


def test_a_fixed_amount_is_taken_off_once_whatever_the_number_of_prices():
    places = [Places(1, D("300"), D("25"), "a", 1), Places(3, D("500"), D("25"), "b", 2)]
    found = quote_of(places, discount=Discount(False, D("500")))
    assert (found.discount, found.total_excl_vat) == (D("500"), D("1300"))


def test_the_gift_cards_last_day_is_said():
    voucher = Voucher(D("1500"), date(2027, 3, 31))
    found = quote_of([Places(1, D("1000"), D("0"))], voucher=voucher)
    assert found.lines()[-2] == {
        "kind": "voucher",
        "amount": "-1000.00",
        "left": "500.00",
        "until": "2027-03-31",
    }


@pytest.mark.parametrize(
    ("balance", "left", "to_pay"),
    [("400", "0.00", "600.00"), ("1000", "0.00", "0.00"), ("5000", None, "0.00")],
)
def test_what_is_to_pay_claims_no_sum_without_the_vat_that_nobody_told(balance, left, to_pay):
    found = quote(1, D("1000"), vat_percent=None, voucher_balance=D(balance))
    *_, card, last = found.lines()
    assert card.get("left") == left, "VAT may still be taken from it"
    assert (last["kind"], last["amount"]) == ("to_pay_vat_unknown", to_pay)
    assert not found.costs_nothing
    known = quote(1, D("1000"), vat_percent=None, includes_vat=True, voucher_balance=D(balance))
    assert known.lines()[-1]["kind"] == "to_pay"


def test_nothing_is_nothing_whatever_the_vat():
    found = quote(1, D("0"), vat_percent=None, voucher_balance=D("100"))
    assert found.costs_nothing
    assert found.lines()[-1] == {"kind": "to_pay", "amount": "0.00"}


ore = st.decimals(0, 100_000, places=2)
rates = st.sampled_from([D(0), D(12), D(15), D(25), D("11.11")])
places_in_groups = st.lists(st.tuples(st.integers(1, 20), ore, rates), min_size=1, max_size=4).map(
    lambda rows: [Places(n, unit, vat, f"g{at}", at) for at, (n, unit, vat) in enumerate(rows)]
)
discounts = st.none() | st.builds(Discount, st.booleans(), st.decimals(0, 150, places=2))
discounts |= st.builds(Discount, st.just(False), ore)
vouchers = st.none() | st.builds(Voucher, ore)


@given(places_in_groups, discounts, vouchers, st.booleans())
@settings(max_examples=300, deadline=None)
def test_for_any_price_the_lines_add_up_and_nothing_is_negative(
    places, discount, voucher, includes_vat
):
    found = quote_of(places, discount=discount, voucher=voucher, includes_vat=includes_vat)
    sums = Counter()
    for line in found.lines():
        assert D(line["amount"]).as_tuple().exponent == -2
        sums[line["kind"]] += D(line["amount"])
    after_campaign = sums["course"] + sums["campaign"]
    assert after_campaign == (sums["total"] if includes_vat else sums["net"])
    net, vat = ("net_within", "vat_within") if includes_vat else ("net", "vat")
    assert sums[net] + sums[vat] == sums["total"]
    if voucher:
        assert sums["total"] + sums["voucher"] == sums["to_pay"]
        assert D(0) <= found.voucher_used <= found.total_incl_vat
        assert found.voucher_used + found.voucher_left == voucher.balance
    assert min(after_campaign, sums[net], sums[vat], sums["total"], found.to_pay) >= 0


@given(places_in_groups, discounts, st.booleans())
@settings(max_examples=200, deadline=None)
def test_vat_is_right_within_half_an_ore_for_each_price(places, discount, includes_vat):
    for part in quote_of(places, discount=discount, includes_vat=includes_vat).parts:
        rate = part.places.vat_percent / 100
        exact = (part.net + part.vat) * rate / (1 + rate) if includes_vat else part.net * rate
        assert abs(part.vat - exact) <= D("0.005")


@given(ore, st.integers(1, 20), rates, discounts)
@settings(max_examples=100, deadline=None)
def test_a_price_with_vat_costs_what_it_says(unit, number, vat, discount):
    found = quote(number, unit, vat_percent=vat, includes_vat=True, discount=discount)
    off = found.discount or D(0)
    assert found.total_incl_vat == unit * number - off
