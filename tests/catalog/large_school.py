"""A school of 2,000 courses and 50,000 dates, put into the tables in a few seconds.

Nothing is random: every number follows from the place of a row, in steps that have no common
divisor, so that all combinations occur.
"""

import datetime as dt
from itertools import count

from django.utils import timezone

from catalog.models import (
    Category,
    Course,
    CourseDate,
    CourseText,
    Gathering,
    Generation,
    Instructor,
    Level,
    Place,
    Product,
    Seats,
    Venue,
)

COURSES, DATES = 2_000, 50_000
COUNTIES, TOWNS, CATEGORIES, INSTRUCTORS, LEVELS = 15, 61, 40, 199, 4
SUBJECTS = ("Truck", "Førstehjelp", "Stillas", "Ledelse", "Excel", "Varme arbeider", "Båtfører")
BATCH = 2_000


def build(today=None):
    """Fill the empty tables, and name a generation for it."""
    today = today or timezone.localdate()
    ids = count(1)
    now = timezone.now()

    def copied():
        return {"remote_id": next(ids), "content_hash": "", "fetched_at": now, "changed_at": now}

    def make(model, rows):
        return model.objects.bulk_create(list(rows), batch_size=BATCH)

    places = make(
        Place,
        [
            Place(title=f"Tettsted {n}", county=f"Fylke {n % COUNTIES}", **copied())
            for n in range(TOWNS)
        ],
    )
    venues = make(
        Venue,
        [
            Venue(
                title=f"Kurssenter {n}",
                city=f"Tettsted {n}",
                county=f"Fylke {n % COUNTIES}",
                latitude=58 + n % 13,
                longitude=5 + n % 20,
                **copied(),
            )
            for n in range(TOWNS)
        ],
    )
    tops = make(Category, [Category(title=f"Fag {n}", **copied()) for n in range(CATEGORIES // 4)])
    categories = make(
        Category,
        [
            Category(title=f"Emne {n}", parent=tops[n % len(tops)], **copied())
            for n in range(CATEGORIES - len(tops))
        ],
    )
    levels = make(Level, [Level(title=f"Nivå {n}", **copied()) for n in range(LEVELS)])
    people = make(
        Instructor, [Instructor(name=f"Instruktør {n}", **copied()) for n in range(INSTRUCTORS)]
    )
    courses = make(
        Course,
        [
            Course(
                title=f"{SUBJECTS[n % len(SUBJECTS)]} {n}",
                slug=Course.slug_of(f"{SUBJECTS[n % len(SUBJECTS)]} {n}"),
                kind="public",
                public=True,
                language="no",
                level=levels[n % LEVELS],
                text_languages=["no"],
                **copied(),
            )
            for n in range(COURSES)
        ],
    )
    make(
        Course.categories.through,
        [
            Course.categories.through(course=course, category=categories[n % len(categories)])
            for n, course in enumerate(courses)
        ],
    )
    make(
        CourseText,
        [
            CourseText(
                course=course,
                language="no",
                lead=f"<p>Kurs nummer {n} for deg som vil lære mer.</p>",
                description="<p>" + "Innhold og øvelser. " * 20 + "</p>",
                fetched_at=now,
                changed_at=now,
            )
            for n, course in enumerate(courses)
        ],
    )
    make(
        Product,
        [
            Product(
                course=course,
                title=course.title,
                kind=Product.Kind.COURSE,
                price=1000 + n,
                vat_percent=25,
                is_main=True,
                **copied(),
            )
            for n, course in enumerate(courses)
        ],
    )
    dates = make(CourseDate, dates_of(courses, places, venues, today, copied))
    make(
        Seats,
        [
            Seats(date=date, capacity=12, free=n % 13, booked=12 - n % 13, fetched_at=now)
            for n, date in enumerate(dates)
        ],
    )
    make(
        CourseDate.instructors.through,
        [
            CourseDate.instructors.through(coursedate=date, instructor=people[n % INSTRUCTORS])
            for n, date in enumerate(dates)
        ],
    )
    make(
        Gathering,
        [
            Gathering(date=date, starts_at=date.starts_at, venue=venues[n % TOWNS], **copied())
            for n, date in enumerate(dates[::5])
        ],
    )
    Generation.objects.create(number=1, checked_at=now)


def dates_of(courses, places, venues, today, copied):
    """25 dates of each course over two years, a fifth of them already past."""
    for n in range(DATES):
        starts_on = today + dt.timedelta(days=n * 7 % 731 - 146)
        yield CourseDate(
            course=courses[n % COURSES],
            title=courses[n % COURSES].title,
            starts_on=starts_on,
            ends_on=starts_on + dt.timedelta(days=n % 3),
            start_time=dt.time(8 + n % 4),
            end_time=dt.time(15),
            timezone="Europe/Oslo",
            status=1 + n // 5 % 4,
            language="en" if n % 11 == 0 else "no",
            is_virtual=n % 9 == 0,
            place=places[n % TOWNS],
            venue=venues[n % TOWNS],
            public=n % 17 != 0,
            **copied(),
        )
