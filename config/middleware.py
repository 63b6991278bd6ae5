"""Headers and language of every answer."""

import re

from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.utils import translation

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-src 'self'",  # a mail, shown to staff; every other page forbids to be framed
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def policy(ancestors="'none'"):
    return POLICY.removesuffix("'none'") + ancestors


class SecurityHeaders:
    """A content policy without inline code or third parties, on every page alike; a view that is
    made for frames names who may frame it, as `response.frame_ancestors`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy", policy(getattr(response, "frame_ancestors", "'none'"))
        )
        response.headers.setdefault("Permissions-Policy", "interest-cohort=()")
        if settings.DEMO:
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


class HeadWithoutBody:
    """Drops the body that a page made for HEAD as well, and keeps its length; the web server
    would complain of each."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            length = str(len(response.content))
            response.content = b""
            response.headers["Content-Length"] = length
        return response


WORDS = re.compile(r"text/|image/svg|application/(.+\+)?(json|xml)\b")


class Compressed(GZipMiddleware):
    """Words travel compressed; pictures are so already."""

    def process_response(self, request, response):
        if WORDS.match(response.get("Content-Type", "")):
            return super().process_response(request, response)
        return response


class LanguageFromPath:
    """The address alone decides the language: `/en/…` is English, everything else bokmål.

    Django's LocaleMiddleware would answer `Vary: Accept-Language` on pages that do not vary.
    The admin follows the address as well: it lies outside both and is in bokmål.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response
