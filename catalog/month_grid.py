"""Lays out a month as a wall calendar: weeks of seven days, and on them what is on.

A date that lasts several days is a bar, cut at the ends of weeks and of the month; bars of a week
lie in lanes, so that none covers another. What is on for a day alone stands under the bars of its
day. A crowded day names some and counts the rest; the agenda has them all.
"""

import datetime as dt
from dataclasses import dataclass, field

DAY = dt.timedelta(days=1)
ROOM = 6  # of a day, for bars and what stands under them
LANES = 4  # of that, for bars at most


@dataclass
class Piece:
    """What is drawn of a date in one week: `days` days from `first` on. `part` of `parts`: which of
    the spells of days this is, where the date has several."""

    date: int  # its primary key; the page puts the date itself here
    first: dt.date
    days: int
    part: int
    parts: int
    is_bar: bool
    began_before: bool  # it has been on the day before `first`
    goes_on: bool  # it is on the day after as well
    is_first: bool  # no other piece of the same spell comes before this one in the month
    starts_on: dt.date  # of the spell, in the month or not
    ends_on: dt.date
    opens_on: dt.date  # of the whole date: where the agenda has it
    lane: int = 0

    @property
    def last(self):
        return self.first + (self.days - 1) * DAY


@dataclass
class Day:
    on: dt.date
    in_month: bool
    bars: list = field(default_factory=list)  # that begin here, or are taken up again after a cut
    singles: list = field(default_factory=list)
    lanes: int = 0  # that bars take up on this day
    hidden: list = field(default_factory=list)  # pieces that there is no room for
    opening_address: str = ""  # where the list has them
    earlier_address: str = ""

    @property
    def opening(self):
        """What there is no room for of what the agenda has on this day."""
        return [piece for piece in self.hidden if piece.opens_on == self.on]

    @property
    def earlier(self):
        """What there is no room for of dates that opened on an earlier day."""
        return [piece for piece in self.hidden if piece.opens_on != self.on]

    @property
    def pieces(self):
        """What is drawn on it."""
        return [*self.bars, *self.singles]

    @property
    def is_empty(self):
        return not (self.bars or self.singles or self.hidden)


@dataclass
class Week:
    days: list

    @property
    def number(self):
        return self.days[0].on.isocalendar().week

    @property
    def is_empty(self):
        return all(day.is_empty for day in self.days)


def laid_out(month, found):
    """The weeks of a month, given as its first day, with what is on: `found` as it comes from
    `Timetable.spells_between`."""
    last = end_of(month)
    monday = month - month.weekday() * DAY
    weeks = []
    while monday <= last:
        days = [monday + number * DAY for number in range(7)]
        weeks.append(Week([Day(day, month <= day <= last) for day in days]))
        monday += 7 * DAY
    for week in weeks:
        fill(week, month, last, found)
    return weeks


def end_of(month):
    return (month + 31 * DAY).replace(day=1) - DAY


def fill(week, month, month_end, found):
    first = max(week.days[0].on, month)
    last = min(week.days[-1].on, month_end)
    pieces = [
        Piece(
            date=date,
            first=max(start, first),
            days=(min(end, last) - max(start, first)).days + 1,
            part=number,
            parts=len(spells),
            is_bar=start != end,
            began_before=start < first,
            goes_on=end > last,
            is_first=start >= first or first == month,
            starts_on=start,
            ends_on=end,
            opens_on=spells[0][0],
        )
        for date, spells in found
        for number, (start, end) in enumerate(spells, 1)
        if start <= last and end >= first
    ]
    put_bars(week, [piece for piece in pieces if piece.is_bar])
    put_singles(week, [piece for piece in pieces if not piece.is_bar])


def put_bars(week, bars):
    """Each bar into the first lane that is free on all its days: those that come from the week
    before lie uppermost, of those that begin together the longest."""
    days = {day.on: day for day in week.days}
    free_from = [week.days[0].on] * LANES
    for bar in sorted(bars, key=lambda bar: (bar.first, not bar.began_before, -bar.days)):
        lane = next((at for at, day in enumerate(free_from) if day <= bar.first), None)
        if lane is None:
            days[bar.first].hidden.append(bar)
            continue
        free_from[lane], bar.lane = bar.last + DAY, lane + 1
        days[bar.first].bars.append(bar)
        for number in range(bar.days):
            day = days[bar.first + number * DAY]
            day.lanes = max(day.lanes, bar.lane)
    for day in week.days:
        day.bars.sort(key=lambda bar: bar.lane)


def put_singles(week, singles):
    for day in week.days:
        today = [piece for piece in singles if piece.first == day.on]
        room = ROOM - day.lanes
        if len(today) > room + (not day.hidden):  # to count a single one takes as much room
            day.hidden += today[room:]
            today = today[:room]
        day.singles = today
