"""Who waits for a date is told of one: once, when a seat on it can be booked, and it is news."""

from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking import mails, telling
from booking.models import Interest, Mail
from catalog.models import Course, CourseDate, Opening, Place, Seats
from catalog.refresh import refresh_catalog
from catalog.upstream import open_frontcore
from frontcore import Priority
from tests.booking.interested import KARI, Asker, asked, look, refreshed
from tests.factories import (
    in_days,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_place,
    make_provider,
    make_venue,
)

pytestmark = pytest.mark.django_db
WITHOUT_DATES = 90012


@pytest.fixture
def course():
    make_provider()
    make_generation()
    return make_course()


def fresh(row):
    row.refresh_from_db()
    return row


def seats(date, free):
    Seats.objects.filter(date=date).update(free=free)


def refresh_from(simulator):
    with open_frontcore(Priority.REFRESH) as api:
        run = refresh_catalog(api)
    assert run.outcome == "good", run.error
    return look()


# --- The whole way ----------------------------------------------------------------------------


def test_a_date_that_appears_in_frontcore_is_told_once(simulator, client):
    make_provider()
    refresh_from(simulator)
    course = Course.objects.get(remote_id=WITHOUT_DATES)
    Asker(client, course).press()
    Asker(client, course, "en").press(email="ola@bygg.example")
    told = {message.to[0] for message in look()}
    assert told == {KARI, "ola@bygg.example", course.email_more_info}
    full = {"capacity": 10, "confirmed": 10}
    date = {"course_id": WITHOUT_DATES, "start_at": in_days(40).isoformat()}
    date_id = simulator.edit(add_coursedate=date | full)["id"]
    assert not refresh_from(simulator), "there is no seat to be had"
    simulator.edit(coursedate=date_id, set={"confirmed": 8})
    told = {message.to[0]: message for message in refresh_from(simulator)}
    assert set(told) == {KARI, "ola@bygg.example"}
    assert told[KARI].subject == f"En dato med ledige plasser: {course.title}"
    assert f"http://testserver/kurs/{WITHOUT_DATES}-" in told[KARI].body
    assert f"/dato/{date_id}/" in told[KARI].body
    assert told["ola@bygg.example"].subject == f"A date with free seats: {course.title}"
    assert f"/date/{date_id}/" in told["ola@bygg.example"].body
    another = date | {"start_at": in_days(50).isoformat()}
    simulator.edit(add_coursedate=another)
    assert not refresh_from(simulator), "once is once"


# --- Once -------------------------------------------------------------------------------------


def test_two_workers_that_look_at_once_tell_once(course):
    asked(course)
    date = make_date(course)
    one, other = Interest.objects.get(), Interest.objects.get()
    assert one.news_among([date_as_shown(date)])
    assert [one.tell(), other.tell()] == [True, False]
    assert Mail.objects.count() == 1


def date_as_shown(date):
    return CourseDate.objects.with_where().get(pk=date.pk)


def test_a_worker_that_dies_in_the_middle_leaves_it_to_the_next_look(course):
    interest = asked(course)
    make_date(course)
    with transaction.atomic():
        interest.tell()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
    assert len(refreshed()) == 1


def test_a_worker_that_dies_after_sending_says_it_again_under_the_same_message_id(course):
    asked(course)
    make_date(course)
    (first,) = refreshed()
    Mail.objects.update(state=Mail.State.DUE, sent_at=None, due_at=timezone.now())
    (again,) = look()
    assert again.extra_headers["Message-ID"] == first.extra_headers["Message-ID"]
    assert again.body == first.body


def test_looks_and_refreshes_after_that_tell_nothing(course):
    asked(course)
    make_date(course)
    assert len(refreshed()) == 1
    make_date(course, days=60)
    assert not refreshed()
    assert not look()


