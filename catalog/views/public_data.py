"""Public data: what is on offer as JSON, by the filters of the site, and the page about it."""

import json
import re
from dataclasses import dataclass

from django.conf import settings
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import timetable
from catalog.models import Category, Course, CourseDate, Generation, Instructor, Provider, Venue
from catalog.models.course import alphabetical
from catalog.public_data import VERSION, filling, shapes
from catalog.public_data.document import document
from catalog.public_data.operations import (
    FILTERS,
    LAST_PAGE,
    MOST_PER_PAGE,
    PER_PAGE,
    operations,
    taken_by,
)
from catalog.public_data.problems import KINDS, Problem
from catalog.selection import Selection
from catalog.templatetags.formats import local_day
from catalog.timetable import COURSES, DATES
from catalog.views.answers import kept_answer, selection_asked
from catalog.views.courses import DATES_OF_EACH, ORDERS, with_next_dates
from catalog.views.for_programs import for_programs
from catalog.views.pages import Page

JSON = "application/json"


def data(request, make, state="", **headers):
    """What `make()` returns, a shape, as an answer that is kept."""
    made = []

    def body():
        made.append(True)
        return make().model_dump_json()

    response = kept_answer(request, body, JSON, state=state, **headers)
    response.was_made = bool(made)
    return response


# --- What is asked --------------------------------------------------------------------------


def check_names(request, name):
    """Refuse what this address does not take: a filter that is misspelt would find everything."""
    takes = taken_by(name)
    for asked in request.GET:
        if asked not in takes:
            sentence = _("“%(name)s” is nothing that this address takes.")
            raise Problem("bad-parameter", sentence % {"name": asked[:100]})


def one(request, name):
    """The text of a parameter that may stand there once; None where it does not."""
    texts = request.GET.getlist(name)
    if len(texts) > 1:
        raise Problem(
            "bad-parameter", _("“%(name)s” stands there more than once.") % {"name": name}
        )
    return texts[0] if texts else None


def number(request, name, most, otherwise):
    text = one(request, name)
    if text is None:
        return otherwise
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text) or int(text) > most:
        sentence = _("“%(name)s” is a number from 1 to %(most)d.")
        raise Problem("bad-parameter", sentence % {"name": name, "most": most})
    return int(text)


def order(request):
    """The order that is asked for; None for the usual one."""
    text = one(request, "sort")
    if text is not None and text not in ORDERS:
        sentence = _("“%(name)s” is %(choices)s, or left out.")
        raise Problem("bad-parameter", sentence % {"name": "sort", "choices": " / ".join(ORDERS)})
    return text


