"""A booking is sent once, by the worker, and never called what Frontcore has not said it is."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from booking import refusals, sending, tasks
from booking.models import Booking, BookingEvent
from catalog.upstream import NetworkInTransaction, open_frontcore
from frontcore import SETUP_CODES, UNCERTAIN_CODES
from tests.booking.conftest import bookings_sent, filled, reachable, unreachable

Status = Booking.Status


def refuse(simulator, code):
    simulator.fault("POST", "/booking", "error", code=code, message="No.")


# --- One form, one order --------------------------------------------------------------------


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


def test_two_workers_with_one_booking_send_it_once(make_booking, simulator):
    booking = make_booking()
    other = Booking.objects.get(pk=booking.pk)
    assert booking.claim() == 1
    assert other.claim() is None
    with open_frontcore() as api:
        assert sending.send(other, api)
    assert not bookings_sent(simulator)


# --- What was seen just before sending ------------------------------------------------------


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
def test_a_date_that_changed_meanwhile_is_refused_unsent(visit, work, simulator, change, code):
    visitor = visit().preview(filled()).book()
    simulator.edit(coursedate=13100001, set=change)
    booking = work()
    assert (booking.status, booking.refusal_code) == (Status.REFUSED, code)
    assert not bookings_sent(simulator)
    visitor.reload()
    assert str(refusals.SENTENCES[code]) != ""
    visitor.go(visitor.link("Tilbake til det utfylte skjemaet"))
    assert visitor.typed() == filled()
    assert code in visitor.codes


def test_a_date_that_vanished_is_refused_unsent(make_booking, work, simulator):
    booking = make_booking()
    simulator.edit(coursedate=13100001, remove=True)
    assert work(booking).refusal_code == "date_withdrawn"


def test_the_last_seat_taken_meanwhile_is_refused_and_the_waiting_list_offered(
    visit, work, simulator
):
    visitor = visit(13100022).preview(filled("Ola Hansen")).book()
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


def test_a_price_that_changed_meanwhile_is_shown_again(visit, work, simulator):
    visitor = visit(13100003).preview(filled()).book()
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


def test_totals_that_differ_are_told_to_visitor_and_staff(visit, work, simulator):
    visitor = visit(13100003).preview(filled()).book()
    simulator.fault("POST", "/booking", "change_price", amount=100, coursedate=13100003)
    booking = work()
    assert booking.status == Status.CONFIRMED
    assert booking.totals_differ
    assert booking in Booking.objects.needs_staff()
    assert "Summen er en annen enn den du fikk se" in visitor.reload().text


# --- Refusals -------------------------------------------------------------------------------

REFUSED = sorted(
    set(refusals.SENTENCES)
    - SETUP_CODES
    - UNCERTAIN_CODES
    - {code for code in refusals.SENTENCES if code.startswith(("date_", "price_", "too_few"))}
)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("code", [*REFUSED, "something_new"])
def test_each_refusal_has_its_sentence_and_keeps_everything_typed(
    visit, work, simulator, code, language
):
    visitor = visit(language=language).preview(filled()).book()
    refuse(simulator, code)
    booking = work()
    assert (booking.status, booking.refusal_code) == (Status.REFUSED, code)
    from django.utils import translation

    with translation.override(language):
        sentence = str(refusals.sentence(code))
        back = translation.gettext("Back to the filled form")
    assert sentence in visitor.reload().text
    visitor.go(visitor.link(back))
    assert sentence in visitor.text
    assert visitor.typed() == filled()
    assert visitor.token != visitor.sent["form"], "a fresh token"
    visitor.preview().book()
    assert work().status == Status.CONFIRMED
    assert len(simulator.state()["orders"]) == 1


def test_every_sentence_is_written_in_bokmal_too():
    from django.utils import translation

    from booking import codes

    for sentences in (refusals.SENTENCES, codes.SENTENCES, {"": refusals.DEFAULT}):
        for code, sentence in sentences.items():
            with translation.override("en"):
                english = str(sentence)
            with translation.override("nb"):
                assert str(sentence) != english, code


def test_a_seat_refusal_is_known_by_its_words(make_booking, work, simulator):
    booking = make_booking()
    simulator.fault(
        "POST", "/booking", "error", code="e417", message="The course date is fully booked"
    )
    assert work(booking).refusal_code == "no_vacant_seats"


@pytest.mark.parametrize("code", sorted(SETUP_CODES & set(refusals.SENTENCES)))
def test_what_only_staff_can_mend_keeps_the_request_and_alerts(
    visit, work, simulator, settings, code
):
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    visitor = visit().preview(filled()).book()
    refuse(simulator, code)
    booking = work()
    assert (booking.status, booking.hold) == (Status.NEW, Booking.Hold.SET_UP)
    assert booking in Booking.objects.needs_staff()
    assert "Vi har fått forespørselen din" in visitor.reload().text
    (message,) = mail.outbox
    assert booking.reference in message.subject
    assert "kari" not in (message.subject + message.body).lower()
    tasks.send_due_bookings()
    assert len(bookings_sent(simulator)) == 1, "not again before staff say so"


def test_a_refused_key_keeps_the_request(make_booking, work, settings, simulator):
    booking = make_booking()
    settings.FRONTCORE = settings.FRONTCORE | {"key": "wrong"}
    booking = work(booking)
    assert (booking.status, booking.hold) == (Status.NEW, Booking.Hold.SET_UP)
    assert not simulator.state()["orders"]


def test_a_voucher_spent_meanwhile_is_refused(visit, work, simulator):
    visitor = visit().preview(filled(voucher_code="GAVE1500")).book()
    simulator.fault("POST", "/booking", "spend_voucher")
    booking = work()
    assert booking.refusal_code == "voucher_code_invalid"
    visitor.reload().go(visitor.link("Tilbake til det utfylte skjemaet"))
    assert visitor.entry.form.errors.as_data()["voucher_code"]
    assert visitor.typed()["voucher_code"] == "GAVE1500"


# --- Uncertain ------------------------------------------------------------------------------

AFTERWARDS = [
    "accept_then_hang",
    "accept_then_reset",
    "accept_then_close",
    "accept_then_html_500",
    "accept_then_unavailable",
    "truncated",
]


@pytest.mark.parametrize("fault", AFTERWARDS)
def test_an_answer_lost_after_acceptance_is_uncertain_and_never_sent_again(
    visit, work, simulator, settings, fault
):
    settings.FRONTCORE = settings.FRONTCORE | {"read_timeout_s": 0.3, "write_total_s": 0.3}
    settings.BOOKING_LEASE = timedelta(0)
    visitor = visit().preview(filled()).book()
    simulator.fault("POST", "/booking", fault, seconds=2)
    booking = work()
    assert booking.status == Status.UNCERTAIN
    assert booking in Booking.objects.needs_staff()
    assert "Ikke meld på igjen" in visitor.reload().text
    work(booking)
    tasks.send_due_bookings()
    assert visitor.press_again().page.context["stage"] == Status.UNCERTAIN
    assert len(bookings_sent(simulator)) == 1
    assert len(simulator.state()["orders"]) == 1


@pytest.mark.parametrize("code", sorted(UNCERTAIN_CODES))
def test_could_not_be_created_is_uncertain(make_booking, work, simulator, code):
    booking = make_booking()
    refuse(simulator, code)
    booking = work(booking)
    assert (booking.status, booking.refusal_code) == (Status.UNCERTAIN, code)


def test_a_late_success_turns_uncertain_into_confirmed(make_booking, settings):
    settings.BOOKING_LEASE = timedelta(0)
    booking = make_booking()
    attempt = booking.claim()
    sending.tidy()
    booking.refresh_from_db()
    assert booking.status == Status.UNCERTAIN
    assert booking.end(attempt, Status.CONFIRMED, order_id=7)
    assert booking.status == Status.CONFIRMED


@pytest.mark.parametrize("status", [Status.NEW, Status.REFUSED, Status.UNCERTAIN])
def test_nothing_else_leaves_uncertain(make_booking, settings, status):
    settings.BOOKING_LEASE = timedelta(0)
    booking = make_booking()
    attempt = booking.claim()
    sending.tidy()
    assert not booking.end(attempt, status)
    booking.refresh_from_db()
    assert booking.status == Status.UNCERTAIN


def test_the_end_is_written_for_the_own_attempt_only(make_booking):
    booking = make_booking()
    attempt = booking.claim()
    assert booking.end(attempt, Status.NEW, due_at=timezone.now())
    assert booking.claim() == attempt + 1
    assert not booking.end(attempt, Status.CONFIRMED)
    booking.refresh_from_db()
    assert booking.status == Status.SENDING


def test_a_running_attempt_is_not_taken_for_an_abandoned_one(make_booking):
    booking = make_booking()
    booking.claim()
    tasks.send_due_bookings()
    booking.refresh_from_db()
    assert booking.status == Status.SENDING


def test_the_sweep_never_touches_an_uncertain_booking(make_booking, work, simulator):
    booking = make_booking()
    refuse(simulator, "order_could_not_be_created")
    work(booking)
    lines = booking.events.count()
    tasks.send_due_bookings()
    assert booking.events.count() == lines
    assert len(bookings_sent(simulator)) == 1


# --- Not now --------------------------------------------------------------------------------


def test_a_refused_connection_is_sent_later_exactly_once(visit, work, simulator, settings):
    visitor = visit().preview(filled()).book()
    unreachable(settings)
    booking = work()
    assert booking.status == Status.NEW
    assert booking.due_at > timezone.now()
    text = visitor.reload().text
    assert "Vi har fått forespørselen din" in text
    assert "ikke en påmelding ennå" in text
    reachable(settings, simulator)
    tasks.send_due_bookings()
    assert not bookings_sent(simulator), "not before it is due"
    Booking.objects.update(due_at=timezone.now())
    tasks.send_due_bookings()
    tasks.send_due_bookings()
    booking.refresh_from_db()
    assert booking.status == Status.CONFIRMED
    assert len(bookings_sent(simulator)) == 1


def test_a_busy_frontcore_is_tried_again_after_the_pause_it_asks_for(make_booking, work, simulator):
    booking = make_booking()
    simulator.fault("POST", "/booking", "busy", seconds=120)
    booking = work(booking)
    assert (booking.status, booking.attempts) == (Status.NEW, 1)
    assert booking.due_at > timezone.now() + timedelta(seconds=100)
    Booking.objects.update(due_at=timezone.now())
    assert work(booking).status == Status.CONFIRMED
    assert len(simulator.state()["orders"]) == 1


def test_a_date_that_cannot_be_read_is_a_reason_to_wait(make_booking, work, simulator):
    booking = make_booking()
    simulator.fault("GET", "/courses/**", "html_500", times=0)
    booking = work(booking)
    assert (booking.status, booking.attempts) == (Status.NEW, 0)
    assert not bookings_sent(simulator)


def test_the_sweep_stops_at_the_first_sign_that_frontcore_is_away(
    make_booking, simulator, settings
):
    first, second = make_booking(), make_booking(fields=filled("Per Ås"))
    unreachable(settings)
    tasks.send_due_bookings()
    for booking in (first, second):
        booking.refresh_from_db()
    assert first.was_put_off
    assert not second.was_put_off


def test_a_booking_that_waited_and_no_longer_fits_is_for_staff(
    make_booking, work, simulator, settings
):
    booking = make_booking()
    unreachable(settings)
    work(booking)
    reachable(settings, simulator)
    simulator.edit(coursedate=13100001, set={"status_id": 3})
    Booking.objects.update(due_at=timezone.now())
    booking = work(booking)
    assert (booking.status, booking.hold) == (Status.NEW, Booking.Hold.CHANGED)
    assert not bookings_sent(simulator)


def test_a_booking_that_could_not_be_sent_in_time_is_for_staff(make_booking, work, simulator):
    booking = make_booking()
    Booking.objects.update(expires_at=timezone.now())
    tasks.send_due_bookings()
    booking = work(booking)
    assert (booking.status, booking.hold) == (Status.NEW, Booking.Hold.EXPIRED)
    assert not bookings_sent(simulator)


# --- Around it ------------------------------------------------------------------------------


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


def test_nothing_personal_and_no_code_is_logged(visit, work, simulator, settings, caplog):
    caplog.set_level("DEBUG")
    typed = filled(campaign_code="SOMMER10", voucher_code="GAVE1500")
    visit().preview(typed).book()
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
