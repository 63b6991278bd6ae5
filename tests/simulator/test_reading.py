"""Lists: paging, filters, order, and what each switch changes."""


def ids(reply):
    found = reply.json
    items = found["items"] if isinstance(found, dict) else found
    return [item.get("coursedate_id", item.get("id")) for item in items]


def test_pages_do_not_overlap_and_the_last_one_is_short(call):
    pages = [ids(call.get(f"/nextcoursedates?limit=100&page={n}")) for n in (1, 2, 3, 4)]
    assert [len(page) for page in pages[:2]] == [100, 100]
    assert len(pages[2]) < 100
    assert pages[3] == []
    everything = [each for page in pages for each in page]
    assert len(everything) == len(set(everything))


def test_a_page_after_the_last_can_repeat_it(call):
    call.switch(past_end="repeat")
    last = ids(call.get("/courses?limit=40&page=2"))
    assert ids(call.get("/courses?limit=40&page=9")) == last


def test_a_page_is_75_long_and_25_in_the_batch(call):
    courses = "&".join(f"course_ids[]={key}" for key in range(90001, 90031))
    assert len(ids(call.get("/coursedates"))) == 75
    assert len(ids(call.get(f"/batch/coursedates?{courses}"))) == 25


def test_more_than_250_is_never_given(call):
    call.reserved("POST", "edit", [
        {"add_coursedate": {"course_id": 90012, "start_at": "2027-03-01"}} for _ in range(10)
    ])  # fmt: skip
    assert len(ids(call.get("/coursedates?limit=1000"))) == 250


def test_the_quick_list_marks_its_last_page(call):
    second = call.get("/coursedates?limit=200&page=2").json
    assert second["pagination"] == {"current_page": 2, "next_page": None}
    assert len(second["items"]) == 50


def test_the_batch_limit_counts_in_total_or_per_course(call):
    path = "/batch/coursedates?course_ids[]=90001&course_ids[]=90002&limit=3"
    assert len(ids(call.get(path))) == 3
    call.switch(batch_limit="course")
    assert len(ids(call.get(path))) == 6


def test_the_batch_needs_its_courses(call):
    assert call.get("/batch/coursedates").json == {"error": "Missing field(s): course_ids"}
    assert call.get("/batch/coursedates?course_ids=1").status == 400


def test_filters_narrow_by_start_status_and_id(call, frontcore):
    today = str(frontcore.books.clock.today())
    ahead = call.get("/coursedates?start_date_at_min=now&limit=250&order_by=startdate").json
    starts = [each["start_at"] for each in ahead["items"]]
    assert min(starts) >= today
    assert starts == sorted(starts)
    past = call.get(f"/coursedates?start_date_at_max={today}%2000:00:00&limit=250").json["items"]
    assert past
    assert all(each["start_at"] <= today for each in past)
    cancelled = call.get("/courses/90001/coursedates?status_id=3&limit=250").json
    assert {each["status"]["id"] for each in cancelled} == {3}
    assert min(ids(call.get("/coursedates?since_id=13100150"))) == 13100151
    backwards = ids(call.get("/courses/90001/coursedates?order_by=id&order_direction=desc"))
    assert backwards == sorted(backwards, reverse=True)


def test_a_malformed_filter_is_refused_by_name(call):
    reply = call.get("/coursedates?updated_at_min=yesterday")
    assert (reply.status, reply.json) == (400, {"error": "Field(s) not valid: updated_at_min"})


def test_what_changed_since_is_found_by_updated_at(call, frontcore):
    before = frontcore.books.clock.now().strftime("%Y-%m-%d%%20%H:%M:%S")
    path = f"/batch/coursedates?course_ids[]=90001&updated_at_min={before}"
    assert ids(call.get(path)) == []
    call.book(13100001)
    assert ids(call.get(path)) == [13100001]
    call.edit(coursedate=13100004, set={"status_id": 2})
    assert ids(call.get(path)) == [13100001, 13100004]


