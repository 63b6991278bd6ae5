"""The front page."""

from catalog.models import Course, CourseDate
from catalog.views.pages import Page

DATES_ON_HOME = 10


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
