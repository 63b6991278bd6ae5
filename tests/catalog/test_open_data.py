"""The page about open data: what it says is so, and its examples are alive."""

import re
from html import unescape

import pytest
from django.urls import reverse

from catalog.public_data.operations import FILTERS, operations
from tests.catalog.asking import make_school
from tests.catalog.test_pages_lists import text_of
from tests.factories import make_provider

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/apne-data/", "/en/data/"])
def test_every_address_on_it_answers(client, address):
    make_school()
    make_provider()
    page = client.get(address).content.decode()
    found = set(re.findall(r'<a href="(/[^"]+)"', page.partition("<main")[2]))
    assert len(found) > 15
    for each in found:
        assert client.get(unescape(each)).status_code == 200, each


def test_it_names_every_address_and_every_filter(client):
    make_school()
    words = unescape(text_of(client.get("/apne-data/")))
    for operation in operations():
        assert f"/api/v1{operation.path} " in words
    for parameter in FILTERS:
        assert f" {parameter.name}=" in words


def test_every_filter_is_shown_with_a_choice_that_finds_something(client):
    make_school()
    page = unescape(client.get("/apne-data/").content.decode())
    shown = re.findall(r"<dt><code>([a-z]+=[^<]+)</code>", page)
    assert [each.partition("=")[0] for each in shown] == [each.name for each in FILTERS]
    for each in shown:
        told = client.get(f"/api/v1/dates/?{each}").json()
        assert each.startswith("q=") or told["total"], each


def test_without_anything_on_offer_it_still_stands(client):
    page = client.get("/apne-data/")
    assert page.status_code == 200
    assert "/api/v1/courses/{id}/" in page.content.decode()


def test_its_four_uses_show_the_same_dates(client):
    make_school()
    page = client.get("/apne-data/").content.decode()
    queries = re.findall(
        r'href="(?:/kalender/|/api/v1/dates/|/kalender.ics|/kalender.atom)\?([^"]+)"', page
    )
    assert len(queries) == 4
    assert len(set(queries)) == 1
    told = client.get(f"/api/v1/dates/?{unescape(queries[0])}").json()
    assert told["total"] > 1


def test_it_says_the_limit_that_holds(client, settings):
    settings.LIMIT_DATA_ADDRESS_MIN = 77
    assert "Ett nettverk får 77 JSON-svar i minuttet" in text_of(client.get("/apne-data/"))


def test_hidden_instructors_are_no_filter(client, settings):
    settings.SHOW_INSTRUCTORS = False
    assert "instructor" not in text_of(client.get("/apne-data/"))


@pytest.mark.parametrize(("address", "words"), [("/", "Åpne data"), ("/en/", "Open data")])
def test_every_page_leads_to_it(client, address, words):
    there = reverse("public_data") if address == "/" else "/en/data/"
    assert f'<a href="{there}">{words}</a>' in client.get(address).content.decode()
