"""Keeps personal data and secret addresses out of logs and out of mails about errors."""

import logging
import re
import traceback

from django.views.debug import ExceptionReporter

SECRET_ADDRESS = re.compile(
    r"(/(?:booking|bedrift|team|interesse|interest)/)(?!ny/|new/)[^/\s?\"']{20,}"
)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
FORM_TOKEN = re.compile(r"([?&]form=)[^&\s\"'#]+")


def discreet(text):
    """The text with the secret part of addresses masked."""
    return FORM_TOKEN.sub(r"\1***", SECRET_ADDRESS.sub(r"\1***", text))


def one_line(text):
    """The text without what would end or hide a line of a log."""
    return CONTROL.sub("?", text)


def where(error):
    """Where an exception came from and of which kind, without its message: that may hold what
    somebody typed."""
    if error is None:
        return ""
    chain = []
    while error is not None:
        frames = "".join(
            f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n'
            for frame in traceback.extract_tb(error.__traceback__)
        )
        chain.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(["Traceback (messages left out):", *reversed(chain)])


class MaskAddresses(logging.Filter):
    """Masks secret addresses in a record's message."""

    def filter(self, record):
        record.msg, record.args = discreet(record.getMessage()), ()
        return True


class WithoutResults(logging.Filter):
    """Of a failed task, django-q2 logs the whole result. Staff find it among the failed tasks."""

    def filter(self, record):
        record.msg, record.args = re.sub(r"\) - .*", ")", record.getMessage(), flags=re.S), ()
        return True


class OneLine(logging.Filter):
    """Makes what is no fault of ours a warning without traceback."""

    def filter(self, record):
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        return True


class DiscreetFormatter(logging.Formatter):
    """A formatter whose tracebacks hold no values."""

    def formatException(self, exc_info):
        return where(exc_info[1])


class FramesOnly(ExceptionReporter):
    """The report in a mail to ADMINS: where it happened, and nothing a visitor typed or is."""

    def get_traceback_text(self):
        return where(self.exc_value if isinstance(self.exc_value, BaseException) else None)
