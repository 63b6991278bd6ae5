"""The page for developers: what may be fetched, followed and embedded, and on what terms."""

import datetime as dt
from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import timetable
from catalog.heads import Head
from catalog.models import Course, CourseDate
from catalog.public_data.operations import FILTERS, MOST_PER_PAGE, PER_PAGE, operations
from catalog.public_data.problems import KINDS
from catalog.selection import Selection
from catalog.timetable import DATES
from catalog.views.pages import Page


class OpenData(Page):
    """Made from the same tables as the OpenAPI document; its examples are alive."""

    template_name = "catalog/open_data.html"

    def get_context_data(self, **kwargs):
        now = timetable.current()
        return super().get_context_data(
            addresses=[address(operation, now) for operation in operations()],
            filters=[
                alive(it, now)
                for it in FILTERS
                if settings.SHOW_INSTRUCTORS or it.name != "instructor"
            ],
            uses=uses_of(Selection(place=in_most_dates(now, "place"), free=True)),
            head=head(),
            problems=KINDS,
            per_page=PER_PAGE,
            most_per_page=MOST_PER_PAGE,
            limit=settings.LIMIT_DATA_ADDRESS_MIN,
            **kwargs,
        )


def head():
    described = _(
        "Our courses and dates as JSON, calendars and news feeds, and to be shown on other sites."
    )
    return Head(_("Open data"), described)


def address(operation, now):
    """One that names something leads to the first there is."""
    link = reverse(operation.name) if not operation.of_one else None
    pks, rows = (now.dates, CourseDate) if operation.name == "api_date" else (now.courses, Course)
    if operation.of_one and (first := rows.objects.filter(pk__in=pks[:1]).first()):
        link = reverse(operation.name, args=[first.remote_id])
    path = reverse("api_index") + operation.path.removeprefix("/")
    return {"path": path, "words": operation.words, "link": link}


def alive(parameter, now):
    """The filter with an example that finds something, where anything does."""
    days = {"since": 0, "until": 90}  # from today
    if parameter.name in days:
        day = timezone.localdate() + dt.timedelta(days=days[parameter.name])
        return replace(parameter, example=str(day))
    if parameter.several and (counts := now.counts(Selection(), DATES, parameter.name)):
        # A town rather than its county: it shows how both are written.
        best = max(counts, key=lambda value: ("." in str(value), counts[value]))
        return replace(parameter, example=[best])
    return parameter


def in_most_dates(now, kind):
    """The value of a kind that most dates have, as a choice; nothing where there is none."""
    counts = now.counts(Selection(), DATES, kind)
    return (max(counts, key=counts.get),) if counts else ()


def uses_of(selection):
    """[(what it is, address)] of one and the same selection."""
    names = {
        "calendar": _("Page"),
        "api_dates": _("JSON"),
        "calendar_feed": _("Calendar (iCalendar)"),
        "new_dates": _("News feed (Atom)"),
    }
    return [(words, f"{reverse(name)}?{selection.query()}") for name, words in names.items()]
