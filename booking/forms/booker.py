"""Who books, who pays, and the codes: everything but the participants."""

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import ean
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.no import mva, orgnr

from booking import codes
from booking.forms.fields import TypedForm, email, text
from booking.forms.people import Person, chosen, group_field
from booking.forms.questions import field_of, name_of
from booking.models import Booking

OWN = "own-"  # begins the fields about the booker's own place


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
    paste = forms.CharField(
        label=_("One person on each line: name and e-mail"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Columns in any order, with or without headings."),
    )
    all_wait = forms.BooleanField(label=_("Put all of us on the waiting list"), required=False)
    buyer = forms.ChoiceField(
        label=_("Who pays?"),
        choices=Booking.Buyer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose private person or company.")},
    )
    company = text(_("Company"), 200, "organization")
    company_number = text(
        _("Organisation number"),
        20,
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

    INVOICE_FIELDS = ("invoice_email", "invoice_address", "invoice_zipcode", "invoice_city")
    # What is no part of what is booked: how it was typed, and what belongs to a moment.
    ASIDE = frozenset({"takes_part", "paste", "accept_terms", "terms"})

    def __init__(self, typed, *, judged, groups=(), asked=(), asked_of_each=()):
        super().__init__(dict(typed))
        self.asked, self.asked_of_each, self.groups = asked, asked_of_each, groups
        for question in asked:
            self.fields[name_of(question)] = field_of(question)
        if groups:
            self.fields[f"{OWN}group"] = group_field(groups)
            self.data[f"{OWN}group"] = self.data.get(f"{OWN}group") or groups[0].key
        for question in asked_of_each:
            self.fields[OWN + name_of(question)] = field_of(question, in_row=True)
        if not judged:
            self.stay_unjudged()
        elif typed.get("buyer") != Booking.Buyer.COMPANY:
            self.fields["company"].required = False

    @property
    def of_booker(self):
        """The fields of the questions that are asked once."""
        return [self[name_of(question)] for question in self.asked]

    @property
    def of_own_place(self):
        """Those that count where the booker takes part."""
        return [self[name] for name in self.fields if name.startswith(OWN)]

    @property
    def has_invoice_details(self):
        return self.holds("gln_number", *self.INVOICE_FIELDS)

    @property
    def has_company_details(self):
        """Whether what only companies fill in is to be seen, whoever pays."""
        return self.holds("company", "company_number", "invoice_reference", "gln_number")

    @property
    def has_codes(self):
        return self.holds(*codes.FIELDS)

    def holds(self, *names):
        """Whether one of these fields is filled in or wrong, so that it must be seen."""
        return any(self[name].value() or self[name].errors for name in names)

    @property
    def booker_takes_part(self):
        return bool(self["takes_part"].value())

    def booker_as_participant(self):
        cleaned = self.cleaned_data
        return Person(
            cleaned.get("booker_firstname", ""),
            cleaned.get("booker_lastname", ""),
            cleaned.get("booker_email", ""),
            chosen(self.groups, cleaned.get(f"{OWN}group", "")),
            {q: cleaned.get(OWN + name_of(q), "") for q in self.asked_of_each},
        )

    def answers(self):
        """What was answered to the questions that are asked once, by question."""
        return {q: self.cleaned_data.get(name_of(q), "") for q in self.asked}

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
            return number  # perhaps a foreign one: a hint, and no obstacle

    def clean_gln_number(self):
        """Without blanks; whether its digits fit together is a hint only."""
        digits = ean.compact(self.cleaned_data["gln_number"])
        if len(digits) > 13:  # nothing that could be kept or sent
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
        if not self.booker_takes_part:
            for name in [name for name in self.errors if name.startswith(OWN)]:
                del self.errors[name]
        of_company = [str(self.data.get(name) or "").strip() for name in self.COMPANY_FIELDS]
        if cleaned.get("buyer") == Booking.Buyer.PRIVATE and any(of_company):
            sentence = _(
                "You have filled in fields for a company. Choose company, or empty those fields."
            )
            self.add_error("buyer", ValidationError(sentence, code="company_but_private"))
        # For the page only, which marks what is optional: judged it has been already.
        self.fields["company"].required = cleaned.get("buyer") != Booking.Buyer.PRIVATE
        return cleaned
