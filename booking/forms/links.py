"""Whoever has lost the link to a booking."""

from django.utils.translation import gettext_lazy as _

from booking.forms.fields import TypedForm, email


class LinksForm(TypedForm):
    email = email(
        _("E-mail"), "email", help_text=_("The address that you gave when you sent the form.")
    )
