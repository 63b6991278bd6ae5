"""“Send me my link again”: asks for an e-mail address and answers everybody the same."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from booking import limits
from booking.forms.links import LinksForm
from booking.models import Mail
from booking.views.guards import of_one_visitor


@sensitive_post_parameters()
@sensitive_variables()
@of_one_visitor
@require_http_methods(["GET", "HEAD", "POST"])
def booking_links(request):
    """Whether anybody knows the address is found out by the worker; here it makes no difference,
    neither in words nor in time."""
    form = LinksForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        turn = limits.ask("link", limits.Sender.of(request), same=address.lower())
        if turn.wait_min is None:  # else as if it had been sent
            Mail.objects.plan_links(address, get_language())
        response = HttpResponseRedirect(reverse("booking_links_asked"))
        response.status_code = 303
        return response
    context = {"form": form, "forms": [form], "noindex": True}
    return render(request, "booking/links.html", context)


@of_one_visitor
@require_safe
def booking_links_asked(request):
    return render(request, "booking/links_asked.html", {"noindex": True})
