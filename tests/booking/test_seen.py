"""What has changed since the page was loaded is said before anybody books."""

import datetime as dt

import pytest
from django.utils import timezone

from booking import seen
from catalog.models import CourseDate, Generation, Product
from tests.booking.conftest import filled, reachable, unreachable
from tests.booking.copies import copied

pytestmark = pytest.mark.django_db

NEWS = "Dette er endret siden du åpnet siden"
DATE = 13100001


def told(visitor):
    return {what: (now, before) for what, now, before in visitor.page.context["news"]}


def sealed(visitor):
    """What the page carries along, as a browser sends it back."""
    return {"seen": visitor.page.context["seen"]}


def leave(simulator, free):
    """So many seats of a date are free in Frontcore from now on."""
    seats = copied(DATE).seats
    simulator.edit(coursedate=DATE, set={"capacity": seats.capacity - seats.free + free})


def test_nothing_is_said_where_nothing_has_changed(visit, simulator):
    visitor = visit()
    visitor.preview(filled(), **sealed(visitor))
    assert told(visitor) == {}
    assert NEWS not in visitor.text


def test_the_page_says_when_it_was_checked_and_the_form_what_changed(
    visit, simulator, client, time_machine
):
    visitor = visit()
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    at = tomorrow.replace(hour=14, minute=5)
    Generation.objects.update(checked_at=at)
    time_machine.move_to(at + dt.timedelta(minutes=3))
    page = client.get(visitor.coursedate.course.get_absolute_url()).content.decode()
    assert "Sjekket kl. 14:05" in page
    leave(simulator, 3)
    visitor = visit()
    leave(simulator, 2)
    visitor.preview(filled(), **sealed(visitor))
    assert NEWS in visitor.text
    assert told(visitor) == {"Plasser": ("2 plasser igjen", "3 plasser igjen")}
    assert "(var 3 plasser igjen)" in visitor.text


def test_what_a_refresh_brought_meanwhile_is_news_to_who_had_the_form_open(visit, simulator):
    visitor = visit()
    carried = sealed(visitor)
    leave(simulator, 2)
    copied(DATE)
    visitor.preview(filled(), **carried)
    assert told(visitor)["Plasser"][0] == "2 plasser igjen"


def test_other_times_and_another_price_are_told_with_what_they_were(visit, simulator):
    visitor = visit(13100003)
    carried = sealed(visitor)
    before = visitor.coursedate
    day = before.starts_on.isoformat()
    times = {"start_time_at": "10:00:00", "end_time_at": "12:00:00"}
    simulator.edit(coursedate=13100003, set={"start_at": day, "end_at": day, **times})
    Product.objects.filter(course=before.course).update(price="1")
    visitor.preview(filled(), **carried)
    now = CourseDate.objects.get(pk=before.pk)
    assert now.start_time.isoformat() == "10:00:00"
    assert "10:00–12:00" in told(visitor)["Tid"][0]
    assert told(visitor)["Tid"][1] != told(visitor)["Tid"][0]


def test_news_are_told_once(visit, simulator):
    visitor = visit()
    carried = sealed(visitor)
    leave(simulator, 2)
    visitor.preview(filled(), **carried)
    visitor.preview(filled(), **sealed(visitor))
    assert told(visitor) == {}


def test_nobody_can_be_told_of_a_change_that_there_was_not(visit, simulator):
    visitor = visit()
    for invented in ("", "x", seen.seal(copied(13100003))):
        visitor.preview(filled(), seen=invented)
        assert told(visitor) == {}


def test_the_same_facts_are_sealed_alike_at_any_time(simulator, time_machine):
    """When a page was made is none of what it shows: equal answers stay equal, byte for byte."""
    first = seen.seal(copied(DATE))
    time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    assert seen.seal(copied(DATE)) == first


def test_where_frontcore_is_away_the_copy_is_compared(visit, simulator, settings):
    visitor = visit()
    carried = sealed(visitor)
    unreachable(settings)
    visitor.preview(filled(), **carried)
    assert told(visitor) == {}
    reachable(settings, simulator)


def test_seats_that_are_told_in_words_only_give_no_number_away(visit, simulator, settings):
    settings.SEATS_SHOWN = "band"
    visitor = visit()
    carried = sealed(visitor)
    leave(simulator, 2)
    visitor.preview(filled(), **carried)
    assert told(visitor) == {"Plasser": ("få plasser igjen", "ledige plasser")}


def test_news_follow_the_language_of_the_page(visit, simulator):
    visitor = visit(language="en")
    carried = sealed(visitor)
    leave(simulator, 2)
    visitor.preview(filled(), **carried)
    assert "This has changed since you opened the page" in visitor.text
    assert told(visitor) == {"Seats": ("2 seats left", "free seats")}
