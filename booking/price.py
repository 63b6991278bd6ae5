"""What a booking costs: lines and totals for so many places. Plain arithmetic, no database.

Rounding: every amount of a line is rounded once to whole øre, half up; totals are sums of rounded
amounts. A campaign lowers what the course costs, VAT is reckoned on what is left, for each price
by itself, and a voucher pays towards the total after VAT. A campaign's fixed amount is taken off
once per booking, in the prices' own terms: where they hold VAT, so does the amount
(docs/decisions/0010, 0018).
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

ORE = Decimal("0.01")
NOTHING = Decimal("0.00")


def rounded(amount):
    """Whole øre, half up (half away from zero for what is taken off)."""
    return amount.quantize(ORE, ROUND_HALF_UP)


@dataclass(frozen=True)
class Places:
    """So many places at one price."""

    number: int
    unit_price: Decimal
    vat_percent: Decimal | None = None  # None: nobody has told us; then no VAT is reckoned
    group: str = ""  # the name of the price group, where the course has several
    product: int | None = None  # Frontcore's number of it
    by_staff: bool = False  # this price is not sent along: staff confirm it


@dataclass(frozen=True)
class Discount:
    """A campaign: so many per cent of the course's price, or a fixed amount once."""

    is_percent: bool
    value: Decimal

    def off(self, amounts):
        """What is taken off each of these amounts: never more than all of it, never less than
        nothing. A fixed amount is spent from the first to the last."""
        left, shares = max(rounded(self.value), NOTHING), []
        for amount in amounts:
            share = rounded(amount * self.value / 100) if self.is_percent else left
            share = min(max(share, NOTHING), amount)
            left -= NOTHING if self.is_percent else share
            shares.append(share)
        return shares


@dataclass(frozen=True)
class Voucher:
    """A gift card as it is before it pays."""

    balance: Decimal
    expires_on: date | None = None

    @property
    def worth(self):
        return max(rounded(self.balance), NOTHING)


@dataclass(frozen=True)
class Line:
    """What the places at one price cost."""

    places: Places
    amount: Decimal  # as stated
    net: Decimal  # after the campaign
    vat: Decimal


@dataclass(frozen=True)
class Quote:
    """A price in lines, as it is shown, stored with the booking and compared with the answer."""

    parts: tuple[Line, ...]
    discount: Decimal | None  # None: no campaign
    discount_percent: Decimal | None
    includes_vat: bool
    voucher: Voucher | None
    currency: str

    @property
    def knows_vat(self):
        return all(part.places.vat_percent is not None for part in self.parts)

    @property
    def total_excl_vat(self):
        return sum((part.net for part in self.parts), NOTHING)

    @property
    def total_vat(self):
        return sum((part.vat for part in self.parts), NOTHING)

    @property
    def total_incl_vat(self):
        return self.total_excl_vat + self.total_vat

    @property
    def known_totals(self):
        """(without VAT, with VAT); None is what cannot be known while nobody has told the VAT."""
        if self.knows_vat:
            return self.total_excl_vat, self.total_incl_vat
        stated = self.total_incl_vat
        return (None, stated) if self.includes_vat else (stated, None)

    @property
    def lacks_vat(self):
        """VAT may come on top of the total. (Of nothing there is none.)"""
        return not self.knows_vat and not self.includes_vat and self.total_incl_vat > 0

    @property
    def voucher_used(self):
        """What the voucher pays for certain; None: no voucher."""
        return self.voucher and min(self.voucher.worth, self.total_incl_vat)

    @property
    def voucher_left(self):
        """What stays on it; None where VAT that nobody has told may still be taken from it."""
        if self.voucher is None:
            return None
        left = self.voucher.worth - self.voucher_used
        return None if left and self.lacks_vat else left

    @property
    def to_pay(self):
        """Where the total lacks VAT, so does this."""
        return self.total_incl_vat - (self.voucher_used or NOTHING)

    @property
    def costs_nothing(self):
        return self.to_pay == 0 and not self.lacks_vat

    def lines(self):
        """The lines as plain values (texts and numbers as texts), in the order they are shown."""
        lines = [course_line(part) for part in self.parts]
        if self.discount is not None:
            lines.append(line("campaign", -self.discount, percent=plain(self.discount_percent)))
        vat_kind = "vat_within" if self.includes_vat else "vat"
        vat = [line(vat_kind, vat, percent=plain(rate)) for rate, vat in self.vat_by_rate()]
        if self.knows_vat and self.includes_vat:
            lines += [line("total", self.total_incl_vat), *vat]
            lines.append(line("net_within", self.total_excl_vat))
        elif self.knows_vat:
            lines += [line("net", self.total_excl_vat), *vat]
            lines.append(line("total", self.total_incl_vat))
        elif self.includes_vat:
            lines.append(line("total", self.total_incl_vat))
        else:
            lines.append(line("total_vat_unknown", self.total_incl_vat))
        return lines + self.voucher_lines()

    def vat_by_rate(self):
        """(per cent, VAT), the highest rate first."""
        if not self.knows_vat:
            return []
        rates = sorted({part.places.vat_percent for part in self.parts}, reverse=True)
        return [
            (rate, sum((p.vat for p in self.parts if p.places.vat_percent == rate), NOTHING))
            for rate in rates
        ]

    def voucher_lines(self):
        if self.voucher is None:
            return []
        left, until = self.voucher_left, self.voucher.expires_on
        more = {} if left is None else {"left": str(left)}
        if until:
            more["until"] = until.isoformat()
        kind = "to_pay_vat_unknown" if self.lacks_vat else "to_pay"
        return [line("voucher", -self.voucher_used, **more), line(kind, self.to_pay)]


def course_line(part):
    places = part.places
    more = {}
    if places.group:
        more = {"group": places.group, "product": places.product}
    if places.by_staff:
        more["by_staff"] = True
    unit = str(rounded(places.unit_price))
    return line("course", part.amount, quantity=places.number, unit=unit, **more)


def line(kind, amount, **more):
    return {"kind": kind, "amount": str(amount)} | more


def plain(number):
    """25.00 → "25", 12.50 → "12.5"; None stays None."""
    return None if number is None else f"{number.normalize():f}"


def quote(places, *, includes_vat=False, discount=None, voucher=None, currency="NOK"):
    """The price of these places (a list of Places), or None where no price is set."""
    if not places or any(each.unit_price is None for each in places):
        return None
    amounts = [rounded(each.unit_price * each.number) for each in places]
    off = discount.off(amounts) if discount else [NOTHING] * len(amounts)
    parts = []
    for each, amount, less in zip(places, amounts, off, strict=True):
        net, vat = split(amount - less, each.vat_percent or NOTHING, includes_vat)
        parts.append(Line(each, amount, net, vat))
    return Quote(
        parts=tuple(parts),
        discount=sum(off, NOTHING) if discount else None,
        discount_percent=discount.value if discount and discount.is_percent else None,
        includes_vat=includes_vat,
        voucher=voucher,
        currency=currency,
    )


def split(amount, vat_percent, includes_vat):
    """(net, VAT) of an amount; both are rounded and add up."""
    if includes_vat:
        net = rounded(amount * 100 / (100 + vat_percent))
        return net, amount - net
    return amount, rounded(amount * vat_percent / 100)
