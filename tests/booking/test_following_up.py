"""What is sent along to Frontcore about people: once, and never in the booking's way."""

import datetime as dt

import pytest
import requests
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from booking import following_up, tasks
from booking.models import Answer, Booking, FollowUp, Participant, Question
from catalog.upstream import NetworkInTransaction, open_frontcore
from tests.booking.conftest import filled, unreachable
from tests.ports import PATIENCE_S

State = FollowUp.State
LEGAL, ANSWERS = FollowUp.Kind.LEGAL_BASIS, FollowUp.Kind.ANSWERS


@pytest.fixture
def legal_bases(settings):
    settings.LEGAL_BASIS, settings.LEGAL_PURPOSE, settings.LEGAL_CONSENT = 2, 117, 0


@pytest.fixture
def booked(make_booking, work):
    """A confirmed booking of Ola Hansen and Åse Ørn, with whatever is to be sent along."""

    def booked(answers=(), **more):
        booking = make_booking(**more)
        for name, value, number in answers:
            question = Question.objects.create(label_nb=name, property_name=name)
            person = None if number is None else booking.participants.all()[number]
            Answer.objects.create(
                booking=booking,
                participant=person,
                question=question,
                label=name,
                language="nb",
                value=value,
            )
        return work(booking)

    return booked


def get(simulator, path):
    headers = {"X-API-Key": simulator.key}
    return requests.get(simulator.url + path, headers=headers, timeout=PATIENCE_S).json()


def writes(simulator):
    return [
        row for row in simulator.requests() if row["method"] != "GET" and row["path"] != "/booking"
    ]


def states():
    return list(FollowUp.objects.values_list("state", flat=True))


def make_due():
    FollowUp.objects.update(due_at=timezone.now())


def test_nothing_is_sent_along_where_nothing_is_configured(booked, simulator):
    booked()
    assert not FollowUp.objects.exists()
    tasks.follow_up()
    assert writes(simulator) == []


def test_each_participant_gets_the_legal_basis_of_the_settings_once(booked, simulator, legal_bases):
    booking = booked()
    assert states() == [State.DUE, State.DUE]
    tasks.follow_up()
    tasks.follow_up()
    assert states() == [State.DONE, State.DONE]
    rows = get(simulator, "/privacy/users/legalbases")
    assert {row["user"]["firstname"] for row in rows} == {"Ola", "Åse"}
    for row in rows:
        told = [row[name]["id"] for name in ("legal_basis", "purpose", "source")]
        assert told == [2, 117, 6]
        assert row["comment"] == f"Booking {booking.reference}"
    assert len(writes(simulator)) == 2
    notes = booking.events.filter(what="followed_up").values_list("note", flat=True)
    assert list(notes) == ["legal_basis: done", "legal_basis: done"]


def test_answers_go_to_the_participants_fields_and_what_stood_there_stays(booked, simulator):
    booking = booked(answers=[("allergi", "nøtter", 0), ("firma_nr", "A-17", None), ("fri", "", 1)])
    (ola,) = [
        each
        for each in get(simulator, "/participants?coursedate_id=13100001")
        if each["user"]["firstname"] == "Ola"
    ]
    simulator.edit(participant=ola["id"], set={"custom_properties": {"nivå": 2}})
    tasks.follow_up()
    assert states() == [State.DONE, State.DONE]
    found = {
        each["user"]["firstname"]: each["custom_properties"]
        for each in get(simulator, "/participants?coursedate_id=13100001")
    }
    assert found == {
        "Ola": {"nivå": 2, "allergi": "nøtter", "firma_nr": "A-17"},
        "Åse": {"firma_nr": "A-17"},
    }
    assert {row["path"] for row in writes(simulator)} == {
        f"/participants/{each['id']}"
        for each in get(simulator, "/participants?coursedate_id=13100001")
    }
    assert booking.status == Booking.Status.CONFIRMED


