"""The worker's way in: open Frontcore, call one verb. Each may run twice without harm."""

from django.utils import timezone

from catalog import refresh as refreshing
from catalog import timetable, watch
from catalog.models import Heartbeat
from catalog.search import documents
from catalog.store import announce, announce_missed, announce_openings
from catalog.upstream import open_frontcore
from frontcore import Priority


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
    opened for booking since the last one, the words of the search for a new day, and the timetable
    of a generation or a day that nobody has asked for yet."""
    now = timezone.now()
    before = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    announce_openings(before or now, now)
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": now})
    announce_missed()
    if documents.catch_up_if_due():
        announce()
    make_timetables()
    watch.tell_if_stale()


def make_timetables():
    """So that nobody who visits waits for them."""
    timetable.current()
    timetable.of_feeds()
