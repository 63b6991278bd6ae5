"""What a booking costs: lines and totals for n participants. Plain arithmetic, no database.

Rounding: every amount of a line is rounded once to whole øre, half up; totals are sums of rounded
amounts. A campaign lowers what the course costs, VAT is reckoned on what is left, and a voucher
pays towards the total after VAT. A campaign's fixed amount is taken off once per booking, in the
prices' own terms: where they hold VAT, so does the amount (docs/decisions/0010).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ORE = Decimal("0.01")
NOTHING = Decimal("0.00")


def rounded(amount):
    """Whole øre, half up (half away from zero for what is taken off)."""
    return amount.quantize(ORE, ROUND_HALF_UP)


@dataclass(frozen=True)
class Discount:
    """A campaign: so many per cent of the course's price, or a fixed amount once."""

    is_percent: bool
    value: Decimal

    def off(self, amount):
        """What is taken off that amount: never more than all of it, never less than nothing."""
        off = rounded(amount * self.value / 100) if self.is_percent else rounded(self.value)
        return min(max(off, NOTHING), amount)


@dataclass(frozen=True)
class Quote:
    """A price in lines, as it is shown, stored with the booking and compared with the answer."""

    participants: int
    unit_price: Decimal
    course_total: Decimal
    discount: Decimal | None  # None: no campaign
    discount_percent: Decimal | None
    vat_percent: Decimal | None  # None: nobody has told us; then no VAT is reckoned
    includes_vat: bool
    total_excl_vat: Decimal
    total_vat: Decimal
    voucher_used: Decimal | None  # None: no voucher
    voucher_left: Decimal | None
    currency: str

    @property
    def total_incl_vat(self):
        return self.total_excl_vat + self.total_vat

    @property
    def known_totals(self):
        """(without VAT, with VAT); None is what cannot be known while nobody has told the VAT."""
        if self.vat_percent is not None:
            return self.total_excl_vat, self.total_incl_vat
        stated = self.course_total - (self.discount or NOTHING)
        return (None, stated) if self.includes_vat else (stated, None)

    @property
    def to_pay(self):
        return self.total_incl_vat - (self.voucher_used or NOTHING)

    def lines(self):
        """The lines as plain values (texts and numbers as texts), in the order they are shown."""
        lines = [
            line("course", self.course_total, quantity=self.participants, unit=str(self.unit_price))
        ]
        if self.discount is not None:
            percent = self.discount_percent
            lines.append(line("campaign", -self.discount, percent=plain(percent)))
        if self.vat_percent is not None and self.includes_vat:
            lines.append(line("total", self.total_incl_vat))
            lines.append(line("vat_within", self.total_vat, percent=plain(self.vat_percent)))
            lines.append(line("net_within", self.total_excl_vat))
        elif self.vat_percent is not None:
            lines.append(line("net", self.total_excl_vat))
            lines.append(line("vat", self.total_vat, percent=plain(self.vat_percent)))
            lines.append(line("total", self.total_incl_vat))
        elif self.includes_vat:
            lines.append(line("total", self.total_incl_vat))
        else:
            lines.append(line("total_vat_unknown", self.total_incl_vat))
        if self.voucher_used is not None:
            lines.append(line("voucher", -self.voucher_used, left=str(self.voucher_left)))
            lines.append(line("to_pay", self.to_pay))
        return lines


def line(kind, amount, **more):
    return {"kind": kind, "amount": str(amount)} | more


def plain(number):
    """25.00 → "25", 12.50 → "12.5"; None stays None."""
    return None if number is None else f"{number.normalize():f}"


def quote(
    participants,
    unit_price,
    *,
    vat_percent=None,
    includes_vat=False,
    discount=None,
    voucher_balance=None,
    currency="NOK",
):
    """The price of so many places, or None where no price is set."""
    if unit_price is None:
        return None
    course_total = rounded(unit_price * participants)
    off = discount.off(course_total) if discount else NOTHING
    excl, vat = split(course_total - off, vat_percent or NOTHING, includes_vat)
    used = None if voucher_balance is None else min(max(voucher_balance, NOTHING), excl + vat)
    return Quote(
        participants=participants,
        unit_price=rounded(unit_price),
        course_total=course_total,
        discount=off if discount else None,
        discount_percent=discount.value if discount and discount.is_percent else None,
        vat_percent=vat_percent,
        includes_vat=includes_vat,
        total_excl_vat=excl,
        total_vat=vat,
        voucher_used=used,
        voucher_left=None if used is None else voucher_balance - used,
        currency=currency,
    )


def split(amount, vat_percent, includes_vat):
    """(net, VAT) of an amount; both are rounded and add up."""
    if includes_vat:
        net = rounded(amount * 100 / (100 + vat_percent))
        return net, amount - net
    return amount, rounded(amount * vat_percent / 100)
