"""The worker's way in: open Frontcore, call one verb. Each may run twice without harm."""

from django.conf import settings
from django.utils import timezone
from django_q.models import OrmQ

from catalog import cards, timetable, watch
from catalog import refresh as refreshing
from catalog.models import Heartbeat
from catalog.search import documents
from catalog.store import announce, announce_missed, announce_openings
from catalog.upstream import open_frontcore
from frontcore import Priority

CARDS_S = 20  # of each minute, at most


def refresh_when_due():
    kind = refreshing.due_kind()
    return refresh(kind) if kind else "nothing due"


def refresh(kind):
    """Returns what became of it, in words. A run that is going on already is not disturbed."""
    try:
        with open_frontcore(Priority.REFRESH) as api:
            run = refreshing.refresh_catalog(api, kind)
    except refreshing.AlreadyRunning:
        return "another refresh is running"
    make_timetables()
    return f"{run.outcome}: {run.error or refreshing.summary(run)}"


def beat():
    """A sign of life for the health page, a look at the age of the copy and at dates that have
    opened for booking since the last one, the words of the search for a new day, the timetable of
    a generation or a day that nobody has asked for yet, and social cards."""
    now = timezone.now()
    before = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    announce_openings(before or now, now)
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": now})
    announce_missed()
    if documents.catch_up_if_due():
        announce()
    make_timetables()
    watch.tell_if_stale()
    cards.catch_up(CARDS_S, nobody_waits)


def make_timetables():
    """So that nobody who visits waits for them."""
    timetable.current()
    timetable.of_feeds()


def nobody_waits():
    """Whether every task that is due has a worker: a booking must not wait for pictures."""
    return OrmQ.objects.count() <= settings.WORKERS
