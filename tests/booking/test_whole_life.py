"""A booking from the form to the day its people are forgotten, with everything that the worker does
on its way, also where it fails: nothing of what was typed stands in a log, a task or the history,
and at the end it stands nowhere."""

import datetime as dt
import logging

import pytest
from django.conf import settings as site
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ, Task

from booking.models import Booking, BookingEvent, Draft, FollowUp, Mail, Question
from catalog.models import CourseDate, Provider
from tests.booking.conftest import filled
from tests.booking.forgetting import found_in_tables

LOGGERS = ("booking", "catalog", "frontcore", "config", "django-q", "django.request", "django")
PEOPLE = {
    "booker_firstname": "Vibeke",
    "booker_lastname": "Trollstad",
    "booker_email": "vibeke@trollstad.example",
    "booker_phone": "90 80 70 60",
    "company": "Trollstad Rør ENK",
    "invoice_reference": "Att-VT-4471",
    "invoice_email": "regnskap@trollstad.example",
    "invoice_address": "Huldrebakken 7",
    "invoice_city": "Båtsfjord",
    "campaign_code": "SOMMER10",
    "voucher_code": "GAVE1500",
}
TYPED = ("Trollstad", "Vibeke", "Skjalg", "Ørnebu", "@trollstad", "@bygg.example", "Huldrebakken")
TYPED += ("90807060", "90 80 70 60", "SOMMER10", "GAVE1500", "Att-VT-4471", "Båtsfjord")


class Worker:
    """Does what the schedules and the queue say, as the cluster would, and keeps its results."""

    @staticmethod
    def run(func, *args, **kwargs):
        result, success = None, True
        try:
            result = import_string(func)(*args, **kwargs)
        except Exception as error:  # as django-q2 keeps it
            result, success = f"{error}", False
        now = timezone.now()
        Task.objects.create(
            id=f"{Task.objects.count():032}",
            name=func,
            func=func,
            args=args,
            kwargs=kwargs,
            result=result,
            success=success,
            started=now,
            stopped=now,
        )

    def work(self):
        """All that is queued, then each schedule once."""
        Mail.objects.filter(state=Mail.State.DUE).update(due_at=timezone.now())
        FollowUp.objects.filter(state=FollowUp.State.DUE).update(due_at=timezone.now())
        for queued in OrmQ.objects.all():
            task = queued.task
            assert_discreet(str(task))
            self.run(task["func"], *task["args"], **task["kwargs"])
        for wanted in site.SCHEDULES.values():
            if wanted["func"].startswith("booking."):
                self.run(wanted["func"])


def assert_discreet(text):
    assert [word for word in TYPED if word.casefold() in text.casefold()] == []


@pytest.fixture
def log(caplog):
    for name in LOGGERS:
        caplog.set_level(logging.DEBUG, name)
    return caplog


@pytest.fixture
def worker(settings):
    settings.LEGAL_BASIS, settings.LEGAL_PURPOSE = 2, 117
    OrmQ.objects.all().delete()
    return Worker()


@pytest.fixture
def book(visit):
    def book(**changes):
        names = ("Skjalg Ørnebu", "Vibeke Trollstad")
        visitor = visit(13100031).preview(filled(*names, **PEOPLE | changes)).book()
        assert visitor.page.status_code == 200
        return Booking.objects.latest("pk")

    return book


def forget(worker, booking):
    """Let a year pass."""
    long_ago = timezone.localdate() - dt.timedelta(days=400)
    CourseDate.objects.filter(pk=booking.coursedate_id).update(starts_on=long_ago, ends_on=long_ago)
    before = timezone.now() - dt.timedelta(days=400)
    Booking.objects.update(created_at=before)
    BookingEvent.objects.update(at=before)
    booking.coursedate.refresh_from_db()
    Draft.objects.update(saved_at=before)
    OrmQ.objects.all().delete()  # done long ago
    worker.run("booking.tasks.forget_drafts")
    worker.run("booking.tasks.forget_people")


def assert_nothing_told(log, token):
    assert_discreet(log.text)
    assert token not in log.text
    for task in Task.objects.all():
        assert_discreet(f"{task.name} {task.args} {task.kwargs} {task.result}")
    for event in BookingEvent.objects.all():
        assert_discreet(f"{event.by} {event.note}")


def test_nothing_typed_is_told_on_the_way_and_nothing_is_left_in_the_end(
    book, worker, log, client, simulator
):
    Provider.objects.update(cancel_free_days=1)
    Question.objects.create(label_nb="Allergi?", property_name="allergi")
    booking = book()
    token = booking.link_token
    worker.work()
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CONFIRMED
    assert len(mail.outbox) >= 2
    client.get(reverse("receipt", args=[token]))
    assert set(FollowUp.objects.values_list("state", flat=True)) == {FollowUp.State.DONE}
    client.post(reverse("booking_cancel", args=[token]), {"shown": "free", "sure": "on"})
    worker.work()
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CANCELLED
    assert_nothing_told(log, token)
    forget(worker, booking)
    booking.refresh_from_db()
    assert booking.anonymised_at
    assert found_in_tables([*TYPED, token]) == set()
    assert client.get(reverse("receipt", args=[token])).status_code == 404
    assert_nothing_told(log, token)


@pytest.mark.parametrize("fault", ["html_500", "accept_then_reset", "busy", "error"])
def test_nothing_typed_is_told_where_frontcore_and_the_mail_server_fail(
    book, worker, log, simulator, settings, fault
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    booking = book()
    simulator.fault("POST", "/booking", fault, code="participant_email_invalid_empty")
    worker.work()
    worker.work()
    assert booking.mails.filter(attempts__gt=0).exists()
    assert booking.mails.exclude(problem="").exists()
    for one in booking.mails.all():
        assert_discreet(one.problem)
    booking.refresh_from_db()
    assert_nothing_told(log, booking.link_token)


def test_a_task_that_breaks_is_kept_without_what_was_typed(book, worker, log, settings):
    booking = book()
    settings.FRONTCORE = {}
    settings.MAIL_TO = None
    worker.work()
    assert Task.objects.filter(success=False).exists()
    assert_nothing_told(log, booking.link_token)
