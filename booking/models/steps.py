"""How a booking comes from one status to the next: each step is one conditional update."""

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from booking.models.event import BOOKED, BookingEvent, Status
from booking.models.follow_up import FollowUp
from booking.models.mail import Mail

#: The mail that tells of a status.
TOLD = {
    Status.CONFIRMED: Mail.Kind.CONFIRMED,
    Status.WAITING: Mail.Kind.WAITING,
    Status.REFUSED: Mail.Kind.REFUSED,
    Status.UNCERTAIN: Mail.Kind.UNCERTAIN,
    Status.CANCELLED: Mail.Kind.CANCELLED,
}

#: Where people and order are in Frontcore; also while it is being cancelled.
STANDS = {*BOOKED, Status.CANCELLING, Status.CANCEL_UNCERTAIN}


class Steps:
    """What every step does."""

    def _change(self, allowed, what, *, by, note="", **values):
        """Write the values and a line of history if the row is still as `allowed` says.

        False, and nothing written, if someone else was first. A new status is told by mail.
        """
        with transaction.atomic():
            rows = type(self).objects.filter(allowed, pk=self.pk)
            before = rows.select_for_update().values_list("status", flat=True).first()
            if before is None or rows.update(**values) != 1:
                return False
            self.refresh_from_db()
            self.tell(what, by=by, before=before, note=note)
            self._plan_mail(before)
            if before not in STANDS and self.status in STANDS:
                FollowUp.objects.plan(self)
        return True

    def _plan_mail(self, before):
        """What is new is told; that it still stands (nobody could cancel it) is not."""
        was_being_cancelled = before in {Status.CANCELLING, Status.CANCEL_UNCERTAIN}
        if self.status == before or (was_being_cancelled and self.status != Status.CANCELLED):
            return
        if kind := TOLD.get(self.status):
            due_at = timezone.now()
            if kind == Mail.Kind.REFUSED:  # who watches the page needs no mail
                due_at += settings.MAIL_PATIENCE
            Mail.objects.plan(self, kind, due_at=due_at)

    def tell(self, what, *, by, before="", note=""):
        """Add a line to the history."""
        return self.events.create(
            what=what, by=by, before=before, after=self.status, note=str(note)[:200]
        )


class Sending(Steps):
    """The steps of a booking until it is answered."""

    def claim(self, by="worker", now=None):
        """Take the right to send this booking. The number of the attempt, or None when someone
        else has it, it may not be sent (any more), or it is not as it was read: what would be sent
        has other people, or asks for places where staff have put it on the waiting list. Whatever
        changes what is sent, or when, sets `due_at` anew."""
        with transaction.atomic():  # the lock first, which may take long: the lease begins after it
            now = now or timezone.now()
            mine = self._change(
                Q(status=self.Status.NEW, hold="", due_at__lte=now, expires_at__gt=now)
                & Q(due_at=self.due_at, joins_waiting_list=self.joins_waiting_list),
                BookingEvent.What.CLAIMED,
                by=by,
                status=self.Status.SENDING,
                attempts=F("attempts") + 1,
                claimed_at=now,
            )
        return self.attempts if mine else None

    @property
    def sendable_until(self):
        """When the claim ends for whoever has not begun to send: early enough for the call to be
        over and its end to be written before anyone may take the sender for lost."""
        return self.claimed_at + settings.BOOKING_FIRST_BYTE

    def end(self, attempt, status, *, by="worker", note="", **values):
        """Write how that attempt ended; False if the row belongs to another attempt by now.

        A late success may still turn *uncertain* into *confirmed*, and keep a booking that staff
        have released since from being sent once more; nothing else may leave these.
        """
        ended_from = [self.Status.SENDING]
        if status in BOOKED:
            ended_from += [self.Status.UNCERTAIN, self.Status.NEW]
            values.setdefault("hold", "")
        return self._change(
            Q(attempts=attempt, status__in=ended_from),
            BookingEvent.What.ENDED,
            by=by,
            note=note,
            status=status,
            **values,
        )

    def put_off(self, until, *, by="worker", note=""):
        """It was not sent and may be sent later."""
        return self._change(
            Q(status=self.Status.NEW, hold=""),
            BookingEvent.What.PUT_OFF,
            by=by,
            note=note,
            due_at=until,
        )

    def keep_for_staff(self, hold, *, by="worker", code=""):
        """It was not sent, and only a person may decide whether it is."""
        return self._change(
            Q(status=self.Status.NEW, hold=""),
            BookingEvent.What.HELD,
            by=by,
            note=code or hold,
            hold=hold,
            refusal_code=code,
        )

    def refuse_unsent(self, code, *, by="worker"):
        """We know before sending that it cannot be booked; back to the visitor."""
        return self._change(
            Q(status=self.Status.NEW, hold=""),
            BookingEvent.What.REFUSED_HERE,
            by=by,
            note=code,
            status=self.Status.REFUSED,
            refusal_code=code,
        )

    def give_up(self, *, by="worker", now=None):
        """Its sender is gone: nobody knows whether it was sent. Never back to *new*."""
        claimed_before = (now or timezone.now()) - settings.BOOKING_LEASE
        return self._change(
            Q(status=self.Status.SENDING, claimed_at__lte=claimed_before),
            BookingEvent.What.ABANDONED,
            by=by,
            status=self.Status.UNCERTAIN,
        )

    def release(self, *, by, now=None):
        """A person says that this booking, which was never sent, is sent now."""
        now = now or timezone.now()
        return self._change(
            Q(status=self.Status.NEW),
            BookingEvent.What.RELEASED,
            by=by,
            hold="",
            due_at=now,
            expires_at=now + settings.BOOKING_UNSENT_EXPIRES,
            refusal_code="",
        )

    def see_totals(self, *, by, now=None):
        """A person has seen that Frontcore's total is not what was shown. Its status stays."""
        return self._change(
            Q(totals_differ=True, totals_seen_at=None),
            BookingEvent.What.TOTALS_SEEN,
            by=by,
            totals_seen_at=now or timezone.now(),
        )
