"""Pages that belong to no app, and the headers of all of them."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from catalog.models import Heartbeat
from config import views
from config.middleware import Compressed

PAGES = ["/", "/kurs/", "/kalender/", "/en/", "/en/courses/", "/en/calendar/", "/robots.txt"]


def worker_seen(ago):
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now() - ago})


@pytest.mark.django_db
def test_health_is_good_while_the_worker_reports(client):
    worker_seen(timedelta(seconds=50))
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ago", "reason"),
    [(None, "not reported yet"), (timedelta(minutes=6), "silent for too long")],
)
def test_health_is_bad_and_says_why_when_the_worker_is_silent(client, ago, reason):
    if ago:
        worker_seen(ago)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert reason in answer.json()["reason"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PAGES, "/nowhere/", "/admin/login/"])
def test_every_page_has_a_policy_without_inline_code_or_third_parties(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "language"), [("/", "nb"), ("/en/", "en"), ("/healthz", "nb")])
def test_the_address_alone_decides_the_language(client, path, language):
    for wish in ("en", "nb", "de"):
        answer = client.get(path, headers={"accept-language": wish})
        assert answer.headers["Content-Language"] == language


@pytest.mark.django_db
def test_the_demo_asks_every_robot_to_stay_away(client, settings):
    settings.DEMO = True
    assert "noindex" in client.get("/").headers["X-Robots-Tag"]
    assert "Disallow: /\n" in client.get("/robots.txt").text


@pytest.mark.django_db
def test_robots_stay_out_of_bookings_in_both_languages(client):
    text = client.get("/robots.txt").text
    assert "Disallow: /booking/" in text
    assert "Disallow: /en/booking/" in text
    assert "Disallow: /\n" not in text


@pytest.mark.django_db
def test_an_unknown_address_has_a_page_of_our_own(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "/kurs/" in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "status"), [(views.bad_request, 400), (views.forbidden, 403)])
def test_refused_requests_have_pages_of_our_own(page, status):
    answer = page(RequestFactory().get("/"))
    assert answer.status_code == status
    assert b"<h1" in answer.content


def test_the_page_for_our_own_mistakes_needs_neither_database_nor_context():
    """No database mark here: a query would fail the test."""
    answer = views.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"<h1" in answer.content


@pytest.mark.django_db
def test_staff_who_forgot_their_password_find_the_way(client):
    assert "/admin/password_reset/" in client.get("/admin/login/").text
    assert client.get("/admin/password_reset/").status_code == 200


def test_pages_that_name_no_icon_have_one(client):
    assert client.get("/favicon.ico").headers["Location"].endswith("img/favicon.ico")


@pytest.mark.django_db
def test_words_travel_compressed_and_pictures_as_they_are(client):
    plain = client.get("/nowhere/")
    packed = client.get("/nowhere/", headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    picture = Compressed(lambda request: HttpResponse(b"\0" * 2000, content_type="image/webp"))
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in picture(request).headers
