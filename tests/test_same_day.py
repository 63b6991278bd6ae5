"""The tests have a day of their own, here and in all they start."""

import datetime as dt
import os
import subprocess
import sys
import time

import pytest
from time_machine import escape_hatch

from tests.environment import CLOCK_OFFSET_S, bare
from tests.same_day import begins_at

SAY = [sys.executable, "-c", "import time; print(time.time())"]


def test_it_is_the_day_of_the_tests(request):
    began_at = begins_at(request.config.getoption("--today"))
    assert dt.timedelta() <= dt.datetime.now(dt.UTC) - began_at < dt.timedelta(hours=3)


@pytest.mark.parametrize("environment", [None, bare], ids=["inherited", "bare"])
def test_it_is_the_same_moment_in_a_process_that_a_test_starts(environment):
    before = time.time()
    said = subprocess.check_output(SAY, env=environment and environment(), text=True)
    assert before <= float(said) <= time.time()


@pytest.mark.real_day
def test_it_is_the_real_day_where_a_test_asks_for_it():
    assert not escape_hatch.is_travelling()
    before = time.time()
    said = subprocess.check_output(SAY, env=bare(), text=True)
    assert before <= float(said) <= time.time()


def test_a_folder_of_the_process_comes_after_that_of_the_clock():
    assert bare(PYTHONPATH="/somewhere")["PYTHONPATH"].split(os.pathsep)[-1] == "/somewhere"
    assert bare(HOME="/tmp")["HOME"] == "/tmp"
    assert CLOCK_OFFSET_S in bare()
