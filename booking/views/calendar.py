"""Calendar files of a confirmed booking, under its secret address."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from booking import calendar_file
from booking.models import Booking
from booking.views.guards import secret
from catalog.calendar_file import CONTENT_TYPE


@sensitive_variables()
@secret
@require_safe
def booking_calendar_file(request, token):
    """Everything that was booked."""
    booking = confirmed(token)
    return as_file(calendar_file.of_booking(booking), booking)


@sensitive_variables()
@secret
@require_safe
def booking_gathering_file(request, token, remote_id):
    """One gathering of the booked date."""
    booking = confirmed(token)
    content = calendar_file.of_gathering(booking, remote_id)
    if content is None:
        raise Http404
    return as_file(content, booking)


def confirmed(token):
    found = Booking.objects.select_related("coursedate__course").by_link(token)
    return get_object_or_404(found, status=Booking.Status.CONFIRMED)


def as_file(content, booking):
    name = calendar_file.file_name(booking)
    return HttpResponse(
        content,
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
