"""Somebody in front of the form of a course that has no date, and the worker behind it."""

from html import unescape

from django.core import mail as outgoing
from django.urls import reverse
from django.utils import timezone, translation

from booking import tasks
from booking.models import Interest, Mail
from catalog.models import SOURCE, Generation

KARI = "kari@bygg.example"
WISH = {
    "email": KARI,
    "name": "Kari Fjeld",
    "seats": "3",
    "place": "",
    "place_other": "",
    "message": "Helst på en mandag.",
}


def address_of(course, language="nb"):
    with translation.override(language):
        return reverse("course_interest", args=[course.remote_id, course.slug])


class Asker:
    """Opens the form, fills it in, presses the button."""

    def __init__(self, client, course, language="nb"):
        self.client, self.address = client, address_of(course, language)
        self.page = client.get(self.address)

    @property
    def text(self):
        return unescape(self.page.content.decode())

    @property
    def codes(self):
        errors = self.page.context["form"].errors.as_data().values()
        return {error.code for of_field in errors for error in of_field}

    def typed(self):
        form = self.page.context["form"]
        return {field.name: str(field.value() or "") for field in form}

    def press(self, **changes):
        """Send the form of the page, filled as WISH says, and follow to where it leads."""
        self.sent = WISH | {"form": self.page.context["token"]} | changes
        return self.again()

    def again(self):
        answer = self.client.post(self.address, self.sent)
        self.status, self.location = answer.status_code, answer.get("Location", "")
        self.page = self.client.get(self.location) if self.location else answer
        return self


def asked(course, email=KARI, **more):
    """Somebody waits for a date of that course, and no mail is on its way to them any more."""
    return Interest.objects.create(course=course, email=email, language="nb", **more)


def refreshed():
    """A new copy is on air: the worker looks, and sends what there is to be sent."""
    generation = Generation.current()
    Generation.objects.filter(source=SOURCE).update(number=generation.number + 1)
    return look()


def look():
    """What the worker does each minute, whatever is planned due now. The mails sent by that."""
    before = len(outgoing.outbox)
    tasks.tell_of_dates()
    Mail.objects.filter(state=Mail.State.DUE).update(due_at=timezone.now())
    tasks.send_mails()
    return outgoing.outbox[before:]
