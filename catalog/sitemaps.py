"""Tells search engines which pages there are, and when each has last changed: those that are
indexed and canonical to themselves, in each language (docs/decisions/0030).

What is there is asked where the pages ask it, so that a page and its entry come and go together.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urljoin

from cachalot.api import cachalot_disabled
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import get_language, override

from catalog import timetable
from catalog.models import Category, Course, CourseText, Instructor, Product, Terms, Venue
from catalog.templatetags.pictures import picture_of

ENTRIES_IN_FILE = 10_000  # allowed are 50,000 and 50 MB; an entry of ours has less than 5 kB


@dataclass(frozen=True)
class Page:
    """`address`: gives its path in the active language. `changed_at`: None where nobody can tell;
    no engine believes a site that says what is not so. `languages`: in which it is to be found."""

    address: Callable
    changed_at: dt.datetime | None = None
    image: str = ""
    languages: tuple | None = None


@dataclass(frozen=True)
class Entry:
    address: str
    changed_at: dt.datetime | None
    alternates: list  # (language or "x-default", address), its own too: those of the page's head
    image: str


@dataclass(frozen=True)
class File:
    address: str
    changed_at: dt.datetime | None


# --- Files ----------------------------------------------------------------------------------


def path(language, number=1):
    return reverse("sitemap", args=[language] if number == 1 else [language, number])


def in_files(language):
    """The pages of that language, as a Paginator."""
    with override(language):
        return Paginator(pages(), ENTRIES_IN_FILE)


def files():
    """Every file of every language."""
    return [
        File(
            address=settings.SITE_URL + path(language, part.number),
            changed_at=newest_of(page.changed_at for page in part),
        )
        for language in languages()
        for part in in_files(language)
    ]


def entries(language, number=1):
    """What stands in that file; EmptyPage where there is no such file."""
    part = in_files(language).page(number).object_list
    addresses = {}
    for each in languages():
        with override(each):
            addresses[each] = [settings.SITE_URL + page.address() for page in part]
    return [
        Entry(
            address=addresses[language][at],
            changed_at=page.changed_at,
            alternates=alternates_of(page, {each: addresses[each][at] for each in addresses}),
            image=page.image and urljoin(settings.SITE_URL, page.image),
        )
        for at, page in enumerate(part)
    ]


def alternates_of(page, addresses):
    own = [(each, addresses[each]) for each in page.languages or languages()]
    return [*own, ("x-default", own[0][1])]


def languages():
    return [code for code, _ in settings.LANGUAGES]


# --- Pages ----------------------------------------------------------------------------------


@cachalot_disabled()
def pages():
    """The pages that are to be found in the active language, always in the same order."""
    now = timetable.current()
    courses = {course.pk: course for course in ever_public()}
    changes = changes_of(courses.values(), now.changed)
    newest = newest_of(changes.values())
    found = [Page(partial(reverse, name), newest) for name in ("home", "course_list", "calendar")]
    found += categories(now, changes)
    found += [course_page(courses[pk], changes[pk]) for pk in now.courses if pk in courses]
    found += listed("venue_list", Venue.objects.filter(remote_id__in=now.found_by["venue"]))
    if settings.SHOW_INSTRUCTORS:
        busy = Instructor.objects.filter(remote_id__in=now.found_by["instructor"])
        found += listed("instructor_list", busy)
    return [*found, *terms(), Page(partial(reverse, "public_data"))]


def course_page(course, changed_at):
    picture = picture_of(course)
    return Page(course.get_absolute_url, changed_at, picture.image.url if picture else "")


def categories(now, changes):
    """Those that have courses, or lie above one that has."""
    newest = {}
    links = Course.categories.through.objects.values_list("course", "category__remote_id")
    for course, category in links:
        line = set()  # ends at the top, and in any circle
        while category is not None and category not in line:
            line.add(category)
            newest[category] = newest_of([newest.get(category), changes.get(course)])
            category = now.above["category"].get(category)
    found = Category.objects.filter(remote_id__in=now.found_by["category"]).order_by("remote_id")
    return [Page(each.get_absolute_url, newest.get(each.remote_id)) for each in found]


def listed(name, things):
    """The list of that name, and the pages of the things on it. When their dates have last changed
    is kept nowhere."""
    pages = [Page(each.get_absolute_url) for each in things.order_by("remote_id")]
    return [Page(partial(reverse, name)), *pages] if pages else []


def terms():
    """The texts in force that have words of their own in the active language; a page that has to
    show another language's is not to be found."""
    own, found = Terms.objects.own_words(), []
    for kind in Terms.Kind:
        if since := own.get((kind, get_language())):
            codes = tuple(code for code in languages() if (kind, code) in own)
            address = partial(reverse, "terms", args=[kind])
            found.append(Page(address, newest_of([since]), languages=codes))
    return found


# --- When they changed ----------------------------------------------------------------------


def ever_public():
    """Courses that are or were on the site: those that left it have changed its lists."""
    texts = CourseText.objects.only("course_id", "language", "changed_at")
    courses = Course.objects.filter(Q(public=True) | Q(appeared_at__isnull=False))
    return courses.select_related("picture").prefetch_related(Prefetch("texts", texts))


def changes_of(courses, dates_changed):
    """{course: when what its page says was last other than before}: its own columns, its text in
    the active language, what it costs, its dates. Free seats come and go; they do not count."""
    costs = {}
    rows = Product.objects.filter(kind=Product.Kind.COURSE, course__isnull=False)
    for course, *moments in rows.values_list("course", "changed_at", "withdrawn_at"):
        costs.setdefault(course, []).extend(moments)
    found = {}
    for course in courses:
        moments = [course.changed_at, course.withdrawn_at, dates_changed.get(course.pk)]
        if text := course.text():
            moments.append(text.changed_at)
        found[course.pk] = newest_of(moments + costs.get(course.pk, []))
    return found


def newest_of(moments):
    """The last of those that are known, to the second."""
    newest = max(filter(None, moments), default=None)
    return newest and newest.astimezone(dt.UTC).replace(microsecond=0)
