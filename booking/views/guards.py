"""What every page about a person's booking has in common."""

from functools import wraps


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
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return of_one_visitor(guarded)