def test_the_calendar_begins_today_unless_told_otherwise(call):
    assert 13100025 not in ids(call.get("/nextcoursedates?limit=250"))
    assert 13100007 in ids(call.get("/nextcoursedates?limit=250"))
    call.switch(next_past=True, next_hidden=False)
    assert 13100025 in ids(call.get("/nextcoursedates?limit=250"))
    assert 13100007 not in ids(call.get("/nextcoursedates?limit=250"))


def test_deleted_dates_are_marked_in_lists_or_left_out(call):
    listed = {e["coursedate_id"]: e for e in call.get("/courses/90004/coursedates").json}
    assert listed[13100013]["deleted_at"]
    call.switch(list_deleted=False)
    assert 13100013 not in ids(call.get("/courses/90004/coursedates"))
    assert 13100013 not in ids(call.get("/nextcoursedates?limit=250"))


def test_inactive_courses_are_listed_or_not_but_always_found_by_id(call):
    assert 90007 in ids(call.get("/courses?limit=250"))
    call.switch(list_inactive_courses=False)
    assert 90007 not in ids(call.get("/courses?limit=250"))
    assert call.get("/courses/90007").json["is_active"] is False


def test_undocumented_calls_can_be_missing(call):
    call.switch(coursedates_list=False, optional_lists=False, batch_coursedates=False)
    for path in ("/coursedates", "/durations", "/places", "/batch/coursedates?course_ids[]=90001"):
        assert call.get(path).status == 404
    assert call.get("/nextcoursedates").status == 200


def test_a_date_without_capacity_is_called_full_or_open(call):
    def word():
        return call.get("/courses/90003/coursedates/13100011").json["seats_status"]

    assert word() == "fully_booked"
    call.switch(zero_capacity="open")
    assert word() == "open"


def test_a_course_comes_in_the_language_asked_for(call):
    norwegian = call.get("/courses/90001").json
    english = call.get("/courses/90001?description_language=en").json
    assert "Sertifikatkurs" in norwegian["text_lead"]
    assert "Certificate course" in english["text_lead"]
    assert english["description_languages"] == ["no", "en"]


def test_an_unchanged_course_is_304_and_a_changed_one_is_not(call):
    tag = call.get("/courses/90001").headers["ETag"]
    again = call.get("/courses/90001", If_None_Match=tag)
    assert (again.status, again.text) == (304, "")
    call.edit(course=90001, set={"title": "Varme arbeider, nytt"})
    assert call.get("/courses/90001", If_None_Match=tag).status == 200
    call.switch(etag=False)
    assert call.get("/courses/90001").headers["ETag"] is None


def test_errors_can_come_with_200(call):
    assert call.get("/courses/1").status == 404
    call.switch(errors_as_200=True)
    assert (call.get("/courses/1").status, "error" in call.get("/courses/1").json) == (200, True)
    assert call.book(13100004).status == 200
    assert call.raw("GET", "/v2/courses").status == 200


def test_orders_that_were_exported_are_shown_only_when_asked_for(call):
    order_id = int(call.book().json["summary"]["order_id"])
    assert ids(call.get("/orders?course_id=90001")) == [order_id]
    call.edit(order=order_id, set={"exported_at": "2027-01-01T10:00:00+01:00"})
    assert ids(call.get("/orders")) == []
    assert ids(call.get("/orders?exported=true")) == [order_id]


def test_the_participants_filter_can_be_blind(call):
    call.book(13100001)
    call.book(13100003)
    assert len(call.get("/participants?coursedate_id=13100003").json) == 1
    call.switch(participants_filter=False)
    assert len(call.get("/participants?coursedate_id=13100003").json) == 2


def test_an_order_can_bring_its_campaign_course_and_people(call):
    call.book(campaign_code="SOMMER10")
    include = "lines.database_relations."
    path = f"/orders?include[]=campaign&include[]={include}course&include[]={include}participants"
    order = call.get(path).json[0]
    related = order["lines"][0]["database_relations"]
    assert order["campaign"]["campaign_code"] == "SOMMER10"
    assert related["course"]["id"] == 90001
    assert related["participants"][0]["user"]["lastname"] == "Nr0"
