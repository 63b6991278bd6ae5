"""Courses, their products, and the short lists around them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import Field

from ..loose import (
    Amount,
    Flag,
    FlatText,
    Id,
    MaybeAmount,
    MaybeId,
    MaybeLink,
    MaybeMoment,
    MaybePrice,
    MaybeText,
    Properties,
    Text,
    at,
    is_empty,
    pick,
    price,
    whole,
)
from .base import Each, NamedRef, Record, Spare

#: The unit ids of GET /durations, which are the same on all accounts [docs].
DURATION_CODES = {
    1: "days",
    2: "weeks",
    3: "months",
    4: "semester",
    5: "years",
    6: "hours",
    7: "minutes",
}

#: Our names of the long texts of a course; the API's are ``text_`` and the name.
TEXTS = (
    "lead",
    "description",
    "place",
    "prerequisites",
    "duration",
    "credits",
    "submissions",
    "hotel_info",
    "audience",
)


class CourseRecord(Record):
    """A course in its short form, as in ``GET /courses`` and inside dates.

    ``price`` says nothing about VAT (the products do); None: no price set (the API says 0).
    ``kind`` is "public" or a word we do not know; "" when the API does not say.
    ``duration_unit`` is a code ("days", "hours" …), never a title.
    ``categories`` come from Kursguiden's staff; the shape of one is inferred.
    """

    noun = "course"

    id: Id
    title: Text
    reference: Spare[MaybeText] = None
    is_active: Flag = True
    kind: FlatText = ""
    level_id: Spare[MaybeId] = None
    level_title: Spare[MaybeText] = None
    form_id: Spare[MaybeId] = None
    form_title: Spare[MaybeText] = None
    language: Spare[MaybeText] = None
    duration_value: Spare[MaybeAmount] = None
    duration_unit: str | None = None
    price: MaybePrice = None
    currency: str = "NOK"
    price_comment: Spare[MaybeText] = None
    categories: Spare[tuple[NamedRef, ...]] = ()
    tags: Spare[tuple[str, ...]] = ()
    properties: Spare[Properties] = Field(default_factory=dict)
    updated_at: Spare[MaybeMoment] = None

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        value, unit = duration(raw)
        return {
            "id": pick(raw, "id", "course_id"),
            "title": at(raw, "title"),
            "reference": at(raw, "reference"),
            "is_active": pick(raw, "is_active", "active", default=True),
            "kind": at(raw, "type"),
            "level_id": pick(raw, "level.id", "level_id"),
            "level_title": at(raw, "level.title"),
            "form_id": pick(raw, "form_of_teaching.id", "form_of_teaching_id"),
            "form_title": at(raw, "form_of_teaching.title"),
            "language": language(raw),
            "duration_value": value,
            "duration_unit": unit,
            **money(raw),
            "categories": named(at(raw, "categories")),
            "tags": tuple(ref["title"] for ref in named(at(raw, "tags"))),
            "properties": at(raw, "custom_properties"),
            "updated_at": at(raw, "updated_at"),
        }


class ProductRecord(Record):
    """A price: of a course (``kind`` 2) or an add-on (1).

    ``price`` is in ``currency``, taken to be without VAT unless the site is told otherwise;
    ``vat_percent`` is 0, 15, 25 … Source: GET /orders/products, and inside one course.
    """

    noun = "product"

    id: Id
    title: Spare[FlatText] = ""
    label: Spare[MaybeText] = None
    kind: int
    course_id: MaybeId = None
    price: Amount = Field(ge=0)
    currency: str = "NOK"
    vat_percent: Amount = Field(ge=0, le=100)
    is_main: Flag = False
    is_member: Flag = False
    is_archived: Flag = False
    is_deleted: Flag = False

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        kind = quiet_whole(at(raw, "id_type"))
        vat = at(raw, "vat")
        return {
            "id": at(raw, "id"),
            "title": at(raw, "title"),
            "label": at(raw, "title_label"),
            "kind": kind,
            "course_id": at(raw, "id_relation") if kind == 2 else None,
            "price": pick(raw, "price.value") if is_object(raw, "price") else at(raw, "price"),
            "currency": currency(pick(raw, "currency.title", "currency.code", "currency")),
            "vat_percent": at(vat, "vat") if isinstance(vat, Mapping) else vat,
            "is_main": pick(raw, "is_main_price", default=False),
            "is_member": pick(raw, "is_member_price", default=False),
            "is_archived": pick(raw, "is_archived", default=False),
            "is_deleted": pick(raw, "is_deleted", default=False),
        }


class CourseDetail(CourseRecord):
    """A course with its texts and prices. Source: GET /courses/:id with products.

    ``texts`` holds HTML as Frontcore has it, **not sanitised**, under the names in ``TEXTS``;
    empty ones are left out. ``languages``: in which the course is described ("no", "en").
    An unreadable ``external_booking_url`` is never taken for none: the course is not booked here.
    """

    languages: Spare[tuple[str, ...]] = ()
    texts: Spare[dict[str, str]] = Field(default_factory=dict)
    email_booking: Spare[MaybeText] = None
    email_more_info: Spare[MaybeText] = None
    external_booking_url: MaybeLink = None
    external_more_info_url: Spare[MaybeLink] = None
    products: Each[ProductRecord] = ()

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        return super().names(raw) | {
            "languages": languages(at(raw, "description_languages")),
            "texts": texts(raw),
            "email_booking": at(raw, "email_booking"),
            "email_more_info": at(raw, "email_more_info"),
            "external_booking_url": at(raw, "external_booking_url"),
            "external_more_info_url": at(raw, "external_more_info_url"),
            "products": ProductRecord.parts(at(raw, "products")),
        }


class DurationRecord(Record):
    """A unit of length. Source: GET /durations, whose ids are strings."""

    noun = "duration"

    id: Id
    code: Text
    title: Spare[FlatText] = ""
    title_plural: Spare[FlatText] = ""

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {name: at(raw, name) for name in ("id", "code", "title", "title_plural")}


def is_object(raw: Any, path: str) -> bool:
    return isinstance(at(raw, path), Mapping)


def quiet_whole(value: Any) -> Any:
    """The whole number, or what came, for the field to complain about."""
    try:
        return whole(value)
    except ValueError:
        return value


def currency(value: Any) -> str:
    """Three capital letters; NOK when the API does not say."""
    word = str(value or "").strip().upper()
    return word if re.fullmatch(r"[A-Z]{3}", word) else "NOK"


def money(raw: Mapping[str, Any]) -> dict[str, Any]:
    """price as ``{"value", "currency", "comment"}`` or as a bare number."""
    if is_object(raw, "price") or is_empty(at(raw, "price")):
        return {
            "price": at(raw, "price.value"),
            "currency": currency(at(raw, "price.currency")),
            "price_comment": at(raw, "price.comment"),
        }
    return {"price": at(raw, "price")}


def language(raw: Mapping[str, Any]) -> Any:
    """teaching_language as ``{"id": "no"}`` or as "no"; lower case."""
    code = pick(raw, "teaching_language.id", "teaching_language.code")
    if code is None and isinstance(at(raw, "teaching_language"), str):
        code = at(raw, "teaching_language")
    return code.lower() if isinstance(code, str) else code


def duration(raw: Mapping[str, Any]) -> tuple[Decimal | None, str | None]:
    """The filled shape was never seen; object, number and text are taken, unit as id or code.

    What cannot be read is unknown, (None, None): a length is decoration, not a reason to lose
    the course.
    """
    found = at(raw, "duration")
    if isinstance(found, Mapping):
        value, unit = at(found, "value"), at(found, "unit")
    else:
        value, unit = found, None
    try:
        amount = price(value)
    except ValueError:
        return None, None
    if amount is None:
        return None, None
    return amount, duration_code(unit)


def duration_code(unit: Any) -> str | None:
    if isinstance(unit, Mapping):
        unit = pick(unit, "code", "id")
    if isinstance(unit, str) and unit.strip().lower() in DURATION_CODES.values():
        return unit.strip().lower()
    try:
        return DURATION_CODES.get(whole(unit) or 0)
    except ValueError:
        return None


def named(value: Any) -> tuple[dict[str, Any], ...]:
    """A list of objects with id and title, or of plain words; what is neither is left out."""
    found: list[dict[str, Any]] = []
    for item in value if isinstance(value, list) else ():
        title = pick(item, "title", "name") if isinstance(item, Mapping) else item
        identity = quiet_whole(at(item, "id"))
        if isinstance(title, str | int) and str(title).strip():
            found.append(
                {
                    "id": identity if isinstance(identity, int) else None,
                    "title": str(title).strip(),
                }
            )
    return tuple(found)


def languages(value: Any) -> tuple[str, ...]:
    """description_languages: codes, or objects that hold one."""
    found = []
    for item in value if isinstance(value, list) else ():
        code = pick(item, "id", "code") if isinstance(item, Mapping) else item
        if isinstance(code, str) and code.strip():
            found.append(code.strip().lower())
    return tuple(dict.fromkeys(found))


def texts(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The long texts; the place of the lead is not confirmed, so several are looked at."""
    found: dict[str, Any] = {}
    for name in TEXTS:
        wire = f"text_{name}"
        more = ("lead",) if name == "lead" else ()
        value = pick(raw, wire, f"description.{wire}", f"descriptions.{wire}", *more)
        if isinstance(value, str) and value.strip():
            found[name] = value.strip()
    return found
