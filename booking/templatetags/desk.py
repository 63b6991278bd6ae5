"""What the admin's own pages ask of the bookings."""

from django import template

from booking.models import Booking

register = template.Library()


@register.simple_tag
def needing_staff():
    """How many bookings wait for a person."""
    return Booking.objects.needs_staff().count()
