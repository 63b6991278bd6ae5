"""How many seats of a date are free, and what may be said of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Seats(models.Model):
    """Free seats of one date. Apart from the date because they change all the time, and each
    change of a table drops every cached query that reads it."""

    class State(models.TextChoices):
        OPEN = "open", _("free seats")
        FEW = "few", _("few seats left")
        FULL = "full", _("fully booked")
        UNKNOWN = "unknown", _("seats not stated")

    date = models.OneToOneField(
        "catalog.CourseDate", models.CASCADE, related_name="seats", primary_key=True
    )
    capacity = models.IntegerField(_("capacity"), null=True, blank=True)
    free = models.IntegerField(_("free"), null=True, blank=True)
    booked = models.IntegerField(_("booked"), null=True, blank=True)
    waiting = models.IntegerField(_("on the waiting list"), null=True, blank=True)
    free_waiting = models.IntegerField(_("free on the waiting list"), null=True, blank=True)
    says_full = models.BooleanField(_("fully booked in words"), default=False)
    fetched_at = models.DateTimeField(_("fetched"), editable=False)

    class Meta:
        verbose_name = _("seats")
        verbose_name_plural = _("seats")

    def __str__(self):
        return str(self.get_state_display())

    @property
    def is_unknown(self):
        """Capacity 0 with nobody booked means that nobody set a capacity, whatever the word says
        (setting CAPACITY_ZERO_IS_UNKNOWN)."""
        if self.free is None and not self.says_full:
            return True
        return settings.CAPACITY_ZERO_IS_UNKNOWN and not self.capacity and not self.booked

    @property
    def is_full(self):
        return not self.is_unknown and (self.says_full or (self.free or 0) <= 0)

    @property
    def state(self):
        if self.is_unknown:
            return self.State.UNKNOWN
        if self.is_full:
            return self.State.FULL
        return self.State.FEW if self.free <= settings.FEW_SEATS else self.State.OPEN

    def get_state_display(self):
        return self.State(self.state).label

    @property
    def number_shown(self):
        """Whether pages tell how many are free, as the setting SEATS_SHOWN says."""
        telling = {"number": {self.State.OPEN, self.State.FEW}, "few": {self.State.FEW}}
        return self.state in telling.get(settings.SEATS_SHOWN, ())

    @property
    def in_words(self):
        """What pages say: a number, or a word for it."""
        return self.words(self.state, self.free if self.number_shown else None)

    @classmethod
    def words(cls, state, number):
        if number is None:
            return str(cls.State(state).label)
        if state == cls.State.FEW:
            words = ngettext("%(number)d seat left", "%(number)d seats left", number)
        else:
            words = ngettext("%(number)d free seat", "%(number)d free seats", number)
        return words % {"number": number}

    def have_room_for(self, participants):
        """Whether so many fit; True where seats are unknown (the check is then switched off)."""
        return self.is_unknown or (not self.is_full and (self.free or 0) >= participants)
