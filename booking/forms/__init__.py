"""The form of a booking as it is typed."""

from booking.forms.entry import SEVERAL, Entry

__all__ = ["SEVERAL", "Entry"]
