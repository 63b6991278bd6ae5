"""What a visitor asks staff to change about a booking."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChangeRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=ChangeRequest.State.OPEN)


class ChangeRequest(models.Model):
    """One wish, kept with the booking's reference until staff have settled it."""

    class Kind(models.TextChoices):
        CORRECT = "correct", pgettext_lazy("change", "correct a participant")
        REPLACE = "replace", pgettext_lazy("change", "replace a participant")
        ADD = "add", pgettext_lazy("change", "add a participant")
        TAKE_OUT = "take_out", pgettext_lazy("change", "take a participant out")
        CANCEL = "cancel", pgettext_lazy("change", "cancel the booking")
        OTHER = "other", pgettext_lazy("change", "something else")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("change", "open")
        DONE = "done", pgettext_lazy("change", "done")
        DECLINED = "declined", pgettext_lazy("change", "declined")

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="changes")
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    participant = models.ForeignKey(
        "booking.Participant",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("participant"),
    )
    firstname = models.CharField(_("first name"), max_length=100, blank=True)
    lastname = models.CharField(_("last name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    message = models.TextField(_("message"), max_length=1000, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPEN, db_index=True
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=150, blank=True)
    answer = models.TextField(_("answer to the visitor"), max_length=1000, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("change asked for")
        verbose_name_plural = _("changes asked for")
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"{self.booking} {self.get_kind_display()}"

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def name(self):
        """Whom it is about as it shall be; of somebody taken out, as it was."""
        return f"{self.firstname} {self.lastname}".strip()

    @property
    def about(self):
        """The participant as it stands, whom this would change; None where it has been done."""
        return None if self.state == self.State.DONE else self.participant

    def settle(self, state, *, by, answer="", now=None):
        """Write how it ended; False if somebody else has done so."""
        mine = ChangeRequest.objects.open().filter(pk=self.pk)
        values = {"settled_at": now or timezone.now(), "settled_by": by, "answer": answer}
        settled = mine.update(state=state, **values) == 1
        self.refresh_from_db()
        return settled