def test_the_waiting_list_stands_in_frontcore_too(booked, legal_bases):
    booking = booked(remote_id=13100002)
    assert booking.status == Booking.Status.WAITING
    assert states() == [State.DUE, State.DUE]


def test_a_refused_booking_sends_nothing_along(booked, simulator, legal_bases):
    simulator.fault("POST", "/booking", "error", code="campaign_code_invalid")
    assert booked().status == Booking.Status.REFUSED
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("fault", "first", "second"),
    [
        ("busy", State.DUE, State.DONE),
        ("close", State.UNCERTAIN, State.UNCERTAIN),
        ("accept_then_close", State.UNCERTAIN, State.UNCERTAIN),
        ("html_500", State.UNCERTAIN, State.UNCERTAIN),
        ("error", State.REFUSED, State.REFUSED),
    ],
)
def test_only_what_was_provably_not_carried_out_is_sent_again(
    booked, simulator, legal_bases, fault, first, second, caplog
):
    booking = booked(fields=filled("Ola Hansen"))
    simulator.fault("POST", "/privacy/**", fault, code="unauthorized")
    tasks.follow_up()
    assert states() == [first]
    make_due()
    tasks.follow_up()
    assert states() == [second]
    made = len(get(simulator, "/privacy/users/legalbases"))
    assert made == (second == State.DONE or fault == "accept_then_close")
    if first != State.DUE:
        assert len(writes(simulator)) == 1
        assert booking.reference in caplog.text
        assert "Hansen" not in caplog.text
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CONFIRMED


def test_while_frontcore_is_away_all_wait(booked, settings, legal_bases):
    booked()
    unreachable(settings)
    tasks.follow_up()
    assert states() == [State.DUE, State.DUE]
    assert FollowUp.objects.filter(due_at__gt=timezone.now(), attempts=0).count() >= 1
    assert not FollowUp.objects.needs_staff().exists()


def test_people_who_do_not_appear_are_looked_for_a_few_times_then_left_to_staff(
    booked, simulator, legal_bases, caplog
):
    booking = booked(fields=filled("Ola Hansen"))
    simulator.fault("GET", "/participants", "empty", times=0)
    for tried in range(1, 5):
        make_due()
        tasks.follow_up()
        one = FollowUp.objects.get()
        assert (one.state, one.attempts) == (State.DUE, tried)
        assert one.due_at > timezone.now() + dt.timedelta(minutes=1)
    make_due()
    tasks.follow_up()
    one = FollowUp.objects.needs_staff().get()
    assert (one.state, one.problem) == (State.GIVEN_UP, "not among the participants")
    assert booking.reference in caplog.text
    assert Booking.objects.needs_staff().filter(pk=booking.pk).exists()
    assert writes(simulator) == []


def test_two_of_one_name_are_not_mixed_up(booked, simulator, legal_bases):
    """Same name and address twice on the date by the same booker: one user, two enrolments."""
    booked(fields=filled("Ola Hansen", "Ola Hansen"), answers=[("allergi", "nøtter", 0)])
    tasks.follow_up()
    by_kind = {one.kind: one for one in FollowUp.objects.filter(attempts=1)}
    assert by_kind[LEGAL].state == State.DONE
    assert (by_kind[ANSWERS].state, by_kind[ANSWERS].problem) == (
        State.DUE,
        "several of that name",
    )


def test_earlier_participants_of_that_name_are_somebody_elses(booked, simulator, legal_bases):
    other = {"booker_email": "nina@else.example", "booker_firstname": "Nina"}
    booked(fields=filled("Ola Hansen", **other), answers=[("allergi", "nøtter", 0)])
    tasks.follow_up()
    assert set(states()) == {State.DONE}
    booked(fields=filled("Ola Hansen"), answers=[("utstyr", "hjelm", 0)])
    tasks.follow_up()
    assert set(states()) == {State.DONE}
    found = [
        each["custom_properties"] for each in get(simulator, "/participants?coursedate_id=13100001")
    ]
    assert sorted(map(str, found)) == ["{'allergi': 'nøtter'}", "{'utstyr': 'hjelm'}"]


