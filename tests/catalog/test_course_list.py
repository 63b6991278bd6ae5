"""The list of courses: what a row tells, its dates, its order, its pages, its size in queries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import timetable
from catalog.models import CourseDate
from catalog.store import announce
from tests.factories import (
    in_days,
    make_category,
    make_course,
    make_date,
    make_generation,
    make_instructor,
    make_level,
    make_place,
    make_product,
    make_provider,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db


def body_of(client, path):
    return client.get(path).content.decode()


def rows(client, path):
    """{title: what its row says, spaces made plain}"""
    found = {}
    for row in body_of(client, path).split('<li class="hit">')[1:]:
        row = re.sub(r"<svg.*?</svg>", " ", row.split("</main>")[0], flags=re.DOTALL)
        said = " ".join(re.sub(r"<[^>]+>", " ", row).split())
        title = re.search(r'hit-title"><a [^>]*>([^<]+)</a>', row)[1]
        found[title] = said
    return found


def test_a_row_tells_what_a_course_is(client):
    course = make_course(
        "Varme arbeider", level=make_level("Grunnkurs"), duration_value=2, duration_unit="days"
    )
    make_text(course)
    make_date(course, place=make_place("Skien", "Telemark"))
    said = rows(client, "/kurs/")["Varme arbeider"]
    for part in ("Lær å redde liv.", "2 dager", "2 490 kr", "Klasserom", "Grunnkurs", "Skien"):
        assert part in said.replace("\xa0", " ")


def test_more_dates_are_those_of_the_town_that_is_looked_at(client):
    course = make_course("Truck")
    for number in range(5):
        make_date(course, days=10 + number, place=make_place("Bergen", "Vestland"))
    make_date(course, days=40, place=make_place("Oslo"))
    more = f'href="{course.get_absolute_url()}?place=bergen#dates" rel="nofollow"'
    assert more in body_of(client, "/kurs/?place=vestland.bergen")
    assert more not in body_of(client, "/kurs/?place=oslo&place=vestland.bergen")
    narrowed = body_of(client, f"{course.get_absolute_url()}?place=bergen")
    assert narrowed.count("date-card") == 5


def test_a_row_has_the_dates_that_were_asked_for_and_no_others(client):
    course = make_course("Kurs")
    oslo = make_date(course, days=10)
    bergen = make_date(course, days=20, place=make_place("Bergen", "Vestland"))
    body = body_of(client, "/kurs/?place=vestland.bergen")
    assert bergen.get_absolute_url() in body
    assert oslo.get_absolute_url() not in body
    both = body_of(client, "/kurs/")
    assert both.index(oslo.get_absolute_url()) < both.index(bergen.get_absolute_url())


def test_a_cancelled_date_is_not_among_the_next_ones(client):
    course = make_course("Kurs")
    off = make_date(course, days=5, status=CourseDate.Status.CANCELLED)
    on = make_date(course, days=15)
    body = body_of(client, "/kurs/")
    assert on.get_absolute_url() in body
    assert off.get_absolute_url() not in body


def test_a_course_without_dates_stands_beside_the_others_where_the_choice_allows(client):
    make_course("På forespørsel", language="no")
    make_date(make_course("Med dato"))
    assert list(rows(client, "/kurs/")) == ["Med dato", "På forespørsel"]
    assert "Ingen datoer er satt opp" in rows(client, "/kurs/")["På forespørsel"]
    assert "På forespørsel" in rows(client, "/kurs/?language=no")
    assert "På forespørsel" not in rows(client, "/kurs/?place=oslo")


def test_the_list_is_alphabetical_unless_the_next_date_shall_come_first(client):
    make_date(make_course("Arbeid"), days=40)
    make_date(make_course("Brann"), days=20)
    make_course("Ad hoc")
    assert list(rows(client, "/kurs/")) == ["Ad hoc", "Arbeid", "Brann"]
    assert list(rows(client, "/kurs/?sort=date")) == ["Brann", "Arbeid", "Ad hoc"]
    assert 'href="/kurs/?sort=date"' in body_of(client, "/kurs/")
    assert 'name="sort" value="date"' in body_of(client, "/kurs/?sort=date")


def test_the_next_date_is_the_next_of_those_that_were_asked_for(client):
    bergen = make_place("Bergen", "Vestland")
    early, late = make_course("A"), make_course("B")
    make_date(early, days=5)
    make_date(early, days=50, place=bergen)
    make_date(late, days=25, place=bergen)
    assert list(rows(client, "/kurs/?place=vestland.bergen&sort=date")) == ["B", "A"]


def test_with_words_the_best_comes_first(client):
    make_text(make_course("Arbeid i høyden"), description="<p>Også om redning.</p>")
    make_course("Redning")
    assert next(iter(rows(client, "/kurs/?q=redning"))) == "Redning"
    assert "Best treff" in body_of(client, "/kurs/?q=redning")


def test_the_pages_of_a_list_keep_the_state(client):
    for number in range(31):
        make_date(make_course(f"Kurs {number:02}"))
    first = body_of(client, "/kurs/?place=oslo&sort=date")
    assert 'rel="next" href="?place=oslo&amp;sort=date&amp;page=2"' in first
    second = body_of(client, "/kurs/?place=oslo&sort=date&page=2")
    assert second.count('<li class="hit">') == 1
    assert 'href="http://testserver/kurs/?place=oslo&amp;sort=date&amp;page=2"' in second
    assert "side 2" in second
    assert 'rel="prev" href="?place=oslo&amp;sort=date"' in second
    assert 'rel="prev" href="./"' in body_of(client, "/kurs/?page=2")
    for page in ("3", "x", "0"):
        assert client.get(f"/kurs/?page={page}").status_code == 404


def make_more(name, top, courses, dates_each):
    for number in range(courses):
        category = make_category(f"Emne {name} {number}", parent=top)
        course = make_course(f"Kurs {name} {number}", categories=[category, top])
        make_text(course)
        make_product(course)
        for day in range(3, 3 + dates_each):
            town = make_place(f"By {day}", "Agder")
            make_date(course, days=day, place=town, instructors=[make_instructor()])
            make_date(course, days=day, venue=make_venue(city=f"Sted {day}"))


def test_the_number_of_queries_is_the_same_whatever_the_size(client):
    make_provider()
    make_generation()
    top = make_category("HMS")
    month = in_days(4).strftime("%Y-%m")
    narrow = f"/kurs/?place=agder&month={month}&free=1&sort=date"
    asked = []
    for name, courses, dates_each in (("lite", 1, 2), ("stort", 12, 6)):
        make_more(name, top, courses, dates_each)
        announce()
        timetable.current()
        for path in ("/kurs/", top.get_absolute_url(), narrow):
            with CaptureQueriesContext(connection) as queries:
                assert '<li class="hit">' in body_of(client, path)
            asked.append(len(queries))
    assert asked[:3] == asked[3:]
    assert max(asked) <= 10, asked
