"""New courses and new dates, to be followed."""

from django.http import HttpResponseBadRequest

from catalog import atom, timetable
from catalog.views.answers import NoSuchChoice, kept_answer, read_only, selection_asked

NOINDEX = {"X-Robots-Tag": "noindex"}


@read_only
def new_dates(request):
    return feed(request, atom.of_new_dates)


@read_only
def new_courses(request):
    return feed(request, atom.of_new_courses)


def feed(request, write):
    try:
        selection = selection_asked(request)
    except NoSuchChoice as problem:
        plain = "text/plain; charset=utf-8"
        return HttpResponseBadRequest(str(problem), content_type=plain, headers=NOINDEX)
    query = selection.query()
    path = f"{request.path}?{query}" if query else request.path
    return kept_answer(
        request,
        lambda: write(timetable.current(), selection, path),
        atom.CONTENT_TYPE,
        state=query,
    )
