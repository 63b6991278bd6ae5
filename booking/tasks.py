"""The worker's way in. Every task can run twice without harm."""

from booking import sending
from booking.alert import alert
from booking.models import Booking, Draft
from catalog.upstream import open_frontcore


def send(booking_pk):
    """Send one booking, if it is due."""
    booking = Booking.objects.select_related("coursedate__course").filter(pk=booking_pk).first()
    if booking:
        with open_frontcore() as api:
            sending.send(booking, api)


def tell_staff(booking_pk, why):
    """Mail staff that a booking needs them."""
    if booking := Booking.objects.filter(pk=booking_pk).first():
        alert(booking, why)


def send_due_bookings():
    """The net below `send`: what was put off, what a dead sender left, what grew too old."""
    sending.tidy()
    with open_frontcore() as api:
        sending.send_due(api)


def forget_drafts():
    """Delete drafts whose time is over."""
    Draft.objects.forgotten().delete()
