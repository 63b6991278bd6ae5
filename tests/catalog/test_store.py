"""One date, read by itself before a booking, is stored as a refresh would store it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Course, CourseDate, Gathering, Generation, Obstacle, Product, Removed
from catalog.store import announce_missed, fresh_look, store_one
from catalog.upstream import NetworkInTransaction, open_frontcore
from frontcore import (
    CourseRecord,
    DateRecord,
    GatheringRecord,
    InstructorRecord,
    ProductRecord,
    SeatsRecord,
    VenueRecord,
)
from tests.catalog.running import BOOKABLE, date, run

pytestmark = pytest.mark.django_db

NOW = timezone.now()
EARLIER = NOW - dt.timedelta(minutes=1)


def course_record(**given):
    return CourseRecord(**({"id": 7, "title": "Førstehjelp", "kind": "public"} | given))


def date_record(**given):
    values = {
        "id": 77,
        "course_id": 7,
        "course": course_record(),
        "title": "Førstehjelp",
        "starts_on": dt.date(2031, 3, 1),
        "ends_on": dt.date(2031, 3, 1),
        "seats": SeatsRecord(capacity=12, free=8, booked=4),
        "gatherings": (),
        "instructors": (),
    }
    return DateRecord(**(values | given))


def meeting(number, **given):
    starts_at = dt.datetime(2031, 3, number, 9, tzinfo=dt.UTC)
    return GatheringRecord(**({"id": number, "starts_at": starts_at} | given))


def test_a_date_nobody_knew_is_stored_with_its_course():
    stored = store_one(date_record(), NOW)
    assert (stored.remote_id, stored.course.title, stored.public) == (77, "Førstehjelp", True)
    assert (stored.seats.capacity, stored.seats.free) == (12, 8)


def test_storing_the_same_again_changes_nothing():
    first = store_one(date_record(), EARLIER)
    number = Generation.current().number
    again = store_one(date_record(), NOW)
    assert again.changed_at == first.changed_at
    assert Generation.current().number == number


def test_an_older_answer_never_overwrites_a_newer_one():
    store_one(date_record(reference="new"), NOW)
    store_one(date_record(reference="old", seats=SeatsRecord(capacity=12, free=1)), EARLIER)
    stored = CourseDate.objects.get()
    assert (stored.reference, stored.seats.free) == ("new", 8)


def test_an_older_answer_does_not_undo_a_newer_look_that_found_nothing_new():
    store_one(date_record(), EARLIER - dt.timedelta(minutes=5))
    store_one(date_record(), NOW)  # the same: the row itself is not touched
    store_one(date_record(reference="asked before that", seats=SeatsRecord(free=1)), EARLIER)
    stored = CourseDate.objects.get()
    assert (stored.reference, stored.seats.free) == ("", 8)


def test_a_changed_date_raises_the_generation():
    store_one(date_record(), EARLIER)
    number = Generation.current().number
    store_one(date_record(status_id=3), NOW)
    assert Generation.current().number == number + 1
    assert CourseDate.objects.get().is_cancelled


@pytest.mark.parametrize(
    "given",
    [
        {"is_visible": False},
        {"parent_id": 5},
        {"deleted_at": NOW},
        {"course": course_record(kind="corporate")},
        {"course": course_record(kind="")},
        {"course": course_record(is_active=False)},
    ],
)
def test_what_is_not_for_everyone_is_not_public(given):
    assert not store_one(date_record(**given), NOW).public


CLOSED = [{"is_active": False}, {"kind": "corporate"}]


@pytest.mark.parametrize("told", CLOSED)
def test_a_course_that_closes_stops_the_booking_but_leaves_the_lists_to_the_refresh(told):
    store_one(date_record(), EARLIER)
    store_one(date_record(id=78), EARLIER)
    seen = store_one(date_record(course=course_record(**told)), NOW)
    assert seen.obstacle() == Obstacle.WITHDRAWN
    assert Course.objects.listed().exists()
    assert CourseDate.objects.filter(public=True).count() == 2


def test_a_course_without_its_type_stays_what_it_was():
    store_one(date_record(), EARLIER)
    seen = store_one(date_record(course=course_record(kind="")), NOW)
    assert seen.obstacle() is None
    assert Course.objects.listed().exists()


def test_what_a_look_takes_off_the_lists_is_counted_once():
    store_one(date_record(), EARLIER)
    store_one(date_record(is_visible=False), NOW)
    store_one(date_record(is_visible=False, reference="again"), timezone.now())
    removed = Removed.objects.get()
    assert (removed.kind, removed.remote_id, removed.refresh) == ("date", 77, None)


def test_a_date_without_a_known_course_is_not_stored():
    assert store_one(date_record(course=None), NOW) is None


def test_gatherings_that_are_gone_are_withdrawn_and_those_of_other_dates_stay():
    store_one(date_record(gatherings=(meeting(1), meeting(2))), EARLIER)
    store_one(date_record(id=78, gatherings=(meeting(3),)), EARLIER)
    store_one(date_record(gatherings=(meeting(2),)), NOW)
    gone = Gathering.objects.exclude(withdrawn_at=None)
    assert list(gone.values_list("remote_id", flat=True)) == [1]


def test_an_answer_without_instructors_keeps_those_we_know():
    kari = InstructorRecord(id=9, name="Kari Nordmann")
    store_one(date_record(instructors=(kari,)), EARLIER)
    store_one(date_record(instructors=None, status_id=2), NOW)
    assert str(CourseDate.objects.get().instructors.get()) == "Kari Nordmann"


def test_instructors_who_leave_are_taken_off():
    people = (InstructorRecord(id=9, name="Kari"), InstructorRecord(id=10, name="Ola"))
    store_one(date_record(instructors=people), EARLIER)
    store_one(date_record(instructors=people[1:]), NOW)
    assert str(CourseDate.objects.get().instructors.get()) == "Ola"


def test_the_prices_that_come_with_the_date_are_stored():
    price = {"id": 3, "kind": 2, "course_id": 7, "vat_percent": 25, "is_main": True}
    store_one(date_record(products=(ProductRecord(price=100, **price),)), EARLIER)
    store_one(date_record(products=(ProductRecord(price=120, **price),)), NOW)
    product = Product.objects.get()
    assert (product.price, product.course.remote_id) == (Decimal(120), 7)


def test_values_that_do_not_fit_are_cut_or_left_out():
    venue = VenueRecord(id=4, title="V" * 500, capacity=-3)
    stored = store_one(date_record(venue=venue, reference="r" * 300), NOW)
    assert (len(stored.venue.title), stored.venue.capacity) == (200, None)
    assert len(stored.reference) == 100


def test_entities_and_spaces_of_titles_are_tidied():
    store_one(date_record(course=course_record(title="  H&aelig;lse &amp;  milj&oslash; ")), NOW)
    course = Course.objects.get()
    assert (course.title, course.slug) == ("Hælse & miljø", "haelse-miljo")


def test_what_stands_between_numbers_stays_between_them_in_an_address():
    assert Course.slug_of("Stillas 2–5 meter – G11/G20") == "stillas-2-5-meter-g11-g20"


def test_a_fresh_look_reads_seats_and_state_from_frontcore(simulator):
    run()
    simulator.edit(coursedate=BOOKABLE, set={"status_id": 3, "confirmed": 9})
    with open_frontcore() as api:
        seen = fresh_look(api, date(BOOKABLE))
    assert seen.obstacle() == Obstacle.CANCELLED
    assert seen.seats.free < 13


def test_a_fresh_look_at_a_date_that_is_gone_says_so_but_leaves_the_row_to_the_refresh(simulator):
    run()
    simulator.edit(coursedate=BOOKABLE, remove=True)
    with open_frontcore() as api:
        seen = fresh_look(api, date(BOOKABLE))
    assert seen.obstacle() == Obstacle.WITHDRAWN
    assert date(BOOKABLE).withdrawn_at is None


def test_a_refresh_finds_what_a_fresh_look_stored_unchanged(simulator):
    run()
    with open_frontcore() as api:
        fresh_look(api, date(BOOKABLE))
    done = run()
    assert (done.created, done.changed, done.seats) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_frontcore_is_never_asked_inside_a_transaction(simulator):
    from django.db import transaction

    run()
    with transaction.atomic(), open_frontcore() as api, pytest.raises(NetworkInTransaction):
        fresh_look(api, date(BOOKABLE))


def test_a_switch_that_was_not_announced_is_announced_once_more():
    generation = Generation.current()
    Generation.objects.filter(pk=generation.pk).update(pending=True)
    announce_missed()
    announce_missed()
    generation.refresh_from_db()
    assert (generation.number, generation.pending) == (1, False)
