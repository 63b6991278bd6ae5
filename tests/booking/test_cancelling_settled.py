"""A cancellation nobody knows the end of: what staff see of it, and what they may say."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from booking import cancelling, tasks
from booking.models import Booking, Mail, Participant
from catalog.upstream import open_frontcore
from tests.booking.conftest import unreachable
from tests.booking.standing import (
    DEREGISTER,
    fresh,
    mails,
    standing,
    starts_in,
    worked,
)

pytestmark = pytest.mark.usefixtures("provider")
Status = Booking.Status


@pytest.fixture
def doubtful(page, booking, simulator):
    """A booking whose cancellation may have gone through, or not: `(fault)` says which."""

    def doubtful(fault="accept_then_close"):
        page.cancel()
        simulator.fault("PUT", DEREGISTER, fault)
        assert worked(booking).status == Status.CANCEL_UNCERTAIN
        return fresh(booking)

    return doubtful


def address(booking):
    return reverse("admin:booking_booking_cancelling", args=[booking.pk])


@pytest.mark.parametrize(
    ("fault", "verdict", "words"),
    [
        ("accept_then_close", "not_there", "Alle er avmeldt"),
        ("close", "there", "Alle er fortsatt påmeldt"),
    ],
)
def test_staff_see_what_frontcore_says_of_the_people(
    admin_client, doubtful, simulator, django_capture_on_commit_callbacks, fault, verdict, words
):
    booking = doubtful(fault)
    before = len(simulator.requests())
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address(booking), {"action": "look"})
    assert len(simulator.requests()) == before, "the worker asks"
    (task,) = [q.task for q in OrmQ.objects.all() if "look_at" in q.task["func"]]
    for _ in range(2):
        tasks.look_at_cancellation(*task["args"])
    look = booking.look_ups.get()
    assert look.verdict == verdict
    assert words in admin_client.get(address(booking)).content.decode()
    for name in ("Ola", "Ørn", "bygg.example"):
        assert name not in str(look.candidates)
    assert booking.status == Status.CANCEL_UNCERTAIN, "a look settles nothing"


def test_a_look_says_maybe_where_the_people_stand_there_twice(doubtful, simulator):
    booking = doubtful()
    standing()
    look = booking.ask_for_look(by="staff: admin")
    tasks.look_at_cancellation(look.pk)
    look.refresh_from_db()
    assert look.verdict == "maybe"


def test_people_whose_status_is_not_told_are_neither_enrolled_nor_gone(doubtful, simulator):
    booking = doubtful()
    simulator.fault("GET", "/participants", "missing_field", field="status")
    look = booking.ask_for_look(by="staff: admin")
    tasks.look_at_cancellation(look.pk)
    look.refresh_from_db()
    assert look.verdict == "maybe"
    assert look.candidates == [{"people": 2, "gone": 0, "enrolled": 0}]


def test_who_was_cancelled_before_as_well_is_cancelled(doubtful, simulator):
    earlier = standing()
    with open_frontcore() as api:
        api.deregister(earlier.remote_booking_id)
    booking = doubtful()
    look = booking.ask_for_look(by="staff: admin")
    tasks.look_at_cancellation(look.pk)
    look.refresh_from_db()
    assert look.verdict == "not_there"
    assert look.candidates == [{"people": 2, "gone": 2, "enrolled": 0}]


def test_a_look_that_fails_says_so(admin_client, doubtful, settings):
    booking = doubtful()
    look = booking.ask_for_look(by="staff: admin")
    unreachable(settings)
    tasks.look_at_cancellation(look.pk)
    assert booking.look_ups.get().verdict == "unreadable"
    assert "Fikk ikke spurt Frontcore" in admin_client.get(address(booking)).content.decode()


def test_staff_say_that_it_is_cancelled(admin_client, doubtful):
    booking = doubtful()
    admin_client.post(address(booking), {"action": "cancelled"})
    assert fresh(booking).status == Status.CANCEL_UNCERTAIN, "the box was not ticked"
    for _ in range(2):
        admin_client.post(address(booking), {"action": "cancelled", "sure": "on"})
    booking = fresh(booking)
    assert booking.status == Status.CANCELLED
    (line,) = booking.events.filter(what="cancel_settled")
    assert (line.by, line.before) == ("staff: admin", "cancel_uncertain")
    assert "kari@bygg.example" in mails(booking, Mail.Kind.CANCELLED)


def test_staff_say_that_it_still_stands_but_not_while_an_answer_may_come(
    admin_client, doubtful, page
):
    booking = doubtful("close")
    admin_client.post(address(booking), {"action": "stands", "sure": "on"})
    assert fresh(booking).status == Status.CANCEL_UNCERTAIN
    Booking.objects.update(cancel_claimed_at=timezone.now() - timedelta(minutes=20))
    admin_client.post(address(booking), {"action": "stands", "sure": "on"})
    booking = fresh(booking)
    assert booking.status == Status.CONFIRMED
    assert booking.open_cancel_request, "the wish is not dropped"
    assert mails(booking, Mail.Kind.NOT_CANCELLED) == ["kari@bygg.example"]
    assert "Du har bedt oss om å avbestille" in page.get().text


@pytest.mark.parametrize(
    ("fault", "said", "right", "status"),
    [
        ("accept_then_close", "stands", "cancelled", Status.CANCELLED),
        ("close", "cancelled", "stands", Status.CONFIRMED),
    ],
)
def test_nobody_says_what_the_last_look_denies(admin_client, doubtful, fault, said, right, status):
    booking = doubtful(fault)
    Booking.objects.update(cancel_claimed_at=timezone.now() - timedelta(minutes=20))
    tasks.look_at_cancellation(fresh(booking).ask_for_look(by="staff: admin").pk)
    text = admin_client.get(address(booking)).content.decode()
    assert f'value="{said}"' not in text, "nor is it offered"
    answer = admin_client.post(address(booking), {"action": said, "sure": "on"}, follow=True)
    assert "oppslaget sier noe annet" in answer.content.decode()
    assert fresh(booking).status == Status.CANCEL_UNCERTAIN
    admin_client.post(address(booking), {"action": right, "sure": "on"})
    assert fresh(booking).status == status


def swept(booking, minutes=1):
    """The booking after the worker's look, so long after its cancellation was sent."""
    with open_frontcore() as api:
        cancelling.look_due(api, booking.cancel_claimed_at + timedelta(minutes=minutes))
    return fresh(booking)


