"""A booking is sent once, by the worker, and never called what Frontcore has not said it is."""

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

import config.settings
from booking import sending, tasks
from booking.models import Booking, BookingEvent
from catalog.upstream import NetworkInTransaction, open_frontcore
from tests.booking.conftest import bookings_sent, filled, reachable, unreachable

Status = Booking.Status


def refuse(simulator, code):
    simulator.fault("POST", "/booking", "error", code=code, message="No.")


# --- One form, one order -----------------------------------------------------------------


def test_saving_a_booking_sends_nothing_and_queues_the_worker(
    visit, simulator, django_capture_on_commit_callbacks
):
    visitor = visit().preview(filled())
    with django_capture_on_commit_callbacks(execute=True):
        visitor.book()
    booking = Booking.objects.get()
    assert booking.status == Status.NEW
    assert not bookings_sent(simulator)
    (task,) = [queued.task for queued in OrmQ.objects.all()]
    assert (task["func"], task["args"]) == ("booking.tasks.send", (booking.pk,))


def test_the_worker_makes_the_order(make_booking, work, simulator):
    booking = work(make_booking())
    assert booking.status == Status.CONFIRMED
    (order,) = simulator.state()["orders"]
    assert booking.order_id == int(order["id"])
    assert booking.remote_booking_id
    assert len(simulator.state()["participants"]) == 2


def test_a_double_click_a_reload_and_back_make_one_order(visit, work, simulator):
    visitor = visit().preview(filled()).book()
    receipt = visitor.location
    assert visitor.press_again().location == receipt
    work()
    visitor.go(receipt)
    assert visitor.press_again().location == receipt
    visitor.go(receipt)
    work()
    assert Booking.objects.count() == 1
    assert len(bookings_sent(simulator)) == 1


def test_back_to_a_form_that_was_sent_says_so(visit, work):
    visitor = visit().preview(filled())
    form = visitor.location
    visitor.book()
    work()
    visitor.go(form.split("#")[0])
    assert "Dette skjemaet er allerede sendt" in visitor.text
    assert "<form" not in visitor.text
    assert visitor.go(visitor.link("Vis påmeldingen")).page.context["booking"].order_id


def test_other_content_from_a_sent_form_is_asked_about_and_kept(visit, work, simulator):
    visitor = visit().preview(filled())
    sent_form = visitor.token
    visitor.book()
    work()
    other = filled("Per Ås") | {"form": sent_form, "action": "send", "accept_terms": "on"}
    visitor.follow(visitor.client.post(visitor.address, other))
    assert Booking.objects.count() == 1
    assert "allerede sendt en påmelding" in visitor.text
    assert visitor.typed()["participant-0-firstname"] == "Per"
    assert visitor.token != sent_form
    visitor.book()
    work()
    assert len(simulator.state()["orders"]) == 2


def test_the_same_content_from_another_form_is_held_for_staff(visit, work, simulator):
    visit().preview(filled()).book()
    visitor = visit().preview(filled(booker_email="KARI@bygg.example")).book()
    first, twin = Booking.objects.order_by("pk")
    assert twin.hold == Booking.Hold.SAME_CONTENT
    assert "Vi har fått forespørselen din" in visitor.text
    work(first)
    work(twin)
    tasks.send_due_bookings()
    assert len(bookings_sent(simulator)) == 1


def test_the_lease_is_longer_than_what_may_happen_between_claim_and_end(settings):
    """On the real numbers: the call at its longest, then waiting for the database at its longest
    to write the end. The claim itself reads the clock only when it has the lock."""
    call = settings.FRONTCORE["write_total_s"]
    database = config.settings.SQLITE_OPTIONS["timeout"]
    assert config.settings.BOOKING_LEASE.total_seconds() > call + database + 10
    assert config.settings.BOOKING_SEND_AGAIN_AFTER >= config.settings.BOOKING_LEASE


def test_two_workers_with_one_booking_send_it_once(make_booking, simulator):
    booking = make_booking()
    other = Booking.objects.get(pk=booking.pk)
    assert booking.claim() == 1
    assert other.claim() is None
    with open_frontcore() as api:
        assert sending.send(other, api)
    assert not bookings_sent(simulator)


# --- Around it -----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_from_inside_a_transaction(make_booking, simulator):
    booking = make_booking()
    with open_frontcore() as api, transaction.atomic(), pytest.raises(NetworkInTransaction):
        sending.send(booking, api)
    assert not bookings_sent(simulator)


def test_each_step_stands_in_the_history(make_booking, work):
    booking = work(make_booking())
    told = [(event.what, event.before, event.after, event.by) for event in booking.events.all()]
    What = BookingEvent.What
    assert told == [
        (What.RECEIVED, "", Status.NEW, "visitor"),
        (What.CLAIMED, Status.NEW, Status.SENDING, "worker"),
        (What.ENDED, Status.SENDING, Status.CONFIRMED, "worker"),
    ]


def test_nothing_personal_and_no_code_is_logged(booked, work, simulator, settings, caplog):
    caplog.set_level("DEBUG")
    typed = filled(campaign_code="SOMMER10", voucher_code="GAVE1500")
    booked(fields=typed)
    unreachable(settings)
    booking = work()
    reachable(settings, simulator)
    Booking.objects.update(due_at=timezone.now())
    refuse(simulator, "school_account_invalid")
    work(booking)
    tasks.send_due_bookings()
    assert booking.reference in caplog.text
    for word in ("Fjeld", "kari@", "+4741200000", "Ørn", "SOMMER10", "GAVE1500", "Bygg"):
        assert word not in caplog.text
    history = " ".join(booking.events.values_list("note", flat=True))
    assert "kari" not in history.lower()
