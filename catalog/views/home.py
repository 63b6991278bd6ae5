"""The front page."""

from catalog import choices, following, heads, timetable
from catalog.almanac import months_ahead
from catalog.models import CourseDate
from catalog.selection import Selection
from catalog.views.pages import Page

DATES_ON_HOME = 6


class Home(Page):
    template_name = "catalog/home.html"

    def get_context_data(self, **kwargs):
        table = timetable.current()
        months = months_ahead(table)
        dates = next_to_start(table)
        categories = choices.of(table, Selection(), timetable.COURSES).categories_within()
        return super().get_context_data(
            dates=dates,
            next_date=next((date for date in dates if date.offer), None),
            months=months,
            number_of_courses=len(table.courses),
            number_of_dates=len(table.dates) - len(table.off),
            categories=categories,
            follow=following.of_everything(),
            head=heads.of_home(len(table.courses), categories),
            **kwargs,
        )


def next_to_start(table):
    """The first dates ahead that are on."""
    off = set(table.off)
    first = [pk for at, pk in enumerate(table.dates[: DATES_ON_HOME + len(off)]) if at not in off]
    found = CourseDate.objects.with_course().in_bulk(first[:DATES_ON_HOME])
    return [found[pk] for pk in first[:DATES_ON_HOME] if pk in found]
