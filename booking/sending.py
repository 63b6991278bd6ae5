"""Sending a booking to Frontcore: the only caller of `api.book`.

Look, judge, take a turn, claim, send, write down the end. Whatever happens, a booking is sent at
most once by machines, and nothing is called confirmed that Frontcore has not confirmed.
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from booking import refusals
from booking.alert import (
    ORDER_LATE,
    ORDER_TAKEN,
    PEOPLE_DIFFER,
    SENDER_LOST,
    TOTALS_DIFFER,
    UNCERTAIN,
    alert,
)
from booking.models import Booking, BookingEvent
from booking.price_groups import prices_stand
from booking.sweeping import one_by_one
from catalog.store import fresh_look
from frontcore import (
    BookedProduct,
    BookingParticipant,
    BookingRequest,
    FrontcoreError,
    Refused,
    Unavailable,
    Uncertain,
)

AGAIN_AFTER = timedelta(seconds=30)
CONFIRMED, WAITING_LIST = 1, 3  # enrolment statuses of Frontcore


def send(booking, api):
    """Send this booking if it is due.

    False where Frontcore cannot be reached, so that the caller need not try others now.
    """
    if not Booking.objects.due().filter(pk=booking.pk).exists():
        return True
    booking.refresh_from_db()  # a sweep has read it long ago
    try:
        coursedate = fresh_look(api, booking.coursedate)
    except Refused as refused:
        hold(booking, Booking.Hold.SET_UP, refused.code)
        return True
    except FrontcoreError as error:  # away or not understood: nothing has been sent
        put_off(booking, error)
        return False
    if objection := judge(booking, coursedate):
        turn_away(booking, objection)
        return True
    return post(booking, api, as_request(booking, coursedate))


def judge(booking, coursedate):
    """The code of what has changed since the visitor pressed the button, or None."""
    if obstacle := coursedate.obstacle():
        return f"date_{obstacle}"
    seats = coursedate.known_seats
    if not booking.joins_waiting_list and not seats.have_room_for(booking.participants.count()):
        return refusals.PLACE_TAKEN if seats.is_full else refusals.TOO_FEW_SEATS
    if booking.was_released:  # a person has looked at it
        return None
    if not prices_stand(booking.price_lines, coursedate.course):
        return refusals.PRICE_CHANGED
    return None


def turn_away(booking, code):
    """A visitor who has just pressed the button gets the form back; where the booking had to
    wait, the visitor is gone, and staff decide."""
    if booking.visitor_is_gone:
        hold(booking, Booking.Hold.CHANGED, code)
    else:
        booking.refuse_unsent(code)


def as_request(booking, coursedate):
    """The booking as Frontcore takes it. What was shown as the waiting list stays that, also if a
    place has become free since: promotion is staff's work."""
    seats_known = not coursedate.known_seats.is_unknown
    status = WAITING_LIST if booking.joins_waiting_list else CONFIRMED
    return BookingRequest(
        coursedate_id=coursedate.remote_id,
        booker_name=booking.booker_name,
        booker_email=booking.booker_email,
        booker_phone=booking.booker_phone,
        company=booking.company,
        company_number=booking.company_number,
        gln_number=booking.gln_number,
        invoice_reference=booking.sent_reference,
        invoice_email=booking.invoice_email,
        invoice_address_1=booking.invoice_address,
        invoice_zipcode=booking.invoice_zipcode,
        invoice_city=booking.invoice_city,
        campaign_code=booking.campaign_code,
        voucher_code=booking.voucher_code,
        currency=booking.currency.lower(),
        participants=tuple(
            BookingParticipant(
                firstname=person.firstname,
                lastname=person.lastname,
                email=person.email,
                status_id=status,
                products=products_of(person),
            )
            for person in booking.participants.select_related("product")
        ),
        check_seats=seats_known and not booking.joins_waiting_list,
        send_receipts=booking.frontcore_mails_participants,
    )


def products_of(person):
    """The price group as Frontcore takes it, where we send that at all (docs/decisions/0018)."""
    if not settings.SEND_PRODUCTS or person.product is None:
        return ()
    return (BookedProduct(id=person.product.remote_id, price=person.unit_price),)


