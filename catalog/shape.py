"""Frontcore's records in the shape of our tables: plain columns, links by remote id, a hash.

Nothing here touches the database or the network. What does not fit a column's bounds is cut where
that does no harm (a comment), left out where nobody knows (a capacity below 0), and else Unfit.
"""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from catalog.clean import clean_html, plain
from catalog.models import (
    Category,
    Course,
    CourseDate,
    CourseText,
    Gathering,
    Instructor,
    Level,
    Place,
    Product,
    Seats,
    Venue,
)

PUBLIC_KIND = "public"
FULLY_BOOKED = "fully_booked"
LARGEST = {
    models.PositiveSmallIntegerField: 32_767,
    models.PositiveIntegerField: 2_147_483_647,
    models.IntegerField: 2_147_483_647,
}


class Unfit(ValueError):
    """A value that our column cannot hold and that may not be left out. Names the column only."""


@dataclass(frozen=True)
class Row:
    """One thing on its way into the copy.

    `values`: plain columns as JSON knows them. `links`: foreign keys, by remote id. `many`:
    many-to-many fields, by remote ids; None: this answer did not tell. `parts`: the gatherings of
    a date; None: not told. `listed`: whether it may stand in public lists, as far as it can tell
    by itself; None where that is no question. `fetched_at`: when it was asked for, ISO.
    """

    kind: str
    remote_id: int
    values: dict
    links: dict = field(default_factory=dict)
    many: dict = field(default_factory=dict)
    parts: list | None = field(default_factory=list)
    listed: bool | None = None
    fetched_at: str = ""

    def digest(self):
        """Hash of all content."""
        parts = self.parts and {str(part.remote_id): part.digest() for part in self.parts}
        content = [self.values, self.links, self.many, parts]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def as_payload(self):
        return asdict(self)

    @classmethod
    def from_payload(cls, payload):
        parts = payload["parts"]
        parts = parts if parts is None else [cls.from_payload(part) for part in parts]
        return cls(**payload | {"parts": parts})

    def fetched(self, moment):
        """The same, asked for at that moment; its parts too."""
        parts = self.parts and [part.fetched(moment) for part in self.parts]
        return replace(self, fetched_at=moment.isoformat(), parts=parts)


def rows_of_course(record):
    """The course as lists and dates describe it; its level and categories beside it."""
    rows = [
        Row("category", ref.id, fitted(Category, title=plain(ref.title)))
        for ref in record.categories
        if ref.id
    ]
    if record.level_id and record.level_title:
        rows.append(Row("level", record.level_id, fitted(Level, title=plain(record.level_title))))
    title = plain(record.title)
    values = fitted(
        Course,
        title=title,
        slug=Course.slug_of(title),
        reference=record.reference,
        is_active=record.is_active,
        kind=record.kind,
        public=record.is_active and record.kind == PUBLIC_KIND,
        form_of_teaching=record.form_id,
        language=record.language,
        duration_value=record.duration_value,
        duration_unit=record.duration_unit,
        list_price=record.price,
        currency=record.currency,
        price_comment=plain(record.price_comment),
    )
    links = {"level": record.level_id}
    many = {"categories": sorted(ref.id for ref in record.categories if ref.id)}
    return [*rows, Row("course", record.id, values, links, many, listed=values["public"])]


def row_of_detail(record):
    """The columns of a course that only the call for one course tells."""
    return Row(
        "detail",
        record.id,
        fitted(
            Course,
            text_languages=list(record.languages),
            external_booking_url=record.external_booking_url,
            email_more_info=email(record.email_more_info),
        ),
    )


def row_of_text(record, language):
    """The texts of a course in one language, sanitised."""
    texts = {name: clean_html(text) for name, text in record.texts.items()}
    columns = ("lead", *CourseText.SECTIONS)
    values = fitted(CourseText, **{name: texts.get(name, "") for name in columns})
    return Row(f"text {language}", record.id, values)


def row_of_product(record):
    values = fitted(
        Product,
        title=plain(record.title),
        label=plain(record.label),
        kind=record.kind,
        price=record.price,
        currency=record.currency,
        vat_percent=record.vat_percent,
        is_main=record.is_main,
        is_member=record.is_member,
    )
    return Row("product", record.id, values, {"course": record.course_id}, listed=True)


