"""Dates, money and numbers as each language writes them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from catalog.models import Course, CourseDate, Gathering
from catalog.templatetags import formats

SATURDAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("language", "written"),
    [("nb", "lørdag 21. november 2026"), ("en", "Saturday, 21 November 2026")],
)
def test_a_day_is_written_in_full(language, written):
    with translation.override(language):
        assert formats.day(SATURDAY) == written


@pytest.mark.parametrize(
    ("amount", "norwegian", "english"),
    [
        ("2490", "2 490 kr", "NOK 2,490"),
        ("2490.00", "2 490 kr", "NOK 2,490"),
        ("2490.5", "2 490,50 kr", "NOK 2,490.50"),
        ("-300", "−300 kr", "−NOK 300"),
    ],
)
def test_money_has_decimals_only_where_there_are_some(amount, norwegian, english):
    for language, written in (("nb", norwegian), ("en", english)):
        with translation.override(language):
            assert formats.money(Decimal(amount)).replace("\xa0", " ") == written


def test_days_that_follow_each_other_are_one_range():
    date = CourseDate(starts_on=SATURDAY, ends_on=SATURDAY + dt.timedelta(days=2))
    assert formats.days(date).replace("\xa0", " ") == "lør. 21. – man. 23. nov. 2026"


def test_times_are_left_out_where_frontcore_has_none():
    date = CourseDate(start_time=None, end_time=None)
    assert formats.times(date) == ""
    date = CourseDate(starts_on=SATURDAY, ends_on=SATURDAY, start_time=dt.time(9))
    assert formats.times(date) == "fra kl. 09:00"
    date.end_time = dt.time(12)
    assert formats.times(date) == "09:00–12:00"


def test_an_end_before_the_start_is_not_told():
    date = CourseDate(
        starts_on=SATURDAY, ends_on=SATURDAY, start_time=dt.time(18), end_time=dt.time(15, 30)
    )
    assert formats.times(date) == "fra kl. 18:00"
    meeting = Gathering(starts_at=date.starts_at, ends_at=date.starts_at - dt.timedelta(hours=2))
    assert formats.meeting_times(meeting, date.zone) == "fra kl. 18:00"
    assert "18:00" in formats.marked_meeting_times(meeting, date.zone)


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        ("1.00", "days", "1 dag"),
        ("2.50", "days", "2,5 dager"),
        ("40", "hours", "40 timer"),
        ("1", "semester", "1 semester"),
        ("1", "fortnights", ""),
        (None, "days", ""),
    ],
)
def test_a_duration_is_told_in_words_where_its_unit_is_known(value, unit, written):
    course = Course(duration_value=value and Decimal(value), duration_unit=unit)
    assert formats.duration(course) == written


def test_html_becomes_plain_text_in_one_line():
    assert formats.plain("<p>Én &amp; to</p><ul><li>tre</li><li>fire</li></ul>") == (
        "Én & to tre fire"
    )


def test_the_name_of_a_language_is_in_the_language_of_the_page():
    assert formats.language_words("en") == "engelsk"
    with translation.override("en"):
        assert formats.language_words("no") == "Norwegian"


def test_a_phone_number_dials_without_its_spaces():
    assert formats.tel("+47 22 00 12 34") == "tel:+4722001234"


def test_a_name_of_frontcore_s_is_marked_on_a_page_in_another_language():
    with translation.override("nb"):
        assert formats.as_named("Truck & kran") == "Truck & kran"
    with translation.override("en"):
        assert formats.as_named("Truck & kran") == '<span lang="nb">Truck &amp; kran</span>'
