"""Time zones as calendar programs read them (RFC 5545, VTIMEZONE).

The library's own give the moment of a switch by the clock it leads to; the standard wants the clock
it leads from, so summer came an hour late. They also hold for the years of the events alone: one
date moved to another year, and every file with it changed. These hold for good, by their rule where
there is one: some programs know rules and no lists of moments.
"""

import datetime as dt
from calendar import monthrange
from functools import cache
from itertools import groupby, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

YEARS = range(2020, 2046)  # that are looked at; rules are taken to hold beyond
LONG_ENOUGH = 12  # years, for what a rule says not to be chance
EARLIEST = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - by the clock of the zone
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Way(NamedTuple):
    """From one time to another."""

    before: dt.timedelta  # offset from UTC
    after: dt.timedelta
    name: str
    is_summer: bool


@cache
def as_component(name):
    """The zone of that name as a VTIMEZONE. It is kept: not to be changed."""
    zone = ZoneInfo(name)
    first = dt.datetime(YEARS[0], 1, 1, tzinfo=dt.UTC).astimezone(zone)
    component = Timezone()
    component.add("tzid", name)
    component.add_component(observance(way_to(first, first), [EARLIEST]))
    switches = sorted(switches_of(zone), key=lambda switch: switch[0])
    for way, found in groupby(switches, key=lambda switch: switch[0]):
        for onsets in by_rule([onset for _, onset in found]):
            component.add_component(observance(way, onsets))
    return component


def way_to(moment, since):
    return Way(since.utcoffset(), moment.utcoffset(), moment.tzname(), bool(moment.dst()))


def switches_of(zone):
    """Yield (Way, its onset by the clock before it) of each switch in these years."""
    start = dt.datetime(YEARS[0], 1, 1, tzinfo=dt.UTC)
    days = (dt.date(YEARS[-1] + 1, 1, 1) - start.date()).days
    for before, after in pairwise(start + dt.timedelta(days=day) for day in range(days)):
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            while after - before > dt.timedelta(minutes=1):
                middle = before + (after - before) // 2
                same = middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset()
                before, after = (middle, after) if same else (before, middle)
            after = after.replace(second=0, microsecond=0)
            way = way_to(after.astimezone(zone), before.astimezone(zone))
            yield way, (after + way.before).replace(tzinfo=None)


def by_rule(onsets):
    """The onsets in lists: those of the yearly rule that holds at last, if one does, by itself."""
    for at in range(len(onsets) - LONG_ENOUGH + 1):
        if rule_of(onsets[at:]):
            return [part for part in (onsets[:at], onsets[at:]) if part]
    return [onsets]


def rule_of(onsets):
    """The rule by which they come each year until the end, as RRULE; None where there is none."""
    if [onset.year for onset in onsets] != list(range(onsets[0].year, YEARS[-1] + 1)):
        return None
    if len({(onset.month, onset.weekday(), onset.time()) for onset in onsets}) > 1:
        return None
    weeks = {(onset.day - 1) // 7 + 1 for onset in onsets}
    if all(onset.day + 7 > monthrange(onset.year, onset.month)[1] for onset in onsets):
        weeks = {-1}
    if len(weeks) > 1:
        return None
    day = f"{weeks.pop()}{WEEKDAYS[onsets[0].weekday()]}"
    return {"freq": "yearly", "bymonth": onsets[0].month, "byday": day}


def observance(way, onsets):
    part = TimezoneDaylight() if way.is_summer else TimezoneStandard()
    part.add("dtstart", onsets[0])
    part.add("tzoffsetfrom", way.before)
    part.add("tzoffsetto", way.after)
    part.add("tzname", way.name)
    if len(onsets) > 1 and (rule := rule_of(onsets)):
        part.add("rrule", rule)
    else:
        for onset in onsets[1:]:  # one by one: of a list, some programs read the first alone
            part.add("rdate", [onset])
    return part
