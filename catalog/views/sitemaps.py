"""Sitemaps: an index, and under it a file, or several, for each language."""

from django.conf import settings
from django.core.paginator import EmptyPage
from django.http import Http404
from django.template.loader import render_to_string

from catalog import sitemaps
from catalog.views.answers import kept_answer, read_only

XML = "application/xml; charset=utf-8"


@read_only
def sitemap_index(request):
    def make():
        return render_to_string("catalog/sitemap_index.xml", {"files": sitemaps.files()})

    return kept_answer(request, make, XML)


@read_only
def sitemap(request, language, number=1):
    """One file of a language. The first has no number in its address."""
    if language not in dict(settings.LANGUAGES) or request.path != sitemaps.path(language, number):
        raise Http404

    def make():
        try:
            entries = sitemaps.entries(language, number)
        except EmptyPage as error:
            raise Http404 from error
        return render_to_string("catalog/sitemap.xml", {"entries": entries})

    return kept_answer(request, make, XML)
