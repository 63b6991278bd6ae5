"""What holds for every type of page. The types are the names in the lists of addresses, so that
none is forgotten."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

import booking.urls
import catalog.urls
import catalog.urls_without_language
from catalog.colours import Palette
from catalog.models import Terms
from config.middleware import policy
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_instructor,
    make_provider,
    make_terms,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

ACCENT = "#006ad5"
DATA = r" type=\"application/ld\+json\">"  # no script, whatever its element is called
INLINE = rf"<style|\sstyle=|\son[a-z]+=|nonce=|javascript:|<script(?![^>]*\ssrc=|{DATA})"
LOADED = (
    r"<(?:script|img|source|iframe|embed|video|audio)\b[^>]*?\s(?:src|srcset|poster)=\"([^\"]*)"
    r"|<link rel=\"(?:icon|alternate icon|stylesheet|preload|modulepreload|preconnect)\" "
    r"[^>]*?href=\"([^\"]*)"
)


@pytest.fixture
def things():
    """What the addresses name."""
    make_provider(accent=ACCENT, embedding_sites="*.partner.example")
    make_generation()
    for kind in Terms.Kind:
        make_terms(kind)
    category, person, room = make_category(), make_instructor(), make_venue()
    course = make_course(categories=[category])
    make_text(course)
    date = make_date(course, venue=room, instructors=[person])
    meeting = make_gathering(date, venue=room, instructors=[person], theme="Praksis")
    now = timezone.now()
    return {
        "category": category,
        "instructor": person,
        "venue": room,
        "course": course,
        "date": date,
        "gathering": meeting,
        "full": make_date(course, seats_free=0),
        "withdrawn course": make_course("Borte", withdrawn_at=now),
        "withdrawn date": make_date(course, withdrawn_at=now),
    }


def names(urls):
    return {pattern.name for pattern in urls.urlpatterns}


PUBLIC = {  # type of page: what its address is made of; and in other states
    "home": [[]],
    "calendar": [[], "?q=drage"],
    "calendar_month": [["year", "month"]],
    "calendar_grid": [[]],
    "calendar_grid_month": [["year", "month"]],
    "suggestions": ["?q=hjelp"],
    "calendar_feed": [[], "?q=drage"],
    "new_dates": [[], "?q=drage"],
    "new_courses": [[], "?q=drage"],
    "course_feed": [["id"]],
    "date_feed": [["id", "date"], ["id", "withdrawn date"]],
    "gathering_feed": [["id", "date", "gathering"]],
    "course_list": [[], "?sort=date", "?q=drage&form=online", "?place=atlantis"],
    "category": [["category"]],
    "course": [["course"], ["withdrawn course"]],
    "course_by_id": [["id"]],
    "course_date": [["course", "date"], ["course", "full"], ["course", "withdrawn date"]],
    "embed_list": [[], "?show=courses&number=2&sort=date", "?place=atlantis"],
    "embed_button": [["id"]],
    "embed_date_button": [["id", "date"], ["id", "full"]],
    "embed_script": [[]],
    "instructor_list": [[]],
    "instructor": [["instructor"]],
    "venue_list": [[]],
    "venue": [["venue"]],
    "components": [[]],
    "accent": [["accent"]],
    "terms": [["terms"], ["withdrawal"], ["privacy"]],
    "public_data": [[]],
    "api_index": [[]],
    "api_document": [[]],
    "api_courses": [[], "?form=online&sort=date&per_page=1"],
    "api_course": [["id"]],
    "api_dates": [[], "?free=1"],
    "api_date": [["date"]],
    "api_categories": [[]],
    "api_levels": [[]],
    "api_places": [[]],
    "api_venues": [[]],
    "api_instructors": [[]],
    "api_unknown": [[]],
    "sitemap_index": [[]],
    "sitemap": [["language"]],
}
FRAMED = {"embed_list", "embed_button", "embed_date_button"}  # by whom staff have named, only these
NOT_FOUND = {"api_unknown"}  # what an address leads to that is none
OF_ONE_VISITOR = {
    "book": [["date"], ["full"], ["withdrawn date"]],
    "booking_links": [[]],
    "booking_links_asked": [[]],
    "course_interest": [["course"], ["withdrawn course"]],
    "course_interest_thanks": [["course"]],
    "interest_stopped": [[]],
    "interest_stop": [["token"]],
    "team": [["token"]],
    "receipt": [["token"]],
    "booking_again": [["token"]],
    "booking_cancel": [["token"]],
    "booking_change": [["token"]],
    "booking_change_ask": [["token", "kind"]],
    "booking_calendar_file": [["token"]],
    "booking_gathering_file": [["token", "id"]],
}


def addresses(states, name, things, languages=("nb",)):
    """The addresses of a page in each of its states."""
    first = things["date"].starts_on
    plain = {
        "id": [things["course"].remote_id],
        "year": [first.year],
        "month": [first.month],
        "accent": [Palette.of(ACCENT).name],
        "token": ["x" * 43],
        "kind": ["other"],
        "language": ["en"],
    } | {kind: [kind] for kind in Terms.Kind}
    for language in languages:
        for parts, query in (([], it) if isinstance(it, str) else (it, "") for it in states[name]):
            args = []
            for part in parts:
                args += plain.get(part) or named(things[part])
            with translation.override(language):
                yield reverse(name, args=args) + query


def named(thing):
    """How an address names it."""
    return [thing.remote_id, thing.slug] if hasattr(thing, "slug") else [thing.remote_id]


def test_every_address_is_of_a_known_type():
    assert names(catalog.urls) | names(catalog.urls_without_language) == PUBLIC.keys()
    assert names(booking.urls) == OF_ONE_VISITOR.keys()


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_may_be_kept_by_any_cache(client, things, name):
    for address in addresses(PUBLIC, name, things, ["nb", "en"]):
        page = client.get(address)
        body = page.content.decode()
        assert page.status_code in ({404} if name in NOT_FOUND else {200, 301}), address
        assert not page.cookies, address
        assert page.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding", address
        assert not re.search(r"method=.?post|csrf", body, re.IGNORECASE), address
        assert "private" not in page.headers.get("Cache-Control", ""), address


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_the_same_for_everyone(client, admin_client, things, name):
    """Staff who are logged in, and whoever wishes for another language, see what the cache has."""
    admin_client.cookies["team"] = "x" * 43
    for address in addresses(PUBLIC, name, things):
        page = client.get(address)
        theirs = admin_client.get(address, headers={"accept-language": "en", "user-agent": "x"})
        assert theirs.content == page.content, address
        assert not theirs.cookies, address
        assert theirs.headers.get("Vary") == page.headers.get("Vary"), address


@pytest.mark.parametrize("name", OF_ONE_VISITOR)
def test_a_page_of_one_visitor_is_in_no_index_and_no_shared_cache(client, things, name):
    for address in addresses(OF_ONE_VISITOR, name, things, ["nb", "en"]):
        page = client.get(address)
        assert page.status_code in {200, 404, 405, 410}, address
        if page.status_code != 405:
            assert "noindex" in page.headers["X-Robots-Tag"], address
            kept = page.headers["Cache-Control"]
            assert "private" in kept or "no-store" in kept, address


@pytest.mark.parametrize("name", PUBLIC | OF_ONE_VISITOR)
def test_nothing_stands_inline_and_nothing_comes_from_elsewhere(client, things, name):
    for address in addresses(PUBLIC | OF_ONE_VISITOR, name, things):
        page = client.get(address)
        body = page.content.decode()
        ancestors = "'self' https://*.partner.example" if name in FRAMED else "'none'"
        framing = None if name in FRAMED else "DENY"
        assert page.headers["Content-Security-Policy"] == policy(ancestors), address
        assert page.headers.get("X-Frame-Options") == framing, address
        assert not re.search(INLINE, body), address
        for found in re.finditer(LOADED, body):
            for source in filter(None, found.groups()):
                assert source.startswith("/"), source
                assert not source.startswith("//"), source
