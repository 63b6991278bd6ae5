"""The API's objects become records, and what cannot be right names its id and field only."""

import copy
import json
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from frontcore import (
    BookingSummary,
    CampaignRecord,
    CourseDetail,
    CourseRecord,
    DateRecord,
    DurationRecord,
    InstructorRecord,
    OrderRecord,
    ParticipantRecord,
    ProductRecord,
    VenueRecord,
    VoucherRecord,
)
from frontcore.records.base import read_items

from .conftest import make_booking

LISTS = {
    "nextcoursedates": DateRecord,
    "batch_coursedates": DateRecord,
    "course_coursedates": DateRecord,
    "coursedates_list_page1": DateRecord,
    "coursedates_list_last_page": DateRecord,
    "courses_list": CourseRecord,
    "products": ProductRecord,
    "locations": VenueRecord,
    "instructors_LIST_INFERRED_FROM_POST": InstructorRecord,
    "durations": DurationRecord,
    "participants": ParticipantRecord,
    "orders_list_TAIL_INFERRED": OrderRecord,
    "order_single_is_array_TAIL_INFERRED": OrderRecord,
}
OBJECTS = {
    ("coursedate_single_with_includes", None): DateRecord,
    ("course_single_with_products", None): CourseDetail,
    ("participant_single", None): ParticipantRecord,
    ("instructor_response", None): InstructorRecord,
    ("booking_response_ok", "summary"): BookingSummary,
    ("booking_response_ok_with_vat", "summary"): BookingSummary,
    ("campaign_validate_ok", "campaign"): CampaignRecord,
    ("campaign_validate_ok_value", "campaign"): CampaignRecord,
    ("voucher_validate_ok", "voucher"): VoucherRecord,
}


@pytest.mark.parametrize("name", LISTS)
def test_every_item_of_an_example_list_is_readable(answer, name):
    body = answer(name)
    items = body if isinstance(body, list) else body["items"]
    found = read_items(items, LISTS[name].from_api, kind=name)
    assert found.bad == ()
    assert len(found.items) == len(items) > 0


@pytest.mark.parametrize("which", OBJECTS, ids=lambda which: which[0])
def test_every_example_object_is_readable(answer, which):
    name, part = which
    body = answer(name)
    assert OBJECTS[which].from_api(body[part] if part else body)


@pytest.mark.parametrize(
    "name",
    [
        "booking_request_company_invoice",
        "booking_request_private_person",
        "booking_request_waitinglist",
    ],
)
def test_what_we_send_to_book_has_the_form_of_the_examples(answer, name):
    sample = answer(name)
    ours = make_booking(
        company="Bygg AS",
        company_number="999888777",
        gln_number="1",
        invoice_reference="PO-1",
        invoice_address_1="Postboks 1",
        invoice_email="f@example.no",
        campaign_code="vinter27",
        voucher_code="gk7",
        booker_phone="41200000",
    ).as_body()
    assert set(sample) <= set(ours)
    assert set(ours["config"]) == set(sample["config"])
    assert set(sample["participants"][0]) <= set(ours["participants"][0])
    assert ours["payment_method"] == sample["payment_method"]


def test_empty_texts_are_not_sent():
    body = make_booking(booker_email="").as_body()
    assert "booker_email" not in body
    assert "phone" not in body["participants"][0]
    assert "voucher_code" not in body


@pytest.fixture
def raw_date(answer):
    return answer("nextcoursedates")[0]


