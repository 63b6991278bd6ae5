"""Calendars to follow: what is told, to whom, and for how long; read by a second library."""

import datetime as dt

import pytest
from django import test
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from catalog import calendar_feed, revisions
from catalog.models import Course, CourseDate, Gathering
from tests.catalog.calendars import Client, value
from tests.catalog.running import date as date_of
from tests.catalog.running import run
from tests.factories import (
    in_days,
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

DAY = dt.timedelta(days=1)
Status = CourseDate.Status
IN_GATHERINGS = 13100015  # a date of four gatherings


def address(*rows, language="nb", query=""):
    name = ("calendar_feed", "course_feed", "date_feed", "gathering_feed")[len(rows)]
    with translation.override(language):
        return reverse(name, args=[row.remote_id for row in rows]) + query


def feed(client, *rows, **more):
    return Client(client.get(address(*rows, **more)))


def told(row):
    """The row as one whose gathering calendars have heard of."""
    type(row).objects.filter(pk=row.pk).update(told_apart=True)
    return row


@pytest.fixture
def two_days():
    """A date of two gatherings."""
    date = make_date(lasts=2)
    return date, make_gathering(date, theme="Teori"), make_gathering(date, day=1)


# --- Where they lie -------------------------------------------------------------------------


def test_there_is_one_for_every_filter_course_date_and_gathering(client, two_days):
    date, first, second = two_days
    other = make_date(make_course("Truck"), place=make_place("Bergen", "Vestland"))
    everything = feed(client)
    assert all(row in everything for row in (first, second, other))
    assert date not in everything, "its gatherings stand for it"
    assert (
        feed(client, query="?place=vestland.bergen").events.keys()
        == feed(client, other.course).events.keys()
    )
    assert len(feed(client, date.course, date).events) == 2
    assert len(feed(client, date.course, date, second).events) == 1


def test_their_addresses_name_ids_only_and_speak_both_languages(two_days):
    date, first, _ = two_days
    course, rows = date.course.remote_id, (date.course, date, first)
    assert address() == "/kalender.ics"
    assert address(*rows[:1]) == f"/kurs/{course}.ics"
    assert address(*rows[:2]) == f"/kurs/{course}/dato/{date.remote_id}.ics"
    assert address(*rows).endswith(f"/dato/{date.remote_id}/samling/{first.remote_id}.ics")
    assert address(*rows, language="en") == (
        f"/en/courses/{course}/date/{date.remote_id}/gathering/{first.remote_id}.ics"
    )


def test_programs_may_keep_it_ask_again_and_get_nothing_twice(client, two_days):
    make_generation()
    date, _, second = two_days
    tags = set()
    for rows in ((), (date.course,), (date.course, date), (date.course, date, second)):
        first = client.get(address(*rows))
        tags.add(first["ETag"])
        assert first["Content-Type"] == "text/calendar; charset=utf-8"
        assert first["Cache-Control"] == "public, max-age=300"
        assert first["Access-Control-Allow-Origin"] == "*"
        assert "noindex" in first["X-Robots-Tag"]
        assert not first.cookies
        again = client.get(address(*rows), headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(address(*rows))
        assert (head.status_code, head.content) == (200, b"")
        assert head["ETag"] == first["ETag"]
        assert client.post(address(*rows)).status_code == 405
    assert len(tags) == 4, "each is known by what it holds"


def test_what_is_subscribed_to_is_shown_and_what_is_downloaded_is_a_named_file(client, two_days):
    date, first, _ = two_days
    for rows in ((), (date.course,)):
        assert client.get(address(*rows))["Content-Disposition"] == "inline"
    name = f'attachment; filename="forstehjelp-pa-sjo-{date.starts_on}.ics"'
    for rows in ((date.course, date), (date.course, date, first)):
        assert client.get(address(*rows))["Content-Disposition"] == name


def test_it_costs_no_more_queries_for_more_dates(client, django_assert_max_num_queries):
    make_generation()
    course = make_course()
    for days in range(1, 9):
        make_gathering(make_date(course, days=days, venue=make_venue()), theme="Teori")
    client.get(address())  # makes the timetable
    with django_assert_max_num_queries(7):
        client.get(address(query="?free=1"))


def test_a_choice_that_is_none_is_answered_with_a_sentence(client):
    answer = client.get(address(query="?form=flying"))
    assert answer.status_code == 400
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "«flying» er ikke et valg under «Kursform».\n"
    english = client.get(address(language="en", query="?form=flying"))
    assert "is no choice of" in english.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        *("?place=%00", "?q=%FF%FE", "?since=9999-12-31", "?until=0001-01-01", "?month=x"),
        *("?category=" + "9" * 400, "?" + "place=a&" * 500, "?nothing=here", "?free=1&free=1"),
    ],
)
def test_strange_queries_get_a_clear_answer(client, query):
    make_date()
    assert client.get(address(query=query)).status_code in {200, 400}


