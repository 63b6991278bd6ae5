"""Terms, and the pages for what goes wrong."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from catalog.models import Terms
from config import views
from tests.catalog.test_pages_lists import text_of
from tests.factories import make_provider, make_terms

pytestmark = pytest.mark.django_db


def test_each_kind_of_terms_has_an_address_in_each_language(client):
    for kind, norwegian, english in (
        (Terms.Kind.TERMS, "/vilkar/", "/en/terms/"),
        (Terms.Kind.WITHDRAWAL, "/angrerett/", "/en/right-of-withdrawal/"),
        (Terms.Kind.PRIVACY, "/personvern/", "/en/privacy/"),
    ):
        make_terms(kind, "nb", text=f"<p>Norsk {kind}</p>")
        make_terms(kind, "en", text=f"<p>English {kind}</p>")
        assert f"Norsk {kind}" in text_of(client.get(norwegian))
        assert f"English {kind}" in text_of(client.get(english))
        assert f'hreflang="en" href="http://testserver{english}"' in (
            client.get(norwegian).content.decode()
        )


def test_an_address_in_the_wrong_language_is_not_found(client):
    assert client.get("/terms/").status_code == 404
    assert client.get("/en/vilkar/").status_code == 404


def test_terms_are_sanitised_when_shown(client):
    make_terms(text='<h2>Pris</h2><p onclick="x()">Bindende</p><script>alert(1)</script>')
    body = client.get("/vilkar/").content.decode()
    assert "<h2>Pris</h2>" in body
    assert "<p>Bindende</p>" in body
    assert "alert(1)" not in body


def test_terms_that_are_not_in_force_yet_are_not_shown(client):
    make_terms(version="1", text="<p>Nå</p>")
    later = timezone.now() + timezone.timedelta(days=1)
    make_terms(version="2", text="<p>Senere</p>", published_at=later)
    said = text_of(client.get("/vilkar/"))
    assert "Nå" in said
    assert "Senere" not in said


def test_terms_without_a_text_say_how_to_get_it(client):
    make_provider(email="kurs@fjordskolen.example")
    response = client.get("/vilkar/")
    assert response.status_code == 200
    assert "ikke publisert ennå" in text_of(response)
    assert "mailto:kurs@fjordskolen.example" in response.content.decode()


def test_an_unknown_address_answers_with_our_own_page_in_its_language(client):
    make_provider(name="Fjordskolen")
    for page, words in (("/finnes/ikke/", "Her er det ingen side"), ("/en/x/y/", "no page here")):
        response = client.get(page)
        assert response.status_code == 404
        assert words in text_of(response)
        assert "Fjordskolen" in text_of(response)


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (views.bad_request, 400, "Forespørselen kunne ikke leses"),
        (views.forbidden, 403, "Du har ikke tilgang"),
    ],
)
def test_other_refusals_have_pages_of_our_own(view, status, words):
    request = RequestFactory().get("/")
    request.resolver_match = None
    response = view(request)
    assert response.status_code == status
    assert words in text_of(response)


def test_a_form_without_its_token_is_answered_with_how_to_mend_it():
    page = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert page.status_code == 403
    assert "Skjemaet kunne ikke kontrolleres" in text_of(page)
    assert "Tillat informasjonskapsler" in text_of(page)


def test_the_error_page_needs_neither_database_nor_context(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    body = response.content.decode()
    assert "Noe gikk galt" in body
    assert "Something went wrong" in body
    assert "e-post" not in body, "this site mails no receipts"
    assert not re.search(r"<style|<script|\sstyle=", body)


def test_every_page_has_a_skip_link_landmarks_and_one_h1(client):
    for page in ("/", "/en/", "/kurs/", "/kalender/", "/vilkar/", "/finnes-ikke/"):
        body = client.get(page).content.decode()
        assert '<a class="skip-link" href="#content">' in body
        assert body.count("<h1") == 1
        assert all(mark in body for mark in ("<header", "<nav", '<main id="content"', "<footer"))


def test_every_file_that_a_page_names_exists():
    base = get_template("base.html").template.source
    named = re.findall(r'{% static "([^"]+)" %}', base)
    folder = Path(settings.BASE_DIR) / "static"
    assert named
    assert [name for name in named if not (folder / name).is_file()] == []


def test_the_stylesheet_loads_nothing_from_elsewhere():
    styles = (Path(settings.BASE_DIR) / "static/css/site.css").read_text()
    assert "url(" not in styles
    assert "@import" not in styles


def test_bokmal_is_written_without_a_prefix_and_never_chosen_by_the_browser(client):
    response = client.get("/", headers={"accept-language": "en"})
    assert response.status_code == 200
    assert response.headers["Content-Language"] == "nb"
    assert "Accept-Language" not in response.headers.get("Vary", "")
    assert translation.get_language() == "nb"
