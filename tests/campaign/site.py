"""The site of one lane of the campaign: its data, brought back to one state for each run."""

import shutil
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections, models
from django.db.models import F
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from catalog.store import store_one
from catalog.upstream import open_frontcore
from tests.campaign.bookings import COURSES
from tests.factories import make_provider, make_terms

# What a booking may take; hanging faults last until here.
LIMITS = {
    "connect_timeout_s": 0.8,
    "read_timeout_s": 0.8,
    "read_total_s": 0.8,
    "write_total_s": 0.8,
    "rate": 0,
}
#: Jobs of the schedule that have to do with a booking on its way, and none that forgets anything.
FORGETTING = ("forget", "anonym", "purge", "keep")


def prepare(template):
    """An empty site with the dates that are booked, as a folder to come back to. Made once."""
    if template.exists():
        return
    call_command("createcachetable", database="cache", verbosity=0)
    call_command("migrate", verbosity=0)
    make_provider(cancel_free_days=7, cancel_fee_days=2)
    make_terms()
    make_terms(language="en", text="<p>Booking is binding.</p>")
    with open_frontcore() as api:
        for date_id, course_id in COURSES.items():
            store_one(api.coursedate(course_id, date_id))
    connections.close_all()
    shutil.copytree(settings.DATA_DIR, template)


def restore(template):
    """The data as they were prepared. No process of the site may run."""
    connections.close_all()
    for path in Path(settings.DATA_DIR).iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(template, settings.DATA_DIR, dirs_exist_ok=True)


def hurry():
    """Short limits, so that a fault which hangs costs a second and not half a minute; and pages
    that need no collected static files."""
    settings.FRONTCORE = settings.FRONTCORE | LIMITS
    settings.CODE_CHECK_TIMEOUT_S = 0.6
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def grow_older(by):
    """Instead of waiting: everything that is stored of bookings happened that much earlier."""
    for model in apps.get_app_config("booking").get_models():
        moments = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.DateTimeField)
        ]
        if moments:
            model.objects.update(**{name: F(name) - by for name in moments})


def work_queue():
    """What the worker does: each task, and only then it is off the queue. A task that breaks is
    off the queue too, as with django-q's `ack_failures`; what it said is returned."""
    broken = []
    while queued := OrmQ.objects.order_by("pk").first():
        task = queued.task
        try:
            import_string(task["func"])(*task["args"], **task.get("kwargs", {}))
        except Exception as error:
            broken.append(f"{task['func']}: {type(error).__name__}: {error}")
        queued.delete()
    return broken


def sweep():
    """The jobs of the schedule, once each."""
    broken = []
    for name, job in settings.SCHEDULES.items():
        if job["func"].startswith("booking.") and not name.startswith(FORGETTING):
            try:
                import_string(job["func"])()
            except Exception as error:
                broken.append(f"{job['func']}: {type(error).__name__}: {error}")
    return broken


def work(older=timedelta(0)):
    """Time passes, and the worker does what is due."""
    if older:
        grow_older(older)
    return work_queue() + sweep() + work_queue()
