"""The words for where a booking stands, and the lines of its history."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    NEW = "new", pgettext_lazy("booking", "not sent")
    SENDING = "sending", pgettext_lazy("booking", "being sent")
    CONFIRMED = "confirmed", pgettext_lazy("booking", "confirmed")
    WAITING = "waiting", pgettext_lazy("booking", "on the waiting list")
    REFUSED = "refused", pgettext_lazy("booking", "refused")
    UNCERTAIN = "uncertain", pgettext_lazy("booking", "uncertain")
    CANCELLING = "cancelling", pgettext_lazy("booking", "being cancelled")
    CANCEL_UNCERTAIN = "cancel_uncertain", pgettext_lazy("booking", "cancellation uncertain")
    CANCELLED = "cancelled", pgettext_lazy("booking", "cancelled")


#: Where people and order are in Frontcore, and nothing is under way.
BOOKED = (Status.CONFIRMED, Status.WAITING)


class BookingEvent(models.Model):
    """A line of a booking's history. It names codes and numbers, never people's data."""

    class What(models.TextChoices):
        RECEIVED = "received", _("received")
        PUT_OFF = "put_off", _("put off")
        HELD = "held", _("kept for staff")
        REFUSED_HERE = "refused_here", _("refused before sending")
        CLAIMED = "claimed", _("sending begun")
        ENDED = "ended", _("answered")
        ABANDONED = "abandoned", _("the sender was lost")
        RELEASED = "released", _("sent by staff")
        TOTALS_SEEN = "totals_seen", _("difference of totals seen")
        REFUSAL_SEEN = "refusal_seen", _("refusal seen by staff")
        LOOKED_UP = "looked_up", _("looked up in Frontcore")
        FOUND = "found", _("found in Frontcore")
        SEND_AGAIN = "send_again", _("sent again by staff")
        WRITTEN_OFF = "written_off", _("settled as not booked")
        CANCEL_ASKED = "cancel_asked", _("cancellation asked for")
        CANCEL_CLAIMED = "cancel_claimed", _("cancellation begun")
        CANCEL_ENDED = "cancel_ended", _("cancellation answered")
        CANCEL_PUT_OFF = "cancel_put_off", _("cancellation put off")
        CANCEL_ABANDONED = "cancel_abandoned", _("the sender of the cancellation was lost")
        CANCEL_SETTLED = "cancel_settled", _("cancellation settled by staff")
        CHANGE_ASKED = "change_asked", _("change asked for")
        CHANGE_SETTLED = "change_settled", _("change settled")
        MAIL_SENT = "mail_sent", _("mail sent")
        MAIL_FAILED = "mail_failed", _("mail not sent")
        MAIL_AGAIN = "mail_again", _("mail sent again by staff")
        LINK_SHOWN = "link_shown", _("link shown to staff")
        FOLLOWED_UP = "followed_up", _("sent along after the booking")
        ANONYMISED = "anonymised", _("anonymised")

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="events")
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.CharField(_("who or what"), max_length=150)
    what = models.CharField(_("what"), max_length=20, choices=What.choices)
    before = models.CharField(_("before"), max_length=20, choices=Status.choices, blank=True)
    after = models.CharField(_("after"), max_length=20, choices=Status.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_what_display()} {timezone.localtime(self.at):%d.%m.%Y %H:%M:%S}"
