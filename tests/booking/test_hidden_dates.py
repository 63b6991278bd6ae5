"""A date that is not public is nobody's business, but what was typed while it was is not lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.models import Booking, Draft, new_form_token
from tests.booking.conftest import filled
from tests.booking.copies import copied
from tests.factories import make_date

NEVER = {"internal": 13100016, "corporate": 13100017, "hidden": 13100007, "child": 13100014}


@pytest.fixture(params=NEVER)
def secret_date(request, simulator, provider):
    coursedate = copied(NEVER[request.param])
    assert not (coursedate.public and coursedate.course.public)
    return coursedate


def hide(coursedate):
    coursedate.public = False
    coursedate.save()


def address_of(coursedate):
    return reverse("book", args=[coursedate.remote_id])


@pytest.mark.parametrize("action", ["preview", "add", "add-several", "send"])
@pytest.mark.parametrize("strict", [False, True], ids=["", "without CSRF token"])
def test_nothing_is_told_of_a_date_that_is_not_public(client, secret_date, action, strict):
    browser = Client(enforce_csrf_checks=strict)
    other = make_date()
    for token in ("", "guessed", "a.b.c", "x" * 200, new_form_token(other)):
        typed = filled() | {"form": token, "action": action}
        answer = browser.post(address_of(secret_date), typed)
        unknown = browser.post(reverse("book", args=[99]), typed)
        assert answer.status_code == unknown.status_code == 404
        assert secret_date.course.title not in answer.content.decode()
    assert client.get(address_of(secret_date)).status_code == 404
    assert not Draft.objects.exists()


def test_a_date_hidden_before_the_first_press_loses_nothing(visit, simulator):
    visitor = visit()
    hide(visitor.coursedate)
    simulator.edit(coursedate=13100001, set={"is_visible": False})
    visitor.press("add", filled())
    assert visitor.typed() == filled()
    visitor.preview()
    assert visitor.codes == {"date_withdrawn"}
    assert visitor.typed() == filled()
    visitor.press("send", visitor.typed() | {"accept_terms": "on"})
    assert not Booking.objects.exists()


def test_a_date_hidden_and_a_session_expired_lose_nothing_together(visit):
    visitor = visit()
    hide(visitor.coursedate)
    strict = Client(enforce_csrf_checks=True)
    typed = filled() | {"form": visitor.token, "action": "preview"}
    for _ in range(2):  # the form that came back is as good as the first
        visitor.page = strict.post(visitor.address, typed)
        assert visitor.page.status_code == 403
        assert visitor.typed() == filled()
        typed["form"] = visitor.token


def test_the_draft_of_a_hidden_date_is_for_the_browser_that_typed(visit):
    visitor = visit().preview(filled())
    hide(visitor.coursedate)
    assert visitor.reload().typed() == filled()
    assert Client().get(visitor.location.split("#")[0]).status_code == 404


def test_a_form_opened_long_ago_tells_no_news_of_a_hidden_date(visit, settings):
    visitor = visit()
    hide(visitor.coursedate)
    settings.DRAFT_PERIOD = timedelta(seconds=-1)
    typed = filled() | {"form": visitor.token, "action": "preview"}
    assert visitor.client.post(visitor.address, typed).status_code == 404


def test_a_token_of_somebodys_own_making_is_not_taken(visit):
    visitor = visit()
    answer = visitor.client.post(visitor.address, filled() | {"form": "mine", "action": "preview"})
    assert "form=mine" not in answer["Location"]
    assert Draft.objects.of("mine") is None


def test_a_form_under_an_earlier_secret_of_the_site_is_still_good(visit, settings):
    visitor = visit()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 50
    token = visitor.token
    visitor.preview(filled())
    assert visitor.token == token


@pytest.mark.parametrize("what", ["date", "course"])
def test_the_form_of_a_date_long_withdrawn_is_gone_and_says_why(visit, settings, what):
    visitor = visit()
    withdrawn = visitor.coursedate if what == "date" else visitor.coursedate.course
    for ago, status in ((timedelta(days=1), 200), (settings.TOMBSTONE_PERIOD * 2, 410)):
        withdrawn.withdrawn_at = timezone.now() - ago
        withdrawn.save()
        page = visitor.go(visitor.address).page
        assert page.status_code == status
        assert "tilbys ikke lenger" in visitor.text
        assert visitor.coursedate.course.get_absolute_url() in visitor.text


def test_another_form_without_its_token_is_explained(provider):
    page = Client(enforce_csrf_checks=True).post(reverse("admin:login"), {"username": "x"})
    assert page.status_code == 403
    assert "Skjemaet kunne ikke kontrolleres" in page.content.decode()
    assert "de som jobber her" not in page.content.decode()
