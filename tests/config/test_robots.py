"""What search engines may show, page type by page type: robots.txt, the page itself and the
sitemaps say the same. The types are the names in the lists of addresses, so that none is
forgotten."""

import re
from urllib.robotparser import RobotFileParser

import pytest
from django.urls import reverse
from django.utils import translation

from tests.catalog.sitemap_reading import entries
from tests.config.test_every_page import OF_ONE_VISITOR, PUBLIC, addresses, things
from tests.config.test_languages import folder, polish

__all__ = ["folder", "polish", "things"]  # fixtures
pytestmark = pytest.mark.django_db

LANGUAGES = ("nb", "en")
SITE = "http://testserver"

# The types that search engines may show, with the first of the states in PUBLIC only: another state
# is another choice, or what is gone. All other types they may not.
SHOWN = {
    *("home", "calendar", "course_list", "category", "course"),
    *("instructor_list", "instructor", "venue_list", "venue", "terms", "public_data"),
}
EVERY_STATE = {"terms"}
CANONICAL_ELSEWHERE = {"course_date"}  # to its course
PARTS = {"accent", "embed_script"}  # of pages: no page, but what they need to be looked at
FORBIDDEN = {"book", "components"}  # by robots.txt


def robots(client):
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").text.splitlines())
    return parser


def is_noindex(page):
    found = re.search(r'<meta name="robots" content="([^"]*)"', page.text)
    return "noindex" in f"{found and found[1]} {page.headers.get('X-Robots-Tag')}"


def canonical(page):
    return re.search(r'<link rel="canonical" href="([^"]*)"', page.text)[1]


def states(name, things):
    """(address, whether it is the first state) of a type, in both languages."""
    table = PUBLIC | OF_ONE_VISITOR
    for language in LANGUAGES:
        for number, address in enumerate(addresses(table, name, things, [language])):
            yield address, number == 0 or name in EVERY_STATE


def test_every_type_is_known():
    assert (PUBLIC | OF_ONE_VISITOR).keys() >= SHOWN | CANONICAL_ELSEWHERE | PARTS | FORBIDDEN


def test_what_may_be_shown_says_so_everywhere(client, things):
    in_sitemaps, allowed = entries(client, "/sitemap.xml"), robots(client)
    for name in sorted(SHOWN):
        for address, is_first in states(name, things):
            page = client.get(address)
            with_own_words = not (name == "terms" and address.startswith("/en/"))
            if is_first and with_own_words:
                assert not is_noindex(page), address
                assert canonical(page) == SITE + address
                assert address in in_sitemaps
            else:
                assert is_noindex(page) or canonical(page) != SITE + address, address
                assert address not in in_sitemaps
            assert allowed.can_fetch("*", SITE + address), address


def test_the_sitemaps_name_nothing_else(client, things):
    in_sitemaps = entries(client, "/sitemap.xml").keys()
    shown = {address for name in SHOWN for address, _ in states(name, things)}
    assert in_sitemaps <= shown


def test_a_date_names_its_course_as_the_page_to_show(client, things):
    allowed = robots(client)
    for name in sorted(CANONICAL_ELSEWHERE):
        for address, _ in states(name, things):
            page = client.get(address)
            assert address.startswith(canonical(page).removeprefix(SITE))
            assert canonical(page) != SITE + address
            assert allowed.can_fetch("*", SITE + address), address


@pytest.mark.parametrize(
    "name", sorted((PUBLIC | OF_ONE_VISITOR).keys() - SHOWN - CANONICAL_ELSEWHERE - PARTS)
)
def test_what_may_not_be_shown_says_so_where_robots_can_read_it(client, things, name):
    """By the page or by its headers, so that feeds and JSON can. Who is forbidden to read a page
    does not learn that it is not to be shown: robots.txt names only what is not worth reading."""
    allowed = robots(client)
    for address, _ in states(name, things):
        page = client.get(address)
        if page.status_code == 200:
            assert is_noindex(page), address
        assert allowed.can_fetch("*", SITE + address) == (name not in FORBIDDEN), address


def test_what_pages_are_made_of_may_be_fetched(client, things):
    allowed = robots(client)
    for path in ("/static/css/site.css", "/media/pictures/x-480.webp", "/media/cards/x.png"):
        assert allowed.can_fetch("*", SITE + path)
    for name in PARTS:
        for address, _ in states(name, things):
            assert allowed.can_fetch("*", SITE + address)


def test_the_desk_is_closed_to_robots(client):
    assert not robots(client).can_fetch("*", SITE + reverse("admin:index"))


def test_a_third_language_is_closed_where_the_others_are(client, polish):
    allowed = robots(client)
    for language in (*LANGUAGES, "pl"):
        with translation.override(language):
            assert not allowed.can_fetch("*", SITE + reverse("book", args=[5]))
            assert not allowed.can_fetch("*", SITE + reverse("components"))
            assert allowed.can_fetch("*", SITE + reverse("course_list"))
    assert "/pl/kursy/" in entries(client, "/sitemap-pl.xml")


def test_robots_txt_names_the_sitemaps_and_nothing_twice(client, settings):
    settings.SITE_URL = "https://kurs.example.no"
    answer = client.get("/robots.txt", headers={"host": "localhost"})
    lines = answer.text.splitlines()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Sitemap: https://kurs.example.no/sitemap.xml"
    assert len(lines) == len(set(lines))


def test_the_demo_is_closed_altogether(client, things, settings):
    settings.DEMO = True
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    for name in sorted(SHOWN):
        for address, _ in states(name, things):
            assert "noindex" in client.get(address).headers["X-Robots-Tag"], address
