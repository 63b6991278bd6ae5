"""The address of a filled form holds its token. Whoever comes by it gets at nothing."""

import pytest
from django.test import Client

from booking.models import Booking, Draft
from tests.booking.conftest import filled

PRESSES = [
    {"action": "preview"},
    {"action": "send"},
    {"action": "paste"},
    {"action": "add"},
    {"action": "language"},
    {"action": "leave-team"},
    {"remove": "0"},
    {"action": "send", "accept_terms": ""},
]


def another(visitor, pressed):
    """What somebody else reads who sends that form's token from a browser of their own."""
    browser = Client()
    browser.get(visitor.address)
    typed = filled("Per Ås") | {"form": visitor.token} | pressed
    return browser.post(visitor.address, typed, follow=True).content.decode()


@pytest.mark.parametrize("is_purged", [False, True])
def test_a_forms_token_leads_nobody_else_to_the_booking_it_made(visit, is_purged):
    visitor = visit().preview(filled())
    form = visitor.page
    visitor.book()
    if is_purged:
        Draft.objects.all().delete()
    visitor.page = form
    booking = Booking.objects.get()
    for pressed in PRESSES:
        read = another(visitor, pressed)
        assert booking.link_token not in read, pressed
        assert booking.reference not in read, pressed


def test_nobody_else_writes_into_a_form_that_is_being_filled_in(visit):
    visitor = visit().preview(filled())
    for pressed in PRESSES:
        another(visitor, pressed)
        visitor.reload()
        assert visitor.typed() == filled(), pressed
        assert visitor.page.context["is_checked"], pressed
