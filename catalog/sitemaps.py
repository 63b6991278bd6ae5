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


def in_files(catalogue, language):
    """The pages of that language, as a Paginator."""
    with override(language):
        return Paginator(catalogue.pages(), ENTRIES_IN_FILE)


def files():
    """Every file of every language."""
    catalogue = Catalogue()
    return [
        File(
            address=settings.SITE_URL + path(language, part.number),
            changed_at=newest_of(page.changed_at for page in part),
        )
        for language in languages()
        for part in in_files(catalogue, language)
    ]


def entries(language, number=1):
    """What stands in that file; EmptyPage where there is no such file."""
    part = in_files(Catalogue(), language).page(number).object_list
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


class Catalogue:
    """What there is, asked for once for all languages."""

    @cachalot_disabled()
    def __init__(self):
        self.now = timetable.current()
        self.courses = {course.pk: course for course in ever_public()}
        self.costs = changes_of_costs()
        self.categories = list(self.used(Category, "category"))
        self.links = list(
            Course.categories.through.objects.values_list("course", "category__remote_id")
        )
        self.venues = list(self.used(Venue, "venue"))
        self.people = list(self.used(Instructor, "instructor")) if settings.SHOW_INSTRUCTORS else []
        self.texts_of_ours = Terms.objects.own_words()

    def used(self, model, kind):
        """Those that something is filed under."""
        return model.objects.filter(remote_id__in=self.now.found_by[kind]).order_by("remote_id")

    def pages(self):
        """The pages that are to be found in the active language, always in the same order."""
        changes = {pk: self.changed_at(course) for pk, course in self.courses.items()}
        newest = newest_of(changes.values())
        return [
            *(Page(partial(reverse, name), newest) for name in ("home", "course_list", "calendar")),
            *self.pages_of_categories(changes),
            *(self.page_of_course(pk, changes) for pk in self.now.courses if pk in changes),
            *listed("venue_list", self.venues),
            *listed("instructor_list", self.people),
            *self.pages_of_terms(),
            Page(partial(reverse, "public_data")),
        ]

    def page_of_course(self, pk, changes):
        course = self.courses[pk]
        picture = picture_of(course)
        return Page(course.get_absolute_url, changes[pk], picture.image.url if picture else "")

    def changed_at(self, course):
        """When what its page says was last other than before: its own columns, its text in the
        active language, what it costs, its dates. Free seats come and go; they do not count."""
        text = course.text()
        return newest_of(
            [
                *(course.changed_at, course.withdrawn_at, text and text.changed_at),
                *(self.now.changed.get(course.pk), self.costs.get(course.pk)),
            ]
        )

    def pages_of_categories(self, changes):
        """Each is as new as its courses, and those of the categories within it."""
        newest = {}
        for course, category in self.links:
            line = set()  # ends at the top, and in any circle
            while category is not None and category not in line:
                line.add(category)
                newest[category] = newest_of([newest.get(category), changes.get(course)])
                category = self.now.above["category"].get(category)
        return [Page(each.get_absolute_url, newest.get(each.remote_id)) for each in self.categories]

    def pages_of_terms(self):
        """The texts in force that have words of their own in the active language; a page that has
        to show another language's is not to be found."""
        for kind in Terms.Kind:
            if since := self.texts_of_ours.get((kind, get_language())):
                codes = [code for code in languages() if (kind, code) in self.texts_of_ours]
                address = partial(reverse, "terms", args=[kind])
                yield Page(address, newest_of([since]), languages=tuple(codes))


def ever_public():
    """Courses that are or were on the site: those that left it have changed its lists."""
    texts = CourseText.objects.only("course_id", "language", "changed_at")
    courses = Course.objects.filter(Q(public=True) | Q(appeared_at__isnull=False))
    return courses.select_related("picture").prefetch_related(Prefetch("texts", texts))


def changes_of_costs():
    """{course: when what it costs has last changed}"""
    found = {}
    rows = Product.objects.filter(kind=Product.Kind.COURSE, course__isnull=False)
    for course, *moments in rows.values_list("course", "changed_at", "withdrawn_at"):
        found[course] = newest_of([found.get(course), *moments])
    return found


def listed(name, things):
    """The list of that name, and the pages of the things on it. When their dates have last changed
    is kept nowhere."""
    pages = [Page(each.get_absolute_url) for each in things]
    return [Page(partial(reverse, name)), *pages] if pages else []


def newest_of(moments):
    """The last of those that are known, to the second."""
    newest = max(filter(None, moments), default=None)
    return newest and newest.astimezone(dt.UTC).replace(microsecond=0)
