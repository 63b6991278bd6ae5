"""Too few seats: fewer people, all on the waiting list, or another date. Never a dead end."""

import pytest
from django.core import mail

from booking import sending
from booking.mails import send_due
from booking.models import Booking
from catalog.upstream import open_frontcore
from tests.booking.builders import saved
from tests.booking.conftest import bookings_sent, filled
from tests.booking.copies import copied

SIX = ["Ola A", "Per B", "Kari C", "Åse D", "Siv E", "Nils F"]
FIVE_LEFT, FULL, ROOM = 13100012, 13100002, 13100031
WAITING_LIST = "ikke en plass ennå"


@pytest.fixture
def too_many(visit):
    """Six people before a date with five free seats."""
    visitor = visit(FIVE_LEFT).preview(filled(*SIX))
    assert visitor.codes == {"seats_short"}
    return visitor


def other_date_of(coursedate):
    """A date of the same course with room for many."""
    from tests.factories import make_date

    return make_date(coursedate.course, days=60, seats_free=30)


def test_who_is_too_many_is_offered_fewer_people_the_waiting_list_and_other_dates(
    visit, django_assert_max_num_queries
):
    visitor = visit(FIVE_LEFT)
    other = other_date_of(visitor.coursedate)
    visitor.preview(filled(*SIX))
    assert 'href="#participants"' in visitor.text
    assert "Sett 6 deltakere på venteliste" in visitor.text
    assert f'name="move" value="{other.remote_id}"' in visitor.text
    assert visitor.typed() == filled(*SIX)
    with django_assert_max_num_queries(14):
        visitor.reload()


def test_fewer_people_get_places(too_many, work):
    too_many.press("preview", remove="5")
    assert len(too_many.entry.rows) == 5
    too_many.preview().book()
    assert work().status == Booking.Status.CONFIRMED


def test_all_of_a_group_go_on_the_waiting_list_together(too_many, simulator, work):
    too_many.press("wait")
    assert too_many.page.context["is_checked"]
    assert WAITING_LIST in too_many.text
    assert "Bestill med betalingsplikt" not in too_many.text
    assert "Sett 6 deltakere på venteliste" in too_many.text.split('id="price"')[1]
    too_many.book()
    assert WAITING_LIST in too_many.text, "the page says so while it is sent"
    booking = work()
    assert (booking.status, booking.joins_waiting_list) == (Booking.Status.WAITING, True)
    assert {each["status_id"] for each in simulator.state()["participants"]} == {3}
    assert "Du står på venteliste" in too_many.reload().text


def test_waiting_together_is_kept_until_it_is_taken_back(too_many):
    too_many.press("wait").press("add")
    assert too_many.typed()["all_wait"]
    too_many.reload().preview()
    assert too_many.page.context["waiting"]
    too_many.press("places")
    assert too_many.codes == {"seats_short"}
    assert "all_wait" not in too_many.typed()


def test_a_group_that_waits_is_told_when_there_is_room_for_all(too_many):
    too_many.press("wait").press("preview", remove="5")
    too_many.preview()
    assert too_many.page.context["waiting"], "what was chosen stands"
    assert "Bestill plasser i stedet" in too_many.text
    too_many.press("places")
    assert too_many.page.context["is_checked"]
    assert not too_many.page.context["waiting"]


def test_places_that_become_free_meanwhile_do_not_change_what_was_asked_for(
    too_many, simulator, work
):
    too_many.press("wait").book()
    simulator.edit(coursedate=FIVE_LEFT, set={"confirmed": 0})
    assert work().status == Booking.Status.WAITING


def test_another_date_gets_everything_that_was_typed(visit, simulator):
    visitor = visit(FIVE_LEFT)
    remote_id = next(
        number
        for number in simulator_dates(simulator, visitor.coursedate.course.remote_id)
        if copied(number).known_seats.have_room_for(6) and not copied(number).obstacle()
    )
    visitor.preview(filled(*SIX))
    visitor.press("preview", move=str(remote_id))
    assert visitor.page.context["coursedate"].remote_id == remote_id
    assert visitor.page.context["is_checked"], "with the price at once"
    assert visitor.typed() == filled(*SIX)
    assert not bookings_sent(simulator)


def simulator_dates(simulator, course):
    from catalog.upstream import open_frontcore

    with open_frontcore() as api:
        return [date.id for page in api.course_dates(course) for date in page.items]


