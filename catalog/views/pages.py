"""What the catalogue's pages have in common."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

DATES_ON_PAGE = 60
DIGITS = 6  # of the number of a page


@method_decorator(require_safe, name="dispatch")
class Page(TemplateView):
    section = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(section=self.section, **kwargs)


def page_asked(request):
    """The page that `?page=` asks for, as its one address has it; None for the first."""
    page = request.GET.get("page", "1")
    if page.isdecimal() and len(page) <= DIGITS:
        page = str(int(page))
    return None if page == "1" else page


def numbered_page(request, rows, size):
    """The page of rows that `?page=` asks for; 404 where there is none."""
    paginator = Paginator(rows, size)
    number = page_asked(request) or "1"
    if number not in map(str, paginator.page_range):
        raise Http404
    return paginator.page(int(number))


def dates_on_page(request, pks, dates):
    """(the page of those primary keys that `?page=` asks for, its dates)"""
    page = numbered_page(request, pks, DATES_ON_PAGE)
    found = dates.in_bulk(page.object_list)
    return page, [found[pk] for pk in page.object_list if pk in found]


def text_of(course):
    """The course's text, and whether it is in another language than the page."""
    text = course.text()
    return {"text": text, "foreign": text is not None and not text.is_in(get_language())}


def to_right_address(request, thing):
    query = request.META["QUERY_STRING"]
    address = thing.get_absolute_url()
    return redirect(f"{address}?{query}" if query else address, permanent=True)
