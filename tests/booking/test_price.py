"""The price of n places: plain arithmetic, rounded to whole øre, half up."""

from decimal import Decimal as D

import pytest

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
