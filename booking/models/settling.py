"""How a booking that nobody knows the fate of comes to its end, and what staff decide."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.event import BookingEvent, Status
from booking.models.steps import Steps

DOUBLE = "double"  # the refusal of a copy: the same booking stands, or may stand, elsewhere


class Settling(Steps):
    """The steps out of *uncertain*, and what only a person decides. A machine takes only `found`,
    and only where it has found exactly one certain match; sending again is a person's decision.
    """

    class Closed(models.TextChoices):
        """Why an uncertain booking may not be sent again, or called not booked, as yet."""

        SETTLED = "settled", _("It is not uncertain any more; somebody or something was first.")
        TOO_EARLY = "too_early", _("It is too early: the order may still turn up in Frontcore.")
        LOOK_FIRST = "look_first", _("Look again first: the last look is too old to go by.")
        THERE = "there", _("The last look has found it in Frontcore.")
        UNREADABLE = "unreadable", _("Frontcore could not be asked when somebody last looked.")

    # --- What is known -----------------------------------------------------------------------

    @property
    def opens_at(self):
        """From when on "it is not there" may be believed: no answer is on its way any more."""
        return self.claimed_at + settings.BOOKING_SEND_AGAIN_AFTER

    @property
    def last_look(self):
        """The last finished look since it was sent, or None."""
        if self.claimed_at is None:
            return None
        looks = self.look_ups.filter(looked_at__gte=self.claimed_at)
        return looks.order_by("-looked_at", "-pk").first()

    @property
    def look_is_queued(self):
        return self.look_ups.filter(looked_at=None).exists()

    def closed_for_sending(self, now=None):
        """Why it may not be sent again (a `Closed`), or None where it may."""
        if closed := self.closed_for_writing_off(now):
            return closed
        look = self.last_look
        return self.Closed.UNREADABLE if look.verdict == LookUp.Verdict.UNREADABLE else None

    def closed_for_writing_off(self, now=None):
        """Why it may not be called "not booked", or None where it may. Where Frontcore cannot be
        asked, a person who has looked there may."""
        if self.status != Status.UNCERTAIN:
            return self.Closed.SETTLED
        if (now or timezone.now()) < self.opens_at:
            return self.Closed.TOO_EARLY
        look = self.last_look
        if look is None or look.looked_at < self.opens_at:
            return self.Closed.LOOK_FIRST
        return self.Closed.THERE if look.verdict == LookUp.Verdict.THERE else None

    @property
    def is_double(self):
        """Set aside because the same booking came from another form, and counts there."""
        return self.status == Status.REFUSED and self.refusal_code == DOUBLE

    @property
    def has_living_twin(self):
        """Whether the same content from another form may become, or is, a booking."""
        twins = type(self).objects.filter(content_hash=self.content_hash).exclude(pk=self.pk)
        return twins.exclude(status__in=[Status.REFUSED, Status.CANCELLED]).exists()

    # --- Looking -----------------------------------------------------------------------------

    def ask_for_look(self, *, by, now=None):
        """A person wants to know what Frontcore has; the worker looks."""
        look = self.look_ups.create(by=by, asked_at=now or timezone.now())
        self.tell(BookingEvent.What.LOOKED_UP, by=by, before=self.status, note="asked for")
        return look

    def write_look(self, verdict, candidates=(), *, by, looked_at, problem=""):
        """Keep what a look has found. It answers all who have asked for one; in the history it
        stands only where it says something else than the last one."""
        before = self.last_look
        found = {"verdict": verdict, "candidates": list(candidates), "problem": problem[:200]}
        with transaction.atomic():
            look = self.look_ups.filter(looked_at=None, asked_at__lte=looked_at).first()
            look = look or LookUp(booking=self, by=by, asked_at=looked_at)
            for name, value in found.items():
                setattr(look, name, value)
            look.looked_at = looked_at
            look.save()
            self.look_ups.filter(looked_at=None, asked_at__lte=looked_at).delete()
            if before is None or before.verdict != verdict:
                what = BookingEvent.What.LOOKED_UP
                self.tell(what, by="worker", before=self.status, note=verdict)
        return look

    # --- The steps ---------------------------------------------------------------------------

    def found(self, order_id, *, by, booking_id=None, waiting=None, note=""):
        """It stands in Frontcore under that order number. IntegrityError where the number is
        another booking's. `waiting`: on the waiting list; None: as it was asked for."""
        waiting = self.joins_waiting_list if waiting is None else waiting
        if booking_id is None and order_id == self.told_order_id:
            booking_id = self.told_booking_id
        return self._change(
            Q(status=Status.UNCERTAIN, claimed_at=self.claimed_at),
            BookingEvent.What.FOUND,
            by=by,
            note=f"order {order_id}; {note}" if note else f"order {order_id}",
            status=Status.WAITING if waiting else Status.CONFIRMED,
            joins_waiting_list=waiting,
            order_id=order_id,
            remote_booking_id=booking_id,
            refusal_code="",
        )

    def send_again(self, *, by, now=None):
        """A person says that it did not arrive and is to be sent once more."""
        now = now or timezone.now()
        with transaction.atomic():
            self._lock()
            if self.closed_for_sending(now):
                return False
            return self._change(
                Q(status=Status.UNCERTAIN),
                BookingEvent.What.SEND_AGAIN,
                by=by,
                note=self.last_look.verdict,
                status=Status.NEW,
                hold="",
                due_at=now,
                expires_at=now + settings.BOOKING_UNSENT_EXPIRES,
                refusal_code="",
                told_order_id=None,
                told_booking_id=None,
            )

    def write_off(self, *, by, now=None):
        """A person says that it is not booked and shall not be sent; the visitor is told."""
        now = now or timezone.now()
        with transaction.atomic():
            self._lock()
            if self.status == Status.UNCERTAIN and self.closed_for_writing_off(now):
                return False
            is_double = self.hold == self.Hold.SAME_CONTENT and self.has_living_twin
            return self._change(
                Q(status=Status.UNCERTAIN) | (Q(status=Status.NEW) & ~Q(hold="")),
                BookingEvent.What.WRITTEN_OFF,
                by=by,
                note=self.hold or (self.last_look.verdict if self.last_look else ""),
                status=Status.REFUSED,
                hold="",
                refusal_code=DOUBLE if is_double else "written_off",
                refusal_seen_at=now,
            )

    def release_to_waiting_list(self, *, by, now=None):
        """A person says that this booking, which was not sent since there are too few seats, is
        sent for the waiting list."""
        now = now or timezone.now()
        return self._change(
            Q(status=Status.NEW, joins_waiting_list=False) & ~Q(hold=""),
            BookingEvent.What.RELEASED,
            by=by,
            note="to the waiting list",
            joins_waiting_list=True,
            hold="",
            due_at=now,
            expires_at=now + settings.BOOKING_UNSENT_EXPIRES,
            refusal_code="",
        )

    def see_refusal(self, *, by, now=None):
        """A person has seen that it was refused, and whom. Its status stays."""
        return self._change(
            Q(status=Status.REFUSED, refusal_seen_at=None),
            BookingEvent.What.REFUSAL_SEEN,
            by=by,
            refusal_seen_at=now or timezone.now(),
        )

    def _lock(self):
        """Read the row as it is now, and keep others from changing it until we are through."""
        type(self).objects.select_for_update().filter(pk=self.pk).first()
        self.refresh_from_db()


class LookUp(models.Model):
    """What Frontcore knew of a booking at one moment, as far as it may concern that booking.

    `candidates` names orders and what of them matches, never people.
    """

    class Verdict(models.TextChoices):
        THERE = "there", _("it is there: exactly one order matches in everything")
        MAYBE = "maybe", _("it may be there: look at what matches")
        NOT_THERE = "not_there", _("it is not there")
        TOO_EARLY = "too_early", _("nothing so far; too early to say that it is not there")
        UNREADABLE = "unreadable", _("Frontcore could not be asked")

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="look_ups")
    by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("look into Frontcore")
        verbose_name_plural = _("looks into Frontcore")
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"{self.booking} {timezone.localtime(self.asked_at):%d.%m.%Y %H:%M}"
