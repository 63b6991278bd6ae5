"""Whoever has found something can follow it: in a calendar of their own, or in a feed reader."""

import datetime as dt

import pytest
from django.utils import timezone
from icalendar import Calendar
from lxml import html

from catalog.models import CourseDate
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_place,
    make_provider,
)

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
STATUS = CourseDate.Status


@pytest.fixture(autouse=True)
def school():
    make_provider()
    make_generation()


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.fromstring(answer.text)


def one(found):
    assert len(found) == 1
    return found[0]


def panel(client, path):
    return one(page(client, path).xpath("//main//details[@id='follow']"))


def words(element):
    return " ".join(element.text_content().split())


def address(element):
    """What is there to be copied."""
    return one(element.xpath(".//input[@readonly]/@value"))


def announced(client, path):
    """{type: path} of what the page's head says it can be followed by."""
    kinds = ("application/atom+xml", "text/calendar")
    links = page(client, path).xpath("//head/link[@rel='alternate' and @type]")
    assert all(link.get("title") for link in links)
    return {link.get("type"): link.get("href") for link in links if link.get("type") in kinds}


# --- A list, a calendar -------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/kurs/", "/kalender/", "/kalender/rutenett/"])
def test_what_is_chosen_is_what_one_follows(client, path):
    tonsberg = make_place("Tønsberg", "Vestfold")
    wanted = make_date(make_course("Truck A"), place=tonsberg)
    make_date(make_course("Truck B"))
    make_date(make_course("Ledelse"), place=tonsberg)
    shown = panel(client, f"{path}?q=truck&place=vestfold")
    assert "Gjelder: truck, Vestfold." in words(shown)
    assert address(shown) == f"{SITE}/kalender.ics?q=truck&place=vestfold"
    calendar = Calendar.from_ical(client.get(address(shown).removeprefix(SITE)).content)
    assert [event["summary"] for event in calendar.events] == [wanted.course.title]


@pytest.mark.parametrize(
    ("path", "news"),
    [
        ("/kurs/", "/kurs.atom"),
        ("/kalender/", "/kalender.atom"),
        ("/kalender/rutenett/", "/kalender.atom"),
        ("/en/courses/", "/en/courses.atom"),
    ],
)
def test_there_is_a_link_that_subscribes_and_one_for_feed_readers(client, path, news):
    make_date()
    shown = panel(client, f"{path}?free=1")
    calendar = address(shown)
    webcal, atom = shown.xpath(".//a")
    assert webcal.get("href") == calendar.replace("http://", "webcal://")
    assert atom.get("href") == f"{news}?free=1"
    assert "Atom" in atom.text
    assert {link.get("rel") for link in (webcal, atom)} == {"nofollow"}
    for found in (atom.get("href"), calendar.removeprefix(SITE)):
        assert client.get(found).status_code == 200
    query = {
        "application/atom+xml": f"{news}?free=1",
        "text/calendar": calendar.removeprefix(SITE),
    }
    assert announced(client, f"{path}?free=1") == query


def test_it_says_what_subscribing_is_before_anything_is_chosen(client):
    make_date()
    for path in ("/kurs/", "/kalender/"):
        shown = panel(client, path)
        assert words(shown.find("summary")) == "Følg alle kursdatoene i kalenderen din"
        assert "Abonner én gang" in words(shown)
        assert address(shown) == f"{SITE}/kalender.ics"


def test_a_month_that_is_shown_narrows_nothing(client):
    """Who subscribes in November wants December too; a month that was chosen is a choice."""
    date = make_date(days=70)
    make_date(days=5)
    month = date.starts_on
    for path in (f"/kalender/{month:%Y/%-m}/", f"/kalender/{month:%Y/%-m}/rutenett/"):
        assert address(panel(client, path)) == f"{SITE}/kalender.ics"
    shown = panel(client, f"/kurs/?month={month:%Y-%m}&sort=date")
    assert address(shown) == f"{SITE}/kalender.ics?month={month:%Y-%m}"


def test_a_category_is_followed_from_its_own_page(client):
    category = make_category("Truck")
    make_date(make_course(categories=[category]))
    shown = panel(client, category.get_absolute_url())
    assert "Truck" in words(shown)
    assert address(shown) == f"{SITE}/kalender.ics?category={category.remote_id}"


