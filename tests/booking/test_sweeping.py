"""One booking that cannot be worked on holds up no other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from booking import tasks
from booking.models import Booking
from catalog.models import Product
from tests.booking.builders import saved
from tests.booking.standing import cancellable, deregistrations, fresh

Status = Booking.Status


@pytest.fixture
def broken(simulator, provider, settings):
    """The oldest booking that is due: its request cannot be made, by a mistake of ours."""
    settings.SEND_PRODUCTS = True
    booking = saved(people=("Ola Hansen",))
    booking.participants.update(product=Product.objects.first(), unit_price=None)
    return booking


def test_a_booking_that_breaks_does_not_hold_up_the_next_ones(broken, caplog):
    good = saved(people=("Per Ås",))
    tasks.send_due_bookings()
    assert fresh(good).status == Status.CONFIRMED
    assert fresh(broken).status == Status.NEW, "it was never sent"
    assert broken.reference in caplog.text


def test_nor_what_else_the_worker_does_in_the_same_sweep(broken, simulator):
    booking = cancellable()
    booking.ask_to_cancel(with_fee=False)
    uncertain = saved(people=("Per Ås",))
    an_hour_ago = timezone.now() - timedelta(hours=1)
    lost = Booking.objects.filter(pk=uncertain.pk)
    lost.update(status=Status.UNCERTAIN, claimed_at=an_hour_ago)
    tasks.send_due_bookings()
    assert fresh(booking).status == Status.CANCELLED
    assert len(deregistrations(simulator)) == 1
    assert fresh(uncertain).last_look