def test_one_that_finds_nothing_is_a_whole_calendar_still(client):
    empty = feed(client, query="?place=atlantis")
    assert empty.events == {}
    assert empty.calendar.contents["vtimezone"], "a calendar must hold something"


# --- Who is told of -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hidden",
    [{"public": False}, {"course__public": False}],
    ids=["hidden, inside another or deleted", "of a course that is not for everyone"],
)
def test_what_is_not_for_everyone_is_nowhere(client, hidden):
    of_course = {key.removeprefix("course__"): value for key, value in hidden.items()}
    course = make_course(**(of_course if "course__public" in hidden else {}))
    date = make_date(course, **({} if "course__public" in hidden else of_course))
    meeting = make_gathering(date, theme="Teori")
    assert feed(client).events == {}
    for rows in ((course, date), (course, date, meeting)):
        assert client.get(address(*rows)).status_code == 404
    if not course.public:
        assert client.get(address(course)).status_code == 404


def test_what_never_was_is_not_found(client, two_days):
    date, first, _ = two_days
    other = make_date()
    for rows in ((other.course, date), (date.course, other), (date.course, other, first)):
        assert client.get(address(*rows)).status_code == 404
    assert client.get("/kurs/99999999999999999999999/dato/1.ics").status_code == 404
    assert client.get("/kurs/1.ics").status_code == 404


def test_what_is_past_stays_thirty_days(client):
    kept = make_date(starts_on=in_days(-30))
    over = make_date(kept.course, starts_on=in_days(-31))
    everything = feed(client)
    assert kept in everything
    assert over not in everything
    assert client.get(address(kept.course, kept)).status_code == 200
    assert client.get(address(over.course, over)).status_code == 410


@pytest.mark.parametrize("hour", ["00:10:00+01:00", "23:50:00+01:00"])
def test_what_is_past_stays_as_long_at_any_hour_after_the_clocks_went_back(
    client, time_machine, hour
):
    """Thirty times a day of hours before a late evening of November is another day in October."""
    time_machine.move_to(f"2026-11-21T{hour}")
    kept = make_date(starts_on=in_days(-30))
    over = make_date(kept.course, starts_on=in_days(-31))
    everything = feed(client)
    assert kept in everything
    assert over not in everything


@pytest.mark.parametrize("days", [0, 89, 91])
def test_what_is_withdrawn_is_cancelled_for_ninety_days(client, two_days, days):
    date, first, second = two_days
    now = timezone.now()
    far = make_date(date.course, days=200, withdrawn_at=now - days * DAY)
    CourseDate.objects.filter(pk=date.pk).update(withdrawn_at=now - days * DAY)
    is_told = days < 90
    for calendar in (feed(client), feed(client, date.course)):
        for row in (first, second, far):
            assert (row in calendar) == is_told
            if is_told:
                assert value(calendar[row], "status") == "CANCELLED"
    status = 200 if is_told else 410
    for rows in ((date.course, far), (date.course, date), (date.course, date, first)):
        assert client.get(address(*rows)).status_code == status


def test_a_course_that_is_withdrawn_takes_its_calendar_back(client):
    now = timezone.now()
    course = make_course(withdrawn_at=now - 89 * DAY)
    date = make_date(course, withdrawn_at=now - 89 * DAY)
    assert value(feed(client, course)[date], "status") == "CANCELLED"
    Course.objects.update(withdrawn_at=now - 91 * DAY)
    answer = client.get(address(course))
    assert answer.status_code == 410
    assert answer.content.decode() == "Dette tilbys ikke lenger.\n"


