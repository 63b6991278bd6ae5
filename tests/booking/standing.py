"""A booking that stands in Frontcore, made without the form, and its visitor's page."""

import re
from datetime import timedelta
from html import unescape

from django.urls import reverse
from django.utils import timezone

from booking import tasks
from booking.models import Booking, Participant, hashed
from catalog.models import CourseDate, Provider
from tests.booking.copies import copied

DEREGISTER = "/booking/*/deregister"

PEOPLE = ("Ola Hansen", "Åse Ørn")


def saved(remote_id=13100031, people=PEOPLE, **given):
    """A booking that was saved and not sent."""
    coursedate = copied(remote_id)
    price = coursedate.course.price
    number = Booking.objects.count()
    values = {
        "coursedate": coursedate,
        "buyer": "company",
        "booker_firstname": "Kari",
        "booker_lastname": "Fjeld",
        "booker_email": "kari@bygg.example",
        "booker_phone": "+4741200000",
        "company": "Bygg Eksempel AS",
        "language": "nb",
        "form_hash": hashed(f"form {number}"),
        "content_hash": hashed(f"content {number}"),
        "price_lines": [
            {"kind": "course", "unit": str(price), "quantity": len(people), "amount": str(price)}
        ],
    }
    booking = Booking(**values | given)
    booking.save()
    for name in people:
        first, last = name.split()
        email = f"{first.lower()}@bygg.example".translate(str.maketrans("æøå", "eoa"))
        Participant.objects.create(booking=booking, firstname=first, lastname=last, email=email)
    return booking


def standing(remote_id=13100031, people=PEOPLE, **given):
    """A booking that Frontcore has confirmed (or put on the waiting list)."""
    booking = saved(remote_id, people, **given)
    tasks.send(booking.pk)
    return fresh(booking)


def cancellable():
    """A confirmed booking of two people, two months before the start, with rules for cancelling."""
    Provider.objects.update(cancel_free_days=14, cancel_fee_days=3)
    booking = standing()
    starts_in(60)
    return fresh(booking)


def starts_in(days):
    CourseDate.objects.update(starts_on=timezone.localdate() + timedelta(days=days))


def worked(booking):
    """The booking after the worker has sent its cancellation, if that was due."""
    tasks.cancel(booking.pk)
    return fresh(booking)


def mails(booking, kind):
    """To whom mails of that kind were planned."""
    return list(booking.mails.filter(kind=kind).values_list("to", flat=True))


def fresh(booking):
    return Booking.objects.select_related("coursedate").get(pk=booking.pk)


def deregistrations(simulator):
    return [row for row in simulator.requests("PUT") if row["path"].endswith("/deregister")]


def enrolments(simulator):
    """The enrolment statuses of everybody in the simulator's books, in order."""
    return [person["status_id"] for person in simulator.state()["participants"]]


class Page:
    """A visitor in front of a booking's page, who follows links and sends forms."""

    def __init__(self, client, booking, language="nb"):
        self.client = client
        self.prefix = "/en" if language == "en" else ""
        self.token = booking.link_token
        self.receipt = self.prefix + reverse("receipt", args=[self.token])

    def get(self, *parts):
        self.address = self.receipt + "".join(f"{part}/" for part in parts)
        return self._seen(self.client.get(self.address, follow=True))

    def post(self, **data):
        """Send the form of the page that was opened last."""
        data = {name: value for name, value in data.items() if value is not None}
        return self._seen(self.client.post(self.address, data, follow=True))

    def press(self, *parts, **data):
        """Open the page, fill in its form as given, and send it."""
        hidden = re.findall(r'name="shown" value="(\w+)"', self.get(*parts).text)
        return self.post(**({"shown": hidden[0]} if hidden else {}) | data)

    def cancel(self):
        return self.press("cancel", sure="on")

    def _seen(self, answer):
        self.answer = answer
        self.text = unescape(answer.content.decode()).replace("\xa0", " ")
        self.is_receipt = answer.request["PATH_INFO"] == self.receipt
        return self
