"""What is gone is withdrawn, never deleted; an unusual share of it waits for staff."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog.models import Course, CourseDate, Held, Product, Refresh, Removed
from catalog.store import fresh_look
from catalog.upstream import open_frontcore
from tests.catalog.running import BOOKABLE, WITH_VAT, date, listed, run, the_copy

pytestmark = pytest.mark.django_db


def dates_ahead(count=None):
    ids = CourseDate.objects.listed().order_by("remote_id").values_list("remote_id", flat=True)
    return list(ids[:count])


def remove(simulator, ids):
    simulator.edit(coursedates=list(ids), remove=True)


def test_only_the_date_that_is_gone_is_withdrawn(simulator):
    run()
    neighbours = set(dates_ahead()) - {BOOKABLE}
    remove(simulator, [BOOKABLE])

    done = run()

    gone = date(BOOKABLE)
    assert gone.withdrawn_at is not None
    assert (done.outcome, done.withdrawn) == ("good", 1)
    assert set(dates_ahead()) == neighbours
    assert Removed.objects.get().remote_id == BOOKABLE


def test_a_date_that_returns_is_listed_again(simulator):
    run()
    CourseDate.objects.filter(remote_id=BOOKABLE).update(withdrawn_at=timezone.now())
    assert not listed(BOOKABLE)
    run()
    assert listed(BOOKABLE)


def test_a_date_that_has_passed_is_not_gone(simulator):
    run()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    CourseDate.objects.filter(remote_id=BOOKABLE).update(starts_on=yesterday)
    remove(simulator, [BOOKABLE])
    run()
    assert date(BOOKABLE).withdrawn_at is None


def test_a_course_that_is_gone_takes_its_dates_with_it_and_leaves_the_others(simulator):
    run()
    course = date(WITH_VAT).course
    ours = set(
        course.dates.filter(starts_on__gte=timezone.localdate()).values_list("pk", flat=True)
    )
    others = set(Course.objects.listed().values_list("pk", flat=True)) - {course.pk}
    simulator.edit(course=course.remote_id, remove=True)

    done = run()

    course.refresh_from_db()
    assert done.outcome == "good"
    assert course.withdrawn_at is not None
    assert not CourseDate.objects.filter(pk__in=ours, withdrawn_at=None).exists()
    assert set(Course.objects.listed().values_list("pk", flat=True)) == others


def test_a_mass_vanishing_is_held_and_everything_else_goes_on_air(simulator):
    run()
    before = dates_ahead()
    gone = before[: len(before) // 2]
    stays = before[-1]
    remove(simulator, gone)
    simulator.edit(coursedate=stays, set={"reference": "SEEN"})

    done = run()

    assert (done.outcome, done.withdrawn, done.held) == ("held", 0, len(gone))
    assert dates_ahead() == before
    assert date(stays).reference == "SEEN"
    assert set(Held.objects.values_list("remote_id", flat=True)) == set(gone)


def test_apply_anyway_withdraws_what_is_missing_again_and_was_held_and_nothing_else(simulator):
    run()
    before = dates_ahead()
    gone = before[: len(before) // 2]
    remove(simulator, gone)
    run()
    more = before[len(before) // 2 :][:60]  # gone since, but nobody has seen these
    remove(simulator, more)

    done = run("apply")

    assert set(dates_ahead()) == set(before) - set(gone)
    assert (done.withdrawn, done.outcome, done.held) == (len(gone), "held", len(more))
    assert set(Held.objects.values_list("remote_id", flat=True)) == set(more)


def test_what_came_back_before_apply_is_not_withdrawn(simulator):
    run()
    before = dates_ahead()
    fault = {"path": "/batch/coursedates", "fault": "empty", "times": 1}
    simulator.fault("GET", **fault)
    assert run().held >= len(before)

    done = run("apply")

    assert (done.outcome, done.withdrawn) == ("good", 0)
    assert dates_ahead() == before
    assert not Held.objects.exists()


def test_after_apply_a_single_removal_is_ordinary_again(simulator):
    run()
    before = dates_ahead()
    remove(simulator, before[: len(before) // 2])
    run()
    run("apply")
    last = dates_ahead()[-1]
    remove(simulator, [last])
    assert run().outcome == "good"
    assert not listed(last)


def test_removals_add_up_over_a_day(simulator):
    run()
    before = dates_ahead()
    slice_of = len(before) // 10
    for number in range(3):
        remove(simulator, before[number * slice_of : (number + 1) * slice_of])
        done = run()
    assert done.held == slice_of
    assert len(dates_ahead()) == len(before) - 2 * slice_of


def test_removals_of_the_day_before_yesterday_are_forgotten(simulator):
    run()
    before = dates_ahead()
    slice_of = len(before) // 10
    for number in range(3):
        remove(simulator, before[number * slice_of : (number + 1) * slice_of])
        done = run()
        Removed.objects.update(at=timezone.now() - dt.timedelta(hours=25))
    assert done.outcome == "good"


def test_the_last_date_of_all_is_held_too(simulator):
    run()
    CourseDate.objects.exclude(remote_id=BOOKABLE).update(public=False)
    remove(simulator, [BOOKABLE])
    done = run()
    assert listed(BOOKABLE)
    assert done.held == 1


@pytest.mark.parametrize("path", ["/courses", "/batch/coursedates", "/orders/products"])
def test_an_empty_list_empties_nothing(simulator, path):
    run()
    before = the_copy()
    simulator.fault("GET", path, "empty", times=0)
    done = run()
    assert the_copy() == before
    assert done.outcome == "held"


def test_a_word_that_changes_upstream_does_not_hide_the_whole_catalogue(simulator):
    run()
    before = the_copy()
    for course in Course.objects.listed():
        simulator.edit(course=course.remote_id, set={"type": "open"})

    done = run()

    assert the_copy()["dates"] == before["dates"]
    assert the_copy()["courses"] == before["courses"]
    assert done.outcome == "held"


def test_a_product_that_is_archived_is_withdrawn(simulator):
    run()
    product = Product.objects.filter(withdrawn_at=None).first()
    simulator.edit(product=product.remote_id, set={"is_archived": True})
    run()
    product.refresh_from_db()
    assert product.withdrawn_at is not None


def test_an_id_that_cannot_be_read_forbids_every_removal(simulator):
    run()
    other = dates_ahead()[-1]
    remove(simulator, [BOOKABLE])
    simulator.edit(coursedate=other, set={"raw": {"coursedate_id": "rubbish"}})

    done = run()

    assert (done.outcome, done.withdrawn, done.bad) == ("good", 0, 1)
    assert listed(BOOKABLE)
    assert listed(other)


@pytest.mark.parametrize("kind", ["full", "apply"])
def test_what_is_held_stays_held_where_nothing_may_be_called_gone(simulator, kind):
    run()
    before = dates_ahead()
    remove(simulator, before[:-2])
    assert run().held == len(before) - 2
    simulator.edit(coursedate=before[-1], set={"raw": {"coursedate_id": "rubbish"}})

    done = run(kind)

    assert (done.outcome, done.withdrawn, done.held) == ("held", 0, len(before) - 2)
    assert Held.objects.count() == len(before) - 2
    assert dates_ahead() == before
    assert done.problems.filter(kind="removals").exists()


def test_an_apply_that_releases_nothing_does_not_restart_the_sum(simulator):
    run()
    before = dates_ahead()
    slice_of = len(before) // 10
    for number in range(2):
        remove(simulator, before[number * slice_of : (number + 1) * slice_of])
        run()
    assert run("apply").withdrawn == 0
    remove(simulator, before[2 * slice_of : 3 * slice_of])
    assert run().held == slice_of


def test_what_staff_release_does_not_excuse_what_they_never_saw(simulator):
    run()
    before = dates_ahead()
    tenth = len(before) // 10
    for first in (0, 1):
        remove(simulator, before[first * tenth : (first + 1) * tenth])
        run()
    remove(simulator, before[2 * tenth : 6 * tenth])
    assert run().held == 4 * tenth
    assert run("apply").withdrawn == 4 * tenth
    assert Removed.objects.filter(released=True, kind="date").count() == 4 * tenth
    remove(simulator, before[6 * tenth : 7 * tenth])
    assert run().held == tenth


def test_dates_hidden_by_looks_count_for_the_brake(simulator):
    run()
    before = dates_ahead()
    tenth = len(before) // 10
    simulator.edit(coursedates=before[: 2 * tenth], set={"is_visible": False})
    with open_frontcore() as api:
        for remote_id in before[: 2 * tenth]:
            fresh_look(api, date(remote_id))
    assert len(dates_ahead()) == len(before) - 2 * tenth
    remove(simulator, before[2 * tenth : 3 * tenth])
    assert run().held == tenth


def test_held_rows_stay_held_run_after_run(simulator):
    run()
    before = dates_ahead()
    remove(simulator, before[:-2])
    run()
    since = Held.objects.first().since
    assert run().held == len(before) - 2
    assert Held.objects.first().since == since
    assert Refresh.objects.good().count() == 3
