"""What changed between the page and the sending is seen in time, and nothing is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from booking import refusals
from booking.models import Booking
from catalog.models import Generation, SearchDocument
from catalog.store import fresh_look
from catalog.upstream import open_frontcore
from tests.booking.conftest import bookings_sent, filled

Status = Booking.Status


def refuse(simulator, code):
    simulator.fault("POST", "/booking", "error", code=code, message="No.")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status_id": 3}, "date_cancelled"),
        ({"status_id": 4}, "date_postponed"),
        ({"is_visible": False}, "date_withdrawn"),
        ({"deadline_at": "2020-01-01"}, "date_deadline"),
        ({"start_at": "2020-01-01", "end_at": "2020-01-01"}, "date_past"),
    ],
)
def test_a_date_that_changed_meanwhile_is_refused_unsent(booked, work, simulator, change, code):
    visitor = booked()
    simulator.edit(coursedate=13100001, set=change)
    booking = work()
    assert (booking.status, booking.refusal_code) == (Status.REFUSED, code)
    assert not bookings_sent(simulator)
    with translation.override("nb"):
        sentence = str(refusals.SENTENCES[code])
    assert sentence in visitor.reload().text
    visitor.go(visitor.link("Tilbake til det utfylte skjemaet"))
    assert visitor.typed() == filled()
    assert code in visitor.codes
    assert sentence in visitor.text


def test_a_date_that_vanished_is_refused_unsent(make_booking, work, simulator):
    booking = make_booking()
    simulator.edit(coursedate=13100001, remove=True)
    assert work(booking).refusal_code == "date_withdrawn"


def test_the_last_seat_taken_meanwhile_is_refused_and_the_waiting_list_offered(
    booked, work, simulator
):
    visitor = booked(13100022, filled("Ola Hansen"))
    simulator.fault("POST", "/booking", "take_seats", seats=0)
    booking = work()
    assert (booking.status, booking.refusal_code) == (Status.REFUSED, "no_vacant_seats")
    assert not simulator.state()["orders"]
    visitor.reload()
    assert "Ingenting er bestilt" in visitor.text
    visitor.go(visitor.link("Tilbake til det utfylte skjemaet"))
    assert visitor.typed()["participant-0-firstname"] == "Ola"
    visitor.preview().book()
    assert work().status == Status.WAITING


def test_too_few_seats_for_the_group_just_before_sending(make_booking, work, simulator):
    booking = make_booking(13100012, filled("A B", "C D", "E F"))
    simulator.edit(coursedate=13100012, set={"confirmed": 10**3})
    assert work(booking).refusal_code == "no_vacant_seats"
    assert not bookings_sent(simulator)


def test_a_price_that_changed_meanwhile_is_shown_again(booked, work, simulator):
    visitor = booked(13100003)
    simulator.fault("GET", "/courses/*/coursedates/*", "change_price", amount=100)
    booking = work()
    assert (booking.status, booking.refusal_code) == (Status.REFUSED, "price_changed")
    visitor.reload().go(visitor.link("Tilbake til det utfylte skjemaet"))
    visitor.preview().book()
    assert work().status == Status.CONFIRMED


def test_what_is_sent_is_what_was_typed(make_booking, work, simulator):
    booking = work(make_booking(13100003, filled(campaign_code="sommer10", gln_number="")))
    (order,) = simulator.state()["orders"]
    assert order["booker_name"] == "Kari Fjeld"
    assert order["booker_phone"] == "+4741200000"
    assert order["invoice_reference"] == "PO-4471"
    assert order["campaign_code"].lower() == "sommer10"
    assert booking.answered_incl_vat == booking.shown_incl_vat
    assert not booking.totals_differ


def test_without_a_reference_ours_is_sent(make_booking, work, simulator):
    booking = work(make_booking(fields=filled(invoice_reference="")))
    (order,) = simulator.state()["orders"]
    assert order["invoice_reference"] == booking.reference


def test_the_waiting_list_that_was_shown_stays_the_waiting_list(make_booking, work, simulator):
    booking = make_booking(13100002)
    simulator.edit(coursedate=13100002, set={"capacity": 500})
    assert work(booking).status == Status.WAITING
    assert {one["status_id"] for one in simulator.state()["participants"]} == {3}


def test_totals_that_differ_are_told_to_visitor_and_staff(booked, work, simulator):
    visitor = booked(13100003)
    simulator.fault("POST", "/booking", "change_price", amount=100, coursedate=13100003)
    booking = work()
    assert booking.status == Status.CONFIRMED
    assert booking.totals_differ
    assert booking in Booking.objects.needs_staff()
    assert "Summen er en annen enn den du fikk se" in visitor.reload().text


def looked_at(coursedate):
    """How many questions a fresh look at that date puts to the database."""
    with open_frontcore() as api, CaptureQueriesContext(connection) as queries:
        assert fresh_look(api, coursedate).pk == coursedate.pk
    return len(queries)


def test_a_look_that_finds_nothing_new_costs_few_queries(visit):
    coursedate = visit().coursedate
    number = Generation.current().number
    assert looked_at(coursedate) <= 13
    assert Generation.current().number == number


def test_other_seats_are_stored_without_asking_what_searches_and_calendars_say(visit, simulator):
    coursedate = visit().coursedate
    simulator.edit(coursedate=coursedate.remote_id, set={"confirmed": 9})
    free, number = coursedate.seats.free, Generation.current().number
    SearchDocument.objects.update(names="as it was")
    assert looked_at(coursedate) <= 22
    coursedate.seats.refresh_from_db()
    assert coursedate.seats.free != free
    assert Generation.current().number == number + 1
    assert SearchDocument.objects.get().names == "as it was"
    simulator.edit(coursedate=coursedate.remote_id, set={"title": "Varme arbeider på båt"})
    looked_at(coursedate)
    assert SearchDocument.objects.get().names != "as it was"
