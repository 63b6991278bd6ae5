"""Sending mails: at least once, always under the same Message-ID.

Claim, see whether what it says is still true, write it (at the first try), send, write down the
end. No mail server is ever asked inside a transaction, and no mail that fails disturbs another.
"""

import logging
import smtplib
from email.mime.text import MIMEText
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from booking import calendar_file, letters, telling
from booking.characters import one_line
from booking.models import Booking, BookingEvent, Mail
from booking.models.event import BOOKED
from catalog.models import Provider

logger = logging.getLogger(__name__)

Kind, Status = Mail.Kind, Booking.Status
OWN_HEADERS = {"Auto-Submitted": "auto-generated"}  # so that absence notes do not answer it
BEING_CANCELLED = {Status.CANCELLING, Status.CANCEL_UNCERTAIN}
#: In which states of the booking a mail still tells the truth; a kind that is not here always does.
TRUE_WHILE = {
    Kind.RECEIVED: {Status.NEW, Status.SENDING},
    Kind.CONFIRMED: {Status.CONFIRMED} | BEING_CANCELLED,
    Kind.WAITING: {Status.WAITING} | BEING_CANCELLED,
    Kind.REFUSED: {Status.REFUSED},
    Kind.UNCERTAIN: {Status.UNCERTAIN},
    Kind.CANCELLED: {Status.CANCELLED},
    Kind.NOT_CANCELLED: {*BOOKED} | BEING_CANCELLED,
}


def send_due(booking_pk=None):
    """Send what is due, oldest first; of one booking, or of all until the mail server proves to
    be away."""
    due = Mail.objects.due()
    if booking_pk:
        due = due.filter(booking=booking_pk)
    for mail in due.select_related("booking", "participant", "change"):
        if not send(mail):
            break


def send_one(mail_pk):
    """Send that mail, if it is due."""
    mails = Mail.objects.select_related("booking", "participant", "change")
    if mail := mails.filter(pk=mail_pk).first():
        send(mail)


def send(mail):
    """Send one mail if it is due. False where the mail server cannot be reached, so that the
    caller need not try others now; whatever goes wrong is written down and stays here."""
    if not mail.claim():
        return True
    try:
        deliver(mail)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        fail(mail, problem_of(error))
    except (smtplib.SMTPException, OSError) as error:  # nobody there, or gone in the middle
        fail(mail, problem_of(error))
        return False
    except Exception as error:  # a mistake of ours: this mail waits, the next ones must not
        logger.exception("Mail %s could not be made", mail.pk)
        fail(mail, problem_of(error))
    return True


def deliver(mail):
    if not is_still_true(mail):
        drop(mail)
        return
    if not mail.text:
        letter = letters.write(mail)
        if letter is None:
            drop(mail)
            return
        if not mail.keep_letter(**letter):
            return
    message_of(mail).send()
    with transaction.atomic():
        if mail.end_sent():
            tell(mail, BookingEvent.What.MAIL_SENT)


def drop(mail):
    """It is not needed. Who was to hear of a date that is gone or full again goes on waiting."""
    with transaction.atomic():
        if mail.drop() and mail.kind == Kind.DATE_SET:
            mail.interest.wait_again()


def fail(mail, problem):
    with transaction.atomic():
        ended = mail.end_failed(problem)
        given_up = mail.state == Mail.State.FAILED
        if ended and (given_up or mail.attempts == 1):
            tell(mail, BookingEvent.What.MAIL_FAILED, problem)
    logger.log(
        logging.ERROR if given_up else logging.WARNING,
        "Mail %s %s: %s",
        mail.pk,
        "was given up" if given_up else "could not be sent and is tried again",
        problem,
    )


def tell(mail, what, more=""):
    if mail.booking:
        note = f"{mail.kind} to {mail.audience}"
        mail.booking.tell(what, by="worker", note=f"{note}: {more}" if more else note)


