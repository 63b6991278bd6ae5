"""Every answer is spelled like the example of its call."""

import re

import pytest

from .likeness import differences, example

READS = {
    "nextcoursedates": "/nextcoursedates?limit=250",
    "course_coursedates": "/courses/90003/coursedates?limit=250",
    "batch_coursedates": "/batch/coursedates?course_ids[]=90001&course_ids[]=90002&limit=250",
    "coursedate_single_with_includes": (
        "/courses/90002/coursedates/13100003?include[]=course.products&include[]=instructors"
    ),
    "coursedates_list_page1": (
        "/coursedates?limit=100&include[]=course&include[]=location&include[]=place"
    ),
    "courses_list": "/courses?limit=250",
    "course_single_with_products": "/courses/90002?include[]=products&include[]=labels",
    "products": "/orders/products",
    "locations": "/locations",
    "places_SHAPE_INFERRED": "/places",
    "instructors_LIST_INFERRED_FROM_POST": "/instructors",
    "durations": "/durations",
    "currencies_SHAPE_INFERRED": "/currencies",
    "countries_SHAPE_INFERRED": "/countries",
    "forms_of_teaching_SHAPE_INFERRED": "/forms-of-teaching",
    "course_roles_SHAPE_INFERRED": "/course-roles",
    "campaign_validate_ok": "/campaigns/validate/SOMMER10?course_id=90001",
    "campaign_validate_ok_value": "/campaigns/validate?code=SPAR500&coursedate_id=13100001",
    "campaign_validate_error_missing_course": "/campaigns/validate/SOMMER10",
    "campaign_validate_error_not_found": "/campaigns/validate/FINNESIKKE?course_id=90001",
    "voucher_validate_ok": "/vouchers/validate/GAVE1500",
    "voucher_validate_error_not_found": "/vouchers/validate?code=FINNESIKKE",
    "participants": "/participants?coursedate_id=13100001",
    "participant_single": "/participants/5100001",
    "orders_list_TAIL_INFERRED": "/orders",
    "order_single_is_array_TAIL_INFERRED": "/orders/301455",
    "customers": "/customers",
    "customer_single": "/customers/71001",
    "search_users": "/search-users?email=deltaker0@example.no",
    "legalbases_one_user": "/privacy/users/455001/legalbases",
    "legalbases_all_users": "/privacy/users/legalbases",
}
LEGAL = {"legal_basis": 1, "purpose": 118, "source": 6, "consent": 151, "comment": "Ja"}


@pytest.fixture
def booked(call):
    """An account in which somebody has booked and given consent."""
    assert call.book(people=2, company="Bygg Eksempel AS").status == 200
    assert call("POST", "/privacy/users/455001/legalbases", LEGAL).status == 200
    return call


@pytest.mark.parametrize("name", READS)
def test_a_read_is_spelled_like_its_example(booked, name):
    assert differences(example(name), booked.get(READS[name]).json) == []


def test_a_booking_and_its_refusals_are_spelled_like_their_examples(call):
    answers = {
        "booking_response_ok": call.book(people=2),
        "booking_response_ok_with_vat": call.book(13100003),
        "booking_response_error_cancelled_date": call.book(13100004),
        "booking_response_error_no_seats_INFERRED_CODE": call.book(13100002),
        "booking_response_error_campaign": call.book(campaign_code="FJOR20"),
    }
    for name, answer in answers.items():
        assert differences(example(name), answer.json) == []
        codes = [each["code"] for each in answer.json.get("errors", [])]
        assert codes == [each["code"] for each in example(name).get("errors", [])]


def test_giving_a_booking_back_is_spelled_like_its_examples(call):
    booking_id = call.book(people=2).json["summary"]["booking_id"]
    wish = example("deregister_request")
    given_back = call("PUT", f"/booking/{booking_id}/deregister", wish).json
    assert differences(example("deregister_response_ok"), given_back) == []
    unknown = call("PUT", "/booking/1/deregister", wish).json
    assert unknown == example("deregister_response_error")