def test_what_finds_nothing_now_can_be_followed_and_what_is_none_is_left_out(client):
    make_date(make_course("Truck"), place=make_place("Bergen", "Vestland"))
    make_date(make_course("Ledelse"))
    shown = panel(client, "/kurs/?q=ledelse&place=vestland&place=atlantis")
    assert address(shown) == f"{SITE}/kalender.ics?q=ledelse&place=vestland"
    shown = panel(client, "/kalender/?q=ledelse&place=vestland")
    assert "Vestland" in words(shown)


def test_an_empty_school_can_be_followed(client):
    assert address(panel(client, "/kalender/")) == f"{SITE}/kalender.ics"
    assert address(panel(client, "/kurs/")) == f"{SITE}/kalender.ics"


def test_every_page_leads_to_it(client):
    """Its end: what the link names lies in the part itself, so that browsers open it."""
    link = one(page(client, "/kurssteder/").xpath("//footer//a[contains(@href, '#')]/@href"))
    path, _, name = link.partition("#")
    assert panel(client, path).xpath(f".//*[@id='{name}']")


def test_the_front_page_tells_programs_of_everything(client):
    assert announced(client, "/") == {
        "application/atom+xml": "/kurs.atom",
        "text/calendar": "/kalender.ics",
    }


def test_words_of_a_search_stay_words(client):
    make_date()
    text = client.get("/kurs/?q=%3Cb%3E%22%26").text
    assert "<b>&quot;" not in text
    assert "Gjelder: <strong>&lt;b&gt;&quot;&amp;</strong>" in text


# --- A course, a date ---------------------------------------------------------------------------


def test_the_dates_of_a_course_are_followed_from_its_page(client):
    course = make_course("Truckførerkurs")
    make_date(course)
    shown = panel(client, course.get_absolute_url())
    assert words(shown.find("summary")) == "Legg datoene i kalenderen din"
    assert "Truckførerkurs" in words(shown)
    assert address(shown) == f"{SITE}/kurs/{course.remote_id}.ics"
    calendar = f"/kurs/{course.remote_id}.ics"
    assert announced(client, course.get_absolute_url()) == {"text/calendar": calendar}
    assert client.get(calendar).status_code == 200


def downloads(client, date):
    links = page(client, date.get_absolute_url()).xpath("//main//a[contains(@href, '.ics')]")
    assert all(link.get("rel") == "nofollow" for link in links)
    return {words(link): link.get("href") for link in links}


def test_a_date_can_be_put_into_a_calendar(client):
    date = make_date()
    path = f"/kurs/{date.course.remote_id}/dato/{date.remote_id}.ics"
    assert downloads(client, date) == {"Legg i kalenderen": path}
    assert "attachment" in client.get(path).headers["Content-Disposition"]
    assert announced(client, date.get_absolute_url()) == {"text/calendar": path}


def test_each_of_several_gatherings_can_be_put_there_alone(client):
    date = make_date(starts_on=dt.date(2031, 11, 20), lasts=8)
    meetings = [make_gathering(date, day=day) for day in (0, 7)]
    path = f"/kurs/{date.course.remote_id}/dato/{date.remote_id}"
    first, second = (f"{path}/samling/{meeting.remote_id}.ics" for meeting in meetings)
    assert downloads(client, date) == {
        "Legg i kalenderen": f"{path}.ics",
        "Legg i kalenderen: torsdag 20. november 2031": first,
        "Legg i kalenderen: torsdag 27. november 2031": second,
    }
    calendar = Calendar.from_ical(client.get(second).content)
    assert len(calendar.events) == 1


@pytest.mark.parametrize(
    "state",
    [
        {"status": STATUS.CANCELLED},
        {"status": STATUS.POSTPONED},
        {"withdrawn_at": timezone.now()},
        {"days": -2},
    ],
    ids=["cancelled", "postponed", "withdrawn", "past"],
)
def test_nobody_is_asked_to_write_down_what_will_not_be(client, state):
    date = make_date(**state)
    assert not date.is_to_come
    assert downloads(client, date) == {}
    assert announced(client, date.get_absolute_url()) == {}


def test_a_full_date_and_one_past_its_deadline_still_take_place(client):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    for date in (make_date(seats_free=0), make_date(closes_on=yesterday)):
        assert date.is_to_come
        assert downloads(client, date)
