"""What visitors ask for: bookings with their history, and drafts of forms not yet sent."""

from booking.models.booking import Booking, Queue
from booking.models.bookings import hashed
from booking.models.change import ChangeRequest
from booking.models.count import Count
from booking.models.draft import Draft, is_form_token, new_form_token, renewed_token
from booking.models.event import BookingEvent
from booking.models.follow_up import FollowUp
from booking.models.forgetting import PERSONAL
from booking.models.interest import Interest
from booking.models.mail import Mail
from booking.models.participant import Participant
from booking.models.question import Answer, Question
from booking.models.settling import LookUp
from booking.models.team import TeamLink

__all__ = [
    "PERSONAL",
    "Answer",
    "Booking",
    "BookingEvent",
    "ChangeRequest",
    "Count",
    "Draft",
    "FollowUp",
    "Interest",
    "LookUp",
    "Mail",
    "Participant",
    "Question",
    "Queue",
    "TeamLink",
    "hashed",
    "is_form_token",
    "new_form_token",
    "renewed_token",
]
