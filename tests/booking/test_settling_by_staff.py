"""What a person may do about an uncertain or held booking, when, and how it is written down."""

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from booking import letters, tasks
from booking.models import Booking, LookUp, Mail
from tests.booking.builders import saved
from tests.booking.conftest import bookings_sent

Status, Verdict = Booking.Status, LookUp.Verdict
LONG_AGO = timedelta(minutes=15)


@pytest.fixture
def uncertain(provider, work, simulator):
    """An uncertain booking of which Frontcore has nothing, or the order, sent long ago."""

    def uncertain(arrived=False, ago=LONG_AGO, **more):
        booking = saved(**more)
        if arrived:
            simulator.fault("POST", "/booking", "accept_then_close")
        else:
            code = "order_could_not_be_created"
            simulator.fault("POST", "/booking", "error", code=code)
        work(booking)
        Booking.objects.filter(pk=booking.pk).update(claimed_at=timezone.now() - ago)
        booking.refresh_from_db()
        return booking

    return uncertain


@pytest.fixture
def staff(admin_client, django_capture_on_commit_callbacks):
    """Somebody at the desk, with what the worker gets to do afterwards."""

    class Staff:
        client = admin_client

        def page(self, booking):
            answer = admin_client.get(reverse("admin:booking_booking_change", args=[booking.pk]))
            return unescape(answer.content.decode())

        def open(self, booking, step):
            return admin_client.get(reverse("admin:booking_booking_step", args=[booking.pk, step]))

        def press(self, booking, step, **typed):
            """The sentence that comes back."""
            address = reverse("admin:booking_booking_step", args=[booking.pk, step])
            with django_capture_on_commit_callbacks(execute=True):
                answer = admin_client.post(address, typed, follow=True)
            booking.refresh_from_db()
            assert answer.status_code == 200
            return " ".join(str(each) for each in answer.context["messages"])

        def queued(self):
            found = [each.task for each in OrmQ.objects.order_by("pk")]
            tasks_of_bookings = [(task["func"], *task["args"]) for task in found]
            return [task for task in tasks_of_bookings if "mail" not in task[0]]

    return Staff()


def look(booking):
    tasks.look_up(booking.pk)
    booking.refresh_from_db()


# --- Looking ----------------------------------------------------------------------------------


def test_the_page_tells_what_frontcore_has_in_plain_words(uncertain, staff, settings, simulator):
    settings.SETTLE_BY_ITSELF = False
    booking = uncertain(arrived=True)
    assert "Ingen har sett etter ennå" in staff.page(booking)
    look(booking)
    text = staff.page(booking)
    order = simulator.state()["orders"][0]["id"]
    for words in (str(order), "stemmer på alle punkter", "den samme", "Sendt"):
        assert words in text
    assert f'value="{order}"' in text, "the number need not be typed"


def test_the_history_tells_in_words_what_a_machine_went_by(uncertain, staff):
    booking = uncertain(arrived=True)
    look(booking)
    assert booking.status == Status.CONFIRMED
    same = "det samme: bestillerens e-post, deltakere, referanse, tidspunkt"
    assert f"ordre {booking.order_id}; {same}" in staff.page(booking)


def test_look_again_is_queued_and_the_worker_looks(uncertain, staff, simulator):
    booking = uncertain()
    before = len(simulator.requests())
    staff.press(booking, "look-again")
    assert staff.queued() == [("booking.tasks.look_up", booking.pk)]
    assert len(simulator.requests()) == before, "the worker calls, not the admin"
    assert "i kø" in staff.page(booking)
    look(booking)
    (done,) = booking.look_ups.all()
    assert (done.by, done.verdict) == ("staff: admin", Verdict.NOT_THERE)
    assert booking.events.filter(what="looked_up", by="staff: admin").exists()


# --- It is there ------------------------------------------------------------------------------


