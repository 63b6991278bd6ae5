"""The queue: everything that waits for a person, and nothing else."""

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from booking.models import Booking, ChangeRequest, FollowUp, LookUp, Mail
from tests.booking.builders import saved
from tests.factories import make_date

Status, Hold = Booking.Status, Booking.Hold
AN_HOUR_AGO = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def date():
    return make_date(title="Varme arbeider")


def booked(date, status=Status.CONFIRMED, **given):
    """A booking of an hour ago, as it stands."""
    moment = timezone.now() - AN_HOUR_AGO
    values = {"status": status, "created_at": moment, "claimed_at": moment}
    booking = saved(coursedate=date, **(values | given))
    booking.mails.all().delete()
    return booking


def queue(client):
    """{section: references}, and the page's text."""
    page = client.get(reverse("admin:booking_queue_changelist"))
    assert page.status_code == 200
    found = {
        each.name: [row.booking.reference for row in each.rows] for each in page.context["sections"]
    }
    return {name: rows for name, rows in found.items() if rows}, unescape(page.content.decode())


def everything(date):
    """One booking for each kind of thing that waits, by the name of its section."""
    settled = {"order_id": None}
    waits = {
        "uncertain": booked(date, Status.UNCERTAIN),
        "held": booked(date, Status.NEW, hold=Hold.SET_UP, refusal_code="currency_missing"),
        "changes": booked(date, **settled),
        "totals": booked(
            date, totals_differ=True, shown_incl_vat=100, answered_incl_vat=125, **settled
        ),
        "refused": booked(
            date, Status.REFUSED, refusal_code="date_cancelled", booker_email="a@b.example"
        ),
        "mails": booked(date, **settled),
        "follow-ups": booked(date, **settled),
        "waiting": booked(date, Status.NEW, due_at=timezone.now()),
    }
    ChangeRequest.objects.create(booking=waits["changes"], kind=ChangeRequest.Kind.ADD)
    Mail.objects.create(
        booking=waits["mails"],
        kind=Mail.Kind.CONFIRMED,
        audience=Mail.Audience.BOOKER,
        to="kari@bygg.example",
        language="nb",
        state=Mail.State.FAILED,
        problem="550 no such mailbox",
    )
    FollowUp.objects.create(
        booking=waits["follow-ups"],
        participant=waits["follow-ups"].participants.first(),
        kind=FollowUp.Kind.ANSWERS,
        state=FollowUp.State.REFUSED,
    )
    return waits


def test_each_kind_of_thing_that_waits_has_its_place(admin_client, date):
    waits = everything(date)
    booked(date)  # nothing is the matter with this one
    found, text = queue(admin_client)
    assert found == {name: [booking.reference] for name, booking in waits.items()}
    for words in ("Varme arbeider", "Kari Fjeld", "550 no such mailbox", "Frontcore: "):
        assert words in text


def test_what_goes_out_by_itself_is_shown_but_needs_nobody(date):
    waits = everything(date)
    needing = set(Booking.objects.needs_staff())
    assert needing == set(waits.values()) - {waits["waiting"]}


def test_the_front_page_of_the_admin_and_the_list_tell_how_many_wait(admin_client, date):
    everything(date)
    for name in ("admin:index", "admin:booking_booking_changelist"):
        text = admin_client.get(reverse(name)).content.decode()
        assert "7 påmeldinger venter på deg" in text
        assert reverse("admin:booking_queue_changelist") in text


def test_nothing_waits_is_said_too(admin_client, db):
    assert queue(admin_client)[0] == {}
    assert "Ingen påmeldinger venter på deg" in admin_client.get("/admin/").content.decode()


def test_a_cancellation_nobody_knows_the_end_of_leads_to_its_page(admin_client, date):
    booking = booked(date, Status.CANCEL_UNCERTAIN, cancel_claimed_at=timezone.now())
    found, text = queue(admin_client)
    assert found == {"uncertain": [booking.reference]}
    assert reverse("admin:booking_booking_cancelling", args=[booking.pk]) in text


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("there", "alle er fortsatt påmeldt"), ("not_there", "alle er avmeldt")],
)
def test_the_last_look_at_a_cancellation_tells_of_people_not_of_an_order(
    admin_client, date, verdict, words
):
    now = timezone.now()
    booking = booked(date, Status.CANCEL_UNCERTAIN, cancel_claimed_at=now)
    earlier = now - timedelta(minutes=30)  # of the booking, before anybody cancelled it
    booking.write_look(LookUp.Verdict.MAYBE, by="worker", looked_at=earlier)
    assert "Siste oppslag" not in queue(admin_client)[1]
    booking.write_look(verdict, by="worker", looked_at=now)
    text = queue(admin_client)[1]
    assert words in text
    assert "nøyaktig én ordre" not in text
    page = admin_client.get(reverse("admin:booking_booking_change", args=[booking.pk]))
    assert words in unescape(page.content.decode()), "the history says the same"
    (row,) = admin_client.get(reverse("admin:booking_queue_changelist")).context["sections"][0].rows
    assert row.since == now, "since it was cancelled, not since it was booked"