def test_a_date_is_read_in_full(raw_date):
    found = DateRecord.from_api(raw_date)
    assert (found.id, found.course_id, found.status_id) == (13100001, 90011, 2)
    assert (found.starts_on, found.closes_on) == (date(2027, 1, 12), date(2027, 1, 8))
    assert (found.start_time, found.end_time) == (time(8, 30), time(15, 30))
    assert (found.seats.capacity, found.seats.free, found.seats.overbook) == (12, 4, 0)
    assert found.place.county == "Oslo"
    assert found.venue.latitude == Decimal("59.9075")
    assert found.course.price == Decimal(2490)
    assert (found.course.duration_value, found.course.duration_unit) == (1, "days")
    assert found.gatherings[0].starts_at == datetime(
        2027, 1, 12, 8, 30, tzinfo=ZoneInfo("Europe/Oslo")
    )
    assert found.gatherings[0].instructors[0].name == "Ingrid Solbakken"


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"coursedate_id": "13100001"}, "id", 13100001),
        ({"status": None, "status_id": "3"}, "status_id", 3),
        ({"status": {"id": "4"}}, "status_id", 4),
        ({"status": None}, "status_id", None),
        ({"status": []}, "status_id", None),
        ({"course": None, "course_id": "90011"}, "course_id", 90011),
        ({"course": [], "course_id": 90011}, "course", None),
        ({"deadline_at": ""}, "closes_on", None),
        ({"deadline_at": "2027-01-08 23:59:59"}, "closes_on", date(2027, 1, 8)),
        ({"start_time_at": None}, "start_time", None),
        ({"end_at": None}, "ends_on", date(2027, 1, 12)),
        ({"parent_id": 0}, "parent_id", None),
        ({"parent_id": "5"}, "parent_id", 5),
        ({"is_virtual": None}, "is_virtual", False),
        ({"is_virtual": "1"}, "is_virtual", True),
        ({"is_visible": 0}, "is_visible", False),
        ({"is_visible": "0"}, "is_visible", False),
        ({"location": []}, "venue", None),
        ({"place": {"title_additional_info": None}}, "place", None),
        ({"place": []}, "place", None),
        ({"custom_properties": []}, "properties", {}),
        ({"custom_properties": {"a": None, "b": "x"}}, "properties", {"b": "x"}),
        ({"seats": None, "seats_status": None}, "seats", None),
        ({"event_url": "javascript:alert(1)"}, "event_url", None),
        ({"reference": 2027}, "reference", "2027"),
        ({"timezone": ""}, "timezone", None),
        ({"gatherings": []}, "gatherings", ()),
        ({"gatherings": None}, "gatherings", ()),
        ({"teaching_language": "EN"}, "language", "en"),
        ({"teaching_language": None}, "language", None),
    ],
)
def test_a_loosely_typed_date_is_understood(raw_date, change, field, expected):
    assert getattr(DateRecord.from_api(raw_date | change), field) == expected


def test_what_a_call_does_not_carry_is_none_and_not_empty(raw_date):
    flat = {key: raw_date[key] for key in ("coursedate_id", "start_at", "title")}
    found = DateRecord.from_api(flat | {"course_id": 90011, "place_id": "637"})
    assert found.gatherings is found.instructors is found.products is found.seats is None
    assert found.place.id == 637


def test_gatherings_are_in_the_zone_of_their_date(raw_date):
    found = DateRecord.from_api(raw_date | {"timezone": "Europe/London"})
    assert found.gatherings[0].starts_at.tzinfo == ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start_at": None}, "starts_on"),
        ({"start_at": "kari@example.no"}, "starts_on"),
        ({"end_at": "2027-01-11"}, "ends_on"),
        ({"course": None}, "course_id"),
        ({"course": "kari@example.no"}, "course_id"),
        ({"deadline_at": "kari@example.no"}, "closes_on"),
        ({"status": "kari@example.no"}, "status_id"),
        ({"is_visible": "kari@example.no"}, "is_visible"),
    ],
)
def test_a_date_that_cannot_be_right_is_named_by_id_and_field_only(raw_date, change, field):
    found = read_items(
        [raw_date, raw_date | change], DateRecord.from_api, kind="coursedate", id_at=("id", "x")
    )
    assert len(found.items) == 1
    assert [item.field for item in found.bad] == [field]
    assert "kari" not in str(found.bad)