def test_it_is_there_needs_a_number_and_confirms_the_booking(uncertain, staff):
    booking = uncertain()
    assert "bare sifre" in staff.press(booking, "there", order="tre")
    assert booking.status == Status.UNCERTAIN
    staff.press(booking, "there", order="301999", number="512999", sure="yes")
    assert (booking.status, booking.order_id) == (Status.CONFIRMED, 301999)
    assert booking.remote_booking_id == 512999
    line = booking.events.get(what="found")
    assert (line.by, line.before, line.after) == ("staff: admin", "uncertain", "confirmed")
    assert booking.mails.filter(kind=Mail.Kind.CONFIRMED).exists()


def test_it_is_there_on_the_waiting_list(uncertain, staff):
    booking = uncertain()
    staff.press(booking, "there", order="301999", waiting="on", sure="yes")
    assert (booking.status, booking.joins_waiting_list) == (Status.WAITING, True)


def test_the_order_of_another_booking_cannot_be_given_away(uncertain, staff, work):
    other = work(saved())
    booking = uncertain()
    said = staff.press(booking, "there", order=str(other.order_id))
    assert other.reference in said
    assert (booking.status, booking.order_id) == (Status.UNCERTAIN, None)


def test_a_number_that_no_look_has_found_is_asked_for_once_more(uncertain, staff):
    booking = uncertain()
    look(booking)
    typed = {"order": "301999", "number": "512999", "waiting": "on"}
    address = reverse("admin:booking_booking_step", args=[booking.pk, "there"])
    text = unescape(staff.client.post(address, typed).content.decode())
    assert "Er det ordre 301999?" in text
    for name, value in typed.items():
        assert f'name="{name}" value="{value}"' in text, "nothing typed is lost"
    booking.refresh_from_db()
    assert (booking.status, booking.order_id) == (Status.UNCERTAIN, None)
    staff.press(booking, "there", **typed, sure="yes")
    assert (booking.status, booking.order_id) == (Status.WAITING, 301999)


def test_a_number_that_the_look_has_found_takes_one_press(uncertain, staff, settings, simulator):
    settings.SETTLE_BY_ITSELF = False
    booking = uncertain(arrived=True)
    look(booking)
    order = simulator.state()["orders"][0]["id"]
    staff.press(booking, "there", order=str(order))
    assert (booking.status, booking.order_id) == (Status.CONFIRMED, order)


def test_orders_of_other_people_are_no_news_though_they_share_a_reference(
    uncertain, staff, work, settings
):
    settings.SETTLE_BY_ITSELF = False
    other = work(saved(people=["Per Ås"], booker_email="x@else.example"))
    booking = uncertain()
    look(booking)
    assert [each["order"] for each in booking.last_look.candidates] == [other.order_id]
    assert other.reference not in staff.page(booking)


def test_the_second_of_two_who_press_at_once_is_told(uncertain, staff):
    booking = uncertain()
    look(booking)
    staff.press(booking, "there", order="301999", sure="yes")
    for step, typed in [
        ("there", {"order": "301998"}),
        ("send-again", {"sure": "yes"}),
        ("write-off", {"sure": "yes"}),
        ("look-again", {}),
    ]:
        said = staff.press(booking, step, **typed)
        assert "bekreftet" in said or "ikke lenger uavklart" in said
        assert (booking.status, booking.order_id) == (Status.CONFIRMED, 301999)


# --- Send again -------------------------------------------------------------------------------


def test_send_again_is_asked_twice_logged_and_sent_once_more(uncertain, staff, work, simulator):
    booking = uncertain()
    look(booking)
    asked = staff.open(booking, "send-again")
    text = unescape(asked.content.decode())
    for words in (booking.reference, str(booking.coursedate), "den er der ikke"):
        assert words in text
    assert staff.press(booking, "send-again") == ""  # the page once more: no box was ticked
    assert booking.status == Status.UNCERTAIN
    staff.press(booking, "send-again", sure="yes")
    assert booking.status == Status.NEW
    assert booking.expires_at > timezone.now() + timedelta(hours=23)
    line = booking.events.get(what="send_again")
    assert (line.by, line.before, line.after) == ("staff: admin", "uncertain", "new")
    assert staff.queued() == [("booking.tasks.send", booking.pk)]
    assert work(booking).status == Status.CONFIRMED
    assert len(bookings_sent(simulator)) == 2
    assert booking.attempts == 2
    assert len(simulator.state()["orders"]) == 1


