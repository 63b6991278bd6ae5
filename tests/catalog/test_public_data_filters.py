"""Public data is found by the filters of the site: the same dates and courses, in their order."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from catalog.models import CourseDate
from tests.catalog.asking import get, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_monday_in_november(time_machine):
    now = dt.datetime(2026, 11, 2, 10, 15, tzinfo=ZoneInfo("Europe/Oslo"))
    time_machine.move_to(now, tick=False)


SELECTIONS = [
    "",
    "place=vestland",
    "place=vestland.voss&place=oslo",
    "form=online",
    "free=1",
    "sure=1",
    "free=1&place=vestland&language=no",
    "language=en",
    "q=kurs+3",
    "since=2026-11-20",
    "until=2026-11-20",
    "month=2026-12",
    "category={category}",
    "level={level}",
    "instructor={instructor}",
]


def named_in(query):
    """The query with ids of the school in it."""
    course = CourseDate.objects.filter(instructors__isnull=False).first().course
    return query.format(
        category=course.categories.first().remote_id,
        level=course.level.remote_id,
        instructor=course.dates.first().instructors.first().remote_id,
    )


def ids(client, name, query):
    """Ids of all pages, five a page."""
    address, found = f"{reverse(name)}?{query}&per_page=5", []
    while address:
        part = get(client, address)
        found += [item["id"] for item in part["items"]]
        address = part["links"]["next"]
    assert len(found) == part["total"]
    return found


def test_the_courses_are_those_of_the_list_in_its_order(client):
    make_school()
    for query in map(named_in, SELECTIONS):
        for sort in ("", "&sort=date"):
            page = client.get(f"/kurs/?{query}{sort}", follow=True).content.decode()
            shown = re.findall(r'<h3 class="hit-title"><a href="/kurs/(\d+)-', page)
            assert shown, query
            assert ids(client, "api_courses", query + sort) == [int(one) for one in shown], query


def test_the_dates_are_those_of_the_calendar_in_its_order(client):
    make_school()
    for query in map(named_in, SELECTIONS):
        if not re.search("month|since|until", query):  # the calendar has months of its own
            assert ids(client, "api_dates", query) == in_calendar(client, query) != [], query


def test_a_calendar_to_follow_holds_the_same_dates(client):
    make_school()
    for query in map(named_in, SELECTIONS):
        calendar = client.get(f"/kalender.ics?{query}").content.decode()
        told = [int(one) for one in re.findall(r"UID:date-(\d+)@", calendar)]
        assert told == ids(client, "api_dates", query) != [], query


def in_calendar(client, query):
    shown = []
    for month in ("2026/11", "2026/12"):
        page = client.get(f"/kalender/{month}/?{query}", follow=True).content.decode()
        shown += re.findall(r'href="/kurs/\d+-[^/]*/dato/(\d+)/"', page)
    return [int(one) for one in dict.fromkeys(shown)]


def test_days_and_months_cut_the_dates_where_they_say(client):
    make_school()
    everything = ids(client, "api_dates", "")
    until, since = (ids(client, "api_dates", it) for it in ("until=2026-11-20", "since=2026-11-21"))
    assert until + since == everything
    november, december = (ids(client, "api_dates", f"month=2026-{it}") for it in (11, 12))
    assert november + december == everything
    assert all((until, since, november, december))


def test_the_next_dates_of_a_course_are_those_that_the_filters_allow(client):
    make_school()
    for course in get(client, "/api/v1/courses/?place=vestland.voss")["items"]:
        assert {date["place"]["name"] for date in course["next_dates"]} == {"Voss"}


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("categories", "category", "id"),
        ("levels", "level", "id"),
        ("places", "place", "key"),
        ("instructors", "instructor", "id"),
    ],
)
def test_what_a_filter_takes_is_listed_with_how_much_it_finds(client, name, kind, key):
    make_school()
    listed = get(client, f"/api/v1/{name}/")["items"]
    assert listed
    for item in listed:
        query = f"{kind}={item[key]}"
        assert get(client, f"/api/v1/dates/?{query}")["total"] == item["dates"]
        if "courses" in item:
            assert get(client, f"/api/v1/courses/?{query}")["total"] == item["courses"]


def test_categories_and_places_say_what_they_lie_in(client):
    make_school()
    places = {it["key"]: it["county"] for it in get(client, "/api/v1/places/")["items"]}
    assert places == {
        "vestland": None,
        "vestland.bergen": "vestland",
        "vestland.voss": "vestland",
        "oslo": None,
    }
    categories = get(client, "/api/v1/categories/")["items"]
    ids = {it["title"]: it["id"] for it in categories}
    assert {it["title"]: it["parent"] for it in categories} == {
        "Brann": ids["HMS"],
        "HMS": None,
        "IT": None,
    }
