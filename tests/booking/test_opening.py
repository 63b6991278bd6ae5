"""Booking opens when staff say so: on every page, in the form, at the press and before sending."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from booking.models import Booking
from catalog import tasks, timetable
from catalog.models import CourseDate, Generation, Heartbeat, Obstacle, Opening
from catalog.selection import Selection
from tests.booking.conftest import Visitor, bookings_sent, filled
from tests.booking.copies import copied
from tests.catalog.test_pages_lists import text_of
from tests.factories import make_date, make_generation, make_opening, make_provider

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def in_an_hour():
    return timezone.now() + HOUR


def opens_on(day, hour=8):
    """The hour of a day in January two years ahead, and how a page writes it."""
    year = timezone.localdate().year + 2
    local = dt.datetime(year, 1, day, hour, tzinfo=timezone.get_default_timezone())
    return local, f"Påmeldingen åpner {day}. jan. {year} kl. {hour:02}:00."


# --- What pages say -------------------------------------------------------------------------------


def test_course_page_date_page_and_form_say_when_booking_opens(client):
    date = make_date(days=900)
    opens_at, words = opens_on(3)
    make_opening(date, opens_at)
    form = reverse("book", args=[date.remote_id])
    for page in (date.course.get_absolute_url(), date.get_absolute_url(), form):
        response = client.get(page)
        assert words in text_of(response), page
        assert '<form class="form"' not in response.content.decode()
    assert f'href="{form}"' not in client.get(date.get_absolute_url()).content.decode()


def test_a_date_whose_opening_has_passed_is_booked_like_any_other(client):
    date = make_date()
    make_opening(date, timezone.now() - HOUR)
    page = client.get(date.get_absolute_url())
    assert "Påmeldingen åpner" not in text_of(page)
    assert reverse("book", args=[date.remote_id]) in page.content.decode()


# --- The rule -------------------------------------------------------------------------------------


def test_a_date_opens_at_its_minute_and_not_before():
    date = make_date()
    opening = make_opening(date, in_an_hour())
    just_before = opening.opens_at - dt.timedelta(seconds=1)
    assert date.obstacle(just_before) == Obstacle.NOT_OPEN
    assert date not in CourseDate.objects.bookable(just_before)
    assert date.obstacle(opening.opens_at) is None
    assert date in CourseDate.objects.bookable(opening.opens_at)


def test_what_is_over_is_said_rather_than_that_it_has_not_opened():
    date = make_date(status=CourseDate.Status.CANCELLED)
    make_opening(date, in_an_hour())
    assert date.obstacle() == Obstacle.CANCELLED


def test_a_full_date_takes_nobody_on_its_waiting_list_before_it_opens():
    date = make_date(seats_free=0)
    make_opening(date, in_an_hour())
    assert not date.offer


def test_only_dates_that_have_opened_count_as_free(time_machine):
    date, open_date = make_date(), make_date()
    make_opening(date, in_an_hour())
    free = Selection(free=True)
    assert timetable.current().dates_found(free) == [open_date.pk]
    time_machine.move_to(timezone.now() + 2 * HOUR)
    timetable.forget()
    assert set(timetable.current().dates_found(free)) == {date.pk, open_date.pk}


def test_pages_that_are_kept_are_made_anew_when_a_date_opens(time_machine):
    make_generation()
    make_opening(make_date(), in_an_hour())
    tasks.beat()
    before = Generation.current().number
    tasks.beat()
    assert Generation.current().number == before
    time_machine.move_to(timezone.now() + 2 * HOUR)
    tasks.beat()
    assert Generation.current().number == before + 1
    tasks.beat()
    assert Generation.current().number == before + 1
    assert Heartbeat.of("worker") < HOUR


# --- Booking --------------------------------------------------------------------------------------


def test_a_form_cannot_be_opened_before_the_opening(client, simulator):
    date = copied(13100001)
    make_provider()
    make_opening(date, in_an_hour())
    page = client.get(reverse("book", args=[date.remote_id]))
    assert (page.status_code, "form" in page.context) == (200, False)


def test_a_form_that_was_open_already_is_refused_at_the_preview(visit, simulator):
    visitor = visit()
    make_opening(visitor.coursedate, in_an_hour())
    visitor.preview(filled())
    assert "date_not_open" in visitor.codes
    assert "Påmeldingen åpner" in visitor.text
    assert not Booking.objects.exists()


def test_an_opening_put_off_after_the_preview_stops_the_press(visit, simulator):
    visitor = visit().preview(filled())
    make_opening(visitor.coursedate, in_an_hour())
    visitor.book()
    assert "date_not_open" in visitor.codes
    assert visitor.entry.form["company"].value() == filled()["company"]
    assert not Booking.objects.exists()


def test_an_opening_put_off_after_the_press_is_seen_before_sending(make_booking, work, simulator):
    booking = make_booking()
    make_opening(booking.coursedate, in_an_hour())
    booking = work(booking)
    assert (booking.status, booking.refusal_code) == (Booking.Status.REFUSED, "date_not_open")
    assert not bookings_sent(simulator)


def test_from_its_opening_on_it_is_booked(client, simulator, provider, work, time_machine):
    date = copied(13100001)
    make_opening(date, in_an_hour())
    time_machine.move_to(timezone.now() + 2 * HOUR)
    Visitor(client, date).preview(filled()).book()
    assert work().status == Booking.Status.CONFIRMED


# --- Staff write it -------------------------------------------------------------------------------


@pytest.fixture
def date_page(admin_client):
    """The page of a date in the admin, and how an opening is typed there."""
    date = make_date(starts_on=dt.date(2031, 3, 1))

    def save(day="2031-01-03", hour="08:00:20"):
        kept = Opening.objects.filter(date=date).exists()
        fields = {
            "opening-TOTAL_FORMS": "1",
            "opening-INITIAL_FORMS": str(int(kept)),
            "opening-0-date": date.pk,
            "opening-0-opens_at_0": day,
            "opening-0-opens_at_1": hour,
        }
        if kept:
            fields["opening-0-id"] = Opening.objects.get(date=date).pk
        for readonly in ("seats", "gatherings"):
            fields |= {f"{readonly}-TOTAL_FORMS": "0", f"{readonly}-INITIAL_FORMS": "0"}
        address = reverse("admin:catalog_coursedate_change", args=[date.pk])
        return admin_client.post(address, fields)

    save.date = date
    return save


@pytest.mark.parametrize(("closes_on", "day"), [(None, "2031-03-02"), ("2031-02-01", "2031-02-02")])
def test_an_opening_after_the_last_day_to_book_is_refused(date_page, closes_on, day):
    CourseDate.objects.update(closes_on=closes_on)
    answer = date_page(day)
    assert "Ingen ville kunne melde seg på" in answer.content.decode()
    assert not Opening.objects.exists()


def test_staff_write_the_opening_beside_the_date_and_pages_follow(date_page):
    make_generation()
    before = Generation.current().number
    assert date_page().status_code == 302
    opening = Opening.objects.get(date=date_page.date)
    assert timezone.localtime(opening.opens_at).isoformat()[:19] == "2031-01-03T08:00:00"
    assert Generation.current().number == before + 1


def test_saving_the_opening_leaves_the_copied_row_as_it_is(date_page):
    CourseDate.objects.filter(pk=date_page.date.pk).update(title="Som i Frontcore")
    date_page()
    date_page(hour="09:00:00")
    row = CourseDate.objects.get(pk=date_page.date.pk)
    assert row.title == "Som i Frontcore"
    assert timezone.localtime(row.opening.opens_at).hour == 9


def test_who_may_not_write_openings_may_not_save_the_page(client, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("ser", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    address = reverse("admin:catalog_coursedate_change", args=[make_date().pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 403
