"""What a visitor may type: one booker, one to so many participants, an invoice, two codes."""

import hashlib
import json
import re

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from stdnum import ean
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.no import mva, orgnr

from booking import codes, refusals
from booking.models import Booking

SEVERAL = 5  # rows at once, for who books for a whole team
ROWS_READ = 200  # of a POST; far above any limit that may be set, so that nothing typed is lost
ROW = re.compile(r"participant-(\d{1,4})-(firstname|lastname|email)")


def text(label, limit, autocomplete="", **more):
    attributes = {"autocomplete": autocomplete} if autocomplete else {}
    if mode := more.pop("inputmode", None):
        attributes["inputmode"] = mode
    return forms.CharField(
        label=label, max_length=limit, widget=forms.TextInput(attributes), **more
    )


def email(label, autocomplete="off", **more):
    widget = forms.EmailInput({"autocomplete": autocomplete})
    return forms.EmailField(label=label, max_length=254, widget=widget, **more)


class TypedForm(forms.Form):
    """A form that can also show what was typed without judging it yet."""

    use_required_attribute = False

    def stay_unjudged(self):
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}


class BookingForm(TypedForm):
    """Everything but the participants. Required fields are marked by the page, judged here."""

    booker_firstname = text(_("First name"), 100, "given-name")
    booker_lastname = text(_("Last name"), 100, "family-name")
    booker_email = email(_("E-mail"), "email")
    booker_phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )
    takes_part = forms.BooleanField(label=_("I take part myself"), required=False)
    buyer = forms.ChoiceField(
        label=_("Who pays?"),
        choices=Booking.Buyer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose private person or company.")},
    )
    company = text(_("Company"), 200, "organization")
    company_number = text(
        _("Organisation number"),
        30,
        inputmode="numeric",
        required=False,
        help_text=_("Nine digits."),
    )
    gln_number = text(
        _("GLN"),
        20,
        inputmode="numeric",
        required=False,
        help_text=_("Only if you receive invoices by a global location number, 13 digits."),
    )
    invoice_reference = text(
        _("Your reference"),
        100,
        required=False,
        help_text=_("What your accounts department needs on the invoice, such as an order number."),
    )
    invoice_email = email(
        _("E-mail for the invoice"), required=False, help_text=_("If different from yours.")
    )
    invoice_address = text(_("Invoice address"), 200, "street-address", required=False)
    invoice_zipcode = text(_("Postcode"), 10, "postal-code", inputmode="numeric", required=False)
    invoice_city = text(_("Town"), 100, "address-level2", required=False)
    campaign_code = text(_("Campaign code"), 50, "off", required=False)
    voucher_code = text(_("Gift card code"), 50, "off", required=False)
    accept_terms = forms.BooleanField(label=_("I accept the terms and conditions"), required=False)
    terms = forms.IntegerField(required=False, widget=forms.HiddenInput)

    COMPANY_FIELDS = ("company", "company_number", "gln_number", "invoice_reference")

    def __init__(self, typed, *, judged):
        super().__init__(typed)
        if not judged:
            self.stay_unjudged()
        elif typed.get("buyer") != Booking.Buyer.COMPANY:
            self.fields["company"].required = False

    def clean_booker_phone(self):
        """The number in international form; one without a country is Norwegian."""
        try:
            number = phonenumbers.parse(self.cleaned_data["booker_phone"], "NO")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(
                _("Write a phone number, with country code if it is not Norwegian."),
                code="phone_invalid",
            )
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def clean_company_number(self):
        number = self.cleaned_data["company_number"]
        if not number:
            return ""
        try:
            return orgnr.validate(mva.compact(number).upper().removesuffix("MVA"))
        except WrongNumber:
            raise ValidationError(
                _("This is not an organisation number. It has nine digits; check the spelling."),
                code="company_number_invalid",
            ) from None

    def clean_gln_number(self):
        number = self.cleaned_data["gln_number"]
        if not number:
            return ""
        try:
            digits = ean.validate(number)
        except WrongNumber:
            digits = ""
        if len(digits) != 13:
            raise ValidationError(
                _("This is not a GLN. It has 13 digits; check the spelling."), code="gln_invalid"
            )
        return digits

    def clean_campaign_code(self):
        return codes.normalise(self.cleaned_data["campaign_code"])

    def clean_voucher_code(self):
        return codes.normalise(self.cleaned_data["voucher_code"])

    def clean(self):
        cleaned = super().clean()
        of_company = [str(self.data.get(name) or "").strip() for name in self.COMPANY_FIELDS]
        if cleaned.get("buyer") == Booking.Buyer.PRIVATE and any(of_company):
            sentence = _(
                "You have filled in fields for a company. Choose company, or empty those fields."
            )
            self.add_error("buyer", ValidationError(sentence, code="company_but_private"))
        # For the page only, which marks what is optional: judged it has been already.
        self.fields["company"].required = cleaned.get("buyer") != Booking.Buyer.PRIVATE
        return cleaned


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
