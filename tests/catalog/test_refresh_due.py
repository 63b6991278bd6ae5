"""When which refresh is due."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from catalog.models import Checked, Course, Refresh
from catalog.refresh import due_kind
from catalog.tasks import refresh_when_due
from tests.catalog.running import run
from tests.factories import make_date

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def ran(kind, minutes_ago, outcome="good"):
    at = NOW - dt.timedelta(minutes=minutes_ago)
    return Refresh.objects.create(
        kind=kind, started_at=at, beat_at=at, ended_at=at, outcome=outcome
    )


def test_an_empty_copy_is_filled_at_once():
    assert due_kind(NOW) == "full"


def test_nothing_is_due_right_after_a_full_pass():
    ran("full", 4)
    assert due_kind(NOW) is None


def test_a_small_school_is_read_in_full_each_time():
    ran("full", 6)
    assert due_kind(NOW) == "full"


def test_a_large_school_is_asked_for_changes_only(settings):
    settings.SMALL_SCHOOL_DATES = 0
    make_date()
    ran("full", 6)
    assert due_kind(NOW) == "delta"


def test_a_delta_postpones_the_next_delta_but_not_the_full_pass(settings):
    settings.SMALL_SCHOOL_DATES = 0
    make_date()
    ran("full", 29)
    ran("delta", 4)
    assert due_kind(NOW) is None
    ran("full", 31).delete()
    Refresh.objects.filter(kind="full").update(started_at=NOW - dt.timedelta(minutes=31))
    assert due_kind(NOW) == "full"


def test_the_lists_are_due_daily():
    ran("full", 25 * 60)
    ran("full", 2)
    assert due_kind(NOW) == "lists"
    ran("lists", 1)
    assert due_kind(NOW) is None


def test_a_run_that_held_removals_counts_as_good():
    ran("full", 2, "held")
    assert due_kind(NOW) is None


def test_nothing_is_due_while_a_refresh_runs():
    Refresh.objects.create(kind="full", started_at=NOW, beat_at=NOW)
    assert due_kind(NOW) is None


def test_after_failures_the_pause_grows_up_to_half_an_hour():
    ran("full", 60)
    ran("full", 4, "failed")
    assert due_kind(NOW) is None
    Refresh.objects.filter(outcome="failed").update(started_at=NOW - dt.timedelta(minutes=6))
    assert due_kind(NOW) == "full"
    for minutes in (50, 40):
        ran("full", minutes, "lost")
    assert due_kind(NOW) is None
    Refresh.objects.exclude(outcome="good").update(started_at=NOW - dt.timedelta(minutes=31))
    assert due_kind(NOW) == "full"


def test_new_texts_that_were_too_many_for_one_run_are_read_by_the_next_at_once(
    simulator, monkeypatch
):
    for module in ("fetch", "refresh"):
        monkeypatch.setattr(f"catalog.{module}.NEW_TEXTS_PER_RUN", 30)
    assert refresh_when_due().startswith("good")
    listed = Course.objects.listed().count()
    assert 30 < listed < 60
    read = Checked.objects.filter(kind="text")
    assert read.count() == 30  # and the dates are on air
    assert refresh_when_due().startswith("good")
    assert read.count() == listed
    assert refresh_when_due() == "nothing due"


def test_texts_that_cannot_be_read_make_no_run_due(simulator, monkeypatch):
    for module in ("fetch", "refresh"):
        monkeypatch.setattr(f"catalog.{module}.NEW_TEXTS_PER_RUN", 30)
    simulator.fault("GET", "/courses/*", "html_500", times=0)
    assert refresh_when_due().startswith("good")
    assert refresh_when_due() == "nothing due"


def test_the_task_runs_what_is_due_and_then_nothing(simulator):
    assert refresh_when_due().startswith("good: created")
    assert refresh_when_due() == "nothing due"


@pytest.mark.parametrize(
    ("start", "asked"),
    [
        ("2031-03-05T12:00:00+01:00", "2031-03-05 11:50:00"),
        ("2031-07-05T10:00:00+00:00", "2031-07-05 11:50:00"),
        # In the night when the clock is set back 02:00 to 03:00 comes twice: an hour more.
        ("2031-10-26T02:30:00+02:00", "2031-10-26 01:20:00"),
        ("2031-10-26T02:30:00+01:00", "2031-10-26 01:20:00"),
        ("2031-10-26T03:05:00+01:00", "2031-10-26 01:55:00"),
        ("2031-10-26T03:20:00+01:00", "2031-10-26 03:10:00"),
    ],
)
def test_a_delta_asks_from_ten_minutes_before_the_last_good_start(simulator, start, asked):
    run()
    with time_machine.travel(dt.datetime.fromisoformat(start), tick=True):
        Refresh.objects.update(started_at=timezone.now(), ended_at=timezone.now())
        run("delta")
    query = simulator.requests("GET", "/batch/coursedates")[-1]["query"]
    assert asked in str(query).replace("%20", " ").replace("+", " ").replace("%3A", ":")
