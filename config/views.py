"""Pages that belong to no app: errors, robots, health."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def error_page(request, status, template):
    return render(request, template, status=status)


def bad_request(request, exception=None):
    too_much = isinstance(exception, TOO_MUCH)
    return render(request, "400.html", {"too_much": too_much}, status=400)


def forbidden(request, exception=None):
    return error_page(request, 403, "403.html")


def not_found(request, exception=None):
    return error_page(request, 404, "404.html")


def server_error(request):
    """Rendered without context processors: what failed may be the database they read."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)


@require_safe
def robots(request):
    """Robots keep out of the whole demo. Elsewhere they are only kept from what would cost both
    sides a lot: who may not read a page does not see that it is not to be indexed (0030)."""
    lines = ["User-agent: *"]
    if settings.DEMO:
        lines.append("Disallow: /")
    else:
        lines += [f"Disallow: {path}" for path in (reverse("admin:index"), *in_vain())]
        lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap_index')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def in_vain():
    """Where the pages begin, in each language, that no robot has anything to look for on: a form
    for each date, and the parts that pages are made of."""
    for code, _ in settings.LANGUAGES:
        with override(code):
            yield reverse("book", args=[0]).removesuffix("0/")
            yield reverse("components")


@require_safe
def favicon(request):
    """Browsers ask for it here on pages that name none, such as the admin's."""
    return redirect(static("img/favicon.ico"))


@require_safe
@never_cache
def health(request):
    """200 while the database answers and the worker gives signs of life, else 503 with the reason.

    For a supervisor: a worker that hangs is alive as a process and dead as a worker.
    """
    try:
        silence = apps.get_model("catalog", "Heartbeat").of("worker")
        generation = apps.get_model("catalog", "Generation").objects.first()
    except DatabaseError:
        return JsonResponse({"ok": False, "reason": "the database does not answer"}, status=503)
    if silence is None:
        reason = "the worker has not reported yet"
    elif silence > settings.WORKER_SILENT_AFTER:
        reason = "the worker has been silent for too long"
    else:
        reason = ""
    checked_at = generation and generation.checked_at
    answer = {
        "ok": not reason,
        "reason": reason,
        "worker_seen_s": silence and round(silence.total_seconds()),
        "catalogue_checked_at": checked_at and checked_at.isoformat(timespec="seconds"),
    }
    return JsonResponse(answer, status=503 if reason else 200)
