"""What every page about a person's booking has in common."""

from functools import wraps

from django.http import Http404
from django.shortcuts import render


def of_one_visitor(view):
    """Pages about one person: in no index and in no shared cache."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return guarded


def secret(view):
    """Pages under a secret address: also kept nowhere, and named to no other page."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
        except Http404:  # misspelt, or of a booking whose people have been forgotten
            response = render(request, "booking/unknown.html", {"noindex": True}, status=404)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return of_one_visitor(guarded)


def secret_form(view):
    """A secret page that posts: its own site, and no other, must see where the form came from."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        response = secret(view)(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return guarded
