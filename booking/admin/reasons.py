"""What staff read of a booking: where it stands, why, and what to do next."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from booking import refusals
from booking.models import Booking, BookingEvent, LookUp, Mail

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


# --- The history ------------------------------------------------------------------------------

What = BookingEvent.What
MAILS = (What.MAIL_SENT, What.MAIL_FAILED, What.MAIL_AGAIN)
LOOKS = (What.LOOKED_UP, What.SEND_AGAIN, What.WRITTEN_OFF)
ACTORS = {"visitor": gettext_lazy("the visitor"), "worker": gettext_lazy("the worker")}
NOTES = {
    "asked for": gettext_lazy("asked for"),
    "to the waiting list": gettext_lazy("to the waiting list"),
    "never sent": pgettext_lazy("history", "it was never sent"),
    "with a fee": pgettext_lazy("history", "with a fee"),
    "free of charge": pgettext_lazy("history", "free of charge"),
}


MATCHED = {  # what a look has found to be as it was sent
    "booker": gettext_lazy("booker's e-mail"),
    "same_people": gettext_lazy("participants"),
    "reference": gettext_lazy("reference"),
    "in_time": pgettext_lazy("look", "moment"),
    "told": gettext_lazy("named in the answer"),
}
ORDER = re.compile(r"order (\d+)(?:; (.+))?")


def actor(by):
    """Who did it: the visitor, the worker, or a person by user name."""
    return ACTORS.get(by) or by.removeprefix("staff: ")


def note_in_words(event):
    """The note of a line of history, as far as it is a code of ours."""
    note = event.note
    if event.what in LOOKS and note in LookUp.Verdict.values:
        return LookUp.Verdict(note).label
    if event.what in MAILS:
        return mail_in_words(note)
    if note in Hold.values:
        return Hold(note).label
    if note in CODES or note in refusals.SENTENCES:
        return f"{in_words(note)} ({note})"
    if order := ORDER.fullmatch(note):
        return order_in_words(*order.groups())
    return NOTES.get(note, note)


def order_in_words(number, matched):
    words = _("order %(order)s") % {"order": number}
    if not matched:
        return words
    same = ", ".join(str(MATCHED.get(name, name)) for name in matched.split(", "))
    return _("%(order)s; the same: %(same)s") % {"order": words, "same": same}


def mail_in_words(note):
    """Which mail, to whom, and what went wrong: "confirmed to booker: SMTPDataError 451"."""
    kind, _to, rest = note.partition(" to ")
    audience, _colon, problem = rest.partition(": ")
    told = [dict(Mail.Kind.choices).get(kind, kind), dict(Mail.Audience.choices).get(audience, "")]
    return ", ".join(str(part) for part in [*told, problem] if part)
