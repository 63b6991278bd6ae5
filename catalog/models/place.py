"""Where a date is held, and by whom."""

from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models.copied import Copied, slug_of


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


class VenueQuerySet(models.QuerySet):
    def shown(self):
        """Venues that have a page: some public date has met there or will. What serves closed
        courses only, such as a customer's own office, has none."""
        dates = self.model.coursedate_set.rel.related_model.objects.reachable()
        meetings = self.model.gathering_set.rel.related_model.objects
        meetings = meetings.filter(date__public=True, date__course__public=True)
        held = Exists(dates.filter(venue=OuterRef("pk")))
        return self.filter(held | Exists(meetings.filter(venue=OuterRef("pk"))))


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

    objects = VenueQuerySet.as_manager()

    class Meta(Copied.Meta):
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["title"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("venue", args=[self.remote_id, self.slug])

    @property
    def slug(self):
        return slug_of(self.name, otherwise="sted")

    @property
    def name(self):
        return self.custom_title or self.title

    @property
    def postal_line(self):
        """Postcode and town, e.g. "0150 Oslo"; empty when neither is known."""
        return f"{self.zipcode} {self.city}".strip()

    @property
    def in_full(self):
        """Its address in a line: Storgata 1, 0155 Oslo; with the country where it is another."""
        return ", ".join(filter(None, (self.address, self.postal_line, self.country)))

    @property
    def region(self):
        """What it is listed under: its county, or that it is online."""
        return _("Online") if self.is_virtual else self.county

    @property
    def country(self):
        """The code of its country, where that is not Norway."""
        return self.country_code if self.country_code not in {"", "NO"} else ""

    @property
    def room_for(self):
        """How many participants it takes, where Frontcore says it of a room; else None."""
        return None if self.is_virtual else self.capacity or None

    @property
    def point(self):
        """(latitude, longitude); None of an online room, and where nothing says where it lies:
        Frontcore has noughts there as well."""
        if self.is_virtual or not (self.latitude and self.longitude):
            return None
        return float(self.latitude), float(self.longitude)

    @property
    def directions(self):
        """Where a map service tells the way; empty for an online room, and where nothing says
        where it lies."""
        if self.is_virtual:
            return ""
        if self.point:
            goal = f"{self.latitude.normalize():f},{self.longitude.normalize():f}"
        elif self.city:
            goal = ", ".join(filter(None, (self.address or self.name, self.postal_line)))
        else:
            return ""
        return settings.DIRECTIONS_URL.replace("{goal}", quote(goal, safe=","))


class InstructorQuerySet(models.QuerySet):
    def shown(self):
        """Those whom some public date, or a gathering of one, has named or names; only they have a
        page."""
        dates = self.model.coursedate_set.rel.related_model.objects.reachable()
        meetings = self.model.gathering_set.rel.related_model.objects
        meetings = meetings.filter(date__public=True, date__course__public=True, withdrawn_at=None)
        named = Exists(dates.filter(instructors=OuterRef("pk")))
        return self.filter(named | Exists(meetings.filter(instructors=OuterRef("pk"))))


class Instructor(Copied):
    """Name and title only: e-mail and phone stop at the API client."""

    name = models.CharField(_("name"), max_length=200)
    position = models.CharField(_("position"), max_length=200, blank=True)

    objects = InstructorQuerySet.as_manager()

    class Meta(Copied.Meta):
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("instructor", args=[self.remote_id, self.slug])

    @property
    def slug(self):
        return slug_of(self.name, otherwise="navn")
