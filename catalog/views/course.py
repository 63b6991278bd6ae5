"""A course and each of its dates."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog import following, heads, timetable, trail
from catalog.models import Course, CourseDate
from catalog.models.copied import slug_of
from catalog.nearest import date_of, nearest
from catalog.selection import Selection
from catalog.views.pages import text_of, to_right_address

DATES_SHOWN = 12  # at once, the others are one press away …
FEW_MORE = 3  # … unless they are so few that hiding them is not worth it
OTHERS = 5
ALIKE = 4


@require_safe
def course(request, remote_id, slug=None):
    """A course with all its dates. Withdrawn, it keeps its page for a while (200), and later
    says the same with 410."""
    courses = Course.objects.reachable().with_picture().select_related("level", "card")
    courses = courses.with_dates(gatherings=True).with_prices().prefetch_related("texts")
    course = get_object_or_404(courses, remote_id=remote_id)
    if slug != course.slug:
        return to_right_address(request, course)
    context = {"course": course, **text_of(course), "section": "courses"}
    context["trail"] = trail.of_course(course)
    if course.is_withdrawn:
        last = date_of(course)
        context |= {"noindex": True, "last": last, **instead(nearest(last), course)}
        context["head"] = heads.of_gone_course(course)
        gone = course.is_gone()
        return render(request, "catalog/course_gone.html", context, status=410 if gone else 200)
    context |= dates_of(course, request.GET.get("place"))
    context["alike"] = list(courses_like(course))
    context["follow"] = following.of_course(course)
    context["head"] = heads.of_course(course, context["text"], context["foreign"])
    return render(request, "catalog/course.html", context)


def dates_of(course, town=None):
    """The course's dates, those of one town if it is one of theirs; where they are many, by month,
    the first at once and `later_dates` on demand."""
    dates = course.listed_dates
    places = by_place(dates) if town or are_many(dates) else {}
    if len(places) > 1 and town in places:
        dates = places[town]["dates"]
    elif not are_many(dates):
        places = {}
    shown = DATES_SHOWN if are_many(dates) else len(dates)
    return {
        "dates": dates[:shown],
        "later_dates": dates[shown:],
        "in_months": are_many(dates),
        "places": places if len(places) > 1 else {},
        "town": town if town in places else None,
        "with_teachers": any(date.teachers for date in course.listed_dates),
    }


def are_many(dates):
    return len(dates) > DATES_SHOWN + FEW_MORE


def by_place(dates):
    """{how an address writes it: {name, dates}}, the place of most dates first."""
    places = {}
    for date in dates:
        if date.where:
            key = slug_of(str(date.where), otherwise="-")
            places.setdefault(key, {"name": date.where, "dates": []})["dates"].append(date)
    return dict(sorted(places.items(), key=lambda found: -len(found[1]["dates"])))


def courses_like(course):
    """A few courses that go with it, with what a card shows."""
    return Course.objects.alike(course).with_picture().with_next_dates(1).with_prices()[:ALIKE]


@require_safe
def course_date(request, remote_id, slug, date_id):
    """One date. Where it cannot be booked, its page says why and offers other dates."""
    dates = CourseDate.objects.reachable().with_where().with_gatherings()
    date = get_object_or_404(dates, remote_id=date_id, course__remote_id=remote_id)
    courses = Course.objects.with_dates().with_prices().select_related("card")
    date.course = courses.prefetch_related("texts").get(pk=date.course_id)
    if slug != date.course.slug:
        return to_right_address(request, date)
    gone = date.is_gone() or date.course.is_gone()
    context = {
        "date": date,
        "course": date.course,
        **text_of(date.course),
        "noindex": date.is_withdrawn or date.course.is_withdrawn,
        "canonical": date.course.get_absolute_url(),
        "section": "courses",
        "trail": trail.of_date(date),
        "follow": following.of_date(date) if date.is_to_come else None,
    }
    context["head"] = heads.of_date(date, context["text"], context["foreign"])
    if date.wants_another:
        context |= instead(nearest(date), date.course)
    else:
        context["others"] = date.course.open_dates(other_than=date)[:OTHERS]
    return render(request, "catalog/date.html", context, status=410 if gone else 200)


def instead(found, course):
    """What to offer where a date or a course is no way on: the nearest dates that were found, else
    the next of any course."""
    if found:
        return {"nearest": found}
    free = timetable.current().dates_found(Selection(free=True))
    dates = CourseDate.objects.with_course().in_bulk(free[: OTHERS + 1])
    dates = [dates[pk] for pk in free[: OTHERS + 1] if pk in dates]
    return {"any_dates": [date for date in dates if date.course_id != course.pk][:OTHERS]}