@pytest.mark.parametrize("with_fee", [False, True])
def test_a_cancellation_that_frontcores_list_shows_is_settled_without_a_person(
    doubtful, page, with_fee
):
    if with_fee:
        starts_in(5)
    booking = doubtful()
    assert booking.cancel_with_fee == with_fee
    assert swept(booking, minutes=0).status == Status.CANCEL_UNCERTAIN, "not before a minute"
    for _ in range(2):
        booking = swept(booking)
    assert booking.status == Status.CANCELLED
    line = booking.events.get(after=Status.CANCELLED)
    assert (line.by, line.before, line.note) == ("worker", "cancel_uncertain", "seen as cancelled")
    assert mails(booking, Mail.Kind.CANCELLED).count("kari@bygg.example") == 1
    assert "Påmeldingen er avbestilt" in page.get().text


def one_stands(simulator):
    person = simulator.state()["participants"][0]
    simulator.edit(participant=person["id"], set={"status_id": 1})


def under_other_names(simulator):
    Participant.objects.update(lastname="Nordmann")


def one_more_of_ours(simulator):
    Booking.objects.get().participants.create(
        firstname="Per", lastname="Ås", email="per@bygg.example"
    )


def by_another_booker(simulator):
    Booking.objects.update(booker_email="siv@bygg.example")


def a_twin_stands(simulator):
    standing()


def a_twin_was_cancelled(simulator):
    with open_frontcore() as api:
        api.deregister(standing().remote_booking_id)


@pytest.mark.parametrize(
    "doubt",
    [one_stands, under_other_names, one_more_of_ours, by_another_booker, a_twin_stands,
     a_twin_was_cancelled],
)  # fmt: skip
def test_what_is_not_certainly_cancelled_waits_for_a_person(doubtful, simulator, doubt):
    booking = doubtful()
    doubt(simulator)
    assert swept(booking).status == Status.CANCEL_UNCERTAIN
    assert booking.look_ups.get().by == "worker"


def test_the_machine_never_says_that_it_still_stands_and_looks_again(doubtful, simulator):
    booking = doubtful("close")
    for minutes in (1, 1, 5, 60 * 24):
        assert swept(booking, minutes).status == Status.CANCEL_UNCERTAIN
    assert {look.verdict for look in booking.look_ups.all()} == {"there"}
    assert booking.events.filter(what="looked_up").count() == 1, "the same is told once"
    assert not booking.changes.exists()


def test_nothing_is_settled_by_itself_where_the_setting_says_so(doubtful, settings):
    settings.SETTLE_BY_ITSELF = False
    booking = swept(doubtful())
    assert booking.status == Status.CANCEL_UNCERTAIN
    assert booking.last_look_at_cancellation.verdict == "not_there"


def test_frontcore_away_is_noted_and_settles_nothing(doubtful, settings):
    booking = doubtful()
    unreachable(settings)
    assert swept(booking).status == Status.CANCEL_UNCERTAIN
    assert booking.look_ups.get().verdict == "unreadable"


def test_only_who_may_change_bookings_settles_them(client, doubtful, django_user_model):
    booking = doubtful()
    client.force_login(django_user_model.objects.create_user("reader", is_staff=True))
    answer = client.post(address(booking), {"action": "cancelled", "sure": "on"})
    assert answer.status_code == 403
    assert fresh(booking).status == Status.CANCEL_UNCERTAIN
