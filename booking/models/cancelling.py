"""How a booking is taken back."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from booking.models.change import ChangeRequest
from booking.models.event import BOOKED, BookingEvent, Status
from booking.models.mail import Mail
from booking.models.settling import LookUp
from booking.models.steps import Steps
from catalog.models import Provider


class Way(StrEnum):
    """What a visitor can do at one moment to be rid of a booking."""

    WITHDRAW = "withdraw"  # it was never sent: no call, no terms
    FREE = "free"
    WITH_FEE = "with_fee"
    BY_REQUEST = "by_request"  # staff decide
    NOT_NOW = "not_now"  # it is being sent this very moment
    STARTED = "started"
    OVER = "over"  # refused, cancelled, or being cancelled: there is nothing to take back


@dataclass(frozen=True)
class CancellingTerms:
    """What cancelling means at one moment. The days are the last ones, both included."""

    way: Way
    free_until: dt.date | None = None
    fee_until: dt.date | None = None

    @property
    def is_direct(self):
        """Whether the visitor cancels, rather than asks staff to."""
        return self.way in {Way.WITHDRAW, Way.FREE, Way.WITH_FEE}

    @property
    def is_possible(self):
        return self.is_direct or self.way == Way.BY_REQUEST

    @property
    def leaves_waiting_list(self):
        """Whether it is a place on the waiting list that is given back: no day ends that."""
        return self.way == Way.FREE and self.free_until is None

    @property
    def until(self):
        """The last day on which this way is open; None where no day ends it."""
        return {Way.FREE: self.free_until, Way.WITH_FEE: self.fee_until}.get(self.way)


class Cancelling(Steps):
    """The steps of a cancellation: saved first, then sent once, with the rules of sending.

    `cancel_due_at` is set while a cancellation waits for its turn and empty while it is being
    sent, so that one that was claimed and lost its sender can be told from one that waits.
    """

    OPEN_TO_CHANGES = (Status.NEW, Status.SENDING, *BOOKED, Status.UNCERTAIN)

    # --- The rules ---------------------------------------------------------------------------

    def cancelling_terms(self, now=None):
        """Whether and how the visitor may cancel at that moment (default: now).

        Days are counted in the date's own time zone: with 14 free days, the day two weeks before
        the first day of the course is the last free one.
        """
        now = now or timezone.now()
        if self.status not in self.OPEN_TO_CHANGES or self.anonymised_at:
            return CancellingTerms(Way.OVER)
        if self.status == Status.SENDING:
            return CancellingTerms(Way.NOT_NOW)
        if self.status == Status.NEW and self._was_never_in_doubt:
            return CancellingTerms(Way.WITHDRAW)
        if self.coursedate.has_started(now):
            return CancellingTerms(Way.STARTED)
        if self.status == Status.WAITING and self.remote_booking_id:
            return CancellingTerms(Way.FREE)
        return self._terms_of_provider(timezone.localdate(now, self.coursedate.zone))

    def _terms_of_provider(self, today):
        provider, starts_on = Provider.current(), self.coursedate.starts_on
        if provider.cancel_free_days is None or self.coursedate.is_off:
            return CancellingTerms(Way.BY_REQUEST)
        free_until = starts_on - dt.timedelta(days=provider.cancel_free_days)
        fee_until = None
        if provider.cancel_fee_days is not None:
            fee_until = starts_on - dt.timedelta(days=provider.cancel_fee_days)
        if fee_until and self.has_no_price:  # of nothing there is no part to charge
            free_until, fee_until = max(free_until, fee_until), None
        if self.status not in BOOKED or not self.remote_booking_id:
            way = Way.BY_REQUEST
        elif today <= free_until:
            way = Way.FREE
        elif fee_until and today <= fee_until:
            way = Way.WITH_FEE
        else:
            way = Way.BY_REQUEST
        return CancellingTerms(way, free_until, fee_until)

    @property
    def _was_never_in_doubt(self):
        """Not sent again by staff after an attempt whose end nobody knew."""
        return not self.events.filter(what=BookingEvent.What.SEND_AGAIN).exists()

    @property
    def may_be_changed(self):
        """Whether the visitor may ask for changes."""
        return self.status in self.OPEN_TO_CHANGES and not self.anonymised_at

    @property
    def is_cancelled(self):
        return self.status == Status.CANCELLED

    @property
    def is_being_cancelled(self):
        return self.status == Status.CANCELLING

    @property
    def cancel_was_put_off(self):
        """The cancellation could not be sent when the visitor pressed the button."""
        return bool(self.cancel_due_at and self.cancel_due_at > self.cancel_asked_at)

    @property
    def open_cancel_request(self):
        """What the visitor has asked staff to do instead, or None."""
        wishes = [change for change in self.changes.all() if change.is_open]  # as prefetched
        return next((wish for wish in wishes if wish.kind == ChangeRequest.Kind.CANCEL), None)

    # --- The visitor's steps -----------------------------------------------------------------

    def withdraw(self, *, by="visitor", now=None):
        """Take back what was never sent. False if it is being sent by now."""
        now = now or timezone.now()
        with transaction.atomic():
            done = self._cancel(
                Q(status=Status.NEW, attempts=self.attempts),
                BookingEvent.What.CANCEL_ASKED,
                by=by,
                now=now,
                note="never sent",
                cancel_from=Status.NEW,
                cancel_asked_at=now,
            )
            if done:  # participants have heard of nothing so far
                told = self.mails.filter(kind=Mail.Kind.CANCELLED, state=Mail.State.DUE)
                told.exclude(audience=Mail.Audience.BOOKER).update(state=Mail.State.DROPPED)
        return done

    def ask_to_cancel(self, *, with_fee, by="visitor", now=None):
        """Save that it is to be cancelled, on the terms that were shown. False if the booking is
        not as it was when they were judged."""
        now = now or timezone.now()
        return self._change(
            Q(status=self.status, remote_booking_id__isnull=False) & Q(status__in=BOOKED),
            BookingEvent.What.CANCEL_ASKED,
            by=by,
            note="with a fee" if with_fee else "free of charge",
            status=Status.CANCELLING,
            cancel_from=F("status"),
            cancel_with_fee=with_fee,
            cancel_asked_at=now,
            cancel_due_at=now,
            cancel_claimed_at=None,
            cancel_refusal="",
        )

    # --- The worker's steps ------------------------------------------------------------------

    def claim_cancellation(self, *, by="worker", now=None):
        """Take the right to send this cancellation. The number of the attempt, or None when
        someone else has it, or it is not due."""
        with transaction.atomic():  # the lock first, which may take long: the lease begins after it
            now = now or timezone.now()
            mine = self._change(
                Q(status=Status.CANCELLING, cancel_due_at__lte=now),
                BookingEvent.What.CANCEL_CLAIMED,
                by=by,
                cancel_attempts=F("cancel_attempts") + 1,
                cancel_claimed_at=now,
                cancel_due_at=None,
            )
        return self.cancel_attempts if mine else None

    @property
    def cancellable_until(self):
        """When that claim ends for whoever has not begun to send, as `sendable_until`."""
        return self.cancel_claimed_at + settings.BOOKING_FIRST_BYTE

    def put_off_cancellation(self, until, *, attempt=None, by="worker", note=""):
        """It was not sent and may be sent later; `attempt` where it had been claimed."""
        waits = Q(cancel_due_at__isnull=False)
        if attempt is not None:
            waits = Q(cancel_attempts=attempt, cancel_due_at=None)
        return self._change(
            waits & Q(status=Status.CANCELLING),
            BookingEvent.What.CANCEL_PUT_OFF,
            by=by,
            note=note,
            cancel_due_at=until,
        )

    def end_cancelled(self, attempt, *, by="worker", note="", now=None):
        """Frontcore has cancelled it. That is the truth whatever was believed meanwhile: a late
        answer also ends what was uncertain, or what staff said still stood."""
        left_from = [Status.CANCELLING, Status.CANCEL_UNCERTAIN, *BOOKED]
        return self._cancel(
            Q(cancel_attempts=attempt, status__in=left_from),
            BookingEvent.What.CANCEL_ENDED,
            by=by,
            now=now,
            note=note,
        )

    def seen_as_cancelled(self, *, by="worker", now=None):
        """Frontcore's list of people shows that attempt, whose end nobody knew, as carried out."""
        return self._cancel(
            Q(status=Status.CANCEL_UNCERTAIN, cancel_attempts=self.cancel_attempts),
            BookingEvent.What.CANCEL_ENDED,
            by=by,
            now=now,
            note="seen as cancelled",
        )

    def end_in_doubt(self, attempt, *, by="worker", note=""):
        """It was sent and nobody knows what became of it: never again by a machine."""
        return self._change(
            Q(cancel_attempts=attempt, status=Status.CANCELLING, cancel_due_at=None),
            BookingEvent.What.CANCEL_ENDED,
            by=by,
            note=note,
            status=Status.CANCEL_UNCERTAIN,
        )

    def end_not_cancelled(self, attempt, code, *, by="worker"):
        """Frontcore has refused: the booking stands, and the wish goes to staff."""
        return self._stands_again(
            Q(cancel_attempts=attempt, status=Status.CANCELLING, cancel_due_at=None),
            BookingEvent.What.CANCEL_ENDED,
            code,
            by=by,
        )

    def give_up_waiting(self, *, by="worker", now=None):
        """It could not be sent in time: the booking stands, and the wish goes to staff."""
        return self._stands_again(
            Q(status=Status.CANCELLING, cancel_due_at__isnull=False)
            & Q(cancel_asked_at__lte=(now or timezone.now()) - settings.BOOKING_UNSENT_EXPIRES),
            BookingEvent.What.CANCEL_ENDED,
            "not_sent_in_time",
            by=by,
        )

    def lose_cancellation(self, *, by="worker", now=None):
        """Its sender is gone: nobody knows whether it was sent. Never due again."""
        claimed_before = (now or timezone.now()) - settings.BOOKING_LEASE
        return self._change(
            Q(status=Status.CANCELLING, cancel_due_at=None, cancel_claimed_at__lte=claimed_before),
            BookingEvent.What.CANCEL_ABANDONED,
            by=by,
            status=Status.CANCEL_UNCERTAIN,
        )

    # --- Staff's steps -----------------------------------------------------------------------

    @property
    def last_look_at_cancellation(self):
        """The last finished look since it was sent, or None."""
        if self.cancel_claimed_at is None:
            return None
        since = self.look_ups.filter(asked_at__gte=self.cancel_claimed_at, looked_at__isnull=False)
        return since.order_by("-looked_at", "-pk").first()

    @property
    def look_denies_cancelled(self):
        """The last look found everybody enrolled; who has seen otherwise since looks again."""
        look = self.last_look_at_cancellation
        return look is not None and look.verdict == LookUp.Verdict.THERE

    @property
    def look_denies_standing(self):
        """The last look found everybody deregistered."""
        look = self.last_look_at_cancellation
        return look is not None and look.verdict == LookUp.Verdict.NOT_THERE

    @property
    def still_stands_opens_at(self):
        """When staff may say that it still stands: before, a late answer may yet come."""
        return self.cancel_claimed_at + settings.BOOKING_SEND_AGAIN_AFTER

    def it_is_cancelled(self, *, by, now=None):
        """A person has seen in Frontcore that it is cancelled."""
        if self.look_denies_cancelled:
            return False
        uncertain = Q(status=Status.CANCEL_UNCERTAIN)
        return self._cancel(uncertain, BookingEvent.What.CANCEL_SETTLED, by=by, now=now)

    def it_still_stands(self, *, by, now=None):
        """A person has seen in Frontcore that it is not cancelled. The visitor's wish is not
        forgotten: it becomes a request."""
        if self.look_denies_standing:
            return False
        claimed_before = (now or timezone.now()) - settings.BOOKING_SEND_AGAIN_AFTER
        return self._stands_again(
            Q(status=Status.CANCEL_UNCERTAIN, cancel_claimed_at__lte=claimed_before),
            BookingEvent.What.CANCEL_SETTLED,
            "",
            by=by,
        )

    def cancel_by_staff(self, *, by, now=None):
        """A person has cancelled it in Frontcore, or it never was there. Not while an answer may
        still come."""
        now = now or timezone.now()
        claimed_before = now - settings.BOOKING_SEND_AGAIN_AFTER
        unanswered = Q(status=Status.UNCERTAIN, claimed_at__lte=claimed_before)
        known = Q(status__in=[Status.NEW, *BOOKED, Status.CANCEL_UNCERTAIN])
        return self._cancel(known | unanswered, BookingEvent.What.CANCEL_SETTLED, by=by, now=now)

    # --- What they have in common ------------------------------------------------------------

    def _cancel(self, allowed, what, *, by, now=None, **values):
        """It is cancelled, and whoever was asked to cancel it need not any more."""
        now = now or timezone.now()
        values |= {"status": Status.CANCELLED, "hold": "", "cancel_due_at": None}
        with transaction.atomic():
            done = self._change(allowed, what, by=by, cancelled_at=now, **values)
            if done:
                for request in self.changes.open().filter(kind=ChangeRequest.Kind.CANCEL):
                    request.settle(ChangeRequest.State.DONE, by=by, now=now)
        return done

    def _stands_again(self, allowed, what, code, *, by):
        """Back to where it was, with a request to staff and a mail that says so."""
        with transaction.atomic():
            back = self._change(
                allowed,
                what,
                by=by,
                note=code,
                status=F("cancel_from"),
                cancel_due_at=None,
                cancel_refusal=code,
            )
            if back:
                if self.open_cancel_request is None:
                    self.changes.create(kind=ChangeRequest.Kind.CANCEL)
                    self.tell(BookingEvent.What.CHANGE_ASKED, by=by, note=ChangeRequest.Kind.CANCEL)
                Mail.objects.plan(self, Mail.Kind.NOT_CANCELLED)
        return back
