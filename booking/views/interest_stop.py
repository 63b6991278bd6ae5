"""The secret link in the mails to who waits for a date: a page that asks, and a press that stops.

Whoever has the link may stop, and no more; so nothing else has to prove where a press came from,
and the button of a mail program works as well (RFC 8058).
"""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from booking.models import Interest
from booking.views.guards import of_one_visitor, secret


@csrf_exempt
@sensitive_variables()
@secret
@require_http_methods(["GET", "HEAD", "POST"])
def interest_stop(request, token):
    interest = Interest.objects.select_related("course").by_token(token)
    if interest is None:
        return render(request, "booking/interest_unknown.html", {"noindex": True}, status=404)
    if request.method == "POST":
        interest.stop()
        if "List-Unsubscribe" not in request.POST:  # a mail program follows to nowhere
            response = HttpResponseRedirect(reverse("interest_stopped"))
            response.status_code = 303
            return response
    if interest.anonymised_at:
        return said_stopped(request)
    context = {"interest": interest, "course": interest.course, "noindex": True}
    return render(request, "booking/interest_stop.html", context)


@of_one_visitor
@require_safe
def interest_stopped(request):
    """After the press, at an address that names nobody."""
    return said_stopped(request)


def said_stopped(request):
    return render(request, "booking/interest_stopped.html", {"noindex": True})
