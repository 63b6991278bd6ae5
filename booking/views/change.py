"""Asking for changes, under the booking's secret address: staff answer."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from booking.changing import TooManyOpen, ask_for_change
from booking.forms.changing import ABOUT_ONE, ChangeForm
from booking.forms.entry import OBJECTIONS
from booking.models import ChangeRequest
from booking.views.cancel import found
from booking.views.guards import secret, secret_form

Kind = ChangeRequest.Kind
ASKABLE = {Kind.CORRECT, Kind.REPLACE, Kind.TAKE_OUT, Kind.ADD, Kind.OTHER}
TOO_MANY = _(
    "So many of your requests wait for us already that this one cannot be added. "
    "Please call us or write to us."
)


@sensitive_variables()
@secret
@require_safe
def change(request, token):
    """What can be changed, participant by participant."""
    booking = found(token)
    if not booking.may_be_changed:
        return redirect("receipt", token)
    context = {"booking": booking, "coursedate": booking.coursedate, "token": token}
    return render(request, "booking/change.html", context | {"noindex": True})


@sensitive_post_parameters()
@sensitive_variables()
@secret_form
@require_http_methods(["GET", "HEAD", "POST"])
def ask_change(request, token, kind, person=None):
    """One wish: typed, saved, told to staff."""
    booking = found(token)
    if not booking.may_be_changed:
        return redirect("receipt", token)
    form = form_of(booking, kind, person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_change(booking, kind, participant=form.participant, **form.wish())
        except TooManyOpen:
            form.add_error(None, ValidationError(TOO_MANY, code="too_many_open"))
        else:
            return redirect(reverse("receipt", args=[token]) + "#changes")
    return page(request, booking, token, form)


def form_of(booking, kind, person, data=None):
    """The form for one wish; Http404 for a kind or a person that the booking does not have."""
    if kind not in ASKABLE or (kind in ABOUT_ONE) != (person is not None):
        raise Http404
    participant = None
    if person is not None:
        participant = get_object_or_404(booking.participants, pk=person)
    return ChangeForm(data, kind=kind, booking=booking, participant=participant)


def page(request, booking, token, form, status=200):
    context = {
        "booking": booking,
        "coursedate": booking.coursedate,
        "token": token,
        "form": form,
        "forms": [form],
        "kind": form.kind,
        "person": form.participant,
        "noindex": True,
    }
    return render(request, "booking/change_ask.html", context, status=status)


@secret_form
def change_unsent(request, token, kind, person=None):
    """The page as it was typed, for a form whose CSRF token had grown old. Nothing was saved."""
    booking = found(token)
    form = form_of(booking, kind, person, request.POST)
    form.full_clean()
    form.add_error(None, ValidationError(OBJECTIONS["session_expired"], code="session_expired"))
    return page(request, booking, token, form, status=403)
