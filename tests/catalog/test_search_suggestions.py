"""While somebody types, the field suggests; without script the same form leads to the list."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import translation

from catalog import suggestions
from tests.factories import make_category, make_course, make_date, make_generation, make_place

pytestmark = pytest.mark.django_db

FIELD = re.compile(r'<form class="search".*?</form>', re.S)


@pytest.fixture
def school():
    top = make_category("Maskiner")
    course = make_course("Truckførerbevis", categories=[make_category("Truck", parent=top)])
    make_date(course, days=9, place=make_place("Bergen", "Vestland"))
    make_date(make_course("Gaffeltruck"), days=5, place=make_place("Oslo", "Oslo"))
    return course


def asked(client, words, path="/sok/forslag/"):
    answer = client.get(path, {"q": words})
    assert answer.status_code == 200
    return answer.content.decode()


def links(page):
    return [address.replace("&amp;", "&") for address in re.findall(r'href="([^"]+)"', page)]


def test_courses_are_suggested_with_category_and_next_date(client, school):
    page = asked(client, "tru")
    assert school.get_absolute_url() in links(page)
    assert "Truckførerbevis" in page
    assert "Bergen" in page
    assert "Truck</span>" in page
    assert "<time datetime=" in page


def test_places_and_categories_are_suggested_as_filters(client, school):
    assert "/kurs/?place=vestland.bergen" in links(asked(client, "berg"))
    assert "/kurs/?place=vestland" in links(asked(client, "vestl"))
    (category,) = (each for each in links(asked(client, "mask")) if "kategori" in each)
    assert client.get(category).status_code == 200


def test_a_filter_that_all_words_name_comes_before_the_courses(client, school):
    assert links(asked(client, "vestland"))[:2] == [
        "/kurs/?place=vestland",
        school.get_absolute_url(),
    ]
    assert links(asked(client, "truckførerbevis vestland"))[0] == school.get_absolute_url()


def test_words_beside_a_place_stay_a_search_there(client, school):
    page = asked(client, "truck oslo")
    assert "/kurs/?q=truck&place=oslo" in links(page)
    assert "«truck» i Oslo" in page


def test_each_suggestion_leads_to_a_page_that_holds_what_it_says(client, school):
    for words in ("truck", "bergen", "maskiner", "truck bergen"):
        found = suggestions.of(words)
        for _, link in found.filters:
            page = client.get(link.address)
            assert page.status_code == 200
            assert page.context["page"].paginator.count == link.hits > 0


def test_all_that_is_found_is_a_link_away(client, school):
    for number in range(8):
        make_course(f"Stillas {number}")
    page = asked(client, "stillas")
    assert "Se alle 8 kursene" in page
    assert "/kurs/?q=stillas" in links(page)
    assert len(suggestions.of("stillas").courses) == 6


def test_the_status_line_says_how_many(client, school):
    status = '<div id="suggestions-status" hx-swap-oob="innerHTML">'
    assert f"{status}2 forslag under søkefeltet</div>" in asked(client, "gaffeltruck oslo")
    assert f"{status}0 forslag under søkefeltet</div>" in asked(client, "finnes ikke")
    assert f"{status}</div>" in asked(client, "")


def test_it_tells_what_a_mistyped_word_was_taken_for(client, school):
    assert "<q>Gaffeltruck</q>" in asked(client, "gafeltruck")


@pytest.mark.parametrize("words", ["", "t", " ", "!!!", "😀", "\0"])
def test_too_little_suggests_nothing(client, school, words):
    assert links(asked(client, words)) == []


@pytest.mark.parametrize("words", ['"', "truck*", "x" * 10_000, "<script>", "%", "a b c d e f g h"])
def test_anything_may_be_typed(client, school, words):
    assert "<script" not in asked(client, words)


def test_suggestions_may_be_kept_but_not_indexed(client, school):
    answer = client.get("/sok/forslag/", {"q": "truck"})
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not answer.cookies
    assert "Vary" not in answer.headers or "Cookie" not in answer.headers["Vary"]


def test_suggestions_only_read(client):
    assert client.post("/sok/forslag/", {"q": "truck"}).status_code == 405
    assert client.head("/sok/forslag/?q=truck").status_code == 200


def test_they_speak_the_language_of_the_page(client, school):
    page = asked(client, "truck bergen", "/en/search/suggestions/")
    assert "“truck” in Bergen" in page
    assert any(each.startswith("/en/courses/") for each in links(page))


@pytest.mark.parametrize("page", ["/", "/kurs/", "/en/", "/en/courses/"])
def test_the_search_field_works_without_script(client, school, page):
    form = FIELD.search(client.get(page).content.decode())[0]
    with translation.override("en" if page.startswith("/en") else "nb"):
        courses = reverse("course_list")
    assert f'action="{courses}" method="get"' in form
    assert '<label class="search-label" for="search">' in form
    assert "<button" in form
    assert 'name="q"' in form
    answer = client.get(courses, {"q": "truckf"})
    assert [course.title for course in answer.context["page"]] == ["Truckførerbevis"]


def test_a_new_search_keeps_what_else_is_chosen(client, school):
    form = FIELD.search(client.get("/kurs/?q=truck&place=vestland&free=1").content.decode())[0]
    assert 'value="truck"' in form
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    assert hidden == [("place", "vestland"), ("free", "1")]


def test_the_number_of_questions_does_not_grow_with_what_is_found(
    client, school, django_assert_max_num_queries
):
    make_generation()
    for number in range(30):
        make_course(f"Truck {number}", categories=[make_category(f"Truckfag {number}")])
        make_place(f"Truckstad {number}")
    asked(client, "truckførerbevis")
    with django_assert_max_num_queries(16):
        asked(client, "truck")


# --- Months, which stand in no course -----------------------------------------------------------


@pytest.fixture
def in_two_months(in_november_2026, school):
    """Truck in January and in April, and something else in January of the year after that."""
    for course, day in (
        (school, dt.date(2027, 1, 12)),
        (school, dt.date(2027, 4, 20)),
        (make_course("Stillas"), dt.date(2028, 1, 11)),
    ):
        make_date(course, starts_on=day)


JANUARY = ("/kurs/?month=2027-01", "/kurs/?month=2028-01")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("januar", JANUARY),
        ("JAN", JANUARY),
        ("i januar", JANUARY),
        ("truck januar", ("/kurs/?q=truck&month=2027-01",)),
        ("januar truck 2027", ("/kurs/?q=truck&month=2027-01",)),
        ("januar 2028", ("/kurs/?month=2028-01",)),
        ("ja", ()),
        ("2027", ()),
        ("mars", ()),
        ("truck trinn 2 januar", ()),
    ],
)
def test_a_month_that_is_named_is_suggested_where_there_is_something(in_two_months, words, found):
    months = [link for _, link in suggestions.of(words).filters if link.kind == "month"]
    assert tuple(link.address for link in months) == found


def test_a_month_is_told_in_the_language_of_the_page(client, in_two_months):
    assert "Januar 2027" in asked(client, "januar")
    assert "«truck» i april 2027" in asked(client, "truck april")
    assert "“truck” in April 2027" in asked(client, "truck apr", "/en/search/suggestions/")


def test_a_list_that_finds_nothing_leads_to_the_month_that_was_meant(client, in_two_months):
    page = client.get("/kurs/?q=truck+januar").content.decode()
    assert "Ingen kurs passer" in page
    assert "/kurs/?q=truck&month=2027-01" in links(page)
    assert "«truck» i januar 2027: 1 kurs" in page
    assert "Januar 2028: 1 kurs" in client.get("/kurs/?q=januar").content.decode()
    kept = links(client.get("/kurs/?q=januar&place=oslo").content.decode())
    assert "/kurs/?place=oslo&month=2027-01" in kept
    assert client.get("/kurs/?q=stillas").context["months"] == ()


def test_a_course_named_after_a_month_is_found_as_ever(client, in_two_months):
    make_course("Aprilkurset")
    page = client.get("/kurs/?q=april").content.decode()
    assert "Aprilkurset" in page
    assert "Ingen kurs passer" not in page
