"""What a search looks through is in step with the copy, whoever has changed that."""

import datetime as dt
from importlib import import_module

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from catalog import search
from catalog.models import Course, CourseDate, CourseText, Generation, SearchDocument
from catalog.search import documents
from catalog.store import announce_missed, store_one
from catalog.tasks import beat
from frontcore import CourseRecord, DateRecord, VenueRecord
from tests.catalog.running import run
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_generation,
    make_instructor,
    make_place,
    make_text,
)

pytestmark = pytest.mark.django_db

full_text = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's full text index")


def titles(words):
    return [Course.objects.get(pk=pk).title for pk in search.courses(words)]


def number():
    return Generation.objects.values_list("number", flat=True).get()


# --- Who keeps them ---------------------------------------------------------------------------


def test_after_a_refresh_everything_on_offer_is_found(simulator):
    run()
    assert SearchDocument.objects.count() == Course.objects.listed().count()
    for course in Course.objects.listed():
        assert course.pk in search.courses(course.title)


def test_a_course_that_a_refresh_changes_or_withdraws_follows(simulator):
    run()
    course = Course.objects.listed().order_by("pk").first()
    assert course.pk in search.courses(course.title)
    simulator.edit(course=course.remote_id, set={"title": "Ballongferd"})
    run()
    assert search.courses("ballongferd") == [course.pk]


def test_a_date_looked_at_is_found_by_its_place_at_once():
    make_generation()
    course = make_course("Truck", remote_id=7)
    assert search.courses("kabelvåg") == []
    record = DateRecord(
        id=77,
        course_id=7,
        course=CourseRecord(id=7, title="Truck", kind="public"),
        title="Truck",
        starts_on=timezone.localdate() + dt.timedelta(days=9),
        ends_on=timezone.localdate() + dt.timedelta(days=9),
        venue=VenueRecord(id=5, title="Naustet", city="Kabelvåg"),
        gatherings=(),
        instructors=(),
    )
    store_one(record)
    assert search.courses("kabelvåg") == [course.pk]


def test_a_writer_that_died_is_made_up_for():
    make_generation(pending=True)
    course = make_course("Truck")
    documents.catch_up()
    Course.objects.update(title="Gaffeltruck")
    announce_missed()
    assert search.courses("gaffeltruck") == [course.pk]


def test_at_midnight_the_places_of_yesterday_are_let_go():
    make_generation()
    date = make_date(make_course("Truck"), days=0, place=make_place("Hamar"))
    beat()
    assert titles("hamar") == ["Truck"]
    before, yesterday = number(), timezone.localdate() - dt.timedelta(days=1)
    CourseDate.objects.filter(pk=date.pk).update(starts_on=yesterday)
    cache.set(documents.DONE, documents.state(yesterday))
    beat()
    assert titles("hamar") == []
    assert number() == before + 1
    beat()
    assert number() == before + 1


def test_a_setting_that_hides_instructors_is_followed_by_the_next_beat(settings):
    make_generation()
    make_date(make_course("Ledelse"), instructors=[make_instructor("Åse Bråthen")])
    beat()
    assert titles("bråthen") == ["Ledelse"]
    settings.SHOW_INSTRUCTORS = False
    beat()
    assert titles("bråthen") == []


def test_a_category_moved_by_staff_is_followed_at_once(admin_client):
    make_generation()
    above = make_category("Sikkerhet")
    below = make_category("Maskiner")
    make_course("Truck", categories=[below])
    assert titles("sikkerhet") == []
    page = reverse("admin:catalog_category_change", args=[below.pk])
    assert admin_client.post(page, {"parent": above.pk}).status_code == 302
    assert titles("sikkerhet") == ["Truck"]


# --- How ----------------------------------------------------------------------------------------


def test_only_documents_that_differ_are_written():
    make_generation()
    course, other = make_course("Truck"), make_course("Ledelse")
    make_text(course)
    assert documents.catch_up()
    assert not documents.catch_up()
    Course.objects.filter(pk=other.pk).update(title="Ledelse i praksis")
    with connection.execute_wrapper(only_writes_about(other.pk)):
        assert documents.catch_up()
    assert titles("praksis") == ["Ledelse i praksis"]


def only_writes_about(pk):
    def watch(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "searchdocument" in sql:
            assert params[0] == pk
            assert len(params) == 5
        return execute(sql, params, many, context)

    return watch


def test_a_changed_text_is_found():
    make_generation()
    course = make_course("Truck")
    make_text(course, description="<p>stabling</p>")
    documents.catch_up()
    CourseText.objects.update(description="<p>palletering</p>", changed_at=timezone.now())
    assert documents.catch_up()
    assert titles("palletering") == ["Truck"]
    assert titles("stabling") == []


def test_a_text_is_read_only_where_it_has_changed():
    make_text(make_course("Truck"))
    documents.catch_up()

    def watch(execute, sql, *rest):
        assert '"description"' not in sql
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        assert not documents.catch_up()


def test_what_is_no_longer_on_offer_leaves_no_document():
    course = make_course("Truck")
    documents.catch_up()
    Course.objects.update(public=False)
    assert documents.catch_up([course.pk])
    assert not SearchDocument.objects.exists()


def test_a_course_without_a_document_gets_one_when_it_is_looked_for():
    make_generation()
    make_course("Truck")
    assert titles("truck") == ["Truck"]
    make_course("Gaffeltruck")
    assert titles("gaffel") == ["Gaffeltruck"]


def test_before_the_first_refresh_every_change_is_found_at_once():
    course = make_course("Truck")
    assert titles("hamar") == []
    make_date(course, place=make_place("Hamar"))
    assert titles("hamar") == ["Truck"]
    assert not Generation.objects.exists()


def test_a_database_that_cannot_be_written_to_stops_neither_search_nor_announcement(caplog):
    make_generation(pending=True)
    make_course("Truck")
    documents.catch_up()
    make_course("Gaffeltruck")

    def locked(execute, sql, *rest):
        if "searchdocument" in sql and sql.startswith("INSERT"):
            raise DatabaseError("database is locked")
        return execute(sql, *rest)

    with connection.execute_wrapper(locked):
        assert titles("truck") == ["Truck"]
        announce_missed()
    assert not Generation.objects.get().pending
    assert "DatabaseError" in caplog.text
    beat()
    assert titles("truck") == ["Truck", "Gaffeltruck"]


def test_a_search_is_answered_once_for_each_generation(django_assert_num_queries):
    make_generation()
    make_course("Truck")
    search.courses("truck")
    with django_assert_num_queries(1):
        search.courses("Truck")


@full_text
def test_the_index_can_be_taken_away_and_made_again():
    migration = import_module("catalog.migrations.0007_full_text_search")
    make_course("Truck")
    documents.catch_up()
    editor = connection.schema_editor()
    migration.drop(None, editor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name GLOB 'catalog_search_*'")
        assert cursor.fetchall() == []
    migration.make(None, editor)
    assert titles("truck") == ["Truck"]


@full_text
def test_the_index_agrees_with_the_documents_whatever_happened_to_them():
    make_generation()
    for title in ("Truck", "Ledelse", "Excel"):
        make_text(make_course(title))
    documents.catch_up()
    SearchDocument.objects.filter(title="truck").update(names="hamar")
    SearchDocument.objects.filter(title="excel").delete()
    Course.objects.filter(title="Ledelse").update(title="Veiledning")
    documents.catch_up()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO catalog_search(catalog_search) VALUES ('integrity-check')")