def test_send_again_stays_closed_until_no_answer_can_come(uncertain, staff, settings):
    booking = uncertain(ago=settings.BOOKING_SEND_AGAIN_AFTER - timedelta(minutes=2))
    look(booking)
    opens = timezone.localtime(booking.opens_at).strftime("%H:%M")
    assert opens in staff.page(booking)
    page = staff.open(booking, "send-again").content.decode()
    assert opens in page
    assert 'name="sure"' not in page
    assert "for tidlig" in staff.press(booking, "send-again", sure="yes")
    assert booking.status == Status.UNCERTAIN


def test_send_again_needs_a_look_from_after_that_moment(uncertain, staff, settings):
    booking = uncertain()
    assert "først" in staff.press(booking, "send-again", sure="yes"), "nobody has looked"
    look(booking)
    booking.look_ups.update(looked_at=booking.opens_at - timedelta(seconds=1))
    assert "først" in staff.press(booking, "send-again", sure="yes"), "that was too early"
    assert booking.status == Status.UNCERTAIN


@pytest.mark.parametrize("verdict", [Verdict.THERE, Verdict.UNREADABLE])
def test_what_is_there_or_cannot_be_read_is_not_sent_again(uncertain, staff, verdict):
    booking = uncertain()
    look(booking)
    booking.write_look(verdict, by="worker", looked_at=timezone.now())
    staff.press(booking, "send-again", sure="yes")
    assert booking.status == Status.UNCERTAIN


def test_two_who_send_again_at_once_send_once(uncertain, staff, work, simulator):
    booking = uncertain()
    look(booking)
    same = Booking.objects.get(pk=booking.pk)
    assert booking.send_again(by="staff: ida")
    assert not same.send_again(by="staff: per")
    for each in (booking, same):
        work(each)
    assert len(bookings_sent(simulator)) == 2, "the first, and one more"


def test_a_look_at_an_earlier_sending_does_not_open_the_next(uncertain, staff, work, simulator):
    booking = uncertain()
    look(booking)
    staff.press(booking, "send-again", sure="yes")
    simulator.fault("POST", "/booking", "error", code="order_could_not_be_created")
    assert work(booking).status == Status.UNCERTAIN
    assert booking.last_look is None
    assert booking.closed_for_sending() == Booking.Closed.TOO_EARLY


# --- Set aside --------------------------------------------------------------------------------


def test_what_is_set_aside_is_refused_with_a_sentence_of_its_own(uncertain, staff, client):
    booking = uncertain()
    look(booking)
    assert staff.press(booking, "write-off") == ""
    staff.press(booking, "write-off", sure="yes")
    assert (booking.status, booking.refusal_code) == (Status.REFUSED, "written_off")
    assert booking.events.get(what="written_off").by == "staff: admin"
    assert booking.mails.filter(kind=Mail.Kind.REFUSED).exists()
    page = unescape(client.get(reverse("receipt", args=[booking.link_token])).content.decode())
    assert "Vi har undersøkt saken" in page
    assert booking not in Booking.objects.needs_staff()


def test_it_is_not_called_unbooked_too_early_or_when_it_was_found(uncertain, staff, settings):
    early = uncertain(ago=timedelta(minutes=1))
    look(early)
    staff.press(early, "write-off", sure="yes")
    found = uncertain()
    found.write_look(Verdict.THERE, by="worker", looked_at=timezone.now())
    staff.press(found, "write-off", sure="yes")
    assert {early.status, found.status} == {Status.UNCERTAIN}


def test_where_frontcore_cannot_be_read_a_person_still_finds_a_way(uncertain, staff):
    booking = uncertain()
    booking.write_look(Verdict.UNREADABLE, by="worker", looked_at=timezone.now())
    staff.press(booking, "write-off", sure="yes")
    assert booking.status == Status.REFUSED