@dataclass(frozen=True)
class Part:
    """One page of a list. `query` is the selection that it is a list of, and how it is sorted."""

    path: str
    selection: Selection
    sort: str | None
    page: int
    per_page: int
    total: int

    @property
    def pages(self):
        return max(1, -(-self.total // self.per_page))

    def of(self, rows):
        return rows[(self.page - 1) * self.per_page : self.page * self.per_page]

    def query(self, page):
        per_page = self.per_page if self.per_page != PER_PAGE else None
        page = page if page > 1 else None
        return self.selection.query(sort=self.sort, page=page, per_page=per_page)

    def address(self, page):
        query = self.query(page)
        return f"{settings.SITE_URL}{self.path}{'?' if query else ''}{query}"

    @property
    def links(self):
        """{relation: address} of the pages; None where there is none."""
        return {
            "self": self.address(self.page),
            "first": self.address(1),
            "prev": self.address(self.page - 1) if self.page > 1 else None,
            "next": self.address(self.page + 1) if self.page < self.pages else None,
            "last": self.address(self.pages),
        }

    @property
    def header(self):
        return ", ".join(f'<{to}>; rel="{name}"' for name, to in self.links.items() if to)


def listing(request, rows, shape, fill, selection=None, sort=None):
    """The page of these rows that is asked for; `fill` makes items of some of them."""
    part = Part(
        request.path,
        Selection() if selection is None else selection,
        sort,
        number(request, "page", LAST_PAGE, 1),
        number(request, "per_page", MOST_PER_PAGE, PER_PAGE),
        len(rows),
    )
    if part.page > part.pages:
        sentence = _("There is no page %(page)d: the last one is %(last)d.")
        raise Problem("no-such-page", sentence % {"page": part.page, "last": part.pages})

    def make():
        return shape(
            total=part.total,
            page=part.page,
            pages=part.pages,
            per_page=part.per_page,
            links=shapes.Links(**part.links),
            items=fill(part.of(rows)),
        )

    return data(request, make, state=part.query(part.page), Link=part.header)


# --- Courses and dates ----------------------------------------------------------------------


@for_programs
def courses(request):
    check_names(request, "api_courses")
    now, selection, sort = timetable.current(), selection_asked(request), order(request)
    found = now.courses_found(selection, by_time=sort == "date")

    def fill(pks):
        courses = with_next_dates(now, selection, pks)
        return [filling.course_in_list(it, it.next_dates[:DATES_OF_EACH]) for it in courses]

    return listing(request, found, shapes.Courses, fill, selection, sort)


@for_programs
def course(request, remote_id):
    check_names(request, "api_course")
    courses = Course.objects.reachable().filter(remote_id=remote_id)
    course = courses.first()
    if course is None:
        raise Problem("not-found", _("There is no course with the id %(id)d.") % {"id": remote_id})
    if course.is_withdrawn:
        raise withdrawn(course, course, _("This course is no longer offered."))
    courses = courses.with_picture().select_related("level").with_dates(gatherings=True)
    courses = courses.with_prices().prefetch_related("texts")
    return data(request, lambda: filling.course_whole(courses.get()))


@for_programs
def dates(request):
    check_names(request, "api_dates")
    selection = selection_asked(request)
    found = timetable.current().dates_found(selection)
    return listing(request, found, shapes.Dates, fill_dates, selection)


def fill_dates(pks):
    dates = CourseDate.objects.with_course().with_gatherings().in_bulk(pks)
    return [filling.date_whole(dates[pk]) for pk in pks if pk in dates]


@for_programs
def date(request, remote_id):
    check_names(request, "api_date")
    dates = CourseDate.objects.reachable().filter(remote_id=remote_id)
    date = dates.select_related("course").first()
    if date is None:
        raise Problem("not-found", _("There is no date with the id %(id)d.") % {"id": remote_id})
    if date.is_withdrawn or date.course.is_withdrawn:
        which = date if date.is_withdrawn else date.course
        raise withdrawn(date, which, _("This date is no longer offered."))
    whole = dates.with_course().with_gatherings()
    return data(request, lambda: filling.date_whole(whole.get()))


def withdrawn(thing, which, sentence):
    """The problem with a course or a date that is no longer offered; `which` of them was taken
    away."""
    day = _("Withdrawn on %(day)s.") % {"day": local_day(which.withdrawn_at)}
    gone = filling.gone(thing, which.withdrawn_at)
    return Problem("gone", f"{sentence} {day}", gone=gone)


# --- What the filters know ------------------------------------------------------------------


def counts(kind):
    """({value: courses}, {value: dates}) of each value of a kind."""
    now = timetable.current()
    return [now.counts(Selection(), what, kind) for what in (COURSES, DATES)]


@for_programs
def categories(request):
    check_names(request, "api_categories")
    now = timetable.current()
    labels, above = now.labels["category"], now.above["category"]
    known = sorted(now.found_by["category"], key=lambda it: alphabetical(labels[it]))

    def fill(ids):
        of_courses, of_dates = counts("category")
        return [
            shapes.Category(
                id=each,
                title=labels[each],
                url=filling.absolute(
                    Category(remote_id=each, title=labels[each]).get_absolute_url()
                ),
                parent=above.get(each),
                courses=of_courses[each],
                dates=of_dates[each],
            )
            for each in ids
        ]

    return listing(request, known, shapes.Categories, fill)


@for_programs
def levels(request):
    check_names(request, "api_levels")
    now = timetable.current()
    labels = now.labels["level"]
    known = sorted(now.found_by["level"], key=lambda it: alphabetical(labels[it]))

    def fill(ids):
        of_courses, of_dates = counts("level")
        return [
            shapes.Level(
                id=each, title=labels[each], courses=of_courses[each], dates=of_dates[each]
            )
            for each in ids
        ]

    return listing(request, known, shapes.Levels, fill)


@for_programs
def places(request):
    check_names(request, "api_places")
    now = timetable.current()
    labels, above = now.labels["place"], now.above["place"]
    known = sorted(now.found_by["place"], key=lambda it: (alphabetical(labels[it]), it))

    def fill(keys):
        of_courses, of_dates = counts("place")
        return [
            shapes.PlaceKnown(
                key=each,
                name=labels[each],
                county=above.get(each),
                courses=of_courses[each],
                dates=of_dates[each],
            )
            for each in keys
        ]

    return listing(request, known, shapes.Places, fill)


@for_programs
def venues(request):
    check_names(request, "api_venues")
    return in_use(request, "venue", Venue, shapes.Venues, filling.venue_used)


@for_programs
def instructors(request):
    if not settings.SHOW_INSTRUCTORS:
        raise Problem("not-found", nothing_here())
    check_names(request, "api_instructors")
    return in_use(request, "instructor", Instructor, shapes.Instructors, filling.instructor_busy)


def in_use(request, kind, model, shape, fill):
    """Those of a kind that some date ahead has, by name."""
    rows = timetable.current().found_by[kind]
    known = list(model.objects.filter(remote_id__in=rows))
    known.sort(key=lambda it: (alphabetical(it.name), it.remote_id))
    return listing(
        request, known, shape, lambda them: [fill(it, len(rows[it.remote_id])) for it in them]
    )


# --- About all of it ------------------------------------------------------------------------


@for_programs
def index(request):
    check_names(request, "api_index")
    return data(request, make_index)


def make_index():
    provider, generation = Provider.current(), Generation.objects.first()
    known = {operation.name for operation in operations()}
    names = ("courses", "dates", "categories", "levels", "places", "venues", "instructors")
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
            for name in names
        },
    )


