"""While Frontcore is away, few wait for it, and everyone is told."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache

from booking import preview
from tests.booking.conftest import filled, reachable, unreachable

LOOKS = "/courses/*/coursedates/*"


@pytest.fixture
def short_waits(settings):
    settings.FRONTCORE = settings.FRONTCORE | {"read_timeout_s": 1.5, "read_total_s": 1.5}


def looks(simulator):
    return len([row for row in simulator.requests("GET") if "/coursedates/" in row["path"]])


def test_only_the_first_of_many_previews_waits_for_a_frontcore_that_hangs(
    visit, simulator, settings
):
    settings.FRONTCORE = settings.FRONTCORE | {"read_timeout_s": 5, "read_total_s": 5}
    visitors = [visit() for _ in range(4)]
    simulator.fault("GET", "/courses/**", "hang", times=0, seconds=15)
    before, took = looks(simulator), []
    for visitor in visitors:
        began = time.monotonic()
        visitor.preview(filled(campaign_code="SOMMER10"))
        took.append(time.monotonic() - began)
        assert visitor.page.context["is_checked"]
        assert "påmeldingssystemet svarer ikke" in visitor.text.lower()
        assert visitor.page.context["outcome"]["unchecked"] == ["date", "campaign_code"]
    assert looks(simulator) - before == 1
    assert took[0] >= 4.9, "somebody has to find out"
    assert max(took[1:]) < 4.9, took


def test_after_a_while_one_asks_again_and_the_others_do_not_wait_with_it(
    visit, simulator, short_waits
):
    visitor = visit()
    simulator.fault("GET", "/courses/**", "hang", times=0, seconds=5)
    visitor.preview(filled())
    before = looks(simulator)
    cache.delete(preview.ASKED)  # half a minute has passed
    for _ in range(3):
        visitor.preview()
    assert looks(simulator) - before == 1


def test_an_answer_ends_it_for_all(visit, simulator, settings):
    visitor, other = visit(), visit(13100003)
    unreachable(settings)
    visitor.preview(filled())
    reachable(settings, simulator)
    assert "date" in visitor.preview().page.context["outcome"]["unchecked"], "not asked yet"
    cache.delete(preview.ASKED)
    assert visitor.preview().page.context["outcome"]["unchecked"] == []
    assert other.preview(filled()).page.context["outcome"]["unchecked"] == []
    assert cache.get(preview.AWAY) is None


def test_an_answer_of_any_kind_is_not_taken_for_silence(visit, simulator):
    visitor = visit()
    simulator.edit(coursedate=13100001, remove=True)
    assert visitor.preview(filled()).codes == {"date_withdrawn"}
    assert cache.get(preview.AWAY) is None


def test_what_is_remembered_names_nobody(visit, settings):
    visitor = visit()
    unreachable(settings)
    visitor.preview(filled())
    assert "Fjeld" not in str(cache._cache)
    assert [cache.get(preview.AWAY), cache.get(preview.ASKED)] == [True, True]


def test_of_many_at_the_same_moment_one_may_ask():
    cache.set(preview.AWAY, True)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: cache.add(preview.ASKED, True, 30), range(8)))
    assert found.count(True) == 1
