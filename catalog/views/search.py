"""What is suggested while somebody types: a piece of a page, fetched by the search field."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog import suggestions
from catalog.selection import Selection

KEPT_S = 60


@require_safe
def suggest(request):
    words = Selection.of(request.GET).q
    context = {"suggestions": suggestions.of(words), "words": words}
    answer = render(request, "catalog/_suggestions.html", context)
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
