"""A mail to somebody who has to do with a booking, from the moment it is due."""

import secrets
from datetime import timedelta
from email.utils import make_msgid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.languages import interface_languages

#: Longer than a try may take; after it, the sender must have died.
LEASE = timedelta(minutes=5)
#: How long to wait after each try that failed; after the last one the mail is given up. A day.
PAUSES = [timedelta(minutes=pause) for pause in (1, 5, 15, 60, 180, 360, 800)]


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
        lost = Q(attempts__gt=0, claimed_at__lte=timezone.now() - LEASE)
        tried = Q(state=Mail.State.DUE) & (~Q(problem="") | lost)
        return self.filter(tried | Q(state=Mail.State.FAILED))

    def plan_links(self, to, language):
        """Write down that this address gets its links, if there are any: the worker looks. The
        same row whether or not anybody knows the address."""
        return self.create(
            kind=Mail.Kind.LINKS, audience=Mail.Audience.BOOKER, to=to, language=language
        )

    def plan_interest(self, interest, kind):
        """Write down that whoever waits for a date of a course gets this mail."""
        return self.create(
            interest=interest,
            kind=kind,
            audience=Mail.Audience.INTERESTED,
            to=interest.email,
            language=interest.language,
        )

    def plan(self, booking, kind, *, due_at=None, **more):
        """Write down that this mail is due, to everyone who gets its kind (setting MAIL_TO).

        Called inside the transaction of the step it tells of, so that neither is without the
        other. One mail for each address, the booker's first; its text is made when it is sent.
        """
        people = [person for person in booking.participants.all() if person.email]
        wanted = booking.readers(kind)
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

    def plan_for(self, booking, kind, person):
        """Write down that one participant who came, or got another address, later is told as the
        others were: if participants get that kind, and nobody at that address was told."""
        if not person.email or "participants" not in booking.readers(kind):
            return
        told = booking.mails.filter(kind=kind).exclude(state=Mail.State.DROPPED)
        # What waits for somebody who has been taken out since is never sent.
        told = told.exclude(
            state=Mail.State.DUE, audience=Mail.Audience.PARTICIPANT, participant=None
        )
        if person.email.casefold() not in {mail.to.casefold() for mail in told}:
            self.create(
                booking=booking,
                kind=kind,
                audience=Mail.Audience.PARTICIPANT,
                participant=person,
                to=person.email,
                language=booking.language,
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
        INTEREST = "interest", pgettext_lazy("mail", "interest registered")
        DATE_SET = "date_set", pgettext_lazy("mail", "a date is set")
        NEW_INTEREST = "new_interest", pgettext_lazy("mail", "new interest, to staff")

    class Audience(models.TextChoices):
        BOOKER = "booker", _("booker")
        PARTICIPANT = "participant", _("participant")
        INVOICE = "invoice", _("invoice recipient")
        INTERESTED = "interested", _("who waits for a date")
        STAFF = "staff", _("staff")

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
    interest = models.ForeignKey(
        "booking.Interest",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("interest"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    audience = models.CharField(_("to whom"), max_length=20, choices=Audience.choices)
    to = models.EmailField(_("address"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=interface_languages)
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

    # --- Its steps: each is one conditional update -------------------------------------------

    def claim(self, now=None):
        """Take the right to try to send it; False when someone else has it or it is not due.

        If the sender dies, the mail is due again by itself when the lease is over.
        """
        now = now or timezone.now()
        mine = Mail.objects.due(now).filter(pk=self.pk)
        claimed = mine.update(
            attempts=F("attempts") + 1, claimed_at=now, due_at=now + LEASE, problem=""
        )
        self.refresh_from_db()
        return claimed == 1

    def _end(self, **values):
        """Write how my try ended; False where the mail is in other hands by now."""
        mine = Mail.objects.filter(
            pk=self.pk, state=self.State.DUE, claimed_at=self.claimed_at, attempts=self.attempts
        )
        ended = mine.update(**values)
        self.refresh_from_db()
        return ended == 1

    def keep_letter(self, **letter):
        """Keep what it says, so that every later try says the same."""
        return self._end(**letter)

    def end_sent(self, now=None):
        return self._end(state=self.State.SENT, sent_at=now or timezone.now(), problem="")

    def end_failed(self, problem, now=None):
        """It could not be sent: again later, or given up after a day of tries."""
        if self.attempts > len(PAUSES):
            return self._end(state=self.State.FAILED, problem=problem)
        due_at = (now or timezone.now()) + PAUSES[self.attempts - 1]
        return self._end(due_at=due_at, problem=problem)

    def drop(self):
        """What it says is not true any more, or nobody is there to read it."""
        return self._end(state=self.State.DROPPED, problem="")

    @property
    def may_go_again(self):
        return self._to_go_again().exists()

    def _to_go_again(self):
        ended = Mail.objects.filter(state__in=[self.State.SENT, self.State.FAILED])
        return (ended | Mail.objects.undelivered()).filter(pk=self.pk).exclude(to="")

    def send_again(self, by, now=None):
        """A person wants it to go out once more, or now; False while it is being sent, and for
        what is on its way anyhow or was never needed.

        The text is the very same. It gets a Message-ID of its own: under the old one, programs
        that have seen it before would hide what somebody asked for.
        """
        taken = self._to_go_again().update(
            state=self.State.DUE,
            due_at=now or timezone.now(),
            attempts=0,
            problem="",
            again_by=by,
            message_id=new_message_id(),
        )
        self.refresh_from_db()
        return taken == 1