def test_privacy_calls_are_spelled_like_their_examples(call):
    call.book()
    address = "/privacy/users/455001/legalbases"
    made = call("POST", address, example("legalbasis_create_request")).json
    assert differences(example("legalbasis_create_response"), made) == []
    gone = call("DELETE", f"{address}/{made['id']}").json
    assert differences(example("legalbasis_delete_response"), gone) == []
    nobody = call("DELETE", "/privacy/users/455001/anonymize").json
    assert differences(example("user_anonymized"), nobody) == []
    assert nobody["firstname"] == "Anonymous"


def test_errors_are_spelled_in_their_three_ways(call):
    assert call.raw("GET", "/v2/courses").json == example("error_wrong_api_key")
    missing = call("POST", "/check-user-credentials", {}).json
    assert missing == example("check_user_credentials_missing_fields")
    page = call.get("/no-such-call")
    assert (page.status, page.headers["Content-Type"][:9]) == (404, "text/html")


def test_the_example_requests_of_bookings_are_understood(call):
    for name in ("company_invoice", "private_person", "waitinglist"):
        body = example(f"booking_request_{name}") | {"campaign_code": "", "voucher_code": ""}
        assert call("POST", "/booking", body).json["successful"] is True


def test_a_single_course_escapes_slashes_and_letters_as_php_does(call):
    text = call.get("/courses/90003").text
    assert text.isascii()
    assert "\\u00e6" in text
    assert "https:\\/\\/" in text
    assert not re.search(r"(?<!\\)/", text)
    assert "ø" in call.get("/courses?limit=10").text


def test_ids_and_numbers_come_as_text_where_the_real_ones_do(call):
    summary = call.book().json["summary"]
    for name in ("order_id", "booking_id", "coursedate_id"):
        assert isinstance(summary[name], str)
    assert call.get("/vouchers/validate/GAVE1500").json["voucher"]["balance"] == "1500.00"
    assert call.get("/durations").json[0]["id"] == "7"
    seats = call.get("/nextcoursedates?limit=1").json[0]["seats"]
    assert isinstance(seats["allocated_capacity"]["num_overbooked"], str)
    item = call.get("/coursedates?coursedate_id=13100001&include[]=place").json["items"][0]
    assert item["place"]["id"] == "637"
    participant = call.get("/participants").json[0]
    assert participant["coursedate"]["idLocation"] == "7101"
    assert next(iter(participant)) == "archived_at"


def test_the_quick_list_has_flat_ids_and_neither_gatherings_nor_instructors(call):
    found = call.get("/coursedates?limit=2").json
    assert found["pagination"] == {"current_page": 1, "next_page": 2}
    item = found["items"][0]
    assert {"course_id", "location_id", "place_id", "status_id"} <= set(item)
    assert not {"gatherings", "instructors", "status", "course", "location", "place"} & set(item)


def test_only_the_single_course_has_texts(call):
    assert "text_lead" not in call.get("/courses?limit=1").json[0]
    assert call.get("/courses/90001").json["text_lead"]


def test_titles_follow_the_language_of_the_account(call):
    def title():
        return call.get("/courses/90001/coursedates/13100004").json["status"]["title"]

    assert title() == "Canceled"
    call.switch(titles="no")
    assert title() == "Avlyst"


def test_the_comparer_sees_a_wrong_type_and_a_missing_key():
    model = [{"id": 1, "title": "a", "seats": {"num": 1}}]
    assert differences(model, [{"id": 2, "title": "b", "seats": {"num": 2.5}}]) == []
    assert differences(model, [{"id": 2, "title": 3, "seats": {"num": "2"}}]) != []
    assert differences(model, [{"id": 2, "title": "b"}]) == ["$[] lacks seats"]
    assert differences(model, {"items": []}) != []
