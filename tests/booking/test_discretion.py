"""When something breaks, the report tells where, and nothing of who typed what."""

import sys

import pytest
from django.core.signals import got_request_exception
from django.test import Client
from django.views.debug import ExceptionReporter

from tests.booking.conftest import filled

SECRETS = (
    "Fjeld",
    "kari@",
    "41 20 00 00",
    "Bygg Eksempel",
    "GAVE1500",
    "SOMMER10",
    "Ørn",
    "974 760 673",
)


@pytest.fixture
def reports():
    """What Django's own report would say of each exception, in full."""
    told = []

    def report(sender, request, **kwargs):
        reporter = ExceptionReporter(request, *sys.exc_info(), is_email=True)
        told.append(reporter.get_traceback_html() + reporter.get_traceback_text())

    got_request_exception.connect(report)
    yield told
    got_request_exception.disconnect(report)


@pytest.fixture
def typed():
    return filled(campaign_code="SOMMER10", voucher_code="GAVE1500")


@pytest.mark.parametrize("strict", [False, True], ids=["", "without CSRF token"])
def test_a_form_that_breaks_the_site_is_reported_without_its_content(
    visit, settings, reports, typed, strict
):
    visitor = visit()
    if strict:  # mistakes in the settings that show only at work
        settings.BOOKING_MAX_PARTICIPANTS = "many"
    else:
        settings.FRONTCORE = {}
    client = Client(enforce_csrf_checks=strict, raise_request_exception=False)
    answer = client.post(visitor.address, typed | {"form": visitor.token, "action": "preview"})
    assert answer.status_code == 500
    (report,) = reports
    assert "booking/views/" in report
    for secret in (*SECRETS, visitor.token):
        assert secret not in report


def test_a_filled_form_that_cannot_be_shown_is_reported_without_its_content(
    visit, settings, reports, typed
):
    visitor = visit().preview(typed)
    settings.BOOKING_MAX_PARTICIPANTS = "many"
    visitor.client.raise_request_exception = False
    assert visitor.reload().page.status_code == 500
    (report,) = reports
    assert "booking/views/" in report
    for secret in SECRETS:
        assert secret not in report
