"""The provider's own questions as fields of the form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.forms.fields import text
from booking.models import Question

LONGEST = 500
FEW = 4  # so many choices are shown at once, more in a list


def field_of(question, *, in_row=False):
    """The field that asks this question."""
    words = {
        "label": question.label,
        "help_text": question.explanation,
        "required": question.required,
    }
    if question.kind == Question.Kind.CONSENT:
        return forms.BooleanField(**words, error_messages={"required": _("This must be ticked.")})
    if question.kind == Question.Kind.TEXT:
        return text(limit=LONGEST, autocomplete="off", **words)
    choices = question.choices()
    if in_row or len(choices) > FEW:
        return forms.ChoiceField(choices=[("", _("Choose")), *choices], **words)
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **words)


def name_of(question):
    return f"question-{question.pk}"
