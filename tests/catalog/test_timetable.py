"""What is on offer, filed once for each generation, and found by what a visitor chooses."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import timetable
from catalog.models import CourseDate, Generation
from catalog.search import documents
from catalog.selection import Selection
from catalog.store import announce
from catalog.timetable import COURSES, DATES
from tests.factories import (
    in_days,
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_instructor,
    make_level,
    make_place,
    make_venue,
)

pytestmark = pytest.mark.django_db


def dates(**choices):
    found = timetable.current().dates_found(Selection(**choices))
    return [CourseDate.objects.get(pk=pk) for pk in found]


def courses(**choices):
    return timetable.current().courses_found(Selection(**choices))


def counts(kind, what=DATES, **choices):
    return timetable.current().counts(Selection(**choices), what, kind)


# --- Where, how and by whom ---------------------------------------------------------------------


def test_a_county_holds_the_dates_of_its_towns():
    sem = make_date(place=make_place("Sem", "Vestfold"))
    horten = make_date(place=make_place("Horten", "Vestfold"))
    make_date(place=make_place("Bergen", "Vestland"))
    assert set(dates(place=("vestfold",))) == {sem, horten}
    assert dates(place=("vestfold.sem",)) == [sem]
    assert counts("place") == {
        "vestfold": 2,
        "vestfold.sem": 1,
        "vestfold.horten": 1,
        "vestland": 1,
        "vestland.bergen": 1,
    }
    assert timetable.current().above["place"]["vestfold.sem"] == "vestfold"
    assert timetable.current().labels["place"]["vestfold.sem"] == "Sem"


def test_a_town_that_is_its_own_county_is_one_choice():
    make_date(place=make_place("Oslo", "Oslo"))
    assert counts("place") == {"oslo": 1}


def test_a_date_without_a_place_is_found_by_the_towns_of_its_venues():
    by_venue = make_date(place=None, venue=make_venue(city="Tromsø", county="Troms"))
    by_meetings = make_date(place=None)
    make_gathering(by_meetings, venue=make_venue(city="Ålesund", county="Møre og Romsdal"))
    make_gathering(by_meetings, day=7, venue=make_venue(city="Molde", county="Møre og Romsdal"))
    assert dates(place=("troms.tromso",)) == [by_venue]
    assert dates(place=("more-og-romsdal.molde",)) == [by_meetings]
    assert counts("place")["more-og-romsdal"] == 1


def test_an_online_date_is_in_no_town():
    make_date(is_virtual=True, place=make_place())
    assert counts("place") == {}


@pytest.mark.parametrize(
    ("is_virtual", "rooms", "form"),
    [
        (False, [], "classroom"),
        (False, [False], "classroom"),
        (True, [], "online"),
        (False, [True], "online"),
        (False, [True, False], "hybrid"),
        (True, [False], "hybrid"),
    ],
)
def test_the_form_is_told_by_the_date_and_the_rooms_it_meets_in(is_virtual, rooms, form):
    date = make_date(place=None, is_virtual=is_virtual)
    for day, online in enumerate(rooms):
        make_gathering(date, day=day, venue=make_venue(is_virtual=online))
    assert counts("form") == {form: 1}
    assert CourseDate.objects.with_where().get().form == form


def test_a_category_above_holds_what_lies_in_those_under_it():
    safety = make_category("HMS")
    fire = make_category("Brannvern", parent=safety)
    hot_work = make_category("Varme arbeider", parent=fire)
    make_date(make_course("Slokking", categories=[hot_work]))
    make_date(make_course("Verneombud", categories=[safety]))
    assert counts("category") == {
        safety.remote_id: 2,
        fire.remote_id: 1,
        hot_work.remote_id: 1,
    }


def test_categories_in_a_circle_do_not_hang():
    one, other = make_category("A"), make_category("B")
    one.parent, other.parent = other, one
    one.save(), other.save()
    make_date(make_course(categories=[one]))
    assert counts("category") == {one.remote_id: 1, other.remote_id: 1}


def test_dates_are_found_by_level_language_instructor_and_month():
    kari = make_instructor("Kari Nordmann")
    level = make_level("Videregående")
    date = make_date(make_course(level=level), language="en", instructors=[kari])
    make_date(days=400)
    assert dates(level=(level.remote_id,)) == [date]
    assert dates(language=("en",)) == [date]
    assert dates(instructor=(kari.remote_id,)) == [date]
    assert dates(month=(f"{date.starts_on:%Y-%m}",)) == [date]
    assert timetable.current().labels["instructor"] == {kari.remote_id: "Kari Nordmann"}


def test_the_first_and_the_last_day_of_a_range_belong_to_it():
    early, middle, late = make_date(days=3), make_date(days=5), make_date(days=9)
    assert dates(since=in_days(5)) == [middle, late]
    assert dates(until=in_days(5)) == [early, middle]
    assert dates(since=in_days(5), until=in_days(5)) == [middle]
    assert dates(since=in_days(9), until=in_days(3)) == []


@pytest.mark.parametrize(
    ("given", "is_free"),
    [
        ({"seats_free": 1}, True),
        ({"seats_free": 0}, False),
        ({"seats": False}, True),  # unknown is not full
        ({"seats_free": 0, "capacity": 0}, True),
        ({"status": CourseDate.Status.CANCELLED}, False),
        ({"status": CourseDate.Status.POSTPONED}, False),
        ({"closes_on": in_days(-1), "shown_after_deadline": True}, False),
    ],
)
def test_only_what_can_be_booked_has_free_seats(given, is_free):
    date = make_date(**given)
    assert (dates(free=True) == [date]) == is_free
    assert (CourseDate.objects.with_free_seats().filter(pk=date.pk).exists()) == (
        not date.known_seats.is_full
    )


def test_only_what_certainly_runs_is_sure():
    runs = make_date(status=CourseDate.Status.WILL_RUN)
    make_date(status=CourseDate.Status.TO_BE_CONFIRMED)
    make_date(status=None)
    assert dates(sure=True) == [runs]


# --- Several choices ----------------------------------------------------------------------------


def test_choices_of_a_kind_widen_and_further_kinds_narrow():
    oslo, bergen = make_place("Oslo", "Oslo"), make_place("Bergen", "Vestland")
    in_oslo, in_bergen = make_date(place=oslo), make_date(place=bergen)
    full = make_date(place=bergen, seats_free=0)
    assert dates(place=("oslo", "vestland")) == [in_oslo, in_bergen, full]
    assert dates(place=("oslo", "vestland"), free=True) == [in_oslo, in_bergen]


def test_counts_say_what_one_more_choice_will_give():
    oslo, bergen = make_place("Oslo", "Oslo"), make_place("Bergen", "Vestland")
    make_date(place=oslo, language="no")
    make_date(place=bergen, language="en")
    make_date(place=bergen, language="no")
    within_english = counts("place", language=("en",))
    assert within_english == {"oslo": 0, "vestland": 1, "vestland.bergen": 1}
    assert counts("place", place=("oslo",)) == counts("place"), "its own kind does not narrow"
    for value, hits in within_english.items():
        assert len(dates(place=(value,), language=("en",))) == hits


def test_courses_are_counted_once_however_many_dates_they_have():
    course = make_course("Truck")
    make_date(course), make_date(course, days=40)
    make_date(make_course("Stillas"))
    assert counts("place", COURSES) == {"oslo": 2}
    assert timetable.current().number(Selection(), COURSES) == 2
    assert timetable.current().number(Selection(), DATES) == 3


# --- Courses without dates ----------------------------------------------------------------------


def test_a_course_without_dates_is_found_by_what_it_is_itself():
    category = make_category("Nettkurs")
    course = make_course("Selvstudium", categories=[category], language="en")
    make_date(make_course("Truck"))
    assert courses(category=(category.remote_id,)) == [course.pk]
    assert courses(language=("en",)) == [course.pk]
    assert course.pk in courses()
    assert course.pk not in courses(place=("oslo",))
    assert course.pk not in courses(since=in_days(0))
    assert counts("category") == {category.remote_id: 0}, "it has no date to count"


def test_a_course_whose_only_date_is_cancelled_counts_as_one_without():
    course = make_course("Truck")
    cancelled = make_date(course, status=CourseDate.Status.CANCELLED)
    assert dates() == [cancelled]
    assert courses() == [course.pk]
    assert courses(place=("oslo",)) == []


def test_courses_come_in_norwegian_order():
    names = ["Åpning", "Ørsta", "Ære", "zen", "Arbeid"]
    made = {name: make_course(name).pk for name in names}
    assert courses() == [made[name] for name in ["Arbeid", "zen", "Ære", "Ørsta", "Åpning"]]


def test_words_are_one_more_narrowing_choice():
    truck = make_course("Truck")
    make_date(truck, language="en")
    make_date(make_course("Stillas"))
    assert courses(q="truck") == [truck.pk]
    assert courses(q="truck", language=("no",)) == []
    assert len(dates(q="truck")) == 1


def test_nothing_of_a_withdrawn_or_hidden_course_is_filed():
    hidden = make_course(public=False)
    make_date(hidden)
    make_date(make_course(withdrawn_at=timezone.now()))
    make_date(public=False)
    assert timetable.current().number(Selection(), DATES) == 0
    assert counts("place") == {}


def test_an_empty_school_has_a_timetable():
    assert dates() == []
    assert courses() == []
    assert timetable.current().number(Selection(free=True), COURSES) == 0


def make_whole_date():
    """A date whose course, place, venues and people are all new."""
    above = make_category("HMS")
    course = make_course(level=make_level(), categories=[make_category(parent=above)])
    given = {"place": make_place(), "venue": make_venue(), "instructors": [make_instructor()]}
    date = make_date(course, lasts=3, **given)
    for day in (0, 2):
        make_gathering(date, day=day, venue=make_venue(), instructors=[make_instructor()])
    return date


class Meanwhile:
    """Lets a whole date come on air right before the query of that number."""

    def __init__(self, number):
        self.number, self.asked, self.is_done = number, 0, False

    def __call__(self, execute, sql, params, many, context):
        if self.asked == self.number and not self.is_done:
            self.is_done = True
            make_whole_date()
        elif not self.is_done:
            self.asked += 1
        return execute(sql, params, many, context)


@pytest.mark.parametrize("made", [timetable.current, documents.catch_up])
def test_a_refresh_that_goes_on_air_between_two_of_its_queries_breaks_nothing(made):
    make_whole_date()
    queries = len(queries_of(made))
    assert queries > 8
    for number in range(queries):
        with connection.execute_wrapper(Meanwhile(number)):
            made()


# --- Once for each generation -------------------------------------------------------------------


def queries_of(call):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        call()
    return [query["sql"] for query in asked]


def test_it_is_made_once_for_each_generation():
    make_generation()
    make_date()
    assert len(dates()) == 1
    assert len(queries_of(timetable.current)) == 1, "but for the number of the generation"
    make_date()
    assert len(dates()) == 1, "a change nobody has announced"
    announce()
    assert len(dates()) == 2


def test_another_process_finds_it_in_the_shared_cache():
    make_generation()
    make_date()
    timetable.current()
    timetable.forget()  # as a process that has just started
    asked = queries_of(timetable.current)
    assert len(asked) == 1
    assert "coursedate" not in asked[0]


def test_a_new_day_has_a_timetable_of_its_own(time_machine):
    make_generation()
    make_date(days=0)
    assert len(dates()) == 1
    time_machine.move_to(timezone.now() + dt.timedelta(days=1))
    assert dates() == []


def test_before_the_first_refresh_nothing_is_kept():
    assert not Generation.objects.exists()
    assert dates() == []
    make_date()
    assert len(dates()) == 1


def test_without_a_shared_cache_it_is_made_and_right(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    make_generation()
    make_date()
    cache.clear()
    assert len(dates()) == 1
