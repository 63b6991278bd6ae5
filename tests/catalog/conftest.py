"""A refresh of these tests reads the dates with fixed ids, one of each kind, and no others: it is
over in a moment. Those about many dates ask for the whole school."""

import pytest

from tests.conftest import pointed_at
from tests.simulator_process import Simulator


@pytest.fixture(scope="session")
def running_simulator():
    simulator = Simulator("--rate", "0", "--examples-only").start()
    yield simulator
    simulator.stop()


@pytest.fixture(scope="session")
def running_whole_school():
    simulator = Simulator("--rate", "0").start()
    yield simulator
    simulator.stop()


@pytest.fixture
def whole_school(running_whole_school, settings):
    """`simulator` with all its 250 dates."""
    return pointed_at(running_whole_school, settings)
