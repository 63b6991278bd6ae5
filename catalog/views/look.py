"""The stylesheet of the provider's accent colour."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from catalog.colours import Palette


@require_safe
def accent(request, name):
    """The tokens of one colour, which its address names: nothing is asked of the database, and a
    page kept since yesterday finds its own. Under an outdated name, the way to today's."""
    found = re.fullmatch(r"([0-9a-f]{6})-[0-9a-f]+", name)
    if not found:
        raise Http404
    palette = Palette.of(f"#{found[1]}")
    if name != palette.name:
        return redirect("accent", palette.name)
    return HttpResponse(
        palette.stylesheet(),
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
