"""Those who take part."""

from dataclasses import dataclass, field

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from booking.forms.fields import TypedForm, email, text
from booking.forms.questions import field_of, name_of
from booking.price_groups import Group
from catalog.templatetags.formats import money


@dataclass(frozen=True)
class Person:
    """Somebody who takes part. `answers`: what was typed, by question."""

    firstname: str
    lastname: str
    email: str
    group: Group | None = None
    answers: dict = field(default_factory=dict)

    @property
    def name(self):
        return f"{self.firstname} {self.lastname}".strip()

    @property
    def as_content(self):
        """What tells this participant from another; spelling in capitals makes no difference."""
        names = [part.casefold() for part in (self.firstname, self.lastname, self.email)]
        return [
            *names,
            self.group.key if self.group else "",
            sorted((q.pk, str(a)) for q, a in self.answers.items()),
        ]


def group_field(groups):
    """The choice between the price groups of a course; the first is the ordinary one."""
    choices = [
        (group.key, f"{group.name}: {money(group.product.price, group.product.currency)}")
        for group in groups
    ]
    return forms.ChoiceField(
        label=_("Price"),
        choices=choices,
        initial=groups[0].key,
        error_messages={"invalid_choice": _("This price is no longer offered. Choose again.")},
    )


def chosen(groups, key):
    """The price group of that key; the ordinary one for none; None where there are no groups."""
    return next((group for group in groups if group.key == key), groups[0] if groups else None)


class ParticipantForm(TypedForm):
    """A row of the list of participants; a row left empty counts for nothing."""

    firstname = text(_("First name"), 100, "off")
    lastname = text(_("Last name"), 100, "off")
    email = email(_("E-mail"), required=False)

    def __init__(self, typed, number, *, judged, groups=(), asked=()):
        super().__init__(
            {f"participant-{number - 1}-{name}": value for name, value in typed.items()},
            prefix=f"participant-{number - 1}",
            empty_permitted=True,
        )
        self.number, self.index = number, number - 1
        self.legend = format_lazy(_("Participant {number}"), number=number)
        self.asked, self.groups = asked, groups
        if groups:
            self.fields["group"] = group_field(groups)
            name = self.add_prefix("group")
            self.data[name] = self.data.get(name) or groups[0].key
        for question in asked:
            self.fields[name_of(question)] = field_of(question, in_row=True)
        if not judged:
            self.stay_unjudged()

    @property
    def extras(self):
        """The fields besides name and e-mail."""
        return [self[name] for name in self.fields if name not in self.base_fields]

    def wait_for_extras(self):
        """Be silent about what a pasted list cannot tell: the next press judges it."""
        for name in [name for name in self.errors if name not in self.base_fields]:
            del self.errors[name]

    def person(self, default_email):
        """Who stands in this row."""
        cleaned = self.cleaned_data
        return Person(
            cleaned.get("firstname", ""),
            cleaned.get("lastname", ""),
            cleaned.get("email") or default_email,
            chosen(self.groups, cleaned.get("group", "")),
            {question: cleaned.get(name_of(question), "") for question in self.asked},
        )