def post(booking, api, request):
    """Take a turn, claim, send, and write down how it ended. Returns as `send` does."""
    try:
        api.wait_for_slot()
    except Unavailable as error:
        put_off(booking, error)
        return False
    attempt = booking.claim()
    if attempt is None:
        return True
    try:
        summary = api.book(request, not_after=booking.sendable_until)
    except Unavailable as error:
        until = timezone.now() + pause(error)
        booking.end(attempt, Booking.Status.NEW, note=error.sentence, due_at=until)
        return False
    except Refused as refused:
        end_refused(booking, attempt, refused)
    except Uncertain as error:
        booking.end(
            attempt,
            Booking.Status.UNCERTAIN,
            note=error.code or error.sentence,
            refusal_code=error.code or "",
            told_order_id=error.order_id,
            told_booking_id=error.booking_id,
        )
        alert(booking, UNCERTAIN, error.code or "")
    else:
        try:
            end_booked(booking, attempt, summary, len(request.participants))
        except IntegrityError:  # an order belongs to one booking only
            note = f"order {summary.order_id} is another booking's"
            booking.end(attempt, Booking.Status.UNCERTAIN, note=note)
            alert(booking, ORDER_TAKEN)
    return True


def end_booked(booking, attempt, summary, sent):
    """Write down what Frontcore has made of the so many people that were sent."""
    status = Booking.Status.WAITING if booking.joins_waiting_list else Booking.Status.CONFIRMED
    shown = (booking.shown_excl_vat, booking.shown_incl_vat)
    answered = (summary.total_excl_vat, summary.total_incl_vat)
    differ = status == Booking.Status.CONFIRMED and (
        summary.currency.upper() != booking.currency
        or any(seen not in (None, told) for seen, told in zip(shown, answered, strict=True))
    )
    fewer_or_more = summary.participants > 0 and summary.participants != sent
    note = f"order {summary.order_id}"
    if fewer_or_more:
        note += f" for {summary.participants} of {sent} people"
    ended = booking.end(
        attempt,
        status,
        note=note,
        order_id=summary.order_id,
        remote_booking_id=summary.booking_id,
        answered_currency=summary.currency.upper(),
        answered_excl_vat=summary.total_excl_vat,
        answered_vat=summary.total_vat,
        answered_incl_vat=summary.total_incl_vat,
        totals_differ=differ,
        refusal_code="",
    )
    if not ended:
        tell_late(booking, summary.order_id)
        return
    if differ:
        alert(booking, TOTALS_DIFFER)
    if fewer_or_more:
        alert(booking, PEOPLE_DIFFER)


def tell_late(booking, order_id):
    """There is an order, and the booking was settled without it or sent again: what Frontcore has
    made is never passed over in silence."""
    booking.refresh_from_db()
    if booking.order_id == order_id:  # found by a look meanwhile
        return
    note = f"order {order_id}"
    booking.tell(BookingEvent.What.ENDED, by="worker", before=booking.status, note=note)
    alert(booking, ORDER_LATE)


def end_refused(booking, attempt, refused):
    if refused.is_setup:
        values = {"hold": Booking.Hold.SET_UP, "refusal_code": refused.code}
        booking.end(attempt, Booking.Status.NEW, note=refused.code, **values)
        alert(booking, Booking.Hold.SET_UP, refused.code)
        return
    code = refusals.known(refused.code, refused.codes, refused.message)
    booking.end(attempt, Booking.Status.REFUSED, note=refused.code, refusal_code=code)


def put_off(booking, error):
    booking.put_off(timezone.now() + pause(error), note=error.sentence)


def pause(error):
    asked = timedelta(seconds=getattr(error, "retry_after_s", None) or 0)
    return max(asked, AGAIN_AFTER)


def hold(booking, why, code=""):
    """Keep it for staff and tell them."""
    if booking.keep_for_staff(why, code=code):
        alert(booking, why, code)


def send_due(api):
    """Send what is due, oldest first, until Frontcore proves to be away."""
    due = Booking.objects.due().select_related("coursedate__course")
    named = ((booking.reference, booking) for booking in due)
    one_by_one(named, lambda booking: send(booking, api), "sending")


def tidy():
    """Bookings whose sender was lost become uncertain, those too old to be sent go to staff."""
    for booking in Booking.objects.abandoned():
        if booking.give_up():
            alert(booking, SENDER_LOST)
    for booking in Booking.objects.expired():
        hold(booking, Booking.Hold.EXPIRED)
