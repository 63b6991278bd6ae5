"""What the tests of mails have in common."""

from django.core import mail as outgoing
from django.utils import timezone

from booking import tasks
from booking.models import Mail


def sweep():
    """What the worker does each minute, with all that is planned for later due now."""
    Mail.objects.filter(state=Mail.State.DUE).update(due_at=timezone.now())
    tasks.send_mails()
    return outgoing.outbox


def to(address):
    (message,) = [message for message in outgoing.outbox if message.to == [address]]
    return message


def words(message):
    """All that can be read of a message, text and page."""
    return " ".join(
        f"{message.subject} {message.body} {message.alternatives[0].content}".split()
    ).replace("\xa0", " ")


def planned(booking, kind, **more):
    Mail.objects.all().delete()
    Mail.objects.plan(booking, kind, **more)
    return Mail.objects.filter(audience=Mail.Audience.BOOKER).get()
