"""Makes the account from a recipe: the same recipe always gives the same school."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from . import content_codes
from .content_courses import COURSES, CourseText
from .content_dates import SPECIALS, Special
from .content_places import INSTRUCTORS, ONLINE, PLACES, VENUES
from .records import Course, CourseDate, Instructor, Location, Place, Product

FIRST_COURSE, FIRST_DATE, FIRST_PRODUCT = 90001, 13100001, 8801
LUNCH, MANUAL = 8790, 8791
SMALL_SCHOOL = 250
HOURS = (("08:30:00", "15:30:00"), ("08:00:00", "15:00:00"), ("09:00:00", "16:00:00"))
HOLIDAYS = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (5, 1), (5, 17)}
Tables = dict[str, dict[Any, Any]]


@dataclass(frozen=True)
class Recipe:
    """`courses` and `dates` (per course) 0: the small school of 40 courses and 250 dates.

    `examples_only`: of its dates, those with fixed ids alone (content_dates.py).
    `today` is the day the school was made for, `real_day` the day it really was then.
    """

    seed: int
    today: str
    real_day: str
    courses: int = 0
    dates: int = 0
    examples_only: bool = False

    def shift(self) -> timedelta:
        """How far the account's clock is from the real one."""
        return date.fromisoformat(self.today) - date.fromisoformat(self.real_day)


class Calendar:
    """The days around today as text, made once: a large school asks for the same ones often."""

    def __init__(self, today: date) -> None:
        self.days = [today + timedelta(days=n) for n in range(-120, 460)]
        self.texts = [str(day) for day in self.days]
        self.workdays = [
            day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS for day in self.days
        ]

    def text(self, days_from_today: int) -> str:
        return self.texts[days_from_today + 120]

    def start(self, days_from_today: int, gatherings: tuple[int, ...]) -> int:
        """That day, or the next one from which all gatherings are on working days."""
        while not all(self.workdays[days_from_today + 120 + each] for each in gatherings):
            days_from_today += 1
        return days_from_today

    def stamp(self, days_from_today: int, minute: int) -> str:
        """A moment in ISO with an offset; summer time by month is near enough for made-up data."""
        day = self.text(days_from_today)
        offset = "+02:00" if "04" <= day[5:7] <= "10" else "+01:00"
        return f"{day}T{8 + minute // 60 % 9:02}:{minute % 60:02}:{minute * 7 % 60:02}{offset}"


def build(recipe: Recipe) -> Tables:
    """Every table of the account, before anything happened to it."""
    chance = random.Random(recipe.seed)
    days = Calendar(date.fromisoformat(recipe.today))
    small = not recipe.courses and not recipe.dates
    listed = list(_courses(recipe.courses or len(COURSES), days))
    courses = {course.id: course for course, _ in listed}
    made = list(_special_dates({text.reference: course for course, text in listed}, days))
    if not recipe.examples_only:
        size = {"total": SMALL_SCHOOL - len(made)} if small else {"each": recipe.dates or 6}
        made += _dates(listed, days, chance, FIRST_DATE + 100, **size)
    by_reference = {text.reference: course.id for course, text in reversed(listed)}
    codes = content_codes.campaigns(date.fromisoformat(recipe.today), by_reference)
    gifts = content_codes.vouchers(date.fromisoformat(recipe.today))
    return {
        "places": {row[0]: Place(*row) for row in PLACES},
        "locations": {each.id: each for each in _locations(days)},
        "instructors": {each.id: each for each in _instructors(days)},
        "courses": courses,
        "products": {each.id: each for each in _products(listed, days)},
        "coursedates": {each.id: each for each in made},
        "campaigns": {each.campaign_code.lower(): each for each in codes},
        "vouchers": {each.code.lower(): each for each in gifts},
    }


def _locations(days: Calendar) -> Iterator[Location]:
    made = days.stamp(-110, 90)
    for row in VENUES:
        names = ("capacity_min", "capacity_max", "capacity_overbook", "capacity_wait")
        seats = dict(zip(names, row[9:], strict=True))
        yield Location(*row[:9], **seats, created_at=made, updated_at=made)
    yield Location(
        ONLINE, "Digitalt klasserom", capacity_max=25, is_virtual=True,
        short_text="<p>Lenken kommer på e-post.</p>", created_at=made, updated_at=made,
    )  # fmt: skip


def _instructors(days: Calendar) -> Iterator[Instructor]:
    for number, (key, first, last, position) in enumerate(INSTRUCTORS):
        email = f"instruktor{number + 1}@fjordkompetanse.example"
        made = days.stamp(-110, 60 + number)
        phone = f"9000000{number + 1}"
        yield Instructor(key, first, last, email, phone, position, "Fjordkompetanse AS", made)


def _courses(count: int, days: Calendar) -> Iterator[tuple[Course, CourseText]]:
    ordinary = [text for text in COURSES if text.type == "public" and text.dates and text.active]
    towns = [row[4] for row in VENUES]
    for number in range(count):
        if number < len(COURSES):
            text, title = COURSES[number], COURSES[number].title
        else:
            text = ordinary[number % len(ordinary)]
            title = f"{text.title}, {towns[number % len(towns)]} {number}"
            text = replace(text, reference=f"{text.reference}-{number}")
        created, changed = days.stamp(-100, number % 500), days.stamp(-40, number % 500)
        course = Course(
            id=FIRST_COURSE + number,
            title=title,
            reference=text.reference,
            type=text.type,
            is_active=text.active,
            level_id=text.level,
            teaching_language=text.language,
            duration_value=text.duration,
            duration_unit=text.unit,
            price_value=text.price,
            price_comment=text.price_comment,
            category=text.category if number % 9 else None,
            tags=list(text.tags),
            custom_properties=_custom_properties(text, number),
            texts=text.texts(),
            external_booking_url=text.external_booking_url,
            created_at=created,
            updated_at=changed,
        )
        yield course, text


