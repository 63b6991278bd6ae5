"""A worker of its own process that dies where it is told to, or sweeps up after one that died.

Run with `python -m tests.booking.dying_worker VERB [REMOTE_ID]` and the environment of a demo.
"""

import os
import signal
import sys
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from booking import sending, tasks  # noqa: E402
from booking.models import Booking, Participant, hashed  # noqa: E402
from catalog.store import store_one  # noqa: E402
from catalog.upstream import open_frontcore  # noqa: E402


def die():
    os.kill(os.getpid(), signal.SIGKILL)


class Doomed:
    """Frontcore for a process that dies before the claim, after it, or after the answer."""

    def __init__(self, api, point):
        self.api, self.point = api, point

    def __getattr__(self, name):
        return getattr(self.api, name)

    def wait_for_slot(self):
        if self.point == "before-claim":
            die()
        self.api.wait_for_slot()

    def book(self, request, **options):
        if self.point == "after-claim":
            die()
        summary = self.api.book(request, **options)
        if self.point == "after-answer":
            die()
        return summary


def prepare(course_id, remote_id):
    """An empty site with one booking, saved and not sent."""
    call_command("createcachetable", database="cache", verbosity=0)
    call_command("migrate", verbosity=0)
    with open_frontcore() as api:
        coursedate = store_one(api.coursedate(course_id, remote_id))
    booking = Booking.objects.create(
        coursedate=coursedate,
        buyer="private",
        booker_firstname="Kari",
        booker_lastname="Fjeld",
        booker_email="kari@fjeld.example",
        booker_phone="+4741200000",
        language="nb",
        form_hash=hashed("form"),
        content_hash=hashed("content"),
        price_lines=[{"kind": "course", "unit": str(coursedate.course.price), "quantity": 1}],
    )
    Participant.objects.create(
        booking=booking, firstname="Ola", lastname="Hansen", email="ola@fjeld.example"
    )


def send(point):
    with open_frontcore() as api:
        sending.send(Booking.objects.get(), Doomed(api, point))


def sweep():
    """The net, twice: what the first pass has settled, a later one leaves alone."""
    settings.BOOKING_LEASE = timedelta(0)
    tasks.send_due_bookings()
    tasks.send_due_bookings()


def again():
    """The same booking, as it was before anything was sent."""
    Booking.objects.update(status="new", attempts=0, claimed_at=None, order_id=None)


def main(verb, *arguments):
    match verb:
        case "prepare":
            prepare(*map(int, arguments))
        case "die":
            again()
            send(*arguments)
        case "sweep":
            sweep()
    print(Booking.objects.get().status)


if __name__ == "__main__":
    main(*sys.argv[1:])
