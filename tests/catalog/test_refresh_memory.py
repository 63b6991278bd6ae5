"""Memory and the switch grow with what has changed, not with the catalogue."""

import datetime as dt
import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import CourseDate
from catalog.refresh import refresh_catalog
from frontcore import CourseDetail, CourseRecord, DateRecord, Listing, SeatsRecord

pytestmark = pytest.mark.django_db

PAGE = 80


class School:
    """Answers like a Frontcore with so many pages of dates, made as they are asked for."""

    requests_made = 0

    def __init__(self, pages):
        self.pages = pages

    def courses(self):
        yield Listing((CourseRecord(id=1, title="Førstehjelp", kind="public"),))

    def course(self, course_id, language="no"):
        return CourseDetail(id=1, title="Førstehjelp", kind="public")

    def batch_coursedates(self, course_ids, **filters):
        for page in range(self.pages):
            yield Listing(tuple(self.date(page * PAGE + number) for number in range(1, PAGE + 1)))

    def date(self, number):
        day = dt.date(2031, 1, 1) + dt.timedelta(days=number % 365)
        return DateRecord(
            id=number,
            course_id=1,
            title=f"Førstehjelp {number}",
            starts_on=day,
            ends_on=day,
            seats=SeatsRecord(capacity=12, free=number % 12),
            gatherings=(),
            instructors=(),
        )

    def products(self):
        yield Listing()

    def durations(self):
        return Listing()

    locations = instructors = durations


def peak_of(pages):
    """Largest memory of a refresh, beyond what was there before."""
    tracemalloc.start()
    refresh_catalog(School(pages))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_number_of_dates():
    refresh_catalog(School(1))  # what is loaded once
    small = peak_of(8)  # more than fills every chunk
    large = peak_of(24)
    assert CourseDate.objects.count() == 24 * PAGE
    assert large < small * 1.5


def test_the_transaction_of_an_unchanged_refresh_does_not_grow_with_the_dates():
    counts = []
    for pages in (2, 8):
        refresh_catalog(School(pages))
        with CaptureQueriesContext(connection) as captured:
            refresh_catalog(School(pages))
        statements = [query["sql"] for query in captured.captured_queries]
        begin = next(i for i, sql in enumerate(statements) if "'switching'" in sql)
        counts.append(len(statements) - begin)
    assert counts[0] == counts[1]
