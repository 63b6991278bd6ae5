"""Whatever Frontcore answers, the last good copy stays on air."""

import pytest

from catalog.models import Finding, Generation, Refresh, RefreshProblem, Staged
from tests.catalog.running import BOOKABLE, CANCELLED, date, listed, run, the_copy

pytestmark = pytest.mark.django_db

BATCH = "/batch/coursedates"
LISTS = ["/courses", BATCH, "/orders/products"]
FAULTS = ["html_500", "truncated", "missing_field", "unavailable", "reset", "close"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_answer_leaves_the_last_good_copy(simulator, settings, path, fault):
    settings.FRONTCORE |= {"read_total_s": 1.0, "read_timeout_s": 0.5}
    run()
    before, generation = the_copy(), Generation.current()
    simulator.edit(coursedate=BOOKABLE, set={"reference": "NEW"})
    simulator.fault("GET", path, fault, times=0)
    if path == BATCH:  # else each course's own list would do
        simulator.fault("GET", "/courses/*/coursedates", fault, times=0)

    done = run()

    assert done.outcome == "failed"
    assert done.error
    assert settings.FRONTCORE["key"] not in done.error
    assert the_copy() == before
    assert Generation.current().number == generation.number
    assert Generation.current().checked_at == generation.checked_at
    assert not Staged.objects.exists()
    assert not Refresh.objects.running().exists()


def test_a_dead_frontcore_leaves_the_last_good_copy(simulator, settings):
    run()
    before = the_copy()
    settings.FRONTCORE |= {"base_url": "http://127.0.0.1:9/v2"}
    assert run().outcome == "failed"
    assert the_copy() == before


def test_a_refused_key_is_a_failed_run_with_a_sentence(simulator, settings):
    settings.FRONTCORE |= {"key": "another-key"}
    done = run()
    assert done.outcome == "failed"
    assert "another-key" not in done.error


def test_a_429_that_passes_is_waited_for(simulator):
    simulator.fault("GET", "/courses", "busy", times=1, seconds=0.1)
    assert run().outcome == "good"


@pytest.mark.parametrize("path", LISTS)
def test_odd_types_change_nothing(simulator, path):
    run()
    before = the_copy()
    simulator.fault("GET", path, "odd_types", times=0)
    done = run()
    assert (done.outcome, done.bad) == ("good", 0)
    assert the_copy() == before


NO = {"fault": "answer", "status": 403, "body": {"error": "Not for this key"}}
NOT_ALLOWED = {"fault": "answer", "status": 405, "body": {}}
NO_LIST = {"fault": "answer", "status": 200, "body": {"something": "else"}}
AWAY = {"fault": "html_500"}


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (AWAY, Finding.Answer.NOT_NOW),
        (NO, Finding.Answer.MISSING),
        (NO_LIST, Finding.Answer.UNREADABLE),
    ],
)
@pytest.mark.parametrize("name", ["locations", "instructors", "durations"])
def test_an_optional_list_costs_only_its_finding(simulator, settings, name, fault, answer):
    settings.FRONTCORE |= {"cache_path": None}
    simulator.fault("GET", f"/{name}", times=0, **fault)
    done = run()
    assert (done.outcome, done.error, done.bad) == ("good", "", 0)
    assert listed(BOOKABLE)
    assert Finding.objects.get(name=name).answer == answer
    assert done.problems.filter(kind=name).exists()


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (AWAY, Finding.Answer.NOT_NOW),
        (NO, Finding.Answer.MISSING),
        (NOT_ALLOWED, Finding.Answer.MISSING),
        (NO_LIST, Finding.Answer.UNREADABLE),
    ],
)
def test_where_the_batch_call_fails_each_course_is_asked(simulator, fault, answer):
    simulator.fault("GET", BATCH, times=0, **fault)
    done = run()
    assert done.outcome == "good"
    assert listed(BOOKABLE)
    batch = Finding.objects.get(name=Finding.Question.BATCH)
    assert batch.answer == answer

    simulator.reserved("DELETE", "faults")
    run()
    batch.refresh_from_db()
    assert batch.answer == Finding.Answer.AVAILABLE