def test_a_gathering_that_is_withdrawn_is_cancelled_and_the_others_stay(client, two_days):
    date, first, second = (row if isinstance(row, CourseDate) else told(row) for row in two_days)
    before = feed(client, date.course)
    Gathering.objects.filter(pk=first.pk).update(withdrawn_at=timezone.now())
    after = feed(client, date.course)
    assert value(after[first], "status") == "CANCELLED"
    assert after.said(second) == before.said(second)
    assert date not in after
    Gathering.objects.filter(pk=first.pk).update(withdrawn_at=timezone.now() - 91 * DAY)
    assert first not in feed(client, date.course)


def test_a_gathering_that_calendars_never_heard_of_is_not_called_off(client):
    """Frontcore has replaced the only gathering of a date."""
    date = make_date()
    gone = make_gathering(date, withdrawn_at=timezone.now())
    make_gathering(date)
    calendar = feed(client)
    assert date in calendar
    assert gone not in calendar


def test_what_was_held_is_not_called_off_when_it_leaves_frontcore(client):
    date = make_date(starts_on=in_days(-5), withdrawn_at=timezone.now())
    assert date not in feed(client)


def test_seats_decide_who_finds_a_date_and_change_nothing_in_it(client):
    date = make_date(seats_free=8)
    before = feed(client)
    date.seats.free = 1
    date.seats.save()
    assert feed(client).bytes == before.bytes
    assert date in feed(client, query="?free=1")


# --- What an entry says ---------------------------------------------------------------------


@pytest.mark.usefixtures("in_november_2026")
def test_an_entry_says_what_the_page_of_its_date_says(client):
    course = make_course("Førstehjelp, grunnkurs; nivå 1")
    make_text(course, lead="<p>Lær å <strong>redde</strong> liv.</p>")
    room = make_venue(latitude="59.913900", longitude="10.752200")
    date = make_date(course, venue=room, starts_on=dt.date(2027, 7, 1), lasts=2)
    event = feed(client)[date]
    assert value(event, "summary") == course.title
    assert event.summary.params["LANGUAGE"] == ["nb"]
    assert value(event, "dtstart") == date.starts_at
    assert value(event, "dtend") == dt.datetime(2027, 7, 2, 15, 30, tzinfo=date.zone)
    assert value(event, "location") == "Kurssenteret, Storgata 1, 0155 Oslo"
    assert value(event, "geo") == "59.9139;10.7522"
    assert value(event, "status") == "CONFIRMED"
    assert value(event, "transp") == "TRANSPARENT"
    page = f"http://testserver{date.get_absolute_url()}"
    assert value(event, "url") == page
    assert value(event, "description") == f"Lær å redde liv.\n\n{page}"


@pytest.mark.parametrize(
    ("status", "said", "title"),
    [
        (None, "CONFIRMED", "Truck"),
        (Status.WILL_RUN, "CONFIRMED", "Truck"),
        (Status.TO_BE_CONFIRMED, "TENTATIVE", "Truck"),
        (Status.POSTPONED, "TENTATIVE", "Utsatt: Truck"),
        (Status.CANCELLED, "CANCELLED", "Avlyst: Truck"),
    ],
)
def test_where_it_stands_is_said_in_the_status_and_bad_news_in_the_title(
    client, status, said, title
):
    date = make_date(make_course("Truck"), status=status)
    event = feed(client)[date]
    assert (value(event, "status"), value(event, "summary")) == (said, title)


def test_a_gathering_does_not_say_which_of_how_many_it_is(client, two_days):
    date, first, second = two_days
    calendar = feed(client)
    assert value(calendar[first], "summary") == f"{date.course.title}: Teori"
    assert value(calendar[second], "summary") == date.course.title


def test_a_gathering_is_not_placed_where_another_one_is(client):
    date = make_date(place=None, lasts=2)
    make_gathering(date, venue=make_venue(city="Bergen"))
    second = make_gathering(date, day=1)
    assert value(feed(client)[second], "location") is None


