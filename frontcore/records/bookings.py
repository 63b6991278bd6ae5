"""What is sent to book, what comes back, and the lists that show what Frontcore knows of it.

Names, e-mails and codes are kept out of the records' repr, so that a logged record tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import Field

from ..loose import (
    Amount,
    Flag,
    FlatText,
    Id,
    MaybeId,
    MaybeInt,
    MaybeMoment,
    MaybeText,
    at,
    is_empty,
    pick,
    reference,
)
from .base import Record, Spare
from .courses import currency

#: Enrolment statuses of people who were taken off a date, the second with a fee.
DEREGISTERED = frozenset({4, 8})


class CampaignRecord(Record):
    """A campaign that was found. Found does not mean usable: ask ``usable``.

    ``value`` is a percentage where ``is_percent``, else an amount in ``currency``.
    Source: GET /campaigns/validate/:code.
    """

    id: Id
    title: FlatText = ""
    is_percent: bool
    value: Amount = Field(ge=0)
    currency: str | None = None
    is_active: Flag = True
    is_running: Flag
    is_expired: Flag = False
    is_waiting: Flag = False
    is_archived: Flag = False
    code: FlatText = Field(default="", repr=False)

    @property
    def usable(self) -> bool:
        """Active, inside its period and not archived."""
        return (
            self.is_active
            and self.is_running
            and not (self.is_expired or self.is_waiting or self.is_archived)
        )

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        kinds = {"percent": True, "value": False}
        expired = pick(raw, "expired", default=False)
        waiting = pick(raw, "waiting", default=False)
        return {
            "id": at(raw, "id"),
            "title": at(raw, "title"),
            "is_percent": kinds.get(str(at(raw, "discount_type")).lower()),
            "value": at(raw, "discount_value"),
            "currency": known_currency(at(raw, "currency")),
            "is_active": pick(raw, "active", "is_active", default=True),
            "is_running": pick(raw, "running", default=expired is False and waiting is False),
            "is_expired": expired,
            "is_waiting": waiting,
            "is_archived": pick(raw, "is_archived", default=False),
            "code": at(raw, "campaign_code"),
        }


class VoucherRecord(Record):
    """A voucher (gift card) that was found; ask ``usable``. ``balance`` in ``currency``.

    Source: GET /vouchers/validate/:code. Its moments come without a zone; Oslo is assumed.
    """

    id: Id
    code: FlatText = Field(default="", repr=False)
    currency: str | None = None
    balance: Amount
    is_expired: Flag = False
    is_deleted: Flag = False
    expires_at: MaybeMoment = None
    archived_at: MaybeMoment = None

    @property
    def usable(self) -> bool:
        """Neither expired, deleted nor archived, and something left on it."""
        return not (self.is_expired or self.is_deleted or self.archived_at) and self.balance > 0

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": at(raw, "id"),
            "code": at(raw, "code"),
            "currency": known_currency(at(raw, "currency")),
            "balance": at(raw, "balance"),
            "is_expired": pick(raw, "is_expired", default=False),
            "is_deleted": pick(raw, "is_deleted", default=False),
            "expires_at": at(raw, "expires_at"),
            "archived_at": at(raw, "archived_at"),
        }


class ParticipantRecord(Record):
    """One person on one date. ``status_id``: 1 confirmed, 2 overbooked, 3 waiting list,
    4 deregistered, 7 unconfirmed, 8 deregistered with fee. Text is "" where empty.
    ``properties`` are the account's own fields, values as they come; None: not told [inferred].

    Source: GET /participants (first half from the docs, the rest from live use).
    """

    id: Id
    coursedate_id: Id
    course_id: MaybeId = None
    status_id: MaybeInt = None
    status_code: MaybeText = None
    booker_name: FlatText = Field(default="", repr=False)
    booker_email: FlatText = Field(default="", repr=False)
    firstname: FlatText = Field(default="", repr=False)
    lastname: FlatText = Field(default="", repr=False)
    email: FlatText = Field(default="", repr=False)
    user_id: MaybeId = None
    properties: Spare[dict[str, Any] | None] = Field(default=None, repr=False)
    created_at: MaybeMoment = None

    @property
    def is_deregistered(self) -> bool:
        """Taken off the date, with or without a fee; told by the number or by the word."""
        return self.status_id in DEREGISTERED or "deregister" in (self.status_code or "")

    @property
    def is_enrolled(self) -> bool:
        """Known to stand on the date, be it on its waiting list; not so where no status is told."""
        return self.status_id is not None and not self.is_deregistered

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": at(raw, "id"),
            "coursedate_id": pick(raw, "coursedate.id", "coursedate_id"),
            "course_id": pick(raw, "course.id", "coursedate.idCourse", "course_id"),
            "status_id": pick(raw, "status.id", "idStatus", "status_id"),
            "status_code": at(raw, "status.status_code"),
            "booker_name": at(raw, "booker_name"),
            "booker_email": at(raw, "booker_email"),
            "firstname": at(raw, "user.firstname"),
            "lastname": at(raw, "user.lastname"),
            "email": at(raw, "user.email"),
            "user_id": at(raw, "user.id"),
            "properties": None if is_empty(own := at(raw, "custom_properties")) else own,
            "created_at": at(raw, "created_at"),
        }


class OrderRecord(Record):
    """One order, with the courses, dates and participants of its lines as far as they tell.

    Source: GET /orders, whose end (lines, moments) is inferred: () and None mean "not told".
    """

    id: Id
    title: FlatText = ""
    your_reference: MaybeText = Field(default=None, repr=False)
    coursedate_ids: tuple[int, ...] = ()
    course_ids: tuple[int, ...] = ()
    participant_ids: tuple[int, ...] = ()
    created_at: MaybeMoment = None
    customer_title: MaybeText = Field(default=None, repr=False)

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        found = at(raw, "lines")
        lines = [at(line, "database_relations") for line in found or () if is_line(line)]
        return {
            "id": at(raw, "id"),
            "title": at(raw, "title"),
            "your_reference": at(raw, "your_reference"),
            "coursedate_ids": ids(lines, "coursedate_id", "coursedate.id", "coursedate_ids"),
            "course_ids": ids(lines, "course_id", "course.id"),
            "participant_ids": ids(lines, "participant_ids", "participants", "participant_id"),
            "created_at": at(raw, "created_at"),
            "customer_title": at(raw, "customer.title"),
        }


class BookedProduct(Record):
    """What a participant pays for, at the price that was agreed. Its shape is inferred."""

    id: int
    price: Decimal

    def as_body(self) -> dict[str, Any]:
        whole = self.price == self.price.to_integral_value()
        return {"id": self.id, "price": int(self.price) if whole else float(self.price)}


class BookingParticipant(Record):
    """One person to book. ``status_id`` 1 asks for a place, 3 for the waiting list. Without
    ``products`` Frontcore takes the course's ordinary price."""

    firstname: str = Field(repr=False)
    lastname: str = Field(repr=False)
    email: str = Field(repr=False)
    phone: str | None = Field(default=None, repr=False)
    status_id: int | None = None
    products: tuple[BookedProduct, ...] = ()

    def as_body(self) -> dict[str, Any]:
        body = self.model_dump(exclude={"products"})
        return filled(body | {"products": [product.as_body() for product in self.products]})


