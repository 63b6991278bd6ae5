"""Answers that programs ask for again and again: made once for each state of the copy, and not sent
twice to who has them."""

import hashlib
import zlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language, gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from catalog.choices import LABELS
from catalog.models import SOURCE, Generation
from catalog.selection import Selection

KEPT_S = 300  # what the clock alone changes, such as a start, shows after so long at the latest
KEPT_ELSEWHERE = f"public, max-age={KEPT_S}"


class NoSuchChoice(Exception):
    """An address holds what is no choice; str() says so in a sentence of the page's language."""


def read_only(view):
    """405 for whatever sends something: no form leads here, so none is looked at first."""
    return csrf_exempt(require_safe(view))


def selection_asked(request):
    """The Selection in the address, or NoSuchChoice. What is a choice and finds nothing now stays
    chosen: who follows Bergen must not get the whole country when Bergen has no dates."""
    selection = Selection.of(request.GET)
    wrong = list(selection.unreadable)
    if not settings.SHOW_INSTRUCTORS:
        wrong += [("instructor", str(person)) for person in selection.instructor]
    if wrong:
        kind, text = wrong[0]
        words = {"choice": text, "kind": LABELS[kind]}
        raise NoSuchChoice(gettext("“%(choice)s” is no choice of “%(kind)s”.") % words)
    if selection.is_backwards:
        raise NoSuchChoice(gettext("The last day you ask for comes before the first."))
    return selection


def kept_answer(request, make, content_type, *, state="", **headers):
    """What `make()` returns, text or bytes, as an answer: from the cache where it was made for this
    generation already, and 304 where whoever asks has it. `state`: all that it depends on besides
    the path and the language, in its canonical form (`selection.query()`), never as it was asked.
    No search engine shows it as a page (0030).
    """
    number = Generation.objects.filter(source=SOURCE).values_list("number", flat=True).first()
    of = (number, timezone.localdate(), settings.SITE_URL, get_language(), request.path, state)
    name = f"answer:packed:{hashlib.sha256(repr(of).encode()).hexdigest()}"
    packed = cache.get(name) if number is not None else None
    if packed is None:
        body = make()
        body = body.encode() if isinstance(body, str) else body
        if number is not None:  # packed to a tenth: nobody's odd choices shall fill the disk
            cache.set(name, zlib.compress(body, 1), KEPT_S)
    else:
        body = zlib.decompress(packed)
    response = HttpResponse(body, content_type=content_type)
    response.headers["Cache-Control"] = KEPT_ELSEWHERE
    response.headers["Access-Control-Allow-Origin"] = "*"  # public, and the same for everybody
    response.headers["X-Robots-Tag"] = "noindex"
    for header, value in headers.items():
        response.headers[header.replace("_", "-")] = value
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
