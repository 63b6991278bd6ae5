"""One visitor's form, sent by ten impatient presses at the same moment, against a real database.

Run with `python -m tests.booking.ten_presses COURSE_ID DATE_ID` and the environment of a demo;
prints what came of it as JSON.
"""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django_q.models import OrmQ  # noqa: E402

from booking import tasks  # noqa: E402
from booking.models import Booking  # noqa: E402
from catalog.store import store_one  # noqa: E402
from catalog.upstream import open_frontcore  # noqa: E402

PRESSES = 10
TYPED = {
    "buyer": "private",
    "booker_firstname": "Kari",
    "booker_lastname": "Fjeld",
    "booker_email": "kari@fjeld.example",
    "booker_phone": "41200000",
    "participant-0-firstname": "Ola",
    "participant-0-lastname": "Hansen",
    "accept_terms": "on",
}


def press_together(client, address, typed):
    """Where each of the presses leads."""
    start = Barrier(PRESSES)

    def press(_number):
        browser = Client()
        browser.cookies = client.cookies
        start.wait()
        try:
            return browser.post(address, typed)["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PRESSES) as pool:
        return list(pool.map(press, range(PRESSES)))


def main(course_id, date_id):
    call_command("createcachetable", database="cache")
    call_command("migrate", verbosity=0)
    with open_frontcore() as api:
        store_one(api.coursedate(course_id, date_id))
    client, address = Client(), reverse("book", args=[date_id])
    page = client.get(address).content.decode()
    form = {"form": re.search(r'name="form" value="([^"]+)"', page)[1]}
    client.post(address, TYPED | form | {"action": "preview"})
    led_to = press_together(client, address, TYPED | form | {"action": "send"})
    queued = [task.task["args"] for task in OrmQ.objects.all()]
    for arguments in [*queued, *queued]:  # and a worker that gets a task twice
        tasks.send(*arguments)
    (booking,) = Booking.objects.all()
    told = {"pages": sorted(set(led_to)), "queued": len(queued), "status": booking.status}
    print(json.dumps(told | {"page": reverse("receipt", args=[booking.link_token])}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
