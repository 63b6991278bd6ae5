"""Questions about many bookings."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from booking.models.event import Status


def hashed(secret):
    """What we store of a secret that only its owner may know."""
    return hashlib.sha256(secret.encode()).hexdigest()


class BookingQuerySet(models.QuerySet):
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

    def needs_staff(self):
        """Bookings that nobody but a person can bring further."""
        held = Q(status=Status.NEW) & ~Q(hold="")
        unclear = Q(status__in=[Status.UNCERTAIN, Status.CANCEL_UNCERTAIN])
        unseen = Q(totals_differ=True, totals_seen_at=None)
        return self.filter(held | unclear | unseen)

    def on_their_way(self):
        """Bookings that are sent, or may have been sent, without an answer so far."""
        status = Status
        return self.filter(status__in=[status.NEW, status.SENDING, status.UNCERTAIN])

    def by_link(self, token):
        return self.filter(link_hash=hashed(token))

    def by_form(self, token):
        return self.filter(form_hash=hashed(token))
