"""Frontcore's objects as frozen records, by subject: courses, dates, bookings."""