def _custom_properties(text: CourseText, number: int) -> dict[str, Any] | list | None:
    """Set, empty, missing or null: all four are seen."""
    if number % 6 == 3:
        return None
    if number % 6 == 4:
        return []  # PHP's empty object
    note = None if number % 6 == 5 else ""
    return {"web_slug": text.reference, "web_category": text.category, "special_note": note}


def _products(listed: list[tuple[Course, CourseText]], days: Calendar) -> Iterator[Product]:
    made, changed = days.stamp(-100, 200), days.stamp(-50, 200)
    stamps = {"created_at": made, "updated_at": changed}
    yield Product(LUNCH, "Lunsj", 220, 15, id_type=1, is_main_price=False, **stamps)
    yield Product(MANUAL, "Kursbok", 349.5, 0, id_type=1, is_main_price=False, **stamps)
    free = FIRST_PRODUCT
    for course, text in listed:
        if not text.main_product:
            continue
        extras = [LUNCH] if text.member_price else []
        main = Product(
            free, course.title, text.price, text.vat, course.id, co_products=extras, **stamps
        )
        yield main
        free += 1
        side = {"id_relation": course.id, "is_main_price": False, **stamps}
        if text.member_price:
            yield Product(
                free, f"{course.title} - medlem", text.member_price, text.vat, title_label="Medlem",
                is_member_price=True, id_product_regular_price=main.id, **side,
            )  # fmt: skip
            yield Product(
                free + 1, f"{course.title} - gammel pris", text.price - 400, text.vat,
                title_label="Utgått", is_archived=True, **side,
            )  # fmt: skip
            free += 2


def _special_dates(courses: dict[str, Course], days: Calendar) -> Iterator[CourseDate]:
    """The dates with fixed ids that tests and people can rely on."""
    for number, special in enumerate(SPECIALS):
        course = courses.get(special.course)
        if course is not None:
            yield _special(FIRST_DATE + number, course, special, days)


def _special(key: int, course: Course, special: Special, days: Calendar) -> CourseDate:
    start, last = special.start, special.gatherings[-1]
    if start > 0:
        start = days.start(start, special.gatherings)
    fields = {
        "deadline_at": days.text(start - 4) if start > 4 else None,
        "location_id": 7101,
        "place_id": 637,
        "instructor_ids": (3301,),
        "teaching_language": course.teaching_language,
        "reference": f"FK-{key - FIRST_DATE + 1:03}",
        "confirmed": 3,
        "created_at": days.stamp(-60, key % 400),
        "updated_at": days.stamp(-20, key % 400),
    }
    fields |= special.fields
    if special.deadline is not None:
        fields["deadline_at"] = days.text(special.deadline)
    if special.deleted:
        fields["deleted_at"] = days.stamp(-5, 100)
    return CourseDate(
        key, course.id, days.text(start), days.text(start + last),
        gathering_days=special.gatherings, **fields,
    )  # fmt: skip


def _dates(
    listed: list[tuple[Course, CourseText]],
    days: Calendar,
    chance: random.Random,
    first: int,
    total: int = 0,
    each: int = 0,
) -> list[CourseDate]:
    """Ordinary dates, spread from last month to next year: `total` in all, or `each` per course."""
    dated = [(course, text) for course, text in listed if text.dates]
    count = total or each * len(dated)
    random_of, made = chance.random, []
    for number in range(count):
        course, text = dated[number % len(dated)] if total else dated[number // each]
        start = days.start(int(random_of() * 390) - 30, text.gatherings)
        made.append(_date(first + number, course, text, start, days, random_of))
    return made


def _date(
    key: int, course: Course, text: CourseText, start: int, days: Calendar, random_of: Any
) -> CourseDate:
    online = text.online and random_of() < 0.5
    venue = VENUES[int(random_of() * len(VENUES))]
    seats = 25 if online else venue[10]
    roll = random_of()
    taken = seats if roll < 0.1 else int(roll * roll * seats)
    luck = random_of()
    status = 2 if luck < 0.82 or start < 0 else 1 if luck < 0.92 else 3 if luck < 0.96 else 4
    opens, closes = text.hours or HOURS[int(random_of() * 3)]
    minute = int(random_of() * 500)
    return CourseDate(
        key,
        course.id,
        days.text(start),
        days.text(start + text.gatherings[-1]),
        opens,
        closes,
        days.text(start - 2 - minute % 6) if minute % 10 else None,
        status,
        ONLINE if online else venue[0],
        None,
        None if online else venue[6],
        confirmed=taken - taken // 5,
        unconfirmed=taken // 5,
        waiting=minute % 3 if roll < 0.1 else 0,
        is_virtual=online,
        event_url=f"https://meet.fjordkompetanse.example/{key}" if online else "",
        teaching_language=text.language,
        visible_when_passed_deadline=minute % 12 == 0,
        reference=f"FK-{key}" if minute % 3 else None,
        gathering_days=text.gatherings,
        instructor_ids=(text.instructor,),
        created_at=days.stamp(-90 + minute % 50, minute),
        updated_at=days.stamp(-35 + minute % 34, minute),
    )
