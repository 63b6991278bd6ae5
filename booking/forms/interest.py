"""Whoever wants to hear when a date of a course is set."""

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.characters import one_line
from booking.forms.fields import TypedForm, email, text
from booking.models.interest import MOST_SEATS, ONLINE, Interest

OUT_OF_RANGE = _("Write a number from 1 to 99, or leave it empty.")


class InterestForm(TypedForm):
    """An address is enough. `towns`: where this course has been held, and where others are."""

    email = email(_("E-mail"), "email")
    name = text(_("Name"), 200, "name", required=False)
    seats = forms.IntegerField(
        label=_("How many are you?"),
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), OUT_OF_RANGE),
    )
    place = forms.CharField(
        label=_("Where?"),
        required=False,
        max_length=200,
        widget=forms.Select,
        help_text=_("We write about dates online as well."),
    )
    place_other = text(
        _("Another place"), 100, "off", required=False, help_text=_("If it is not in the list.")
    )
    at_workplace = forms.BooleanField(
        label=_("We would like the course at our own workplace"), required=False
    )
    message = forms.CharField(
        label=_("Message"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Anything our staff should know. Write nothing about health or the like."),
    )

    def __init__(self, data=None, *, towns=((), ())):
        super().__init__(data)
        of_course, others = (sorted(set(names)) for names in towns)
        self.offered = {ONLINE, *of_course, *others}
        choices = [("", _("Anywhere")), (ONLINE, _("Online"))]
        if of_course:
            choices.append((_("Where the course has been held"), pairs(of_course)))
        if others := [name for name in others if name not in of_course]:
            choices.append((_("Other places"), pairs(others)))
        self.fields["place"].widget.choices = choices

    def clean_email(self):
        return Interest.written(self.cleaned_data["email"])

    def clean_message(self):
        return "\n".join(one_line(line) for line in self.cleaned_data["message"].splitlines())

    def clean(self):
        """A place that was on offer when the page was opened counts as one in own words."""
        cleaned = super().clean()
        place = one_line(cleaned.get("place", ""))
        if place and place not in self.offered:
            cleaned["place_other"] = (cleaned.get("place_other") or place)[:100]
            place = ""
        cleaned["place"] = place
        return cleaned


def pairs(names):
    return [(name, name) for name in names]
