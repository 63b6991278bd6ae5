"""Calendars to follow, and files of one date or gathering. Their addresses name ids alone: who
subscribes keeps the address, whatever becomes of the title."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from catalog import calendar_feed as feeds
from catalog.calendar_file import CONTENT_TYPE
from catalog.models import Course, CourseDate
from catalog.views.answers import NoSuchChoice, kept_answer, read_only, selection_asked


@read_only
def calendar_feed(request):
    """Every date that the selection in the address allows."""
    try:
        selection = selection_asked(request)
    except NoSuchChoice as wrong:
        return sentence(str(wrong), status=400)
    return kept_answer(
        request,
        partial(feeds.of_selection, selection, request.path),
        CONTENT_TYPE,
        state=selection.query(),
        Content_Disposition="inline",
    )


@read_only
def course_feed(request, remote_id):
    """Every date of a course."""
    course = get_object_or_404(Course.objects.reachable(), remote_id=remote_id)
    return of_one(request, partial(feeds.of_course, course, request.path), "inline")


@read_only
def date_feed(request, remote_id, date_id):
    """A file of one date; who subscribes to it hears of changes."""
    date = date_asked(remote_id, date_id)
    return of_one(request, partial(feeds.of_date, date.pk, request.path), as_file(date))


@read_only
def gathering_feed(request, remote_id, date_id, gathering_id):
    """The same of one gathering of a date."""
    date = date_asked(remote_id, date_id)
    meeting = get_object_or_404(date.gatherings, remote_id=gathering_id)
    make = partial(feeds.of_date, date.pk, request.path, gathering=meeting)
    return of_one(request, make, as_file(date))


def date_asked(remote_id, date_id):
    dates = CourseDate.objects.reachable().select_related("course")
    return get_object_or_404(dates, remote_id=date_id, course__remote_id=remote_id)


def as_file(date):
    return f'attachment; filename="{date.course.slug[:60]}-{date.starts_on}.ics"'


def of_one(request, make, disposition):
    try:
        return kept_answer(request, make, CONTENT_TYPE, Content_Disposition=disposition)
    except feeds.Over:
        return sentence(_("This is no longer offered."), status=410)


def sentence(words, status):
    """An answer to a program that a person may read."""
    headers = {"Access-Control-Allow-Origin": "*", "X-Robots-Tag": "noindex"}
    plain = "text/plain; charset=utf-8"
    return HttpResponse(f"{words}\n", content_type=plain, status=status, headers=headers)
