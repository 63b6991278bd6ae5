"""Those who take part."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from booking.forms.fields import TypedForm, email, text


class ParticipantForm(TypedForm):
    """A row of the list of participants; a row left empty counts for nothing."""

    firstname = text(_("First name"), 100, "off")
    lastname = text(_("Last name"), 100, "off")
    email = email(_("E-mail"), required=False)

    def __init__(self, typed, number, *, judged):
        super().__init__(
            {f"participant-{number - 1}-{name}": value for name, value in typed.items()},
            prefix=f"participant-{number - 1}",
            empty_permitted=True,
        )
        self.number, self.index = number, number - 1
        self.legend = format_lazy(_("Participant {number}"), number=number)
        if not judged:
            self.stay_unjudged()
