"""All that is on offer, in memory: what each date and course can be found by, filed once for each
generation of the copy. Lists, calendar and the counts beside the filters are answered from it, so
that no page looks through the table of dates.

A row is a date ahead, in the order of time, or, after these, a course that has no date that is on.
A set of rows is a whole number with a bit for each: to combine two of them costs next to nothing.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from functools import cached_property, reduce
from itertools import compress, islice
from operator import or_

from django.core.cache import cache
from django.utils import timezone

from catalog import filing, search
from catalog.models import SOURCE, Generation
from catalog.selection import KINDS

ZERO_AND_ONE = bytes.maketrans(b"01", b"\x00\x01")
KEPT_S = 24 * 60 * 60
SEARCHES = 64  # whose answers are kept in mind
kept = {}  # those that this process has used last: {which: (name, Timetable)}

DATES, COURSES = "dates", "courses"  # what is counted


def current():
    """The timetable of the generation on air, today. Before the first refresh nothing is kept."""
    return of_generation("listed", lambda: filing.filed(timezone.localdate()))


def of_feeds():
    """The same of what feeds tell of (`CourseDate.objects.followed`): also of what is past,
    cancelled or withdrawn."""
    return of_generation("followed", filing.followed)


def of_generation(which, make):
    number = Generation.objects.filter(source=SOURCE).values_list("number", flat=True).first()
    if number is None:
        return Timetable(**make())
    name = f"{which}:{number}:{timezone.localdate()}"
    if kept.get(which, ("",))[0] != name:
        filed = cache.get(name, version=filing.SHAPE)
        if filed is None:
            filed = make()
            cache.set(name, filed, KEPT_S, version=filing.SHAPE)
        kept[which] = (name, Timetable(**filed))
    return kept[which][1]


def forget():
    """For tests: what is kept of a generation that is none."""
    kept.clear()


class Timetable:
    """dates: primary keys of the dates, in the order of time
    days: the first day of each, as ordinal
    spells: {position: ((first day, last day), …)}, of those that last several days, as ordinals
    courses: primary keys of all listed courses, in alphabetical order
    course_of: for each row, the position of its course in `courses`
    off: positions of the rows that are cancelled
    newest_dates, newest_courses: positions in `dates` and in `courses`, in the order in which
        they became public, the last one first; without dates that are off
    changed: {primary key of a course: when a date of it, or a gathering, has last changed}
    found_by: {kind: {value: positions of rows, ascending}}, kinds and values as in `Selection`
    labels: {kind: {value: words}}, of what the database names
    above: {kind: {value: the one it lies in}}, of nested kinds
    """

    def __init__(
        self,
        *,
        dates,
        days,
        spells,
        courses,
        course_of,
        off,
        newest_dates,
        newest_courses,
        changed,
        found_by,
        labels,
        above,
    ):
        self.dates, self.days, self.spells = dates, days, spells
        self._newest = {DATES: newest_dates, COURSES: newest_courses}
        self.courses, self.course_of, self.off = courses, course_of, off
        self.changed = changed
        self.found_by, self.labels, self.above = found_by, labels, above
        self._rows_of, self._found = {}, {}

    # --- Sets of rows -------------------------------------------------------------------------

    @cached_property
    def _base(self):
        dated = (1 << len(self.dates)) - 1
        everything = (1 << len(self.course_of)) - 1
        return {DATES: dated, COURSES: everything & ~self._set(self.off)}

    def _set(self, positions):
        bits = bytearray(len(self.course_of) // 8 + 1)
        for position in positions:
            bits[position >> 3] |= 1 << (position & 7)
        return int.from_bytes(bits, "little")

    def _flags(self, rows):
        """A byte for each row: 1 where it is in the set."""
        binary = format(rows, f"0{len(self.course_of) or 1}b")[::-1]
        return binary.encode().translate(ZERO_AND_ONE)

    def _rows_with(self, kind, value):
        if (kind, value) not in self._rows_of:
            self._rows_of[kind, value] = self._set(self.found_by[kind].get(value, ()))
        return self._rows_of[kind, value]

    def _rows_of_kind(self, selection, kind):
        """The rows that any of the choices of that kind allows; None where nothing is chosen."""
        held = getattr(selection, kind)
        if not held:
            return None
        if kind == "q":
            return self._rows_with_words(held)
        if kind in ("since", "until"):
            return self._rows_between(selection.since, selection.until)
        values = held if KINDS[kind].metadata["several"] else (held,)
        return reduce(or_, (self._rows_with(kind, value) for value in values))

    def _rows_with_words(self, words):
        rows = self.found_by["course"]
        found = (rows.get(course, ()) for course in self._searched(words))
        return self._set(position for positions in found for position in positions)

    def _rows_between(self, since, until):
        first = bisect_left(self.days, since.toordinal()) if since else 0
        end = bisect_right(self.days, until.toordinal()) if until else len(self.days)
        return ((1 << end) - 1) & ~((1 << first) - 1) if end > first else 0

    def _searched(self, words):
        if words not in self._found:
            if len(self._found) >= SEARCHES:
                self._found.clear()
            self._found[words] = search.courses(words)
        return self._found[words]

    def _rows(self, selection, what, without=()):
        rows = self._base[what]
        for kind in KINDS:
            if kind not in without:
                allowed = self._rows_of_kind(selection, kind)
                rows = rows if allowed is None else rows & allowed
        return rows

    # --- What is found ------------------------------------------------------------------------

    def dates_found(self, selection, without=()):
        """Primary keys of the dates that the selection allows, in the order of time."""
        flags = self._flags(self._rows(selection, DATES, without))
        return list(compress(self.dates, flags))

    def spells_between(self, selection, first, last):
        """[(primary key, ((first day, last day), …))] of the dates that the selection allows and
        that are on at any time between these two days, in the order of time. A date is one spell
        of days, or several, where days without a gathering lie between."""
        first, last = first.toordinal(), last.toordinal()
        begin, end = bisect_left(self.days, first), bisect_right(self.days, last)
        earlier = [at for at, them in self.spells.items() if at < begin and them[-1][1] >= first]
        flags = self._flags(self._rows(selection, DATES))
        from_ordinal, found = dt.date.fromordinal, []
        for at in (*earlier, *range(begin, end)):
            if flags[at]:
                spells = self.spells.get(at, ((self.days[at], self.days[at]),))
                spells = tuple((from_ordinal(one), from_ordinal(other)) for one, other in spells)
                found.append((self.dates[at], spells))
        return found

    def dates_with(self, kind, value):
        """Primary keys of the dates filed under that value, cancelled ones too, in the order of
        time. Also for kinds that nobody chooses, such as "venue" (its id in Frontcore)."""
        return [self.dates[at] for at in self.found_by[kind].get(value, ()) if at < len(self.dates)]

    def courses_with(self, kind, value):
        """Primary keys of the courses of those dates."""
        return {self.courses[self.course_of[at]] for at in self.found_by[kind].get(value, ())}

    def courses_found(self, selection, by_time=False):
        """Primary keys of the courses that it allows: those that fit the words of a search best
        first; without words, in alphabetical order. By time: with the soonest of the dates that
        it allows first, those without any last."""
        flags = self._flags(self._rows(selection, COURSES))
        rows = compress(self.course_of, flags)
        if by_time:
            return [self.courses[position] for position in dict.fromkeys(rows)]
        positions = sorted(set(rows))
        found = [self.courses[position] for position in positions]
        if selection.q:
            found = set(found)
            found = [course for course in self._searched(selection.q) if course in found]
        return found

    def next_dates(self, selection, courses, number):
        """{course: primary keys of the first few dates that are on and that it allows}"""
        rows = self._rows(selection, DATES) & self._base[COURSES]
        flags, of_course = self._flags(rows), self.found_by["course"]
        return {
            course: list(islice((self.dates[at] for at in of_course[course] if flags[at]), number))
            for course in courses
        }

    def newest(self, selection, what, number):
        """Primary keys of so many of the dates or courses that it allows, those that became public
        last first; dates that are off are none."""
        flags = self._flags(self._rows(selection, what))
        keys, chosen = self.dates, flags
        if what == COURSES:
            keys, chosen = self.courses, bytearray(len(self.courses))
            for position in compress(self.course_of, flags):
                chosen[position] = True
        return [keys[at] for at in islice((at for at in self._newest[what] if chosen[at]), number)]

    def number(self, selection, what, without=()):
        """How many dates or courses it allows."""
        rows = self._rows(selection, what, without)
        if what == DATES:
            return rows.bit_count()
        return len(set(compress(self.course_of, self._flags(rows))))

    def counts(self, selection, what, kind):
        """{value: how many dates or courses are found with it}, of every value of that kind that
        there is, beside what else is chosen; other choices of the same kind aside."""
        rows = self._rows(selection, what, without=(kind,))
        if what == DATES:
            return {
                value: (rows & self._rows_with(kind, value)).bit_count()
                for value in self.found_by[kind]
            }
        flags, course_of = self._flags(rows), self.course_of
        return {
            value: len({course_of[position] for position in positions if flags[position]})
            for value, positions in self.found_by[kind].items()
        }
