"""All dates in the order of time: a month a page, as a list or as a wall calendar."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from catalog import choices, following, heads, month_grid, timetable
from catalog.context import languages_of
from catalog.models import CourseDate
from catalog.month_grid import DAY
from catalog.selection import Selection
from catalog.templatetags.almanac import anchor, piece_start
from catalog.timetable import DATES
from catalog.views.pages import Page, numbered_page, page_asked

DATES_ON_PAGE = 200
OF_THE_PATH = ("month", "since", "until")  # kinds of choices: here the month stands in the path


class MonthChoices(choices.Choices):
    """What may be chosen beside the month that is shown."""

    shown = None  # its first day

    @cached_property
    def kinds(self):
        return [kind for kind in super().kinds if kind.name not in OF_THE_PATH]

    @property
    def best_removal(self):
        here = self.shown and self.best_removal_with(month=(f"{self.shown:%Y-%m}",))
        return here or super().best_removal


@dataclass
class Month:
    """A month as the calendar leads to it."""

    first: dt.date
    hits: int
    address: str

    @property
    def words(self):
        """12 dates"""
        return choices.in_words(self.hits, DATES)


class Calendar(Page):
    """A month at an address of its own; at the calendar's own address, the first one with dates.
    Before the first and after the last month with dates there is no page."""

    section = "calendar"
    undated, dated = "calendar", "calendar_month"  # names of its addresses
    indexed = True

    def get(self, request, year=None, month=None):
        self.timetable = timetable.current()
        self.is_dated = year is not None
        asked = Selection.of(request.GET)
        if any(getattr(asked, kind) for kind in OF_THE_PATH):
            return redirect(self.with_month_in_path(asked))
        path = reverse(self.dated, args=[year, month]) if self.is_dated else reverse(self.undated)
        self.choices = MonthChoices(self.timetable, asked, DATES, path)
        self.hits = self.timetable.counts(self.choices.selection, DATES, "month")
        self.month = self.chosen(year, month) if self.is_dated else self.first_month
        self.choices.shown = self.month
        if here := self.choices.elsewhere(request, page=self.page_asked(request)):
            return redirect(here)
        return super().get(request)

    def page_asked(self, request):
        """The page of a long month, as the address should say it."""
        return None

    def chosen(self, year, month):
        try:
            chosen = dt.date(year, month, 1)
        except (ValueError, OverflowError) as error:
            raise Http404 from error
        if not self.hits or not min(self.hits) <= f"{chosen:%Y-%m}" <= max(self.hits):
            raise Http404
        return chosen

    # --- Months -------------------------------------------------------------------------------

    @cached_property
    def with_dates(self):
        """The months, each as its first day, in which any date starts that fits."""
        return [first_day(month) for month in sorted(self.hits) if self.hits[month]]

    @property
    def first_month(self):
        return self.with_dates[0] if self.with_dates else None

    def with_month_in_path(self, asked):
        """The address of a state that came with months or days: the first of them, where there
        is such a page."""
        month = next(iter(asked.month), None)
        if month is None and asked.since:
            month = f"{asked.since:%Y-%m}"
        known = self.timetable.found_by["month"]
        for kind in OF_THE_PATH:
            asked = asked.without(kind)
        in_range = month and known and min(known) <= month <= max(known)
        return self.address(first_day(month) if in_range else None, asked)

    def address(self, month, selection=None, view=None, **more):
        """Where a month is shown, by default with what is chosen; without one, the first month."""
        view = view or type(self)
        selection = self.choices.selection if selection is None else selection
        path = reverse(view.undated)
        if month:
            path = reverse(view.dated, args=[month.year, month.month])
        query = selection.query(**more)
        return f"{path}?{query}" if query else path

    def entry(self, month):
        """A Month; the first one with dates lies at the calendar's own address."""
        address = self.address(None if month == self.first_month else month)
        return Month(month, self.hits.get(f"{month:%Y-%m}", 0), address)

    @property
    def months_by_year(self):
        """[(year, [Month, …])] from the first month with dates to the last, whatever is chosen."""
        found, month = [], first_day(min(self.hits))
        while f"{month:%Y-%m}" <= max(self.hits):
            found.append(self.entry(month))
            month = month_grid.end_of(month) + DAY
        return [(year, list(them)) for year, them in groupby(found, key=lambda it: it.first.year)]

    # --- The page -----------------------------------------------------------------------------

    def get_context_data(self, **kwargs):
        canonical = self.choices.address(page=self.page_asked(self.request))
        shown = self.month if self.is_dated else None
        page = kwargs.get("page")
        context = {
            "head": heads.of_calendar(self.choices, shown, page, in_grid=not self.indexed),
            "month": self.month,
            "today": timezone.localdate(),
            "choices": self.choices,
            "follow": following.of_choices(self.choices),
            "is_filtered": bool(self.choices.selection),
            "canonical": canonical,
            "noindex": self.is_dated or not self.indexed or self.choices.noindex,
            "other_languages": languages_of(self.request, canonical),
        }
        if self.month:
            earlier = [month for month in self.with_dates if month < self.month]
            later = [month for month in self.with_dates if month > self.month]
            kept = self.month if self.is_dated else None
            context |= {
                "entry": self.entry(self.month),
                "months_by_year": self.months_by_year,
                "earlier": self.entry(earlier[-1]) if earlier else None,
                "later": self.entry(later[0]) if later else None,
                "as_list": self.address(kept, view=Agenda),
                "as_grid": self.address(kept, view=MonthGrid),
            }
        return super().get_context_data(**context | kwargs)


