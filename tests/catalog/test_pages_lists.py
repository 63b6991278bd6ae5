"""Home and the list of courses, and what all pages have in common."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from catalog import timetable
from catalog.models import CourseDate
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_instructor,
    make_product,
    make_provider,
    make_terms,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

LISTS = ["/", "/en/", "/kalender/", "/en/calendar/", "/kurs/", "/en/courses/"]


def text_of(response):
    """What a page says, without its tags, spaces made plain."""
    body = response.content.decode()
    body = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", body, flags=re.DOTALL)
    return " ".join(body.split())


def make_school(courses, dates_each):
    """A school with everything a page may show; the same questions whatever its size."""
    for number in range(courses):
        course = make_course(f"Kurs {number}", categories=[make_category()])
        make_text(course)
        make_product(course)
        for day in range(dates_each):
            date = make_date(
                course,
                days=3 + day,
                lasts=2,
                venue=make_venue(),
                instructors=[make_instructor()],
            )
            make_gathering(date, venue=make_venue(), instructors=[make_instructor()])
            make_gathering(date, day=1, venue=make_venue(), instructors=[make_instructor()])
    return course


# --- Without Frontcore, in few questions --------------------------------------------------------


def test_every_page_answers_while_frontcore_is_away(client):
    """The address of Frontcore in tests is a port where nobody listens."""
    assert settings.FRONTCORE["base_url"].startswith("http://127.0.0.1:9/")
    course = make_school(1, 1)
    date = course.dates.get()
    pages = [*LISTS, course.get_absolute_url(), date.get_absolute_url(), "/vilkar/"]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


@pytest.mark.parametrize(
    ("page", "queries"),
    [("/", 5), ("/kurs/", 9), ("course", 11), ("date", 10), ("/vilkar/", 3)],
)
def test_the_number_of_questions_does_not_grow_with_the_catalogue(
    client, django_assert_num_queries, page, queries
):
    make_provider()
    make_generation()
    make_terms()
    for courses, dates_each in ((1, 1), (4, 6)):
        course = make_school(courses, dates_each)
        named = {
            "course": course.get_absolute_url(),
            "date": course.dates.first().get_absolute_url(),
        }
        timetable.forget()
        cache.clear()
        client.get(named.get(page, page))  # what is filed once for each generation is filed now
        with django_assert_num_queries(queries):
            assert client.get(named.get(page, page)).status_code == 200


# --- Home ---------------------------------------------------------------------------------------


def test_the_front_page_shows_the_next_dates_in_the_order_of_time(client):
    make_date(make_course("Senere"), days=20)
    make_date(make_course("Snart"), days=2)
    make_date(make_course("Over"), days=-1)
    said = text_of(client.get("/"))
    assert said.index("Snart") < said.rindex("Senere")
    assert "Over" not in said


def test_the_front_page_leaves_out_a_cancelled_date(client):
    make_date(make_course("Avlyst kurs"), status=CourseDate.Status.CANCELLED)
    assert "Avlyst kurs" not in text_of(client.get("/"))


def test_an_empty_catalogue_still_has_a_front_page(client):
    response = client.get("/")
    assert response.status_code == 200
    assert "Kurskatalog" in text_of(response)


def test_a_page_says_when_the_copy_was_checked(client):
    now = timezone.localtime()
    make_generation(checked_at=now)
    assert f"Sjekket kl. {now:%H:%M}" in text_of(client.get("/"))
    assert f"Checked at {now:%H:%M}" in text_of(client.get("/en/"))


def test_an_old_check_is_told_with_its_day(client):
    make_generation(checked_at=timezone.make_aware(dt.datetime(2026, 1, 5, 14, 5)))
    assert "Sjekket 5. jan. 2026 kl. 14:05" in text_of(client.get("/"))


def test_the_footer_says_who_the_provider_is(client):
    make_provider(name="Fjordskolen", organisation_number="974760673", phone="22 00 00 00")
    body = client.get("/").content.decode()
    assert "Organisasjonsnummer 974760673" in body
    assert 'href="tel:22000000"' in body


# --- The list of courses ------------------------------------------------------------------------


def test_the_list_has_every_listed_course_and_no_other(client):
    make_course("Synlig")
    make_course("Bedriftsinternt", public=False, kind="corporate")
    make_course("Trukket", withdrawn_at=timezone.now())
    said = text_of(client.get("/kurs/"))
    assert "Synlig" in said
    assert "Bedriftsinternt" not in said
    assert "Trukket" not in said


def test_courses_stand_in_norwegian_alphabetical_order(client):
    titles = ["Ål", "Æresord", "Zoologi", "Østers", "adferd", "Bærekraft"]
    for title in titles:
        make_course(title)
    said = text_of(client.get("/kurs/"))
    in_order = ["adferd", "Bærekraft", "Zoologi", "Æresord", "Østers", "Ål"]
    assert sorted(titles, key=said.index) == in_order


def test_a_course_in_the_list_shows_its_next_dates_and_that_there_are_more(client):
    course = make_course()
    dates = [make_date(course, days=days) for days in (10, 20, 30, 40)]
    body = client.get("/kurs/").content.decode()
    assert [date.get_absolute_url() in body for date in dates] == [True, True, True, False]
    assert "Flere datoer" in body


def test_a_course_without_dates_is_listed_too(client):
    make_course("Motorsag")
    said = text_of(client.get("/kurs/"))
    assert "Motorsag" in said
    assert "Ingen datoer er satt opp" in said


def test_a_long_list_has_several_pages_each_with_its_own_canonical(client):
    for number in range(31):
        make_course(f"Kurs {number:02}")
    second = client.get("/kurs/?page=2").content.decode()
    assert "Kurs 30" in second
    assert '<link rel="canonical" href="http://testserver/kurs/?page=2">' in second
    assert client.get("/kurs/?page=3").status_code == 404
