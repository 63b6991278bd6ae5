"""Files every listed date and course under all that it can be found by: what a `Timetable` is made
of. The only place that looks through the table of dates, once for each generation."""

from array import array
from itertools import count
from zoneinfo import ZoneInfo

from cachalot.api import cachalot_disabled
from django.conf import settings
from django.db.models import F, Max, Q
from django.utils import timezone

from catalog.models import (
    Category,
    Course,
    CourseDate,
    Form,
    Gathering,
    Instructor,
    Level,
    Place,
    Venue,
)

SHAPE = 4  # of what is kept: raise it with any change, for a cache outlives a new version of us
FILED_BY = (
    *("course", "category", "place", "form", "level"),
    *("language", "instructor", "venue", "month", "free", "sure"),
)


def filed(today):
    """What a Timetable of all that is listed is made of, as its keywords; two dozen queries, none
    of them kept."""
    with cachalot_disabled():
        return Filing(CourseDate.objects.listed(today), Course.objects.listed()).kept


def followed():
    """The same of what feeds tell of: what is past, cancelled or withdrawn stays a while."""
    with cachalot_disabled():
        return Filing(CourseDate.objects.followed(), Course.objects.reachable()).kept


class Filing:
    """A refresh may go on air between two of the queries. So what points to something is read
    first, and what it points to after it: rows are added, and never deleted."""

    def __init__(self, dates, courses):
        self.wanted = dates.order_by()
        self.found_by = {kind: {} for kind in FILED_BY}
        self.labels = {kind: {} for kind in ("category", "place", "level", "instructor")}
        self.above = {"category": {}, "place": {}}
        self.course_of = array("I")
        self.courses = array("q", courses.in_order())
        self.position = {pk: position for position, pk in enumerate(self.courses)}
        self.level_of, self.categories_of = self.sorted_courses()
        dates = [row for row in self.dates_in_order() if row[1] in self.position]
        self.file_dates(dates)
        self.file_courses_without_dates(dates, courses)
        self.name_instructors()
        self.kept = {
            "dates": array("q", [row[0] for row in dates]),
            "days": array("l", [row[2].toordinal() for row in dates]),
            "courses": self.courses,
            "course_of": self.course_of,
            "spells": self.spells(dates),
            "off": array("I", [at for at, row in enumerate(dates) if self.is_off(row)]),
            "newest_dates": self.newest_dates(dates),
            "newest_courses": self.newest_courses(courses),
            "changed": self.changed(),
            "found_by": {
                kind: {value: array("I", rows) for value, rows in values.items()}
                for kind, values in self.found_by.items()
            },
            "labels": self.labels,
            "above": self.above,
        }

    # --- Read ---------------------------------------------------------------------------------

    def dates_in_order(self):
        columns = ("pk", "course", "starts_on", "is_virtual", "language", "status", "place")
        rows = self.wanted.order_by("starts_on", "start_time", "pk")
        return rows.values_list(*columns, "venue")

    @staticmethod
    def is_off(row):
        return row[5] == CourseDate.Status.CANCELLED

    def newest_dates(self, dates):
        """Positions of those that people will meet on, the last that became public first; of those
        that came together, the soonest first."""
        position = {row[0]: at for at, row in enumerate(dates)}
        rows = self.wanted.not_off().filter(appeared_at__isnull=False)
        rows = rows.order_by("-appeared_at", "starts_on", "start_time", "pk")
        found = rows.values_list("pk", flat=True)
        return array("I", [position[pk] for pk in found if pk in position])

    def newest_courses(self, courses):
        """Positions of the courses, the last that became public first; of those that came together,
        in alphabetical order."""
        appeared = dict(courses.filter(appeared_at__isnull=False).values_list("pk", "appeared_at"))
        known = [at for at, pk in enumerate(self.courses) if pk in appeared]
        known.sort(key=lambda at: appeared[self.courses[at]], reverse=True)
        return array("I", known)

    @staticmethod
    def changed():
        """{course: when a date of it, or a gathering of one, has last changed or was withdrawn}, of
        all dates that ever were public."""
        dates = CourseDate.objects.filter(Q(public=True) | Q(appeared_at__isnull=False)).order_by()
        told = Q(date__public=True) | Q(date__appeared_at__isnull=False)
        meetings = Gathering.objects.filter(told).order_by()
        found = {}
        for rows in (dates.values_list("course"), meetings.values_list("date__course")):
            for course, *moments in rows.annotate(Max("changed_at"), Max("withdrawn_at")):
                found[course] = max(filter(None, [found.get(course), *moments]))
        return found

    def spells(self, dates):
        """{position: ((first day, last day), …), as ordinals} of the dates that last several days:
        one spell, or, where its gatherings leave days out, one for each run of their days."""
        columns = ("pk", "starts_on", "ends_on")
        lasting = self.wanted.filter(ends_on__gt=F("starts_on"))
        whole = {
            pk: (first.toordinal(), last.toordinal())
            for pk, first, last in lasting.values_list(*columns)
        }
        met = {}
        rows = Gathering.objects.filter(withdrawn_at=None, date__in=lasting.values("pk"))
        for pk, starts_at, zone in rows.values_list("date", "starts_at", "date__timezone"):
            on = timezone.localdate(starts_at, ZoneInfo(zone or settings.TIME_ZONE)).toordinal()
            if pk in whole and whole[pk][0] <= on <= whole[pk][1]:
                met.setdefault(pk, set()).add(on)
        return {
            at: runs(met[row[0]]) if len(met.get(row[0], ())) > 1 else (whole[row[0]],)
            for at, row in enumerate(dates)
            if row[0] in whole
        }

    def sorted_courses(self):
        """({course: id of its level}, {course: ids of its categories and of those above them})"""
        level_of = list(Course.objects.exclude(level=None).values_list("pk", "level"))
        links = list(Course.categories.through.objects.values_list("course", "category"))
        levels = Level.objects.values_list("pk", "remote_id", "title")
        level_ids = {pk: remote_id for pk, remote_id, _ in levels}
        self.labels["level"] = {remote_id: title for _, remote_id, title in levels}
        rows = Category.objects.values_list("pk", "remote_id", "title", "parent")
        ids = {pk: remote_id for pk, remote_id, *_ in rows}
        parents = {pk: parent for pk, *_, parent in rows}
        self.labels["category"] = {remote_id: title for _, remote_id, title, _ in rows}
        self.above["category"] = {ids[pk]: ids.get(parent) for pk, parent in parents.items()}
        categories_of = {}
        for course, category in links:
            into = categories_of.setdefault(course, set())
            while category and ids[category] not in into:  # ends at the top, and in any circle
                into.add(ids[category])
                category = parents[category]
        return {pk: level_ids[level] for pk, level in level_of}, categories_of

    def meetings(self):
        """{date: venues of its gatherings}"""
        found = {}
        rows = Gathering.objects.filter(withdrawn_at=None, venue__isnull=False)
        rows = rows.filter(date__in=self.wanted.values("pk"))
        for date, venue in rows.values_list("date", "venue").distinct():
            found.setdefault(date, []).append(venue)
        return found

    def taught_by(self):
        """{date: ids of its instructors and of those of its gatherings, each once}"""
        rows = CourseDate.instructors.through.objects.annotate(date=F("coursedate"))
        rows = rows.filter(coursedate__in=self.wanted.values("pk"))
        meetings = Gathering.instructors.through.objects.annotate(date=F("gathering__date"))
        meetings = meetings.filter(gathering__withdrawn_at=None)
        meetings = meetings.filter(gathering__date__in=self.wanted.values("pk"))
        named = [
            *rows.values_list("date", "instructor"),
            *meetings.values_list("date", "instructor"),
        ]
        ids = dict(Instructor.objects.values_list("pk", "remote_id"))
        found = {}
        for date, person in named:
            found.setdefault(date, {})[ids[person]] = True
        return found

    # --- File ---------------------------------------------------------------------------------

    def file(self, kind, value, at):
        self.found_by[kind].setdefault(value, []).append(at)

    def file_dates(self, dates):
        meetings, taught_by = self.meetings(), self.taught_by()
        free = CourseDate.objects.bookable().with_free_seats().order_by()
        free = set(free.values_list("pk", flat=True))
        places = {pk: (county, title) for pk, title, county in rows_of(Place, "title", "county")}
        venues = rows_of(Venue, "city", "county", "is_virtual", "remote_id")
        venues = {row[0]: row[1:] for row in venues}
        for at, row in enumerate(dates):
            pk, course, starts_on, is_virtual, language, status, place, venue = row
            met = meetings.get(pk, ())
            rooms = [venues[each] for each in dict.fromkeys((venue, *met)) if each]
            in_room = any(not room[2] for room in rooms)
            form = Form.of(is_virtual or any(room[2] for room in rooms), in_room)
            self.file_course(at, course, language, form)
            if not is_virtual:
                towns = [places[place]] if place else [(room[1], room[0]) for room in rooms]
                self.file_place(at, towns)
            for room in rooms:
                self.file("venue", room[3], at)
            self.file("month", f"{starts_on:%Y-%m}", at)
            for person in taught_by.get(pk, ()):
                self.file("instructor", person, at)
            if pk in free:
                self.file("free", True, at)
            if status == CourseDate.Status.WILL_RUN:
                self.file("sure", True, at)

    def file_course(self, at, course, language, form):
        """A row with what it has from its course."""
        self.course_of.append(self.position[course])
        self.file("course", course, at)
        for category in self.categories_of.get(course, ()):
            self.file("category", category, at)
        if course in self.level_of:
            self.file("level", self.level_of[course], at)
        if language:
            self.file("language", language, at)
        if form:
            self.file("form", str(form), at)

    def file_place(self, at, towns):
        """A row under each of its towns, given as (county, town), and the county above it."""
        keys = set()
        for county, town in towns:
            county_key, town_key = slug(county), slug(town)
            if county_key:
                keys.add(county_key)
                self.labels["place"].setdefault(county_key, county)
            if town_key and town_key != county_key:
                key = f"{county_key}.{town_key}" if county_key else town_key
                keys.add(key)
                self.labels["place"].setdefault(key, town)
                self.above["place"].setdefault(key, county_key or None)
        for key in keys:
            self.file("place", key, at)

    def file_courses_without_dates(self, dates, courses):
        """A row after the dates for each course of which none is on."""
        dated = {row[1] for row in dates if not self.is_off(row)}
        columns = ("pk", "language", "form_of_teaching")
        rows = {row[0]: row for row in courses.values_list(*columns)}
        at = count(len(dates))
        for pk in self.courses:
            if pk not in dated and pk in rows:
                _, language, form = rows[pk]
                self.file_course(next(at), pk, language, Form.CLASSROOM if form == 1 else None)

    def name_instructors(self):
        taught = set(self.found_by["instructor"])
        names = Instructor.objects.values_list("remote_id", "name")
        self.labels["instructor"] = {key: name for key, name in names if key in taught}


def rows_of(model, *columns):
    return model.objects.values_list("pk", *columns)


def runs(days):
    """Days in a row, as ((first, last), …)."""
    found = []
    for day in sorted(days):
        if found and day == found[-1][1] + 1:
            found[-1][1] = day
        else:
            found.append([day, day])
    return tuple(map(tuple, found))


def slug(name):
    """A name as an address writes it; "" where there is none."""
    return Course.slug_of(name) if name and name.strip() else ""
