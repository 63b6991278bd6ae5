"""What a visitor asks staff to change, and what becomes of it."""

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from booking.models import Booking, BookingEvent, ChangeRequest, FollowUp, Mail
from booking.models.event import BOOKED
from booking.models.steps import STANDS, TOLD
from booking.sending import AGAIN_AFTER

MOST_OPEN = 20  # of one booking; who has more to say is better served on the phone
Kind, State = ChangeRequest.Kind, ChangeRequest.State
NAMES = ("firstname", "lastname", "email")


class TooManyOpen(Exception):
    """So many requests wait for staff already."""


class CannotBeSettled(Exception):
    """Not now, or not so; `.code` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def ask_for_change(booking, kind, *, participant=None, by="visitor", **wish):
    """Save what is asked and tell staff; the same while it is open is the same request.

    None where nothing can be changed any more; TooManyOpen.
    """
    with transaction.atomic():
        booking = Booking.objects.select_for_update().get(pk=booking.pk)
        if not booking.may_be_changed:
            return None
        asked = booking.changes.open()
        content = {"kind": kind, "participant": participant}
        content |= {name: wish.get(name, "") for name in (*NAMES, "message")}
        if same := asked.filter(**content).first():
            return same
        if kind != Kind.CANCEL and asked.count() >= MOST_OPEN:
            raise TooManyOpen
        change = booking.changes.create(**content)
        booking.tell(BookingEvent.What.CHANGE_ASKED, by=by, note=kind)
        # Within the transaction: the queue lies in the same database, so that nothing is asked
        # without staff being told.
        async_task("booking.tasks.tell_of_change", change.pk)
    return change


@transaction.atomic
def settle(change, state, *, by, answer=""):
    """Write what staff have done, in our rows as well, and plan the mail that tells the visitor.

    False where it was settled before. CannotBeSettled leaves everything as it was.
    """
    booking = Booking.objects.select_for_update().get(pk=change.booking_id)
    if not change.settle(state, by=by, answer=answer):
        return False
    if state == State.DONE:
        carry_out(change, booking, by)
    booking.tell(BookingEvent.What.CHANGE_SETTLED, by=by, note=f"{change.kind}: {state}")
    told_by_status = change.kind == Kind.CANCEL and state == State.DONE
    if answer or not told_by_status:  # a cancelled booking has a mail of its own
        Mail.objects.plan(booking, Mail.Kind.CHANGE, change=change)
    return True


def carry_out(change, booking, by):
    """Bring our rows to what staff say stands in Frontcore now."""
    if change.kind == Kind.OTHER:
        return
    if booking.status == Booking.Status.SENDING:  # with its people as they were
        raise CannotBeSettled("being_sent")
    if change.kind == Kind.CANCEL:
        if not (booking.is_cancelled or booking.cancel_by_staff(by=by)):
            raise CannotBeSettled("answer_may_come")
        return
    person = change_people(change, booking)
    if person and booking.status in BOOKED:
        Mail.objects.plan_for(booking, TOLD[booking.status], person)
    if booking.status in STANDS:
        FollowUp.objects.plan(booking)  # about who is new
    # A sender that has read the people already cannot claim the booking any more.
    booking.put_off(timezone.now() + AGAIN_AFTER, by=by, note="participants changed")


def change_people(change, booking):
    """The participant who is new, or another than before; None where one was taken out."""
    names = {name: getattr(change, name) for name in NAMES}
    person = change.participant
    if change.kind == Kind.ADD:
        return booking.participants.create(**names)
    if person is None:
        raise CannotBeSettled("participant_gone")
    if change.kind == Kind.TAKE_OUT:
        if booking.participants.count() == 1:
            raise CannotBeSettled("last_participant")
        person.delete()
        return None
    if change.kind == Kind.CORRECT:
        booking.participants.filter(pk=person.pk).update(**names)
        person.refresh_from_db()
        return person
    # Another person: nothing that was answered by the first, or waits to be sent, is theirs.
    price = {name: getattr(person, name) for name in ("product", "price_group", "unit_price")}
    change.participant = booking.participants.create(**names, **price)
    change.save(update_fields=["participant"])
    person.delete()
    return change.participant
