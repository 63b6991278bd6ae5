"""What visitors ask for: bookings with their history, and drafts of forms not yet sent."""

from booking.models.booking import Booking, Participant
from booking.models.bookings import hashed
from booking.models.draft import Draft, is_form_token, new_form_token
from booking.models.event import BookingEvent

__all__ = [
    "Booking",
    "BookingEvent",
    "Draft",
    "Participant",
    "hashed",
    "is_form_token",
    "new_form_token",
]
