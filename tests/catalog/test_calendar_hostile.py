"""What a calendar must stand: hostile texts, odd clocks, every time zone; read by a second
library."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.core.cache import cache
from icalendar import Calendar

from catalog import calendar_feed, time_zones
from catalog.models import CourseDate
from tests.catalog.calendars import Client, blocks, value
from tests.factories import (
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_place,
    make_provider,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

HOSTILE = {
    "another event": "Kurs\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nSUMMARY:Evil",
    "a property": "Kurs\nATTACH:https://evil.example/x.exe",
    "a parameter": 'Kurs";X-EVIL="1":https://evil.example',
    "escapes": r"a\nb\, c\; d\\ e, f; g\ ^n ^' 100 %(title)s %s",
    "control characters": "Ku\x00rs\x07 \x1b[31m\x08\x7f\x85",
    "folded by itself": "Kurs\r\n DESCRIPTION:folded",
    "long": "Ø" * 300,
    "long word of emoji": "👩‍🚒🧑🏽‍🤝‍🧑🏻" * 20,
    "right to left": "\u202eدورة الإسعافات الأولية\u202c 123",
    "html": "<script>alert(1)</script> &amp; &lt;b&gt;",
    "quotes and colons": "Kurs: «nivå 1», \"hurtig\": 'A:B'",
    "nothing but control": "\x01\x02",
}


def seen_by(client):
    return Client(client.get("/kalender.ics"))


def lines_of(content):
    """The lines as RFC 5545 has them: ended by CRLF, not unfolded."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")[:-1]
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    return lines


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_gets_out_of_its_place(client, text):
    """In a title, a theme, a place, a lead, the name of the provider, all at once."""
    make_provider(name=text)
    course = make_course(text, slug="kurs")
    make_text(course, lead=text)
    room = make_venue(text, address=text, city=text, zipcode=text[:20])
    date = make_date(course, venue=room)
    other = make_date(course, place=make_place(text, county=text))
    meeting = make_gathering(other, theme=text)
    calendar = seen_by(client)
    assert set(calendar.events) == {
        f"date-{date.remote_id}@frontcore",
        f"gathering-{meeting.remote_id}@frontcore",
    }
    assert "evil" not in {name for event in calendar.events.values() for name in event.contents}
    for event in calendar.events.values():
        assert not {"attach", "x-evil"} & event.contents.keys()
        assert event.summary.params == {"LANGUAGE": ["nb"]}
    shown = "".join(letter for letter in text.replace("\r", "") if ok(letter))
    assert value(calendar[date], "summary") == shown
    assert value(calendar[meeting], "summary") == f"{shown}: {shown}"
    assert value(calendar[date], "location").startswith(shown)
    for line in lines_of(calendar.bytes):
        assert len(line) <= 75
        line.decode()  # no letter is cut in two
        assert all(ok(letter) and letter != "\n" for letter in line.decode())


def ok(letter):
    return letter in "\t\n" or not (letter < " " or "\x7f" <= letter <= "\x9f")


def test_letters_are_folded_whole(client):
    """A line that is folded at every possible octet of a letter of four."""
    for spaces in range(8):
        make_date(make_course("x" * spaces + "🧯" * 60, slug="kurs"), days=spaces + 1)
    for line in lines_of(seen_by(client).bytes):
        line.decode()
        assert len(line) <= 75


# --- Clocks ---------------------------------------------------------------------------------


def event_of(client, **given):
    date = make_date(**given)
    return seen_by(client)[date]


@pytest.mark.usefixtures("in_november_2026")
def test_a_date_without_clock_times_lasts_whole_days_and_its_end_is_the_day_after(client):
    event = event_of(client, starts_on=dt.date(2027, 3, 27), lasts=3, start_time=None)
    assert value(event, "dtstart") == dt.date(2027, 3, 27)
    assert value(event, "dtend") == dt.date(2027, 3, 30)
    assert event.dtstart.params == {"VALUE": ["DATE"]} or event.dtstart.serialize().startswith(
        "DTSTART;VALUE=DATE:"
    )


@pytest.mark.parametrize("end_time", [None, dt.time(8), dt.time(9)])
def test_an_end_that_is_missing_or_not_after_the_start_is_left_out(client, end_time):
    event = event_of(client, start_time=dt.time(9), end_time=end_time)
    assert value(event, "dtend") is None


@pytest.mark.usefixtures("in_november_2026")
def test_whole_days_that_end_before_they_start_are_one_day(client):
    date = make_date(starts_on=dt.date(2027, 3, 27), start_time=None)
    CourseDate.objects.update(ends_on=dt.date(2027, 3, 25))
    event = seen_by(client)[date]
    assert value(event, "dtend") == dt.date(2027, 3, 28)


