"""Where what a page shows can be followed: in one's own calendar, and as news in a feed reader."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.timetable import COURSES

NEWS = {"new_courses": _("New courses"), "new_dates": _("New course dates")}


@dataclass(frozen=True)
class Following:
    """words: what is chosen; empty for all there is. calendar, news: paths, with their query; one
    course, or one date, has no news of its own."""

    calendar: str
    words: str = ""
    news: str = ""
    news_name: str = ""

    @property
    def address(self):
        """The calendar's whole address, for programs that want it pasted."""
        return settings.SITE_URL + self.calendar

    @property
    def webcal(self):
        """The same as a link that asks the visitor's own calendar program to subscribe."""
        return f"webcal:{self.address.partition(':')[2]}"


def of_choices(found):
    """The state of a list or calendar (`catalog.choices`), whatever month of it is shown. None
    where nothing can ever be found."""
    if found.selection.is_backwards:
        return None
    name = "new_courses" if found.what == COURSES else "new_dates"
    query = f"?{found.query}" if found.query else ""
    return Following(
        reverse("calendar_feed") + query, found.in_words, reverse(name) + query, NEWS[name]
    )


def of_everything():
    return Following(
        reverse("calendar_feed"), news=reverse("new_courses"), news_name=NEWS["new_courses"]
    )


def of_course(course):
    return Following(reverse("course_feed", args=[course.remote_id]), course.title)


def of_date(date):
    return Following(reverse("date_feed", args=[date.course.remote_id, date.remote_id]))
