"""Where a date is held, and by whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.copied import Copied


class Place(Copied):
    """A town or area, as Frontcore's place register has it."""

    title = models.CharField(_("place"), max_length=200)
    county = models.CharField(_("county"), max_length=200, blank=True)

    class Meta(Copied.Meta):
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["title"]

    def __str__(self):
        return self.title


class Venue(Copied):
    """A building or room with an address (Frontcore: location)."""

    title = models.CharField(_("venue"), max_length=200)
    custom_title = models.CharField(_("display name"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    zipcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    county = models.CharField(_("county"), max_length=100, blank=True)
    country_code = models.CharField(_("country"), max_length=2, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    is_virtual = models.BooleanField(_("online"), default=False)

    class Meta(Copied.Meta):
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["title"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return self.custom_title or self.title

    @property
    def postal_line(self):
        """Postcode and town, e.g. "0150 Oslo"; empty when neither is known."""
        return f"{self.zipcode} {self.city}".strip()


class Instructor(Copied):
    """Name and title only: e-mail and phone stop at the API client."""

    name = models.CharField(_("name"), max_length=200)
    position = models.CharField(_("position"), max_length=200, blank=True)

    class Meta(Copied.Meta):
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        ordering = ["name"]

    def __str__(self):
        return self.name
