"""How a booking that nobody knows the fate of comes to its end."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.steps import Steps


class Settling(Steps):
    """The steps out of *uncertain*. A machine takes only the one to *confirmed*, and only where
    it has found exactly one certain match; sending again is a person's decision."""


class LookUp(models.Model):
    """What Frontcore knew of a booking at one moment, as far as it may concern that booking.

    `candidates` names orders and what of them matches, never people.
    """

    class Verdict(models.TextChoices):
        THERE = "there", _("it is there: exactly one order matches in everything")
        MAYBE = "maybe", _("it may be there: look at what matches")
        NOT_THERE = "not_there", _("it is not there")
        TOO_EARLY = "too_early", _("nothing so far; too early to say that it is not there")
        UNREADABLE = "unreadable", _("Frontcore could not be asked")

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="look_ups")
    by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("look into Frontcore")
        verbose_name_plural = _("looks into Frontcore")
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"{self.booking} {timezone.localtime(self.asked_at):%d.%m.%Y %H:%M}"
