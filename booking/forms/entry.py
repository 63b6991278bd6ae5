"""What a visitor may type: one booker, one to so many participants, an invoice, two codes."""

import hashlib
import json
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from booking import codes, limits, price_groups, refusals, spam
from booking.forms.booker import BookingForm
from booking.forms.people import ParticipantForm
from booking.forms.questions import name_of
from booking.forms.rows import NAMES, SEVERAL
from booking.models import Question

ROWS = "rows"
ROWS_READ = 200  # of a POST; far above any limit that may be set, so that nothing typed is lost
ROW = re.compile(r"participant-(\d{1,4})-(firstname|lastname|email|group|question-\d{1,9})")
MORE = re.compile(r"question-\d{1,9}|own-(?:group|question-\d{1,9})")


class Entry:
    """The whole form of a date as typed: BookingForm and a ParticipantForm for each row.

    `typed` is a dict of texts by field, and `participants`, a list of such; it is what a draft
    keeps. `judged=False` shows it without any errors; `judged=ROWS` judges the participants only.
    """

    def __init__(self, coursedate, typed=None, *, judged=False, max_participants=None):
        self.typed = typed or {"participants": [{}]}
        self.max_participants = max_participants or settings.BOOKING_MAX_PARTICIPANTS
        self.groups = price_groups.offered(coursedate.course)
        asked = list(Question.objects.asked_for(coursedate.course))
        once = [each for each in asked if each.asked_of == Question.AskedOf.BOOKER]
        of_each = [each for each in asked if each.asked_of == Question.AskedOf.PARTICIPANT]
        self.form = BookingForm(
            self.typed,
            judged=judged is True,
            groups=self.groups,
            asked=once,
            asked_of_each=of_each,
        )
        self.rows = [
            ParticipantForm(row, number, judged=bool(judged), groups=self.groups, asked=of_each)
            for number, row in enumerate(self.typed["participants"], start=1)
        ]
        if judged:
            for form in self.forms if judged is True else self.rows:
                form.full_clean()
                if judged == ROWS:
                    form.wait_for_extras()
            self._mark_twice()
        if judged is True:
            self._judge_number()

    def _mark_twice(self):
        """Give each row `twice`: the number of an earlier row with the same person, or None."""
        first = {}
        for row in self.rows:
            typed = [str(row[name].value() or "").strip().casefold() for name in NAMES]
            earlier = first.setdefault(tuple(typed), row.number)
            row.twice = earlier if any(typed) and earlier != row.number else None

    @classmethod
    def typed_in(cls, data):
        """What a POST holds of the form's fields, and nothing else."""
        # PostgreSQL keeps no NUL in a text nor in JSON, and nobody means to type one.
        data = {name: data[name].replace("\x00", "") for name in data}
        typed = {name: data.get(name, "") for name in BookingForm.base_fields}
        more = [name for name in data if MORE.fullmatch(name)]
        typed |= {name: data[name] for name in more[:ROWS_READ]}
        typed["paste"] = typed["paste"].replace("\r\n", "\n")
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
        names = set(BookingForm.base_fields) - {"all_wait"} - BookingForm.ASIDE
        typed = {name: getattr(booking, name) for name in names}
        typed["all_wait"] = "on" if booking.joins_waiting_list else ""
        answers = list(booking.answers.select_related("question").exclude(question=None))
        typed |= typed_answers(answers, of=None)
        typed["participants"] = [
            {
                "firstname": person.firstname,
                "lastname": person.lastname,
                "email": person.email,
                **({"group": str(person.product.remote_id)} if person.product else {}),
                **typed_answers(answers, of=person.pk),
            }
            for person in booking.participants.select_related("product")
        ]
        return typed

    def _judge_number(self):
        if not self.number:
            self.form.add_error(
                None,
                ValidationError(
                    _("Who takes part? Fill in at least one participant, or tick that you do."),
                    code="participants_missing",
                ),
            )
        elif self.number > self.max_participants:
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

    @property
    def number(self):
        """How many take part."""
        return self.form.booker_takes_part + sum(row.has_changed() for row in self.rows)

    def people(self):
        """Everyone who takes part (a Person each), the booker first."""
        own = [self.form.booker_as_participant()] if self.form.booker_takes_part else []
        email = self.form.cleaned_data.get("booker_email", "")
        return own + [row.person(email) for row in self.rows if row.has_changed()]

    def content(self, coursedate):
        """A fingerprint of what would be booked; spelling in capitals makes no difference.

        Whatever is asked is part of it: a question that has changed must be shown again.
        """
        values = {
            name: str(value).casefold()
            for name, value in self.form.cleaned_data.items()
            if name in BookingForm.base_fields and name not in BookingForm.ASIDE
        }
        told = [coursedate.remote_id, values, sorted(each.as_content for each in self.people())]
        answers = self.form.answers()
        if answers or self.form.asked_of_each:
            asked = [*answers, *self.form.asked_of_each]
            told.append([question.as_asked for question in asked])
            told.append([str(answer) for answer in answers.values()])
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

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


def typed_answers(answers, of):
    """What stands in the form for these answers, as far as they are that participant's (None: the
    booker's)."""
    return {
        name_of(answer.question): answer.question.answer_of(answer.value)
        for answer in answers
        if answer.participant_id == of
    }


OBJECTIONS = {
    **limits.SENTENCES,
    **spam.SENTENCES,
    "terms_not_accepted": _("Tick that you accept the terms and conditions to book."),
    "terms_changed": _("The terms have changed meanwhile. Please read and accept them again."),
    "seats_short": ngettext_lazy(
        "Only %(free)d seat is free on this date. Choose below how to go on.",
        "Only %(free)d seats are free on this date. Choose below how to go on.",
        "free",
    ),
    "desk_lapsed": _(
        "You are not signed in as staff (any more), so nothing was sent. Sign in again to book "
        "for a caller; from here on this is the form that visitors use."
    ),
    "session_expired": _(
        "The page had been open too long, so nothing was sent. "
        "Everything you typed is still here: please continue once more."
    ),
    "sent_before": _(
        "The page had been open too long, so nothing was sent now. But a booking was sent from "
        "this form before: if you continue, it becomes one more booking."
    ),
    "no_cookies": _(
        "Your browser keeps no cookies for this site, so we cannot see that the form comes from "
        "you. Allow cookies here, then continue: everything you typed is still here."
    ),
}