class Agenda(Calendar):
    """A month as a list: its weeks, their days, and the dates that start on them."""

    template_name = "catalog/calendar_agenda.html"

    def page_asked(self, request):
        return page_asked(request)

    def get_context_data(self, **kwargs):
        if self.month:
            this_month = self.choices.selection.plus("month", f"{self.month:%Y-%m}")
            found = self.timetable.dates_found(this_month)
            page = numbered_page(self.request, found, DATES_ON_PAGE)
            dates = CourseDate.objects.with_course().with_meetings().in_bulk(page.object_list)
            dates = [dates[pk] for pk in page.object_list if pk in dates]
            kwargs |= {"page": page, "weeks": by_week(dates)}
            if page.number > 1:
                kwargs["noindex"] = True
        return super().get_context_data(**kwargs)


class MonthGrid(Calendar):
    """A month as a wall calendar. It has the dates of the list, so that search engines need not
    have both."""

    template_name = "catalog/calendar_grid.html"
    undated, dated = "calendar_grid", "calendar_grid_month"
    indexed = False

    def get_context_data(self, **kwargs):
        if self.month:
            last = month_grid.end_of(self.month)
            found = self.timetable.spells_between(self.choices.selection, self.month, last)
            weeks = month_grid.laid_out(self.month, found)
            self.put_dates(weeks)
            kwargs |= {
                "weeks": weeks,
                "is_empty": all(week.is_empty for week in weeks),
                "from_before": sum(spells[0][0] < self.month for _, spells in found),
            }
        return super().get_context_data(**kwargs)

    def put_dates(self, weeks):
        """Put the dates themselves where the layout knows their keys only, and give a crowded day
        the addresses of what it leaves out."""
        days = [day for week in weeks for day in week.days]
        wanted = {piece.date for day in days for piece in day.pieces}
        dates = CourseDate.objects.with_where().with_meetings().select_related("course")
        dates = dates.prefetch_related("course__categories").in_bulk(wanted)
        for day in days:
            day.bars = drawn(day.bars, dates)
            day.singles = sorted(drawn(day.singles, dates), key=piece_start)
            if day.opening:
                day.opening_address = self.in_agenda(day.on)
            if day.earlier:
                day.earlier_address = self.in_agenda(min(it.opens_on for it in day.earlier))

    def in_agenda(self, day):
        """Where the list has that day."""
        month = day.replace(day=1)
        before = self.choices.selection.plus("since", month).plus("until", day - DAY)
        number = self.timetable.number(before, DATES) if day > month else 0
        page = number // DATES_ON_PAGE + 1
        address = self.address(month, view=Agenda, page=page if page > 1 else None)
        return f"{address}#{anchor(day)}"


def first_day(month):
    return dt.date.fromisoformat(f"{month}-01")


def by_week(dates):
    """[(monday, sunday, [(day, dates)])] of dates in the order of time."""
    weeks = groupby(dates, key=lambda date: date.starts_on - date.starts_on.weekday() * DAY)
    return [
        (
            monday,
            monday + 6 * DAY,
            [(day, list(them)) for day, them in groupby(of_week, key=lambda it: it.starts_on)],
        )
        for monday, of_week in weeks
    ]


def drawn(pieces, dates):
    """The pieces with their dates, but those of a date that has just gone."""
    for piece in pieces:
        piece.date = dates.get(piece.date)
    return [piece for piece in pieces if piece.date]
