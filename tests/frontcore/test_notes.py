"""An unreadable part costs that part: what is decoration is left out and noted, once.

What a date cannot do without costs the date; nothing unreadable makes a hidden one public.
"""

import copy

import pytest

from frontcore import BadAnswer, BadItem, CourseDetail, CourseRecord, DateRecord, VenueRecord
from frontcore.records.base import read_items

KARI = "kari@example.no"


@pytest.fixture
def raw(answer):
    """A date with everything in it: course with products, venue, gatherings, instructors."""
    found = answer("coursedate_single_with_includes")
    whole = answer("nextcoursedates")[0]
    found |= {"gatherings": copy.deepcopy(whole["gatherings"])}
    found["custom_properties"] = found["course"]["custom_properties"] = {"a": "b"}
    found["instructors"] = [{"id": 7, "name": "Ingrid Solbakken"}, {"id": 8, "name": "Per Moe"}]
    return found


def put(raw, path, value):
    """A copy with another value at "gatherings.0.location.lat"."""
    changed = copy.deepcopy(raw)
    *steps, last = (int(step) if step.isdecimal() else step for step in path.split("."))
    target = changed
    for step in steps:
        target = target[step]
    target[last] = value
    return changed


def dates(*items):
    return read_items(items, DateRecord.from_api, kind="coursedate", id_at=("coursedate_id", "id"))


def got(record, path):
    for step in path.split("."):
        record = record[int(step)] if step.isdecimal() else getattr(record, step)
    return record


@pytest.mark.parametrize(
    ("path", "value", "ours", "left"),
    [
        ("location.capacity_max", "mange", "venue.capacity", None),
        ("location.lat", "nord", "venue.latitude", None),
        ("location.lng", [1], "venue.longitude", None),
        ("location.is_archived", "kanskje", "venue.is_archived", False),
        ("location.zipcode", {"a": 1}, "venue.zipcode", None),
        ("location.title", [KARI], "venue.title", ""),
        ("course.updated_at", "i går", "course.updated_at", None),
        ("course.reference", [KARI], "course.reference", None),
        ("course.custom_properties", KARI, "course.properties", {}),
        ("course.level", {"id": "x", "title": [1]}, "course.level_id", None),
        ("course.form_of_teaching", {"id": "x", "title": [1]}, "course.form_title", None),
        ("course.teaching_language", {"id": ["no"]}, "course.language", None),
        ("custom_properties", KARI, "properties", {}),
        ("created_at", KARI, "created_at", None),
        ("updated_at", KARI, "updated_at", None),
        ("reference", [KARI], "reference", None),
        ("timezone", "Kari/Nordmann", "timezone", None),
        ("end_time_at", "sent", "end_time", None),
        ("visible_when_passed_deadline", "kanskje", "shown_after_deadline", False),
        ("is_virtual", "kanskje", "is_virtual", False),
        ("event_url", [KARI], "event_url", None),
        ("place.id", "x", "place.id", None),
        ("place.parent_id", "x", "place.county_id", None),
        ("place", KARI, "place", None),
        ("seats.free.num_waiting", "mange", "seats.free_waiting", None),
        ("gatherings.0.gathering_end_at", "sent", "gatherings.0.ends_at", None),
        ("gatherings.0.theme", [KARI], "gatherings.0.theme", None),
        ("gatherings.0.location.lat", "nord", "gatherings.0.venue.latitude", None),
        # What cannot do without the unreadable part goes with it, and no more than that.
        ("location.id", "x", "venue", None),
        ("location", KARI, "venue", None),
        ("course.title", None, "course", None),
        ("course.is_active", "kanskje", "course", None),
        ("course.type", [1], "course", None),
        ("course.price", {"value": "gratis"}, "course", None),
        ("gatherings.0.location.id", "x", "gatherings.0.venue", None),
        ("gatherings.0.instructors.0.id", "x", "gatherings.0.instructors", ()),
        # Half of these would mislead: None says "not told", and the last good copy stays.
        ("gatherings.0.gathering_at", "i morgen", "gatherings", None),
        ("gatherings.0.id", "x", "gatherings", None),
        ("gatherings.0", KARI, "gatherings", None),
        ("gatherings", KARI, "gatherings", None),
        ("instructors.1.id", "x", "instructors", None),
        ("instructors.1.name", None, "instructors", None),
        ("course.products.0.price", "gratis", "products", None),
        ("course.products.0.vat", {"vat": "litt"}, "products", None),
        # Neither full nor open on a guess.
        ("seats.free.num", "mange", "seats", None),
        ("seats.allocated_capacity.num", "mange", "seats", None),
        ("seats.booking_status.num", "mange", "seats", None),
        ("seats_status", [KARI], "seats", None),
        ("seats", KARI, "seats", None),
    ],
)
def test_what_is_decoration_is_left_out_and_noted(raw, path, value, ours, left):
    before = DateRecord.from_api(raw)
    found = dates(put(raw, path, value))
    assert found.bad == ()
    (date,) = found.items
    assert got(date, ours) == left
    assert date.starts_on == before.starts_on
    assert date.course_id == before.course_id
    assert found.notes
    assert found.notes == date.notes
    assert "ari" not in str(found.notes)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("start_at", "snart", "starts_on"),
        ("start_time_at", "tidlig", "start_time"),
        ("end_at", "2026-01-01", "ends_on"),
        ("deadline_at", "snart", "closes_on"),
        ("is_visible", "kanskje", "is_visible"),
        ("deleted_at", "kanskje", "deleted_at"),
        ("parent_id", "kanskje", "parent_id"),
        ("status", {"id": "avlyst"}, "status_id"),
        ("status", {"title": "Avlyst"}, "status_id"),
        ("status", "cancelled", "status_id"),
    ],
)
def test_what_a_date_cannot_do_without_costs_the_date(raw, path, value, field):
    odd = put(put(raw, path, value), "location.lat", "nord")
    found = dates(odd)
    assert found.items == ()
    assert [(item.id, item.field) for item in found.bad] == [(raw["coursedate_id"], field)]


