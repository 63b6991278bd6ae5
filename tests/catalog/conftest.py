"""A refresh of these tests reads the dates with fixed ids, one of each kind, and no others: it is
over in a moment. Those about many dates ask for the whole school."""

import pytest

from tests.conftest import pointed_at
from tests.simulator_process import Simulator


@pytest.fixture
def in_november_2026(time_machine):
    """For a test that names days to come: they stay to come."""
    time_machine.move_to("2026-11-21T12:00:00+01:00")


@pytest.fixture(scope="session")
def running_simulator():
    with Simulator("--rate", "0", "--examples-only") as simulator:
        yield simulator


@pytest.fixture(scope="session")
def running_whole_school():
    with Simulator("--rate", "0") as simulator:
        yield simulator


@pytest.fixture
def whole_school(running_whole_school, settings):
    """`simulator` with all its 250 dates."""
    return pointed_at(running_whole_school, settings)
