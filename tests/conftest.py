"""The simulator for every test that asks for it, over real HTTP."""

import pytest
from django.core.cache import cache
from xdist.scheduler import LoadScopeScheduling

from catalog import calendar_feed, search, timetable
from tests.same_day import (  # noqa: F401 (hooks: here pytest finds them)
    pytest_addoption,
    pytest_configure,
    pytest_runtest_protocol,
    pytest_unconfigure,
)
from tests.simulator_process import Simulator


@pytest.fixture(scope="session")
def running_simulator():
    with Simulator("--rate", "0") as simulator:
        yield simulator


@pytest.fixture
def simulator(running_simulator, settings):
    """A Frontcore with fresh books, and the whole site pointed at it by one setting."""
    return pointed_at(running_simulator, settings)


def pointed_at(running, settings):
    running.reset()
    settings.FRONTCORE = settings.FRONTCORE | {"base_url": running.url}
    return running


@pytest.fixture(autouse=True)
def nothing_kept_of_another_test():
    """Generations of two tests have the same number."""
    timetable.forget()
    search.forget()
    calendar_feed.kept.clear()
    cache.clear()


# Those that start servers of their own take longest; started last, they would be waited for.
FIRST = (
    "test_cut",
    "test_last_seats",
    "test_fresh_pages",
    "test_demo",
    "test_query_cache",
    "test_totals",
)


def pytest_collection_modifyitems(items):
    items.sort(
        key=lambda item: not ("browser" in item.path.parts or item.path.stem.startswith(FIRST))
    )


class TogetherInTheBrowser(LoadScopeScheduling):
    """A module goes to one process; those of the browser all to the same, for they share a site."""

    def _split_scope(self, nodeid):
        return "browser" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return TogetherInTheBrowser(config, log) if config.getvalue("dist") == "loadscope" else None