def test_a_venue_of_many_dates_is_noted_once_by_its_own_id(raw):
    odd = put(raw, "location.capacity_max", "mange")
    venue = raw["location"]["id"]
    found = dates(*(odd | {"coursedate_id": number} for number in range(1, 47)))
    assert len(found.items) == 46
    assert found.notes == (BadItem("location", venue, "capacity", "not a whole number"),)


def test_a_note_names_the_nearest_thing_with_an_id(raw):
    date, course = raw["coursedate_id"], raw["course"]["id"]
    for path, value, expected in (
        ("course.updated_at", "i går", ("course", course, "updated_at")),
        ("location.id", "x", ("coursedate", date, "venue.id")),
        ("gatherings.0.gathering_at", "x", ("coursedate", date, "gatherings.0.starts_at")),
        ("instructors.1.name", None, ("instructor", 8, "name")),
        ("seats.free.num", "x", ("coursedate", date, "seats.free")),
    ):
        (note,) = dates(put(raw, path, value)).notes
        assert (note.kind, note.id, note.field) == expected


def test_a_clean_item_has_no_notes(raw):
    assert DateRecord.from_api(raw).notes == dates(raw).notes == ()


def test_a_venue_has_both_axes_or_neither(raw):
    for axis in ("lat", "lng"):
        (date,) = dates(put(raw, f"location.{axis}", "nord")).items
        assert date.venue.latitude is date.venue.longitude is None


def test_an_instructor_of_a_gathering_costs_only_himself(raw):
    people = [{"id": "x", "name": "A"}, {"id": 5, "name": "B"}, {"id": 6}]
    (date,) = dates(put(raw, "gatherings.0.instructors", people)).items
    assert [person.id for person in date.gatherings[0].instructors] == [5]


def test_a_course_keeps_its_texts_when_one_of_its_prices_is_unreadable(answer):
    raw = answer("course_single_with_products")
    whole = CourseDetail.from_api(raw)
    found = CourseDetail.from_api(put(raw, "products.0.price", "gratis"))
    assert found.texts == whole.texts
    assert found.products == whole.products[1:]
    assert [(note.kind, note.id, note.field) for note in found.notes] == [
        ("product", whole.products[0].id, "price")
    ]


def test_an_unreadable_address_to_book_elsewhere_is_not_taken_for_none(answer):
    raw = answer("course_single_with_products")
    found = read_items(
        [raw | {"external_booking_url": ["x"]}], CourseDetail.from_api, kind="course"
    )
    assert [item.field for item in found.bad] == ["external_booking_url"]


@pytest.mark.parametrize(
    ("name", "record", "change", "left"),
    [
        ("courses_list", CourseRecord, {"updated_at": "i går"}, "updated_at"),
        ("locations", VenueRecord, {"capacity_max": "mange"}, "capacity"),
    ],
)
def test_lists_of_courses_and_venues_forgive_the_same(answer, name, record, change, left):
    found = read_items([answer(name)[0] | change], record.from_api, kind="x")
    assert getattr(found.items[0], left) is None
    assert [note.field for note in found.notes] == [left]


def test_a_date_asked_for_alone_forgives_too(raw, frontcore_server, api):
    path = f"/courses/{raw['course']['id']}/coursedates/{raw['coursedate_id']}"
    frontcore_server.fault("GET", path, "answer", body=put(raw, "location.lat", "nord"))
    found = api.coursedate(raw["course"]["id"], raw["coursedate_id"])
    assert found.venue.latitude is None
    assert [note.field for note in found.notes] == ["latitude"]
    frontcore_server.fault("GET", path, "answer", body=put(raw, "start_at", "snart"))
    with pytest.raises(BadAnswer, match="starts_on"):
        api.coursedate(raw["course"]["id"], raw["coursedate_id"])


def test_lists_kept_for_a_day_carry_their_notes(answer, frontcore_server, api):
    body = [answer("locations")[0] | {"capacity_max": "mange"}]
    frontcore_server.fault("GET", "/locations", "answer", body=body)
    assert [note.field for note in api.locations().notes] == ["capacity"]
