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
ORDER_LATE = "order_late"
TOTALS_DIFFER = "totals_differ"
PEOPLE_DIFFER = "people_differ"
CANCEL_UNCERTAIN = "cancel_uncertain"
CANCEL_LOST = "cancel_lost"
CANCEL_LATE = "cancel_late"
CANCEL_REFUSED = "cancel_refused"

MAYBE = gettext_lazy("nobody knows whether Frontcore made the order")
MAYBE_CANCELLED = gettext_lazy("nobody knows whether Frontcore has cancelled it")
REASONS = {
    **dict(Booking.Hold.choices),
    UNCERTAIN: MAYBE,
    SENDER_LOST: MAYBE,
    ORDER_TAKEN: MAYBE,
    ORDER_LATE: gettext_lazy("Frontcore has made an order after it had been settled otherwise"),
    TOTALS_DIFFER: gettext_lazy("Frontcore's total differs from the price that was shown"),
    PEOPLE_DIFFER: gettext_lazy("Frontcore has booked another number of people than was sent"),
    CANCEL_UNCERTAIN: MAYBE_CANCELLED,
    CANCEL_LOST: MAYBE_CANCELLED,
    CANCEL_LATE: gettext_lazy("Frontcore has cancelled it, and here it stands otherwise"),
    CANCEL_REFUSED: gettext_lazy("the visitor could not cancel it"),
}
LOOK_AT_PEOPLE = gettext_lazy(
    "Look at the participants of the date in Frontcore, then say on the booking's page whether it "
    "is cancelled or still stands."
)
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
    ORDER_LATE: gettext_lazy(
        "The answer to an earlier sending came very late. Its order number stands in the history: "
        "look in Frontcore whether there is one order too many."
    ),
    TOTALS_DIFFER: gettext_lazy(
        "The booking is made. Compare the order with what was shown, then mark it as seen."
    ),
    PEOPLE_DIFFER: gettext_lazy(
        "The visitor has been told that all are booked. Compare the participants of the date in "
        "Frontcore with those on the booking's page, and mend it there."
    ),
    CANCEL_UNCERTAIN: LOOK_AT_PEOPLE,
    CANCEL_LOST: LOOK_AT_PEOPLE,
    CANCEL_LATE: LOOK_AT_PEOPLE,
    CANCEL_REFUSED: gettext_lazy(
        "The booking stands, and the visitor has been told that you take care of it. "
        "Cancel it in Frontcore, then settle the change that is asked for."
    ),
}

PRICE_GROUPS = gettext_lazy(
    "Participants have chosen a price group, which is not sent along: the difference is expected. "
    "Give them the right price in Frontcore."
)


def alert(booking, why, code=""):
    """Tell staff that this booking needs them: `why` as in REASONS; a code of Frontcore or ours."""
    logger.error("Booking %s needs staff: %s %s", booking.reference, why, code)
    with translation.override(settings.LANGUAGE_CODE):
        words = {"reference": booking.reference, "why": REASONS[why]}
        subject = _("Booking %(reference)s needs you: %(why)s") % words
        mail_admins(subject, text(booking, why, code), fail_silently=True)


def tell_of_change(change):
    """Tell staff that a visitor asks for a change: which kind, of which booking, and no more."""
    logger.info("Booking %s: a change is asked for: %s", change.booking.reference, change.kind)
    with translation.override(settings.LANGUAGE_CODE):
        words = {"reference": change.booking.reference, "what": change.get_kind_display()}
        subject = _("Booking %(reference)s: a change is asked for (%(what)s)") % words
        address = reverse("admin:booking_changerequest_change", args=[change.pk])
        mail_admins(subject, settings.SITE_URL + address, fail_silently=True)


def text(booking, why, code):
    parts = [str(MORE[why])] if why in MORE else []
    if why == Booking.Hold.CHANGED:
        parts.append(str(refusals.sentence(code)))
    if why == TOTALS_DIFFER and booking.has_price_for_staff:
        parts.append(str(PRICE_GROUPS))
    if code:
        parts.append(_("Code: %(code)s") % {"code": code})
    address = reverse("admin:booking_booking_change", args=[booking.pk])
    return "\n\n".join([*parts, settings.SITE_URL + address])
