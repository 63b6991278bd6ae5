"""Tells staff that a booking needs them: a line in the log, and a mail in words.

Neither names a person; who may know opens the link.
"""

import logging

from django.conf import settings
from django.core.mail import mail_admins
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking import refusals
from booking.models import Booking

logger = logging.getLogger(__name__)

UNCERTAIN = "uncertain"
SENDER_LOST = "sender_lost"
ORDER_TAKEN = "order_taken"
TOTALS_DIFFER = "totals_differ"

MAYBE = gettext_lazy("nobody knows whether Frontcore made the order")
REASONS = {
    **dict(Booking.Hold.choices),
    UNCERTAIN: MAYBE,
    SENDER_LOST: MAYBE,
    ORDER_TAKEN: MAYBE,
    TOTALS_DIFFER: gettext_lazy("Frontcore's total differs from the price that was shown"),
}
LOOK = gettext_lazy("Look for the order in Frontcore before anything is sent again.")
MORE = {
    Booking.Hold.SAME_CONTENT: gettext_lazy(
        "If the other one goes through, this one is probably a double that needs nothing."
    ),
    Booking.Hold.SET_UP: gettext_lazy(
        "Mend the set-up in Frontcore, then choose “Send now”. The visitor waits."
    ),
    UNCERTAIN: LOOK,
    SENDER_LOST: gettext_lazy(
        "The process that was sending it ended before there was an answer. "
        "Look for the order in Frontcore before anything is sent again."
    ),
    ORDER_TAKEN: gettext_lazy(
        "The order number in Frontcore's answer is already that of another booking."
    ),
    TOTALS_DIFFER: gettext_lazy(
        "The booking is made. Compare the order with what was shown, then mark it as seen."
    ),
}


def alert(booking, why, code=""):
    """Tell staff that this booking needs them: `why` as in REASONS; a code of Frontcore or ours."""
    logger.error("Booking %s needs staff: %s %s", booking.reference, why, code)
    with translation.override(settings.LANGUAGE_CODE):
        words = {"reference": booking.reference, "why": REASONS[why]}
        subject = _("Booking %(reference)s needs you: %(why)s") % words
        mail_admins(subject, text(booking, why, code), fail_silently=True)


def text(booking, why, code):
    parts = [str(MORE[why])] if why in MORE else []
    if why == Booking.Hold.CHANGED:
        parts.append(str(refusals.sentence(code)))
    if code:
        parts.append(_("Code: %(code)s") % {"code": code})
    address = reverse("admin:booking_booking_change", args=[booking.pk])
    return "\n\n".join([*parts, settings.SITE_URL + address])
