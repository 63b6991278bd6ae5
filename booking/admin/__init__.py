"""Bookings for staff: read-only but for actions, and actions queue work instead of doing it."""

from booking.admin.bookings import BookingAdmin

__all__ = ["BookingAdmin"]
