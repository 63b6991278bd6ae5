"""The list of courses, and the page of each category."""

from django.shortcuts import get_object_or_404, redirect

from catalog import choices, following, heads, search, suggestions, timetable, trail
from catalog.context import languages_of
from catalog.models import Category, Course, CourseDate
from catalog.selection import Selection
from catalog.views.pages import Page, numbered_page, page_asked, to_right_address

COURSES_ON_PAGE = 30
DATES_OF_EACH = 3
ORDERS = ("date",)  # beside the usual one: alphabetical, or with words the best first


class CourseList(Page):
    """All courses that a selection allows, each with its next dates of those that it allows."""

    template_name = "catalog/course_list.html"
    section = "courses"

    def get(self, request, **kwargs):
        self.timetable = timetable.current()
        self.choices = choices.of(self.timetable, self.selection(), timetable.COURSES)
        self.sort = request.GET.get("sort") if request.GET.get("sort") in ORDERS else None
        here = self.choices.elsewhere(request, sort=self.sort, page=page_asked(request))
        return redirect(here) if here else super().get(request, **kwargs)

    def selection(self):
        return Selection.of(self.request.GET)

    def get_context_data(self, **kwargs):
        found = self.choices
        courses = self.timetable.courses_found(found.selection, by_time=self.sort == "date")
        page = numbered_page(self.request, courses, COURSES_ON_PAGE)
        page.object_list = with_next_dates(self.timetable, found.selection, page.object_list)
        number = page.number if page.number > 1 else None
        canonical = found.address(sort=self.sort, page=number)
        return super().get_context_data(
            head=heads.of_courses(found, page, kwargs.get("category")),
            page=page,
            choices=found,
            follow=following.of_choices(found),
            understood=search.understood(found.selection.q),
            months=() if courses else suggestions.filters(self.timetable, "month", found.selection),
            town=town_of(found.selection),
            sort=self.sort,
            usual_order=found.address(),
            by_date=found.address(sort="date"),
            paging=found.address(sort=self.sort).partition("?")[2],
            canonical=canonical,
            noindex=found.noindex or self.sort is not None,
            other_languages=languages_of(self.request, canonical),
            **kwargs,
        )


class CategoryList(CourseList):
    """The courses of one category and of those within it: its one address while nothing else is
    chosen."""

    def get(self, request, remote_id, slug, **kwargs):
        self.category = get_object_or_404(Category, remote_id=remote_id)
        if slug != self.category.slug:
            return to_right_address(request, self.category)
        return super().get(request, **kwargs)

    def selection(self):
        return Selection.of(self.request.GET).plus("category", self.category.remote_id)

    def get_context_data(self, **kwargs):
        mine = self.category.remote_id
        return super().get_context_data(
            category=self.category,
            trail=trail.of_category(self.category, self.choices.categories_above(mine)),
            within=self.choices.categories_within(mine),
            **kwargs,
        )


def with_next_dates(found, selection, pks):
    """Those courses of a Timetable, each with `next_dates`: the next of its dates that the
    selection allows, one more than lists show."""
    next_dates = found.next_dates(selection, pks, DATES_OF_EACH + 1)
    wanted = [date for dates in next_dates.values() for date in dates]
    dates = CourseDate.objects.with_where().in_bulk(wanted)
    courses = Course.objects.select_related("level").with_prices().with_picture()
    courses = courses.prefetch_related("texts").in_bulk(pks)
    for pk, course in courses.items():
        course.next_dates = [dates[date] for date in next_dates[pk] if date in dates]
        for date in course.next_dates:
            date.course = course
        forms = dict.fromkeys(date.form.label for date in course.next_dates)
        course.forms = list(forms) or [course.form_words]
    return [courses[pk] for pk in pks if pk in courses]


def town_of(selection):
    """The single town that is chosen, as a course's page narrows its dates to it; else None."""
    return selection.place[0].rpartition(".")[2] if len(selection.place) == 1 else None
