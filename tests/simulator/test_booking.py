"""The books: seats, orders, people, codes and money."""

import threading
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from .conftest import booking

ONE = {"firstname": "Åse", "lastname": "Li", "email": "ase@example.no"}


def codes(reply):
    return [each["code"] for each in reply.json.get("errors", [])]


def seats(call, key):
    return call.state()["free_seats"][str(key)]


def test_a_booking_takes_seats_and_makes_an_order_and_people(call):
    summary = call.book(13100001, people=2).json["summary"]
    state = call.state()
    assert state["free_seats"]["13100001"] == 11
    assert [str(each["id"]) for each in state["orders"]] == [summary["order_id"]]
    assert [each["lastname"] for each in state["participants"]] == ["Nr0", "Nr1"]
    assert summary["total_incl_vat"] == summary["total_excl_vat"] == 4980
    order = call.get(f"/orders/{summary['order_id']}").json[0]
    assert order["lines"][0]["database_relations"]["participant_ids"] == [5100001, 5100002]
    assert order["your_reference"] == "K-2"


def test_the_same_body_twice_makes_two_orders(call):
    assert call.book().json["summary"]["order_id"] != call.book().json["summary"]["order_id"]
    assert len(call.state()["orders"]) == 2


def test_who_is_known_by_mail_and_name_stays_one_user(call):
    call.book()
    call.book()
    other = booking() | {"participants": [ONE | {"email": "deltaker0@example.no"}]}
    call("POST", "/booking", other)
    users = call.get("/search-users?email=deltaker0@example.no").json
    assert [each["username"] for each in users] == [
        "deltaker0@example.no",
        "deltaker0@example.no_Åse_Li",
    ]


def test_a_seat_check_refuses_what_does_not_fit_and_writes_nothing(call):
    assert codes(call.book(13100022, people=2)) == ["no_vacant_seats"]
    assert call.state()["orders"] == []
    call.switch(seat_code="not_enough_capacity")
    assert codes(call.book(13100022, people=2)) == ["not_enough_capacity"]
    assert call.book(13100022, people=1).json["successful"]
    assert seats(call, 13100022) == 0


def test_without_the_check_it_books_past_capacity(call):
    assert call.book(13100002, people=3, check=False).json["successful"]
    date = call.get("/courses/90001/coursedates/13100002").json
    assert date["seats"]["booking_status"]["num_confirmed"] == 11
    assert date["seats"]["free"]["num"] == 0


def test_the_waiting_list_takes_no_seat(call):
    assert call.book(13100012, status_id=3).json["successful"]
    date = call.get("/courses/90004/coursedates/13100012").json
    assert date["seats"]["free"]["num"] == 5
    assert date["seats"]["booking_status"]["num_waiting"] == 1
    assert call.get("/participants").json[0]["status"]["status_code"] == "status_waitinglist"
    call.switch(waiting_has_amount=False)
    assert call.book(13100012, status_id=3).json["summary"]["total_incl_vat"] == 0


