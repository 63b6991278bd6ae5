"""A refresh copies what is on offer, and touches only what has changed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import (
    Category,
    Checked,
    Course,
    CourseDate,
    CoursePicture,
    CourseText,
    Finding,
    Gathering,
    Generation,
    Instructor,
    Product,
    Refresh,
    Seats,
    Staged,
)
from tests.catalog.running import BOOKABLE, CANCELLED, HIDDEN, ONLINE, date, listed, run, the_copy
from tests.factories import make_opening

pytestmark = pytest.mark.django_db

COPIED = {
    *("catalog_course", "catalog_course_categories", "catalog_coursetext", "catalog_product"),
    *("catalog_coursedate", "catalog_coursedate_instructors", "catalog_seats", "catalog_venue"),
    *("catalog_gathering", "catalog_gathering_instructors", "catalog_place", "catalog_level"),
    *("catalog_category", "catalog_instructor"),
}


def writes(queries):
    """The copied tables that any of these statements writes to."""
    changing = ("INSERT", "UPDATE", "DELETE", "REPLACE")
    return {
        table
        for query in queries
        for table in COPIED
        if query["sql"].startswith(changing) and f'"{table}"' in query["sql"].split("WHERE")[0]
    }


def test_the_first_refresh_copies_all_that_visitors_need(whole_school):
    done = run()

    assert (done.outcome, done.error) == ("good", "")
    assert Course.objects.listed().count() > 30
    assert CourseDate.objects.listed().count() > 150
    assert Product.objects.exclude(vat_percent=0).exists()
    assert CourseText.objects.exclude(description="").count() >= Course.objects.listed().count()
    assert Gathering.objects.exists()
    assert Instructor.objects.exists()
    seats = date(BOOKABLE).seats
    assert (seats.free, seats.is_full) == (13, False)
    assert not Staged.objects.exists()


def test_an_unchanged_refresh_writes_nothing_that_pages_read(whole_school):
    run()
    before, number = the_copy(), Generation.current().number

    with CaptureQueriesContext(connection) as captured:
        again = run()

    assert writes(captured.captured_queries) == set()
    assert the_copy() == before
    assert (again.created, again.changed, again.seats, again.withdrawn) == (0, 0, 0, 0)
    assert again.unchanged > 200
    assert Generation.current().number == number
    assert Generation.current().checked_at == again.started_at


def test_the_queries_of_an_unchanged_refresh_grow_with_the_pages_not_the_dates(simulator):
    run()
    with CaptureQueriesContext(connection) as few:
        run()
    for day in range(100):
        start = f"2031-01-{day % 28 + 1:02}"
        simulator.edit(add_coursedate={"course_id": 90001, "start_at": start})
    run()
    with CaptureQueriesContext(connection) as many:
        run()
    assert len(many) <= len(few) + 12  # one more page


def test_one_edit_changes_one_row_and_raises_the_generation_once(simulator):
    run()
    before, number = the_copy(), Generation.current().number
    simulator.edit(coursedate=BOOKABLE, set={"reference": "KURS-1"})

    done = run()

    assert (done.created, done.changed) == (0, 1)
    assert date(BOOKABLE).reference == "KURS-1"
    assert len(the_copy()["dates"] - before["dates"]) == 1
    assert Generation.current().number == number + 1


def test_what_staff_have_said_beside_the_copy_survives_a_refresh(simulator):
    run()
    seen, category = date(BOOKABLE), Category.objects.first()
    parent = Category.objects.exclude(pk=category.pk).first()
    Category.objects.filter(pk=category.pk).update(parent=parent)
    picture = CoursePicture.objects.create(course=seen.course, alternative="Øvelse", digest="x")
    opening = make_opening(seen, timezone.now())
    simulator.edit(coursedate=BOOKABLE, set={"reference": "KURS-1"})
    simulator.edit(course=seen.course.remote_id, set={"title": "Et nytt navn"})

    run()

    seen = date(BOOKABLE)
    assert (seen.reference, seen.course.title) == ("KURS-1", "Et nytt navn")
    assert (seen.course.picture, seen.opening) == (picture, opening)
    assert Category.objects.get(pk=category.pk).parent == parent


def test_seats_that_change_leave_the_date_row_alone(simulator):
    run()
    changed_at = date(BOOKABLE).changed_at
    simulator.edit(coursedate=BOOKABLE, set={"confirmed": 5})

    done = run()

    assert (done.changed, done.seats) == (0, 1)
    assert date(BOOKABLE).changed_at == changed_at


def test_a_delta_sees_an_edit_and_asks_only_for_what_has_changed(simulator):
    run()
    simulator.edit(coursedate=BOOKABLE, set={"reference": "DELTA"})

    done = run("delta")

    assert date(BOOKABLE).reference == "DELTA"
    assert done.withdrawn == 0
    asked = simulator.requests("GET", "/batch/coursedates")[-1]
    assert "updated_at_min" in asked["query"]


def test_a_delta_reads_a_new_course_with_all_its_dates(simulator):
    run()
    course = date(BOOKABLE).course
    count = course.dates.count()
    course.dates.all().delete()
    course.delete()  # as if it had never been seen

    run("delta")

    assert Course.objects.get(remote_id=course.remote_id).dates.count() == count


def test_a_delta_never_withdraws(simulator):
    run()
    simulator.edit(coursedate=BOOKABLE, remove=True)
    run("delta")
    assert listed(BOOKABLE)


@pytest.mark.parametrize("remote_id", [HIDDEN])
def test_hidden_dates_are_copied_but_never_public(simulator, remote_id):
    run()
    assert not date(remote_id).public


def test_internal_and_corporate_courses_are_never_public(simulator):
    run()
    assert Course.objects.exclude(kind="public").exists()
    assert not Course.objects.exclude(kind="public").filter(public=True).exists()
    assert not CourseDate.objects.exclude(course__kind="public").filter(public=True).exists()
    assert not CourseDate.objects.exclude(parent_remote_id=None).filter(public=True).exists()


def test_an_unknown_type_is_hidden_and_reported(whole_school):
    run()
    course = date(BOOKABLE).course
    whole_school.edit(course=course.remote_id, set={"type": "secret"})

    run()

    course.refresh_from_db()
    assert not course.public
    assert "secret" in Finding.objects.get(name=Finding.Question.COURSE_TYPES).answer


def test_the_dates_follow_when_only_the_course_was_read_again(whole_school):
    run()
    course = date(BOOKABLE).course
    whole_school.edit(course=course.remote_id, set={"is_active": False})
    run()
    assert not date(BOOKABLE).public
    whole_school.edit(course=course.remote_id, set={"is_active": True})
    run("delta")
    assert date(BOOKABLE).public


def test_a_cancelled_date_stays_listed(simulator):
    run()
    assert listed(CANCELLED)
    assert date(CANCELLED).is_cancelled


def test_the_meeting_link_is_copied(simulator):
    run()
    assert date(ONLINE).event_url.startswith("https://")


def test_both_languages_of_a_text_are_copied(simulator):
    run()
    course = next(course for course in Course.objects.all() if "en" in course.text_languages)
    assert set(course.texts.values_list("language", flat=True)) == {"no", "en"}


def test_the_text_of_a_changed_course_is_read_again_at_once(simulator):
    run()
    course = date(BOOKABLE).course
    change = {"title": "Nytt navn", "raw": {"text_lead": "<p>Ny ingress</p>"}}
    simulator.edit(course=course.remote_id, set=change)

    run()

    assert course.texts.get(language="no").lead == "<p>Ny ingress</p>"


def test_texts_roll_the_longest_unread_first_and_only_so_many_a_run(simulator, settings):
    run()
    settings.TEXTS_PER_RUN = 3
    long_ago = timezone.now() - dt.timedelta(days=2)
    Checked.objects.filter(kind="text").update(at=long_ago)
    oldest = Checked.objects.filter(kind="text").latest("remote_id")
    Checked.objects.filter(pk=oldest.pk).update(at=long_ago - dt.timedelta(days=1))

    run()

    read = Checked.objects.filter(kind="text", at__gt=long_ago)
    assert read.count() == 3
    assert read.filter(pk=oldest.pk).exists()


def test_no_stored_text_holds_script_style_or_pictures(simulator):
    run()
    for text in CourseText.objects.all():
        for _, _, html in text.sections():
            assert not any(
                word in html.lower() for word in ("<script", "onerror", "style=", "<img")
            )


def test_optional_lists_that_are_missing_fail_nothing(simulator, settings):
    settings.FRONTCORE |= {"cache_path": None}
    simulator.switches(optional_lists=False, coursedates_list=False)
    done = run()
    assert done.outcome == "good"
    finding = Finding.objects.get(name=Finding.Question.DURATIONS)
    assert finding.answer == Finding.Answer.MISSING


def test_without_the_batch_call_dates_are_read_course_by_course(simulator):
    simulator.switches(batch_coursedates=False)
    done = run()
    assert done.outcome == "good"
    assert listed(BOOKABLE)
    assert Finding.objects.get(name=Finding.Question.BATCH).answer == Finding.Answer.MISSING


@pytest.mark.parametrize("limit", ["total", "course"])
def test_either_meaning_of_the_batch_limit_gives_all_dates(whole_school, limit):
    whole_school.switches(batch_limit=limit)
    run()
    assert CourseDate.objects.listed().count() > 150


def test_seats_and_dates_do_not_depend_on_errors_with_status_200(simulator):
    simulator.switches(errors_as_200=True, optional_lists=False)
    assert run().outcome == "good"


def test_progress_moves_while_the_refresh_runs(simulator):
    phases = []
    run(report=lambda row: phases.append((row.phase, row.done, row.total)))
    names = [phase for phase, _, _ in phases]
    assert list(dict.fromkeys(names)) == [
        *("courses", "dates", "prices", "lists", "texts", "judging", "switching")
    ]
    assert Refresh.objects.get().phase == ""
    assert Seats.objects.exists()
