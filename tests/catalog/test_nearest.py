"""The nearest other date: of five towns, the right one first, and never one that is full."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import CourseDate
from catalog.nearest import date_of, distance_km, nearest, of_same_course
from tests.catalog.test_pages_lists import text_of
from tests.factories import (
    in_days,
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_opening,
    make_place,
    make_venue,
)

pytestmark = pytest.mark.django_db

TOWNS = {  # latitude, longitude, county
    "Oslo": ("59.913900", "10.752200", "Oslo"),
    "Drammen": ("59.743900", "10.204500", "Buskerud"),
    "Skien": ("59.209600", "9.609000", "Telemark"),
    "Bergen": ("60.391300", "5.322100", "Vestland"),
    "Trondheim": ("63.430500", "10.395100", "Trøndelag"),
}


def venue_in(town, **given):
    latitude, longitude, county = TOWNS[town]
    point = {"latitude": Decimal(latitude), "longitude": Decimal(longitude)}
    return make_venue(f"Huset i {town}", city=town, county=county, **(point | given))


@pytest.fixture
def course():
    return make_course("Sveising", categories=[make_category("Industri")])


@pytest.fixture
def full(course):
    """The date looked at: full, in Oslo, in thirty days."""
    return make_date(course, days=30, seats_free=0, venue=venue_in("Oslo"))


def towns(found):
    return [str(other.date.where) for other in found]


# --- The order ------------------------------------------------------------------------------------


def test_the_nearest_town_comes_first_then_the_next(course, full):
    for days, town in enumerate(("Trondheim", "Bergen", "Skien", "Drammen"), start=10):
        make_date(course, days=days, venue=venue_in(town))
    found = nearest(full)
    assert towns(found) == ["Drammen", "Skien", "Bergen", "Trondheim"]
    assert [other.km for other in found] == [36, 101, 305, 391]


def test_at_the_same_distance_the_soonest_comes_first(course, full):
    drammen = venue_in("Drammen")
    later, sooner = (make_date(course, days=days, venue=drammen) for days in (50, 40))
    assert [other.date for other in nearest(full)] == [sooner, later]


def test_the_same_venue_is_nearest_of_all(course, full):
    make_date(course, days=10, venue=venue_in("Drammen"))
    same = make_date(course, days=90, venue=full.venue)
    first = nearest(full)[0]
    assert (first.date, first.km, first.is_same_venue) == (same, 0, True)


def test_the_same_language_and_form_come_before_what_is_nearer(course, full):
    english = make_date(course, venue=venue_in("Drammen"), language="en")
    online = make_date(course, is_virtual=True)
    far = make_date(course, venue=venue_in("Trondheim"))
    assert [other.date for other in nearest(full)] == [far, online, english]


def test_who_looks_at_an_online_date_is_offered_online_dates_first(course):
    online = make_date(course, is_virtual=True, seats_free=0)
    make_date(course, venue=venue_in("Oslo"), days=10)
    other = make_date(course, is_virtual=True, days=60)
    assert nearest(online)[0].date == other


def test_without_coordinates_the_same_town_then_the_same_county_comes_first(course):
    nowhere = {"latitude": None, "longitude": None}
    sem = make_place("Sem", "Vestfold")
    date = make_date(course, seats_free=0, place=sem)
    unknown = make_date(course, days=10, place_note="Avtales")
    elsewhere = make_date(course, days=11, venue=venue_in("Bergen"))
    county = make_date(course, days=12, place=make_place("Tønsberg", "Vestfold"))
    town = make_date(course, days=13, venue=make_venue(city="Sem", county="Vestfold", **nowhere))
    found = [other.date for other in nearest(date)]
    assert found[:2] == [town, county]
    assert set(found[2:]) == {unknown, elsewhere}
    assert {other.km for other in nearest(date)} == {None}


def test_a_date_that_has_its_venue_in_its_gatherings_lies_there(course, full):
    make_date(course, days=10, venue=venue_in("Trondheim"))
    date = make_date(course, days=50, place_note="")
    make_gathering(date, day=1, venue=venue_in("Bergen"))
    make_gathering(date, venue=venue_in("Drammen"))
    assert (nearest(full)[0].date, nearest(full)[0].km) == (date, 36)


# --- What is never offered ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {"seats_free": 0},
        {"closes_on": in_days(-1), "shown_after_deadline": True},
        {"status": CourseDate.Status.CANCELLED},
        {"status": CourseDate.Status.POSTPONED},
        {"days": -1},
        {"withdrawn_at": timezone.now()},
        {"public": False},
    ],
)
def test_nothing_that_cannot_be_booked_is_offered(course, full, given):
    make_date(course, **given)
    make_date(make_course("Lodding", categories=course.categories.all()), **given)
    assert nearest(full) == []


def test_a_date_that_has_started_this_very_day_is_not_offered(course, full):
    make_date(course, days=0, start_time=dt.time(0))
    assert nearest(full) == []


def test_a_date_that_has_not_opened_is_not_offered(course, full):
    make_opening(make_date(course), timezone.now() + dt.timedelta(hours=1))
    assert nearest(full) == []


def test_unknown_seats_are_not_full(course, full):
    date = make_date(course, seats=False)
    assert [other.date for other in nearest(full)] == [date]


def test_a_group_is_offered_what_has_room_for_all_of_it(course, full):
    make_date(course, seats_free=2)
    roomy = make_date(course, seats_free=6, days=80)
    assert [other.date for other in of_same_course(full, participants=3)] == [roomy]


# --- Courses like it ------------------------------------------------------------------------------


def test_courses_like_it_come_after_the_course_itself_and_are_marked(course, full):
    like_it = make_course("Lodding", categories=course.categories.all())
    near = make_date(like_it, venue=full.venue, days=5)
    far = make_date(course, venue=venue_in("Trondheim"), days=80)
    make_date(make_course("Kake"), venue=full.venue)
    found = nearest(full)
    assert [(other.date, other.is_alike) for other in found] == [(far, False), (near, True)]


def test_of_each_course_like_it_only_the_nearest_date_is_offered(course, full):
    like_it = make_course("Lodding", categories=course.categories.all())
    make_date(like_it, venue=venue_in("Bergen"))
    near = make_date(like_it, venue=venue_in("Drammen"))
    assert [other.date for other in nearest(full)] == [near]


def test_instead_of_a_course_that_is_gone_the_nearest_to_where_it_was(course):
    now = timezone.now()
    make_date(course, venue=venue_in("Bergen"), days=-3)
    make_date(course, venue=venue_in("Oslo"), days=9, withdrawn_at=now)
    for town in ("Bergen", "Drammen"):
        like_it = make_course(f"Lodding i {town}", categories=course.categories.all())
        make_date(like_it, venue=venue_in(town))
    course.withdrawn_at = now
    course.save()
    assert towns(nearest(date_of(course))) == ["Drammen", "Bergen"]


def test_a_course_that_never_had_a_date_still_leads_to_those_like_it(course):
    like_it = make_course("Lodding", categories=course.categories.all())
    date = make_date(like_it)
    assert [other.date for other in nearest(date_of(course))] == [date]


# --- Where it is offered --------------------------------------------------------------------------


def test_it_is_offered_with_its_distance_on_the_page_of_the_date(client, course, full):
    make_date(course, venue=venue_in("Drammen"))
    said = text_of(client.get(full.get_absolute_url()))
    assert "36 km unna" in said


@pytest.mark.parametrize(
    "given",
    [
        {"status": CourseDate.Status.CANCELLED},
        {"status": CourseDate.Status.POSTPONED},
        {"closes_on": in_days(-1)},
        {"days": -3},
        {"withdrawn_at": timezone.now()},
    ],
)
def test_it_is_offered_whatever_is_in_the_way(client, course, given):
    date = make_date(course, venue=venue_in("Oslo"), **given)
    other = make_date(course, venue=venue_in("Bergen"))
    form = reverse("book", args=[date.remote_id])
    for page in (date.get_absolute_url(), form):
        response = client.get(page)
        assert "305 km unna" in text_of(response), page
        assert other.get_absolute_url() in response.content.decode()


def test_a_date_that_can_be_booked_offers_no_other_place(client, course):
    date = make_date(course, venue=venue_in("Oslo"))
    make_date(course, venue=venue_in("Bergen"))
    assert "km unna" not in text_of(client.get(date.get_absolute_url()))


def test_the_form_of_a_full_date_tells_how_far_the_others_are(client, course, full):
    make_date(course, venue=venue_in("Drammen"))
    assert "36 km unna" in text_of(client.get(reverse("book", args=[full.remote_id])))


def test_the_number_of_queries_does_not_grow(course, full, django_assert_num_queries):
    for number in range(5):
        like_it = make_course(f"Lodding {number}", categories=course.categories.all())
        for days in range(1, 8):
            make_date(like_it, days=days, venue=venue_in("Drammen"))
    full = CourseDate.objects.with_where().select_related("course").get(pk=full.pk)
    with django_assert_num_queries(3):
        assert len(nearest(full)) == 4
    for days in range(1, 30):
        make_gathering(make_date(course, days=days), venue=venue_in("Skien"))
    with django_assert_num_queries(2):
        assert len(nearest(full)) == 4


def test_distances_are_those_of_the_map():
    oslo, bergen = ((float(TOWNS[town][0]), float(TOWNS[town][1])) for town in ("Oslo", "Bergen"))
    assert distance_km(oslo, bergen) == pytest.approx(305, abs=2)
    assert distance_km(oslo, oslo) == 0
