"""Who wants to hear when a date of a course is set."""

from django.core.signing import BadSignature, Signer
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from booking.models.mail import Mail
from catalog.models import Form, Opening
from catalog.models.languages import interface_languages

ONLINE = "online"  # the place of whoever wants a date online
MOST_SEATS = 99
#: What was typed of somebody, and what is left of it once they are forgotten.
PERSONAL = {"email": "", "name": "", "place_other": "", "message": ""}
IN_MAILS = {"to": "", "subject": "", "text": "", "html": "", "problem": ""}


def signer():
    return Signer(sep=".", salt="booking.interest.1")


class InterestQuerySet(models.QuerySet):
    def waiting(self):
        """Those who are still to be told of a date."""
        return self.filter(told_at=None, anonymised_at=None)

    def to_look_for(self, generation, now=None):
        """Those waiting for whose course a date may have come since we looked last: the copy on
        air is another one, or the booking of a date has opened."""
        opened = Opening.objects.filter(
            date__course=OuterRef("course"),
            opens_at__gt=OuterRef("looked_at"),
            opens_at__lte=now or timezone.now(),
        )
        other = ~Q(looked_generation=generation) | Q(looked_generation=None)
        return self.waiting().filter(other | Exists(opened))

    def unhandled(self):
        return self.waiting().filter(handled_at=None)

    def of(self, email):
        return self.filter(email=Interest.written(email), anonymised_at=None)

    def by_token(self, token):
        """The one of that address, told and forgotten ones included; None where it is altered."""
        try:
            return self.filter(pk=signer().unsign(token)).first()
        except (BadSignature, ValueError):
            return None


class Interest(models.Model):
    """One person who waits for a date of one course. Told once, by one mail, or never where they
    stop it before; forgotten some time after. Whoever asks again while waiting has one row."""

    course = models.ForeignKey(
        "catalog.Course", models.PROTECT, related_name="interests", verbose_name=_("course")
    )
    email = models.EmailField(_("e-mail"), blank=True)  # in small letters
    name = models.CharField(_("name"), max_length=200, blank=True)
    seats = models.PositiveSmallIntegerField(
        _("how many"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)],
    )
    place = models.CharField(_("place"), max_length=200, blank=True)  # a town, or ONLINE
    place_other = models.CharField(_("place in own words"), max_length=100, blank=True)
    at_workplace = models.BooleanField(_("at their workplace"), default=False)
    message = models.TextField(_("message"), max_length=1000, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=interface_languages)
    created_at = models.DateTimeField(_("received"), default=timezone.now)
    asked_at = models.DateTimeField(_("last asked"), default=timezone.now)

    known_dates = models.JSONField(default=list, editable=False)
    looked_generation = models.PositiveBigIntegerField(null=True, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False)
    told_at = models.DateTimeField(_("told of a date"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped by the visitor"), null=True, blank=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    handled_by = models.CharField(_("handled by"), max_length=150, blank=True)
    anonymised_at = models.DateTimeField(_("person forgotten"), null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = pgettext_lazy("registrations", "interest")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "email"],
                condition=Q(told_at=None, anonymised_at=None),
                name="booking_interest_waits_once",
            )
        ]

    def __str__(self):
        return f"{self.course} {timezone.localtime(self.created_at):%d.%m.%Y %H:%M}"

    @staticmethod
    def written(email):
        """An address as it is kept here: two ways of writing it are one person."""
        return email.strip().lower()

    # --- What they want -----------------------------------------------------------------------

    @property
    def where(self):
        """The place they want, in words; empty where any will do."""
        chosen = _("Online") if self.place == ONLINE else self.place
        return ", ".join(str(each) for each in (chosen, self.place_other) if each)

    def fits(self, date):
        """Whether this date (loaded `with_where`) is what they want to hear of.

        Everybody can take part online. What is said of a place in own words narrows nothing: no
        machine reads it.
        """
        if date.form in (Form.ONLINE, Form.HYBRID):
            return True
        if self.place == ONLINE:
            return False
        return not self.place or bool(self.place_other) or self.place.casefold() in towns_of(date)

    def news_among(self, dates):
        """Those of the open dates of its course that fit and were not open when they asked."""
        known = set(self.known_dates)
        return [date for date in dates if date.pk not in known and self.fits(date)]

    def forget_closed(self, dates):
        """Known dates that are not among these open ones would be news when they open again."""
        still = {date.pk for date in dates}.intersection(self.known_dates)
        if len(still) < len(self.known_dates):
            as_asked = Interest.objects.waiting().filter(pk=self.pk, asked_at=self.asked_at)
            as_asked.update(known_dates=sorted(still))

    # --- The link that stops it ---------------------------------------------------------------

    @property
    def token(self):
        """What the address says: the number of this row, signed. It stands in no table."""
        return signer().sign(self.pk)

    def says_other(self, typed):
        """Whether any of these columns would become another."""
        return any(getattr(self, name) != value for name, value in typed.items())

    @property
    def is_waiting(self):
        return self.told_at is None and self.anonymised_at is None

    # --- Its steps: each is one conditional update ----------------------------------------------

    def _change(self, allowed, **values):
        done = Interest.objects.filter(allowed, pk=self.pk).update(**values) == 1
        self.refresh_from_db()
        return done

    def tell(self, now=None):
        """Take the right to tell of a date, and plan the mail that does, in one transaction; False
        where somebody else has, or they have stopped it."""
        waits = Q(told_at=None, anonymised_at=None)
        with transaction.atomic():
            if not self._change(waits, told_at=now or timezone.now()):
                return False
            Mail.objects.plan_interest(self, Mail.Kind.DATE_SET)
        return True

    def wait_again(self):
        """The date that they were to hear of is gone or full again, and nothing was sent."""
        newer = Interest.objects.waiting().filter(course=self.course_id, email=self.email)
        told = Q(told_at__isnull=False, anonymised_at=None)
        return not newer.exists() and self._change(told, told_at=None, looked_generation=None)

    def see(self, *, by, now=None):
        """Staff have seen to it; whoever waits is told of a date all the same."""
        open_one = Q(handled_at=None)
        return self._change(open_one, handled_at=now or timezone.now(), handled_by=by)

    def stop(self, now=None):
        """Write no more, and forget who it was; False where that was done before."""
        now = now or timezone.now()
        return self.forget(now=now, stopped_at=now)

    def forget(self, allowed=Q(), *, now=None, **more):  # noqa: B008  a Q is never changed
        """Empty everything that tells of the person, here and in mails, if the row is still as
        `allowed` says; False if it is not. What they wanted when and where stays, to be counted."""
        living = allowed & Q(anonymised_at=None)
        with transaction.atomic():
            if not self._change(living, anonymised_at=now or timezone.now(), **PERSONAL, **more):
                return False
            unsent = self.mails.filter(state__in=[Mail.State.DUE, Mail.State.FAILED])
            unsent.update(state=Mail.State.DROPPED)
            self.mails.update(**IN_MAILS)
        return True


def towns_of(date):
    """The names, in small letters, of where a date (loaded `with_where`) is held."""
    names = [getattr(date, "meeting_town", "")]
    names += [date.place.title, date.place.county] if date.place else []
    names += [date.venue.city, date.venue.county] if date.venue else []
    return {name.casefold() for name in names if name}