def test_a_date_of_another_course_is_no_way_on(too_many):
    elsewhere = copied(ROOM)
    if elsewhere.course_id == too_many.coursedate.course_id:
        pytest.skip("the simulator has moved it")
    too_many.press("preview", move=str(elsewhere.remote_id))
    assert too_many.page.context["coursedate"].remote_id == FIVE_LEFT
    assert too_many.typed() == filled(*SIX)


@pytest.mark.parametrize("number", ["", "x", "99", "13100004", "9" * 30])
def test_a_date_that_cannot_be_booked_is_no_way_on(too_many, number):
    too_many.press("preview", move=number)
    assert too_many.typed() == filled(*SIX)


def test_a_full_date_names_the_dates_with_room(visit):
    visitor = visit(FULL)
    other = other_date_of(visitor.coursedate)
    assert str(other.remote_id) in visitor.reload().text


def test_seats_that_are_gone_at_the_moment_of_sending_lead_to_the_same_choice(
    booked, simulator, work
):
    visitor = booked(FIVE_LEFT, filled(*SIX[:5]))
    simulator.edit(coursedate=FIVE_LEFT, set={"confirmed": 18})
    booking = work()
    assert booking.status == Booking.Status.REFUSED
    visitor.reload().go(visitor.link("Tilbake til det utfylte skjemaet"))
    assert visitor.typed() == filled(*SIX[:5])
    assert booking.refusal_code in visitor.codes
    assert visitor.page.context["ways"]


def test_a_date_cancelled_while_typing_names_the_others(visit, simulator):
    visitor = visit()
    other = other_date_of(visitor.coursedate)
    simulator.edit(coursedate=13100001, set={"status_id": 3})
    visitor.preview(filled())
    assert visitor.codes == {"date_cancelled"}
    assert str(other.remote_id) in visitor.text


def test_while_frontcore_is_away_the_button_still_says_waiting_list(visit, settings):
    from tests.booking.conftest import unreachable

    visitor = visit(FULL)
    unreachable(settings)
    visitor.preview(filled())
    assert "Send forespørselen om venteliste" in visitor.text


def test_a_gift_card_may_be_taken_while_one_waits_and_it_is_said(visit, work, simulator):
    visitor = visit(FULL).preview(filled("Ola Hansen", voucher_code="GAVE1500"))
    said = "kan bli trukket allerede nå"
    assert said in visitor.text
    visitor.book()
    booking = work()
    assert simulator.state()["vouchers"]["GAVE1500"]["balance"] == "0.00", "it is, by our simulator"
    assert said in visitor.reload().text
    send_due(booking.pk)
    letter = next(each for each in mail.outbox if each.to == [booking.booker_email])
    assert said in letter.body


def test_without_a_gift_card_nothing_is_said_of_one(visit):
    assert "Gavekortet" not in visit(FULL).preview(filled("Ola Hansen")).text


class HeldUp:
    """Frontcore for a sender that others overtake while it waits for its turn."""

    def __init__(self, api, meanwhile):
        self.api, self.meanwhile = api, meanwhile

    def __getattr__(self, name):
        return getattr(self.api, name)

    def wait_for_slot(self):
        self.meanwhile()
        self.api.wait_for_slot()


def to_the_waiting_list(booking):
    """Another sender finds too few seats, and staff choose the waiting list."""
    other = Booking.objects.get(pk=booking.pk)
    assert other.keep_for_staff(Booking.Hold.CHANGED, code="no_vacant_seats")
    assert other.release_to_waiting_list(by="staff: ida")


def test_a_sender_that_was_overtaken_does_not_ask_for_places(simulator, provider, work):
    booking = saved()
    with open_frontcore() as api:
        sending.send(booking, HeldUp(api, lambda: to_the_waiting_list(booking)))
    assert not bookings_sent(simulator)
    assert work(booking).status == Booking.Status.WAITING
    assert {each["status_id"] for each in simulator.state()["participants"]} == {3}


def test_a_sweep_sends_a_booking_as_it_is_and_not_as_it_was_read(simulator, provider):
    booking = saved()
    to_the_waiting_list(booking)
    with open_frontcore() as api:
        sending.send(booking, api)
    assert {each["status_id"] for each in simulator.state()["participants"]} == {3}
