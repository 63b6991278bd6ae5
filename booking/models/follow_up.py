"""What is written to Frontcore about people once their booking stands there."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FollowUp(models.Model):
    """One write about one participant; sent at most once by machines, like a booking."""

    class Kind(models.TextChoices):
        ANSWERS = "answers", pgettext_lazy("follow-up", "answers to questions")
        LEGAL_BASIS = "legal_basis", pgettext_lazy("follow-up", "legal basis")

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("follow-up", "to be sent")
        SENDING = "sending", pgettext_lazy("follow-up", "being sent")
        DONE = "done", pgettext_lazy("follow-up", "done")
        REFUSED = "refused", pgettext_lazy("follow-up", "refused")
        UNCERTAIN = "uncertain", pgettext_lazy("follow-up", "uncertain")

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="follow_ups")
    participant = models.ForeignKey(
        "booking.Participant", models.CASCADE, related_name="follow_ups"
    )
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DUE, db_index=True
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("not before"), default=timezone.now)
    claimed_at = models.DateTimeField(_("last sent"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "kind"], name="booking_follow_up_once_each"
            )
        ]

    def __str__(self):
        return f"{self.booking} {self.get_kind_display()}"
