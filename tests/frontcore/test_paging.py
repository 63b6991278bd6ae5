"""No date is lost and no list goes on for ever, whatever the API makes of page and limit."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from frontcore import BadAnswer, Frontcore
from frontcore.paging import pages

from .conftest import KEY, http


class Shelf:
    """A list behind an API that hears some parameters and ignores others."""

    def __init__(self, ids, *, hears=("limit", "page", "since_id"), default=75, past_end="empty"):
        self.ids = list(ids)
        self.hears = hears
        self.default = default
        self.past_end = past_end
        self.asked = []

    def __call__(self, params):
        self.asked.append(dict(params))
        heard = {name: value for name, value in params if name in self.hears}
        limit = int(heard.get("limit", self.default))
        ids = [number for number in self.ids if number > int(heard.get("since_id", 0))]
        page = int(heard.get("page", 1))
        found = ids[(page - 1) * limit : page * limit]
        if not found and self.past_end == "repeat":
            found = ids[-limit:]
        return [{"id": str(number)} for number in found]


def collect(shelf, **options):
    return [int(item["id"]) for page in pages("GET /x", shelf, **options) for item in page]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 25, 30, 75, 76, 151])
@pytest.mark.parametrize("past_end", ["empty", "repeat"])
@pytest.mark.parametrize(
    "hears",
    [
        ("limit", "page", "since_id"),
        ("limit", "page"),
        ("limit", "since_id"),
        ("page", "since_id"),
        ("page",),
    ],
)
def test_every_item_comes_once(count, past_end, hears):
    shelf = Shelf(range(1, count + 1), hears=hears, past_end=past_end)
    assert collect(shelf, limit=10) == list(range(1, count + 1))
    assert len(shelf.asked) <= count / 10 + 3


@pytest.mark.parametrize("count", [25, 75, 76, 150, 200])
@pytest.mark.parametrize("default", [25, 75])
def test_an_api_that_does_not_hear_our_limit_is_read_to_its_end(count, default):
    shelf = Shelf(range(1, count + 1), hears=("page",), default=default)
    assert len(collect(shelf, limit=250)) == count


def test_a_short_page_is_the_last_and_nothing_is_asked_after_it():
    shelf = Shelf(range(1, 15))
    collect(shelf, limit=10)
    assert [asked["page"] for asked in shelf.asked] == [1, 2]


def test_an_api_that_hears_nothing_ends_at_once():
    shelf = Shelf(range(1, 101), hears=())
    assert len(collect(shelf, limit=10)) == 75
    assert len(shelf.asked) <= 3


def test_the_marker_of_an_envelope_is_obeyed_also_on_a_short_page():
    bodies = [
        {"items": [{"id": 1}], "pagination": {"current_page": 1, "next_page": 2}},
        {"items": [{"id": 2}], "pagination": {"current_page": 2, "next_page": "3"}},
        {"items": [{"id": 3}], "pagination": {"current_page": 3, "next_page": None}},
    ]
    assert collect(lambda params: bodies[int(dict(params)["page"]) - 1]) == [1, 2, 3]


def test_an_envelope_without_end_is_a_bad_answer():
    def endless(params):
        page = int(dict(params)["page"])
        return {"items": [{"id": page}], "pagination": {"next_page": page + 1}}

    with pytest.raises(BadAnswer, match="no end"):
        collect(endless)


def test_an_unknown_envelope_midway_is_a_bad_answer():
    bodies = [[{"id": number} for number in range(1, 11)], {"what": "is this"}]
    with pytest.raises(BadAnswer):
        collect(lambda params: bodies[int(dict(params)["page"]) - 1], limit=10)


def test_items_without_a_readable_id_are_not_lost():
    found = list(pages("GET /x", lambda params: [{"a": 1}, {"a": 2}, "text", None]))
    assert found == [[{"a": 1}, {"a": 2}, "text", None]]


def make_date(course_id, number):
    return {"coursedate_id": number, "course_id": course_id, "start_at": "2027-01-01"}


def batch_server(dates, per_course, hears_page, hears_since):
    """GET /batch/coursedates over ``dates`` (by course), in each way it may work."""

    def take(ids, query):
        limit, page = int(query["limit"]), int(query.get("page", 1)) if hears_page else 1
        since = int(query.get("since_id", 0)) if hears_since else 0
        groups = [[n for n in dates[course] if n > since] for course in ids]
        groups = [[(c, n) for n in group] for c, group in zip(ids, groups, strict=True)]
        if not per_course:
            groups = [sorted((pair for group in groups for pair in group), key=lambda it: it[1])]
        return [
            make_date(*pair)
            for group in groups
            for pair in group[(page - 1) * limit : page * limit]
        ]

    def behave(server, connection):
        while request := server.read_request(connection):
            query = parse_qsl(urlsplit(request.split()[1].decode()).query)
            ids = [int(value) for name, value in query if name == "course_ids[]"]
            connection.sendall(http(json.loads(json.dumps(take(ids, dict(query))))))

    return behave


@pytest.mark.parametrize("per_course", [False, True])
@pytest.mark.parametrize(
    ("hears_page", "hears_since"), [(True, True), (True, False), (False, True)]
)
@pytest.mark.parametrize("sizes", [(3, 4, 2), (10, 10), (25, 0, 1), (7, 23, 31, 10), (1,), (0, 0)])
def test_the_batch_call_loses_no_date_however_it_counts(
    per_course, hears_page, hears_since, sizes, raw_server
):
    dates, number = {}, 0
    for course, size in enumerate(sizes, start=1):
        dates[course] = list(range(number + 1, number + size + 1))
        number += size
    server = raw_server(batch_server(dates, per_course, hears_page, hears_since))
    with Frontcore(key=KEY, base_url=server.url) as api:
        found = [
            (date.course_id, date.id)
            for page in api.batch_coursedates(list(dates), limit=10)
            for date in page.items
        ]
    assert sorted(found) == sorted((course, n) for course in dates for n in dates[course])
    assert len(found) == len(set(found))


@pytest.mark.parametrize("batch_limit", ["total", "course"])
def test_all_dates_of_the_simulator_come_through_the_batch_call(batch_limit, frontcore_server, api):
    frontcore_server.switches(batch_limit=batch_limit)
    courses = [course.id for page in api.courses() for course in page.items]
    expected = {
        date.id for course in courses for page in api.course_dates(course) for date in page.items
    }
    found = [date.id for page in api.batch_coursedates(courses, limit=25) for date in page.items]
    assert sorted(found) == sorted(expected)


def test_more_courses_than_an_address_can_hold_are_asked_in_parts(raw_server):
    dates = {course: [course * 10] for course in range(1, 251)}
    server = raw_server(batch_server(dates, False, True, True))
    with Frontcore(key=KEY, base_url=server.url) as api:
        found = [item.id for page in api.batch_coursedates(list(dates)) for item in page.items]
        assert api.requests_made == 3
    assert len(found) == 250
    assert max(len(request.split(b"\r\n")[0]) for request in server.received) < 4000