def problem_of(error):
    """The kind of an error and the server's number; its words may name the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _words in error.recipients.values()})
    else:
        codes = [code for code in [getattr(error, "smtp_code", None)] if code]
    return " ".join([type(error).__name__, *map(str, codes)])[:200]


# --- Whether it is still true ---------------------------------------------------------------


def is_still_true(mail):
    """Whether what this mail says, or would say, is what its reader should hear now. What was
    sent before and is wanted again is not judged: a person asked for that very mail."""
    if not mail.to:
        return False
    if mail.sent_at:
        return True
    booking = mail.booking
    if mail.interest:
        return is_news(mail.kind, mail.interest)
    if booking is None:
        return mail.kind == Kind.LINKS
    if booking.anonymised_at or booking.status not in TRUE_WHILE.get(mail.kind, Status):
        return False
    if mail.kind == Kind.REFUSED and (booking.refusal_shown_at or has_newer(booking)):
        return False
    if mail.kind == Kind.CHANGE and mail.change is None:
        return False
    if mail.audience == Mail.Audience.BOOKER:
        return True
    return concerns(mail)


def is_news(kind, interest):
    """Whether a mail about somebody who waits for a date still says what is so."""
    if interest.anonymised_at:
        return False
    if kind == Kind.DATE_SET:
        return bool(telling.news_for(interest))
    return kind == Kind.NEW_INTEREST or interest.told_at is None


def has_newer(booking):
    """Whether the same form has made another booking since."""
    return Booking.objects.filter(form_hash=booking.form_hash, pk__gt=booking.pk).exists()


def concerns(mail):
    """Whether somebody other than the booker still has to do with it: a participant who has not
    been taken out since, and a cancellation of what they may have heard of."""
    booking = mail.booking
    if mail.kind == Kind.CANCELLED:
        stood = BOOKED
        if not booking.events.filter(after__in=stood).exists():
            return False
    if mail.audience == Mail.Audience.PARTICIPANT:
        return mail.participant is not None and (mail.participant.email.lower() == mail.to.lower())
    return True


# --- The message ----------------------------------------------------------------------------


def message_of(mail):
    """The mail as it goes out, with the secret links in it."""
    provider = Provider.current()
    message = EmailMultiAlternatives(
        one_line(mail.subject),
        letters.with_links(mail, mail.text),
        sender(provider),
        [mail.to],
        reply_to=[provider.email] if provider.email else None,
        headers=headers_for(mail),
    )
    message.attach_alternative(letters.with_links(mail, mail.html), "text/html")
    if mail.calendar:
        message.attach(calendar_part(mail))
    return message


def headers_for(mail):
    """The machine's own; with the button that stops it, where mail programs have one."""
    headers = OWN_HEADERS | {"Message-ID": mail.message_id, "Content-Language": mail.language}
    if mail.audience == Mail.Audience.INTERESTED:
        with translation.override(mail.language):
            headers["List-Unsubscribe"] = f"<{letters.address_to_stop(mail.interest.token)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def headers_of(mail):
    """(name, value) of what stands above the text, for staff."""
    provider = Provider.current()
    told = [
        (_("From"), f"{sender_name(provider)} <{sender_address()}>".strip()),
        (_("To"), mail.to),
        (_("Reply to"), provider.email),
        (_("Subject"), mail.subject),
        ("Message-ID", mail.message_id),
    ]
    return [(name, value) for name, value in told if value]


def sender(provider):
    return formataddr((sender_name(provider), sender_address()))


def sender_name(provider):
    return one_line(provider.name or parseaddr(settings.DEFAULT_FROM_EMAIL)[0])


def sender_address():
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def calendar_part(mail):
    method = "CANCEL" if mail.kind == Kind.CANCELLED else "PUBLISH"
    part = MIMEText(mail.calendar, "calendar", "utf-8")
    part.set_param("method", method)
    with translation.override(mail.language):
        name = calendar_file.file_name(mail.booking) if method == "PUBLISH" else _("cancelled.ics")
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part