class BookingRequest(Record):
    """A booking as it is sent. Empty texts are left out of the body.

    ``check_seats``: Frontcore refuses when seats are missing (else it books past capacity).
    ``send_receipts``: Frontcore mails its own receipts to the participants.
    ``invoice_zipcode``, ``invoice_city`` and a participant's ``phone`` are inferred names.
    """

    coursedate_id: int
    participants: tuple[BookingParticipant, ...]
    booker_name: str = Field(default="", repr=False)
    booker_email: str = Field(default="", repr=False)
    booker_phone: str = Field(default="", repr=False)
    company: str = Field(default="", repr=False)
    company_number: str = Field(default="", repr=False)
    gln_number: str = Field(default="", repr=False)
    invoice_reference: str = Field(default="", repr=False)
    invoice_email: str = Field(default="", repr=False)
    invoice_address_1: str = Field(default="", repr=False)
    invoice_zipcode: str = Field(default="", repr=False)
    invoice_city: str = Field(default="", repr=False)
    campaign_code: str = Field(default="", repr=False)
    voucher_code: str = Field(default="", repr=False)
    currency: str = "nok"
    check_seats: bool = True
    send_receipts: bool = False

    def as_body(self) -> dict[str, Any]:
        """The JSON object of POST /booking."""
        apart = {"participants", "check_seats", "send_receipts"}
        return filled(self.model_dump(exclude=apart)) | {
            "currency": self.currency.lower(),
            "payment_method": "invoice",
            "participants": [person.as_body() for person in self.participants],
            "config": {
                "reject_cancelled_course_date": True,
                "seats_availability_check": self.check_seats,
                "send_receipt_email_to_participant": self.send_receipts,
                "send_account_created_email_to_user": False,
            },
        }


class BookingSummary(Record):
    """What was booked, as Frontcore counts it. ``currency`` in lower case.

    ``booking_id`` is what deregistering takes; None: the answer did not hold it.
    Nothing in it tells a place from the waiting list: that is known from what was asked.
    """

    order_id: Id
    booking_id: MaybeId = None
    coursedate_id: Id
    currency: str = "nok"
    total_excl_vat: Amount
    total_incl_vat: Amount
    total_vat: Amount
    participants: int

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "order_id": at(raw, "order_id"),
            "booking_id": at(raw, "booking_id"),
            "coursedate_id": at(raw, "coursedate_id"),
            "currency": currency(at(raw, "currency")).lower(),
            "total_excl_vat": at(raw, "total_excl_vat"),
            "total_incl_vat": at(raw, "total_incl_vat"),
            "total_vat": at(raw, "total_vat"),
            "participants": at(raw, "number_of_participants"),
        }


class LegalBasisRequest(Record):
    """Why a person's data may be kept, as it is sent. The ids are Frontcore's: of the legal basis
    and the source fixed, of purposes and consents the account's own."""

    legal_basis: int
    purpose: int
    source: int
    consent: int | None = None
    comment: str = ""

    def as_body(self) -> dict[str, Any]:
        return filled(self.model_dump())


class Deregistration(Record):
    """A booking that was taken back; ``participants`` are the people concerned."""

    booking_id: Id
    participants: int = 0


def known_currency(value: Any) -> str | None:
    """Capital letters; None when the answer does not say."""
    return None if is_empty(value) else currency(value)


def is_line(line: Any) -> bool:
    return isinstance(line, Mapping)


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in body.items() if not is_empty(value)}


def ids(lines: list[Any], *paths: str) -> tuple[int, ...]:
    """All ids at these places, each once: a number, a list of numbers, or of objects."""
    found: dict[int, None] = {}
    for line in lines:
        for path in paths:
            value = at(line, path)
            for item in value if isinstance(value, list) else [value]:
                try:
                    number = reference(at(item, "id") if isinstance(item, Mapping) else item)
                except ValueError:
                    continue
                if number:
                    found[number] = None
    return tuple(found)