def test_bad_items_keep_their_id_and_say_when_it_is_unreadable(raw_date):
    items = [
        raw_date | {"start_at": "x"},
        raw_date | {"coursedate_id": "x"},
        {key: value for key, value in raw_date.items() if key != "coursedate_id"},
        "a text",
        None,
    ]
    found = read_items(items, DateRecord.from_api, kind="coursedate", id_at=("coursedate_id",))
    assert [item.id for item in found.bad] == [13100001, None, None, None, None]
    assert not read_items(items[:1], DateRecord.from_api, kind="x", id_at=("coursedate_id",)).items


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (None, (None, None)),
        ([], (None, None)),
        ({"value": 3, "unit": {"id": 1, "code": "days"}}, (3, "days")),
        ({"value": "3", "unit": {"id": "1"}}, (3, "days")),
        ({"value": 2.5, "unit": 6}, (Decimal("2.5"), "hours")),
        ({"value": 2, "unit": "hours"}, (2, "hours")),
        ({"value": 2, "unit": "parsecs"}, (2, None)),
        ({"value": 0, "unit": 1}, (None, None)),
        (4, (4, None)),
        ("4", (4, None)),
        ("3 dager", (None, None)),
        (True, (None, None)),
    ],
)
def test_a_duration_of_any_form_is_read_or_unknown(answer, duration, expected):
    found = CourseRecord.from_api(answer("courses_list")[0] | {"duration": duration})
    assert (found.duration_value, found.duration_unit) == expected


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"price": {"value": 0}}, "price", None),
        ({"price": {"value": "2490.50", "currency": "nok"}}, "price", Decimal("2490.50")),
        ({"price": []}, "price", None),
        ({"price": 2490}, "price", Decimal(2490)),
        ({"type": None}, "kind", ""),
        ({"is_active": "0"}, "is_active", False),
        ({"level": None, "level_id": "15"}, "level_id", 15),
        ({"tags": ["HMS", "", {"title": "brann"}]}, "tags", ("HMS", "brann")),
        ({"tags": None}, "tags", ()),
        ({"reference": ""}, "reference", None),
    ],
)
def test_a_loosely_typed_course_is_understood(answer, change, field, expected):
    found = CourseRecord.from_api(answer("courses_list")[0] | change)
    assert getattr(found, field) == expected


@pytest.mark.parametrize(
    "where",
    [
        {"text_lead": "Kort sagt"},
        {"description": {"text_lead": "Kort sagt"}},
        {"descriptions": {"text_lead": "Kort sagt"}},
        {"lead": "Kort sagt"},
    ],
)
def test_the_lead_is_found_wherever_the_api_puts_it(answer, where):
    raw = answer("course_single_with_products")
    del raw["text_lead"]
    assert CourseDetail.from_api(raw | where).texts["lead"] == "Kort sagt"


def test_a_course_link_that_runs_script_never_becomes_a_link(answer):
    raw = answer("course_single_with_products")
    found = CourseDetail.from_api(raw | {"external_booking_url": "javascript:alert(1)"})
    assert found.external_booking_url is None


def test_a_product_without_vat_or_price_is_no_price(answer):
    raw = answer("products")[0]
    for field in ("vat", "price"):
        with pytest.raises(ValidationError):
            ProductRecord.from_api(raw | {field: None})


def test_only_course_products_belong_to_a_course(answer):
    raw = answer("products")[0]
    assert ProductRecord.from_api(raw).course_id == raw["id_relation"]
    assert ProductRecord.from_api(raw | {"id_type": "1"}).course_id is None


@pytest.mark.parametrize(
    ("change", "usable"),
    [
        ({}, True),
        ({"active": 0}, False),
        ({"running": False}, False),
        ({"expired": "1"}, False),
        ({"waiting": True}, False),
        ({"is_archived": True}, False),
    ],
)
def test_a_campaign_that_was_found_is_not_yet_usable(answer, change, usable):
    raw = answer("campaign_validate_ok")["campaign"]
    assert CampaignRecord.from_api(raw | change).usable is usable


