"""Builders for tests: plain functions with believable defaults, one row and what it needs each.

`make_date(seats_free=0)` reads as the test means it. Whatever is given by name wins; nothing here
is random, so a test that counts or compares says its own numbers.
"""

import datetime as dt
from decimal import Decimal
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
    Opening,
    Place,
    Product,
    Provider,
    Seats,
    Terms,
    Venue,
)

_ids = count(1000)


def _copied(given):
    """The columns of every copied row, unless they were given."""
    now = timezone.now()
    own = {"remote_id": next(_ids), "content_hash": "", "fetched_at": now, "changed_at": now}
    return own | given


def in_days(days):
    """The day so many days from today, in Oslo."""
    return timezone.localdate() + dt.timedelta(days=days)


def make_provider(**given):
    values = {
        "name": "Fjordskolen",
        "organisation_number": "974760673",
        "phone": "22 00 00 00",
        "email": "kurs@fjordskolen.example",
        "address": "Storgata 1\n0155 Oslo",
    }
    provider = Provider(**(values | given))
    provider.save()
    return provider


def make_terms(kind=Terms.Kind.TERMS, language="nb", **given):
    values = {"version": "1", "text": "<p>Påmeldingen er bindende.</p>"}
    return Terms.objects.create(kind=kind, language=language, **(values | given))


def make_generation(checked_at=None, **given):
    checked_at = checked_at or timezone.now()
    return Generation.objects.create(**({"number": 1, "checked_at": checked_at} | given))


def make_level(title="Kurs", **given):
    return Level.objects.create(title=title, **_copied(given))


def make_category(title="Ledelse", **given):
    return Category.objects.create(title=title, **_copied(given))


def make_place(title="Oslo", county="Oslo", **given):
    return Place.objects.create(title=title, county=county, **_copied(given))


def make_venue(title="Kurssenteret", **given):
    values = {
        "address": "Storgata 1",
        "zipcode": "0155",
        "city": "Oslo",
        "country_code": "NO",
        "capacity": 20,
    }
    return Venue.objects.create(title=title, **_copied(values | given))


def make_instructor(name="Kari Nordmann", **given):
    return Instructor.objects.create(name=name, **_copied(given))


def make_course(title="Førstehjelp på sjø", *, categories=(), **given):
    """A public course with a price of its own (no product)."""
    values = {
        "title": title,
        "slug": Course.slug_of(title),
        "kind": "public",
        "public": True,
        "form_of_teaching": 1,
        "language": "no",
        "list_price": Decimal("2490"),
        "text_languages": ["no"],
        "appeared_at": timezone.now(),
    }
    course = Course.objects.create(**_copied(values | given))
    course.categories.set(categories)
    return course


def make_text(course, language="no", **given):
    values = {
        "lead": "<p>Lær å redde liv.</p>",
        "description": "<p>Gjennom øvelser.</p>",
        "fetched_at": timezone.now(),
        "changed_at": timezone.now(),
    }
    return CourseText.objects.create(course=course, language=language, **(values | given))


def make_product(course, price="2490", vat="25", **given):
    values = {
        "title": course.title if course else "Kursbok",
        "kind": Product.Kind.COURSE,
        "price": Decimal(price),
        "vat_percent": Decimal(vat),
        "is_main": True,
    }
    return Product.objects.create(course=course, **_copied(values | given))


def make_date(
    course=None, *, days=30, lasts=1, seats_free=8, capacity=12, seats=True, instructors=(), **given
):
    """A date `days` from today that lasts `lasts` days and will run, in Oslo, with free seats.

    `seats=False` stores none, as where Frontcore has not said; a number of free seats above the
    capacity raises the capacity.
    """
    course = course or make_course()
    starts_on = given.pop("starts_on", in_days(days))
    values = {
        "course": course,
        "title": course.title,
        "starts_on": starts_on,
        "ends_on": starts_on + dt.timedelta(days=lasts - 1),
        "start_time": dt.time(9),
        "end_time": dt.time(15, 30),
        "timezone": "Europe/Oslo",
        "status": CourseDate.Status.WILL_RUN,
        "language": "no",
        "public": True,
        "appeared_at": timezone.now(),
    }
    if not {"place", "venue", "place_note", "is_virtual"} & given.keys():
        given["place"] = Place.objects.filter(title="Oslo").first() or make_place()
    date = CourseDate.objects.create(**_copied(values | given))
    date.instructors.set(instructors)
    if seats:
        make_seats(date, free=seats_free, capacity=max(capacity, seats_free))
    return date


def make_seats(date, free=8, capacity=12, **given):
    values = {
        "capacity": capacity,
        "free": free,
        "booked": capacity - free,
        "waiting": 0,
        "free_waiting": 5,
        "fetched_at": timezone.now(),
    }
    return Seats.objects.create(date=date, **(values | given))


def make_opening(date, opens_at):
    return Opening.objects.create(date=date, opens_at=opens_at)


def make_gathering(date, *, day=0, starts=dt.time(9), ends=dt.time(15), instructors=(), **given):
    """A meeting `day` days after the first day of its date."""
    on = date.starts_on + dt.timedelta(days=day)
    values = {
        "starts_at": dt.datetime.combine(on, starts, tzinfo=date.zone),
        "ends_at": dt.datetime.combine(on, ends, tzinfo=date.zone),
    }
    gathering = Gathering.objects.create(date=date, **_copied(values | given))
    gathering.instructors.set(instructors)
    return gathering
