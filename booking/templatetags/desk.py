"""What the admin's own pages ask of the bookings."""

from django import template

from booking.models import Booking, Interest

register = template.Library()


@register.simple_tag
def needing_staff():
    """How many bookings wait for a person."""
    return Booking.objects.needs_staff().count()


@register.simple_tag
def waiting_for(course):
    """How many people wait for a date of that course."""
    return Interest.objects.waiting().filter(course=course).count()
