"""What was withdrawn or cancelled keeps its address: what happened and when, other dates, the way
to register interest; after sixty days the same with 410."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import Course, CourseDate
from tests.catalog.running import BOOKABLE, WITH_VAT, date, run
from tests.catalog.test_pages_lists import text_of
from tests.factories import make_category, make_course, make_date, make_text

pytestmark = pytest.mark.django_db

NOINDEX = '<meta name="robots" content="noindex">'
DAY = dt.timedelta(days=1)


def interest_in(course):
    return f'href="{reverse("course_interest", args=[course.remote_id, course.slug])}"'


def in_words(moment):
    months = "januar februar mars april mai juni juli august september oktober november desember"
    day = timezone.localtime(moment)
    return f"{day.day}. {months.split()[day.month - 1]} {day.year}"


# --- Through a real refresh -----------------------------------------------------------------------


def walk(client, time_machine, thing, withdrawn_at):
    """The page of something withdrawn: today, on its last day with 200, and after it."""
    address = thing.get_absolute_url()
    pages = [client.get(address)]
    for days in (59, 61):
        time_machine.move_to(withdrawn_at + days * DAY)
        pages.append(client.get(address))
    return pages


def test_a_date_that_frontcore_no_longer_has(client, whole_school, time_machine):
    run()
    gone = date(BOOKABLE)
    assert client.get(gone.get_absolute_url()).status_code == 200
    whole_school.edit(coursedates=[BOOKABLE], remove=True)
    run()
    gone = date(BOOKABLE)
    young, older, old = walk(client, time_machine, gone, gone.withdrawn_at)
    assert (young.status_code, older.status_code, old.status_code) == (200, 200, 410)
    body = young.content.decode()
    assert "Denne datoen tilbys ikke lenger." in body
    assert f"{in_words(gone.withdrawn_at)}." in body
    assert NOINDEX in body
    assert interest_in(gone.course) in body
    assert "Nærmeste andre datoer" in body
    assert reverse("book", args=[BOOKABLE]) not in body
    assert what_happened(old) == what_happened(young)


def test_a_course_that_frontcore_no_longer_has(client, simulator, time_machine):
    run()
    course = date(WITH_VAT).course
    simulator.edit(course=course.remote_id, remove=True)
    run()
    course = Course.objects.get(pk=course.pk)
    young, older, old = walk(client, time_machine, course, course.withdrawn_at)
    assert (young.status_code, older.status_code, old.status_code) == (200, 200, 410)
    body = young.content.decode()
    assert "Dette kurset tilbys ikke lenger" in body
    assert f"{in_words(course.withdrawn_at)}." in body
    assert NOINDEX in body
    assert interest_in(course) in body
    assert "km unna" in body
    assert course.title not in text_of(client.get(reverse("course_list")))
    assert what_happened(old) == what_happened(young)


def what_happened(page):
    """What the page says of the thing itself; the dates beside it go on."""
    return text_of(page).split("Nærmeste andre datoer")[0].split("Finn et annet kurs")[0]


def test_a_date_that_frontcore_cancels_says_so_on_top_and_offers_others(client, simulator):
    run()
    simulator.edit(coursedate=BOOKABLE, set={"status_id": 3})
    run()
    response = client.get(date(BOOKABLE).get_absolute_url())
    body = response.content.decode()
    assert response.status_code == 200
    assert NOINDEX not in body
    assert body.index("Denne datoen er avlyst.") < body.index("Nærmeste andre datoer")
    assert body.index("Nærmeste andre datoer") < body.index('<dl class="facts">')


# --- What it offers -------------------------------------------------------------------------------


def test_the_body_stays_the_same_when_the_answer_turns_to_410(client, time_machine):
    now = timezone.now()
    course = make_course(withdrawn_at=now)
    make_text(course)
    gone = make_date(make_course(), withdrawn_at=now)
    young = [client.get(thing.get_absolute_url()) for thing in (course, gone)]
    time_machine.move_to(now + 61 * DAY)
    old = [client.get(thing.get_absolute_url()) for thing in (course, gone)]
    assert [page.status_code for page in (*young, *old)] == [200, 200, 410, 410]
    assert [page.content for page in young] == [page.content for page in old]


def test_a_withdrawn_course_offers_dates_of_courses_like_it(client):
    category = make_category()
    course = make_course("Borte", categories=[category], withdrawn_at=timezone.now())
    other = make_course("Lignende", categories=[category])
    make_date(other)
    make_course("Lignende uten datoer", categories=[category])
    body = client.get(course.get_absolute_url()).content.decode()
    assert other.get_absolute_url() in body
    assert "Lignende uten datoer" not in body


def test_a_withdrawn_course_like_no_other_offers_the_next_dates_of_any(client):
    course = make_course("Borte", withdrawn_at=timezone.now())
    other = make_course("Noe helt annet")
    make_date(other)
    assert other.get_absolute_url() in client.get(course.get_absolute_url()).content.decode()


def test_the_tombstone_of_a_date_does_not_offer_itself(client):
    gone = make_date(withdrawn_at=timezone.now())
    body = client.get(gone.get_absolute_url()).content.decode()
    assert reverse("book", args=[gone.remote_id]) not in body


def test_a_postponed_date_keeps_its_page_and_says_so(client):
    page = client.get(make_date(status=CourseDate.Status.POSTPONED).get_absolute_url())
    assert "Denne datoen er utsatt" in text_of(page)
    assert page.status_code == 200


def test_in_english_a_tombstone_speaks_english(client):
    course = make_course(withdrawn_at=timezone.now())
    page = client.get(f"/en/courses/{course.remote_id}-{course.slug}/")
    assert "This course is no longer offered" in text_of(page)
    assert "Withdrawn on" in text_of(page)


def test_a_tombstone_costs_as_many_queries_whatever_the_size(client, django_assert_max_num_queries):
    category = make_category()
    course = make_course("Borte", categories=[category], withdrawn_at=timezone.now())
    for number in range(6):
        make_date(make_course(f"Lignende {number}", categories=[category]))
        make_date(course, days=number, withdrawn_at=timezone.now())
    with django_assert_max_num_queries(14):
        client.get(course.get_absolute_url())
