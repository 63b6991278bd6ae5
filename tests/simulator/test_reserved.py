"""The reserved addresses: log, switches, edits, reset."""

import time


def test_the_log_has_what_came_when_it_came(call):
    before = time.time()
    call.get("/courses?limit=1")
    call.book()
    call.get("/no-such-thing")
    log = call.log()
    assert [(row["method"], row["path"], row["query"], row["status"]) for row in log] == [
        ("GET", "/courses", "limit=1", 200),
        ("POST", "/booking", "", 200),
        ("GET", "/no-such-thing", "", 404),
    ]
    assert before <= log[0]["at"] <= log[1]["at"] <= log[2]["at"] <= time.time()


def test_reset_gives_fresh_books_log_faults_and_switches(call):
    fresh = call.state()
    call.book()
    call.edit(coursedate=13100003, set={"capacity": 99})
    call.edit(coursedates="all", remove=True)
    call.fault("html_500", times=0)
    call.switch(errors_as_200=True)
    call.reserved("POST", "reset")
    again = call.state()
    assert {**again, "now": ""} == {**fresh, "now": ""}
    assert call.log() == []
    assert call.get("/courses/1").status == 404


def test_an_edit_shows_in_every_list_and_moves_updated_at(call, frontcore):
    now = frontcore.books.clock.stamp()
    call.edit(course=90002, set={"title": "Truck, nytt navn", "price_value": 7000})
    call.edit(product=8802, set={"price": 7000})
    call.edit(location=7102, set={"capacity_max": 30})
    call.edit(coursedate=13100003, set={"start_at": "2099-01-01", "end_at": "2099-01-03"})
    date = call.get("/courses/90002/coursedates/13100003").json
    assert date["course"]["title"] == "Truck, nytt navn"
    assert date["course"]["price"]["value"] == 7000
    assert date["seats"]["allocated_capacity"]["num"] == 30
    assert date["updated_at"] >= now
    assert call.get("/courses/90002").json["updated_at"] >= now
    assert date["gatherings"][2]["gathering_at"].startswith("2099-01-03")
    assert call.get("/nextcoursedates?limit=250&page=1&start_date_at_min=2099-01-01").json
    assert call.book(13100003).json["summary"]["total_excl_vat"] == 7000


def test_a_removed_date_is_gone_everywhere(call):
    call.edit(coursedate=13100001, remove=True)
    for path in ("/nextcoursedates?limit=250", "/courses/90001/coursedates?limit=250"):
        assert 13100001 not in [each["coursedate_id"] for each in call.get(path).json]
    assert call.get("/coursedates?coursedate_id=13100001").json["items"] == []
    assert call.get("/courses/90001/coursedates/13100001").status == 404
    call.edit(course=90001, remove=True)
    left = call.get("/nextcoursedates?limit=250").json
    assert left
    assert 90001 not in [each["course"]["id"] for each in left]
    call.edit(coursedates="all", remove=True)
    assert call.get("/nextcoursedates").json == []


def test_a_date_can_be_added(call):
    added = call.edit(add_coursedate={"course_id": 90012, "start_at": "2099-02-02"})
    date = call.get(f"/courses/90012/coursedates/{added['id']}").json
    assert (date["start_at"], date["seats"]["free"]["num"]) == ("2099-02-02", 16)
    assert (
        call.get("/nextcoursedates?limit=250&start_date_at_min=2099-01-01").json[0]
        == (call.get("/courses/90012/coursedates").json[0])
    )


def test_raw_gives_a_record_any_json_and_can_be_taken_off(call):
    path = "/courses/90001/coursedates"
    call.edit(coursedate=13100001, set={"raw": {"start_at": "rubbish", "seats": None}})
    spoilt = {each["coursedate_id"]: each for each in call.get(path).json}[13100001]
    assert (spoilt["start_at"], spoilt["seats"]) == ("rubbish", None)
    call.edit(coursedate=13100001, set={"raw": None})
    assert call.get(f"{path}/13100001").json["seats"]["free"]["num"] == 13


def test_an_edit_of_something_unknown_says_so(call):
    for wish in (
        {"coursedate": 1, "set": {}},
        {"coursedate": 13100001, "set": {"colour": "red"}},
        {"add_coursedate": {"course_id": 90001}},
        {"nothing": 1},
    ):
        assert "BadEdit" in call.reserved("POST", "edit", wish).json["error"]


def test_switches_explain_themselves_and_refuse_nonsense(call):
    listed = call.reserved("GET", "switches").json
    assert listed["batch_limit"]["choices"] == ["total", "course"]
    assert all(each["meaning"] for each in listed.values())
    assert call.reserved("POST", "switches", {"batch_limit": "none"}).status == 400
    assert call.reserved("POST", "switches", {"colour": "red"}).status == 400


def test_the_examples_name_every_fixed_date(call):
    examples = call.reserved("GET", "examples").json
    assert (examples["bookable"], examples["full"]) == (13100001, 13100002)
    free = call.state()["free_seats"]
    assert {name: free[str(examples[name])] for name in ("full", "five_left", "one_left")} == {
        "full": 0,
        "five_left": 5,
        "one_left": 1,
    }


def test_an_unknown_reserved_address_lists_the_known_ones(call):
    reply = call.reserved("GET", "nothing")
    assert reply.status == 404
    assert "POST /_simulator/reset" in reply.json["addresses"]
