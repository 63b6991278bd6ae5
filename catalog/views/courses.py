"""The list of courses."""

from catalog.models import Course
from catalog.views.pages import Page, numbered_page

COURSES_ON_PAGE = 60


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
