"""Cancelling, under the booking's secret address: the terms are said before anyone presses."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from booking.cancelling import take_back
from booking.forms.changing import CancelForm
from booking.models import Booking
from booking.models.cancelling import Way
from booking.views.guards import secret_form

SURE = {
    Way.WITHDRAW: _("Yes, take my request back"),
    Way.FREE: _("Yes, cancel for everyone named above"),
    Way.WITH_FEE: _("Yes, cancel for everyone named above, with the fee that the terms set"),
    Way.BY_REQUEST: _("Yes, ask your staff to cancel for everyone named above"),
}
SURE_TO_LEAVE = _("Yes, take everyone named above off the waiting list")


@sensitive_post_parameters()
@sensitive_variables()
@secret_form
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, token):
    booking = found(token)
    terms = booking.cancelling_terms()
    if terms.way == Way.OVER or booking.open_cancel_request:
        return redirect("receipt", token)
    form = form_of(terms, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not terms.is_possible:
        return page(request, booking, token, terms, form)
    has_changed = form.data.get("shown") != terms.way
    if has_changed:
        form = form_of(terms)
    elif form.is_valid():
        if take_back(booking, terms):
            return redirect("receipt", token)
        return again(request, token)
    return page(request, booking, token, terms, form, has_changed)


def found(token):
    bookings = Booking.objects.select_related(
        "coursedate__course", "coursedate__place", "coursedate__venue", "coursedate__seats"
    ).prefetch_related("participants")
    return get_object_or_404(bookings.by_link(token))


def form_of(terms, data=None):
    label = SURE_TO_LEAVE if terms.leaves_waiting_list else SURE.get(terms.way, "")
    return CancelForm(data, label=label)


def again(request, token):
    """The booking has moved while the button was pressed: what holds now, or how it ended."""
    booking = found(token)
    terms = booking.cancelling_terms()
    if terms.way == Way.OVER:
        return redirect("receipt", token)
    return page(request, booking, token, terms, form_of(terms), has_changed=True)


def page(request, booking, token, terms, form, has_changed=False, was_open_long=False, status=200):
    context = {
        "booking": booking,
        "coursedate": booking.coursedate,
        "token": token,
        "terms": terms,
        "form": form,
        "forms": [form],
        "has_changed": has_changed,
        "was_open_long": was_open_long,
        "noindex": True,
    }
    return render(request, "booking/cancel.html", context, status=status)


@secret_form
def cancel_unsent(request, token):
    """The page once more, for a form whose CSRF token had grown old. Nothing was done."""
    booking = found(token)
    terms = booking.cancelling_terms()
    return page(request, booking, token, terms, form_of(terms), was_open_long=True, status=403)
