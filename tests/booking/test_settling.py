"""What becomes of a booking that nobody knows the fate of: found, or left to a person."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from booking import settling, tasks
from booking.models import Booking, LookUp, Mail
from tests.booking.builders import saved
from tests.booking.conftest import bookings_sent, reachable, unreachable

Status, Verdict = Booking.Status, LookUp.Verdict
MINUTE, LONG_AGO = timedelta(minutes=1), timedelta(minutes=15)
NEVER = {"fault": "error", "code": "order_could_not_be_created"}


@pytest.fixture
def lose(provider, work, simulator):
    """A booking whose answer got lost `ago`; `fault` says whether Frontcore has made the order."""

    def lose(fault="accept_then_close", ago=MINUTE, code="", **more):
        booking = saved(**more)
        simulator.fault("POST", "/booking", fault, **({"code": code} if code else {}))
        work(booking)
        assert booking.status == Status.UNCERTAIN
        return at(booking, ago)

    return lose


def at(booking, ago):
    """The booking as if it had been sent so long ago."""
    Booking.objects.filter(pk=booking.pk).update(claimed_at=timezone.now() - ago)
    booking.refresh_from_db()
    return booking


def look(booking):
    """What the worker does when somebody wants to know: the look, and the booking as it is then."""
    tasks.look_up(booking.pk, "staff: ida")
    booking.refresh_from_db()
    return booking.look_ups.latest("pk")


def order_of(simulator, number=0):
    return simulator.state()["orders"][number]


# --- There ------------------------------------------------------------------------------------


def test_an_order_whose_answer_was_lost_is_found_and_confirmed(provider, work, simulator, settings):
    settings.FRONTCORE = settings.FRONTCORE | {"read_timeout_s": 0.5, "write_total_s": 0.5}
    booking = saved()
    simulator.fault("POST", "/booking", "accept_then_hang", seconds=2)
    assert work(booking).status == Status.UNCERTAIN
    settings.FRONTCORE = settings.FRONTCORE | {"read_timeout_s": 5, "write_total_s": 5}
    at(booking, MINUTE)
    tasks.send_due_bookings()
    booking.refresh_from_db()
    (order,) = simulator.state()["orders"]
    assert (booking.status, booking.order_id) == (Status.CONFIRMED, order["id"])
    assert booking.mails.filter(kind=Mail.Kind.CONFIRMED).exists()
    line = booking.events.get(what="found")
    assert (line.by, line.before, line.after) == ("worker", "uncertain", "confirmed")
    assert str(order["id"]) in line.note
    assert "same_people" in line.note
    assert len(bookings_sent(simulator)) == 1


def test_an_order_that_went_to_accounting_is_found_too(lose, simulator):
    simulator.switches(export_at_once=True)
    booking = lose()
    assert look(booking).verdict == Verdict.THERE
    assert booking.status == Status.CONFIRMED


def test_who_asked_for_the_waiting_list_is_found_on_it(lose, simulator):
    booking = lose(remote_id=13100002, joins_waiting_list=True)
    assert look(booking).verdict == Verdict.THERE
    assert booking.status == Status.WAITING
    assert booking.mails.filter(kind=Mail.Kind.WAITING).exists()


def test_spelling_in_capitals_does_not_hide_an_order(lose):
    booking = lose()
    Booking.objects.update(booker_email="KARI@Bygg.example")
    booking.participants.filter(lastname="Hansen").update(lastname="HANSEN")
    booking.refresh_from_db()
    assert look(booking).verdict == Verdict.THERE


def test_a_filter_that_frontcore_ignores_changes_nothing(lose, simulator):
    saved_elsewhere = lose(remote_id=13100003, **NEVER)
    simulator.switches(participants_filter=False)
    booking = lose()
    assert look(saved_elsewhere).verdict == Verdict.TOO_EARLY
    assert look(booking).verdict == Verdict.THERE


def test_a_look_names_no_people(lose):
    found = look(lose())
    kept = str([found.candidates, found.problem])
    for secret in ("Ola", "Ørn", "kari", "bygg.example", "PO-4471"):
        assert secret not in kept


def test_with_the_setting_off_staff_settle_what_is_found(lose, settings):
    settings.SETTLE_BY_ITSELF = False
    booking = lose()
    assert look(booking).verdict == Verdict.THERE
    assert booking.status == Status.UNCERTAIN


def test_what_a_half_readable_answer_told_is_kept_and_helps_to_cancel(lose, simulator):
    simulator.fault("POST", "/booking", "missing_field", field="summary.total_vat")
    booking = saved()
    tasks.send(booking.pk)
    booking.refresh_from_db()
    order = order_of(simulator)
    assert booking.status == Status.UNCERTAIN
    assert (booking.told_order_id, booking.order_id) == (order["id"], None)
    at(booking, MINUTE)
    found = look(booking)
    assert found.candidates[0]["told"]
    assert (booking.status, booking.remote_booking_id) == (Status.CONFIRMED, order["booking_id"])


# --- Perhaps there ----------------------------------------------------------------------------


def test_the_same_booking_of_two_visitors_is_for_a_person_to_tell_apart(lose, simulator):
    one, other = lose(), lose()
    for booking in (one, other):
        found = look(booking)
        assert found.verdict == Verdict.MAYBE
        assert len(found.candidates) == 2
        assert booking.status == Status.UNCERTAIN


def test_one_order_for_two_that_were_sent_alike_is_given_to_neither(lose, simulator):
    one, other = lose(), lose(**NEVER)
    assert look(other).verdict == Verdict.MAYBE, "it may well be the order of the first"
    assert look(one).verdict == Verdict.MAYBE


def test_references_of_their_own_tell_two_that_were_sent_alike_apart(lose, simulator):
    one, other = lose(invoice_reference=""), lose(invoice_reference="", **NEVER)
    assert look(one).verdict == Verdict.THERE
    assert one.order_id == order_of(simulator)["id"]
    assert look(other).verdict == Verdict.TOO_EARLY
    (candidate,) = other.look_ups.latest("pk").candidates
    assert candidate["belongs_to"] == one.reference


def test_an_order_that_belongs_to_another_booking_of_ours_is_not_taken(lose, work, simulator):
    first = work(saved())
    booking = lose(**NEVER)
    found = look(booking)
    assert found.verdict == Verdict.TOO_EARLY
    assert found.candidates[0]["belongs_to"] == first.reference
    assert not found.candidates[0]["certain"]


@pytest.mark.parametrize(
    ("record", "change"),
    [
        ("participant", {"status_id": 4}),
        ("participant", {"status_id": 3}),
        ("participant", {"booker_email": None}),
        ("participant", {"booker_email": "someone@else.example"}),
        ("participant", {"created_at": "2026-01-05T10:00:00+01:00"}),
        ("order", {"participant_ids": [], "lines": []}),
    ],
)
def test_what_matches_in_part_is_for_a_person(lose, simulator, record, change):
    booking = lose()
    state = simulator.state()
    simulator.edit(**{record: state[f"{record}s"][0]["id"], "set": change})
    assert look(booking).verdict == Verdict.MAYBE
    assert booking.status == Status.UNCERTAIN


def test_participants_who_were_renamed_are_for_a_person(lose):
    booking = lose()
    booking.participants.filter(firstname="Ola").update(lastname="Hanssen")
    found = look(booking)
    assert found.verdict == Verdict.MAYBE
    assert (found.candidates[0]["people_found"], found.candidates[0]["booker"]) == (1, True)


def test_people_without_an_order_number_are_never_given_a_made_up_one(lose, simulator):
    simulator.fault("GET", "/orders", "missing_field", field="lines", times=0)
    booking = lose(invoice_reference="")
    found = look(booking)
    assert found.verdict == Verdict.MAYBE
    people, order = found.candidates
    assert (people["order"], people["same_people"]) == (None, True)
    assert (order["order"], order["reference"]) == (order_of(simulator)["id"], True)
    assert booking.order_id is None


def test_orders_of_which_no_moment_is_told_are_found_all_the_same(lose, simulator):
    simulator.fault("GET", "/orders", "missing_field", field="created_at", times=0)
    simulator.fault("GET", "/participants", "missing_field", field="created_at", times=0)
    booking = lose()
    assert look(booking).candidates[0]["in_time"] is None
    assert booking.status == Status.CONFIRMED


# --- Not there --------------------------------------------------------------------------------


def test_not_there_is_said_only_when_no_answer_can_be_on_its_way(lose, settings):
    booking = lose(**NEVER)
    at(booking, settings.BOOKING_SEND_AGAIN_AFTER - MINUTE)
    assert look(booking).verdict == Verdict.TOO_EARLY
    at(booking, settings.BOOKING_SEND_AGAIN_AFTER + MINUTE)
    assert look(booking).verdict == Verdict.NOT_THERE
    assert booking.status == Status.UNCERTAIN


@pytest.mark.parametrize("path", ["/orders", "/participants"])
@pytest.mark.parametrize("fault", ["html_500", "reset", "missing_field", "truncated", "busy"])
def test_what_cannot_be_read_is_never_not_there(lose, simulator, settings, path, fault):
    settings.FRONTCORE = settings.FRONTCORE | {"read_total_s": 1}
    booking = lose(ago=LONG_AGO)
    simulator.fault("GET", path, fault, times=0)
    found = look(booking)
    assert found.verdict == Verdict.UNREADABLE
    assert found.problem
    assert booking.status == Status.UNCERTAIN


def test_a_frontcore_that_is_away_is_never_not_there(lose, simulator, settings):
    booking = lose(ago=LONG_AGO, **NEVER)
    unreachable(settings)
    assert look(booking).verdict == Verdict.UNREADABLE
    reachable(settings, simulator)
    assert look(booking).verdict == Verdict.NOT_THERE


# --- When the machine looks -------------------------------------------------------------------


def sweep_at(booking, ago):
    """What the minutely sweep does so long after the sending; how many looks there are then."""
    booking.look_ups.update(looked_at=timezone.now() - ago + MINUTE)  # older than the next moment
    at(booking, ago)
    tasks.send_due_bookings()
    return booking.look_ups.count()


def test_the_machine_never_sends_again_however_often_it_looks(lose, simulator):
    booking = lose(**NEVER)
    for hours in (0.02, 0.1, 0.3, 1.1, 5.1, 24.1, 72):
        sweep_at(booking, timedelta(hours=hours))
    booking.refresh_from_db()
    assert booking.status == Status.UNCERTAIN
    assert len(bookings_sent(simulator)) == 1


def test_the_machine_looks_after_a_minute_and_then_ever_more_seldom():
    sent_at = timezone.now()
    booking = SimpleNamespace(claimed_at=sent_at, looked_at=None, asked_at=None)
    looked = []
    for minutes in range(3 * 24 * 60):
        now = sent_at + minutes * MINUTE
        if settling.is_due(booking, now):
            booking.looked_at = now
            looked.append(minutes)
    assert looked == [1, 5, 12, 30, 60, *(60 * hour for hour in range(2, 25))]


def test_the_machine_has_one_last_look_after_it_was_off_for_days(lose):
    booking = lose(ago=timedelta(days=3))
    tasks.send_due_bookings()
    booking.refresh_from_db()
    assert booking.status == Status.CONFIRMED


def test_a_sweep_looks_for_a_few_only_and_for_none_while_frontcore_is_away(
    lose, simulator, settings
):
    for _ in range(7):
        lose(**NEVER)
    unreachable(settings)
    tasks.send_due_bookings()
    assert LookUp.objects.count() == 1
    LookUp.objects.all().delete()
    reachable(settings, simulator)
    tasks.send_due_bookings()
    assert LookUp.objects.count() == 5
    tasks.send_due_bookings()
    assert LookUp.objects.count() == 7


def test_a_look_whose_task_got_lost_is_made_up_for(lose):
    booking = lose(ago=timedelta(days=3), **NEVER)
    tasks.send_due_bookings()
    booking.ask_for_look(by="staff: ida", now=timezone.now() - 2 * MINUTE)
    tasks.send_due_bookings()
    assert not booking.look_is_queued
    assert booking.look_ups.count() == 2


def test_looks_that_say_the_same_do_not_fill_the_history(lose):
    booking = lose(**NEVER)
    for _ in range(3):
        look(booking)
    assert booking.events.filter(what="looked_up").count() == 1


def test_an_order_number_of_another_booking_leaves_it_uncertain(lose, work, simulator, mailoutbox):
    taken = work(saved()).order_id
    booking = lose(**NEVER)
    found = {"order": taken, "people": 2, **dict.fromkeys(
        ("booker", "same_people", "reference", "in_time", "told"), True
    )}  # fmt: skip
    settling.settle(booking, found)
    booking.refresh_from_db()
    assert (booking.status, booking.order_id) == (Status.UNCERTAIN, None)


def test_a_late_answer_and_a_look_agree(lose, simulator):
    booking = lose()
    look(booking)
    order = booking.order_id
    assert not booking.end(booking.attempts, Status.CONFIRMED, order_id=order)
    booking.refresh_from_db()
    assert (booking.status, booking.order_id) == (Status.CONFIRMED, order)
    assert booking.mails.filter(kind=Mail.Kind.CONFIRMED, audience="booker").count() == 1
