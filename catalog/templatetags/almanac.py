"""Days, weeks and gatherings as a calendar writes them."""

import datetime as dt
import re
from itertools import groupby

from babel import dates, lists
from django import template
from django.utils.translation import gettext

from catalog import covers
from catalog.templatetags.formats import clock, locale, meeting_times, short_day, times

register = template.Library()
WEEK = [dt.date(2024, 1, 1) + dt.timedelta(days=number) for number in range(7)]  # from a Monday


@register.simple_tag
def weekdays():
    """mandag … søndag"""
    return [dates.format_date(day, "cccc", locale=locale()) for day in WEEK]


@register.filter
def month_word(value):
    """november"""
    return dates.format_date(value, "LLLL", locale=locale())


@register.filter
def weekday_and_day(value):
    """lørdag 21. november"""
    whole = locale().date_formats["full"].pattern
    return dates.format_date(value, re.sub(r"[ ,]*y+[.]?", "", whole), locale=locale())


@register.filter
def until(first, last):
    """16.–22. nov."""
    return dates.format_interval(first, last, "MMMd", locale=locale())


@register.filter
def anchor(day):
    """Where the list of a month has that day."""
    return f"d{day.isoformat()}"


@register.filter
def meeting_days(date):
    """4., 11. og 18. mai, or 4.–8. mai where they follow each other: the days of a CourseDate's
    gatherings."""
    days = sorted({meeting.starts_at.astimezone(date.zone).date() for meeting in date.meetings})
    if len(days) > 2 and (days[-1] - days[0]).days == len(days) - 1:
        return dates.format_interval(days[0], days[-1], "MMMMd", locale=locale())
    said = []
    for _, of_month in groupby(days, key=lambda day: (day.year, day.month)):
        *others, last = of_month
        said += [dates.format_skeleton("d", day, locale=locale()) for day in others]
        said.append(dates.format_skeleton("MMMMd", last, locale=locale()))
    return lists.format_list(said, locale=locale())


@register.filter
def meeting_short_day(gathering, zone):
    """man. 4. mai"""
    return short_day(gathering.starts_at.astimezone(zone).date())


@register.filter
def differ(date):
    """Whether its gatherings have other clock times than the CourseDate itself."""
    return {meeting_times(meeting, date.zone) for meeting in date.meetings} != {times(date)}


@register.filter
def piece_days(piece):
    """man. 7. – ons. 9. des.: the days of a piece's spell, also those in other months."""
    both = dates.format_interval(piece.starts_on, piece.ends_on, "MMMEd", locale=locale())
    return both.replace("–", " – ").replace("  ", " ")


@register.filter
def piece_start(piece):
    """09:00: when it begins; empty where that was on a day before, or no clock time is known."""
    date = piece.date
    if piece.began_before:
        return ""
    for meeting in date.meetings if piece.parts > 1 else ():
        starts_at = meeting.starts_at.astimezone(date.zone)
        if starts_at.date() == piece.starts_on:
            return clock(starts_at.time())
    return clock(date.start_time) if date.start_time else ""


@register.filter
def piece_times(piece):
    """09:00–15:30, of a piece that is on for a day alone; empty where no clock time is known."""
    date = piece.date
    if piece.parts == 1:
        return times(date)
    today = [
        meeting_times(meeting, date.zone)
        for meeting in date.meetings
        if meeting.starts_at.astimezone(date.zone).date() == piece.starts_on
    ]
    return ", ".join(today) or times(date)


@register.filter
def seam(date):
    """The colour that marks a CourseDate in the wall calendar: that of its course's cover."""
    return covers.mineral(date.course)


@register.filter
def part(piece):
    """2 of 4: which of the spells of its date it is; empty where there is but one."""
    if piece.parts == 1:
        return ""
    return gettext("part %(number)s of %(total)s") % {"number": piece.part, "total": piece.parts}
