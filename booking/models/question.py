"""What the provider asks besides: texts, choices, consents; and what was answered."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Question(models.Model):
    """A question of the form, for one course or for all."""

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("question", "text")
        CHOICE = "choice", pgettext_lazy("question", "choice")
        CONSENT = "consent", pgettext_lazy("question", "consent")

    class AskedOf(models.TextChoices):
        BOOKER = "booker", _("whoever books, once")
        PARTICIPANT = "participant", _("each participant")

    course = models.ForeignKey(
        "catalog.Course",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("course"),
        help_text=_("Empty: asked for every course."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    asked_of = models.CharField(
        _("asked of"), max_length=12, choices=AskedOf.choices, default=AskedOf.BOOKER
    )
    required = models.BooleanField(_("must be answered"), default=False)
    label_nb = models.CharField(_("question in Norwegian"), max_length=300)
    label_en = models.CharField(_("question in English"), max_length=300, blank=True)
    help_nb = models.CharField(_("explanation in Norwegian"), max_length=300, blank=True)
    help_en = models.CharField(_("explanation in English"), max_length=300, blank=True)
    choices_nb = models.TextField(_("choices in Norwegian, one a line"), blank=True)
    choices_en = models.TextField(_("choices in English, in the same order"), blank=True)
    property_name = models.CharField(
        _("own field in Frontcore"),
        max_length=100,
        blank=True,
        help_text=_("Name of the participant's custom property that gets the answer, if any."),
    )
    active = models.BooleanField(_("in use"), default=True)
    order = models.PositiveIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.label_nb


class Answer(models.Model):
    """What was answered, with the words of the question as they were shown."""

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="answers")
    participant = models.ForeignKey(
        "booking.Participant", models.CASCADE, null=True, blank=True, related_name="answers"
    )
    question = models.ForeignKey(
        Question, models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    label = models.CharField(_("question as shown"), max_length=300)
    language = models.CharField(_("language"), max_length=5)
    value = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]

    def __str__(self):
        return self.label
