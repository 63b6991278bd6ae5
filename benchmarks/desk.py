"""How long the course desk waits for a search: python benchmarks/desk.py [--bookings 20000].

Fills a database of its own in a temporary folder, then asks the admin's list for what callers say.
Prints milliseconds of the whole page; fails nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST = ("Kari", "Ola", "Åse", "Øyvind", "Bjørn", "Ingrid", "Per", "Nina", "Håkon", "Sunniva")
LAST = ("Hansen", "Johansen", "Ørn", "Ås", "Berg", "Fjeld", "Bakke", "Lie", "Dahl", "Moen", "Krog")
ASCII = str.maketrans("æøåØÅ", "eoaOA")
SEARCHES = (
    "{reference}",
    "{order}",
    "{phone}",
    "412 00 017",
    "sunniva ørn",
    "bygg.example",
    "nobody at all",
    "firma 123 as",
    "",
)


def fill(number: int) -> None:
    from django.utils import timezone

    from booking.models import Booking, Participant, hashed
    from tests.factories import make_course, make_date

    course = make_course()
    dates = [make_date(course, days=days) for days in range(1, 101)]
    now = timezone.now()
    bookings = []
    for count in range(number):
        first, last = FIRST[count % 10], LAST[count % 11]
        bookings.append(
            Booking(
                reference=f"B{count:07}",
                link_seed=f"{count:032}",
                link_hash=hashed(str(count)),
                form_hash=hashed(f"f{count}"),
                content_hash=hashed(f"c{count}"),
                coursedate=dates[count % 100],
                status=("confirmed", "waiting", "refused")[count % 3],
                order_id=300_000 + count,
                created_at=now - timezone.timedelta(minutes=20 * count),
                expires_at=now,
                buyer="company",
                booker_firstname=first,
                booker_lastname=last,
                booker_email=f"{first}.{last}{count}@bygg.example".lower().translate(ASCII),
                booker_phone=f"+47412{count:05}",
                company=f"Firma {count} AS",
                language="nb",
            )
        )
    bookings = Booking.objects.bulk_create(bookings, batch_size=500)
    people = (
        Participant(
            booking=booking,
            firstname=FIRST[(count + each) % 10],
            lastname=LAST[(count * 3 + each) % 11],
            email=f"p{count}.{each}@bygg.example",
        )
        for count, booking in enumerate(bookings)
        for each in range(3)
    )
    Participant.objects.bulk_create(people, batch_size=1000)


def measure(times: int) -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.urls import reverse

    from booking.models import Booking

    setup_test_environment()  # responses tell what they found
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.create_superuser("ida"))
    some = Booking.objects.order_by("pk")[Booking.objects.count() // 2]
    known = {"reference": some.reference, "order": some.order_id, "phone": some.booker_phone}
    pages = [("admin:booking_booking_changelist", words.format(**known)) for words in SEARCHES]
    for name, words in [*pages, ("admin:booking_queue_changelist", "")]:
        took = []
        for _ in range(times):
            began = time.perf_counter()
            answer = client.get(reverse(name), {"q": words} if words else {})
            took.append(1000 * (time.perf_counter() - began))
        found = answer.context["cl"].result_count if "cl" in answer.context else ""
        what = words or name.split("_")[1]
        middle = statistics.median(took)
        print(f"{middle:6.0f} ms (worst {max(took):5.0f})  {what!r:28} {found}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DEMO": "1", "DATA_DIR": folder, "STATIC_ROOT": f"{folder}/static"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("createcachetable", database="cache", verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        fill(options.bookings)
        measure(options.times)


if __name__ == "__main__":
    main()
