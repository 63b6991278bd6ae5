"""Two refreshes never run together, and one that dies leaves nothing half done."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from catalog import progress
from catalog.models import CourseDate, Refresh, Staged
from catalog.progress import LOST_AFTER, Progress, Pulse, Stopped
from catalog.refresh import AlreadyRunning, close_lost, refresh_catalog
from catalog.switch import switch
from catalog.tasks import refresh
from config import settings as site_settings
from frontcore import Unavailable
from tests.catalog.running import run
from tests.ports import PATIENCE_S
from tests.prepared_site import Prepared

ROOT = Path(__file__).resolve().parents[2]


def long_ago():
    return timezone.now() - LOST_AFTER - dt.timedelta(seconds=1)


@pytest.mark.django_db
def test_the_database_refuses_a_second_running_refresh():
    Refresh.objects.create(kind="full")
    with pytest.raises(IntegrityError), transaction.atomic():
        Refresh.objects.create(kind="delta")


@pytest.mark.django_db
def test_a_second_refresh_does_not_begin(simulator):
    Refresh.objects.create(kind="full")
    with pytest.raises(AlreadyRunning):
        run()
    assert refresh("full") == "another refresh is running"
    assert simulator.requests() == []


@pytest.mark.django_db
def test_a_run_without_a_sign_of_life_is_closed_as_lost_by_the_next(simulator):
    dead = Refresh.objects.create(kind="full", beat_at=long_ago())
    Staged.objects.create(refresh=dead, kind="date", remote_id=1, fetched_at=timezone.now())

    done = run()

    dead.refresh_from_db()
    assert (dead.outcome, done.outcome) == ("lost", "good")
    assert dead.ended_at is not None
    assert not Staged.objects.exists()


@pytest.mark.django_db
def test_a_run_that_was_closed_stops_at_the_switch():
    slow = Refresh.objects.create(kind="full", beat_at=long_ago())
    close_lost()
    with pytest.raises(Stopped):
        switch(Progress(slow))
    slow.refresh_from_db()
    assert slow.outcome == "lost"


@pytest.mark.django_db
def test_a_run_that_was_closed_notices_on_its_way():
    slow = Progress(Refresh.objects.create(kind="full", beat_at=long_ago()))
    close_lost()
    with pytest.raises(Stopped):
        slow.phase(Refresh.Phase.DATES)


@pytest.mark.django_db
def test_a_run_that_shows_life_is_left_alone():
    Refresh.objects.create(kind="full", started_at=long_ago())
    close_lost()
    assert Refresh.objects.running().exists()


class Waits:
    """A Frontcore whose first call waits for its turn until the run has shown that it lives."""

    requests_made = 0

    def __init__(self, shown):
        self.shown = shown

    def courses(self):
        Refresh.objects.update(beat_at=long_ago())
        assert self.shown.wait(PATIENCE_S)
        close_lost()
        raise Unavailable("no turn")


@pytest.mark.django_db(transaction=True)
def test_a_run_that_waits_for_one_call_is_not_taken_for_dead(monkeypatch):
    shown = threading.Event()

    def beat(run):
        progress_beat(run)
        if Refresh.objects.filter(beat_at__gt=long_ago()).exists():
            shown.set()
        connection.close()

    progress_beat = progress.beat
    monkeypatch.setattr(progress, "BEAT_EVERY_S", 0.05)
    monkeypatch.setattr(progress, "beat", beat)
    done = refresh_catalog(Waits(shown))
    assert (done.outcome, done.error) == ("failed", "no turn")
    assert Refresh.objects.get().outcome == "failed"


@pytest.mark.django_db
def test_a_run_whose_time_is_over_shows_no_life_and_cannot_go_on_air(settings):
    settings.REFRESH_TIMEOUT_S = 0
    slow = Progress(Refresh.objects.create(kind="full", beat_at=long_ago()))
    with Pulse(slow):
        pass
    assert Refresh.objects.get().beat_at < timezone.now() - LOST_AFTER
    with pytest.raises(Stopped):
        slow.phase(Refresh.Phase.SWITCHING)


def test_the_limits_fit_each_other():
    """A beat may have to wait for the database; several may be missed before a run is lost. And
    a run ends by itself before the worker ends it."""
    waits_s = site_settings.sqlite(Path("x"))["OPTIONS"]["timeout"]
    assert dt.timedelta(seconds=3 * (progress.BEAT_EVERY_S + waits_s)) < LOST_AFTER
    assert site_settings.Q_CLUSTER["timeout"] > site_settings.REFRESH_TIMEOUT_S
    assert site_settings.Q_CLUSTER["retry"] > site_settings.Q_CLUSTER["timeout"]


# A process of its own wraps one step and ends itself there, as the machine would.
DIES = """
import os, signal, sys
import django
django.setup()
from catalog import refresh, switch
place, step = {"before": (refresh, "switch"), "within": (switch, "end_well"),
               "after": (refresh, "announce"), "fetching": (refresh, "judge")}[sys.argv[1]]
setattr(place, step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
from catalog.upstream import open_frontcore
with open_frontcore() as api:
    refresh.refresh_catalog(api)
"""
LOOKS = """
import json, django
django.setup()
from catalog.models import Course, CourseDate, Generation, Refresh, Staged
print(json.dumps({
    "courses": Course.objects.count(), "dates": CourseDate.objects.count(),
    "staged": Staged.objects.count(), "number": Generation.current().number,
    "pending": Generation.current().pending,
    "outcomes": list(Refresh.objects.order_by("pk").values_list("outcome", flat=True)),
}))
"""


@pytest.fixture
def site(simulator, tmp_path, tmp_path_factory):
    """A site in files of its own, to be run by processes of its own."""
    Prepared(tmp_path_factory).tables(tmp_path)
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "FRONTCORE_URL": simulator.url,
        "FRONTCORE_API_KEY": simulator.key,
        "FRONTCORE_RATE": "0",
        "SECRET_KEY": "x" * 60,
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    def python(*arguments):
        return subprocess.run(
            [sys.executable, *arguments],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
        )

    return python


def look(site):
    return json.loads(site("-c", LOOKS).stdout)


@pytest.mark.parametrize("point", ["fetching", "before", "within"])
def test_a_run_killed_before_its_switch_is_over_leaves_nothing_visible(site, point):
    assert site("-c", DIES, point).returncode == -signal.SIGKILL
    seen = look(site)
    assert (seen["courses"], seen["dates"], seen["number"]) == (0, 0, 0)
    assert seen["outcomes"] == [""]


def test_a_run_killed_after_its_switch_is_whole_and_announced_by_the_next(site):
    assert site("-c", DIES, "after").returncode == -signal.SIGKILL
    seen = look(site)
    dates = seen["dates"]
    assert dates > 20
    assert (seen["number"], seen["pending"], seen["outcomes"]) == (0, True, ["good"])

    assert site("manage.py", "refresh_catalog").returncode == 0

    seen = look(site)
    assert seen["dates"] == dates
    assert (seen["number"], seen["pending"]) == (1, False)
    assert seen["staged"] == 0


@pytest.mark.django_db
def test_nothing_is_visible_before_the_switch(whole_school):
    seen = []
    run(report=lambda row: seen.append(CourseDate.objects.count()))
    assert set(seen) == {0}
    assert CourseDate.objects.count() > 200