def test_the_english_calendar_speaks_english(client):
    course = make_course("Truck")
    make_text(course)
    make_text(course, "en", lead="<p>Learn to drive.</p>")
    date = make_date(course, is_virtual=True, status=Status.CANCELLED)
    make_provider()
    calendar = feed(client, language="en")
    event = calendar[date]
    assert value(event, "summary") == "Cancelled: Truck"
    assert value(event, "location") == "Online"
    assert value(event, "description").startswith("Learn to drive.")
    assert "/en/courses/" in value(event, "url")
    assert calendar.calendar.contents["x-wr-calname"][0].value == "Courses at Fjordskolen"
    assert event.uid.value == feed(client)[date].uid.value


def test_nothing_about_people_and_no_meeting_link_is_in_any(client):
    """d16: searched for in every calendar, in both languages."""
    make_provider(email="post@skolen.example", phone="99 88 77 66")
    course = make_course(email_more_info="spor@skolen.example")
    make_text(course)
    online = make_date(course, event_url="https://meet.example/secret", is_virtual=True)
    date = make_date(course, event_url="https://meet.example/secret")
    for day in (0, 1):
        make_gathering(date, day=day, event_url="https://meet.example/also-secret")
    rows = [(), (course,), (course, online), (course, date)]
    rows += [(course, date, meeting) for meeting in date.gatherings.all()]
    for language in ("nb", "en"):
        for each in rows:
            text = client.get(address(*each, language=language)).content.decode()
            text = text.replace("\r\n ", "")
            for hidden in ("meet.example", "secret", "skolen.example", "99 88", "ORGANIZER"):
                assert hidden not in text, each


# --- What the calendar says of itself -------------------------------------------------------


def test_it_has_a_name_and_says_how_often_to_come_back(client):
    make_provider()
    make_date()
    calendar = feed(client, query="?place=oslo&free=1").calendar.contents
    names = {name: calendar[name][0].value for name in calendar if not name.startswith("v")}
    assert names["x-wr-calname"] == names["name"] == "Kurs hos Fjordskolen: Oslo, Ledige plasser"
    assert names["x-wr-timezone"] == "Europe/Oslo"
    assert names["refresh-interval"] == names["x-published-ttl"] == "PT1H"
    assert names["url"] == "http://testserver/kalender/?place=oslo&free=1"
    assert names["source"] == "http://testserver/kalender.ics?place=oslo&free=1"
    assert "method" not in names, "DTSTAMP would be the moment of asking (RFC 5545, 3.8.7.2)"


def test_a_file_of_one_date_names_no_calendar_so_that_it_goes_into_the_readers_own(client):
    date = make_date()
    calendar = feed(client, date.course, date).calendar.contents
    assert not {"name", "x-wr-calname", "method"} & calendar.keys()


def test_a_calendar_of_very_many_holds_the_next_ones_and_says_so(client, monkeypatch):
    monkeypatch.setattr(calendar_feed, "AT_MOST", 6)
    monkeypatch.setattr(calendar_feed, "PAST", 2)
    course = make_course()
    dates = {days: make_date(course, days=days) for days in (-4, -3, -2, -1, *range(1, 9))}
    calendar = feed(client)
    assert [days for days, date in dates.items() if date in calendar] == [-2, -1, 1, 2, 3, 4]
    about = calendar.calendar.contents["x-wr-caldesc"][0].value
    assert about == "Kalenderen er full: Den viser de 6 nærmeste oppføringene. Velg færre kurs."
    ahead = feed(client, query=f"?since={in_days(5)}")
    assert "x-wr-caldesc" not in ahead.calendar.contents
    assert len(ahead.events) == 4


# --- Through a real refresh: what a calendar program sees -----------------------------------


def test_a_move_changes_one_entry_and_the_others_stay_byte_for_byte(
    client, simulator, time_machine
):
    run()
    first, second, *_ = gatherings()
    before, course = feed(client), date_of(IN_GATHERINGS).course
    of_course = feed(client, course)
    days = simulator.edit(coursedate=IN_GATHERINGS)["gathering_days"]
    time_machine.move_to(timezone.now() + dt.timedelta(seconds=2))  # stamps are whole seconds
    simulator.edit(
        coursedate=IN_GATHERINGS, set={"gathering_days": [days[0], days[1] + 1, *days[2:]]}
    )
    run()
    after = feed(client)
    assert {uid for uid in after.lines if after.lines[uid] != before.lines[uid]} == {
        f"gathering-{second.remote_id}@frontcore"
    }
    assert after.events.keys() == before.events.keys()
    assert after.head == before.head
    moved = after[second]
    assert value(moved, "dtstart") == value(before[second], "dtstart") + DAY
    assert value(moved, "sequence") == str(int(value(before[second], "sequence")) + 1)
    assert value(moved, "dtstamp") > value(before[second], "dtstamp")
    assert value(moved, "last-modified") == value(moved, "dtstamp")
    assert feed(client, course).said(first) == of_course.said(first) == before.said(first)