def test_where_nothing_is_new_a_look_is_two_questions(course):
    for number in range(30):
        asked(course, f"p{number}@x.example")
    refreshed()
    with CaptureQueriesContext(connection) as queries:
        telling.tell_of_dates()
    assert len(queries) == 2
    assert all(query["sql"].startswith("SELECT") for query in queries)


def test_a_mistake_about_one_course_does_not_hold_up_the_others(course, caplog):
    asked(course, known_dates=5)  # nothing that a list of dates could be
    make_date(course)
    other = make_course("Zoologi")
    asked(other)
    make_date(other)
    assert len(refreshed()) == 1
    assert f"Course {course.remote_id}" in caplog.text
    assert KARI not in caplog.text


# --- What is news -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "why",
    [
        {"seats_free": 0},
        {"status": CourseDate.Status.CANCELLED},
        {"status": CourseDate.Status.POSTPONED},
        {"public": False},
        {"days": -1},
        {"closes_on": in_days(-1), "shown_after_deadline": True},
        {"withdrawn_at": timezone.now()},
    ],
    ids=lambda why: next(iter(why)),
)
def test_a_date_that_cannot_be_booked_is_no_news(course, why):
    asked(course)
    make_date(course, **why)
    assert not refreshed()
    assert Interest.objects.waiting().exists()


def test_unknown_seats_are_no_full_date(course):
    asked(course)
    make_date(course, seats=False)
    assert len(refreshed()) == 1


def test_a_date_of_another_course_is_no_news(course):
    asked(course)
    make_date(make_course("Annet"))
    assert not refreshed()


def test_a_course_that_is_booked_elsewhere_has_dates_all_the_same(course):
    course.external_booking_url = "https://elsewhere.example/"
    course.save()
    asked(course)
    make_date(course)
    assert len(refreshed()) == 1


def test_what_was_open_when_they_asked_is_no_news_and_the_next_one_is(client, course):
    make_date(course, days=20)
    Asker(client, course).press()
    look()
    assert not refreshed()
    later = make_date(course, days=40)
    (message,) = refreshed()
    assert f"/dato/{later.remote_id}/" in message.body
    assert message.body.count("/dato/") == 1


def test_a_date_that_was_full_when_they_asked_is_news_once_it_has_seats(client, course):
    date = make_date(course, seats_free=0)
    Asker(client, course).press()
    look()
    assert not refreshed()
    seats(date, 1)
    assert len(refreshed()) == 1


def test_a_date_that_was_open_and_full_since_is_news_when_it_opens_again(client, course):
    date = make_date(course)
    Asker(client, course).press()
    look()
    seats(date, 0)
    assert not refreshed()
    seats(date, 2)
    assert len(refreshed()) == 1


def test_a_date_is_told_when_its_booking_opens_without_any_refresh(course):
    asked(course)
    date = make_date(course)
    opening = Opening.objects.create(date=date, opens_at=timezone.now() + timedelta(hours=1))
    assert not refreshed()
    assert not look()
    Interest.objects.update(looked_at=timezone.now() - timedelta(hours=2))
    opening.opens_at = timezone.now() - timedelta(minutes=1)
    opening.save()
    assert len(look()) == 1


def test_the_dates_are_told_soonest_first_and_not_more_than_a_reader_wants(course):
    asked(course)
    dates = [make_date(course, days=100 - day) for day in range(10)]
    (message,) = refreshed()
    assert message.body.count("/dato/") == 8
    soonest, latest = dates[-1].remote_id, dates[0].remote_id
    assert f"/dato/{latest}/" not in message.body
    assert message.body.index(f"/dato/{soonest}/") == message.body.index("/dato/")
    assert course.get_absolute_url() in message.body


# --- Where ------------------------------------------------------------------------------------


