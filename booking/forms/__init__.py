"""The form of a booking as it is typed."""

from booking.forms.entry import ROWS, Entry
from booking.forms.rows import SEVERAL

__all__ = ["ROWS", "SEVERAL", "Entry"]
