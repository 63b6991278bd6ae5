"""A course and each of its dates."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog.models import Course, CourseDate
from catalog.views.pages import text_of, to_right_address

ALTERNATIVES = 5


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


def alternatives_to(course):
    """What to offer instead of a course: the next dates of courses like it, else of any."""
    alike = Course.objects.alike(course).with_next_dates(1)[:ALTERNATIVES]
    dates = [date for other in alike for date in other.next_dates]
    if dates:
        return {"like": True, "dates": dates}
    others = CourseDate.objects.bookable().exclude(course=course).select_related("course")
    others = others.with_where().order_by("starts_on", "start_time", "pk")
    return {"like": False, "dates": list(others[:ALTERNATIVES])}
