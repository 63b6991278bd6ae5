"""Staff are told when the copy has become too old: once for each outage."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog.models import Generation, Refresh
from catalog.watch import tell_if_stale
from tests.catalog.running import run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff(settings):
    settings.ADMINS = [("", "drift@example.no")]
    settings.REFRESH_STALE_AFTER = dt.timedelta(hours=2)


def checked(**ago):
    Generation.current()
    Generation.objects.update(checked_at=timezone.now() - dt.timedelta(**ago))


def test_a_fresh_copy_is_no_news(mailoutbox):
    checked(minutes=90)
    assert not tell_if_stale()
    assert mailoutbox == []


def test_an_old_copy_is_told_once_with_its_reason(mailoutbox):
    checked(hours=3)
    Refresh.objects.create(
        kind="full", ended_at=timezone.now(), outcome="failed", error="Frontcore does not answer"
    )
    assert tell_if_stale()
    assert not tell_if_stale()
    [mail] = mailoutbox
    assert mail.to == ["drift@example.no"]
    assert "Frontcore does not answer" in mail.body


def test_the_next_outage_is_told_again(mailoutbox, simulator):
    checked(hours=3)
    tell_if_stale()
    run()
    checked(hours=3)
    assert tell_if_stale()
    assert len(mailoutbox) == 2


def test_a_mail_that_could_not_be_sent_is_tried_again(settings):
    checked(hours=3)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert not tell_if_stale()
    assert Generation.current().stale_told_at is None
