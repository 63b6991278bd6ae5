"""What staff see of bookings, and the little they may do to them."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_q.models import OrmQ

from booking.models import Booking, BookingEvent
from tests.booking.conftest import bookings_sent, filled, unreachable

LIST = "admin:booking_booking_changelist"


@pytest.fixture
def bookings(make_booking, work):
    """A confirmed booking, and one of other people that was not sent."""
    return work(make_booking()), make_booking(
        fields=filled(
            "Per Ås",
            booker_firstname="Nina",
            booker_lastname="Berg",
            booker_email="nina@else.example",
            booker_phone="+46 8 123 456 78",
            company="Annet AS",
        )
    )


def found(admin_client, **query):
    page = admin_client.get(reverse(LIST), query)
    assert page.status_code == 200
    return list(page.context["cl"].queryset)


@pytest.mark.parametrize(
    "words",
    ["Fjeld", "kari@bygg", "Åse Ørn", "ola@bygg", "41 20 00 00", "+4741200000", "Bygg Eksempel"],
)
def test_a_booking_is_found_by_name_mail_and_phone(admin_client, bookings, words):
    assert found(admin_client, q=words) == [bookings[0]]


def test_a_booking_is_found_by_reference_and_order_number(admin_client, bookings):
    confirmed, other = bookings
    assert found(admin_client, q=confirmed.reference.lower()) == [confirmed]
    assert found(admin_client, q=str(confirmed.order_id)) == [confirmed]
    assert found(admin_client, q=other.reference) == [other]


def test_the_queue_for_staff_is_a_filter(admin_client, bookings):
    _, other = bookings
    assert found(admin_client, needs_staff="yes") == []
    other.keep_for_staff(Booking.Hold.SET_UP, code="currency_missing")
    assert found(admin_client, needs_staff="yes") == [other]


def test_a_booking_shows_its_people_and_its_history_and_cannot_be_changed(admin_client, bookings):
    booking = bookings[0]
    address = reverse("admin:booking_booking_change", args=[booking.pk])
    text = admin_client.get(address).content.decode()
    for words in ("Ola", "Ørn", "PO-4471", "den besøkende", "arbeideren", str(booking.order_id)):
        assert words in text
    assert 'name="_save"' not in text
    assert admin_client.post(address, {"status": "refused"}).status_code == 403
    assert booking.link_token not in text
    delete = reverse("admin:booking_booking_delete", args=[booking.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403


def test_send_now_queues_unsent_bookings_and_nothing_else(
    admin_client, bookings, work, simulator, settings, django_capture_on_commit_callbacks
):
    confirmed, other = bookings
    base = settings.FRONTCORE
    unreachable(settings)
    work(other)
    settings.FRONTCORE = base
    sent_before = len(simulator.requests())
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(
            reverse(LIST),
            {"action": "send_now", "_selected_action": [confirmed.pk, other.pk]},
        )
    queued = [each.task for each in OrmQ.objects.all()]
    (task,) = [task for task in queued if task["func"] == "booking.tasks.send"]
    assert task["args"] == (other.pk,)
    assert len(simulator.requests()) == sent_before, "the worker sends, not the admin"
    assert work(other).status == Booking.Status.CONFIRMED
    assert len(bookings_sent(simulator)) == 2
    assert other.events.filter(by="staff: admin", what="released").exists()


def test_send_now_leaves_an_uncertain_booking_alone(admin_client, bookings, work, simulator):
    _, other = bookings
    simulator.fault("POST", "/booking", "error", code="order_could_not_be_created")
    work(other)
    sent = len(bookings_sent(simulator))
    admin_client.post(reverse(LIST), {"action": "send_now", "_selected_action": [other.pk]})
    assert work(other).status == Booking.Status.UNCERTAIN
    assert len(bookings_sent(simulator)) == sent


def test_a_difference_of_totals_leaves_the_queue_when_somebody_has_looked(
    admin_client, booked, work, simulator
):
    visitor = booked(13100003)
    simulator.fault("POST", "/booking", "change_price", amount=100, coursedate=13100003)
    booking = work()
    assert found(admin_client, needs_staff="yes") == [booking]
    mark_as_seen = {"action": "totals_seen", "_selected_action": [booking.pk]}
    for _ in range(2):  # the second time there is nothing left to see
        assert admin_client.post(reverse(LIST), mark_as_seen).status_code == 302
    assert found(admin_client, needs_staff="yes") == []
    (line,) = booking.events.filter(what="totals_seen")
    assert (line.by, line.before, line.after) == ("staff: admin", "confirmed", "confirmed")
    address = reverse("admin:booking_booking_change", args=[booking.pk])
    assert "avvik i sum sett" in admin_client.get(address).content.decode()
    assert found(admin_client, totals_differ="1") == [booking], "it is not forgotten"
    assert "Summen er en annen" in visitor.reload().text, "nor hidden from who was told"


def test_there_is_nothing_to_see_where_totals_agree(admin_client, bookings):
    pks = [booking.pk for booking in bookings]
    admin_client.post(reverse(LIST), {"action": "totals_seen", "_selected_action": pks})
    assert not BookingEvent.objects.filter(what="totals_seen").exists()


def test_actions_are_for_those_who_may_change_bookings(client, django_user_model, bookings):
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_booking"))
    client.force_login(reader)
    page = client.get(reverse(LIST))
    assert page.status_code == 200
    assert "send_now" not in page.content.decode()
    assert "totals_seen" not in page.content.decode()


def test_the_list_costs_the_same_queries_for_few_and_many(admin_client, bookings):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            shown = len(found(admin_client))
        return shown, len(captured)

    queries()  # what is asked once only
    few = queries()
    kept = Booking.objects.values().get(pk=bookings[0].pk)
    for name in ("id", "order_id", "link_seed", "link_hash"):
        del kept[name]
    for number in range(30):
        unique = {"reference": f"R{number}", "form_hash": f"f{number}", "totals_differ": number % 2}
        Booking(**kept | unique).save()
    many = queries()
    assert (few[0], many[0]) == (2, 32)
    assert many[1] == few[1]
