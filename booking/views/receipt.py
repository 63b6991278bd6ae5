"""The booking's own page, under its secret address. A GET calls nothing and sends nothing."""

from datetime import timedelta

from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from booking import refusals
from booking.forms import Entry
from booking.models import Booking, Draft, new_form_token
from booking.views.form import keep
from booking.views.guards import secret
from catalog.models import Gathering

SOON, LATER, PATIENCE = timedelta(seconds=20), timedelta(seconds=120), (2, 5)


@sensitive_variables()
@secret
@require_safe
def receipt(request, token):
    found = Booking.objects.select_related(
        "coursedate__course", "coursedate__place", "coursedate__venue", "coursedate__seats"
    ).prefetch_related("participants", "changes__participant", "answers__participant")
    booking = get_object_or_404(found.by_link(token))
    if booking.stage == Booking.Status.REFUSED and request.method == "GET":
        booking.was_shown_refused()
    if booking.stage == Booking.Status.CONFIRMED:
        gatherings = Gathering.objects.filter(withdrawn_at=None).select_related("venue")
        prefetch_related_objects(
            [booking.coursedate], Prefetch("gatherings", gatherings, to_attr="meetings")
        )
    context = {
        "booking": booking,
        "coursedate": booking.coursedate,
        "stage": booking.stage,
        "token": token,
        "refresh_s": refresh_after(booking),
        "refusal": refusals.sentence(booking.refusal_code),
        "noindex": True,
    }
    return render(request, "booking/receipt.html", context)


def refresh_after(booking, now=None):
    """Seconds until the page asks again by itself, or None when it has asked long enough."""
    begun_at = booking.cancel_asked_at if booking.is_being_cancelled else booking.created_at
    age = (now or timezone.now()) - begun_at
    if not (booking.is_on_its_way or booking.is_being_cancelled) or age > LATER:
        return None
    return PATIENCE[age > SOON]


@sensitive_variables()
@secret
@require_safe
def again(request, token):
    """The form of a refused booking, filled in, with the reason, under a fresh token."""
    booking = get_object_or_404(
        Booking.objects.select_related("coursedate").by_link(token),
    )
    if booking.status != Booking.Status.REFUSED:
        return redirect("receipt", token)
    draft = Draft.objects.kept().filter(token_hash=booking.form_hash).first()
    typed = draft.typed if draft else Entry.typed_of(booking)
    code = booking.refusal_code
    outcome = {"step": "refused", "objections": [[refusals.field(code), code, {}]]}
    form_token = new_form_token(booking.coursedate)
    return keep(request, booking.coursedate, form_token, typed, outcome, "error-summary")
