"""The dying worker once more, with a cancellation in its hands.

Run with `python -m tests.booking.dying_canceller VERB …` and the environment of a demo.
"""

import sys
from datetime import timedelta

from tests.booking import dying_worker  # sets Django up

from django.conf import settings  # isort: skip
from django.utils import timezone  # isort: skip

from booking import cancelling, tasks  # isort: skip
from booking.models import Booking  # isort: skip
from catalog.upstream import open_frontcore  # isort: skip


class Doomed(dying_worker.Doomed):
    def deregister(self, *arguments, **options):
        if self.point == "after-claim":
            dying_worker.die()
        answer = self.api.deregister(*arguments, **options)
        if self.point == "after-answer":
            dying_worker.die()
        return answer


def prepare(course_id, remote_id):
    """An empty site with one confirmed booking."""
    dying_worker.prepare(course_id, remote_id)
    tasks.send(Booking.objects.get().pk)


def cancel(point):
    """Ask for the cancellation anew and die while sending it."""
    booking = Booking.objects.get()
    assert booking.remote_booking_id
    Booking.objects.update(status="confirmed", cancel_claimed_at=None)
    booking.refresh_from_db()
    assert booking.ask_to_cancel(with_fee=False)
    with open_frontcore() as api:
        cancelling.cancel(booking, Doomed(api, point))


def sweep():
    settings.BOOKING_LEASE = timedelta(0)
    Booking.objects.filter(cancel_due_at__isnull=False).update(cancel_due_at=timezone.now())
    tasks.send_due_bookings()
    tasks.send_due_bookings()


def main(verb, *arguments):
    match verb:
        case "prepare":
            prepare(*map(int, arguments))
        case "die":
            cancel(*arguments)
        case "sweep":
            sweep()
    print(Booking.objects.get().status)


if __name__ == "__main__":
    main(*sys.argv[1:])
