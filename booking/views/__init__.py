"""The pages of a booking: the form, and what stands behind a booking's secret address."""

from booking.views.calendar import booking_calendar_file, booking_gathering_file
from booking.views.cancel import cancel
from booking.views.change import ask_change, change
from booking.views.form import book, csrf_failure
from booking.views.interest import course_interest, course_interest_thanks
from booking.views.interest_stop import interest_stop, interest_stopped
from booking.views.links import booking_links, booking_links_asked
from booking.views.receipt import again, receipt
from booking.views.team import team

__all__ = [
    "again",
    "ask_change",
    "book",
    "booking_calendar_file",
    "booking_gathering_file",
    "booking_links",
    "booking_links_asked",
    "cancel",
    "change",
    "course_interest",
    "course_interest_thanks",
    "csrf_failure",
    "interest_stop",
    "interest_stopped",
    "receipt",
    "team",
]
