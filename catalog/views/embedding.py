"""Small pages that other sites show in a frame. They hold links only, which open in the whole
window; who may frame them is for staff to say (`catalog.framing`)."""

import hashlib
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from catalog import choices, framing, timetable
from catalog.embedding import Listing, NotEmbedded
from catalog.models import Course, CourseDate, Provider
from catalog.timetable import COURSES
from catalog.views.answers import NoSuchChoice, kept_answer, selection_asked
from catalog.views.courses import with_next_dates

HTML = "text/html; charset=utf-8"
SCRIPT = "js/embed.js"


def framed(request, template, context, state=""):
    """The page, which the sites that staff have named may frame. An answer that is no page of this
    kind, such as a course that is gone, forbids it like all others: then the link stays."""

    def make():
        return render_to_string(template, context(), request)

    response = kept_answer(request, make, HTML, state=state)
    # Also on 304: a browser takes the headers of that answer for the page it has kept.
    response.frame_ancestors = framing.ancestors(Provider.current())
    response.xframe_options_exempt = True
    return response


@require_safe
def embed_list(request):
    """The first dates or courses of a selection, each as the site's own lists have it."""
    try:
        listing = Listing.of(request.GET, selection_asked(request))
    except (NoSuchChoice, NotEmbedded) as problem:
        context = {"problem": str(problem), "noindex": True}
        return render(request, "catalog/embed_wrong.html", context, status=400)

    def context():
        found, selection = timetable.current(), listing.selection
        number = found.number(selection, listing.what)
        words = choices.in_words(number, listing.what)
        shown = {"page": listing.page, "number": number, "words": words}
        if listing.what == COURSES:
            pks = found.courses_found(selection, by_time=listing.sort == "date")
            return shown | {"courses": with_next_dates(found, selection, pks[: listing.number])}
        pks = found.dates_found(selection)[: listing.number]
        dates = CourseDate.objects.with_course().in_bulk(pks)
        return shown | {"dates": [dates[pk] for pk in pks if pk in dates]}

    return framed(request, "catalog/embed_list.html", context, listing.state)


@require_safe
def embed_button(request, remote_id, date_id=None):
    """What a visitor may do about a course now, or about one date of it."""

    def context():
        courses = Course.objects.listed().with_dates().with_prices()
        course = get_object_or_404(courses, remote_id=remote_id)
        date = course.first_choice
        if date_id is not None:
            date = next((it for it in course.listed_dates if it.remote_id == date_id), None)
            if date is None:
                raise Http404
        if date:
            date.course = course
        is_of_date = date_id is not None
        page = (date if is_of_date else course).get_absolute_url()
        return {"course": course, "date": date, "is_of_date": is_of_date, "page": page}

    return framed(request, "catalog/embed_button.html", context)


@require_safe
def embed_script(request):
    """The script that partners name: always under this address, and looked for anew each hour."""
    body = Path(finders.find(SCRIPT)).read_bytes()
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