@pytest.mark.parametrize(
    ("change", "usable"),
    [
        ({}, True),
        ({"balance": "0.00"}, False),
        ({"is_expired": True}, False),
        ({"is_deleted": 1}, False),
        ({"archived_at": "2026-01-01 00:00:00"}, False),
    ],
)
def test_a_voucher_that_was_found_is_not_yet_usable(answer, change, usable):
    raw = answer("voucher_validate_ok")["voucher"]
    assert VoucherRecord.from_api(raw | change).usable is usable


def test_an_order_tells_its_dates_from_ids_or_from_included_objects(answer):
    raw = answer("orders_list_TAIL_INFERRED")[0]
    included = copy.deepcopy(raw)
    included["lines"][0]["database_relations"] = {
        "course": {"id": 90011},
        "coursedate": {"id": "13100001"},
        "participants": [{"id": 5100001}, {"id": "5100002"}, None],
    }
    for order in (OrderRecord.from_api(raw), OrderRecord.from_api(included)):
        assert order.coursedate_ids == (13100001,)
        assert order.course_ids == (90011,)
        assert order.participant_ids == (5100001, 5100002)
    assert OrderRecord.from_api({"id": 1, "lines": None}).coursedate_ids == ()


def test_instructors_keep_neither_mail_nor_phone(answer):
    found = DateRecord.from_api(answer("nextcoursedates")[0])
    everything = found.model_dump_json()
    assert "ingrid@example.no" not in everything
    assert "90000001" not in everything


def test_a_logged_record_tells_no_name_mail_or_code(answer):
    people = [ParticipantRecord.from_api(item) for item in answer("participants")]
    campaign = CampaignRecord.from_api(answer("campaign_validate_ok")["campaign"])
    voucher = VoucherRecord.from_api(answer("voucher_validate_ok")["voucher"])
    booking = make_booking(campaign_code="vinter27", voucher_code="gk7d2210")
    shown = repr([people, campaign, voucher, booking, *booking.participants])
    for secret in ("Hansen", "Ola", "Kari", "@", "vinter27", "gk7d2210"):
        assert secret not in shown


ODD = [None, "", [], {}, 0, 1, "0", "1", True, False, -1, 1.5, "x", [1], ["x"], {"a": 1}, [None]]


@pytest.mark.parametrize("name", ["nextcoursedates", "courses_list", "products", "participants"])
def test_no_value_in_any_place_gets_past_the_complaint(answer, name):
    """Put every odd value in every place: an item is read or reported, nothing else happens."""
    raw = answer(name)[0]

    def places(value, path=()):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield (*path, key)
                yield from places(inner, (*path, key))
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                yield from places(inner, (*path, number))

    text = json.dumps(raw)
    for path in list(places(raw)):
        for odd in ODD:
            item = json.loads(text)
            target = item
            for step in path[:-1]:
                target = target[step]
            target[path[-1]] = odd
            found = read_items([item], LISTS[name].from_api, kind=name, id_at=("id",))
            assert len(found.items) + len(found.bad) == 1, (path, odd)


@pytest.mark.parametrize(
    ("status", "deregistered", "enrolled"),
    [
        ({"id": 1}, False, True),
        ({"id": "3"}, False, True),
        ({"id": 4}, True, False),
        ({"id": 8}, True, False),
        ({"status_code": "status_deregistered"}, True, False),
        ({}, False, False),
    ],
)
def test_who_stands_on_a_date_is_told_by_number_or_word_and_else_unknown(
    answer, status, deregistered, enrolled
):
    raw = copy.deepcopy(answer("participants")[0]) | {"status": status}
    raw.pop("idStatus", None)
    person = ParticipantRecord.from_api(raw)
    assert (person.is_deregistered, person.is_enrolled) == (deregistered, enrolled)
