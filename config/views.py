"""Pages that belong to no app: errors, robots, health."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


def error_page(request, status, template):
    return render(request, template, status=status)


def bad_request(request, exception=None):
    return error_page(request, 400, "400.html")


def forbidden(request, exception=None):
    return error_page(request, 403, "403.html")


def not_found(request, exception=None):
    return error_page(request, 404, "404.html")


def server_error(request):
    """Rendered without context processors: what failed may be the database they read."""
    from django.template import loader

    return HttpResponse(loader.get_template("500.html").render(), status=500)


@require_safe
def robots(request):
    if settings.DEMO:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        lines = [
            "User-agent: *",
            "Disallow: /admin/",
            "Disallow: /booking/",
            "Disallow: /en/booking/",
        ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def health(request):
    return JsonResponse({"ok": True})