@pytest.fixture
def bergen():
    return make_place("Bergen", "Vestland")


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({}, True),
        ({"place": "bergen"}, True),
        ({"place": "Vestland"}, True),
        ({"place": "Oslo"}, False),
        ({"place": "online"}, False),
        ({"place": "Oslo", "place_other": "eller i nærheten"}, True),
        ({"place_other": "Voss"}, True),
    ],
)
def test_a_chosen_place_is_kept_to_and_own_words_narrow_nothing(course, bergen, wish, told):
    asked(course, **wish)
    make_date(course, place=bergen)
    assert bool(refreshed()) is told


@pytest.mark.parametrize("wish", ["", "Oslo", "online"])
def test_a_date_online_is_for_everybody(course, wish):
    asked(course, place=wish)
    make_date(course, is_virtual=True)
    (message,) = refreshed()
    assert "nett" in message.body.split("Se datoen")[0].lower()


def test_a_date_that_has_its_town_in_a_gathering_only_is_found(course):
    asked(course, place="Tromsø")
    date = make_date(course, place=None)
    make_gathering(date, venue=make_venue(city="Tromsø"))
    assert len(refreshed()) == 1


def test_a_date_elsewhere_leaves_them_waiting_for_the_right_one(course, bergen):
    asked(course, place="Bergen")
    make_date(course, place=Place.objects.filter(title="Oslo").first() or make_place())
    assert not refreshed()
    right = make_date(course, place=bergen)
    (message,) = refreshed()
    assert message.body.count("/dato/") == 1
    assert f"/dato/{right.remote_id}/" in message.body


# --- The mail, when it goes out ---------------------------------------------------------------


@pytest.fixture
def no_mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False


LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


def test_a_mail_server_that_is_away_delays_it_and_loses_nothing(course, settings, no_mail_server):
    interest = asked(course)
    make_date(course)
    assert not refreshed()
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts) == (Mail.State.DUE, 1)
    assert fresh(interest).told_at
    settings.EMAIL_BACKEND = LOCMEM
    (message,) = refreshed()
    assert message.extra_headers["Message-ID"] == mail.message_id
    assert not refreshed()


def test_a_date_that_is_gone_before_the_mail_went_out_is_not_told_and_they_wait_on(
    course, settings, no_mail_server
):
    interest = asked(course)
    date = make_date(course)
    refreshed()
    seats(date, 0)
    settings.EMAIL_BACKEND = LOCMEM
    assert not look()
    assert Mail.objects.get().state == Mail.State.DROPPED
    assert fresh(interest).is_waiting
    make_date(course, days=70)
    (message,) = refreshed()
    assert message.to == [KARI]


def test_who_asked_again_meanwhile_waits_in_one_row_only(course, settings, no_mail_server):
    asked(course)
    date = make_date(course)
    refreshed()
    seats(date, 0)
    asked(course)
    settings.EMAIL_BACKEND = LOCMEM
    look()
    assert Interest.objects.waiting().count() == 1


def test_the_receipt_is_not_sent_after_the_date(client, course):
    Asker(client, course).press()
    make_date(course)
    told = [message for message in refreshed() if message.to == [KARI]]
    assert [message.subject.split(":")[0] for message in told] == ["En dato med ledige plasser"]


def test_staff_read_the_mail_without_the_link_that_is_the_visitors_own(course, admin_client):
    interest = asked(course, name="Kari Fjeld")
    make_date(course)
    refreshed()
    page = admin_client.get(f"/admin/booking/mail/{Mail.objects.get().pk}/change/")
    assert page.status_code == 200
    text = page.content.decode()
    assert interest.token not in text
    assert "secret-link" not in text
    assert "En dato med ledige plasser" in text
    mail = Mail.objects.get()
    assert mails.headers_of(mail)
    assert interest.token in outgoing.outbox[-1].body


def test_a_mail_sent_again_by_staff_says_the_same(course):
    asked(course)
    date = make_date(course)
    (first,) = refreshed()
    seats(date, 0)
    assert Mail.objects.get().send_again("staff: desk")
    (again,) = look()
    assert again.body == first.body
