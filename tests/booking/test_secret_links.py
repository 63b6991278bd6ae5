"""Every page under a secret address: kept nowhere, named to nobody, found by its hash only.

The list is that of the addresses themselves, so that a new page is held to the same.
"""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.apps import apps
from django.core.signing import Signer
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from booking import urls
from booking.models import TeamLink
from config.discretion import discreet

ARGUMENTS = {  # of addresses that say more than the token
    "kind": "cancel",
    "person": 0,
    "remote_id": 13100001,
}
SECRET = [pattern for pattern in urls.urlpatterns if "<str:token>" in str(pattern.pattern)]
NAMES = [f"{pattern.name} {pattern.pattern}" for pattern in SECRET]


def address(pattern, token, language="nb"):
    with translation.override(language):
        names = re.findall(r"<\w+:(\w+)>", str(pattern.pattern))
        arguments = {name: ARGUMENTS.get(name) for name in names} | {"token": token}
        return reverse(pattern.name, kwargs=arguments)


@pytest.fixture
def tokens(booked, work, db):
    """The secrets of a confirmed booking and of a team link."""
    booked()
    link = TeamLink.objects.create(
        name="Bygg", company="Bygg AS", expires_at=timezone.now() + timedelta(days=9)
    )
    booking = work().link_token
    return lambda pattern: link.token if pattern.name == "team" else booking


def wrong(token):
    """As long and as well made, of nothing that exists."""
    return "e" * len(token) if "." not in token else Signer(sep=".", salt="another").sign(99)


def test_there_are_such_pages():
    assert {"receipt", "booking_again", "team"} <= {pattern.name for pattern in SECRET}


TAKES_POSTS = {"booking_cancel", "booking_change", "booking_change_ask"}


@pytest.mark.parametrize("pattern", SECRET, ids=NAMES)
def test_it_is_kept_nowhere_and_named_to_nobody(tokens, pattern):
    right = tokens(pattern)
    for token, language, method in product(
        (right, wrong(right)), ("nb", "en"), ("get", "head", "post")
    ):
        page = getattr(Client(), method)(address(pattern, token, language))
        assert page.status_code in (
            {200, 302, 303, 400, 404, 405} if token == right else {404, 405}
        )
        assert page["Cache-Control"] == "no-store"
        assert "noindex" in page["X-Robots-Tag"]
        may_say = {"same-origin"} if 'method="post"' in page.text else {"no-referrer"}
        if pattern.name in TAKES_POSTS:
            may_say |= {"same-origin"}
        assert page["Referrer-Policy"] in may_say


@pytest.mark.parametrize("pattern", SECRET, ids=NAMES)
def test_a_wrong_secret_is_not_found_whatever_is_wrong_with_it(tokens, pattern):
    token = tokens(pattern)
    bodies = set()
    for guess in (wrong(token), token[:-1], token + "a", token.swapcase(), "x", "%00", "æøå"):
        page = Client().get(address(pattern, guess))
        assert page.status_code == 404, guess
        bodies.add(re.sub(r'(href|lang)="[^"]*"', "", page.text))  # the link to the other language
    assert len(bodies) == 1


@pytest.mark.parametrize("pattern", SECRET, ids=NAMES)
def test_it_is_masked_in_every_log(tokens, pattern):
    for language in ("nb", "en"):
        for token in (tokens(pattern), wrong(tokens(pattern))):
            where = address(pattern, token, language)
            assert token not in discreet(f"GET {where} 200")
            assert token not in discreet(f"Not Found: {where}?form=x")
            assert token not in discreet(f"https://kurs.example{where}")


@pytest.mark.parametrize("pattern", SECRET, ids=NAMES)
def test_nobody_looks_for_the_secret_itself(tokens, pattern):
    token = tokens(pattern)
    with CaptureQueriesContext(connection) as queries:
        Client().get(address(pattern, token))
    assert queries
    for query in queries:
        assert token not in query["sql"]
        assert token.split(".")[-1] not in query["sql"]


def test_no_secret_stands_in_any_table(tokens):
    secrets = {tokens(pattern) for pattern in SECRET}
    assert len(secrets) == 2
    for pattern in SECRET:
        Client().get(address(pattern, tokens(pattern)))
    for model in apps.get_models():
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model.objects.values_list(*fields) if fields else ():
            assert not any(secret in str(row) for secret in secrets), model


def test_the_form_and_the_links_page_are_in_no_index_and_no_shared_cache(visit):
    visitor = visit()
    for where in (visitor.address, reverse("booking_links")):
        page = visitor.client.get(where)
        assert "noindex" in page["X-Robots-Tag"]
        assert "private" in page["Cache-Control"]
