"""Bugs to plant, so that the campaign can be seen to notice them: `--plant NAME`."""

from django.db.models import Q

from booking import sending
from booking.models import Booking, Mail
from frontcore import Frontcore, Refused, Unavailable, Uncertain


def instead_of_uncertain(error):
    """The client reports that error where nobody knows what became of the call."""
    for name in ("book", "deregister"):
        setattr(Frontcore, name, mistaken(getattr(Frontcore, name), error))


def mistaken(write, error):
    def write_or_mistake(*arguments, **named):
        try:
            return write(*arguments, **named)
        except Uncertain:
            raise error from None

    return write_or_mistake


def sends_again():
    instead_of_uncertain(Unavailable("planted"))


def calls_it_refused():
    instead_of_uncertain(Refused("planted", "fields_not_valid"))


def calls_it_booked():
    end = Booking.end

    def mistaken(self, attempt, status, **values):
        if status == Booking.Status.UNCERTAIN:
            status = Booking.Status.CONFIRMED
        return end(self, attempt, status, **values)

    Booking.end = mistaken


def back_to_new():
    """Who was lost while sending is sent again."""

    def mistaken(self, **_named):
        return self._change(Q(), "abandoned", by="worker", status=Booking.Status.NEW)

    Booking.give_up = mistaken


def forgets():
    """Who was lost while sending is cleared away."""

    def mistaken(self, **_named):
        self.mails.all().delete()
        self.delete()

    Booking.give_up = mistaken


def calls_it_cancelled():
    def cancelled(self, attempt, **_named):
        return self.end_cancelled(attempt)

    Booking.end_in_doubt = cancelled


def counts_mail_first():
    """A mail counts as sent before it is handed over."""
    claim = Mail.claim

    def counted(self):
        return claim(self) and self.end_sent()

    Mail.claim = counted


def never_sweeps():
    sending.tidy = lambda: None
    sending.send_due = lambda api: None


BUGS = {
    "sends-again": sends_again,
    "calls-it-refused": calls_it_refused,
    "calls-it-booked": calls_it_booked,
    "calls-it-cancelled": calls_it_cancelled,
    "back-to-new": back_to_new,
    "counts-mail-first": counts_mail_first,
    "forgets": forgets,
    "never-sweeps": never_sweeps,
}
