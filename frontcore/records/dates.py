"""Course dates and what they hold: places, venues, seats, gatherings, instructors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator, model_validator

from ..loose import (
    OSLO,
    Day,
    Flag,
    FlatText,
    Id,
    Latitude,
    Longitude,
    MaybeClock,
    MaybeDay,
    MaybeId,
    MaybeInt,
    MaybeLink,
    MaybeMoment,
    MaybeText,
    MaybeZone,
    Moment,
    Properties,
    Text,
    at,
    is_empty,
    moment,
    pick,
)
from .base import Each, Record, Spare
from .courses import CourseRecord, ProductRecord, language


class PlaceRecord(Record):
    """Where a date is, in words: a town and its county. May hold only ``more``."""

    noun = "place"

    id: Spare[MaybeId] = None
    title: Spare[MaybeText] = None
    more: Spare[MaybeText] = None
    county_id: Spare[MaybeId] = None
    county: Spare[MaybeText] = None

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": at(raw, "id"),
            "title": at(raw, "title"),
            "more": at(raw, "title_additional_info"),
            "county_id": at(raw, "parent_id"),
            "county": at(raw, "parent_title"),
        }

    @classmethod
    def part(cls, raw: Any) -> Any:
        found = super().part(raw)
        return None if isinstance(found, dict) and all(map(is_empty, found.values())) else found


class VenueRecord(Record):
    """A venue ("location"). Latitude and longitude in degrees, both or neither.

    ``custom_title``, where set, is the name to show. Source: inside dates and gatherings, and
    GET /locations (path known through an integration).
    """

    noun = "location"

    id: Id
    title: Spare[FlatText] = ""
    custom_title: Spare[MaybeText] = None
    address: Spare[MaybeText] = None
    address2: Spare[MaybeText] = None
    zipcode: Spare[MaybeText] = None
    city: Spare[MaybeText] = None
    county: Spare[MaybeText] = None
    country_code: Spare[MaybeText] = None
    latitude: Spare[Latitude] = None
    longitude: Spare[Longitude] = None
    capacity: Spare[MaybeInt] = None
    is_virtual: Spare[Flag] = False
    is_archived: Spare[Flag] = False
    text: Spare[MaybeText] = None

    @model_validator(mode="before")
    @classmethod
    def both_or_neither(cls, names: Any) -> Any:
        axes = {"latitude", "longitude"}
        if isinstance(names, Mapping) and not axes <= names.keys():
            return {name: value for name, value in names.items() if name not in axes}
        return names

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        same = ("id", "title", "custom_title", "address", "address2", "zipcode", "city", "county")
        known = all(pick(raw, axis) not in (None, 0, "0") for axis in ("lat", "lng"))
        return {name: at(raw, name) for name in same} | {
            "country_code": at(raw, "country_code"),
            "latitude": at(raw, "lat") if known else None,
            "longitude": at(raw, "lng") if known else None,
            "capacity": at(raw, "capacity_max"),
            "is_virtual": pick(raw, "is_virtual", default=False),
            "is_archived": pick(raw, "is_archived", default=False),
            "text": pick(raw, "long_text", "short_text", "short_text_2"),
        }


class SeatsRecord(Record):
    """Numbers of seats as the API tells them; None: it does not say.

    ``word`` is ``seats_status`` ("fully_booked", else unknown words). Capacity 0 with nobody
    booked may mean "no limit": a matter of policy, not decided here. Where a number that decides
    between free and full cannot be read, all of it counts as not told.
    """

    capacity: MaybeInt = None
    free: MaybeInt = None
    free_waiting: Spare[MaybeInt] = None
    booked: MaybeInt = None
    confirmed: Spare[MaybeInt] = None
    unconfirmed: Spare[MaybeInt] = None
    waiting: Spare[MaybeInt] = None
    overbook: Spare[MaybeInt] = None
    word: MaybeText = None

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "capacity": at(raw, "allocated_capacity.num"),
            "overbook": at(raw, "allocated_capacity.num_overbooked"),
            "free": at(raw, "free.num"),
            "free_waiting": at(raw, "free.num_waiting"),
            "booked": at(raw, "booking_status.num"),
            "confirmed": at(raw, "booking_status.num_confirmed"),
            "unconfirmed": at(raw, "booking_status.num_unconfirmed"),
            "waiting": at(raw, "booking_status.num_waiting"),
        }


class InstructorRecord(Record):
    """Who teaches. Their e-mail and phone stop at this border.

    Two shapes are read: the one inside gatherings (docs) and that of GET /instructors, whose
    list is inferred from the answer to adding one.
    """

    noun = "instructor"

    id: Id
    name: Text
    position: Spare[MaybeText] = None
    company: Spare[MaybeText] = None
    is_archived: Spare[Flag] = False

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        both = f"{at(raw, 'firstname') or ''} {at(raw, 'lastname') or ''}".strip()
        archived = pick(raw, "is_archived")
        return {
            "id": at(raw, "id"),
            "name": pick(raw, "fullname", "name") or both or at(raw, "title"),
            "position": at(raw, "position"),
            "company": at(raw, "company"),
            "is_archived": not is_empty(at(raw, "archived_at")) if archived is None else archived,
        }


class GatheringRecord(Record):
    """One session of a date. Moments are aware, in the date's zone or Europe/Oslo.

    ``venue`` may be the only place that says where the date is.
    """

    id: Id
    starts_at: Moment
    ends_at: Spare[MaybeMoment] = None
    venue: Spare[VenueRecord | None] = None
    theme: Spare[MaybeText] = None
    description: Spare[MaybeText] = None
    event_url: Spare[MaybeLink] = Field(default=None, repr=False)
    instructors: Each[InstructorRecord] = ()

    @classmethod
    def names(cls, raw: Mapping[str, Any], zone: ZoneInfo = OSLO) -> dict[str, Any]:
        return {
            "id": at(raw, "id"),
            "starts_at": placed(at(raw, "gathering_at"), zone),
            "ends_at": placed(at(raw, "gathering_end_at"), zone),
            "venue": VenueRecord.part(at(raw, "location")),
            "theme": at(raw, "theme"),
            "description": at(raw, "description"),
            "event_url": at(raw, "event_url"),
            "instructors": InstructorRecord.parts(at(raw, "instructors")),
        }


class DateRecord(Record):
    """One date of one course.

    ``gatherings``, ``instructors`` and ``products`` are None where this call does not carry them,
    () where there are none. ``closes_on``: last day to book, the whole of it, Europe/Oslo.
    ``status_id``: 1 to be defined, 2 will run, 3 cancelled, 4 postponed, None not told.
    ``seats`` None: not told. ``event_url`` is the meeting link: for participants only.
    ``start_time`` and ``end_time`` are local in ``timezone`` (None: the provider's own).
    ``ends_on`` is ``starts_on`` where missing.

    Whatever is in doubt about one gathering, instructor or product makes all of them None, so that
    nobody takes half a list for the whole. What hides or closes a date is needed: unreadable, it
    costs the date.
    """

    noun = "coursedate"

    id: Id
    course_id: Id
    course: Spare[CourseRecord | None] = None
    title: Spare[FlatText] = ""
    starts_on: Day
    ends_on: Day
    start_time: MaybeClock = None
    end_time: Spare[MaybeClock] = None
    timezone: Spare[MaybeZone] = None
    closes_on: MaybeDay = None
    place: Spare[PlaceRecord | None] = None
    venue: Spare[VenueRecord | None] = None
    is_virtual: Spare[Flag] = False
    is_visible: Flag = True
    language: Spare[MaybeText] = None
    shown_after_deadline: Spare[Flag] = False
    reference: Spare[MaybeText] = None
    parent_id: MaybeId = None
    seats: Spare[SeatsRecord | None] = None
    status_id: MaybeId = None
    gatherings: Spare[tuple[GatheringRecord, ...] | None] = None
    instructors: Spare[tuple[InstructorRecord, ...] | None] = None
    products: Spare[tuple[ProductRecord, ...] | None] = None
    event_url: Spare[MaybeLink] = Field(default=None, repr=False)
    properties: Spare[Properties] = Field(default_factory=dict)
    created_at: Spare[MaybeMoment] = None
    updated_at: Spare[MaybeMoment] = None
    deleted_at: MaybeMoment = None

    @field_validator("ends_on")
    @classmethod
    def ends_after_it_starts(cls, ends_on: date, info: ValidationInfo) -> date:
        if ends_on < info.data.get("starts_on", ends_on):
            raise ValueError("before the start")
        return ends_on

    @classmethod
    def names(cls, raw: Mapping[str, Any], course_id: int | None = None) -> dict[str, Any]:
        """``course_id``: of the course that was asked for, where the items do not say."""
        return {
            "id": pick(raw, "coursedate_id", "id"),
            "course_id": pick(raw, "course_id", "course.id", "idCourse", default=course_id),
            "course": CourseRecord.part(at(raw, "course")),
            "title": pick(raw, "title", "course.title"),
            "starts_on": at(raw, "start_at"),
            "ends_on": pick(raw, "end_at", "start_at"),
            "start_time": at(raw, "start_time_at"),
            "end_time": at(raw, "end_time_at"),
            "timezone": at(raw, "timezone"),
            "closes_on": at(raw, "deadline_at"),
            **places(raw),
            "is_virtual": pick(raw, "is_virtual", default=False),
            "is_visible": pick(raw, "is_visible", default=True),
            "language": language(raw),
            "shown_after_deadline": pick(raw, "visible_when_passed_deadline", default=False),
            "reference": at(raw, "reference"),
            "parent_id": at(raw, "parent_id"),
            "seats": seats(raw),
            "status_id": status(raw),
            **sessions(raw),
            "products": products(raw),
            "event_url": at(raw, "event_url"),
            "properties": at(raw, "custom_properties"),
            "created_at": at(raw, "created_at"),
            "updated_at": at(raw, "updated_at"),
            "deleted_at": at(raw, "deleted_at"),
        }


def products(raw: Mapping[str, Any]) -> Any:
    """The prices of the course, where this call carries them."""
    course = at(raw, "course")
    carried = isinstance(course, Mapping) and "products" in course
    return ProductRecord.parts(at(course, "products")) if carried else None


def places(raw: Mapping[str, Any]) -> dict[str, Any]:
    """place and location; flat ids stand in where the objects were not included."""
    place = PlaceRecord.part(at(raw, "place"))
    if place is None and not is_empty(at(raw, "place_id")):
        place = {"id": at(raw, "place_id")}
    return {
        "place": None if place == {"id": 0} else place,
        "venue": VenueRecord.part(at(raw, "location")),
    }


def status(raw: Mapping[str, Any]) -> Any:
    """The status id. A status in another form is handed on, to be refused: it may say cancelled."""
    found = pick(raw, "status.id", "status_id", "idStatus")
    if found is not None:
        return found
    told = at(raw, "status")
    values = told.values() if isinstance(told, Mapping) else [told]
    return None if all(map(is_empty, values)) else told


def seats(raw: Mapping[str, Any]) -> Any:
    """The seats with seats_status beside them; None when the answer has neither."""
    found = SeatsRecord.part(at(raw, "seats"))
    word = at(raw, "seats_status")
    if isinstance(found, dict) or (found is None and not is_empty(word)):
        return (found or {}) | {"word": word}
    return found


def sessions(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Gatherings in the date's own zone, instructors; None where the key is not there."""
    zone = date_zone(raw)
    found: Any = at(raw, "gatherings")
    if isinstance(found, list):
        found = tuple(
            GatheringRecord.names(item, zone) if isinstance(item, Mapping) else item
            for item in found
        )
    elif "gatherings" in raw and is_empty(found):
        found = ()
    instructors = at(raw, "instructors")
    return {
        "gatherings": found,
        "instructors": InstructorRecord.parts(instructors) if "instructors" in raw else None,
    }


def date_zone(raw: Mapping[str, Any]) -> ZoneInfo:
    """The zone of the date; Oslo where none is named or the name is refused elsewhere."""
    name = at(raw, "timezone")
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else OSLO
    except (KeyError, ValueError, OSError):
        return OSLO


def placed(value: Any, zone: ZoneInfo) -> Any:
    """A local moment in its zone; what cannot be read is left for the field to refuse."""
    try:
        return moment(value, zone)
    except ValueError:
        return value