def test_a_frontcore_that_is_away_is_not_asked_course_by_course(simulator):
    run()
    for path in (BATCH, "/courses/*/coursedates"):
        simulator.fault("GET", path, "html_500", times=0)
    before = len(simulator.requests("GET"))
    done = run()
    assert (done.outcome, "batch" in done.error) == ("failed", True)
    assert len(simulator.requests("GET")) - before <= 5


def test_a_course_whose_own_list_is_not_there_keeps_its_dates(simulator):
    run()
    course = date(BOOKABLE).course.remote_id
    simulator.switches(batch_coursedates=False)
    gone = {"fault": "answer", "status": 404, "body": {"error": "Not found"}}
    simulator.fault("GET", f"/courses/{course}/coursedates", times=0, **gone)
    done = run()
    assert (done.outcome, done.withdrawn) == ("good", 0)
    assert listed(BOOKABLE)
    assert done.problems.filter(kind="course", remote_id=course).exists()


def test_one_bad_item_costs_that_item_only(simulator):
    run()
    simulator.edit(coursedate=BOOKABLE, set={"raw": {"start_at": "rubbish"}, "reference": "BAD"})
    simulator.edit(coursedate=CANCELLED, set={"reference": "FINE"})

    done = run()

    assert (done.outcome, done.bad, done.withdrawn) == ("good", 1, 0)
    assert listed(BOOKABLE)
    assert date(BOOKABLE).reference != "BAD"
    assert date(CANCELLED).reference == "FINE"
    problem = RefreshProblem.objects.get()
    assert (problem.kind, problem.remote_id, problem.field) == ("date", BOOKABLE, "starts_on")
    assert "rubbish" not in problem.problem


def test_an_unreadable_part_is_left_out_and_told_once(simulator):
    """A word nobody needs, in a venue that many dates share, costs none of them."""
    run()
    venue = date(BOOKABLE).venue
    simulator.edit(location=venue.remote_id, set={"raw": {"capacity_max": "many"}})
    simulator.edit(coursedate=BOOKABLE, set={"reference": "FINE"})

    done = run()

    assert (done.outcome, done.bad) == ("good", 0)
    assert date(BOOKABLE).reference == "FINE"
    problems = RefreshProblem.objects.filter(remote_id=venue.remote_id)
    assert [problem.problem.startswith("left out") for problem in problems] == [True]


def test_a_value_that_no_column_holds_costs_that_item_only(simulator):
    run()
    product = date(BOOKABLE).course.products.first()
    simulator.edit(product=product.remote_id, set={"raw": {"price": 10**15}})
    done = run()
    assert (done.outcome, done.bad) == ("good", 1)
    product.refresh_from_db()
    assert product.withdrawn_at is None


def test_more_than_a_tenth_bad_fails_the_run(simulator):
    run()
    before = the_copy()
    simulator.fault("GET", "/courses", "missing_field", times=0, field="title", count=6)
    done = run()
    assert done.outcome == "failed"
    assert "course" in done.error
    assert the_copy() == before


def test_a_refresh_that_takes_too_long_ends_by_itself(simulator, settings):
    run()
    before = the_copy()
    settings.REFRESH_TIMEOUT_S = 0
    done = run()
    assert done.outcome == "failed"
    assert the_copy() == before


def test_texts_that_fail_do_not_cost_the_dates(simulator):
    simulator.fault("GET", "/courses/*", "html_500", times=0)
    done = run()
    assert done.outcome == "good"
    assert listed(BOOKABLE)
    assert RefreshProblem.objects.filter(kind="text").exists()


def test_texts_that_were_cut_off_are_read_by_the_next_run(simulator):
    simulator.fault("GET", "/courses/*", "html_500", times=0)
    run()
    simulator.reserved("DELETE", "faults")
    run()
    assert date(BOOKABLE).course.texts.exists()


def test_an_unforeseen_error_is_booked_and_raised(simulator):
    class Broken:
        requests_made = 0

        def courses(self):
            raise ZeroDivisionError

    from catalog.refresh import refresh_catalog

    with pytest.raises(ZeroDivisionError):
        refresh_catalog(Broken())
    assert Refresh.objects.get().error == "Unexpected: ZeroDivisionError."
