"""What machines have noted of a booking, in words for staff: its history, and what went wrong.

What is stored are codes and the English sentences of `frontcore`; only here they become words.
What is not known here is shown as it stands.
"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from booking import refusals
from booking.admin.reasons import CODES, in_words
from booking.models import Booking, BookingEvent, ChangeRequest, FollowUp, LookUp, Mail

Status, Hold, What, Verdict = Booking.Status, Booking.Hold, BookingEvent.What, LookUp.Verdict

MAILS = (What.MAIL_SENT, What.MAIL_FAILED, What.MAIL_AGAIN)
LOOKS = (What.LOOKED_UP, What.SEND_AGAIN, What.WRITTEN_OFF)
#: What the two parts of a note "kind: state" name.
PAIRS = {
    What.CHANGE_ASKED: (ChangeRequest.Kind, ChangeRequest.State),
    What.CHANGE_SETTLED: (ChangeRequest.Kind, ChangeRequest.State),
    What.FOLLOWED_UP: (FollowUp.Kind, FollowUp.State),
}
ACTORS = {"visitor": gettext_lazy("the visitor"), "worker": gettext_lazy("the worker")}
NOTES = {
    "asked for": gettext_lazy("asked for"),
    "to the waiting list": gettext_lazy("to the waiting list"),
    "never sent": pgettext_lazy("history", "it was never sent"),
    "with a fee": pgettext_lazy("history", "with a fee"),
    "free of charge": pgettext_lazy("history", "free of charge"),
    "seen as cancelled": gettext_lazy("all are deregistered: it is cancelled"),
    "participants changed": pgettext_lazy("history", "the participants were changed"),
}
MATCHED = {  # what a look has found to be as it was sent
    "booker": gettext_lazy("booker's e-mail"),
    "same_people": gettext_lazy("participants"),
    "reference": gettext_lazy("reference"),
    "in_time": pgettext_lazy("look", "moment"),
    "told": gettext_lazy("named in the answer"),
}
#: What a look says of a cancellation: there it is about people, not about an order.
OF_CANCELLATION = {
    Verdict.NOT_THERE: gettext_lazy("all are deregistered: it is cancelled"),
    Verdict.THERE: gettext_lazy("all are still enrolled: it is not cancelled so far"),
    Verdict.MAYBE: gettext_lazy("not clear: some are deregistered, or were changed"),
}
ORDER = re.compile(r"order (\d+)(?:; (.+))?")
TAKEN = re.compile(r"order (\d+) is another booking's")
OTHER_PEOPLE = re.compile(r"order (?P<order>\d+) for (?P<told>\d+) of (?P<sent>\d+) people")


def actor(by):
    """Who did it: the visitor, the worker, or a person by user name."""
    return ACTORS.get(by) or by.removeprefix("staff: ")


def verdict_in_words(verdict, status):
    """What a look has said of a booking that stands so."""
    if status == Status.CANCEL_UNCERTAIN and verdict in OF_CANCELLATION:
        return OF_CANCELLATION[verdict]
    return Verdict(verdict).label


def note_in_words(event):
    """The note of a line of history."""
    note = event.note
    if event.what in LOOKS and note in Verdict.values:
        return verdict_in_words(note, event.after)
    if event.what in MAILS:
        return mail_in_words(note)
    if event.what in PAIRS:
        return pair_in_words(note, PAIRS[event.what])
    if note in Hold.values:
        return Hold(note).label
    if note in CODES or note in refusals.SENTENCES:
        return f"{in_words(note)} ({note})"
    if order := ORDER.fullmatch(note):
        return order_in_words(*order.groups())
    if order := TAKEN.fullmatch(note):
        return _("order %(order)s is another booking's") % {"order": order[1]}
    if order := OTHER_PEOPLE.fullmatch(note):
        words = _("order %(order)s; sent for %(sent)s people, booked for %(told)s")
        return words % order.groupdict()
    return NOTES.get(note) or problem_in_words(note)


def order_in_words(number, matched):
    words = _("order %(order)s") % {"order": number}
    if not matched:
        return words
    same = ", ".join(str(MATCHED.get(name, name)) for name in matched.split(", "))
    return _("%(order)s; the same: %(same)s") % {"order": words, "same": same}


def pair_in_words(note, choices):
    """A kind, and perhaps what became of it: "replace: done"."""
    parts = zip(note.split(": "), choices, strict=False)
    return ": ".join(str(dict(names.choices).get(part, part)) for part, names in parts)


def mail_in_words(note):
    """Which mail, to whom, and what went wrong: "confirmed to booker: SMTPDataError 451"."""
    kind, _to, rest = note.partition(" to ")
    audience, _colon, problem = rest.partition(": ")
    told = [dict(Mail.Kind.choices).get(kind, kind), dict(Mail.Audience.choices).get(audience, "")]
    return ", ".join(str(part) for part in [*told, mail_problem_in_words(problem)] if part)


# --- What went wrong --------------------------------------------------------------------------

CALL = re.compile(r"(?P<call>[A-Z]+ /\S*): (?P<said>.+)")
#: How the sentences of `frontcore` begin after the name of the call, and the words for it.
SAID = {
    "out of time while waiting for the answer": gettext_lazy("Frontcore did not answer in time"),
    "out of time": gettext_lazy("Frontcore could not be reached in time"),
    "no turn within": gettext_lazy("there was no free turn among our own calls"),
    "too many requests": gettext_lazy("Frontcore asked us to wait"),
    "the server failed": gettext_lazy("Frontcore has trouble of its own"),
    "refused": gettext_lazy("Frontcore has refused it"),
    "not there": gettext_lazy("Frontcore does not know it"),
    "something may have been made": gettext_lazy("Frontcore may have made something"),
    "booked, but without a summary": gettext_lazy("Frontcore has booked, but has not said what"),
    "no clear answer": gettext_lazy("Frontcore gave no clear answer"),
    "a no without a reason": gettext_lazy("Frontcore said no without a reason"),
    "an answer of unknown form": gettext_lazy("Frontcore's answer could not be read"),
    "the answer": gettext_lazy("Frontcore's answer could not be read"),
    "not JSON": gettext_lazy("Frontcore's answer could not be read"),
    "no object": gettext_lazy("Frontcore's answer could not be read"),
    "no list": gettext_lazy("Frontcore's answer could not be read"),
    "an unexpected status": gettext_lazy("Frontcore's answer could not be read"),
}
BROKE = gettext_lazy("the connection broke before Frontcore had answered")
UNREACHED = gettext_lazy("Frontcore could not be reached")
#: Sentences of our own about what is sent along.
SENT_ALONG = {
    "the booking has been cancelled": gettext_lazy("the booking has been cancelled"),
    "the booking is being cancelled": gettext_lazy("the booking is being cancelled"),
    "several of that name": gettext_lazy("several in Frontcore bear that name"),
    "not among the participants": gettext_lazy("not found among the participants in Frontcore"),
    "the sender was lost": gettext_lazy("the sending was interrupted"),
}
ADDRESS = gettext_lazy("the address was not accepted")
#: By the kind of an error, what was wrong with the mail server.
OF_MAIL_SERVER = {
    "SMTPAuthenticationError": gettext_lazy("the mail server did not accept our password"),
    "SMTPSenderRefused": gettext_lazy("the mail server did not accept our sender address"),
}
NO_MAIL_SERVER = gettext_lazy("the mail server could not be reached")
NO_FROM_MAIL_SERVER = gettext_lazy("the mail server said no")
#: Errors on the way to the mail server, other than those that name a connection.
ON_THE_WAY = ("OSError", "TimeoutError", "gaierror", "timeout", "BrokenPipeError")


def problem_in_words(problem):
    """A sentence of `frontcore`, or of ours, with what it was about for who has to ask further."""
    if call := CALL.fullmatch(problem):
        return f"{said_in_words(call['said'])} ({problem})"
    return SENT_ALONG.get(problem, problem)


def said_in_words(said):
    if said.startswith("failed"):
        return BROKE if "waiting for the answer" in said else UNREACHED
    return next((words for start, words in SAID.items() if said.startswith(start)), said)


def is_about_the_address(problem):
    return problem.startswith("SMTPRecipientsRefused")


def mail_problem_in_words(problem):
    """Why a mail did not go out: "SMTPDataError 451", "ConnectionRefusedError"."""
    kind = problem.split(" ")[0]
    if "connect" in kind.lower() or kind in ON_THE_WAY:  # also SMTPServerDisconnected
        words = NO_MAIL_SERVER
    elif is_about_the_address(problem):
        words = ADDRESS
    elif kind.startswith("SMTP"):
        words = OF_MAIL_SERVER.get(kind, NO_FROM_MAIL_SERVER)
    else:
        return problem
    return f"{words} ({problem})"
