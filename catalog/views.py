"""The public catalogue, read from the stored copy: no page calls Frontcore, sets a cookie or
holds a form that posts, so that any of them can be kept in a cache."""

import datetime as dt

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from catalog.models import Course, CourseDate, Terms

DATES_ON_HOME = 10
DATES_ON_PAGE = 200
COURSES_ON_PAGE = 60
ALTERNATIVES = 5


@method_decorator(require_safe, name="dispatch")
class Page(TemplateView):
    section = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(section=self.section, **kwargs)


class Home(Page):
    template_name = "catalog/home.html"

    def get_context_data(self, **kwargs):
        dates = CourseDate.objects.listed().not_cancelled().with_course()
        dates = list(dates.order_by("starts_on", "start_time", "pk")[:DATES_ON_HOME])
        return super().get_context_data(
            dates=dates,
            next_date=next((date for date in dates if date.offer), None),
            number_of_courses=Course.objects.listed().count(),
            **kwargs,
        )


class Calendar(Page):
    """All dates in the order of time, a month a page; the first month lies at the calendar's own
    address. Before the first and after the last month with dates there is no page."""

    template_name = "catalog/calendar.html"
    section = "calendar"

    def get_context_data(self, **kwargs):
        months = CourseDate.objects.listed().months()
        month = self.chosen(months)
        if month:
            kwargs["page"] = self.page_of(month)
        return super().get_context_data(
            **kwargs
            | {
                "months": with_addresses(months),
                "month": month,
                "earlier": next((it for it in reversed(months) if it["month"] < month), None),
                "later": next((it for it in months if it["month"] > month), None),
            }
        )

    def chosen(self, months):
        return months[0]["month"] if months else None

    def page_of(self, month):
        after = (month + dt.timedelta(days=31)).replace(day=1)
        dates = CourseDate.objects.listed().filter(starts_on__gte=month, starts_on__lt=after)
        dates = dates.with_course().order_by("starts_on", "start_time", "pk")
        return numbered_page(self.request, dates, DATES_ON_PAGE)


class CalendarMonth(Calendar):
    def chosen(self, months):
        try:
            month = dt.date(self.kwargs["year"], self.kwargs["month"], 1)
        except ValueError as error:
            raise Http404 from error
        if not months or not months[0]["month"] <= month <= months[-1]["month"]:
            raise Http404
        return month

    def get_context_data(self, **kwargs):
        return super().get_context_data(noindex=True, **kwargs)


def with_addresses(months):
    """Each month with its address; the first one's is the calendar's own."""
    for month in months:
        day = month["month"]
        month["path"] = reverse("calendar_month", args=[day.year, day.month])
    if months:
        months[0]["path"] = reverse("calendar")
    return months


def numbered_page(request, rows, size):
    """The page of rows that `?page=` asks for; 404 where there is none."""
    paginator = Paginator(rows, size)
    number = request.GET.get("page", "1")
    if not number.isdecimal() or int(number) not in paginator.page_range:
        raise Http404
    return paginator.page(int(number))


class CourseList(Page):
    template_name = "catalog/course_list.html"
    section = "courses"

    def get_context_data(self, **kwargs):
        page = numbered_page(self.request, Course.objects.listed().in_order(), COURSES_ON_PAGE)
        courses = Course.objects.with_next_dates().with_prices().prefetch_related("texts")
        found = courses.in_bulk(page.object_list)
        page.object_list = [found[pk] for pk in page.object_list]
        canonical = self.request.path if page.number == 1 else self.request.get_full_path()
        return super().get_context_data(page=page, canonical=canonical, **kwargs)


@require_safe
def course(request, remote_id, slug=None):
    """A course with all its dates. Withdrawn, it keeps its page for a while (200), and later
    says the same with 410."""
    courses = Course.objects.reachable().select_related("level").with_dates(gatherings=True)
    courses = courses.with_prices().prefetch_related("texts", "categories")
    course = get_object_or_404(courses, remote_id=remote_id)
    if slug != course.slug:
        return to_right_address(request, course)
    context = {
        "course": course,
        **text_of(course),
        "alternatives": alternatives_to(course) if course.is_withdrawn else None,
        "noindex": course.is_withdrawn,
        "section": "courses",
    }
    return render(request, "catalog/course.html", context, status=410 if course.is_gone() else 200)


@require_safe
def course_date(request, remote_id, slug, date_id):
    """One date. Where it cannot be booked, its page says why and offers other dates."""
    dates = CourseDate.objects.reachable().with_where().with_gatherings()
    date = get_object_or_404(dates, remote_id=date_id, course__remote_id=remote_id)
    courses = Course.objects.with_dates().with_prices().prefetch_related("texts")
    date.course = courses.get(pk=date.course_id)
    if slug != date.course.slug:
        return to_right_address(request, date)
    others = date.course.open_dates(other_than=date)
    gone = date.is_gone() or date.course.is_gone()
    context = {
        "date": date,
        "course": date.course,
        **text_of(date.course),
        "others": others[:ALTERNATIVES],
        "alternatives": None if others or date.offer else alternatives_to(date.course),
        "noindex": date.is_withdrawn or date.course.is_withdrawn,
        "canonical": date.course.get_absolute_url(),
        "section": "courses",
    }
    return render(request, "catalog/date.html", context, status=410 if gone else 200)


def text_of(course):
    """The course's text, and whether it is in another language than the page."""
    text = course.text()
    return {"text": text, "foreign": text is not None and not text.is_in(get_language())}


def alternatives_to(course):
    """What to offer instead of a course: the next dates of courses like it, else of any."""
    alike = Course.objects.alike(course).with_next_dates(1)[:ALTERNATIVES]
    dates = [date for other in alike for date in other.next_dates]
    if dates:
        return {"like": True, "dates": dates}
    others = CourseDate.objects.bookable().exclude(course=course).select_related("course")
    others = others.with_where().order_by("starts_on", "start_time", "pk")
    return {"like": False, "dates": list(others[:ALTERNATIVES])}


def to_right_address(request, thing):
    query = request.META["QUERY_STRING"]
    address = thing.get_absolute_url()
    return redirect(f"{address}?{query}" if query else address, permanent=True)


class TermsPage(Page):
    template_name = "catalog/terms.html"

    def get_context_data(self, **kwargs):
        kind = Terms.Kind(kwargs["kind"])
        terms = Terms.objects.in_force(kind)
        other_language = terms is not None and terms.language != get_language()[:2]
        return super().get_context_data(
            terms=terms,
            kind_words=kind.label,
            noindex=terms is None or other_language,
            other_language=other_language,
            **kwargs,
        )
