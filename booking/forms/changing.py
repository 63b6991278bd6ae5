"""What a visitor asks for after a booking was sent."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking.characters import one_line
from booking.forms.fields import TypedForm, email, text
from booking.models import ChangeRequest

Kind = ChangeRequest.Kind
NAMES = ("firstname", "lastname", "email")
NAMED = {Kind.CORRECT, Kind.REPLACE, Kind.ADD}
ABOUT_ONE = {Kind.CORRECT, Kind.REPLACE, Kind.TAKE_OUT}


class CancelForm(TypedForm):
    """The box to be ticked."""

    sure = forms.BooleanField(
        error_messages={"required": _("Tick the box if you mean to cancel.")},
    )

    def __init__(self, *args, label="", **more):
        super().__init__(*args, **more)
        self.fields["sure"].label = label


class ChangeForm(TypedForm):
    """One wish of one kind; it has the fields that this kind needs."""

    firstname = text(_("First name"), 100, "off")
    lastname = text(_("Last name"), 100, "off")
    email = email(_("E-mail"), required=False, help_text=_("Left empty: we write to you."))
    message = forms.CharField(
        label=_("Message"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Anything our staff should know. Write nothing about health or the like."),
    )

    def __init__(self, *args, kind, booking, participant=None, **more):
        self.kind, self.booking, self.participant = kind, booking, participant
        super().__init__(*args, initial=self._as_it_stands(), **more)
        if kind not in NAMED:
            for name in NAMES:
                del self.fields[name]
        if kind == Kind.OTHER:
            self.fields["message"].required = True
            self.fields["message"].label = _("What do you want to change?")

    def _as_it_stands(self):
        if self.kind != Kind.CORRECT:
            return {}
        return {name: getattr(self.participant, name) for name in NAMES}

    def clean_message(self):
        return "\n".join(one_line(line) for line in self.cleaned_data["message"].splitlines())

    def clean(self):
        cleaned = super().clean()
        if self.kind in NAMED and not cleaned.get("email") and "email" not in self.errors:
            cleaned["email"] = self.booking.booker_email
        if self.kind in {Kind.CORRECT, Kind.REPLACE} and self._says_what_stands(cleaned):
            raise ValidationError(
                _("This is what we have already. Write what it should be."), code="nothing_new"
            )
        if self.kind == Kind.TAKE_OUT and self.booking.participants.count() == 1:
            raise ValidationError(
                _("Nobody would be left. Cancel the booking instead."), code="last_participant"
            )
        return cleaned

    def _says_what_stands(self, cleaned):
        return all(cleaned.get(name) == getattr(self.participant, name) for name in NAMES)

    def wish(self):
        """What is asked for, as the row keeps it: who is taken out is named as well."""
        wish = dict(self.cleaned_data)
        if self.kind == Kind.TAKE_OUT:
            wish |= {name: getattr(self.participant, name) for name in NAMES}
        return wish
