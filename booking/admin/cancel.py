"""A cancellation nobody knows the end of: what Frontcore says of the people, and what staff say."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from booking.models import Booking


class CancelSteps:
    """The page and its three buttons, for BookingAdmin. Nothing here calls Frontcore."""

    def get_urls(self):
        own = [
            path(
                "<int:pk>/cancelling/",
                self.admin_site.admin_view(self.cancelling),
                name="booking_booking_cancelling",
            )
        ]
        return own + super().get_urls()

    def cancelling(self, request, pk):
        """Show what is known; on POST, look again or take one of the two steps."""
        if not request.user.has_perm("booking.change_booking"):
            raise PermissionDenied
        booking = get_object_or_404(Booking.objects.select_related("coursedate"), pk=pk)
        if request.method == "POST":
            return self.press(request, booking)
        context = self.admin_site.each_context(request) | {
            "title": _("Is it cancelled?"),
            "opts": self.model._meta,
            "booking": booking,
            "look": booking.last_look_at_cancellation,
            "look_is_queued": booking.look_is_queued,
            "opens_at": closed_until(booking),
        }
        return render(request, "admin/booking/booking/cancelling.html", context)

    def press(self, request, booking):
        by = f"staff: {request.user.get_username()}"
        action = request.POST.get("action")
        if booking.status != Booking.Status.CANCEL_UNCERTAIN:
            messages.warning(request, _("Somebody or something was first: it is settled."))
            return redirect("admin:booking_booking_change", booking.pk)
        if action == "look":
            with transaction.atomic():
                look = booking.ask_for_look(by=by)
                task = "booking.tasks.look_at_cancellation"
                transaction.on_commit(lambda: async_task(task, look.pk))
            messages.success(request, _("The look is queued. Reload this page in a moment."))
        elif "sure" not in request.POST:
            messages.warning(request, _("Nothing was done: tick the box first."))
        elif action == "cancelled" and booking.it_is_cancelled(by=by):
            messages.success(request, _("It is settled as cancelled; the visitor is told."))
            return redirect("admin:booking_booking_change", booking.pk)
        elif action == "stands" and booking.it_still_stands(by=by):
            messages.success(
                request,
                _("It stands. The visitor's wish to cancel is now a change that is asked for."),
            )
            return redirect("admin:booking_booking_change", booking.pk)
        else:
            messages.warning(request, nothing_done(booking))
        return redirect("admin:booking_booking_cancelling", booking.pk)


def nothing_done(booking):
    """Why a step was not taken."""
    booking.refresh_from_db()
    if booking.status == Booking.Status.CANCEL_UNCERTAIN and booking.last_look_at_cancellation:
        return _("Nothing was done: it is too early, or the last look says otherwise.")
    return _("Nothing was done: it is too early, or it is settled.")


def closed_until(booking):
    """The moment from which "it still stands" may be said, while it lies ahead; else None."""
    if booking.status != Booking.Status.CANCEL_UNCERTAIN:
        return None
    opens_at = booking.still_stands_opens_at
    return opens_at if timezone.now() < opens_at else None
