"""What an answer means, by its status and its body, for a read and for a write."""

import pytest

from frontcore import (
    UNCERTAIN_CODES,
    BadAnswer,
    Missing,
    NotThere,
    Refused,
    Unavailable,
    Uncertain,
)

from .conftest import make_booking

HTML = "<html><head><title>Slim Application Error</title></head></html>"
NO_KEY = {"error": "Wrong API Key"}


def no(code, message="Nei, Kari Nordmann"):
    return {"successful": False, "errors": [{"code": code, "message": message}]}


def arm(server, method, path, status, body):
    server.fault(method, path, "answer", status=status, body=body)


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (200, NO_KEY, Refused, "key_refused"),
        (401, NO_KEY, Refused, "key_refused"),
        (403, {"error": "Invalid API key"}, Refused, "key_refused"),
        (401, {"error": "Go away"}, Refused, "key_refused"),
        (200, {"error": "Missing field(s): username"}, Refused, "fields_missing"),
        (400, {"error": "Field(s) not valid: start_at"}, Refused, "fields_not_valid"),
        (200, {"error": "Course not found"}, NotThere, "not_there"),
        (404, {"error": "Nothing"}, NotThere, "not_there"),
        (404, {"message": "Not found"}, NotThere, "not_there"),
        (200, no("resource_not_found"), NotThere, "resource_not_found"),
        (200, no("unauthorized"), Refused, "unauthorized"),
        (200, {"successful": False}, Refused, "unexplained"),
        (200, {"successful": 0, "errors": []}, Refused, "unexplained"),
        (200, {"successful": False, "errors": {"code": "a_b", "message": ""}}, Refused, "a_b"),
        (422, {"errors": {"0": {"code": "a_b"}}}, Refused, "a_b"),
        (400, {"nothing": 1}, Refused, "http_400"),
    ],
)
def test_a_reasoned_no_to_a_read_is_a_refusal(frontcore_server, api, status, body, error, code):
    arm(frontcore_server, "GET", "/courses/90001", status, body)
    with pytest.raises(error) as caught:
        api.course(90001)
    assert (type(caught.value), caught.value.code) == (error, code)
    assert caught.value.is_setup == (
        code in ("key_refused", "unauthorized", "fields_missing", "unexplained", "http_400")
    )


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, HTML, BadAnswer),
        (200, "", BadAnswer),
        (200, "[1, 2", BadAnswer),
        (200, "[" * 100_000, BadAnswer),
        (404, HTML, BadAnswer),
        (403, HTML, BadAnswer),
        (301, HTML, BadAnswer),
        (302, [], BadAnswer),
        (200, {}, BadAnswer),
        (200, [], BadAnswer),
        (200, "null", BadAnswer),
        (200, "true", BadAnswer),
        (200, {"id": 90002, "title": "En annen"}, BadAnswer),
        (200, {"id": 90001}, BadAnswer),
        (500, HTML, Unavailable),
        (500, no("whatever"), Unavailable),
        (502, "", Unavailable),
    ],
)
def test_an_answer_to_a_read_nobody_understands_is_not_an_empty_one(
    frontcore_server, api, status, body, error
):
    arm(frontcore_server, "GET", "/courses/90001", status, body)
    with pytest.raises(error) as caught:
        api.course(90001)
    assert type(caught.value) is error


@pytest.mark.parametrize("body", [{}, {"items": {}}, {"items": None}, "null", '"x"', {"rows": []}])
def test_an_unknown_envelope_is_never_an_empty_list(frontcore_server, api, body):
    arm(frontcore_server, "GET", "/courses", 200, body)
    with pytest.raises(BadAnswer):
        list(api.courses())


@pytest.mark.parametrize("name", ["items", "data", "results", "courses"])
def test_a_list_is_found_in_a_known_envelope(frontcore_server, api, answer, name):
    arm(frontcore_server, "GET", "/courses", 200, {name: answer("courses_list")})
    assert [len(page.items) for page in api.courses()] == [4]


def test_a_list_the_account_does_not_have_is_missing(frontcore_server, api):
    frontcore_server.switches(coursedates_list=False, optional_lists=False, batch_coursedates=False)
    for ask in (
        lambda: next(api.coursedates()),
        lambda: next(api.batch_coursedates([90001])),
        api.durations,
        api.instructors,
    ):
        with pytest.raises(Missing):
            ask()


SURELY_NOT = [
    "course_date_cancelled",
    "campaign_code_expired",
    "participant_name_invalid_empty",
    "no_vacant_seats",
    "default_course_product_missing",
    "a_code_nobody_has_seen",
]


