"""Who teaches: a page each, with the dates ahead (r4), and a list of them all."""

import pytest
from django.utils import timezone

from catalog import timetable
from catalog.models import Copied, CourseDate, Instructor
from tests.catalog.test_pages_lists import text_of
from tests.factories import (
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_instructor,
    make_product,
    make_provider,
    make_venue,
)

pytestmark = pytest.mark.django_db

LIST = "/instruktorer/"


def page_of(client, person):
    return client.get(person.get_absolute_url())


def said_of(client, person):
    return text_of(page_of(client, person))


def body_of(client, address):
    return client.get(address).content.decode()


# --- Addresses ----------------------------------------------------------------------------------


def test_the_address_has_the_id_and_the_name_in_plain_letters(client):
    person = make_instructor("Åse Bjørnstad", remote_id=7)
    make_date(instructors=[person])
    assert person.get_absolute_url() == "/instruktorer/7-ase-bjornstad/"
    assert page_of(client, person).status_code == 200
    assert client.get("/en/instructors/7-ase-bjornstad/").status_code == 200


def test_a_wrong_name_leads_to_the_right_address(client):
    make_date(instructors=[make_instructor("Åse Bjørnstad", remote_id=7)])
    response = client.get("/instruktorer/7-ase-hansen/?page=1")
    assert response.status_code == 301
    assert response.headers["Location"] == "/instruktorer/7-ase-bjornstad/?page=1"


def test_nobody_is_found_by_an_unknown_id(client):
    assert client.get("/instruktorer/7-ase-bjornstad/").status_code == 404


def test_who_teaches_closed_courses_only_has_no_page(client):
    """In-house dates, dates of hidden courses, and no date at all."""
    inside, hidden, idle = (make_instructor(name) for name in ("A", "B", "C"))
    make_date(public=False, instructors=[inside])
    make_date(make_course(public=False), instructors=[hidden])
    assert {page_of(client, person).status_code for person in (inside, hidden, idle)} == {404}
    assert "/instruktorer/" not in body_of(client, LIST).split("<main")[1].split("</main")[0]


def test_where_instructors_are_hidden_there_is_no_page_and_no_way_to_one(client, settings):
    person = make_instructor()
    make_date(instructors=[person])
    settings.SHOW_INSTRUCTORS = False
    assert page_of(client, person).status_code == 404
    assert client.get(LIST).status_code == 404
    assert "/instruktorer/" not in body_of(client, "/")


# --- What the page says -------------------------------------------------------------------------


def test_name_position_and_dates_ahead(client):
    person = make_instructor("Kari Nordmann", position="Fagleder elektro")
    make_date(make_course("Sveising"), days=4, instructors=[person])
    make_date(make_course("Med en annen"), instructors=[make_instructor("Ola")])
    make_date(make_course("I fjor"), days=-300, instructors=[person])
    said = said_of(client, person).split("Har også holdt")[0]
    assert all(each in said for each in ("Kari Nordmann", "Fagleder elektro", "Sveising"))
    assert "Meld på" in said
    assert "Med en annen" not in said
    assert "I fjor" not in said


def test_dates_stand_under_their_course_the_course_that_is_held_first_before_the_others(client):
    person, later, first = make_instructor(), make_course("A-kurs"), make_course("B-kurs")
    for course, days in ((later, 9), (first, 3), (first, 20)):
        make_date(course, days=days, instructors=[person])
    body = page_of(client, person).content.decode()
    assert body.count("A-kurs</a></h2>") == body.count("B-kurs</a></h2>") == 1
    assert body.index("B-kurs</a></h2>") < body.index("A-kurs</a></h2>")


def test_of_many_dates_of_a_course_the_first_few_are_shown_at_once(client):
    person, course = make_instructor(), make_course()
    for days in range(1, 4):
        make_date(course, days=days, instructors=[person])
    assert "<details" not in page_of(client, person).content.decode()
    make_date(course, days=5, instructors=[person])
    assert "2 datoer til" in said_of(client, person)


def test_a_cancelled_date_says_so(client):
    person = make_instructor()
    make_date(instructors=[person], status=CourseDate.Status.CANCELLED)
    assert "Avlyst" in said_of(client, person)


