"""The page that shows every part in every state."""

import re
from pathlib import Path

import pytest
from django.conf import settings as site

from tests.factories import make_provider

pytestmark = pytest.mark.django_db

PAGES = ["/_komponenter/", "/en/_components/"]


@pytest.mark.parametrize("path", PAGES)
def test_the_page_of_components_is_there_in_each_language_and_kept_out_of_search(client, path):
    make_provider()
    answer = client.get(path)
    assert answer.status_code == 200
    assert '<meta name="robots" content="noindex' in answer.text
    assert f"Disallow: {path}" in client.get("/robots.txt").text


def test_the_page_asks_the_database_for_nothing_but_the_provider(client, django_assert_num_queries):
    make_provider()
    with django_assert_num_queries(1):
        client.get(PAGES[0])


def test_the_page_is_linked_from_no_other(client):
    make_provider()
    for path in ("/", "/kurs/", "/kalender/", "/nowhere/"):
        assert PAGES[0] not in client.get(path).text


# Not on the page of components, and why.
ELSEWHERE = {
    "laid out once, on the front page": "hero-inner hero-next hero-next-title band know",
    "laid out once, on a course or its date": (
        "course-top course-picture course-dates-part course-page course-foreign course-texts"
        " toc towns towns-count beside aside text-part"
    ),
    "laid out once, on the list": "finding-head within results-head sorting",
    "laid out once, on the calendar": (
        "calendar calendar-head calendar-name calendar-tools views turn turn-earlier turn-later"
        " jump jump-years jump-hits calendar-row calendar-count"
    ),
    "laid out once, on people and venues": (
        "taught taught-picture taught-words taught-dates later-dates directory directory-name"
        " region link-list held"
    ),
    "laid out once, for developers": "data-page named",
    "shown on other sites, with a stylesheet of their own": (
        "embed embed-offer embed-do embed-about embed-title embed-states embed-nothing embed-all"
    ),
    "on paper alone": "paper-only",
    "laid out once, elsewhere": "part-head receipt receipt-head wrap--narrow error-page error-code",
    "needs an uploaded file": "picture wordmark--logo",
    "appears while somebody types": (
        "suggestions-list suggestion-name suggestion-facts suggestions-all suggestions-none"
    ),
}


def classes_in_templates():
    """{class: a template that uses it}; those put together of several parts aside."""
    folder = Path(site.BASE_DIR) / "templates"
    found = {}
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(("admin/", "booking/mail/", "catalog/components/")):
            continue
        source = re.sub(r"{%.*?%}", "¤", re.sub(r"{#.*?#}", "", path.read_text()))
        source = re.sub(r"{{.*?}}", "¤¤", source)
        for said in re.findall(r'class="([^"]*)"', source):
            words = [re.sub("(?<!¤)¤$", "", word) for word in said.split()]
            found |= {word: name for word in words if "¤" not in word}
    return found


def test_each_class_of_the_templates_is_shown_or_said_why_not(client, settings):
    make_provider()
    settings.DEMO = True  # its banner is a part like any other
    shown = set()
    for said in re.findall(r'class="([^"]*)"', client.get(PAGES[0]).text):
        shown |= set(said.split())
    excused = {each for names in ELSEWHERE.values() for each in names.split()}
    missing = {each: name for each, name in classes_in_templates().items() if each not in shown}
    assert {each: name for each, name in missing.items() if each not in excused} == {}
    assert sorted(excused - missing.keys()) == [], "shown after all, or used no longer"
