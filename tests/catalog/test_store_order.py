"""A look at one date and a run of the refresh: older never overwrites newer, whoever comes last."""

import datetime as dt
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from catalog import shape
from catalog.models import Course, CourseDate, Product, Refresh, Venue
from catalog.progress import Progress
from catalog.staging import stage, stage_gone
from catalog.store import store_one
from catalog.switch import switch
from frontcore import CourseRecord, DateRecord, ProductRecord, SeatsRecord, VenueRecord

ROOT = Path(__file__).resolve().parents[2]
LONG_AGO = timezone.now() - dt.timedelta(hours=1)
RUN_ASKED = timezone.now() - dt.timedelta(seconds=30)
LOOK_ASKED = timezone.now()

COURSE = CourseRecord(id=7, title="Førstehjelp", kind="public")


def price(amount):
    values = {"id": 3, "kind": 2, "course_id": 7, "vat_percent": 25, "is_main": True}
    return ProductRecord(price=amount, **values)


def seen(**given):
    """A date as a look sees it."""
    values = {
        "id": 77,
        "course_id": 7,
        "course": COURSE,
        "title": "Førstehjelp",
        "starts_on": dt.date(2031, 3, 1),
        "ends_on": dt.date(2031, 3, 1),
        "venue": VenueRecord(id=4, title="Storgata 1"),
        "seats": SeatsRecord(capacity=20, free=13, booked=7),
        "products": (price(6900),),
        "gatherings": (),
        "instructors": (),
    }
    return DateRecord(**(values | given))


@pytest.fixture
def progress():
    """A run that has asked before the look."""
    store_one(seen(), LONG_AGO)
    return Progress(Refresh.objects.create(kind="full"))


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("kind", "remote_id"), [("date", 77), ("course", 7), ("product", 3)])
def test_what_a_look_has_seen_is_not_withdrawn_by_an_older_question(progress, kind, remote_id):
    stage_gone(progress.run, kind, [remote_id], RUN_ASKED)
    store_one(seen(), LOOK_ASKED)

    switch(progress)

    assert progress.run.withdrawn == 0
    for model in (Course, CourseDate, Product):
        assert not model.objects.exclude(withdrawn_at=None).exists()


@pytest.mark.parametrize(("kind", "remote_id"), [("date", 77), ("product", 3)])
def test_what_is_gone_after_the_look_is_withdrawn(progress, kind, remote_id):
    store_one(seen(), RUN_ASKED)
    stage_gone(progress.run, kind, [remote_id], LOOK_ASKED)
    switch(progress)
    assert progress.run.withdrawn == 1


def test_a_course_that_a_look_saw_open_is_not_hidden_by_an_older_list(progress):
    closed = COURSE.model_copy(update={"is_active": False})
    stage(progress.run, shape.rows_of_course(closed), RUN_ASKED)
    store_one(seen(), LOOK_ASKED)
    switch(progress)
    assert CourseDate.objects.get().public


def test_an_older_price_does_not_undo_a_look_that_found_it_unchanged(progress):
    stage(progress.run, [shape.row_of_product(price(6800))], RUN_ASKED)
    store_one(seen(), LOOK_ASKED)
    switch(progress)
    assert Product.objects.get().price == Decimal(6900)


def test_an_older_venue_does_not_undo_a_look_that_found_it_unchanged(progress):
    older = VenueRecord(id=4, title="Gamleveien 1")
    stage(progress.run, [shape.row_of_venue(older)], RUN_ASKED)
    store_one(seen(), LOOK_ASKED)
    switch(progress)
    assert Venue.objects.get().title == "Storgata 1"


# Two threads with connections of their own, on a database file: the run stands still in its
# switch, holding the lock, until the look is at its door.
TOGETHER = """
import json, sys, threading
from types import SimpleNamespace
import django
django.setup()
from django.core.management import call_command
call_command("set_up", verbosity=0)
from django.db import connection, transaction
from catalog import shape, store, switch
from catalog.models import CourseDate, Refresh
from catalog.progress import Progress
from catalog.staging import stage, stage_gone
from tests.ports import PATIENCE_S
from tests.catalog.test_store_order import LONG_AGO, LOOK_ASKED, RUN_ASKED, SeatsRecord, seen

within, at_the_door = threading.Event(), threading.Event()
store.store_one(seen(), LONG_AGO)
store.store_one(seen(id=78), LONG_AGO)
progress = Progress(Refresh.objects.create(kind="full"))
older = seen(status_id=3, seats=SeatsRecord(capacity=20, free=0, booked=20))
stage(progress.run, shape.rows_of_date(older), RUN_ASKED)
stage_gone(progress.run, "date", [78], RUN_ASKED)
before_the_end = switch.end_well

def stand_still(*arguments):
    within.set()
    assert at_the_door.wait(PATIENCE_S)
    before_the_end(*arguments)

def atomic():
    at_the_door.set()
    return transaction.atomic()

def go():
    switch.switch(progress)
    connection.close()

switch.end_well = stand_still
if sys.argv[1] == "look last":
    run = threading.Thread(target=go)
    run.start()
    assert within.wait(PATIENCE_S)
    store.transaction = SimpleNamespace(atomic=atomic)
    found = store.store_one(seen(), LOOK_ASKED)
    other = store.store_one(seen(id=78), LOOK_ASKED)
    run.join(PATIENCE_S)
else:
    at_the_door.set()
    found = store.store_one(seen(), LOOK_ASKED)
    other = store.store_one(seen(id=78), LOOK_ASKED)
    run = threading.Thread(target=go)
    run.start()
    run.join(PATIENCE_S)
now = CourseDate.objects.get(remote_id=77)
print(json.dumps({
    "seen": [found.status, found.seats.free, found.is_withdrawn, other.is_withdrawn],
    "stands": [now.status, now.seats.free, now.is_withdrawn],
    "gone": CourseDate.objects.exclude(withdrawn_at=None).count(),
}))
"""


@pytest.mark.parametrize("order", ["look last", "run last"])
def test_a_look_and_a_switch_at_the_same_time_leave_what_the_look_saw(order, tmp_path):
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "x" * 60,
        "FRONTCORE_API_KEY": "none",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-c", TOGETHER, order],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer["seen"] == [None, 13, False, False]
    assert answer["stands"] == [None, 13, False]
    assert answer["gone"] == 0
