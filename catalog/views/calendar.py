"""All dates in the order of time."""

import datetime as dt

from django.http import Http404
from django.urls import reverse

from catalog.models import CourseDate
from catalog.views.pages import Page, numbered_page

DATES_ON_PAGE = 200


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
