"""Those who take part in a booking."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Participant(models.Model):
    """Someone who takes part."""

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="participants")
    firstname = models.CharField(_("first name"), max_length=100)
    lastname = models.CharField(_("last name"), max_length=100)
    email = models.EmailField(_("e-mail"))
    product = models.ForeignKey(
        "catalog.Product",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("price group"),
        help_text=_("Empty: the ordinary price."),
    )
    price_group = models.CharField(_("price group as shown"), max_length=300, blank=True)
    unit_price = models.DecimalField(
        _("price as shown"), max_digits=12, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return f"{self.firstname} {self.lastname}".strip()
