"""Public data: what the JSON tells is what the pages show, all of it and nothing else."""

import pytest

from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_instructor,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db


def make_school():
    make_generation()
    for number in range(3):
        course = make_course(f"Kurs {number}", categories=[make_category()])
        make_text(course)
        date = make_date(course, venue=make_venue(), instructors=[make_instructor()])
        make_gathering(date, theme="Tema", venue=make_venue())
