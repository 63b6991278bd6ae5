"""A course without a picture has a drawn cover, its own and always the same."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from catalog.covers import MINERALS, ROCKS, cover, drawn
from tests.factories import make_category, make_course

LOOKS = [(number, f"Kurs i fag {number}", number % 9) for number in range(120)]


def test_a_cover_is_always_the_same():
    again = drawn.__wrapped__(86273, "Førstehjelp på sjø", 4)
    assert again == drawn.__wrapped__(86273, "Førstehjelp på sjø", 4)
    assert again.startswith('<svg class="cover cover--hillside cover--rose"')


def test_two_courses_never_look_the_same():
    assert len({drawn(*look) for look in LOOKS}) == len(LOOKS)


def looks_of(*look):
    return re.search(r'class="([^"]+)"', drawn(*look))[1]


def test_courses_of_a_category_are_of_one_kind():
    assert looks_of(1, "Varme arbeider", 7) == looks_of(2, "Brannvern", 7)


def test_categories_that_follow_each_other_look_unlike():
    kinds = [looks_of(1, "Kurs", category) for category in range(100, 118)]
    assert len(set(kinds)) == len(MINERALS) * len(ROCKS)


def test_a_cover_is_for_the_eye_only_and_holds_nothing_inline():
    for look in LOOKS:
        svg = drawn(*look)
        assert 'aria-hidden="true"' in svg
        assert not re.search(r"<text|<title|style|\son|href|url\(|<script", svg)


def test_a_title_is_never_taken_for_markup():
    assert "<b>" not in drawn(1, '"><b>fet</b>', 3)


def test_covers_weigh_little_on_a_page():
    covers = [drawn(*look) for look in LOOKS]
    assert max(map(len, covers)) <= 1500
    assert len(gzip.compress("".join(covers[:60]).encode(), 6)) < 6000


def test_all_that_is_drawn_has_a_colour():
    rules = Path(finders.find("css/covers.css")).read_text()
    for rock in ROCKS:
        svg = next(drawn(*look) for look in LOOKS if f"cover--{rock.__name__}" in drawn(*look))
        paths = svg.count("<path")
        for number in range(1, paths + 1):
            assert f".cover--{rock.__name__} :nth-child({number}) {{" in rules
        assert f".cover--{rock.__name__} :nth-child({paths + 1})" not in rules
    assert all(f".cover--{mineral} {{" in rules for mineral in MINERALS)


@pytest.mark.django_db
def test_the_first_of_several_categories_decides():
    later, first = make_category("Sist", remote_id=9), make_category("Først", remote_id=4)
    course = make_course(categories=[later, first])
    assert cover(course) == drawn(course.remote_id, course.title, 4)


@pytest.mark.django_db
def test_a_course_of_no_category_has_a_cover_too():
    assert cover(make_course()).startswith("<svg")
