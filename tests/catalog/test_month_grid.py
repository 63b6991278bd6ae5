"""The calendar as a wall calendar: a real table, and on it each date where it belongs."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from catalog.models import CourseDate
from catalog.month_grid import LANES, ROOM, laid_out
from catalog.selection import Selection
from catalog.timetable import current
from tests.catalog.test_calendar import links_of, text_of
from tests.factories import make_course, make_date, make_gathering, make_place

MAY = dt.date(2099, 5, 1)  # a Friday; week 19 is 4 to 10 May
GRID = "/kalender/2099/5/rutenett/"


def may(day):
    return MAY.replace(day=day)


def spell(first, last=None):
    return ((may(first), may(last or first)),)


def weeks_with(*spells):
    """The weeks of that May, with dates of these spells of days, called 0, 1, …"""
    return laid_out(MAY, list(enumerate(spells)))


def day_of(weeks, number):
    return next(d for week in weeks for d in week.days if d.on == may(number))


def cell(client, day, path=GRID):
    """What stands in the cell of a day."""
    body = client.get(path).content.decode()
    return next(it for it in re.findall(r"<td.*?</td>", body, re.DOTALL) if day.isoformat() in it)


# --- Laying out ---------------------------------------------------------------------------------


def test_a_month_is_whole_weeks_from_monday_each_with_its_iso_number():
    weeks = laid_out(dt.date(2027, 1, 1), [])
    assert [week.number for week in weeks] == [53, 1, 2, 3, 4]
    assert weeks[0].days[0].on == dt.date(2026, 12, 28)
    assert [day.in_month for day in weeks[0].days] == [False] * 4 + [True] * 3
    assert weeks[-1].days[-1].on == dt.date(2027, 1, 31)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_day_of_a_month_is_there_once(month):
    first = dt.date(2028, month, 1)
    days = [day.on for week in laid_out(first, []) for day in week.days if day.in_month]
    assert days == [dt.date(2028, month, number) for number in range(1, len(days) + 1)]
    assert (days[-1] + dt.timedelta(days=1)).day == 1


def test_a_date_of_several_days_is_one_bar():
    weeks = weeks_with(spell(5, 7))
    (bar,) = day_of(weeks, 5).bars
    assert (bar.days, bar.lane, bar.began_before, bar.goes_on) == (3, 1, False, False)
    assert not day_of(weeks, 6).pieces
    assert [day_of(weeks, day).lanes for day in (4, 5, 6, 7, 8)] == [0, 1, 1, 1, 0]


def test_a_bar_goes_on_in_the_next_week_and_counts_as_the_same():
    weeks = weeks_with(spell(8, 12))
    (first,), (second,) = day_of(weeks, 8).bars, day_of(weeks, 11).bars
    assert (first.days, first.goes_on, first.is_first) == (3, True, True)
    assert (second.days, second.began_before, second.is_first) == (2, True, False)


def test_a_bar_is_cut_at_the_edges_of_the_month():
    april, june = dt.date(2099, 4, 29), dt.date(2099, 6, 2)
    weeks = weeks_with(((april, may(2)),), ((may(30), june),))
    (early,), (late,) = day_of(weeks, 1).bars, day_of(weeks, 30).bars
    assert (early.days, early.began_before, early.is_first) == (2, True, True)
    assert (late.days, late.goes_on) == (2, True)
    assert all(day.is_empty for week in weeks for day in week.days if not day.in_month)


def test_no_two_bars_lie_in_one_lane_on_one_day():
    spells = [spell(a, b) for a in range(4, 10) for b in range(a + 1, 14)]
    for week in weeks_with(*spells):
        taken = [
            (bar.lane, bar.first + dt.timedelta(days=number))
            for day in week.days
            for bar in day.bars
            for number in range(bar.days)
        ]
        assert len(set(taken)) == len(taken)
        assert all(1 <= lane <= LANES for lane, _ in taken)


def test_a_lane_is_used_again_when_it_is_free():
    weeks = weeks_with(spell(4, 5), spell(6, 8), spell(4, 8))
    lanes = {bar.date: bar.lane for day in (4, 6) for bar in day_of(weeks, day).bars}
    assert lanes == {2: 1, 0: 2, 1: 2}


def test_days_apart_are_no_bar():
    weeks = weeks_with((*spell(4), *spell(11), *spell(18)))
    assert [day_of(weeks, day).singles[0].part for day in (4, 11, 18)] == [1, 2, 3]
    assert not any(day.bars for week in weeks for day in week.days)


def test_nothing_of_a_crowded_day_is_lost():
    spells = [spell(4, 6) for _ in range(LANES + 3)] + [spell(5) for _ in range(20)]
    weeks = weeks_with(*spells)
    monday, tuesday = day_of(weeks, 4), day_of(weeks, 5)
    assert len(monday.bars) == LANES
    assert len(monday.opening) == 3
    assert len(tuesday.singles) == ROOM - LANES
    assert len(tuesday.opening) == 20 - (ROOM - LANES)
    drawn = {piece.date for week in weeks for day in week.days for piece in day.pieces}
    counted = {piece.date for week in weeks for day in week.days for piece in day.hidden}
    assert drawn | counted == set(range(len(spells)))
    assert not drawn & counted


def test_a_single_one_too_many_is_shown_and_not_counted():
    weeks = weeks_with(*[spell(4)] * (ROOM + 1))
    assert len(day_of(weeks, 4).singles) == ROOM + 1
    assert not day_of(weeks, 4).hidden


# --- The days a date is on ----------------------------------------------------------------------


@pytest.mark.django_db
def test_the_days_of_a_date_come_from_its_gatherings_where_it_has_several():
    whole = make_date(starts_on=may(4), lasts=5)
    make_gathering(whole)  # a single one does not say that the other days are free
    in_a_row = make_date(starts_on=may(4), lasts=3)
    apart = make_date(starts_on=may(4), lasts=15)
    for day in range(3):
        make_gathering(in_a_row, day=day)
    for day in (0, 1, 14):
        make_gathering(apart, day=day)
    make_gathering(apart, day=7, withdrawn_at=timezone.now())
    make_gathering(apart, day=99)  # outside its date: a slip
    found = dict(current().spells_between(Selection(), may(1), may(31)))
    assert found == {
        whole.pk: ((may(4), may(8)),),
        in_a_row.pk: ((may(4), may(6)),),
        apart.pk: ((may(4), may(5)), (may(18), may(18))),
    }


@pytest.mark.django_db
def test_a_gathering_late_in_the_evening_is_on_the_day_of_its_own_zone(client):
    date = make_date(starts_on=may(4), lasts=8, timezone="America/New_York")
    for day in (0, 7):
        make_gathering(date, day=day, starts=dt.time(21), ends=dt.time(23))
    assert "Førstehjelp" in cell(client, may(11))
    assert "Førstehjelp" not in cell(client, may(12))


# --- The table ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_is_a_real_table_with_caption_and_full_names_of_the_weekdays(client):
    make_date(starts_on=may(4))
    make_date(starts_on=may(5), lasts=2)
    body = client.get(GRID).content.decode()
    assert body.count("<table") == 1
    assert 'role="grid"' not in body
    caption = re.search(r"<caption[^>]*>(.*?)</caption>", body)[1]
    assert "Mai 2099: 2 datoer" in re.sub("<[^>]+>", "", caption)
    columns = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', body)
    weekdays = ["Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag"]
    assert columns == ["Uke", *weekdays]
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', body)
    assert rows == [f"Uke {number}" for number in range(18, 23)]
    for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)[1:]:
        assert row.count("<td") == 7


@pytest.mark.django_db
def test_it_speaks_english(client):
    make_date(starts_on=may(4))
    body = client.get("/en/calendar/2099/5/grid/").content.decode()
    assert ">Wednesday</th>" in body
    assert ">Week 19</th>" in body
    assert "Monday, 4 May" in body
    assert "May 2099: 1 date<" in body


@pytest.mark.django_db
def test_a_date_stands_on_its_day_with_time_and_title(client):
    date = make_date(make_course("Varme arbeider"), starts_on=may(5))
    said = cell(client, may(5))
    assert "mandag" not in said
    assert "tirsdag 5. mai" in said
    assert "09:00–15:30" in said
    assert "Varme arbeider" in said
    assert date.get_absolute_url() in said


@pytest.mark.django_db
def test_a_date_of_several_days_has_one_link_that_says_its_days(client):
    date = make_date(starts_on=may(7), lasts=6)
    body = client.get(GRID).content.decode()
    links = re.findall(rf'<p[^>]*><a href="{date.get_absolute_url()}"[^>]*>', body)
    assert len(links) == 2  # one a week, of which only the first is there for keyboard and voice
    assert ["tabindex" in link for link in links] == [False, True]
    assert ["aria-hidden" in link for link in links] == [False, True]
    assert "tor. 7. – tir. 12. mai" in text_of(client.get(GRID)).replace("\xa0", " ")


@pytest.mark.django_db
def test_a_date_of_the_month_before_goes_on_in_this_one(client):
    make_date(make_course("Over månedsskiftet"), starts_on=dt.date(2099, 4, 29), lasts=4)
    make_date(starts_on=may(20))
    assert "Over månedsskiftet" in cell(client, may(1))
    assert "Mai 2099: 1 dato, 1 til som begynte før" in text_of(client.get(GRID)).replace(" ,", ",")
    assert "Over månedsskiftet" in cell(client, dt.date(2099, 4, 29), "/kalender/2099/4/rutenett/")


@pytest.mark.django_db
def test_gatherings_stand_on_their_own_days_at_their_own_times(client):
    date = make_date(starts_on=may(4), lasts=15)
    make_gathering(date, ends=dt.time(12))
    make_gathering(date, day=7, starts=dt.time(13), ends=dt.time(16))
    make_gathering(date, day=14, starts=dt.time(17), ends=dt.time(21))
    for day, times, part in ((4, "09:00–12:00", 1), (11, "13:00–16:00", 2), (18, "17:00–21:00", 3)):
        assert times in cell(client, may(day))
        assert f"del {part} av 3" in cell(client, may(day))
    assert 'class="bar' not in client.get(GRID).content.decode()


@pytest.mark.django_db
def test_a_crowded_day_leads_to_its_day_in_the_list(client):
    course, horten = make_course(), make_place("Horten", "Vestfold")
    for _ in range(ROOM + 7):
        make_date(course, starts_on=may(5), place=horten)
    make_date(course, starts_on=may(4))
    response = client.get(GRID + "?place=vestfold")
    assert "7 til" in text_of(response)
    address = next(link for link in links_of(response) if "#" in link)
    assert address == "/kalender/2099/5/?place=vestfold#d2099-05-05"
    there = client.get(address).content.decode()
    assert 'id="d2099-05-05"' in there


@pytest.mark.django_db
def test_a_crowded_day_of_a_long_month_leads_to_the_right_page_of_the_list(client, monkeypatch):
    monkeypatch.setattr("catalog.views.calendar.DATES_ON_PAGE", 5)
    course = make_course()
    for day, number in ((4, 6), (20, 10)):
        for _ in range(number):
            make_date(course, starts_on=may(day))
    address = next(link for link in links_of(client.get(GRID)) if "#" in link)
    assert address == "/kalender/2099/5/?page=2#d2099-05-20"
    assert b'id="d2099-05-20"' in client.get(address).content


@pytest.mark.django_db
def test_what_a_crowded_day_leaves_out_of_earlier_dates_leads_to_where_they_open(client):
    course = make_course()
    for _ in range(LANES + 2):
        make_date(course, starts_on=dt.date(2099, 4, 29), lasts=5)
    make_date(course, starts_on=may(20))
    response = client.get(GRID)
    assert "2 fra tidligere dager" in text_of(response)
    assert "/kalender/2099/4/#d2099-04-29" in links_of(response)


@pytest.mark.django_db
def test_a_full_date_says_so_on_its_day(client):
    make_date(starts_on=may(5), seats_free=0)
    assert "Fulltegnet" in cell(client, may(5))


@pytest.mark.django_db
def test_what_began_before_today_is_not_drawn(client):
    make_date(make_course("Begynt"), days=-2, lasts=90)
    make_date(days=0)
    make_date(days=40)
    assert "Begynt" not in text_of(client.get("/kalender/rutenett/"))


@pytest.mark.django_db
def test_a_cancelled_date_of_several_days_is_drawn_as_cancelled(client):
    make_date(starts_on=may(4), lasts=2, status=CourseDate.Status.CANCELLED)
    assert "Avlyst" in cell(client, may(4))
