"""Questions about many bookings."""

import hashlib

from django.conf import settings
from django.utils import timezone

from booking.models.event import Status
from booking.models.finding import FindingQuerySet
from booking.models.queue import QueueQuerySet


def hashed(secret):
    """What we store of a secret that only its owner may know."""
    return hashlib.sha256(secret.encode()).hexdigest()


class BookingQuerySet(FindingQuerySet, QueueQuerySet):
    def due(self, now=None):
        """Bookings that may be sent at that moment (default: now)."""
        now = now or timezone.now()
        return self.filter(
            status=Status.NEW, hold="", due_at__lte=now, expires_at__gt=now
        ).order_by("due_at", "pk")

    def abandoned(self, now=None):
        """Bookings whose sender must have died: the lease is longer than the call may take."""
        claimed_before = (now or timezone.now()) - settings.BOOKING_LEASE
        return self.filter(status=Status.SENDING, claimed_at__lte=claimed_before)

    def expired(self, now=None):
        """Bookings that could not be sent in time; staff decide."""
        return self.filter(status=Status.NEW, hold="", expires_at__lte=now or timezone.now())

    def cancellations_due(self, now=None):
        """Cancellations that may be sent at that moment (default: now)."""
        due = self.filter(status=Status.CANCELLING, cancel_due_at__lte=now or timezone.now())
        return due.order_by("cancel_due_at", "pk")

    def cancellations_abandoned(self, now=None):
        """Cancellations whose sender must have died."""
        claimed_before = (now or timezone.now()) - settings.BOOKING_LEASE
        return self.filter(
            status=Status.CANCELLING, cancel_due_at=None, cancel_claimed_at__lte=claimed_before
        )

    def cancellations_expired(self, now=None):
        """Cancellations that could not be sent in time."""
        asked_before = (now or timezone.now()) - settings.BOOKING_UNSENT_EXPIRES
        return self.filter(
            status=Status.CANCELLING,
            cancel_due_at__isnull=False,
            cancel_asked_at__lte=asked_before,
        )

    def on_their_way(self):
        """Bookings that are sent, or may have been sent, without an answer so far."""
        status = Status
        return self.filter(status__in=[status.NEW, status.SENDING, status.UNCERTAIN])

    def by_link(self, token):
        return self.filter(link_hash=hashed(token), anonymised_at=None)

    def by_form(self, token):
        return self.filter(form_hash=hashed(token))
