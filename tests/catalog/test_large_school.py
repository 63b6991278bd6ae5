"""A school of 2,000 courses and 50,000 dates, or half of it with as many dates for each course: no
page asks more of the database for it, and none looks through the table of dates. The school is made
once for this module."""

import re

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Exists
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog import calendar_feed, filing, timetable
from catalog.models import Category, Course, CourseDate, Instructor, Venue
from catalog.search import documents
from catalog.selection import Selection
from catalog.timetable import COURSES, DATES
from tests.catalog import large_school

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="asks for the plans of SQLite's planner"
)

# What a page may ask at most. A page that needs more has to say why here.
PAGES = {
    "/": 6,
    "/en/": 6,
    "/kurs/": 9,
    "/kurs/?page=7": 9,
    "/kurs/?category=7&place=fylke-3&free=1": 9,
    "/kurs/?q=truck": 12,
    "/kalender/": 8,
    "/kalender/?place=fylke-3.tettsted-3&language=en": 8,
    "/kalender/rutenett/": 8,
    "/kalender/rutenett/?place=fylke-3.tettsted-3&language=en": 8,
    "month": 8,
    "course": 14,
    "date": 14,
    "/innebygd/liste/?place=fylke-3&free=1": 7,
    "/innebygd/liste/?show=courses&number=30": 10,
    "embedded": 8,
    "instructor": 9,
    "/instruktorer/": 4,
    "venue": 8,
    "/kurssteder/": 4,
    "category": 10,
    "/kurs/?q=tukc": 12,
    "/sok/forslag/?q=truck": 9,
    "grid": 8,
    "full": 14,
    "gone": 14,
    "course gone": 15,
    "interest": 6,
    "form": 8,
    "/kalender.ics": 11,  # a thousand dates, and SQLite takes 999 keys at once
    "/en/calendar.ics?place=fylke-3&free=1": 11,
    "course.ics": 7,
    "date.ics": 7,
    "/vilkar/": 3,
    "/_komponenter/": 2,
    "/sitemap.xml": 10,
    "/sitemap-nb.xml": 10,
    "/kalender.atom": 7,
    "/kalender.atom?place=fylke-3.tettsted-3&free=1": 7,
    "/kurs.atom?q=truck": 11,
    "/apne-data/": 5,
    "/api/v1/": 3,
    "/api/v1/courses/?per_page=100&page=4": 8,
    "/api/v1/courses/?q=truck&place=fylke-3&sort=date": 12,
    "/api/v1/dates/?per_page=100&page=90": 8,
    "/api/v1/dates/?place=fylke-3.tettsted-3&language=en&free=1": 8,
    "api course": 10,
    "api date": 7,
    "/api/v1/categories/": 3,
    "/api/v1/places/": 3,
    "/api/v1/venues/": 4,
    "/api/v1/instructors/?page=3": 4,
}


@pytest.fixture(
    scope="module",
    params=[pytest.param(2, id="a half"), pytest.param(1, id="whole", marks=pytest.mark.slow)],
)
def school(request, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()  # of the generation with the same number in a test before
        timetable.forget()
        large_school.build(part=request.param)
        documents.catch_up()
        yield timetable.current(), timetable.of_feeds()
        transaction.set_rollback(True)


@pytest.fixture
def made(school, db):
    """The timetable of the school, as the worker makes it after a refresh; that of feeds, too."""
    for which, of_school in zip(("listed", "followed"), school, strict=True):
        timetable.kept[which] = (f"{which}:1:{timezone.localdate()}", of_school)
    return school[0]


@pytest.fixture(scope="module", params=["without statistics", "with statistics"])
def planner(request, school, django_db_blocker):
    """With statistics SQLite's planner decides differently, and was once a hundred times slower."""
    if request.param == "without statistics":
        yield
        return
    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


def address(page):
    """The address of a page, whose name is its address or what it shows."""
    date = CourseDate.objects.listed().filter(course=Course.objects.get(title="Truck 7")).first()
    full = CourseDate.objects.bookable().filter(seats__free=0).first()
    gone = CourseDate.objects.reachable().filter(course__title="Truck 14").last()
    if page == "gone":
        CourseDate.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())
    if page == "course gone":
        Course.objects.filter(pk=gone.course_id).update(withdrawn_at=timezone.now())
    named = {
        "month": f"/kalender/{date.starts_on:%Y/%-m}/",
        "grid": f"/kalender/{date.starts_on:%Y/%-m}/rutenett/",
        "category": Category.objects.get(title="Emne 1").get_absolute_url(),
        "full": full.get_absolute_url(),
        "gone": gone.get_absolute_url(),
        "course gone": gone.course.get_absolute_url(),
        "interest": reverse("course_interest", args=[date.course.remote_id, date.course.slug]),
        "course.ics": reverse("course_feed", args=[date.course.remote_id]),
        "date.ics": reverse("date_feed", args=[date.course.remote_id, date.remote_id]),
        "form": reverse("book", args=[date.remote_id]),
        "api course": reverse("api_course", args=[date.course.remote_id]),
        "api date": reverse("api_date", args=[date.remote_id]),
        "course": date.course.get_absolute_url(),
        "embedded": reverse("embed_button", args=[date.course.remote_id]),
        "date": date.get_absolute_url(),
        "instructor": Instructor.objects.first().get_absolute_url(),
        "venue": Venue.objects.first().get_absolute_url(),
    }
    return named.get(page, page)


