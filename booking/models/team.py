"""Links for customers who book often."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

LASTS = timedelta(days=182)  # unless staff say otherwise


def signer():
    return Signer(sep=".", salt="booking.team.1")


class TeamLinkQuerySet(models.QuerySet):
    def valid(self, now=None):
        return self.filter(revoked_at=None, expires_at__gt=now or timezone.now())

    def by_token(self, token):
        """The link of that address, or None where it is altered, expired or withdrawn."""
        try:
            return self.valid().filter(pk=signer().unsign(token)).first()
        except BadSignature:
            return None


class TeamLink(models.Model):
    """What the form is filled with for whoever opens this customer's link. The address names this
    row and nothing else; it ends at `expires_at`, or at once when it is revoked."""

    COMPANY = ("company", "company_number", "gln_number")
    INVOICE = (
        "invoice_reference",
        "invoice_email",
        "invoice_address",
        "invoice_zipcode",
        "invoice_city",
    )
    FILLED = (*COMPANY, *INVOICE, "campaign_code")

    name = models.CharField(
        _("name"), max_length=200, help_text=_("For you: which customer or team it is for.")
    )
    company = models.CharField(_("company"), max_length=200)
    company_number = models.CharField(_("organisation number"), max_length=20, blank=True)
    gln_number = models.CharField(_("GLN"), max_length=13, blank=True)
    invoice_reference = models.CharField(_("invoice reference"), max_length=100, blank=True)
    invoice_email = models.EmailField(_("invoice e-mail"), blank=True)
    invoice_address = models.CharField(_("invoice address"), max_length=200, blank=True)
    invoice_zipcode = models.CharField(_("postcode"), max_length=10, blank=True)
    invoice_city = models.CharField(_("town"), max_length=100, blank=True)
    campaign_code = models.CharField(_("campaign code"), max_length=50, blank=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    made_by = models.CharField(_("made by"), max_length=150, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = TeamLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("team link")
        verbose_name_plural = _("team links")
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return self.name

    @property
    def token(self):
        """What the address says: the number of this row, signed. It stands in no table."""
        return signer().sign(self.pk)

    @property
    def address(self):
        with translation.override(settings.LANGUAGE_CODE):
            return settings.SITE_URL + reverse("team", args=[self.token])

    def is_valid(self, now=None):
        return self.revoked_at is None and self.expires_at > (now or timezone.now())

    def withdraw(self, now=None):
        """End it at once; False if somebody has done so before."""
        living = type(self).objects.filter(pk=self.pk, revoked_at=None)
        return living.update(revoked_at=now or timezone.now()) == 1

    def as_typed(self):
        """The fields of the form that it fills in."""
        filled = {name: getattr(self, name) for name in self.FILLED}
        return filled | {"buyer": "company", "participants": [{}]}

    def stands_in(self, typed):
        """Whether the form still names this company."""
        return all(plain(typed.get(name)) == plain(getattr(self, name)) for name in self.COMPANY)

    def taken_out_of(self, typed):
        """What was typed, without what came from this link."""
        ours = [n for n in self.FILLED if plain(typed.get(n)) == plain(getattr(self, n))]
        return typed | dict.fromkeys(ours, "")


def plain(value):
    return "".join(str(value or "").split()).casefold()
