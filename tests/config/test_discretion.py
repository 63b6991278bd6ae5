"""Neither a log nor a mail about an error tells who a visitor is or what was typed."""

import io
import logging

import pytest
from django.core.mail import mail_admins
from django.test import Client
from django.urls import path

from config.discretion import discreet, where

TOKEN = "be2a2581b0bad6e90523eff8e3b92b3aeb54e861"
TYPED = {"booker_email": "kari@byggeksempel.no", "voucher_code": "GAVE1500"}


def breaks(request, **kwargs):
    booker_email = request.POST.get("booker_email")
    try:
        raise KeyError(booker_email)
    except KeyError as error:
        raise ValueError(f"cannot book {booker_email}") from error


urlpatterns = [path("booking/<str:token>/", breaks)]


@pytest.fixture
def log():
    """What the site writes into its log, as text: log()."""
    (console,) = (
        handler
        for handler in logging.getLogger("django").handlers
        if type(handler) is logging.StreamHandler  # not those of the test runner
    )
    before = console.setStream(io.StringIO())
    yield lambda: console.stream.getvalue()
    console.setStream(before)


@pytest.fixture
def site_that_breaks(settings):
    settings.ROOT_URLCONF = "tests.config.test_discretion"
    settings.ADMINS = [("", "desk@example.no")]
    return Client(raise_request_exception=False)


def test_an_error_is_reported_without_what_was_typed(site_that_breaks, mailoutbox, log):
    answer = site_that_breaks.post(f"/booking/{TOKEN}/?form=secret-of-the-form", TYPED)
    assert answer.status_code == 500
    (mail,) = mailoutbox
    for told in (mail.subject + mail.body, log()):
        assert "test_discretion.py" in told, "where it happened"
        assert "ValueError" in told
        assert "KeyError" in told, "and what led to it"
        for secret in (*TYPED.values(), TOKEN, "secret-of-the-form", "cannot book"):
            assert secret not in told


def test_a_secret_address_that_is_not_found_is_not_logged(client, db, log):
    assert client.get(f"/booking/{TOKEN}/").status_code == 404
    assert TOKEN not in log()
    assert "/booking/***/" in log()


@pytest.mark.parametrize(
    "body", ["&".join(f"x{n}=1" for n in range(20_000)), "x=" + "y" * 30_000_000]
)
def test_too_much_at_once_is_one_line_and_nobodys_mail(client, db, settings, mailoutbox, log, body):
    settings.ADMINS = [("", "desk@example.no")]
    answer = client.post("/booking/lenker/", body, "application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "for mye på en gang" in answer.text
    (line,) = log().splitlines()
    assert " WARNING django.security." in line
    assert not mailoutbox


def test_a_failed_task_is_logged_by_name_without_its_result(log):
    logging.getLogger("django-q").error(
        "Failed 'booking.tasks.send' (red-kilo) - kari@byggeksempel.no : Traceback ..."
    )
    assert "booking.tasks.send" in log()
    assert "kari" not in log()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"GET /booking/{TOKEN}/ 200", "GET /booking/***/ 200"),
        (f"/en/booking/{TOKEN}/calendar.ics", "/en/booking/***/calendar.ics"),
        ("/booking/ny/13100003/?form=abc#price", "/booking/ny/13100003/?form=***#price"),
        ("/booking/ny/13100003/", "/booking/ny/13100003/"),
        (f"GET /bedrift/12.{TOKEN} 200", "GET /bedrift/*** 200"),
        (f"/en/team/12.{TOKEN}/", "/en/team/***/"),
        ("/kurs/90001-varme-arbeider/", "/kurs/90001-varme-arbeider/"),
    ],
)
def test_only_the_secret_part_of_an_address_is_masked(text, masked):
    assert discreet(text) == masked


def test_no_exception_is_no_report():
    assert where(None) == ""


def test_mail_to_admins_still_goes_out(settings, mailoutbox):
    settings.ADMINS = [("", "desk@example.no")]
    mail_admins("The catalogue is old", "since yesterday")
    assert mailoutbox[0].to == ["desk@example.no"]
