"""What is on offer as JSON, by the filters of the site."""

import json

from django.conf import settings
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import timetable
from catalog.models import Course, CourseDate, Generation, Instructor, Provider, Venue
from catalog.models.course import alphabetical
from catalog.public_data import VERSION, filling, shapes
from catalog.public_data.document import document
from catalog.public_data.operations import operations
from catalog.public_data.problems import Problem
from catalog.selection import Selection
from catalog.templatetags.formats import local_day
from catalog.timetable import COURSES, DATES
from catalog.views.answers import kept_answer, selection_asked
from catalog.views.courses import DATES_OF_EACH, with_next_dates
from catalog.views.for_programs import for_programs
from catalog.views.listing import JSON, check_names, data, listing, order

# --- Courses and dates ----------------------------------------------------------------------


@for_programs
def courses(request):
    check_names(request)
    now, selection, sort = timetable.current(), selection_asked(request), order(request)
    found = now.courses_found(selection, by_time=sort == "date")

    def fill(pks):
        courses = with_next_dates(now, selection, pks)
        return [filling.course_in_list(it, it.next_dates[:DATES_OF_EACH]) for it in courses]

    return listing(request, found, shapes.Courses, fill, selection, sort)


@for_programs
def course(request, remote_id):
    check_names(request)
    courses = Course.objects.reachable().filter(remote_id=remote_id)
    course = courses.first()
    if course is None:
        sentence = _("There is no course with the id %(id)d.")
        raise Problem("not-found", sentence % {"id": remote_id})
    if course.is_withdrawn:
        raise gone(course, course, _("This course is no longer offered."))
    courses = courses.with_picture().select_related("level").with_dates(gatherings=True)
    courses = courses.with_prices().prefetch_related("texts")
    return data(request, lambda: filling.course_whole(courses.get()))


@for_programs
def dates(request):
    check_names(request)
    selection = selection_asked(request)

    def fill(pks):
        dates = CourseDate.objects.with_course().with_gatherings().in_bulk(pks)
        return [filling.date_whole(dates[pk]) for pk in pks if pk in dates]

    found = timetable.current().dates_found(selection)
    return listing(request, found, shapes.Dates, fill, selection)


@for_programs
def date(request, remote_id):
    check_names(request)
    dates = CourseDate.objects.reachable().filter(remote_id=remote_id)
    date = dates.select_related("course").first()
    if date is None:
        sentence = _("There is no date with the id %(id)d.")
        raise Problem("not-found", sentence % {"id": remote_id})
    if date.is_withdrawn or date.course.is_withdrawn:
        which = date if date.is_withdrawn else date.course
        raise gone(date, which, _("This date is no longer offered."))
    dates = dates.with_course().with_gatherings()
    return data(request, lambda: filling.date_whole(dates.get()))


def gone(thing, which, sentence):
    """The problem with a course or a date that is no longer offered; `which` of them was
    withdrawn."""
    day = _("Withdrawn on %(day)s.") % {"day": local_day(which.withdrawn_at)}
    known = filling.gone(thing, which.withdrawn_at)
    return Problem("gone", f"{sentence} {day}", gone=known)


# --- What the filters know ------------------------------------------------------------------


@for_programs
def categories(request):
    return known(request, "category", shapes.Categories, filling.category)


@for_programs
def levels(request):
    return known(request, "level", shapes.Levels, filling.level)


@for_programs
def places(request):
    return known(request, "place", shapes.Places, filling.place_known)


def known(request, kind, shape, fill):
    """The values of a kind that anything has, by name, each with how much has it."""
    check_names(request)
    now = timetable.current()
    labels, above = now.labels[kind], now.above.get(kind, {})
    values = sorted(now.found_by[kind], key=lambda it: (alphabetical(labels[it]), it))

    def items(some):
        courses, dates = (now.counts(Selection(), what, kind) for what in (COURSES, DATES))
        return [fill(it, labels[it], above.get(it), courses[it], dates[it]) for it in some]

    return listing(request, values, shape, items)


@for_programs
def venues(request):
    return in_use(request, "venue", Venue, shapes.Venues, filling.venue_used)


@for_programs
def instructors(request):
    if not settings.SHOW_INSTRUCTORS:
        raise nothing_here()
    return in_use(request, "instructor", Instructor, shapes.Instructors, filling.instructor_busy)


def in_use(request, kind, model, shape, fill):
    """Those of a kind that some date ahead has, by name."""
    check_names(request)
    rows = timetable.current().found_by[kind]
    them = list(model.objects.filter(remote_id__in=rows))
    them.sort(key=lambda it: (alphabetical(it.name), it.remote_id))

    def items(some):
        return [fill(it, len(rows[it.remote_id])) for it in some]

    return listing(request, them, shape, items)


# --- About all of it ------------------------------------------------------------------------


@for_programs
def index(request):
    check_names(request)
    return data(request, contents)


def contents():
    provider, generation = Provider.current(), Generation.objects.first()
    known = {operation.name for operation in operations()}
    lists = ("courses", "dates", "categories", "levels", "places", "venues", "instructors")
    return shapes.Index(
        version=VERSION,
        language=get_language(),
        provider=provider.name or None,
        organisation_number=provider.organisation_number or None,
        url=filling.address("home"),
        documentation_url=filling.address("public_data"),
        openapi_url=filling.address("api_document"),
        checked_at=filling.moment(generation and generation.checked_at),
        **{
            f"{name}_url": filling.address(f"api_{name}") if f"api_{name}" in known else None
            for name in lists
        },
    )


@for_programs
def openapi(request):
    check_names(request)
    return kept_answer(request, lambda: json.dumps(document(), ensure_ascii=False), JSON)


@for_programs
def unknown(request):
    """Whatever else lies under /api/. What lacks its last slash is led to where it is."""
    if not request.path.endswith("/"):
        try:
            there = resolve(f"{request.path_info}/").url_name
        except Resolver404:
            there = "api_unknown"
        if there != "api_unknown":
            query = request.META["QUERY_STRING"]
            return redirect(f"{request.path}/{'?' if query else ''}{query}", permanent=True)
    raise nothing_here()


def nothing_here():
    sentence = _("There is nothing at this address. What there is stands at %(address)s.")
    return Problem("not-found", sentence % {"address": filling.address("api_index")})
