"""Bookings for staff: read-only but for actions, and actions queue work instead of doing it."""

from booking.admin.bookings import BookingAdmin
from booking.admin.changes import ChangeRequestAdmin
from booking.admin.export import ParticipantAdmin
from booking.admin.follow_ups import FollowUpAdmin
from booking.admin.interest import InterestAdmin
from booking.admin.mails import MailAdmin
from booking.admin.questions import QuestionAdmin
from booking.admin.queue import QueueAdmin
from booking.admin.teams import TeamLinkAdmin

__all__ = [
    "BookingAdmin",
    "ChangeRequestAdmin",
    "FollowUpAdmin",
    "InterestAdmin",
    "MailAdmin",
    "ParticipantAdmin",
    "QuestionAdmin",
    "QueueAdmin",
    "TeamLinkAdmin",
]
