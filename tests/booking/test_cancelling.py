"""Cancelling: on the terms that were shown, and sent once."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from booking import cancelling, tasks
from booking.models import Booking, ChangeRequest, Mail
from booking.models.cancelling import Way
from tests.booking.conftest import bookings_sent, reachable, unreachable
from tests.booking.standing import (
    Page,
    deregistrations,
    enrolments,
    fresh,
    mails,
    saved,
    standing,
    starts_in,
    worked,
)

pytestmark = pytest.mark.usefixtures("provider")
Status = Booking.Status


# --- The pages --------------------------------------------------------------------------------


def test_the_rules_stand_on_the_receipt_before_anyone_presses(page, booking):
    text = page.get().text
    terms = booking.cancelling_terms()
    assert "Du kan avbestille kostnadsfritt til og med" in text
    assert f"{terms.free_until.day}. " in text
    assert f"{terms.fee_until.day}. " in text
    assert "med gebyr" in text
    starts_in(5)
    assert "Siste dag for kostnadsfri avbestilling var" in page.get().text
    starts_in(1)
    assert "be oss om det" in page.get().text


def test_the_page_says_what_is_cancelled_for_whom_and_until_when(page, simulator, booking):
    before = len(simulator.requests())
    text = page.get("cancel").text
    for words in ("Ola Hansen", "Åse Ørn", "Kari Fjeld", booking.coursedate.title):
        assert words in text
    assert "Kostnadsfritt" in text
    starts_in(5)
    text = page.get("cancel").text
    assert "Avbestill med gebyr" in text
    assert "beløpet følger av vilkårene" in text
    assert len(simulator.requests()) == before, "a look calls nothing"


def test_the_pages_are_secret_and_post_to_their_own_site_only(page):
    for parts in (["cancel"], ["change", "add"]):
        answer = page.get(*parts).answer
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer["X-Robots-Tag"]
    assert page.get("change").answer["Referrer-Policy"] == "no-referrer"
    assert page.get().answer["Referrer-Policy"] == "no-referrer"


def test_the_form_has_its_own_csrf_token_and_without_one_nothing_happens(booking, simulator):
    page = Page(Client(enforce_csrf_checks=True), booking)
    answer = page.press("cancel", sure="on")
    assert answer.answer.status_code == 403
    assert "Ingenting er avbestilt ennå" in answer.text
    assert "stått åpen for lenge" in answer.text
    assert "Noe er endret" not in answer.text
    assert answer.answer["Cache-Control"] == "no-store"
    assert fresh(booking).status == Status.CONFIRMED
    token = page.get("cancel").answer.context["csrf_token"]
    page.post(shown="free", sure="on", csrfmiddlewaretoken=str(token))
    assert fresh(booking).status == Status.CANCELLING


def test_a_press_without_the_tick_cancels_nothing(page, booking):
    page.press("cancel")
    assert "Kryss av" in page.text
    assert fresh(booking).status == Status.CONFIRMED


def test_somebody_elses_guess_is_not_found(client, booking):
    for token in (booking.reference, "x" * 40):
        for name in ("booking_cancel", "booking_change"):
            assert client.get(reverse(name, args=[token])).status_code == 404


def test_the_pages_are_there_in_english(client, booking):
    page = Page(client, booking, "en")
    assert "You can cancel free of charge until and including" in page.get().text
    page.cancel()
    assert "We are cancelling the booking" in page.text


# --- Cancelling -------------------------------------------------------------------------------


def test_a_booking_is_cancelled_free_of_charge(
    page, booking, simulator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page.cancel()
    assert page.is_receipt
    assert "Vi avbestiller" in page.text
    assert '<meta http-equiv="refresh"' in page.text
    queued = [task.task for task in OrmQ.objects.all()]
    assert ("booking.tasks.cancel", (booking.pk,)) in [(q["func"], q["args"]) for q in queued]
    assert not deregistrations(simulator), "the worker sends"
    booking = worked(booking)
    assert booking.status == Status.CANCELLED
    assert booking.cancelled_at
    assert enrolments(simulator) == [4, 4]
    text = page.get().text
    assert "Påmeldingen er avbestilt" in text
    assert '<meta http-equiv="refresh"' not in text
    assert "Det er kostnadsfritt" in text
    assert "kari@bygg.example" in mails(booking, Mail.Kind.CANCELLED)
    lines = list(booking.events.values_list("what", "before", "after"))[-3:]
    assert lines == [
        ("cancel_asked", "confirmed", "cancelling"),
        ("cancel_claimed", "cancelling", "cancelling"),
        ("cancel_ended", "cancelling", "cancelled"),
    ]


def test_a_booking_is_cancelled_with_the_fee_that_was_shown(page, booking, simulator):
    starts_in(5)
    page.cancel()
    assert "avbestilles med gebyr" in page.text
    booking = worked(booking)
    assert (booking.status, booking.cancel_with_fee) == (Status.CANCELLED, True)
    assert enrolments(simulator) == [8, 8]


def test_the_terms_of_the_moment_of_asking_hold_also_when_it_is_sent_later(
    page, booking, simulator, settings
):
    page.cancel()
    unreachable(settings)
    worked(booking)
    starts_in(5)
    reachable(settings, simulator)
    Booking.objects.update(cancel_due_at=timezone.now())
    assert worked(booking).status == Status.CANCELLED
    assert enrolments(simulator) == [4, 4]


def test_a_place_on_the_waiting_list_is_given_back_free(client, simulator):
    booking = standing(13100002, ["Ola Hansen"], joins_waiting_list=True)
    assert booking.status == Status.WAITING
    page = Page(client, booking)
    for parts in ((), ("cancel",)):
        text = page.get(*parts).text
        assert "Du kan forlate ventelisten kostnadsfritt" in text
        assert "Gå ut av ventelisten" in text
        assert "Avbestill" not in text
    page.cancel()
    assert worked(booking).status == Status.CANCELLED
    assert enrolments(simulator) == [4]


@pytest.mark.parametrize("setting", [True, False])
def test_frontcores_own_receipt_follows_the_setting(page, booking, simulator, settings, setting):
    """Nobody gets two mails."""
    settings.FRONTCORE_RECEIPTS = setting
    page.cancel()
    worked(booking)
    (row,) = deregistrations(simulator)
    assert row["status"] == 200


def test_a_page_that_was_open_over_the_limit_shows_the_fee_first(page, booking, simulator):
    page.get("cancel")
    starts_in(5)
    page.post(shown="free", sure="on")
    assert "Ingenting er avbestilt ennå" in page.text
    assert "Avbestill med gebyr" in page.text
    assert fresh(booking).status == Status.CONFIRMED
    page.post(shown="with_fee", sure="on")
    assert fresh(booking).cancel_with_fee


def test_a_page_that_was_open_until_the_start_says_that_it_is_too_late(page, booking):
    page.get("cancel")
    starts_in(-1)
    page.post(shown="free", sure="on")
    assert "Kurset har startet" in page.text
    assert fresh(booking).status == Status.CONFIRMED
    assert not ChangeRequest.objects.exists()


def test_a_double_press_is_one_cancellation(page, booking, simulator):
    page.cancel()
    for _ in range(2):
        page.address = page.receipt + "cancel/"
        assert page.post(shown="free", sure="on").is_receipt
        worked(booking)
    tasks.send_due_bookings()
    assert len(deregistrations(simulator)) == 1
    assert booking.events.filter(what="cancel_asked").count() == 1


def test_two_presses_at_the_same_moment_are_one(booking):
    first, second = fresh(booking), fresh(booking)
    terms = booking.cancelling_terms()
    assert cancelling.take_back(first, terms)
    assert not cancelling.take_back(second, terms)
    assert Mail.objects.filter(kind=Mail.Kind.NOT_CANCELLED).count() == 0


def test_two_workers_at_the_same_moment_send_once(page, booking, simulator):
    page.cancel()
    first, second = fresh(booking), fresh(booking)
    assert first.claim_cancellation() == 1
    assert second.claim_cancellation() is None


def test_what_is_cancelled_has_a_page_and_cannot_be_cancelled_again(page, booking, simulator):
    page.cancel()
    worked(booking)
    assert page.get("change").is_receipt
    assert page.get("cancel").is_receipt
    assert page.text.count("er avbestilt") == 1, "said once"
    assert page.post(shown="free", sure="on").is_receipt
    worked(booking)
    assert len(deregistrations(simulator)) == 1


# --- What was never sent ----------------------------------------------------------------------


@pytest.mark.parametrize("hold", ["", Booking.Hold.EXPIRED])
def test_a_request_that_waits_for_frontcore_is_withdrawn_without_a_call(
    client, simulator, settings, hold
):
    booking = saved(hold=hold)
    unreachable(settings)
    tasks.send(booking.pk)
    page = Page(client, booking)
    assert "ikke sendt til påmeldingssystemet ennå" in page.get().text
    page.cancel()
    assert "Du har trukket forespørselen" in page.text
    assert "skylder ingenting" in page.text
    reachable(settings, simulator)
    Booking.objects.update(due_at=timezone.now())
    tasks.send_due_bookings()
    tasks.send(booking.pk)
    assert fresh(booking).status == Status.CANCELLED
    assert not bookings_sent(simulator)
    told = booking.mails.filter(kind=Mail.Kind.CANCELLED, state=Mail.State.DUE)
    assert [one.to for one in told] == ["kari@bygg.example"], "others have heard of nothing yet"


def test_a_request_that_is_being_sent_is_not_withdrawn_under_the_senders_hands(client, simulator):
    booking = saved()
    page = Page(client, booking)
    page.get("cancel")
    seen = fresh(booking)
    attempt = booking.claim()
    assert not seen.withdraw()
    page.post(shown="withdraw", sure="on")
    assert "sendes akkurat nå" in page.text
    assert booking.end(attempt, Status.CONFIRMED, order_id=7)


def test_a_request_that_staff_send_again_after_doubt_is_not_simply_withdrawn(simulator):
    """Its first sending may have arrived all the same."""
    booking = saved()
    booking.tell("send_again", by="staff: admin")
    assert booking.cancelling_terms().way == Way.BY_REQUEST


# --- By request -------------------------------------------------------------------------------


def test_where_the_rules_end_staff_are_asked(page, booking, simulator, settings):
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    starts_in(1)
    page.cancel()
    assert "Du har bedt oss om å avbestille" in page.text
    assert "spørsmålet er hos oss" not in page.text
    page.address = page.receipt + "cancel/"
    assert page.post(shown="by_request", sure="on").is_receipt
    (wish,) = booking.changes.all()
    assert (wish.kind, wish.state) == ("cancel", "open")
    assert fresh(booking).status == Status.CONFIRMED
    assert booking in Booking.objects.needs_staff()
    assert not deregistrations(simulator)
    tasks.tell_of_change(wish.pk)
    (message,) = mail.outbox
    assert booking.reference in message.subject
    assert f"/admin/booking/changerequest/{wish.pk}/change/" in message.body
