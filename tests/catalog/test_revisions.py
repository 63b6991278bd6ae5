"""What calendars are told carries a number that rises with what is said, and with nothing else."""

import pytest

from catalog import revisions
from catalog.models import CourseDate, Gathering
from tests.catalog.running import BOOKABLE, date, run

pytestmark = pytest.mark.django_db


def numbers():
    """The number of every entry, by kind and id."""
    dates = CourseDate.objects.values_list("remote_id", "sequence")
    meetings = Gathering.objects.values_list("remote_id", "sequence")
    return {("date", *row) for row in dates} | {("gathering", *row) for row in meetings}


def test_what_is_new_has_the_number_nought_and_keeps_it_while_nothing_changes(simulator):
    run()
    before = numbers()
    assert {number for _, _, number in before} == {0}
    run()
    assert numbers() == before


def test_a_change_that_no_calendar_shows_gives_no_new_number(simulator):
    run()
    before = numbers()
    simulator.edit(coursedate=BOOKABLE, set={"reference": "KURS-1"})
    run()
    assert date(BOOKABLE).reference == "KURS-1"
    assert numbers() == before


def test_a_date_that_moves_gets_the_next_number_and_no_other_does(simulator):
    run()
    before, stamped = numbers(), date(BOOKABLE).entry_changed_at
    simulator.edit(coursedate=BOOKABLE, set={"start_time_at": "10:30:00"})
    run()
    met = date(BOOKABLE).gatherings.values_list("remote_id", flat=True)
    its_own = {("date", BOOKABLE, 1), *(("gathering", each, 1) for each in met)}
    assert numbers() - before == its_own
    assert date(BOOKABLE).entry_changed_at > stamped


def test_what_was_never_noted_is_caught_up_with(simulator):
    run()
    CourseDate.objects.update(entry_hash="")
    Gathering.objects.update(entry_hash="")
    revisions.begin()
    simulator.edit(coursedate=BOOKABLE, set={"start_time_at": "10:30:00"})
    run()
    assert date(BOOKABLE).sequence == 1
