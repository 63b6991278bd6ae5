"""What waits for a person, kind by kind."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from booking.models.change import ChangeRequest
from booking.models.event import Status
from booking.models.follow_up import FollowUp
from booking.models.mail import Mail
from booking.models.settling import LookUp

REFUSED_LATELY = timedelta(days=14)  # later nobody would call the visitor any more
STILL_AT_IT = timedelta(minutes=30)  # so long the visitor may be mending the form


class QueueQuerySet(models.QuerySet):
    def uncertain(self):
        """Nobody knows whether Frontcore has made, or cancelled, the order."""
        return self.filter(status__in=[Status.UNCERTAIN, Status.CANCEL_UNCERTAIN])

    def with_last_verdict(self):
        """Each with what the last look has said since it was sent (or, where that is the doubt,
        its cancellation); "" where nobody has looked."""
        cancelling = When(status=Status.CANCEL_UNCERTAIN, then=F("cancel_claimed_at"))
        sent = self.annotate(doubtful_since=Case(cancelling, default=F("claimed_at")))
        since = OuterRef("doubtful_since")
        looks = LookUp.objects.filter(booking=OuterRef("pk"), looked_at__gte=since)
        last = looks.order_by("-looked_at", "-pk").values("verdict")[:1]
        return sent.annotate(last_verdict=Coalesce(Subquery(last), Value("")))

    def held(self):
        """Not sent, and only a person may decide whether it is."""
        return self.filter(status=Status.NEW).exclude(hold="")

    def waiting_for_frontcore(self, now=None):
        """Not sent so far although the visitor has left; they go out by themselves."""
        pressed_before = (now or timezone.now()) - settings.MAIL_PATIENCE
        return self.filter(status=Status.NEW, hold="", created_at__lte=pressed_before)

    def totals_unseen(self):
        return self.filter(totals_differ=True, totals_seen_at=None)

    def refused_unseen(self, now=None):
        """Refused lately, unknown to staff, and the visitor has not booked that date since: whom
        somebody might call."""
        now = now or timezone.now()
        later = self.model.objects.filter(
            coursedate=OuterRef("coursedate"),
            booker_email__iexact=OuterRef("booker_email"),
            created_at__gt=OuterRef("created_at"),
        ).exclude(status=Status.REFUSED)
        lately = (now - REFUSED_LATELY, now - STILL_AT_IT)
        unseen = self.filter(status=Status.REFUSED, refusal_seen_at=None, anonymised_at=None)
        return unseen.filter(~Exists(later), created_at__range=lately)

    def needs_staff(self, now=None):
        """Bookings that nobody but a person can bring further, or that a person should know of."""
        pk = OuterRef("pk")
        kinds = [self.uncertain(), self.held(), self.totals_unseen(), self.refused_unseen(now)]
        waits = (
            Q(Exists(Mail.objects.undelivered().filter(booking=pk)))
            | Q(Exists(ChangeRequest.objects.open().filter(booking=pk)))
            | Q(Exists(FollowUp.objects.needs_staff().filter(booking=pk)))
        )
        for kind in kinds:
            waits |= Q(pk__in=kind.values("pk"))
        return self.filter(waits)
