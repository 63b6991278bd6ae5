"""Why a booking cannot be made, in words for the visitor: one sentence for each code.

The codes are Frontcore's own (POST /booking) and ours for what we see before sending.
"""

import re

from django.utils.translation import gettext_lazy as _

PLACE_TAKEN = "no_vacant_seats"
PRICE_CHANGED = "price_changed"
TOO_FEW_SEATS = "too_few_seats"

ACCOUNT = _(
    "We could not complete the booking automatically. It is not your fault: "
    "we have your request and will get in touch with you."
)
MAYBE = _(
    "We do not know yet whether the booking went through. Please do not book again: "
    "we will check and write to you."
)
VOUCHER = _("This gift card code cannot be used. Check that it is written exactly as you got it.")

SENTENCES = {
    # Frontcore's
    "course_identifier_invalid": _("This course can no longer be booked."),
    "course_date_identifier_invalid": _("This date can no longer be booked."),
    "course_date_cancelled": _("This date has been cancelled. Please choose another date."),
    "registration_deadline_passed": _("The deadline for booking has passed."),
    "participant_count_invalid": _("The booking names no participants. Add at least one."),
    "participant_name_invalid_empty": _("A participant lacks a first name or a last name."),
    "participant_email_invalid_empty": _("A participant lacks an e-mail address."),
    "campaign_code_invalid": _("The campaign code is not valid for this booking."),
    "campaign_code_expired": _("The campaign code has expired."),
    "voucher_code_invalid": VOUCHER,
    "voucher_code_expired": VOUCHER,
    "no_vacant_seats": _(
        "The last free seats were taken while you were booking. "
        "You can join the waiting list or choose another date."
    ),
    "fields_not_valid": _("Frontcore did not accept something in the form. Please look it over."),
    # Frontcore's, about the account: staff must act, the request is kept
    "default_course_product_missing": ACCOUNT,
    "participant_products_empty": ACCOUNT,
    "participant_products_invalid": ACCOUNT,
    "participant_does_not_have_a_course_product": ACCOUNT,
    "participant_have_multiple_course_products": ACCOUNT,
    "participant_product_price_invalid": ACCOUNT,
    "currency_missing": ACCOUNT,
    "exchange_rate_does_not_exist": ACCOUNT,
    "school_account_invalid": ACCOUNT,
    "unauthorized": ACCOUNT,
    "key_refused": ACCOUNT,
    "fields_missing": ACCOUNT,
    # Frontcore's, after which something may exist
    "internal_course_order_not_resolvable": MAYBE,
    "internal_course_orderline_not_resolvable": MAYBE,
    "booking_could_not_be_created": MAYBE,
    "order_could_not_be_created": MAYBE,
    # ours, seen before sending
    "date_withdrawn": _("This date is no longer offered."),
    "date_cancelled": _("This date has been cancelled. Please choose another date."),
    "date_past": _("This date has already started."),
    "date_postponed": _("This date is postponed; a new time is not set yet."),
    "date_deadline": _("The deadline for booking has passed."),
    "date_not_open": _("Booking of this date has not opened yet."),
    "date_elsewhere": _("This course is booked on another website."),
    "too_few_seats": _(
        "There are no longer enough free seats for all of you. "
        "Take some participants out, or choose another date."
    ),
    # ours, decided by staff
    "written_off": _(
        "We have looked into it: nothing has been booked, and nothing more will be sent. "
        "You are welcome to book again, or to contact us."
    ),
    "double": _(
        "We had got the same booking from you twice, so this copy was set aside. "
        "The other booking counts."
    ),
    "price_changed": _("The price has changed while you were booking. Please look at it again."),
}
DEFAULT = _(
    "The booking was not accepted, and nothing has been booked. Look over what you have typed, "
    "or contact us."
)
SEATS = re.compile("seat|vacan|capacit|fully", re.IGNORECASE)  # the code for this is not documented
FIELDS = {"campaign_code": "campaign_code", "voucher_code": "voucher_code"}


def known(code, codes=(), message=""):
    """The code to go by: Frontcore's, or `no_vacant_seats` where its words speak of seats."""
    if code not in SENTENCES and any(SEATS.search(text) for text in (code, *codes, message)):
        return PLACE_TAKEN
    return code


def sentence(code):
    return SENTENCES.get(code, DEFAULT)


def field(code):
    """The field of the form that the code is about, or None."""
    return next((name for start, name in FIELDS.items() if code.startswith(start)), None)