def test_a_double_is_set_aside_with_words_that_do_not_frighten(provider, simulator, staff, client):
    first = saved()
    double = saved(content_hash=first.content_hash, coursedate=first.coursedate)
    double.keep_for_staff(Booking.Hold.SAME_CONTENT)
    assert first.reference in staff.page(double)
    staff.press(double, "write-off", sure="yes")
    assert double.refusal_code == "double"
    page = unescape(client.get(reverse("receipt", args=[double.link_token])).content.decode())
    mail = letters.write(double.mails.get(kind=Mail.Kind.REFUSED))
    for text in (page, mail["text"], mail["html"]):
        assert "Det er den andre som gjelder" in text
        for frightening in ("Ingenting er bestilt", "gikk ikke gjennom", "Andre datoer"):
            assert frightening not in text
    assert "to ganger" in mail["subject"]
    assert reverse("booking_again", args=[double.link_token]) not in page, "not a third time"


def test_a_double_whose_twin_came_to_nothing_is_not_said_to_count_elsewhere(
    provider, simulator, staff, work
):
    first = saved()
    simulator.fault("POST", "/booking", "error", code="campaign_code_expired")
    assert work(first).status == Status.REFUSED
    double = saved(content_hash=first.content_hash, coursedate=first.coursedate)
    double.keep_for_staff(Booking.Hold.SAME_CONTENT)
    staff.press(double, "write-off", sure="yes")
    assert double.refusal_code == "written_off"


# --- Held: send now, waiting list -------------------------------------------------------------


def test_a_request_from_when_frontcore_was_down_is_sent_with_one_click(
    provider, staff, work, simulator
):
    booking = saved()
    Booking.objects.update(expires_at=timezone.now())
    tasks.send_due_bookings()
    assert "Send nå" in staff.page(booking)
    staff.press(booking, "send-now")
    assert staff.queued()[-1] == ("booking.tasks.send", booking.pk)
    assert work(booking).status == Status.CONFIRMED
    assert len(bookings_sent(simulator)) == 1


@pytest.mark.parametrize("free", [0, 1])
def test_a_date_that_filled_up_meanwhile_is_shown_and_may_become_the_waiting_list(
    provider, staff, work, simulator, free
):
    booking = saved(13100012)
    Booking.objects.update(expires_at=timezone.now())
    tasks.send_due_bookings()
    simulator.edit(
        coursedate=13100012, set={"capacity": 12, "confirmed": 12 - free, "unconfirmed": 0}
    )
    staff.press(booking, "send-now")
    assert work(booking).hold == Booking.Hold.CHANGED, "it was looked at afresh"
    assert not bookings_sent(simulator)
    text = staff.page(booking)
    assert ("fullt" if free == 0 else "ikke lenger plass til alle") in text
    assert "Send til ventelisten" in text
    staff.press(booking, "to-waiting-list")
    assert booking.events.filter(what="released", note="to the waiting list").exists()
    assert work(booking).status == Status.WAITING
    people = simulator.state()["participants"]
    assert {person["status_id"] for person in people} == {3}


# --- Who may ----------------------------------------------------------------------------------


def test_only_who_may_change_bookings_gets_buttons(uncertain, client, django_user_model):
    booking = uncertain()
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_booking"))
    client.force_login(reader)
    page = client.get(reverse("admin:booking_booking_change", args=[booking.pk]))
    assert page.status_code == 200
    assert "step/there" not in page.content.decode()
    for step in ("there", "send-again", "write-off", "look-again", "send-now"):
        address = reverse("admin:booking_booking_step", args=[booking.pk, step])
        assert client.post(address, {"order": "1", "sure": "yes"}).status_code == 403
    booking.refresh_from_db()
    assert booking.status == Status.UNCERTAIN


def test_a_step_is_never_taken_by_a_get(uncertain, staff):
    booking = uncertain()
    for step in ("there", "look-again", "send-now", "refusal-seen", "to-waiting-list"):
        assert staff.open(booking, step).status_code == 405
    for step in ("send-again", "write-off"):
        assert staff.open(booking, step).status_code == 200
    assert staff.open(booking, "no-such-step").status_code == 404
    booking.refresh_from_db()
    assert booking.status == Status.UNCERTAIN
