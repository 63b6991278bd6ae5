"""Where a process of a run dies: its own code is wrapped, and it kills itself at the named point.

Called in a child process that exists for one run only.
"""

import os
import signal
from importlib import import_module

from booking import cancelling, receiving
from booking.models import Booking, BookingEvent, Mail
from frontcore import Frontcore
from frontcore.connection import TimedReader, TimedSocket

What = BookingEvent.What
ENDS = {What.ENDED, What.CANCEL_ENDED, What.CANCEL_PUT_OFF}
CANCEL_ENDS = ("end_cancelled", "end_in_doubt", "end_not_cancelled", "put_off_cancellation")


def die(*_arguments, **_named):
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner, name):
    """Die instead of doing this."""
    setattr(owner, name, die)


def after(owner, *names, when=lambda *_arguments: True):
    """Die when one of these has been done, whether it went well or not."""
    for name in names:
        setattr(owner, name, last(getattr(owner, name), when))


def last(done, when):
    def done_last(*arguments, **named):
        try:
            return done(*arguments, **named)
        finally:
            if when(*arguments):
                die()

    return done_last


def during(owner, name, on_call):
    """Die at that call of this function while a write is on its way."""
    calls = []
    done = getattr(owner, name)

    def counted(*arguments):
        if calls:
            calls.append(name)
            if len(calls) > on_call:
                die()
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
    """Let this process die at the run's point, if it comes there."""
    match run.point:
        case "before-save":  # all is written, nothing is committed
            after(receiving, "save")
            after(Booking, "ask_to_cancel")
        case "after-save":
            before(receiving, "async_task")
            before(cancelling, "async_task")
        case "after-queue":
            after(import_module("booking.views.form"), "receive")
            after(import_module("booking.views.cancel"), "take_back")
        case "before-claim":
            before(Booking, "claim_cancellation" if run.is_cancelled else "claim")
        case "after-claim":
            after(Booking, "claim_cancellation" if run.is_cancelled else "claim")
        case "half-sent":  # the head of the request has left, its body has not
            during(TimedSocket, "sendall", on_call=2)
        case "during-call":
            during(TimedReader, "readinto", on_call=1)
        case "after-answer":
            after(Frontcore, "deregister" if run.is_cancelled else "book")
        case "within-end":  # all is written, nothing is committed
            after(Booking, "tell", when=lambda _booking, what: what in ENDS)
        case "after-end":
            after(Booking, *(CANCEL_ENDS if run.is_cancelled else ["end"]))
        case "before-mail":
            after(Mail, "claim")
        case "after-mail":  # handed over, and not marked as sent
            before(Mail, "end_sent")
