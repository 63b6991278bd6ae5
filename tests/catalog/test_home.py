"""The front page: search, the months ahead, the next dates, subjects."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from catalog import timetable
from catalog.almanac import A_DAY, later, months_ahead
from catalog.models import CourseDate
from tests.catalog.test_pages_lists import text_of
from tests.factories import (
    in_days,
    make_category,
    make_course,
    make_date,
    make_generation,
    make_provider,
)

pytestmark = pytest.mark.django_db


def first_of_month(months_ahead):
    return later(timezone.localdate(), months_ahead)


def strokes(month):
    """The days of a month that have a stroke, and how high each is."""
    found = re.findall(r"M(\d+) \d+v-(\d+)", month.notches)
    return {int(x) // A_DAY + 1: int(height) for x, height in found}


def test_the_search_stands_in_the_opening_and_works_without_script(client):
    page = client.get("/").content.decode()
    form = re.search(r"<form[^>]*role=\"search\".*?</form>", page, re.DOTALL)[0]
    assert 'method="get"' in form
    assert 'action="/kurs/"' in form
    assert 'name="q"' in form


def test_each_day_on_which_something_starts_is_a_stroke_higher_where_more_starts():
    month = first_of_month(1)
    make_date(make_course("Ett"), starts_on=month.replace(day=3))
    for title in ("To", "Tre"):
        make_date(make_course(title), starts_on=month.replace(day=17))
    ahead = months_ahead(timetable.current())
    assert ahead[0].first == month
    assert ahead[0].dates == 3
    drawn = strokes(ahead[0])
    assert set(drawn) == {3, 17}
    assert drawn[17] > drawn[3]


def test_the_stick_is_a_year_long_and_keeps_months_without_dates(client):
    make_date(starts_on=first_of_month(1))
    make_date(starts_on=first_of_month(5))
    make_date(starts_on=first_of_month(30))
    ahead = months_ahead(timetable.current())
    assert [month.first for month in ahead] == [first_of_month(n) for n in range(1, 13)]
    assert [month.dates for month in ahead] == [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]


def test_cancelled_dates_are_neither_drawn_nor_counted_nor_among_the_next(client):
    make_date(make_course("Avlyst"), days=20, status=CourseDate.Status.CANCELLED)
    make_date(make_course("Holdes"), days=21)
    assert sum(month.dates for month in months_ahead(timetable.current())) == 1
    said = text_of(client.get("/"))
    assert "1 kommende dato" in said
    assert "Avlyst" not in said


def test_a_month_with_dates_is_a_link_to_it_and_one_without_is_none(client):
    make_date(starts_on=first_of_month(1))
    make_date(starts_on=first_of_month(3))
    page = client.get("/").content.decode()
    addresses = re.findall(r'href="/kalender/(\d+)/(\d+)/"', page)
    months = [dt.date(int(year), int(month), 1) for year, month in addresses]
    assert months == [first_of_month(1), first_of_month(3)]


def test_the_next_dates_are_the_soonest_and_few(client):
    for days in range(40, 60):
        make_date(make_course(f"Kurs {days}"), days=days)
    said = text_of(client.get("/"))
    assert "Kurs 40" in said
    assert "Kurs 45" in said
    assert "Kurs 46" not in said


def test_the_leaf_shows_the_next_date_that_can_be_booked(client):
    make_date(make_course("Utsatt"), days=3, status=CourseDate.Status.POSTPONED)
    make_date(make_course("Åpent"), days=4)
    page = client.get("/").content.decode()
    opening = page[page.index('class="hero"') : page.index('id="next-dates"')]
    assert "Åpent" in opening
    assert "Utsatt" not in opening
    day = in_days(4).day
    assert 'leaf--paper" aria-hidden="true"><span class="leaf-weekday">' in opening
    assert f'<span class="leaf-day">{day}</span>' in opening


def test_subjects_lead_to_their_pages_with_the_number_of_their_courses(client):
    inner = make_category("Truck", parent=make_category("Løft"))
    make_course("Truck T1", categories=[inner])
    make_course("Kran", categories=[inner.parent])
    make_category("Tomt")
    page = client.get("/")
    subjects = page.text[page.text.index('class="subjects"') :]
    found = re.findall(
        r'<a href="([^"]+)"><span>([^<]+)</span> <span class="subjects-count">(\d+)', subjects
    )
    assert [(label, number) for _address, label, number in found] == [("Løft", "2")]
    assert client.get(found[0][0]).status_code == 200


def test_a_school_without_dates_has_a_front_page_all_the_same(client):
    make_generation()
    make_provider(phone="", email="")
    said = text_of(client.get("/"))
    assert "Det er ikke satt opp noen datoer nå" in said
    assert "Søk" in said
