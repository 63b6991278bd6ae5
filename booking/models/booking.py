"""One request for places on one date, from the moment it is saved until it is settled."""

import secrets
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from booking.models.bookings import BookingQuerySet, hashed
from booking.models.cancelling import Cancelling
from booking.models.event import BookingEvent, Status
from booking.models.forgetting import Forgetting
from booking.models.settling import Settling
from booking.models.steps import Sending
from catalog.models.languages import interface_languages

REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRTVWXYZ"  # nothing that looks or sounds like another

VISITOR_WAITS = timedelta(minutes=5)  # before the page, for an answer that takes seconds


def new_reference():
    return get_random_string(8, REFERENCE_LETTERS)


def new_seed():
    return secrets.token_hex(16)


class Booking(Sending, Settling, Cancelling, Forgetting, models.Model):
    """A row is the promise: it is saved before it is sent, and sent at most once by machines.

    The only ways from one status to the next are the steps of `Sending`, `Settling` and
    `Cancelling`: each is one conditional update that writes its line of history, and plans the
    mails that tell of it, in the same transaction.
    """

    Status = Status

    class Hold(models.TextChoices):
        """Why a booking that was not sent waits for staff."""

        SAME_CONTENT = "same_content", _("the same booking is on its way from another form")
        SET_UP = "set_up", _("Frontcore refused because of how the account is set up")
        EXPIRED = "expired", _("could not be sent in time")
        CHANGED = "changed", _("the date or its price has changed while the booking waited")

    class Buyer(models.TextChoices):
        PRIVATE = "private", _("Private person")
        COMPANY = "company", _("Company or organisation")

    reference = models.CharField(
        _("reference"), max_length=12, unique=True, default=new_reference, editable=False
    )
    link_seed = models.CharField(max_length=32, default=new_seed, editable=False)
    link_hash = models.CharField(max_length=64, unique=True, editable=False)
    form_hash = models.CharField(max_length=64, editable=False)
    content_hash = models.CharField(max_length=64, db_index=True, editable=False)

    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.NEW, db_index=True
    )
    hold = models.CharField(_("waits for staff"), max_length=20, choices=Hold.choices, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    claimed_at = models.DateTimeField(_("last sent"), null=True, blank=True)
    due_at = models.DateTimeField(_("not before"), default=timezone.now)
    expires_at = models.DateTimeField(_("sent by itself until"))
    refusal_code = models.CharField(_("refusal"), max_length=100, blank=True)
    order_id = models.BigIntegerField(_("order number"), null=True, blank=True, unique=True)
    remote_booking_id = models.BigIntegerField(
        _("booking number in Frontcore"), null=True, blank=True
    )
    # What a half-readable answer told: a hint for who looks, no claim on the order.
    told_order_id = models.BigIntegerField(null=True, blank=True, editable=False)
    told_booking_id = models.BigIntegerField(null=True, blank=True, editable=False)

    coursedate = models.ForeignKey(
        "catalog.CourseDate", models.PROTECT, related_name="bookings", verbose_name=_("course date")
    )
    joins_waiting_list = models.BooleanField(_("asked for the waiting list"), default=False)
    buyer = models.CharField(_("buyer"), max_length=10, choices=Buyer.choices)
    booker_firstname = models.CharField(_("first name"), max_length=100)
    booker_lastname = models.CharField(_("last name"), max_length=100)
    booker_email = models.EmailField(_("e-mail"))
    booker_phone = models.CharField(_("phone"), max_length=20)
    company = models.CharField(_("company"), max_length=200, blank=True)
    company_number = models.CharField(_("organisation number"), max_length=20, blank=True)
    gln_number = models.CharField(_("GLN"), max_length=13, blank=True)
    invoice_reference = models.CharField(_("invoice reference"), max_length=100, blank=True)
    invoice_email = models.EmailField(_("invoice e-mail"), blank=True)
    invoice_address = models.CharField(_("invoice address"), max_length=200, blank=True)
    invoice_zipcode = models.CharField(_("postcode"), max_length=10, blank=True)
    invoice_city = models.CharField(_("town"), max_length=100, blank=True)
    campaign_code = models.CharField(_("campaign code"), max_length=50, blank=True)
    voucher_code = models.CharField(_("gift card code"), max_length=50, blank=True)

    language = models.CharField(_("language"), max_length=5, choices=interface_languages)
    terms = models.ForeignKey(
        "catalog.Terms",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted terms"),
    )
    withdrawal = models.ForeignKey(
        "catalog.Terms",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("right of withdrawal as shown"),
    )
    privacy = models.ForeignKey(
        "catalog.Terms",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("privacy notice as shown"),
    )
    terms_accepted_at = models.DateTimeField(_("terms accepted"), default=timezone.now)

    currency = models.CharField(_("currency"), max_length=3, default="NOK")
    price_lines = models.JSONField(_("price as shown"), default=list, blank=True)
    shown_excl_vat = models.DecimalField(
        _("shown, without VAT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    shown_incl_vat = models.DecimalField(
        _("shown, with VAT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    answered_excl_vat = models.DecimalField(
        _("Frontcore's total without VAT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    answered_vat = models.DecimalField(
        _("Frontcore's VAT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    answered_incl_vat = models.DecimalField(
        _("Frontcore's total with VAT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    answered_currency = models.CharField(_("Frontcore's currency"), max_length=3, blank=True)
    totals_differ = models.BooleanField(_("totals differ"), default=False)
    totals_seen_at = models.DateTimeField(_("difference seen"), null=True, blank=True)

    cancel_from = models.CharField(
        _("cancelled from"), max_length=20, choices=Status.choices, blank=True
    )
    cancel_with_fee = models.BooleanField(_("cancelled with a fee"), default=False)
    cancel_asked_at = models.DateTimeField(_("cancellation asked for"), null=True, blank=True)
    cancel_attempts = models.PositiveIntegerField(_("attempts to cancel"), default=0)
    cancel_claimed_at = models.DateTimeField(_("cancellation last sent"), null=True, blank=True)
    cancel_due_at = models.DateTimeField(_("cancel not before"), null=True, blank=True)
    cancel_refusal = models.CharField(_("cancellation refused"), max_length=100, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    booked_by = models.CharField(
        _("booked on behalf by"),
        max_length=150,
        blank=True,
        help_text=_("Who of the staff booked for a caller; empty where the visitor did."),
    )
    team_link = models.ForeignKey(
        "booking.TeamLink",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("team link"),
    )
    refusal_shown_at = models.DateTimeField(
        _("refusal shown to the visitor"), null=True, blank=True
    )
    refusal_seen_at = models.DateTimeField(_("refusal seen by staff"), null=True, blank=True)
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, blank=True)

    created_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["-created_at", "-pk"]
        permissions = [("export_booking", "Can export bookings")]
        constraints = [
            # One form, one booking: the same content twice is the same booking, and other content
            # is a new one only after a refusal.
            models.UniqueConstraint(
                fields=["form_hash", "content_hash"], name="booking_same_form_same_content"
            ),
            models.UniqueConstraint(
                fields=["form_hash"],
                condition=~Q(status="refused"),
                name="booking_one_living_booking_per_form",
            ),
        ]

    def __str__(self):
        return self.reference

    def save(self, *args, **kwargs):
        if self._state.adding:
            self.link_hash = hashed(self._link_under(settings.SECRET_KEY))
            self.expires_at = self.expires_at or self.created_at + settings.BOOKING_UNSENT_EXPIRES
        super().save(*args, **kwargs)

    # --- Its names ---------------------------------------------------------------------------

    def _link_under(self, secret, seed=None):
        return salted_hmac(
            "booking.link", seed or self.link_seed, secret=secret, algorithm="sha256"
        ).hexdigest()[:40]

    @property
    def link_token(self):
        """The secret of the booking's address. The table holds its hash only; the token follows
        from the seed and the site's own secret, so that mails and a second click can name it."""
        for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
            token = self._link_under(secret)
            if hashed(token) == self.link_hash:
                return token
        raise LookupError(f"The secret that booking {self.reference} was made with is not known.")

    @property
    def booker_name(self):
        return f"{self.booker_firstname} {self.booker_lastname}".strip()

    @property
    def sent_reference(self):
        """What Frontcore gets as the buyer's reference; ours makes the order easier to find."""
        return self.invoice_reference or self.reference

    # --- What it is --------------------------------------------------------------------------

    @property
    def answered_as_shown(self):
        """Whether Frontcore's totals are those of the lines that were shown: then the lines, with
        campaign and gift card, tell all; else its totals stand by themselves."""
        known = None not in (self.shown_excl_vat, self.shown_incl_vat, self.answered_incl_vat)
        return bool(self.price_lines) and known and not self.totals_differ

    @property
    def order_currency(self):
        """The currency of Frontcore's totals; `currency` is that of what was shown."""
        return self.answered_currency or self.currency

    @property
    def costs_nothing(self):
        """Nothing is left to pay, as far as was shown."""
        if not self.price_lines:
            return False
        last = self.price_lines[-1]
        return Decimal(last["amount"]) == 0 and last["kind"] != "to_pay_vat_unknown"

    @property
    def has_no_price(self):
        """The course is free: nothing to pay, and no gift card that has paid it."""
        answered = self.answered_incl_vat or 0
        return self.costs_nothing and not self.voucher_code and answered == 0

    @property
    def has_price_for_staff(self):
        """Somebody chose a price group that was not sent along: the order may show another sum."""
        return any(line.get("by_staff") for line in self.price_lines)

    @property
    def booker_takes_part(self):
        own = self.booker_email.lower()
        return any(person.email.lower() == own for person in self.participants.all())

    @property
    def frontcore_mails_participants(self):
        """Whether Frontcore is asked to mail them (setting FRONTCORE_RECEIPTS). Not where whoever
        books takes part: our mail, with the link and the price, would be the second."""
        return settings.FRONTCORE_RECEIPTS and not self.booker_takes_part

    def readers(self, kind):
        """Who gets that kind of mail from us (setting MAIL_TO): participants also where the
        setting leaves them to Frontcore, and Frontcore is not asked to."""
        wanted = set(settings.MAIL_TO.get(str(kind), ["booker"]))
        if settings.FRONTCORE_RECEIPTS and not self.frontcore_mails_participants:
            left_to_frontcore = settings.MAILED_BY_FRONTCORE
            return wanted | {"participants"} if kind in left_to_frontcore else wanted
        return wanted

    def was_shown_refused(self, now=None):
        """The visitor has seen on the page that it was refused, and needs no mail."""
        unseen = Booking.objects.filter(pk=self.pk, status=Status.REFUSED, refusal_shown_at=None)
        unseen.update(refusal_shown_at=now or timezone.now())

    @property
    def is_held(self):
        return self.status == self.Status.NEW and bool(self.hold)

    @property
    def is_on_its_way(self):
        """Not settled, and no person's business: the visitor's page asks again by itself."""
        return self.status == self.Status.SENDING or (
            self.status == self.Status.NEW and not self.hold
        )

    @property
    def is_undecided(self):
        """Asked for, and neither given nor refused so far."""
        status = self.Status
        return self.status in {status.NEW, status.SENDING, status.UNCERTAIN}

    @property
    def was_put_off(self):
        """It could not be sent when the visitor pressed the button."""
        return self.due_at > self.created_at

    @property
    def visitor_is_gone(self):
        """Whoever pressed the button no longer sits before the page and waits: the booking was put
        off, or nobody has sent it for a while."""
        return self.was_put_off or timezone.now() - self.created_at > VISITOR_WAITS

    @property
    def was_released(self):
        return self.events.filter(what=BookingEvent.What.RELEASED).exists()

    @property
    def stage(self):
        """What the visitor's page tells: the status, and for a booking not sent, why not."""
        if self.status != self.Status.NEW:
            return self.status
        if self.hold:
            return "kept"
        return "later" if self.was_put_off else "sending"


class Queue(Booking):
    """The bookings that wait for a person: a page of its own in the admin."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("queue")
        verbose_name_plural = _("queue: what waits for you")