@for_programs
def openapi(request):
    """The same in each language, so that it has one text."""
    check_names(request, "api_document")
    return kept_answer(request, lambda: json.dumps(document(), ensure_ascii=False), JSON)


@for_programs
def unknown(request):
    """Whatever else lies under /api/: what lacks its last slash is led to where it is."""
    if not request.path.endswith("/"):
        try:
            found = resolve(f"{request.path_info}/")
        except Resolver404:
            found = None
        if found and found.url_name != "api_unknown":
            query = request.META["QUERY_STRING"]
            return redirect(f"{request.path}/{'?' if query else ''}{query}", permanent=True)
    raise Problem("not-found", nothing_here())


def nothing_here():
    words = {"address": filling.address("api_index")}
    return _("There is nothing at this address. What there is stands at %(address)s.") % words


class PublicData(Page):
    """For developers: what may be fetched, followed and embedded, and on what terms."""

    template_name = "catalog/public_data.html"

    def get_context_data(self, **kwargs):
        now = timetable.current()
        return super().get_context_data(
            addresses=[described(operation, now) for operation in operations()],
            filters=next(filters_of(it) for it in operations() if it.name == "api_dates"),
            uses=uses_of(in_most_dates(now, "place")),
            problems=KINDS,
            per_page=PER_PAGE,
            most_per_page=MOST_PER_PAGE,
            limit=settings.LIMIT_DATA_ADDRESS_MIN,
            **kwargs,
        )


def described(operation, now):
    """An address as the page shows it, with a living example of one that names something."""
    link = None
    if not operation.of_one:
        link = reverse(operation.name)
    else:
        pks, rows = (
            (now.dates, CourseDate) if operation.name == "api_date" else (now.courses, Course)
        )
        if pks:
            link = reverse(operation.name, args=[rows.objects.get(pk=pks[0]).remote_id])
    return {"path": f"/api/v{VERSION}{operation.path}", "words": operation.words, "link": link}


def filters_of(operation):
    names = {parameter.name for parameter in FILTERS}
    return [parameter for parameter in operation.takes if parameter.name in names]


def in_most_dates(now, kind):
    """The value of a kind that most dates have; None where there is none."""
    counts = now.counts(Selection(), DATES, kind)
    return max(counts, key=counts.get, default=None)


def uses_of(place):
    """[(what for, address)] of one and the same selection."""
    query = Selection(place=(place,) if place else (), free=True).query()
    return [
        (_("Page"), f"{reverse('calendar')}?{query}"),
        ("JSON", f"{reverse('api_dates')}?{query}"),
        (_("Calendar to subscribe to"), f"{reverse('calendar_feed')}?{query}"),
        (_("Feed of news"), f"{reverse('new_dates')}?{query}"),
    ]
