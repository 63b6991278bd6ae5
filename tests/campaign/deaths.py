"""Where a process of a run dies: its own code is wrapped, and it strikes itself at the named point.

Called in a child process that exists for one run only.
"""

import os
import signal
from importlib import import_module

from booking import cancelling, receiving
from booking.models import Booking, BookingEvent, Mail
from frontcore import Frontcore
from frontcore.connection import TimedReader, TimedSocket
from tests.campaign.plan import FROZEN

What = BookingEvent.What
ENDS = {What.ENDED, What.CANCEL_ENDED, What.CANCEL_PUT_OFF}
CANCEL_ENDS = ("end_cancelled", "end_in_doubt", "end_not_cancelled", "put_off_cancellation")


class Blow:
    """Ends this process, or freezes it until somebody wakes it; once."""

    def __init__(self, signal_number):
        self.signal_number = signal_number
        self.is_struck = False

    def __call__(self, *_arguments, **_named):
        if not self.is_struck:
            self.is_struck = True
            os.kill(os.getpid(), self.signal_number)


def before(owner, name, blow):
    """Strike instead of doing this."""
    setattr(owner, name, blow)


def after(owner, *names, blow, when=lambda *_arguments: True):
    """Strike when one of these has been done, whether it went well or not."""
    for name in names:
        setattr(owner, name, last(getattr(owner, name), blow, when))


def last(done, blow, when):
    def done_last(*arguments, **named):
        try:
            return done(*arguments, **named)
        finally:
            if when(*arguments):
                blow()

    return done_last


def during(owner, name, on_call, blow):
    """Strike at that call of this function while a write is on its way."""
    calls = []
    done = getattr(owner, name)

    def counted(*arguments):
        if calls:
            calls.append(name)
            if len(calls) > on_call:
                blow()
        return done(*arguments)

    def watched(write):
        def writing(*arguments, **named):
            calls.append("write")
            return write(*arguments, **named)

        return writing

    setattr(owner, name, counted)
    for write in ("book", "deregister"):
        setattr(Frontcore, write, watched(getattr(Frontcore, write)))


def arrange(run):
    """Let this process die, or freeze, at the run's point, if it comes there."""
    blow = Blow(signal.SIGSTOP if run.point in FROZEN else signal.SIGKILL)
    match run.point:
        case "before-save":  # all is written, nothing is committed
            after(receiving, "save", blow=blow)
            after(Booking, "ask_to_cancel", blow=blow)
        case "after-save":
            before(receiving, "async_task", blow)
            before(cancelling, "async_task", blow)
        case "after-queue":
            after(import_module("booking.views.form"), "receive", blow=blow)
            after(import_module("booking.views.cancel"), "take_back", blow=blow)
        case "before-claim":
            before(Booking, "claim_cancellation" if run.is_cancelled else "claim", blow)
        case "after-claim" | "frozen-before-call":
            after(Booking, "claim_cancellation" if run.is_cancelled else "claim", blow=blow)
        case "half-sent":  # the head of the request has left, its body has not
            during(TimedSocket, "sendall", 2, blow)
        case "during-call" | "frozen-during-call":
            during(TimedReader, "readinto", 1, blow)
        case "after-answer" | "frozen-after-answer":
            after(Frontcore, "deregister" if run.is_cancelled else "book", blow=blow)
        case "within-end":  # all is written, nothing is committed
            after(Booking, "tell", blow=blow, when=lambda _booking, what: what in ENDS)
        case "after-end":
            after(Booking, *(CANCEL_ENDS if run.is_cancelled else ["end"]), blow=blow)
        case "before-mail":
            after(Mail, "claim", blow=blow)
        case "after-mail":  # handed over, and not marked as sent
            before(Mail, "end_sent", blow)
