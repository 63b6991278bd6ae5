"""How often something was done lately; the memory of the limits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Count(models.Model):
    """How often, within a stretch of time that begins at `since`. `key` is a keyed hash: neither
    an address nor a code can be read from it."""

    key = models.CharField(max_length=64)
    since = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        constraints = [models.UniqueConstraint(fields=["key", "since"], name="booking_count_once")]
        indexes = [models.Index(fields=["since"], name="booking_count_since")]

    def __str__(self):
        return f"{self.since:%d.%m.%Y %H:%M}: {self.number}"
