"""The pages of a booking: the form, and what stands behind a booking's secret address."""

from booking.views.form import book, csrf_failure
from booking.views.receipt import again, receipt

__all__ = ["again", "book", "csrf_failure", "receipt"]
