"""What the provider asks besides: texts, choices, consents; and what was answered."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from catalog.models.languages import written_language


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


class QuestionQuerySet(models.QuerySet):
    def asked_for(self, course):
        """What the form of that course asks now, in order."""
        return self.filter(Q(course=None) | Q(course=course), active=True)


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

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.label_nb

    def clean(self):
        if self.kind == self.Kind.CHOICE:
            self.clean_choices()
        if self.kind == self.Kind.CONSENT and (self.help_nb or self.help_en):
            sentence = _("Write the whole consent in the question: it is kept as it was shown.")
            raise ValidationError({"help_nb": sentence})

    def clean_choices(self):
        norwegian, english = lines_of(self.choices_nb), lines_of(self.choices_en)
        if len(norwegian) < 2:
            sentence = _("Write at least two choices, one a line.")
            raise ValidationError({"choices_nb": sentence})
        for name, lines in [("choices_nb", norwegian), ("choices_en", english)]:
            if len(set(lines)) < len(lines):
                raise ValidationError({name: _("Two choices are the same.")})
        if english and len(english) != len(norwegian):
            sentence = _("Write as many choices in English as in Norwegian, or none.")
            raise ValidationError({"choices_en": sentence})

    @property
    def label(self):
        """The question in the active language, or in Norwegian where it has no other."""
        return self.in_language("label")

    @property
    def explanation(self):
        return self.in_language("help")

    def in_language(self, name):
        of_language = getattr(self, f"{name}_{written_language()}")
        return of_language or getattr(self, f"{name}_nb")

    def choices(self):
        """(key, words) of each choice. The key is the same in every language."""
        keys = lines_of(self.choices_nb)
        words = lines_of(self.in_language("choices"))
        return list(zip(keys, words if len(words) == len(keys) else keys, strict=True))

    def words_of(self, answer):
        """The answer as it is shown: in words; empty where nothing was answered."""
        if self.kind == self.Kind.CONSENT:
            return _now("Yes") if answer else ""
        if self.kind == self.Kind.CHOICE:
            return dict(self.choices()).get(answer, "")
        return answer or ""

    def answer_of(self, words):
        """What stands in the form where these words were the answer: `words_of` backwards."""
        if self.kind == self.Kind.CONSENT:
            return "on" if words else ""
        if self.kind == self.Kind.CHOICE:
            for language in ("nb", "en"):
                with override(language):
                    said = {shown: key for key, shown in self.choices()}
                if words in said:
                    return said[words]
            return ""
        return words

    @property
    def as_asked(self):
        """Everything a visitor saw of it; if this changes, it must be shown again."""
        return [
            self.pk,
            self.kind,
            self.required,
            *(self.label_nb, self.label_en, self.help_nb, self.help_en),
            *(self.choices_nb, self.choices_en),
        ]


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