def asked_by(client, path):
    """The SELECTs of one visit."""
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path)
    assert response.status_code == 200, path
    return [query["sql"] for query in asked if query["sql"].startswith(("SELECT", "WITH"))]


def scans(sql):
    """The steps of the plan that look through the whole table of dates, by whatever index."""
    names = {"catalog_coursedate"}
    names |= set(re.findall(r'"catalog_coursedate" (?:AS )?"?([UVWT]\d+)"?', sql))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3] for row in cursor.fetchall()]
    return [step for step in steps if step.startswith("SCAN") and step.split()[1] in names]


@pytest.fixture(scope="module")
def visited(school):
    """What each page has asked on its visit. Statistics change plans, and no question."""
    return {}


@pytest.fixture
def asked(client, made, visited):
    def asked_on(page):
        if page not in visited:
            visited[page] = asked_by(client, address(page))
        return visited[page]

    return asked_on


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_no_more_of_a_large_school(asked, page):
    assert len(asked(page)) <= PAGES[page], "\n".join(asked(page))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_looks_through_the_table_of_dates(asked, planner, page):
    for sql in asked(page):
        assert scans(sql) == [], sql


def test_a_scan_would_be_noticed(made):
    assert scans(str(CourseDate.objects.filter(is_virtual=True).query))
    online = CourseDate.objects.filter(is_virtual=True)
    assert scans(str(Course.objects.filter(Exists(online)).query))


def test_the_counts_are_made_without_asking_at_all(made, django_assert_num_queries):
    with django_assert_num_queries(0):
        for selection in (Selection(), Selection(place=("fylke-3",), free=True)):
            for what in (DATES, COURSES):
                for kind in filing.FILED_BY:
                    assert made.counts(selection, what, kind)


def test_each_count_is_what_the_choice_then_gives(made):
    selection = Selection(language=("en",), free=True)
    for what, found in ((DATES, made.dates_found), (COURSES, made.courses_found)):
        hits = made.counts(selection, what, "place")
        for value in ("fylke-3", "fylke-3.tettsted-3"):
            assert hits[value] == len(found(selection.plus("place", value)))
            assert 0 < hits[value] < made.number(Selection(), what)


def test_what_is_found_is_what_the_tables_say(made):
    venue_of_town = CourseDate.objects.bookable().with_free_seats().filter(is_virtual=False)
    expected = venue_of_town.filter(place__title="Tettsted 3").order_by(
        "starts_on", "start_time", "pk"
    )
    found = made.dates_found(Selection(place=("fylke-3.tettsted-3",), free=True))
    assert found == list(expected.values_list("pk", flat=True))


def test_a_calendar_of_all_of_it_stays_of_a_size_that_programs_take(client, made):
    answer = client.get("/kalender.ics")
    assert answer.content.count(b"\r\nBEGIN:VEVENT\r\n") == calendar_feed.AT_MOST
    assert len(answer.content) < 1_000_000
