"""What staff read of a booking: where it stands, why, and what to do next."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking import refusals
from booking.models import Booking

Status, Hold = Booking.Status, Booking.Hold

NO_ROOM = (refusals.PLACE_TAKEN, refusals.TOO_FEW_SEATS)
#: Codes in words for staff; others read as the visitor reads them.
CODES = {
    refusals.PLACE_TAKEN: gettext_lazy("The date has become full."),
    refusals.TOO_FEW_SEATS: gettext_lazy("There are no longer free seats for all of them."),
    refusals.PRICE_CHANGED: gettext_lazy("The price is another than the one that was shown."),
    "written_off": gettext_lazy("Staff have settled it as not booked."),
    "double": gettext_lazy("The same booking had been sent from another form."),
}
HELD = {
    Hold.SAME_CONTENT: gettext_lazy("The same booking was sent from another form."),
    Hold.SET_UP: gettext_lazy("Frontcore refuses because of how the account is set up."),
    Hold.EXPIRED: gettext_lazy("It could not be sent in time."),
}
TO_DO = {
    Hold.SAME_CONTENT: gettext_lazy(
        "If the other one went through, set this one aside. Else send it."
    ),
    Hold.SET_UP: gettext_lazy("Mend the set-up in Frontcore, then send it. The visitor waits."),
    Hold.EXPIRED: gettext_lazy(
        "Send it now if it still makes sense, or call whoever booked and set it aside."
    ),
    Hold.CHANGED: gettext_lazy(
        "Call whoever booked. Then send it as it is, or set it aside; the date is looked at afresh."
    ),
    Status.NEW: gettext_lazy("Nothing: it goes out by itself as soon as Frontcore answers."),
    Status.SENDING: gettext_lazy("Nothing: the answer comes within a minute."),
    Status.UNCERTAIN: gettext_lazy("See what Frontcore has, and say what is right."),
    Status.REFUSED: gettext_lazy("The visitor knows. Perhaps call and help."),
    Status.CANCEL_UNCERTAIN: gettext_lazy(
        "Look at the participants in Frontcore, then say whether it is cancelled."
    ),
}
ROOM = gettext_lazy("Call whoever booked: another date, the waiting list, or set it aside.")


def why(booking):
    """Why the booking stands where it does, in one or two sentences; "" where that is plain."""
    code = booking.refusal_code
    if booking.anonymised_at:
        day = timezone.localtime(booking.anonymised_at).strftime("%d.%m.%Y")
        return _("The people of this booking were forgotten %(day)s.") % {"day": day}
    if booking.is_held:
        return HELD.get(booking.hold) or in_words(code)
    if booking.status == Status.NEW and booking.was_put_off:
        return _("Frontcore did not answer, or asked to wait.")
    if booking.status == Status.REFUSED:
        return in_words(code)
    if booking.status == Status.UNCERTAIN:
        return _("It was sent, and there was no clear answer: the order may exist or not.")
    if booking.status == Status.CANCEL_UNCERTAIN:
        return _("The cancellation was sent, and there was no clear answer.")
    return ""


def in_words(code):
    return str(CODES.get(code) or refusals.sentence(code))


def to_do(booking):
    """The next step, in words."""
    if booking.is_held:
        return ROOM if booking.refusal_code in NO_ROOM else TO_DO[booking.hold]
    if booking.totals_differ and not booking.totals_seen_at:
        return _("Compare the order with what was shown, then mark it as seen.")
    if booking.status == Status.REFUSED and booking.refusal_seen_at:
        return ""
    return TO_DO.get(booking.status, "")


def standing(booking):
    """The status; of a booking that waits for staff, also why."""
    words = booking.get_status_display()
    return f"{words}: {booking.get_hold_display()}" if booking.is_held else words