def test_twenty_at_once_never_get_more_than_the_seats(call):
    answers, start = [], threading.Barrier(20)

    def book():
        start.wait()
        answers.append(call.book(13100012).json["successful"])

    threads = [threading.Thread(target=book) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [False] * 15 + [True] * 5
    assert seats(call, 13100012) == 0
    assert len(call.state()["orders"]) == 5


def test_giving_back_frees_the_seats_and_says_who(call):
    booking_id = call.book(13100001, people=2).json["summary"]["booking_id"]
    answer = call("PUT", f"/booking/{booking_id}/deregister", {"config": {"with_fee": True}}).json
    assert [each["status"]["id"] for each in answer["participants"]] == [8, 8]
    assert seats(call, 13100001) == 13
    again = call("PUT", f"/booking/{booking_id}/deregister", {}).json
    assert (again["successful"], again["participants"]) == (True, [])
    assert len(call.get("/participants?coursedate_id=13100001").json) == 2


def test_changing_a_participants_status_moves_the_seat(call):
    call.book(13100001)
    body = urlencode({"idStatus": 4, "completed": 1})
    answer = call("PUT", "/participants/5100001", body, form=True).json
    assert (answer["status"]["id"], answer["completed"]) == (4, True)
    assert seats(call, 13100001) == 13
    assert call("PUT", "/participants/5100001", {"idStatus": 99}).status == 400


def test_seats_move_the_dates_updated_at(call):
    path = "/courses/90001/coursedates/13100001"
    before = call.get(path).json["updated_at"]
    call.book(13100001)
    assert call.get(path).json["updated_at"] > before


def test_a_php_form_books_as_json_does(call):
    form = {
        "coursedate_id": "13100001",
        "payment_method": "invoice",
        "participants[0][firstname]": "Bjørn",
        "participants[0][lastname]": "Ås",
        "participants[0][email]": "b@example.no",
        "participants[1][firstname]": "Ola",
        "participants[1][lastname]": "Li",
        "participants[1][email]": "o@example.no",
        "config[seats_availability_check]": "1",
    }
    assert call("POST", "/booking", urlencode(form), form=True).json["successful"]
    assert [each["firstname"] for each in call.state()["participants"]] == ["Bjørn", "Ola"]


REFUSED = [
    ({"coursedate_id": 1}, "course_date_identifier_invalid"),
    ({"coursedate_id": None}, "course_date_identifier_invalid"),
    ({"coursedate_id": 13100013}, "course_date_identifier_invalid"),
    ({"coursedate_id": 13100018}, "course_identifier_invalid"),
    ({"coursedate_id": 13100004}, "course_date_cancelled"),
    ({"coursedate_id": 13100019}, "default_course_product_missing"),
    ({"participants": []}, "participant_count_invalid"),
    ({"participants": [ONE | {"lastname": " "}]}, "participant_name_invalid_empty"),
    ({"participants": [ONE | {"email": ""}]}, "participant_email_invalid_empty"),
    ({"campaign_code": "FINNESIKKE"}, "campaign_code_invalid"),
    ({"campaign_code": "BARETRUCK"}, "campaign_code_invalid"),
    ({"campaign_code": "SNART25"}, "campaign_code_invalid"),
    ({"campaign_code": "ARKIV5"}, "campaign_code_invalid"),
    ({"campaign_code": "PAUSE30"}, "campaign_code_invalid"),
    ({"campaign_code": "FJOR20"}, "campaign_code_expired"),
    ({"voucher_code": "FINNESIKKE"}, "voucher_code_invalid"),
    ({"voucher_code": "TOMT"}, "voucher_code_invalid"),
    ({"voucher_code": "SLETTET"}, "voucher_code_invalid"),
    ({"voucher_code": "UTLØPT"}, "voucher_code_expired"),
    ({"currency": "btc"}, "currency_missing"),
    ({"currency": "usd"}, "exchange_rate_does_not_exist"),
    ({"participants": [ONE | {"products": []}]}, "participant_products_empty"),
    ({"participants": [ONE | {"products": [{"id": 1}]}]}, "participant_products_invalid"),
    (
        {"participants": [ONE | {"products": [{"id": 8790}]}]},
        "participant_does_not_have_a_course_product",
    ),
    (
        {"participants": [ONE | {"products": [{"id": 8801}, {"id": 8801}]}]},
        "participant_have_multiple_course_products",
    ),
    (
        {"participants": [ONE | {"products": [{"id": 8801, "price": -1}]}]},
        "participant_product_price_invalid",
    ),
]


@pytest.mark.parametrize(("change", "code"), REFUSED)
def test_each_refusal_has_its_code_and_writes_nothing(call, change, code):
    before = call.state()["free_seats"]
    reply = call("POST", "/booking", booking() | change)
    assert (reply.status, reply.json["successful"], codes(reply)) == (400, False, [code])
    after = call.state()
    assert (after["orders"], after["participants"], after["free_seats"]) == ([], [], before)


def test_every_participant_with_a_fault_is_named(call):
    body = booking() | {"participants": [ONE, ONE | {"firstname": ""}, ONE | {"email": ""}]}
    assert [each["message"] for each in call("POST", "/booking", body).json["errors"]] == [
        "Participant 2 must have a name specified.",
        "Participant 3 must have an email address.",
    ]


def test_a_missing_way_of_paying_is_an_error_of_the_other_kind(call):
    reply = call("POST", "/booking", booking(payment_method=""))
    assert reply.json == {"error": "Missing field(s): payment_method"}


def test_deadline_and_visibility_are_not_enforced_unless_switched_on(call):
    assert call.book(13100009).json["successful"]
    assert call.book(13100007).json["successful"]
    call.switch(deadline_enforced=True, visibility_enforced=True)
    assert codes(call.book(13100009)) == ["registration_deadline_passed"]
    assert codes(call.book(13100007)) == ["course_date_identifier_invalid"]
    assert call.book(13100028).json["successful"]
    call.switch(school_account_invalid=True)
    assert codes(call.book()) == ["school_account_invalid"]


MONEY = [
    (13100001, 2, {}, (4980, 0, 4980)),
    (13100003, 2, {}, (13800, 3450, 17250)),
    (13100003, 2, {"campaign_code": "SOMMER10"}, (12420, 3105, 15525)),
    (13100003, 2, {"campaign_code": "SPAR500"}, (13300, 3325, 16625)),
    (13100029, 1, {"campaign_code": "TREDEL"}, (2884.45, 721.11, 3605.56)),
    (13100001, 1, {"campaign_code": "GRATIS100"}, (0, 0, 0)),
    (13100001, 1, {"campaign_code": "blåbær"}, (2241, 0, 2241)),
    (13100020, 3, {}, (0, 0, 0)),
]


@pytest.mark.parametrize(("key", "people", "more", "expected"), MONEY)
def test_totals_follow_price_campaign_and_vat(call, key, people, more, expected):
    summary = call.book(key, people, **more).json["summary"]
    names = ("total_excl_vat", "total_vat", "total_incl_vat")
    assert tuple(summary[name] for name in names) == expected


def test_prices_can_include_vat_and_an_amount_can_count_per_person(call):
    call.switch(vat_included=True, campaign_value_per="participant")
    summary = call.book(13100003, 2, campaign_code="SPAR500").json["summary"]
    assert (summary["total_incl_vat"], summary["total_excl_vat"]) == (12800, 10240)


def test_products_may_be_chosen_with_an_add_on(call):
    chosen = [{"id": 8803, "price": 6200}, {"id": 8790}]
    body = booking(13100003) | {"participants": [ONE | {"products": chosen}]}
    assert call("POST", "/booking", body).json["summary"]["total_excl_vat"] == 6420


def test_a_voucher_pays_after_vat_and_its_balance_is_spent(call):
    summary = call.book(13100003, voucher_code="gave1500").json["summary"]
    assert summary["total_incl_vat"] == 8625
    state = call.state()
    assert state["orders"][0]["voucher_used"] == "1500.00"
    assert state["vouchers"]["GAVE1500"]["balance"] == "0.00"
    assert call.get("/vouchers/validate/gave1500").json["voucher"]["balance"] == "0.00"
    assert codes(call.book(13100003, voucher_code="gave1500")) == ["voucher_code_invalid"]


def test_a_found_code_is_not_yet_a_good_code(call):
    def campaign(code, course=90001):
        return call.get(f"/campaigns/validate/{code}?course_id={course}").json.get("campaign")

    assert campaign("SOMMER10")["running"]
    assert campaign("FJOR20")["expired"]
    assert campaign("SNART25")["waiting"]
    assert campaign("ARKIV5")["is_archived"]
    assert campaign("PAUSE30")["active"] is False
    assert campaign("BARETRUCK", 90002)
    assert campaign("BARETRUCK") is None
    call.switch(other_course_not_found=False)
    assert campaign("BARETRUCK")
    for code in ("00123", "a%2Fb", "%20"):
        path = f"/campaigns/validate/{code}?course_id=90001"
        assert codes(call.get(path)) == ["resource_not_found"]
    assert call.get("/vouchers/validate/UTL%C3%98PT").json["voucher"]["is_expired"]


def test_orders_can_be_exported_as_they_are_made(call):
    call.switch(export_at_once=True)
    call.book()
    assert call.get("/orders").json == []
    assert len(call.get("/orders?exported=1").json) == 1


def test_orders_are_found_by_when_they_were_made(call, frontcore):
    call.book()
    now = frontcore.books.clock.now()
    early, late = (f"{now + timedelta(minutes=n):%Y-%m-%d%%20%H:%M:%S}" for n in (-2, 2))
    assert len(call.get(f"/orders?created_at_min={early}").json) == 1
    assert call.get(f"/orders?created_at_min={late}").json == []
