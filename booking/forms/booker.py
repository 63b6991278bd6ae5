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
from booking.models import Booking


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
