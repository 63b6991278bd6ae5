"""Two refreshes never run together, and one that dies leaves nothing half done."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import CourseDate, Refresh, Staged
from catalog.progress import LOST_AFTER, Progress, Stopped
from catalog.refresh import AlreadyRunning, close_lost
from catalog.switch import switch
from catalog.tasks import refresh
from tests.catalog.running import run

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
def site(simulator, tmp_path):
    """A site in files of its own, to be run by processes of its own."""
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
            timeout=60,
        )

    assert python("manage.py", "set_up").returncode == 0
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
    assert seen["dates"] > 200
    assert (seen["number"], seen["pending"], seen["outcomes"]) == (0, True, ["good"])

    assert site("manage.py", "refresh_catalog").returncode == 0

    seen = look(site)
    assert (seen["number"], seen["pending"]) == (1, False)
    assert seen["staged"] == 0


@pytest.mark.django_db
def test_nothing_is_visible_before_the_switch(simulator):
    seen = []
    run(report=lambda row: seen.append(CourseDate.objects.count()))
    assert set(seen) == {0}
    assert CourseDate.objects.count() > 200
