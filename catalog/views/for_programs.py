"""The door for programs: reading only, from any other site, within a limit; and whatever goes wrong
told as they expect it (RFC 9457), in a sentence of the address' language."""

from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override
from django.views.decorators.csrf import csrf_exempt

from catalog import callers
from catalog.public_data import shapes
from catalog.public_data.problems import Problem
from catalog.views.answers import NoSuchChoice

METHODS = "GET, HEAD, OPTIONS"
FOR_OTHER_SITES = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
    "X-Robots-Tag": "noindex",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, X-Requested-With",
    "Access-Control-Max-Age": "86400",
}


def for_programs(view):
    """The view for GET and HEAD; a Problem that it raises becomes the answer."""

    @csrf_exempt
    @wraps(view)
    def inner(request, *args, **kwargs):
        try:
            response = let_in(view, request, *args, **kwargs)
        except Problem as problem:
            response = told(problem)
        for header, value in FOR_OTHER_SITES.items():
            response.headers[header] = value
        return response

    return inner


def let_in(view, request, *args, **kwargs):
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=PREFLIGHT)
    if request.method not in {"GET", "HEAD"}:
        sentence = gettext("This address is for reading only: ask with GET or HEAD.")
        raise Problem("wrong-method", sentence, headers={"Allow": METHODS})
    if seconds := callers.wait_s(request.META):
        raise too_many(seconds)
    response = None
    try:
        response = view(request, *args, **kwargs)
    except NoSuchChoice as wrong:
        raise Problem("bad-choice", str(wrong)) from None
    finally:
        if costs(response):
            callers.count(request.META)
    return response


def costs(response):
    """Whether the answer counts towards the limit: not if it lay there already, and who asks has
    it too."""
    has_it = response is not None and response.status_code == 304
    return not has_it or getattr(response, "was_made", False)


def too_many(seconds):
    sentence = ngettext(
        "So many questions have come from your network that you must wait %(seconds)d second. "
        "Ask for more on each page, and send the ETag of what you have.",
        "So many questions have come from your network that you must wait %(seconds)d seconds. "
        "Ask for more on each page, and send the ETag of what you have.",
        seconds,
    )
    headers = {"Retry-After": str(seconds)}
    return Problem("too-many", sentence % {"seconds": seconds}, headers=headers)


def told(problem):
    """The problem as an answer. Its type has one name, whatever the language."""
    with override(settings.LANGUAGE_CODE):
        page = reverse("public_data")
    shape = shapes.Problem(
        type=f"{settings.SITE_URL}{page}#{problem.kind}",
        title=problem.title,
        status=problem.status,
        detail=str(problem),
        **({"gone": problem.gone} if problem.gone else {}),
    )
    return HttpResponse(
        shape.model_dump_json(exclude_unset=True),
        status=problem.status,
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store", **problem.headers},
    )
