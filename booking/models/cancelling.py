"""How a booking is taken back."""

from booking.models.steps import Steps


class Cancelling(Steps):
    """The steps of a cancellation: saved first, then sent once, with the rules of sending."""
