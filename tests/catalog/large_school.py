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
LONG_AGO = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def build(today=None, part=1):
    """Fill the empty tables with that part of the school, and name a generation for it."""
    today = today or timezone.localdate()
    ids, now = count(1), timezone.now()

    def copied():
        return {"remote_id": next(ids), "content_hash": "", "fetched_at": now, "changed_at": now}

    places, venues = build_places(copied)
    courses = build_courses(COURSES // part, copied)
    build_texts(courses, now)
    build_prices(courses, copied)
    dates = make(CourseDate, dates_of(DATES // part, courses, places, venues, today, copied))
    build_meetings(dates, venues, copied)
    build_seats(dates, now)
    Generation.objects.create(number=1, checked_at=now)


def make(model, rows):
    return model.objects.bulk_create(list(rows), batch_size=BATCH)


def build_places(copied):
    towns = [(n, f"Tettsted {n}", f"Fylke {n % COUNTIES}") for n in range(TOWNS)]
    places = make(
        Place, (Place(title=town, county=county, **copied()) for _, town, county in towns)
    )
    venues = (
        Venue(
            title=f"Kurssenter {n}",
            city=town,
            county=county,
            latitude=58 + n % 13,
            longitude=5 + n % 20,
            **copied(),
        )
        for n, town, county in towns
    )
    return places, make(Venue, venues)


def build_courses(number, copied):
    """Courses in categories that lie in others, of several levels."""
    tops = make(Category, (Category(title=f"Fag {n}", **copied()) for n in range(CATEGORIES // 4)))
    below = (
        Category(title=f"Emne {n}", parent=tops[n % len(tops)], **copied())
        for n in range(CATEGORIES - len(tops))
    )
    categories = make(Category, below)
    levels = make(Level, (Level(title=f"Nivå {n}", **copied()) for n in range(LEVELS)))
    titles = [f"{SUBJECTS[n % len(SUBJECTS)]} {n}" for n in range(number)]
    rows = (
        Course(
            title=title,
            slug=Course.slug_of(title),
            kind="public",
            public=True,
            language="no",
            level=levels[n % LEVELS],
            text_languages=["no"],
            appeared_at=LONG_AGO + dt.timedelta(minutes=n * 7 % number),
            **copied(),
        )
        for n, title in enumerate(titles)
    )
    courses = make(Course, rows)
    link = Course.categories.through
    links = (
        link(course=course, category=categories[n % len(categories)])
        for n, course in enumerate(courses)
    )
    make(link, links)
    return courses


def build_texts(courses, now):
    texts = (
        CourseText(
            course=course,
            language="no",
            lead=f"<p>Kurs nummer {n} for deg som vil lære mer.</p>",
            description="<p>" + "Innhold og øvelser. " * 20 + "</p>",
            fetched_at=now,
            changed_at=now,
        )
        for n, course in enumerate(courses)
    )
    make(CourseText, texts)


def build_prices(courses, copied):
    prices = (
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
    )
    make(Product, prices)


def build_meetings(dates, venues, copied):
    """An instructor for each date, and a gathering for every fifth."""
    names = (f"Instruktør {n}" for n in range(INSTRUCTORS))
    people = make(Instructor, (Instructor(name=name, **copied()) for name in names))
    link = CourseDate.instructors.through
    links = (
        link(coursedate=date, instructor=people[n % INSTRUCTORS]) for n, date in enumerate(dates)
    )
    make(link, links)
    gatherings = (
        Gathering(date=date, starts_at=date.starts_at, venue=venues[n % TOWNS], **copied())
        for n, date in enumerate(dates[::5])
    )
    make(Gathering, gatherings)


def build_seats(dates, now):
    seats = (
        Seats(date=date, capacity=12, free=n % 13, booked=12 - n % 13, fetched_at=now)
        for n, date in enumerate(dates)
    )
    make(Seats, seats)


def dates_of(number, courses, places, venues, today, copied):
    """25 dates of each course over two years, a fifth of them already past."""
    for n in range(number):
        starts_on = today + dt.timedelta(days=n * 7 % 731 - 146)
        yield CourseDate(
            course=courses[n % len(courses)],
            title=courses[n % len(courses)].title,
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
            appeared_at=LONG_AGO + dt.timedelta(minutes=n * 7 % number) if n % 17 else None,
            **copied(),
        )
