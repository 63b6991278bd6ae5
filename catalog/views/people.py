"""Who teaches, and when."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog import heads, timetable, trail
from catalog.models import Course, CourseDate, Instructor
from catalog.models.course import alphabetical
from catalog.views.pages import Page, dates_on_page, to_right_address

SHOWN = 2  # dates of each course; the others are opened, unless it is but one


@require_safe
def instructor(request, remote_id, slug):
    """An instructor with the dates ahead. Only the name and position: nothing else is stored."""
    if not settings.SHOW_INSTRUCTORS:
        raise Http404
    person = get_object_or_404(Instructor.objects.shown(), remote_id=remote_id)
    if slug != person.slug:
        return to_right_address(request, person)
    now = timetable.current()
    ahead = now.dates_with("instructor", remote_id)
    page, dates = dates_on_page(request, ahead, CourseDate.objects.with_where())
    courses = by_course(dates)
    taught = Course.objects.taught_by(person).exclude(
        pk__in=now.courses_with("instructor", remote_id)
    )
    context = {
        "head": heads.of_instructor(person, courses, page),
        "person": person,
        "trail": trail.of_instructor(person),
        "page": page,
        "courses": [(course, *cut(dates)) for course, dates in courses.items()],
        "taught": sorted(taught, key=lambda course: alphabetical(course.title)),
        "noindex": not ahead,
    }
    return render(request, "catalog/instructor.html", context)


def cut(dates):
    """(the dates to show at once, those to show on demand)"""
    shown = SHOWN if len(dates) > SHOWN + 1 else len(dates)
    return dates[:shown], dates[shown:]


def by_course(dates):
    """{course: its dates}, the course that is held first before the others."""
    courses = Course.objects.with_prices().with_picture()
    courses = courses.in_bulk({date.course_id for date in dates})
    found = {}
    for date in dates:
        date.course = courses[date.course_id]
        found.setdefault(date.course, []).append(date)
    return found


class InstructorList(Page):
    """Everyone who teaches on a date ahead."""

    template_name = "catalog/instructor_list.html"

    def get_context_data(self, **kwargs):
        if not settings.SHOW_INSTRUCTORS:
            raise Http404
        busy = timetable.current().found_by["instructor"]
        people = Instructor.objects.filter(remote_id__in=busy)
        people = sorted(people, key=lambda person: alphabetical(person.name))
        for person in people:
            person.dates_ahead = len(busy[person.remote_id])
        return super().get_context_data(
            head=heads.of_instructors(), people=people, noindex=not people, **kwargs
        )