@pytest.mark.usefixtures("in_november_2026")
@pytest.mark.parametrize("day", [dt.date(2027, 3, 27), dt.date(2027, 10, 30)])
def test_a_course_over_the_night_of_a_switch_begins_and_ends_by_the_clock(client, day):
    date = make_date(starts_on=day, lasts=2)
    event = seen_by(client)[date]
    oslo = ZoneInfo("Europe/Oslo")
    assert value(event, "dtstart") == dt.datetime.combine(day, dt.time(9), tzinfo=oslo)
    last = day + dt.timedelta(days=1)
    assert value(event, "dtend") == dt.datetime.combine(last, dt.time(15, 30), tzinfo=oslo)


@pytest.mark.usefixtures("in_november_2026")
@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "UTC", "Asia/Tokyo"])
@pytest.mark.parametrize("month", [1, 7])
def test_a_date_elsewhere_is_at_its_own_hour(client, zone, month):
    date = make_date(starts_on=dt.date(2027, month, 15), timezone=zone, lasts=2)
    meeting = make_gathering(make_date(date.course, timezone=zone), theme="Teori")
    calendar = seen_by(client)
    assert value(calendar[date], "dtstart") == date.starts_at
    assert value(calendar[date], "dtend") == date.starts_at + dt.timedelta(days=1, hours=6.5)
    assert value(calendar[meeting], "dtstart") == meeting.starts_at
    names = {each.tzid.value for each in calendar.calendar.contents["vtimezone"]}
    assert names == {"Europe/Oslo", zone}


# --- Time zones -----------------------------------------------------------------------------

ZONES = ("Europe/Oslo", "Europe/London", "America/New_York", "UTC", "America/Nuuk")


@pytest.mark.parametrize("name", ZONES)
def test_a_time_zone_is_right_in_every_hour_of_the_next_years(name):
    """Read by the second library, and compared with the system's: each hour near a switch, and one
    a day else. Oslo's summer once came an hour late."""
    calendar = Calendar()
    calendar.add_component(time_zones.as_component(name))
    theirs = vobject.readOne(calendar.to_ical().decode()).vtimezone.tzinfo
    zone, checked = ZoneInfo(name), 0
    for day in range(6 * 365 + 2):
        noon = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=day)
        later = noon + dt.timedelta(days=1)
        switches = noon.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset()
        for hour in range(24 if switches else 1):
            local = (noon + dt.timedelta(hours=hour)).astimezone(zone)
            assert local.replace(tzinfo=theirs).utcoffset() == local.utcoffset(), local
            checked += 1
    assert checked > 6 * 365


def test_a_time_zone_is_written_by_its_rule():
    text = time_zones.as_component("Europe/Oslo").to_ical().decode()
    for line in (
        "DTSTART:20200329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    ):
        assert line in text
    assert "RDATE" not in text


@pytest.mark.usefixtures("in_november_2026")
def test_two_calendars_of_other_years_name_the_same_time_zone(client):
    date = make_date(starts_on=dt.date(2027, 1, 1))
    before = seen_by(client).head
    CourseDate.objects.filter(pk=date.pk).update(
        starts_on=dt.date(2031, 7, 1), ends_on=dt.date(2031, 7, 1)
    )
    assert seen_by(client).head == before


def test_what_is_written_is_what_the_library_that_wrote_it_reads():
    """Both libraries agree on a calendar made of everything above."""
    course = make_course(HOSTILE["another event"], slug="kurs")
    for text in HOSTILE.values():
        make_gathering(make_date(course), theme=text)
    dates = list(calendar_feed.with_entries(CourseDate.objects.all()))
    content = calendar_feed.written(list(calendar_feed.entries_of(dates)), source="/kalender.ics")
    theirs = vobject.readOne(content.decode())
    ours = Calendar.from_ical(content)
    assert len(blocks(content)) == len(HOSTILE)
    assert [str(event["summary"]) for event in ours.events] == [
        event.summary.value for event in theirs.vevent_list
    ]


def test_odd_choices_do_not_fill_the_disk(client):
    """Anybody can ask for one more selection, and each answer is kept for a while."""
    make_generation()
    for _ in range(50):
        make_date()
    cache.clear()
    answers = [client.get(f"/kalender.ics?until=2099-01-{day}").content for day in (10, 11)]
    kept = [value for name, value in cache._cache.items() if "answer:" in name]
    assert len(kept) == 2
    assert sum(map(len, kept)) * 4 < sum(map(len, answers))
    again = [client.get(f"/kalender.ics?until=2099-01-{day}").content for day in (10, 11)]
    assert again == answers
