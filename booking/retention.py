"""Personal data is kept for so long, and no longer: what is over, and forgetting it.

A booking that a person must still settle is never forgotten, however old. Everything else is,
each in a transaction of its own, and only if it is still as it was when it was chosen.
"""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_q.models import Task

from booking.models import Booking, BookingEvent, ChangeRequest, Draft, Interest, Mail, TeamLink
from booking.models.event import BOOKED
from booking.models.forgetting import PERSONAL_OF

Status = Booking.Status
#: Counted from the last day of the course, and from the last thing that happened to the booking.
FROM_COURSE = BOOKED
FROM_LAST_EVENT = (Status.REFUSED, Status.CANCELLED)
SETTLED = (*FROM_COURSE, *FROM_LAST_EVENT)
BATCH = 200


def unfinished():
    """Whether something about the booking is still to be done, by a machine or a person."""
    changes = ChangeRequest.objects.filter(booking=OuterRef("pk"), state=ChangeRequest.State.OPEN)
    mails = Mail.objects.filter(booking=OuterRef("pk"), state=Mail.State.DUE)
    return (
        ~Q(status__in=SETTLED)
        | Q(totals_differ=True, totals_seen_at=None)
        | Q(Exists(changes))
        | Q(Exists(mails))
    )


def is_over(status, now):
    """Whether the time of bookings with that status is over."""
    days = timedelta(days=settings.RETAIN_DAYS[status])
    if status in FROM_COURSE:
        ends_before = timezone.localdate(now) - days
        return Q(status=status, coursedate__ends_on__lt=ends_before)
    since = BookingEvent.objects.filter(booking=OuterRef("pk"), at__gte=now - days)
    return Q(status=status, created_at__lt=now - days) & ~Q(Exists(since))


def forgettable(status, now):
    """Bookings of that status whose people are to be forgotten."""
    return Booking.objects.filter(is_over(status, now), ~unfinished(), anonymised_at=None)


def kept_for_staff(now):
    """Bookings as old as others that are forgotten, which somebody must settle first."""
    days = timedelta(days=max(settings.RETAIN_DAYS.values()))
    old = Q(coursedate__ends_on__lt=timezone.localdate(now) - days)
    return Booking.objects.filter(old, unfinished(), anonymised_at=None)


def forgettable_interest(now):
    """Who has waited for a date for too long, or was told of one some time ago."""
    told_before = now - timedelta(days=settings.RETAIN_DAYS["other"])
    waits = Q(told_at=None, asked_at__lt=now - settings.RETAIN_INTEREST)
    found = Interest.objects.filter(waits | Q(told_at__lt=told_before), anonymised_at=None)
    return found.exclude(mails__state=Mail.State.DUE)


def forget_interest(interests):
    """Forget these people, each by itself; what became another meanwhile is left. How many."""
    return sum(
        interest.forget(Q(told_at=interest.told_at, asked_at=interest.asked_at))
        for interest in list(interests)
    )


def others(now):
    """What belongs to no booking and is deleted whole, as {name: rows}."""
    before = now - timedelta(days=settings.RETAIN_DAYS["other"])
    ended = Q(expires_at__lt=before) | Q(revoked_at__lt=before)
    return {
        "drafts": Draft.objects.forgotten(now),
        "mails with links": Mail.objects.filter(
            ~Q(state=Mail.State.DUE), booking=None, interest=None, created_at__lt=before
        ),
        "mails about interest": Mail.objects.filter(
            ~Q(state=Mail.State.DUE), interest__isnull=False, created_at__lt=before
        ),
        "team links": TeamLink.objects.filter(ended),
        "results of tasks": Task.objects.filter(stopped__lt=before),
    }


def mail_files():
    """Mails that were written to files, for want of a mail server."""
    folder = settings.EMAIL_FILE_PATH
    return list(folder.glob("*.log")) if folder and folder.is_dir() else []


def old_mail_files(now):
    before = (now - timedelta(days=settings.RETAIN_DAYS["other"])).timestamp()
    return [path for path in mail_files() if path.stat().st_mtime < before]


def what_is_over(now=None):
    """What `forget` would do at that moment, as {status or "other": {what: how many}}."""
    now = now or timezone.now()
    found = {status: rows_of(forgettable(status, now)) for status in SETTLED}
    found["other"] = {name: rows.count() for name, rows in others(now).items()}
    found["other"]["interest"] = forgettable_interest(now).count()
    found["other"]["mail files"] = len(old_mail_files(now))
    return {kind: +Counter(counts) for kind, counts in found.items()}


def rows_of(bookings):
    """How many bookings these are, and how many rows tell of people with them."""
    pks = bookings.order_by().values("pk")
    counts = {
        name: Booking._meta.get_field(name).related_model.objects.filter(booking__in=pks).count()
        for name in PERSONAL_OF
    }
    return {"bookings": bookings.count()} | counts


def forget(now=None, by="worker"):
    """Forget what is over. What was done, in the form of `what_is_over`."""
    now = now or timezone.now()
    done = {status: forget_all(forgettable(status, now), by) for status in SETTLED}
    done["other"] = Counter({name: delete(rows) for name, rows in others(now).items()})
    done["other"]["interest"] = forget_interest(forgettable_interest(now))
    files = old_mail_files(now)
    for path in files:
        path.unlink(missing_ok=True)
    done["other"]["mail files"] = len(files)
    empty_the_log()
    return {kind: +counts for kind, counts in done.items()}


def empty_the_log():
    """What was forgotten still stands in SQLite's write-ahead log until that is written back;
    where somebody reads at this moment, it is the next time."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def forget_all(bookings, by):
    """Forget the people of these bookings, each by itself; what became another meanwhile is left.

    How many rows of what were emptied.
    """
    done = Counter()
    for pk in list(bookings.order_by("pk").values_list("pk", flat=True)):
        still = Q(pk__in=bookings.order_by().filter(pk=pk).values("pk"))
        done.update(Booking.objects.get(pk=pk).forget_people(still, by=by) or {})
    return done


def delete(rows):
    """Delete them in small batches, so that nobody waits long; how many there were."""
    deleted = 0
    while pks := list(rows.values_list("pk", flat=True)[:BATCH]):
        rows.model.objects.filter(pk__in=pks).delete()
        deleted += len(pks)
    return deleted
