"""A mail to somebody who has to do with a booking, from the moment it is due."""

import secrets
from email.utils import make_msgid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def new_message_id():
    return make_msgid(secrets.token_hex(4), settings.MAIL_DOMAIN)


class MailQuerySet(models.QuerySet):
    def due(self, now=None):
        """Mails that may be sent at that moment (default: now), oldest first."""
        return self.filter(state=Mail.State.DUE, due_at__lte=now or timezone.now()).order_by(
            "due_at", "pk"
        )

    def undelivered(self):
        """Mails that could not be sent so far, or were given up."""
        tried = models.Q(state=Mail.State.DUE, attempts__gt=0)
        return self.filter(tried | models.Q(state=Mail.State.FAILED))

    def plan(self, booking, kind, *, due_at=None, **more):
        """Write down that this mail is due, to everyone who gets its kind (setting MAIL_TO).

        Called inside the transaction of the step it tells of, so that neither is without the
        other. One mail for each address, the booker's first; its text is made when it is sent.
        """
        people = [person for person in booking.participants.all() if person.email]
        wanted = settings.MAIL_TO.get(str(kind), ["booker"])
        readers = {"booker": [(booking.booker_email, Mail.Audience.BOOKER, None)]}
        readers["participants"] = [
            (person.email, Mail.Audience.PARTICIPANT, person) for person in people
        ]
        readers["invoice"] = [(booking.invoice_email, Mail.Audience.INVOICE, None)]
        chosen = {}
        for audience in ("booker", "participants", "invoice"):
            for to, role, person in readers[audience] if audience in wanted else ():
                if to:
                    chosen.setdefault(to.casefold(), (to, role, person))
        return self.bulk_create(
            Mail(
                booking=booking,
                kind=kind,
                audience=role,
                participant=person,
                to=to,
                language=booking.language,
                due_at=due_at or timezone.now(),
                **more,
            )
            for to, role, person in chosen.values()
        )


class Mail(models.Model):
    """One mail to one address. It is sent at least once, always under the same Message-ID.

    Text and HTML are made at the first try and kept, so that staff read and send again the very
    mail that was sent. Secret links are not in what is kept: in their place stands a mark, which
    is replaced when the mail goes out (booking/mails.py).
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("mail", "received")
        CONFIRMED = "confirmed", pgettext_lazy("mail", "confirmed")
        WAITING = "waiting", pgettext_lazy("mail", "waiting list")
        REFUSED = "refused", pgettext_lazy("mail", "refused")
        UNCERTAIN = "uncertain", pgettext_lazy("mail", "uncertain")
        CANCELLED = "cancelled", pgettext_lazy("mail", "cancelled")
        NOT_CANCELLED = "not_cancelled", pgettext_lazy("mail", "not cancelled")
        CHANGE = "change", pgettext_lazy("mail", "change settled")
        LINKS = "links", pgettext_lazy("mail", "links to bookings")

    class Audience(models.TextChoices):
        BOOKER = "booker", _("booker")
        PARTICIPANT = "participant", _("participant")
        INVOICE = "invoice", _("invoice recipient")

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("mail", "to be sent")
        SENT = "sent", pgettext_lazy("mail", "sent")
        FAILED = "failed", pgettext_lazy("mail", "given up")
        DROPPED = "dropped", pgettext_lazy("mail", "not needed")

    booking = models.ForeignKey(
        "booking.Booking",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("booking"),
    )
    participant = models.ForeignKey(
        "booking.Participant", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    change = models.ForeignKey(
        "booking.ChangeRequest", models.SET_NULL, null=True, blank=True, related_name="mails"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    audience = models.CharField(_("to whom"), max_length=20, choices=Audience.choices)
    to = models.EmailField(_("address"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    message_id = models.CharField(max_length=200, unique=True, default=new_message_id)

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DUE, db_index=True
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("not before"), default=timezone.now, db_index=True)
    claimed_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    again_by = models.CharField(_("sent again by"), max_length=150, blank=True)

    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("as a page"), blank=True)
    calendar = models.TextField(_("calendar file"), blank=True)
    created_at = models.DateTimeField(_("planned"), default=timezone.now)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {timezone.localtime(self.created_at):%d.%m.%Y %H:%M}"