def test_a_cancellation_is_told_of_and_changes_no_other_entry(client, simulator):
    run()
    rows = gatherings()
    before = feed(client)
    simulator.edit(coursedate=IN_GATHERINGS, set={"status_id": 3})
    run()
    after = feed(client)
    changed = {uid for uid in after.lines if after.lines[uid] != before.lines[uid]}
    assert changed == {f"gathering-{row.remote_id}@frontcore" for row in rows}
    for row in rows:
        assert value(after[row], "status") == "CANCELLED"
        assert value(after[row], "summary").startswith("Avlyst: ")
        assert int(value(after[row], "sequence")) == int(value(before[row], "sequence")) + 1
        assert value(after[row], "dtstart") == value(before[row], "dtstart")


def test_a_date_that_frontcore_no_longer_has_is_cancelled_then_gone(
    client, simulator, time_machine
):
    run()
    gone = date_of(13100001)
    simulator.edit(coursedates=[gone.remote_id], remove=True)
    run()
    gone.refresh_from_db()
    event = feed(client, gone.course, gone)[gone]
    assert (value(event, "status"), value(event, "sequence")) == ("CANCELLED", "1")
    time_machine.move_to(gone.withdrawn_at + settings.FEED_CANCELLED_PERIOD - DAY)
    assert client.get(address(gone.course, gone)).status_code == 200
    time_machine.move_to(gone.withdrawn_at + settings.FEED_CANCELLED_PERIOD + DAY)
    assert client.get(address(gone.course, gone)).status_code == 410
    assert gone not in feed(client, gone.course)


def test_an_entry_is_written_once_and_anew_when_its_number_rises(client):
    date, other = make_date(), make_date(days=9)
    revisions.begin()
    before = feed(client)
    assert len(calendar_feed.kept) == 2
    now = timezone.now()
    CourseDate.objects.filter(pk=date.pk).update(start_time=dt.time(10), changed_at=now)
    revisions.revise(now)
    after = feed(client)
    assert len(calendar_feed.kept) == 3
    assert value(after[date], "dtstart") == value(before[date], "dtstart") + dt.timedelta(hours=1)
    assert after.said(other) == before.said(other)


def gatherings():
    return list(date_of(IN_GATHERINGS).gatherings.order_by("starts_at"))


def test_what_stands_in_the_tables_stands_in_the_calendar(client, whole_school):
    """Every entry of the whole_school's school, by a second library."""
    run()
    revisions.begin()
    calendar, checked = feed(client), 0
    dates = calendar_feed.with_entries(CourseDate.objects.followed())
    for date in dates:
        for row in calendar_feed.rows_of(date):
            if row not in calendar:
                continue
            event, checked = calendar[row], checked + 1
            assert date.course.title in value(event, "summary")
            assert value(event, "sequence") == str(row.sequence)
            assert value(event, "dtstamp") == row.entry_changed_at.replace(microsecond=0)
            if row is date and date.start_time is None:
                assert value(event, "dtstart") == date.starts_on
            else:
                assert value(event, "dtstart") == row.starts_at
            if row.withdrawn_at or date.is_cancelled:
                assert value(event, "status") == "CANCELLED"
            if (place := row.venue or date.venue) and not date.is_virtual:
                assert value(event, "location").startswith(place.name)
    assert checked == len(calendar.events) > 100


@pytest.mark.parametrize(
    "address", ["/kalender.ics", "/kurs.atom", "/kalender.atom", "/sitemap.xml"]
)
def test_what_is_for_reading_refuses_anything_sent_in_the_right_words(address):
    answer = test.Client(enforce_csrf_checks=True).post(address, {"text": "x"})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
