"""The tests run on one and the same day, whatever day it is: a test that passed on the 10th of a
month would fail on the 22nd, where a month has no room left for "in nine days".

It is the day in this process and in all it starts with its own environment. `--today` asks for
another: what then fails either names days itself, or has found a fault of the site.
"""

import datetime as dt
import os
from pathlib import Path

import pytest
import time_machine

from tests.environment import CLOCK_OFFSET_S

DAY = "2026-11-10T10:00:00+01:00"
STARTED_PYTHONS = str(Path(__file__).parent / "started")


def pytest_addoption(parser):
    parser.addoption("--today", default=DAY, help=f"when the tests begin ({DAY})")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    if CLOCK_OFFSET_S not in os.environ:  # the processes that share the tests share this as well
        until = begins_at(config.getoption("--today")) - dt.datetime.now(dt.UTC)
        os.environ[CLOCK_OFFSET_S] = str(until.total_seconds())
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        config.stash[CLOCK] = SameDay(float(os.environ[CLOCK_OFFSET_S]))
        config.stash[CLOCK].start()


def begins_at(text):
    try:
        return dt.datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise pytest.UsageError(f"--today wants a moment such as {DAY}, not {text!r}") from None


def pytest_unconfigure(config):
    if CLOCK in config.stash:
        config.stash[CLOCK].stop()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """A browser and what bin/demo starts know the real day only; so do the tests of them."""
    if not any(map(item.get_closest_marker, ("browser", "real_day"))):
        return (yield)
    clock = item.config.stash[CLOCK]
    clock.stop()
    try:
        return (yield)
    finally:
        clock.start()


class SameDay:
    def __init__(self, offset_s):
        self.offset = dt.timedelta(seconds=offset_s)
        self.path = os.environ.get("PYTHONPATH")

    def start(self):
        self.travel = time_machine.travel(self.offset)
        self.travel.start().time_ns()  # it counts from the first time it is asked
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [STARTED_PYTHONS, self.path]))

    def stop(self):
        self.travel.stop()
        if self.path is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = self.path


CLOCK = pytest.StashKey[SameDay]()
