"""Links for customers who book often."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TeamLink(models.Model):
    """What the form is filled with for whoever opens this customer's link. The address names this
    row and nothing else; it ends at `expires_at`, or at once when it is revoked."""

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

    class Meta:
        verbose_name = _("team link")
        verbose_name_plural = _("team links")
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return self.name
