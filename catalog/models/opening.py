"""When booking opens, which Frontcore does not know."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models.date import CourseDate


class Opening(models.Model):
    """The minute from which a date may be booked; without one, at once. Written by staff."""

    date = models.OneToOneField(CourseDate, models.CASCADE, related_name="opening")
    opens_at = models.DateTimeField(_("booking opens"))

    class Meta:
        verbose_name = _("opening of booking")
        verbose_name_plural = _("openings of booking")

    def __str__(self):
        return f"{timezone.localtime(self.opens_at):%d.%m.%Y %H:%M}"

    def save(self, *args, **kwargs):
        self.opens_at = self.opens_at.replace(second=0, microsecond=0)
        super().save(*args, **kwargs)

    def clean(self):
        last = self.date.closes_on or self.date.starts_on
        if self.opens_at and timezone.localdate(self.opens_at, self.date.zone) > last:
            sentence = _("Nobody could ever book: the last day to do so is %(day)s.")
            day = f"{last:%d.%m.%Y}"
            raise ValidationError({"opens_at": ValidationError(sentence, "late", {"day": day})})
