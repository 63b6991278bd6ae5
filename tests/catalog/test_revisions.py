"""What calendars are told carries a number that rises with what is said, and with nothing else."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog import revisions
from catalog.models import Course, CourseDate, CourseText, Gathering
from catalog.shape import Row
from catalog.write import write_details
from tests.catalog.running import BOOKABLE, date, run
from tests.factories import (
    make_course,
    make_date,
    make_gathering,
    make_place,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

IN_GATHERINGS = 13100015  # a date of four gatherings


def numbers():
    """The number of every entry, by kind and id."""
    dates = CourseDate.objects.values_list("remote_id", "sequence")
    meetings = Gathering.objects.values_list("remote_id", "sequence")
    return {("date", *row) for row in dates} | {("gathering", *row) for row in meetings}


def stamps():
    """Which form every entry is, as calendars are told."""
    rows = [*CourseDate.objects.all(), *Gathering.objects.all()]
    return {(type(row), row.remote_id, row.sequence, row.entry_changed_at) for row in rows}


# --- Through a real refresh -----------------------------------------------------------------


def test_what_is_new_has_the_number_nought_and_keeps_it_while_nothing_changes(simulator):
    run()
    before = numbers()
    assert {number for _, _, number in before} == {0}
    run()
    assert numbers() == before


def test_a_change_that_no_calendar_shows_gives_no_new_number_and_no_new_moment(simulator):
    run()
    before = stamps()
    simulator.edit(coursedate=BOOKABLE, set={"reference": "KURS-1", "confirmed": 5})
    run()
    assert date(BOOKABLE).reference == "KURS-1"
    assert stamps() == before


def test_a_date_that_moves_gets_the_next_number_and_no_other_does(simulator):
    run()
    before, stamped = numbers(), date(BOOKABLE).entry_changed_at
    simulator.edit(coursedate=BOOKABLE, set={"start_time_at": "10:30:00"})
    run()
    met = date(BOOKABLE).gatherings.values_list("remote_id", flat=True)
    its_own = {("date", BOOKABLE, 1), *(("gathering", each, 1) for each in met)}
    assert numbers() - before == its_own
    assert date(BOOKABLE).entry_changed_at > stamped


def test_a_date_that_leaves_and_comes_back_is_told_of_anew_each_time(simulator):
    run()
    found = []
    for change in ({"is_visible": False}, {"is_visible": True}, {"status_id": 3}, {"status_id": 2}):
        simulator.edit(coursedate=BOOKABLE, set=change)
        run()
        found.append(date(BOOKABLE).sequence)
    assert found == [1, 2, 3, 4]


def test_a_date_that_is_gone_gets_the_next_number(simulator):
    run()
    simulator.edit(coursedates=[BOOKABLE], remove=True)
    run()
    assert date(BOOKABLE).withdrawn_at
    assert date(BOOKABLE).sequence == 1


def test_a_course_that_closes_renumbers_its_dates_and_no_others(whole_school):
    run()
    before, course = numbers(), date(BOOKABLE).course
    whole_school.edit(course=course.remote_id, set={"type": "corporate"})
    run("lists")
    run()
    its_own = set(course.dates.values_list("remote_id", flat=True))
    changed = {row[1] for row in numbers() - before if row[0] == "date"}
    assert BOOKABLE in changed <= its_own


def test_what_was_never_noted_is_caught_up_with(simulator):
    run()
    CourseDate.objects.update(entry_hash="", stamped_at=None)
    Gathering.objects.update(entry_hash="", stamped_at=None, told_apart=False)
    revisions.begin()
    assert date(IN_GATHERINGS).gatherings.filter(told_apart=True).count() == 4
    simulator.edit(coursedate=BOOKABLE, set={"start_time_at": "10:30:00"})
    run()
    assert date(BOOKABLE).sequence == 1


# --- Each thing that an entry says ----------------------------------------------------------


@pytest.fixture
def noted():
    """A date of two gatherings and one of none, in one course; and one of another course."""
    long_ago = timezone.now() - dt.timedelta(days=9)
    of = {"changed_at": long_ago}
    course = make_course("Truck", **of)
    make_text(course, changed_at=long_ago)
    make_text(course, "en", changed_at=long_ago)
    room, place = make_venue(**of), make_place("Bergen", "Vestland", **of)
    one = make_date(course, venue=room, **of)
    two = make_date(course, place=place, lasts=2, **of)
    make_gathering(two, theme="Teori", venue=room, **of)
    make_gathering(two, day=1, **of)
    make_date(make_course("Stillas", **of), **of)
    revisions.begin()
    return one, two


def told_anew(rows, **change):
    """Which entries get a new number when those rows are written so."""
    before, now = numbers(), timezone.now()
    rows.update(**(change | {"changed_at": now}))
    revisions.revise(now)
    return {row[:2] for row in numbers() - before}


def names(*rows):
    return {("date" if hasattr(row, "starts_on") else "gathering", row.remote_id) for row in rows}


COURSE, VENUE, PLACE = range(3)
EVERYTHING, IN_THE_ROOM, IN_THE_PLACE = range(3)


@pytest.mark.parametrize(
    ("what", "change", "told"),
    [
        (COURSE, {"title": "Gaffeltruck"}, EVERYTHING),
        (COURSE, {"slug": "gaffeltruck"}, EVERYTHING),
        (COURSE, {"language": "en"}, EVERYTHING),
        (COURSE, {"withdrawn_at": timezone.now()}, EVERYTHING),
        (COURSE, {"email_more_info": "a@b.example", "reference": "x", "list_price": 1}, None),
        (VENUE, {"title": "Et annet sted"}, IN_THE_ROOM),
        (VENUE, {"city": "Moss"}, IN_THE_ROOM),
        (VENUE, {"latitude": "59.9", "longitude": "10.7"}, IN_THE_ROOM),
        (VENUE, {"capacity": 3}, None),
        (PLACE, {"title": "Voss"}, IN_THE_PLACE),
        (PLACE, {"county": "Hordaland"}, None),
    ],
)
def test_what_an_entry_says_renumbers_it_and_only_it(noted, what, change, told):
    one, two = noted
    first, second = two.gatherings.order_by("starts_at")
    rows = {
        COURSE: Course.objects.filter(pk=one.course_id),
        VENUE: type(one.venue).objects.filter(pk=one.venue_id),
        PLACE: type(two.place).objects.filter(pk=two.place_id),
    }
    expected = {
        EVERYTHING: names(one, two, first, second),
        IN_THE_ROOM: names(one, first),
        IN_THE_PLACE: names(two, second),
        None: set(),
    }
    assert told_anew(rows[what], **change) == expected[told]


@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": timezone.now() + dt.timedelta(days=50)},
        {"theme": "Praksis"},
        {"withdrawn_at": timezone.now()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_gathering_that_changes_is_told_of_anew_alone(noted, change):
    first, _ = noted[1].gatherings.order_by("starts_at")
    assert told_anew(Gathering.objects.filter(pk=first.pk), **change) == names(first)


def test_what_a_gathering_does_not_tell_renumbers_nothing(noted):
    more = {"description": "<p>Ta med sko.</p>", "event_url": "https://meet.example/secret"}
    assert told_anew(Gathering.objects.all(), **more) == set()
    assert told_anew(CourseDate.objects.all(), event_url="https://meet.example/x") == set()


@pytest.mark.parametrize("language", ["no", "en"])
def test_a_lead_in_any_language_renumbers_what_holds_it(noted, language):
    """One number serves the calendars of all languages."""
    texts = CourseText.objects.filter(language=language)
    assert told_anew(texts, description="<p>Noe annet.</p>") == set()
    one, two = noted
    assert told_anew(texts, lead="<p>Ny tekst.</p>") == names(one, two, *two.gatherings.all())


def test_a_language_that_frontcore_drops_renumbers_what_its_text_stood_in(noted):
    one, two = noted
    values = {"text_languages": ["no"], "external_booking_url": "", "email_more_info": ""}
    Course.objects.update(text_languages=["no", "en"])
    before, now = numbers(), timezone.now()
    write_details([Row("detail", one.course.remote_id, values)], now)
    assert not CourseText.objects.filter(language="en").exists()
    revisions.revise(now)
    told = {row[:2] for row in numbers() - before}
    assert told == names(one, two, *two.gatherings.all())


# --- Gatherings told apart ------------------------------------------------------------------


def test_a_date_that_gets_a_second_gathering_is_told_of_by_both_from_then_on(noted):
    one, _ = noted
    first = make_gathering(one)
    revisions.begin()
    assert not Gathering.objects.get(pk=first.pk).told_apart
    second = make_gathering(one, day=1)
    revisions.begin()
    marked = Gathering.objects.filter(date=one, told_apart=True)
    assert {row.pk for row in marked} == {first.pk, second.pk}


def test_a_gathering_that_gets_a_theme_is_told_of_from_then_on(noted):
    one, _ = noted
    first = make_gathering(one)
    revisions.begin()
    told_anew(Gathering.objects.filter(pk=first.pk), theme="Praksis")
    assert Gathering.objects.get(pk=first.pk).told_apart


def test_what_was_noted_keeps_its_moment_whatever_is_written_to_its_row(noted):
    one, _ = noted
    moment = CourseDate.objects.get(pk=one.pk).entry_changed_at
    told_anew(CourseDate.objects.filter(pk=one.pk), reference="KURS-1")
    assert CourseDate.objects.get(pk=one.pk).entry_changed_at == moment