def test_what_was_not_sent_along_leads_to_where_it_is_marked_as_seen(admin_client, date):
    reference = everything(date)["follow-ups"].reference
    address = f"{reverse('admin:booking_followup_changelist')}?q={reference}"
    assert address in queue(admin_client)[1]
    assert reference in admin_client.get(address).content.decode()


@pytest.mark.parametrize(
    ("problem", "why", "to_do"),
    [
        ("SMTPRecipientsRefused 550", "adressen ble ikke godtatt", "Sjekk adressen"),
        ("ConnectionRefusedError", "ikke kontakt med e-posttjeneren", "i orden igjen"),
        ("SMTPAuthenticationError 535", "godtok ikke passordet", "i orden igjen"),
    ],
)
def test_a_mail_tells_what_was_wrong_and_whose_turn_it_is(admin_client, date, problem, why, to_do):
    everything(date)
    Mail.objects.update(problem=problem)
    text = queue(admin_client)[1]
    assert why in text
    assert to_do in text
    assert "kari@bygg.example" in text


# --- Refused lately ---------------------------------------------------------------------------


def test_a_refusal_leaves_the_queue_when_somebody_has_seen_it(admin_client, date):
    booking = booked(date, Status.REFUSED, refusal_code="no_vacant_seats")
    assert queue(admin_client)[0] == {"refused": [booking.reference]}
    step = reverse("admin:booking_booking_step", args=[booking.pk, "refusal-seen"])
    answer = admin_client.post(step, {"from": "queue"})
    assert answer["Location"] == reverse("admin:booking_queue_changelist")
    assert queue(admin_client)[0] == {}
    line = booking.events.get(what="refusal_seen")
    assert (line.by, line.before, line.after) == ("staff: admin", "refused", "refused")


def test_who_has_booked_the_date_since_needs_no_call(date):
    refused = booked(date, Status.REFUSED, booker_email="Kari@bygg.example")
    assert refused in Booking.objects.refused_unseen()
    booked(make_date(days=60))
    assert refused in Booking.objects.refused_unseen(), "that was another date"
    booked(date, Status.REFUSED, created_at=timezone.now() - timedelta(minutes=40))
    assert refused in Booking.objects.refused_unseen(), "that was refused as well"
    booked(date, Status.WAITING, created_at=timezone.now() - timedelta(minutes=10))
    assert refused not in Booking.objects.refused_unseen()


def test_who_is_still_at_it_and_who_gave_up_long_ago_are_left_alone(date):
    for ago in (timedelta(minutes=5), timedelta(days=20)):
        booked(date, Status.REFUSED, created_at=timezone.now() - ago)
    assert not Booking.objects.refused_unseen().exists()


# --- Cost and access --------------------------------------------------------------------------


def test_the_queue_costs_the_same_queries_for_few_and_many(admin_client, date):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            queue(admin_client)
        return len(captured)

    everything(date)
    cost()
    few = cost()
    for _ in range(4):
        everything(date)
    assert cost() == few
    assert few <= 14


def test_a_long_queue_shows_its_beginning_and_tells_the_rest(admin_client, date):
    first = booked(date, Status.UNCERTAIN, created_at=timezone.now() - timedelta(days=2))
    kept = Booking.objects.values().get(pk=first.pk)
    for name in ("id", "link_seed", "link_hash", "created_at"):
        del kept[name]
    for number in range(54):
        Booking(**kept | {"reference": f"R{number}", "form_hash": f"f{number}"}).save()
    found, text = queue(admin_client)
    assert len(found["uncertain"]) == 50
    assert found["uncertain"][0] == first.reference, "the oldest first"
    assert "og 5 til" in text


def test_the_queue_is_for_who_may_see_bookings(client, django_user_model, date):
    booking = booked(date, Status.NEW, hold=Hold.EXPIRED)
    user = django_user_model.objects.create_user("ida", is_staff=True)
    client.force_login(user)
    address = reverse("admin:booking_queue_changelist")
    assert client.get(address).status_code == 403
    assert "venter på deg" not in client.get("/admin/").content.decode()
    user.user_permissions.add(Permission.objects.get(codename="view_booking"))
    text = client.get(address).content.decode()
    assert booking.reference in text
    assert "step/send-now" not in text
