"""What a visitor may type: one booker, one to so many participants, an invoice, two codes."""

import hashlib
import json
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from booking import codes, refusals
from booking.forms.booker import BookingForm
from booking.forms.people import ParticipantForm

SEVERAL = 5  # rows at once, for who books for a whole team
ROWS_READ = 200  # of a POST; far above any limit that may be set, so that nothing typed is lost
ROW = re.compile(r"participant-(\d{1,4})-(firstname|lastname|email)")


class Entry:
    """The whole form as typed: BookingForm and a ParticipantForm for each row.

    `typed` is a dict of texts by field, and `participants`, a list of such; it is what a draft
    keeps. `judged=False` shows it without any errors.
    """

    def __init__(self, typed=None, *, judged=False, max_participants=None):
        self.typed = typed or {"participants": [{}]}
        self.max_participants = max_participants or settings.BOOKING_MAX_PARTICIPANTS
        self.form = BookingForm(self.typed, judged=judged)
        self.rows = [
            ParticipantForm(row, number, judged=judged)
            for number, row in enumerate(self.typed["participants"], start=1)
        ]
        if judged:
            for form in self.forms:
                form.full_clean()
            self._judge_number()

    @classmethod
    def typed_in(cls, data):
        """What a POST holds of the form's fields, and nothing else."""
        typed = {name: data.get(name, "") for name in BookingForm.base_fields}
        rows = {}
        for name in data:
            found = ROW.fullmatch(name)
            if found and (int(found[1]) in rows or len(rows) < ROWS_READ):
                rows.setdefault(int(found[1]), {})[found[2]] = data[name]
        typed["participants"] = [rows[number] for number in sorted(rows)] or [{}]
        return typed

    @classmethod
    def typed_of(cls, booking):
        """The form filled from a booking."""
        names = set(BookingForm.base_fields) - {"takes_part", "accept_terms", "terms"}
        typed = {name: getattr(booking, name) for name in names}
        typed["participants"] = [
            {"firstname": person.firstname, "lastname": person.lastname, "email": person.email}
            for person in booking.participants.all()
        ]
        return typed

    def _judge_number(self):
        if not self.people():
            self.form.add_error(
                None,
                ValidationError(
                    _("Who takes part? Fill in at least one participant, or tick that you do."),
                    code="participants_missing",
                ),
            )
        elif len(self.people()) > self.max_participants:
            self.form.add_error(
                None,
                ValidationError(
                    ngettext_lazy(
                        "One booking takes at most %(number)d participant.",
                        "One booking takes at most %(number)d participants.",
                        "number",
                    ),
                    params={"number": self.max_participants},
                    code="participants_too_many",
                ),
            )

    @property
    def forms(self):
        return [self.form, *self.rows]

    @property
    def is_valid(self):
        return all(form.is_valid() for form in self.forms)

    @property
    def has_errors(self):
        return any(form.errors for form in self.forms)

    @property
    def may_add(self):
        return len(self.rows) < self.max_participants

    @property
    def may_add_several(self):
        return len(self.rows) + SEVERAL <= self.max_participants

    @property
    def may_remove(self):
        return len(self.rows) > 1

    def people(self):
        """(first name, last name, e-mail) of everyone who takes part, the booker first."""
        booker = self.form.cleaned_data
        people = []
        if booker.get("takes_part"):
            people.append(
                tuple(
                    booker.get(f"booker_{name}", "") for name in ("firstname", "lastname", "email")
                )
            )
        for row in self.rows:
            if row.has_changed():
                names = tuple(row.cleaned_data.get(name, "") for name in ("firstname", "lastname"))
                mail = row.cleaned_data.get("email") or booker.get("booker_email", "")
                people.append((*names, mail))
        return people

    def content(self, coursedate):
        """A fingerprint of what would be booked; spelling in capitals makes no difference."""
        values = {
            name: str(value).casefold()
            for name, value in self.form.cleaned_data.items()
            if name not in {"takes_part", "accept_terms", "terms"}
        }
        people = sorted([part.casefold() for part in person] for person in self.people())
        told = json.dumps([coursedate.remote_id, values, people], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def object(self, field, code, params=None):
        """Show an objection that was found outside the form, beside its field if it has one."""
        sentence = codes.SENTENCES.get(code) or OBJECTIONS.get(code) or refusals.sentence(code)
        self.form.add_error(field, ValidationError(sentence, code=code, params=params))

    def codes(self):
        """Codes of all errors, for tests and for the draft."""
        return {
            error.code
            for form in self.forms
            for errors in form.errors.as_data().values()
            for error in errors
        }


OBJECTIONS = {
    "terms_not_accepted": _("Tick that you accept the terms and conditions to book."),
    "terms_changed": _("The terms have changed meanwhile. Please read and accept them again."),
    "seats_short": ngettext_lazy(
        "Only %(free)d seat is free on this date. Take participants out, or choose another date.",
        "Only %(free)d seats are free on this date. Take participants out, or choose another date.",
        "free",
    ),
    "session_expired": _(
        "The page had been open too long, so nothing was sent. "
        "Everything you typed is still here: please continue once more."
    ),
}
