"""The schedules of the settings are what the worker runs, no more and no less."""

import datetime as dt

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from catalog.models import Heartbeat
from catalog.tasks import beat

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", sorted(settings.SCHEDULES))
def test_each_scheduled_name_is_a_function(name):
    assert callable(import_string(settings.SCHEDULES[name]["func"]))


def install():
    call_command("install_schedules", verbosity=0)


def test_all_schedules_are_installed_once_however_often():
    install()
    before = list(Schedule.objects.order_by("pk").values())
    install()
    assert list(Schedule.objects.order_by("pk").values()) == before
    assert set(Schedule.objects.values_list("name", flat=True)) == set(settings.SCHEDULES)


def test_changed_ones_are_updated_and_strangers_removed():
    install()
    Schedule.objects.filter(name="refresh").update(func="catalog.tasks.gone", minutes=99)
    Schedule.objects.create(name="refresh", func="a.double")
    Schedule.objects.create(name="stranger", func="os.getcwd")
    install()
    kept = Schedule.objects.get(name="refresh")
    assert (kept.func, kept.minutes) == ("catalog.tasks.refresh_when_due", 1)
    assert not Schedule.objects.filter(name="stranger").exists()


def test_when_one_runs_next_is_not_moved_by_installing_again():
    install()
    at = timezone.now() + dt.timedelta(days=999)
    Schedule.objects.filter(name="refresh").update(next_run=at)
    install()
    assert Schedule.objects.get(name="refresh").next_run == at


def test_the_heartbeat_is_one_row_that_moves():
    assert Heartbeat.of("worker") is None
    beat()
    beat()
    assert Heartbeat.objects.count() == 1
    assert Heartbeat.of("worker").total_seconds() < 60


def test_no_table_of_the_refreshs_own_books_is_cached():
    """They are written all the time, and outside transactions: both are poison to cachalot."""
    books = {
        model._meta.db_table
        for model in apps.get_app_config("catalog").get_models()
        if model.__module__ == "catalog.models.refresh"
    }
    assert books <= set(settings.CACHALOT_UNCACHABLE_TABLES)