def test_one_that_lost_its_sender_is_uncertain_and_a_late_success_is_still_told(
    booked, settings, legal_bases
):
    booked(fields=filled("Ola Hansen"))
    one = FollowUp.objects.get()
    long_ago = timezone.now() - settings.BOOKING_LEASE
    attempt = one.claim()
    assert FollowUp.objects.get().claim() is None, "nobody else may send it"
    following_up.tidy()
    assert states() == [State.SENDING]
    FollowUp.objects.update(claimed_at=long_ago)
    following_up.tidy()
    assert states() == [State.UNCERTAIN]
    assert one.end(attempt, State.DONE)
    assert states() == [State.DONE]


class Meanwhile:
    """Frontcore, while something happens between the look at its people and the claim."""

    def __init__(self, api, happens):
        self.api, self.happens = api, happens

    def __getattr__(self, name):
        return getattr(self.api, name)

    def wait_for_slot(self):
        self.happens()
        self.api.wait_for_slot()


def test_who_was_taken_out_meanwhile_is_passed_over_and_the_others_are_not(
    booked, simulator, legal_bases, caplog
):
    booking = booked()
    taken_out = Participant.objects.filter(booking=booking, firstname="Ola")
    with open_frontcore() as api:
        following_up.follow_up_due(Meanwhile(api, taken_out.delete))
    assert states() == [State.DONE]
    (row,) = get(simulator, "/privacy/users/legalbases")
    assert row["user"]["firstname"] == "Åse"
    assert "broke" not in caplog.text


def test_a_cancelled_booking_sends_nothing_along_any_more(booked, simulator, legal_bases):
    booking = booked()
    one = FollowUp.objects.first()
    Booking.objects.filter(pk=booking.pk).update(status="cancelling")
    assert one.claim() is None
    tasks.follow_up()
    assert states() == [State.DUE, State.DUE]
    Booking.objects.filter(pk=booking.pk).update(status="cancelled")
    make_due()
    tasks.follow_up()
    assert states() == [State.GIVEN_UP, State.GIVEN_UP]
    assert writes(simulator) == []


def test_a_cancellation_that_fails_plans_nothing_anew(booked, legal_bases):
    booking = booked()
    FollowUp.objects.all().delete()
    Booking.objects.filter(pk=booking.pk).update(status="cancelling")
    booking.refresh_from_db()
    booking._change(Q(status="cancelling"), "cancel_ended", by="worker", status="confirmed")
    assert not FollowUp.objects.exists()


def test_staff_see_what_is_stuck_send_it_again_or_leave_it(
    admin_client, booked, simulator, legal_bases
):
    booking = booked()
    simulator.fault("POST", "/privacy/**", "error", times=2, code="unauthorized")
    tasks.follow_up()
    assert states() == [State.REFUSED, State.REFUSED]
    page = admin_client.get(reverse("admin:booking_booking_change", args=[booking.pk]))
    assert "refused" in page.content.decode()
    address = reverse("admin:booking_followup_changelist")
    assert len(admin_client.get(address, {"needs_staff": "yes"}).context["cl"].queryset) == 2
    first, second = FollowUp.objects.all()
    admin_client.post(address, {"action": "send_again", "_selected_action": [first.pk]})
    admin_client.post(address, {"action": "mark_as_seen", "_selected_action": [second.pk]})
    assert not FollowUp.objects.needs_staff().exists()
    tasks.follow_up()
    assert states() == [State.DONE, State.REFUSED]
    by = booking.events.filter(what="followed_up").values_list("by", flat=True)
    assert list(by) == ["worker", "worker", "staff: admin", "staff: admin", "worker"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_along_inside_a_transaction(booked, legal_bases):
    booked()
    with open_frontcore() as api, transaction.atomic(), pytest.raises(NetworkInTransaction):
        following_up.follow_up_due(api)