def test_a_date_that_is_withdrawn_is_gone_from_the_page(client):
    person = make_instructor()
    make_date(instructors=[person])
    make_date(make_course("Borte"), instructors=[person], withdrawn_at=timezone.now())
    assert "Borte" not in said_of(client, person).split("Har også holdt")[0]


def test_what_they_have_taught_is_named_once_and_only_where_it_is_still_offered(client):
    person, course = make_instructor(), make_course("Sveising")
    make_date(course, days=-20, instructors=[person])
    make_date(course, days=-10, instructors=[person])
    make_date(make_course("Borte", withdrawn_at=timezone.now()), days=-9, instructors=[person])
    make_date(make_course("Lukket"), days=-9, instructors=[person], public=False)
    make_date(make_course("Nå"), instructors=[person])
    taught = said_of(client, person).split("Har også holdt")[1]
    assert taught.count("Sveising") == 1
    assert "Borte" not in taught
    assert "Lukket" not in taught
    assert "Nå" not in taught.split("Kontakt")[0]


def test_without_dates_it_says_so_shows_a_way_on_and_is_not_indexed(client):
    person = make_instructor("Kari")
    make_date(make_course("Sveising"), days=-20, instructors=[person])
    response = page_of(client, person)
    assert "ikke satt opp noen datoer med Kari" in text_of(response)
    assert 'href="/kalender/"' in response.content.decode().split("<main")[1].split("</main")[0]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    make_date(instructors=[person])
    assert "noindex" not in page_of(client, person).content.decode()


def test_nothing_but_name_and_position_is_told():
    """There is no column that could hold more."""
    own = {field.name for field in Instructor._meta.fields}
    assert own - {field.name for field in Copied._meta.fields} == {"id", "name", "position"}


def test_many_dates_are_cut_into_pages(client, monkeypatch):
    monkeypatch.setattr("catalog.views.pages.DATES_ON_PAGE", 3)
    person = make_instructor()
    for days in range(1, 6):
        make_date(make_course(f"Kurs {days}"), days=days, instructors=[person])
    address = person.get_absolute_url()
    assert "Kurs 4" not in body_of(client, address)
    assert "Kurs 4" in body_of(client, f"{address}?page=2")
    assert client.get(f"{address}?page=3").status_code == 404


# --- The list of all ----------------------------------------------------------------------------


def test_everyone_with_dates_ahead_is_listed_by_name_in_norwegian_order(client):
    for name in ("Åse", "Ærlig", "Zoe", "Anne"):
        make_date(instructors=[make_instructor(name)])
    make_date(days=-3, instructors=[make_instructor("Sluttet")])
    said = text_of(client.get(LIST))
    order = [said.index(name) for name in ("Anne", "Zoe", "Ærlig", "Åse")]
    assert order == sorted(order)
    assert "Sluttet" not in said
    assert "1 kommende dato" in said


def test_the_list_is_found_from_every_page(client):
    assert f'href="{LIST}"' in body_of(client, "/kalender/")
    assert 'href="/en/instructors/"' in body_of(client, "/en/calendar/")


def test_an_empty_list_is_a_page_too(client):
    response = client.get(LIST)
    assert response.status_code == 200
    assert "noindex" in response.content.decode()


# --- In few questions ---------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "queries"), [("person", 9), (LIST, 3)])
def test_the_number_of_questions_does_not_grow(client, django_assert_num_queries, page, queries):
    make_provider()
    make_generation()
    person = make_instructor()
    for _ in range(2):
        for number in range(3):
            course = make_course(f"Kurs {number}")
            make_product(course)
            date = make_date(course, days=2 + number, venue=make_venue(), instructors=[person])
            make_gathering(date, venue=make_venue(), instructors=[person])
            make_date(make_course(), days=-5, instructors=[person, make_instructor()])
            make_date(instructors=[make_instructor()])
        address = person.get_absolute_url() if page == "person" else page
        timetable.forget()
        timetable.current()
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_who_teaches_a_gathering_only_has_a_page_with_that_date(client):
    person = make_instructor("Ola Røyk")
    date = make_date()
    make_gathering(date, instructors=[person])
    page = client.get(person.get_absolute_url())
    assert page.status_code == 200
    assert date.get_absolute_url() in page.content.decode()
