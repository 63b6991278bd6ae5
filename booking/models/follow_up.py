"""What is written to Frontcore about people once their booking stands there."""

from contextlib import suppress

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from booking.models.event import BOOKED, BookingEvent


class FollowUpQuerySet(models.QuerySet):
    def plan(self, booking):
        """Write down what is to be sent along for this booking, as far as it is wanted: a legal
        basis where the settings name one, answers where Frontcore has a field for them.

        Called inside the transaction of the step that made the booking stand; once is enough.
        """
        everyone = list(booking.participants.all())
        wanted = [(FollowUp.Kind.LEGAL_BASIS, one) for one in everyone if settings.LEGAL_BASIS]
        answers = booking.answers.exclude(question=None).exclude(question__property_name="")
        answered_by = set(answers.exclude(value="").values_list("participant_id", flat=True))
        wanted += [
            (FollowUp.Kind.ANSWERS, one)
            for one in everyone
            if answered_by & {None, one.pk}  # None: the booker, for all of them
        ]
        return self.bulk_create(
            [FollowUp(booking=booking, participant=one, kind=kind) for kind, one in wanted],
            ignore_conflicts=True,
        )

    def due(self, now=None):
        """What may be sent at that moment (default: now), oldest first."""
        return self.filter(state=FollowUp.State.DUE, due_at__lte=now or timezone.now()).order_by(
            "due_at", "pk"
        )

    def abandoned(self, now=None):
        """What was being sent by somebody who must have died."""
        claimed_before = (now or timezone.now()) - settings.BOOKING_LEASE
        return self.filter(state=FollowUp.State.SENDING, claimed_at__lte=claimed_before)

    def needs_staff(self):
        """What no machine brings further."""
        state = FollowUp.State
        stuck = [state.REFUSED, state.UNCERTAIN, state.GIVEN_UP]
        return self.filter(state__in=stuck, seen_at=None, booking__anonymised_at=None)


class FollowUp(models.Model):
    """One write about one participant; sent at most once by machines, like a booking.

    The booking itself stands whatever becomes of this.
    """

    class Kind(models.TextChoices):
        ANSWERS = "answers", pgettext_lazy("follow-up", "answers to questions")
        LEGAL_BASIS = "legal_basis", pgettext_lazy("follow-up", "legal basis")

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("follow-up", "to be sent")
        SENDING = "sending", pgettext_lazy("follow-up", "being sent")
        DONE = "done", pgettext_lazy("follow-up", "done")
        REFUSED = "refused", pgettext_lazy("follow-up", "refused")
        UNCERTAIN = "uncertain", pgettext_lazy("follow-up", "uncertain")
        GIVEN_UP = "given_up", pgettext_lazy("follow-up", "given up")

    booking = models.ForeignKey(
        "booking.Booking", models.CASCADE, related_name="follow_ups", verbose_name=_("booking")
    )
    participant = models.ForeignKey(
        "booking.Participant",
        models.CASCADE,
        related_name="follow_ups",
        verbose_name=_("participant"),
    )
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DUE, db_index=True
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("not before"), default=timezone.now)
    claimed_at = models.DateTimeField(_("last sent"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    seen_at = models.DateTimeField(_("seen by staff"), null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "kind"], name="booking_follow_up_once_each"
            )
        ]

    def __str__(self):
        return f"{self.booking} {self.get_kind_display()}"

    def _change(self, allowed, **values):
        """Write the values if the row is still as `allowed` says; False if it is not, or is gone
        with its participant."""
        done = FollowUp.objects.filter(allowed, pk=self.pk).update(**values) == 1
        with suppress(FollowUp.DoesNotExist):
            self.refresh_from_db()
        return done

    def claim(self, now=None):
        """Take the right to send this. The number of the attempt, or None where someone else has
        it, or the booking has been taken back or forgotten."""
        now = now or timezone.now()
        stands = Q(booking__status__in=BOOKED)
        mine = Q(pk__in=FollowUp.objects.filter(stands, booking__anonymised_at=None))
        due = Q(state=self.State.DUE, due_at__lte=now)
        values = {"state": self.State.SENDING, "attempts": F("attempts") + 1, "claimed_at": now}
        return self.attempts if self._change(mine & due, **values) else None

    def end(self, attempt, state, problem=""):
        """Write how that attempt ended, here and in the booking's history."""
        ended_from = [self.State.SENDING]
        if state == self.State.DONE:  # a late success
            ended_from.append(self.State.UNCERTAIN)
        return self._settle(Q(attempts=attempt, state__in=ended_from), state, problem)

    def put_off(self, until, problem, *, attempt=None):
        """It was not sent, and may be later: before it was claimed, or that attempt of it."""
        allowed = Q(state=self.State.DUE)
        if attempt is not None:
            allowed = Q(state=self.State.SENDING, attempts=attempt)
        return self._change(allowed, state=self.State.DUE, due_at=until, problem=problem[:200])

    def miss(self, until, problem):
        """Nobody in Frontcore could be told to be this participant; one more try is used up."""
        return self._change(
            Q(state=self.State.DUE),
            due_at=until,
            attempts=F("attempts") + 1,
            problem=problem[:200],
        )

    def give_up(self, problem):
        """It was never sent, and no machine will."""
        return self._settle(Q(state=self.State.DUE), self.State.GIVEN_UP, problem)

    def lose(self, now=None):
        """Its sender is gone: nobody knows whether it was sent."""
        claimed_before = (now or timezone.now()) - settings.BOOKING_LEASE
        lost = Q(state=self.State.SENDING, claimed_at__lte=claimed_before)
        return self._settle(lost, self.State.UNCERTAIN, "the sender was lost")

    def send_again(self, *, by, now=None):
        """A person says that this is sent (once more)."""
        stuck = Q(pk__in=FollowUp.objects.needs_staff())
        return self._settle(stuck, self.State.DUE, "", by=by, due_at=now or timezone.now())

    def see(self, *, by, now=None):
        """A person has seen what became of it, and leaves it at that."""
        stuck = Q(pk__in=FollowUp.objects.needs_staff())
        return self._settle(stuck, self.state, self.problem, by=by, seen_at=now or timezone.now())

    def _settle(self, allowed, state, problem, *, by="worker", **more):
        with transaction.atomic():
            if not self._change(allowed, state=state, problem=problem[:200], **more):
                return False
            note = f"{self.kind}: {state}"
            self.booking.tell(BookingEvent.What.FOLLOWED_UP, by=by, note=note)
        return True
