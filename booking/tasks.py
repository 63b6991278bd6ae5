"""The worker's way in. Every task can run twice without harm."""

from django_q.tasks import async_task

from booking import cancelling, following_up, mails, retention, sending, settling, telling
from booking.alert import alert
from booking.alert import tell_of_change as alert_of_change
from booking.models import Booking, ChangeRequest, Count, Draft, FollowUp, LookUp, Mail
from catalog.upstream import open_frontcore


def send(booking_pk):
    """Send one booking, if it is due."""
    booking = Booking.objects.select_related("coursedate__course").filter(pk=booking_pk).first()
    if booking:
        with open_frontcore() as api:
            sending.send(booking, api)
        queue_mails(booking_pk)


def queue_mails(booking_pk):
    """What the answer says goes out at once, by a task of its own: a slow mail server holds up no
    booking, and should this be lost, the next sweep sends it."""
    if Mail.objects.due().filter(booking=booking_pk).exists():
        async_task("booking.tasks.send_mails", booking_pk)


def send_mails(booking_pk=None):
    """Send the mails that are due, of one booking or of all."""
    mails.send_due(booking_pk)


def send_mail(mail_pk):
    """Send one mail, if it is due."""
    mails.send_one(mail_pk)


def tell_staff(booking_pk, why):
    """Mail staff that a booking needs them."""
    if booking := Booking.objects.filter(pk=booking_pk).first():
        alert(booking, why)


def tell_of_change(change_pk):
    """Mail staff that a visitor asks for a change."""
    if change := ChangeRequest.objects.select_related("booking").filter(pk=change_pk).first():
        alert_of_change(change)


def cancel(booking_pk):
    """Send one cancellation, if it is due."""
    if booking := Booking.objects.filter(pk=booking_pk).first():
        with open_frontcore() as api:
            cancelling.cancel(booking, api)
        queue_mails(booking_pk)


def look_at_cancellation(look_up_pk):
    """See in Frontcore whether a booking is cancelled."""
    asked = LookUp.objects.select_related("booking__coursedate")
    if look_up := asked.filter(pk=look_up_pk, looked_at=None).first():
        with open_frontcore() as api:
            cancelling.look(look_up, api)


def look_up(booking_pk, by="worker"):
    """See what Frontcore has of an uncertain booking."""
    booking = Booking.objects.select_related("coursedate__course").filter(pk=booking_pk).first()
    if booking:
        with open_frontcore() as api:
            settling.look_up(booking, api, by)


def send_due_bookings():
    """The net below `send`: what was put off, what a dead sender left, what grew too old."""
    sending.tidy()
    cancelling.tidy()
    with open_frontcore() as api:
        sending.send_due(api)
        cancelling.cancel_due(api)
        settling.look_up_due(api)
        cancelling.look_due(api)


def forget_drafts():
    """Delete drafts whose time is over."""
    Draft.objects.forgotten().delete()


def forget_counts():
    """Delete what the limits have counted and look at no more."""
    Count.objects.over().delete()


def forget_people():
    """Empty bookings, and delete what belongs to none, when their time is over."""
    retention.forget()


def tell_of_dates():
    """Plan a mail for whoever waits for a date of a course that has one now."""
    telling.tell_of_dates()


def follow_up():
    """Send along what is due about people whose booking stands in Frontcore."""
    following_up.tidy()
    if FollowUp.objects.due().exists():
        with open_frontcore() as api:
            following_up.follow_up_due(api)
