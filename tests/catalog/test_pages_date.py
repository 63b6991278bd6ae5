"""The page of one date."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog.models import CourseDate
from tests.catalog.test_pages_lists import text_of
from tests.factories import in_days, make_category, make_course, make_date, make_gathering

pytestmark = pytest.mark.django_db


def test_a_date_has_a_page_whose_canonical_is_the_course(client):
    course = make_course("Sveising", remote_id=7)
    date = make_date(course, remote_id=90)
    assert date.get_absolute_url() == "/kurs/7-sveising/dato/90/"
    body = client.get(date.get_absolute_url()).content.decode()
    assert '<link rel="canonical" href="http://testserver/kurs/7-sveising/">' in body
    assert client.get("/en/courses/7-sveising/date/90/").status_code == 200


def test_a_wrong_slug_leads_to_the_right_address(client):
    date = make_date(make_course("Sveising", remote_id=7), remote_id=90)
    response = client.get("/kurs/7-noe-annet/dato/90/")
    assert response.status_code == 301
    assert response.headers["Location"] == date.get_absolute_url()


def test_a_date_under_another_course_is_not_found(client):
    date = make_date(make_course("Sveising", remote_id=7))
    make_course("Truck", remote_id=8)
    assert client.get(f"/kurs/8-truck/dato/{date.remote_id}/").status_code == 404


def test_a_date_of_a_course_that_is_not_public_is_not_found(client):
    date = make_date(make_course(public=False))
    assert client.get(date.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"status": CourseDate.Status.CANCELLED}, "Denne datoen er avlyst."),
        ({"status": CourseDate.Status.POSTPONED}, "Denne datoen er utsatt"),
        ({"days": -2}, "Denne datoen har allerede startet."),
        ({"closes_on": in_days(-1)}, "Påmeldingsfristen er ute."),
        ({"withdrawn_at": timezone.now()}, "Denne datoen tilbys ikke lenger."),
    ],
)
def test_a_date_that_cannot_be_booked_says_why_and_offers_others(client, given, reason):
    course = make_course()
    date = make_date(course, **given)
    other = make_date(course, days=40)
    cancelled = make_date(course, days=41, status=CourseDate.Status.CANCELLED)
    response = client.get(date.get_absolute_url())
    body = response.content.decode()
    assert response.status_code == 200
    assert reason in text_of(response)
    assert other.get_absolute_url() in body
    assert cancelled.get_absolute_url() not in body


def test_a_cancelled_date_without_other_dates_offers_courses_like_it(client):
    category = make_category()
    course = make_course("Sveising", categories=[category])
    date = make_date(course, status=CourseDate.Status.CANCELLED)
    like_it = make_course("Lodding", categories=[category])
    make_date(like_it)
    body = client.get(date.get_absolute_url()).content.decode()
    assert like_it.get_absolute_url() in body


def test_the_last_day_to_book_is_among_the_facts(client):
    last = dt.date(timezone.localdate().year + 1, 11, 15)
    date = make_date(starts_on=last + dt.timedelta(days=6), closes_on=last)
    said = text_of(client.get(date.get_absolute_url()))
    assert "Påmeldingsfrist" in said
    assert f"15. november {last.year}" in said


def test_a_date_stays_bookable_to_the_end_of_its_last_day(client):
    assert make_date(closes_on=in_days(0)).offer == "book"


def test_a_date_that_can_be_booked_gives_no_reason_against_it(client):
    date = make_date()
    response = client.get(date.get_absolute_url())
    assert "notice--bad" not in response.content.decode()
    assert date.offer == "book"


def test_the_gatherings_of_the_date_are_all_there(client):
    date = make_date(lasts=15)
    for day in (0, 7, 14):
        make_gathering(date, day=day, theme=f"Tema {day}")
    said = text_of(client.get(date.get_absolute_url()))
    assert all(theme in said for theme in ("3 samlinger", "Tema 0", "Tema 7", "Tema 14"))


def test_a_date_of_a_withdrawn_course_cannot_be_booked(client):
    date = make_date(make_course(withdrawn_at=timezone.now()))
    response = client.get(date.get_absolute_url())
    assert response.status_code == 200
    assert "Denne datoen tilbys ikke lenger." in text_of(response)
    assert not date.offer
