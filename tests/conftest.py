"""The simulator for every test that asks for it, over real HTTP."""

import pytest

from tests.simulator_process import Simulator


@pytest.fixture(scope="session")
def running_simulator():
    simulator = Simulator("--rate", "0").start()
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(running_simulator, settings):
    """A Frontcore with fresh books, and the whole site pointed at it by one setting."""
    running_simulator.reset()
    settings.FRONTCORE = settings.FRONTCORE | {"base_url": running_simulator.url}
    return running_simulator
