"""The calls that read what is on offer."""

import hashlib
from collections.abc import Callable
from typing import Any

from . import words
from .answers import Answer, NoSuchPage, error
from .books import Books
from .people import PeopleShapes
from .queries import Query, bound, common, includes, page, span, whole_number
from .records import Course, CourseDate
from .switches import Switches
from .words import titled


class Catalogue:
    """Courses, dates, venues, prices and the small lists."""

    def __init__(self, books: Books, switches: Switches, shapes: PeopleShapes) -> None:
        self.books = books
        self.switches = switches
        self.shapes = shapes

    # -- courses ------------------------------------------------------------------------------

    def courses(self, query: Query) -> Answer:
        listed = list(self.books.courses.values())
        if not self.switches.list_inactive_courses:
            listed = [each for each in listed if each.is_active]
        kept = page(common(listed, query, self._now()), query, self.switches)
        return Answer([self.shapes.course(each) for each in kept])

    def course(self, query: Query, course_id: int, asked_etag: str | None) -> Answer:
        """With PHP's default escaping, and 304 when the client has this very body."""
        course = self._course(course_id)
        language = str(query.get("description_language") or course.teaching_language)
        found = self.shapes.full_course(course, language, includes(query))
        answer = Answer(found, escaped=True)
        if self.switches.etag:
            tag = f'"{hashlib.md5(answer.body(), usedforsecurity=False).hexdigest()}"'
            if asked_etag and tag in asked_etag:
                return Answer(None, 304, text="", headers={"ETag": tag})
            answer.headers["ETag"] = tag
        return answer

    def products(self, query: Query) -> Answer:
        listed = list(self.books.products.values())
        kind = whole_number(query, "id_type")
        if kind is not None:
            listed = [each for each in listed if each.id_type == kind]
        kept = page(common(listed, query, self._now()), query, self.switches)
        return Answer([self.shapes.product(each) for each in kept])

    # -- dates --------------------------------------------------------------------------------

    def calendar(self, query: Query) -> Answer:
        """GET /nextcoursedates: by start, from today on, and without asking: everything embedded.

        Deleted dates are never here; whether hidden and past ones are is not documented.
        """
        today = str(self.books.clock.today())
        listed = [
            each
            for each in self.books.by_start()
            if not each.deleted_at
            and (self.switches.next_past or each.start_at >= today)
            and (self.switches.next_hidden or each.is_visible)
        ]
        kept = page(self._filtered(listed, query), query, self.switches)
        return Answer([self.shapes.coursedate(each) for each in kept])

    def course_dates(self, query: Query, course_id: int) -> Answer:
        self._course(course_id)
        listed = self._listed(self.books.dates_of.get(course_id, []), query)
        return Answer([self.shapes.coursedate(one) for one in page(listed, query, self.switches)])

    def batch(self, query: Query) -> Answer:
        """GET /batch/coursedates: 25 unless told; whether per course or in all is a switch."""
        if not self.switches.batch_coursedates:
            raise NoSuchPage
        asked = query.get("course_ids")
        if asked is None:
            raise error("Missing field(s): course_ids")
        try:
            course_ids = [int(each) for each in asked] if isinstance(asked, list) else None
        except ValueError:
            course_ids = None
        if not course_ids:
            raise error("Field(s) not valid: course_ids")
        found = [self.books.dates_of.get(each, []) for each in dict.fromkeys(course_ids)]
        if self.switches.batch_limit == "course":
            pages = [page(self._listed(each, query), query, self.switches, 25) for each in found]
            kept = [one for each in pages for one in each]
        else:
            flat = [one for each in found for one in each]
            kept = page(self._listed(flat, query), query, self.switches, 25)
        return Answer([self.shapes.coursedate(one) for one in kept])

    def all_dates(self, query: Query) -> Answer:
        """GET /coursedates: known through one integration only, so it can be switched off."""
        if not self.switches.coursedates_list:
            raise NoSuchPage
        wanted = whole_number(query, "coursedate_id")
        if wanted is not None:
            known = self.books.coursedates.get(wanted)
            source = [known] if known else []
        else:
            by_start = query.get("order_by") == "startdate"
            source = self.books.by_start() if by_start else self.books.coursedates.values()
        listed = self._listed(source, query)
        start, limit, number = span(len(listed), query, self.switches)
        more = number + 1 if start + limit < len(listed) else None
        asked = includes(query)
        items = [self.shapes.flat_coursedate(one, asked) for one in listed[start : start + limit]]
        return Answer({"pagination": {"current_page": number, "next_page": more}, "items": items})

    def one_date(self, query: Query, course_id: int, date_id: int) -> Answer:
        course = self._course(course_id)
        date = self.books.coursedates.get(date_id)
        if date is None or date.course_id != course_id:
            raise error("Course date not found", 404)
        found = self.shapes.coursedate(date, single=True)
        asked = includes(query)
        if "course.products" in asked and isinstance(found.get("course"), dict):
            found["course"]["products"] = self.shapes.products_of(course.id)
        if "instructors" in asked:
            known = self.books.instructors
            teachers = [known[one] for one in date.instructor_ids if one in known]
            found["instructors"] = [self.shapes.embedded_instructor(one) for one in teachers]
        return Answer(found)

    def _listed(self, dates: Any, query: Query) -> list[CourseDate]:
        """The dates of a list after every filter, in the order asked for (else by id)."""
        kept = self._filtered(dates, query)
        if not self.switches.list_deleted:
            kept = [each for each in kept if not each.deleted_at]
        backwards = query.get("order_direction") == "desc"
        key: Callable = lambda each: each.id  # noqa: E731
        if query.get("order_by") == "startdate":
            key = lambda each: (each.start_at, each.id)  # noqa: E731
        return sorted(kept, key=key, reverse=backwards)

    def _filtered(self, dates: Any, query: Query) -> list[CourseDate]:
        now = self._now()
        status = whole_number(query, "status_id")
        kept = dates if status is None else [each for each in dates if each.status_id == status]
        # These two are asked for most and are plain days: cheap before the rest.
        low = bound(query, "start_date_at_min", now)
        if low and low.endswith("00:00:00"):
            kept = [each for each in kept if each.start_at >= low[:10]]
        return common(
            kept,
            query,
            now,
            start_date_at=lambda each: f"{each.start_at} {each.start_time_at or '00:00:00'}",
            end_date_at=lambda each: f"{each.end_at} {each.end_time_at or '00:00:00'}",
        )

    # -- venues and small lists ---------------------------------------------------------------

    def locations(self, query: Query) -> Answer:
        kept = page(common(self.books.locations.values(), query, self._now()), query, self.switches)
        return Answer([self.shapes.location(each) for each in kept])

    def places(self, query: Query) -> Answer:
        self._optional()
        kept = page(list(self.books.places.values()), query, self.switches)
        names = ("id", "title", "parent_id", "parent_title")
        return Answer([{name: getattr(each, name) for name in names} for each in kept])

    def instructors(self, query: Query) -> Answer:
        self._optional()
        kept = page(list(self.books.instructors.values()), query, self.switches)
        return Answer([self.shapes.instructor(each) for each in kept])

    def durations(self, query: Query) -> Answer:
        """Ids are strings here and numbers inside courses."""
        self._optional()
        listed = []
        for code, (unit_id, spelled) in words.UNITS.items():
            one, many = spelled[self.shapes.language]
            listed.append({"id": str(unit_id), "code": code, "title": one, "title_plural": many})
        return Answer(listed)

    def currencies(self, query: Query) -> Answer:
        self._optional()
        return Answer([{"code": key, "title": title} for key, title in words.CURRENCIES.items()])

    def countries(self, query: Query) -> Answer:
        self._optional()
        language = self.shapes.language
        return Answer(
            [
                {"id": key, "title": spelled[language], "code": code}
                for key, (code, spelled) in words.COUNTRIES.items()
            ]
        )

    def forms_of_teaching(self, query: Query) -> Answer:
        self._optional()
        return Answer([titled(words.FORMS, 1, self.shapes.language) | {"id": "1"}])

    def course_roles(self, query: Query) -> Answer:
        self._optional()
        return Answer([titled(words.ROLES, 1, self.shapes.language) | {"id": "1"}])

    # -- shared -------------------------------------------------------------------------------

    def _optional(self) -> None:
        if not self.switches.optional_lists:
            raise NoSuchPage

    def _course(self, course_id: int) -> Course:
        course = self.books.courses.get(course_id)
        if course is None:
            raise error("Course not found", 404)
        return course

    def _now(self) -> str:
        return self.books.clock.now().strftime("%Y-%m-%d %H:%M:%S")