@pytest.mark.parametrize("status", [200, 400, 422])
@pytest.mark.parametrize("code", SURELY_NOT)
def test_a_reasoned_no_to_a_booking_is_a_refusal(frontcore_server, api, status, code):
    arm(frontcore_server, "POST", "/booking", status, no(code))
    with pytest.raises(Refused) as caught:
        api.book(make_booking())
    assert caught.value.code == code
    assert caught.value.is_setup == (code == "default_course_product_missing")
    assert caught.value.message == "Nei, Kari Nordmann"
    assert "Kari" not in f"{caught.value!r} {caught.value}"


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    "code", [*sorted(UNCERTAIN_CODES), "internal_anything", "user_could_not_be_created"]
)
def test_a_code_that_leaves_open_what_was_made_is_uncertain(frontcore_server, api, status, code):
    arm(frontcore_server, "POST", "/booking", status, no(code))
    with pytest.raises(Uncertain) as caught:
        api.book(make_booking())
    assert caught.value.code == code


def test_one_uncertain_code_among_others_is_enough(frontcore_server, api):
    body = no("course_date_cancelled")
    body["errors"].append({"code": "order_could_not_be_created", "message": ""})
    arm(frontcore_server, "POST", "/booking", 200, body)
    with pytest.raises(Uncertain):
        api.book(make_booking())


SUMMARY = {
    "order_id": "301455",
    "booking_id": "512088",
    "coursedate_id": "13100001",
    "currency": "nok",
    "total_excl_vat": 4980,
    "total_incl_vat": "4980.00",
    "total_vat": 0,
    "number_of_participants": 2,
}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, HTML),
        (200, ""),
        (200, {}),
        (200, []),
        (204, ""),
        (200, {"success": "ok"}),
        (200, {"successful": None, "summary": SUMMARY}),
        (200, {"successful": True}),
        (200, {"successful": True, "summary": []}),
        (200, {"successful": True, "summary": SUMMARY | {"order_id": None}}),
        (200, {"successful": True, "summary": SUMMARY | {"total_vat": "?"}}),
        (200, {"successful": True, "summary": SUMMARY | {"coursedate_id": 7}}),
        (200, {"successful": False}),
        (200, {"successful": False, "errors": []}),
        (301, HTML),
        (307, {}),
        (400, HTML),
        (403, HTML),
        (404, HTML),
        (408, {}),
        (409, {"message": "conflict"}),
        (500, HTML),
        (500, no("course_date_cancelled")),
        (503, {}),
    ],
)
def test_any_other_answer_to_a_booking_is_uncertain_and_is_not_asked_for_again(
    frontcore_server, api, status, body
):
    arm(frontcore_server, "POST", "/booking", status, body)
    with pytest.raises(Uncertain):
        api.book(make_booking())
    assert len(frontcore_server.requests("POST", "/booking")) == 1


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, NO_KEY, "key_refused"),
        (200, NO_KEY, "key_refused"),
        (404, {"message": "Not found"}, "http_404"),
        (200, {"error": "Too many requests"}, "too_many_requests"),
    ],
)
def test_a_booking_refused_for_our_own_set_up_is_kept_for_staff(
    frontcore_server, api, status, body, code
):
    arm(frontcore_server, "POST", "/booking", status, body)
    with pytest.raises(Refused) as caught:
        api.book(make_booking())
    assert (caught.value.code, caught.value.is_setup) == (code, True)


def test_a_half_readable_success_tells_its_order_to_whoever_looks(frontcore_server, api):
    body = {"successful": True, "summary": SUMMARY | {"total_vat": None}}
    arm(frontcore_server, "POST", "/booking", 200, body)
    with pytest.raises(Uncertain) as caught:
        api.book(make_booking())
    assert (caught.value.order_id, caught.value.booking_id) == (301455, 512088)


@pytest.mark.parametrize("status", [200, 201])
def test_a_success_is_a_summary(frontcore_server, api, status):
    arm(frontcore_server, "POST", "/booking", status, {"successful": True, "summary": SUMMARY})
    found = api.book(make_booking())
    assert (found.order_id, found.booking_id, found.total_incl_vat) == (301455, 512088, 4980)


def test_a_redirect_is_not_followed_and_the_key_does_not_travel(frontcore_server, api, raw_server):
    elsewhere = raw_server(lambda server, connection: server.read_request(connection))
    for status in (301, 302, 307, 308):
        for method, path, call, error in (
            ("GET", "/courses/90001", lambda: api.course(90001), BadAnswer),
            ("POST", "/booking", lambda: api.book(make_booking()), Uncertain),
        ):
            frontcore_server.fault(
                method, path, "redirect", status=status, location=f"{elsewhere.url}/x"
            )
            with pytest.raises(error):
                call()
    assert elsewhere.connections == 0


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"successful": True, "booking_id": "512088", "participants": []}, None),
        ({"successful": True}, None),
        (no("resource_not_found"), NotThere),
        (no("unauthorized"), Refused),
        ({"successful": True, "booking_id": 1}, Uncertain),
        (HTML, Uncertain),
    ],
)
def test_a_deregistration_is_judged_as_a_booking_is(frontcore_server, api, body, error):
    arm(frontcore_server, "PUT", "/booking/512088/deregister", 200, body)
    if error is None:
        assert api.deregister(512088).booking_id == 512088
    else:
        with pytest.raises(error):
            api.deregister(512088)
