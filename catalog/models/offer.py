"""How a date is held, what a visitor may do about it, and what stands in the way."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Obstacle(models.TextChoices):
    """Why a date cannot be booked here, most telling reason first."""

    WITHDRAWN = "withdrawn", _("This date is no longer offered.")
    CANCELLED = "cancelled", _("This date is cancelled.")
    PAST = "past", _("This date has already started.")
    POSTPONED = "postponed", _("This date is postponed; a new time is not set yet.")
    DEADLINE = "deadline", _("The deadline for booking has passed.")
    NOT_OPEN = "not_open", _("Booking has not opened yet.")
    ELSEWHERE = "elsewhere", _("This course is booked on another website.")


class Form(models.TextChoices):
    """How a date is held."""

    CLASSROOM = "classroom", _("Classroom")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("Classroom and online")

    @classmethod
    def of(cls, is_online, is_in_room):
        """Of a date that meets online, in a room, or both; where nothing is said, in a room."""
        if is_online:
            return cls.HYBRID if is_in_room else cls.ONLINE
        return cls.CLASSROOM


class Offer(models.TextChoices):
    """What a visitor may do about a date."""

    BOOK = "book", _("Book")
    WAITING = "waiting", _("Join the waiting list")
    ELSEWHERE = "elsewhere", _("Book on another website")
    NOTHING = "", ""
