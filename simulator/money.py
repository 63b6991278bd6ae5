"""What a booking costs: lines, campaign, VAT, totals."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .records import WAITING, Campaign, Product
from .shapes import Json
from .switches import Switches

CENT = Decimal("0.01")


def cents(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


@dataclass
class Person:
    """One participant of a booking, checked: who, in which status, and what is bought."""

    firstname: str
    lastname: str
    email: str
    phone: str
    status_id: int
    products: list[tuple[Product, Decimal]]


@dataclass
class Totals:
    lines: list[Json]
    discount: Decimal
    excl: Decimal
    vat: Decimal

    @property
    def incl(self) -> Decimal:
        return self.excl + self.vat


def totals_of(switches: Switches, people: list[Person], campaign: Campaign | None) -> Totals:
    """Lines by product and price; a campaign lowers course lines, VAT comes after it."""
    paying = [one for one in people if switches.waiting_has_amount or one.status_id != WAITING]
    lines = _lines(people, unpaid=[] if switches.waiting_has_amount else [WAITING])
    left = None  # of a fixed amount, which is spent from line to line
    if campaign and campaign.discount_type == "Value":
        per = len(paying) if switches.campaign_value_per == "participant" else 1
        left = cents(campaign.discount_value) * per
    totals = Totals(lines, Decimal(0), Decimal(0), Decimal(0))
    for line in lines:
        amount = line["price"] * line["quantity"]
        off = Decimal(0)
        if campaign and line["product"].id_type == 2:
            percent = cents(campaign.discount_value)
            off = cents(amount * percent / 100) if left is None else min(left, amount)
            left = None if left is None else left - off
        net, tax = _split(switches, amount - off, line["product"].vat)
        totals.excl, totals.vat = totals.excl + net, totals.vat + tax
        totals.discount += off
    return totals


def _lines(people: list[Person], unpaid: list[int]) -> list[Json]:
    """One line for each product at each price, with the places of its people in the list."""
    lines: dict[tuple[int, Decimal], Json] = {}
    for index, one in enumerate(people):
        for product, given in one.products:
            price = Decimal(0) if one.status_id in unpaid else given
            new = {"product": product, "price": price, "quantity": 0, "people": []}
            line = lines.setdefault((product.id, price), new)
            line["quantity"] += 1
            line["people"].append(index)
    return list(lines.values())


def _split(switches: Switches, amount: Decimal, percent: int) -> tuple[Decimal, Decimal]:
    """Net and VAT of an amount, whichever of the two the account's prices are."""
    if switches.vat_included:
        net = cents(amount * 100 / (100 + percent))
        return net, cents(amount) - net
    return cents(amount), cents(amount * percent / 100)
