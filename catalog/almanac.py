"""The months ahead as notches on a stick: a stroke for each day on which something starts."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

MONTHS = 12
HEIGHT, LEAST, A_DAY = 20, 8, 4  # of the drawing; the shortest stroke; the width of a day


@dataclass(frozen=True)
class MonthAhead:
    first: dt.date
    dates: int
    notches: str  # the path of the drawing

    width, height = 31 * A_DAY, HEIGHT


def months_ahead(timetable):
    """The next twelve months, from the first that has dates; cancelled ones are not counted."""
    off = set(timetable.off)
    starts = Counter(day for at, day in enumerate(timetable.days) if at not in off)
    if not starts:
        return []
    first = dt.date.fromordinal(min(starts)).replace(day=1)
    end = later(first, MONTHS)
    most = max(starts.values())
    strokes = {}
    for ordinal, dates in sorted(starts.items()):
        day = dt.date.fromordinal(ordinal)
        if day < end:
            strokes.setdefault(day.replace(day=1), []).append((day.day, dates))
    return [drawn(month, strokes.get(month, []), most) for month in every_month(first, end)]


def drawn(month, strokes, most):
    path = "".join(
        f"M{(day - 1) * A_DAY + A_DAY // 2} {HEIGHT}v-{LEAST + (HEIGHT - LEAST) * dates // most}"
        for day, dates in strokes
    )
    return MonthAhead(month, sum(dates for _, dates in strokes), path)


def every_month(first, end):
    while first < end:
        yield first
        first = later(first, 1)


def later(month, months):
    """The first of the month so many months after that one."""
    years, month_number = divmod(month.month - 1 + months, 12)
    return dt.date(month.year + years, month_number + 1, 1)
