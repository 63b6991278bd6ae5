"""The rules for cancelling: whole days before the start, in the date's own time zone."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from booking.models import Booking
from booking.models.cancelling import Way
from catalog.models import CourseDate, Provider
from tests.factories import make_date

Status = Booking.Status
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture(autouse=True)
def _rules(provider):
    Provider.objects.update(cancel_free_days=14, cancel_fee_days=3)


DAY = datetime(2027, 3, 31, 9, tzinfo=OSLO)


def on_paper(zone="Europe/Oslo", **given):
    """A booking of a date that starts on 31 March 2027, which is nowhere but in memory."""
    date = make_date(starts_on=DAY.date(), timezone=zone)
    values = {"coursedate": date, "status": Status.CONFIRMED, "remote_booking_id": 7}
    return Booking(**values | given)


@pytest.mark.parametrize(
    ("days", "way"),
    [
        (15, Way.FREE),
        (14, Way.FREE),
        (13, Way.WITH_FEE),
        (3, Way.WITH_FEE),
        (2, Way.BY_REQUEST),
        (0, Way.BY_REQUEST),
        (-1, Way.STARTED),
    ],
)
@pytest.mark.parametrize("clock", [(0, 0), (8, 59), (23, 59)])
def test_days_are_counted_whole_from_midnight_to_midnight(days, way, clock):
    moment = DAY.replace(hour=clock[0], minute=clock[1]) - timedelta(days=days)
    if days == 0 and clock == (23, 59):
        way = Way.STARTED
    assert on_paper().cancelling_terms(moment).way == way


def test_the_days_are_those_of_the_dates_own_time_zone():
    """Half past eleven in the evening in Oslo: in Tokyo the next day has begun."""
    late = datetime(2027, 3, 17, 23, 30, tzinfo=OSLO)
    assert on_paper().cancelling_terms(late).way == Way.FREE
    assert on_paper("Asia/Tokyo").cancelling_terms(late).way == Way.WITH_FEE


def test_without_rules_cancelling_is_a_request():
    Provider.objects.update(cancel_free_days=None, cancel_fee_days=None)
    terms = on_paper().cancelling_terms(DAY - timedelta(days=60))
    assert (terms.way, terms.free_until, terms.is_direct) == (Way.BY_REQUEST, None, False)


def test_without_days_with_a_fee_the_last_free_day_is_the_last():
    Provider.objects.update(cancel_fee_days=None)
    assert on_paper().cancelling_terms(DAY - timedelta(days=14)).way == Way.FREE
    assert on_paper().cancelling_terms(DAY - timedelta(days=13)).way == Way.BY_REQUEST


def test_zero_days_with_a_fee_last_until_the_start():
    Provider.objects.update(cancel_fee_days=0)
    assert on_paper().cancelling_terms(DAY - timedelta(minutes=1)).way == Way.WITH_FEE
    assert on_paper().cancelling_terms(DAY).way == Way.STARTED


NOTHING = [{"kind": "course", "amount": "0.00"}, {"kind": "total", "amount": "0.00"}]


def test_what_costs_nothing_has_no_fee_and_is_free_until_the_last_day_with_a_fee():
    free = on_paper(price_lines=NOTHING)
    terms = free.cancelling_terms(DAY - timedelta(days=3))
    assert (terms.way, terms.until, terms.fee_until) == (Way.FREE, DAY.date() - timedelta(3), None)
    assert not terms.leaves_waiting_list
    assert free.cancelling_terms(DAY - timedelta(days=2)).way == Way.BY_REQUEST
    Provider.objects.update(cancel_fee_days=None)
    assert free.cancelling_terms(DAY - timedelta(days=13)).way == Way.BY_REQUEST


@pytest.mark.parametrize("paid", [{"voucher_code": "GAVE"}, {"answered_incl_vat": Decimal(900)}])
def test_a_course_that_was_paid_for_has_its_fee_though_nothing_is_left_to_pay(paid):
    booking = on_paper(price_lines=NOTHING, **paid)
    assert booking.cancelling_terms(DAY - timedelta(days=5)).way == Way.WITH_FEE


@pytest.mark.parametrize("free_days", [14, None])
def test_the_waiting_list_can_be_left_free_until_the_start(free_days):
    Provider.objects.update(cancel_free_days=free_days)
    waiting = on_paper(status=Status.WAITING)
    assert waiting.cancelling_terms(DAY - timedelta(minutes=1)).way == Way.FREE
    assert waiting.cancelling_terms(DAY).way == Way.STARTED


def test_without_frontcores_booking_number_staff_must_do_it():
    early = DAY - timedelta(days=60)
    for status in (Status.CONFIRMED, Status.WAITING):
        without = on_paper(status=status, remote_booking_id=None)
        assert without.cancelling_terms(early).way == Way.BY_REQUEST


def test_a_date_that_the_provider_has_called_off_costs_nobody_a_fee():
    cancelled = on_paper()
    cancelled.coursedate.status = CourseDate.Status.CANCELLED
    assert cancelled.cancelling_terms(DAY - timedelta(days=5)).way == Way.BY_REQUEST


@pytest.mark.parametrize(
    ("status", "way"),
    [
        (Status.SENDING, Way.NOT_NOW),
        (Status.UNCERTAIN, Way.BY_REQUEST),
        (Status.REFUSED, Way.OVER),
        (Status.CANCELLING, Way.OVER),
        (Status.CANCEL_UNCERTAIN, Way.OVER),
        (Status.CANCELLED, Way.OVER),
    ],
)
def test_what_stands_nowhere_cannot_be_cancelled(status, way):
    assert on_paper(status=status).cancelling_terms(DAY - timedelta(days=60)).way == way


def test_staff_cannot_set_a_fee_before_what_is_free(admin_client):
    address = reverse("admin:catalog_provider_change", args=[1])
    form = admin_client.get(address).context["adminform"].form
    typed = {name: form[name].value() or "" for name in form.fields}
    wrong = admin_client.post(address, typed | {"cancel_free_days": "5", "cancel_fee_days": "7"})
    assert wrong.context["adminform"].form.errors["cancel_fee_days"]
    assert "før kursstart" in wrong.content.decode()
    right = admin_client.post(address, typed | {"cancel_free_days": "7", "cancel_fee_days": "5"})
    assert right.status_code == 302