def rows_of_date(record):
    """The date with its gatherings as parts; place, venues, people and seats beside it."""
    rows = []
    if record.place and record.place.id and record.place.title:
        place = fitted(Place, title=plain(record.place.title), county=plain(record.place.county))
        rows.append(Row("place", record.place.id, place))
    meetings = None if record.gatherings is None else list(record.gatherings)
    for venue in [record.venue, *(meeting.venue for meeting in meetings or ())]:
        if venue:
            rows.append(row_of_venue(venue))
    people = [*(record.instructors or ()), *(p for m in meetings or () for p in m.instructors)]
    rows += [row_of_instructor(person) for person in people]
    taught_by = sorted({person.id for person in people})
    if record.instructors is None and not meetings:
        taught_by = None
    date = Row(
        "date",
        record.id,
        values_of_date(record),
        {
            "course": record.course_id,
            "place": record.place and record.place.id,
            "venue": record.venue and record.venue.id,
        },
        {"instructors": taught_by},
        None if meetings is None else [row_of_gathering(meeting) for meeting in meetings],
        listed=record.is_visible and record.parent_id is None and record.deleted_at is None,
    )
    rows.append(date)
    if record.seats:
        rows.append(row_of_seats(record))
    return rows


def values_of_date(record):
    place = record.place
    note = plain(place.more) if place else ""
    if place and place.title and not place.id:
        note = plain(place.title)
    return fitted(
        CourseDate,
        title=plain(record.title),
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        start_time=record.start_time,
        end_time=record.end_time,
        timezone=record.timezone,
        closes_on=record.closes_on,
        shown_after_deadline=record.shown_after_deadline,
        status=record.status_id,
        place_note=note,
        is_virtual=record.is_virtual,
        language=record.language,
        reference=record.reference,
        is_visible=record.is_visible,
        parent_remote_id=record.parent_id,
        deleted_upstream=record.deleted_at is not None,
        event_url=record.event_url,
    )


def row_of_seats(record):
    seats = record.seats
    values = fitted(
        Seats,
        capacity=seats.capacity,
        free=seats.free,
        booked=seats.booked,
        waiting=seats.waiting,
        free_waiting=seats.free_waiting,
        says_full=seats.word == FULLY_BOOKED,
    )
    return Row("seats", record.id, values)


def row_of_venue(record):
    values = fitted(
        Venue,
        title=plain(record.title),
        custom_title=plain(record.custom_title),
        address=", ".join(filter(None, (plain(record.address), plain(record.address2)))),
        zipcode=record.zipcode,
        city=plain(record.city),
        county=plain(record.county),
        country_code=record.country_code,
        latitude=record.latitude,
        longitude=record.longitude,
        capacity=record.capacity,
        is_virtual=record.is_virtual,
    )
    return Row("venue", record.id, values)


def row_of_instructor(record):
    values = fitted(Instructor, name=plain(record.name), position=plain(record.position))
    return Row("instructor", record.id, values)


def row_of_gathering(record):
    values = fitted(
        Gathering,
        starts_at=record.starts_at,
        ends_at=record.ends_at,
        theme=plain(record.theme),
        description=clean_html(record.description),
        event_url=record.event_url,
    )
    people = sorted({person.id for person in record.instructors})
    return Row(
        "gathering",
        record.id,
        values,
        {"venue": record.venue and record.venue.id},
        {"instructors": people},
    )


def email(text):
    """The address, "" where it is none."""
    try:
        validate_email(text or "")
    except ValidationError:
        return ""
    return text


def fitted(model, **values):
    """The values as JSON knows them and the model's columns hold them. Raises Unfit."""
    return {name: fit(model._meta.get_field(name), value) for name, value in values.items()}


def fit(column, value):
    if isinstance(column, models.CharField | models.TextField):
        text = value or ""
        if column.max_length and len(text) > column.max_length:
            # Half an address leads astray; half a comment does not.
            whole = isinstance(column, models.URLField | models.EmailField)
            return "" if whole or column.max_length < 10 else text[: column.max_length]
        return text
    if value is None:
        if not column.null:
            raise Unfit(column.name)
        return None
    if isinstance(column, models.DecimalField):
        return fit_decimal(column, value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if (largest := LARGEST.get(type(column))) is not None:
        smallest = 0 if "Positive" in type(column).__name__ else -largest
        if not smallest <= value <= largest:
            return fit(column, None)
    return value


def fit_decimal(column, value):
    exact = Decimal(value).quantize(Decimal(1).scaleb(-column.decimal_places))
    if len(exact.as_tuple().digits) > column.max_digits:
        return fit(column, None)
    return str(exact)
