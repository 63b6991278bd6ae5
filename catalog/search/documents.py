"""Keeps the documents that a search looks through in step with the copy: the only writer of
`SearchDocument`. What they are made of is compared first, and only what differs is written.
"""

import logging
import re
from html import unescape

from cachalot.api import cachalot_disabled
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.functional import lazy

from catalog.models import (
    Category,
    Course,
    CourseDate,
    CourseText,
    Form,
    Generation,
    SearchDocument,
)
from catalog.models.languages import written_language
from catalog.search.words import words_of, written_words
from catalog.templatetags.formats import language_words

log = logging.getLogger("catalog.search")

VERSION = 2  # to be raised when the same text would give other words
BATCH = 200
DONE = "search:documents"  # what the documents were last compared for
TAG = re.compile(r"<[^>]*>")
TEXTS = ("lead", *CourseText.SECTIONS)
WHERE = (  # columns of a date
    ("place__title", "place__county", "place_note"),
    *(
        tuple(f"{venue}__{column}" for column in ("city", "county", "title", "custom_title"))
        for venue in ("venue", "gatherings__venue")
    ),
)


def catch_up(courses=None):
    """Bring the documents in step with what is on offer today: of these courses (primary keys),
    or of all. Returns whether any had to be written. To be called when what was written is
    committed, and before the generation is raised: a search keeps its answers for a generation.

    A database that cannot be written to now is no reason to stop: the worker's next beat tries
    again.
    """
    if courses is not None and not (courses := list(courses)):
        return False
    try:
        with cachalot_disabled():  # what is read once need not be kept
            behind = outdated(courses)
            for start in range(0, len(behind), BATCH):
                rewrite(behind[start : start + BATCH])
    except DatabaseError as error:
        log.warning("The search could not be brought up to date: %s", type(error).__name__)
        cache.delete(DONE)
        return False
    if courses is None:
        cache.set(DONE, state(), None)
    return bool(behind)


def catch_up_if_due():
    """The same for all courses, where it has not been done today: the dates of yesterday name
    their places no longer."""
    return cache.get(DONE) != state() and catch_up()


def state(on=None):
    return f"{VERSION} {on or timezone.localdate()} {settings.SHOW_INSTRUCTORS}"


def missing():
    """Primary keys of listed courses that have no document yet."""
    return Course.objects.listed().filter(search_document=None).values_list("pk", flat=True)


def outdated(courses):
    """Primary keys of the courses whose document is missing, wrong or no longer wanted."""
    stored = SearchDocument.objects.values_list("course", "title", "names", "made_of")
    if courses is not None:
        stored = stored.filter(course__in=courses)
    stored = {pk: tuple(rest) for pk, *rest in stored}
    wanted = wanted_for(courses)
    return sorted(pk for pk in {*stored, *wanted} if stored.get(pk) != wanted.get(pk))


def rewrite(courses):
    """Made in one transaction with what is read for it, while no other writer is let in."""
    with transaction.atomic():
        Generation.hold()
        wanted = wanted_for(courses)
        SearchDocument.objects.filter(course__in=set(courses) - set(wanted)).delete()
        texts = texts_of(wanted)
        SearchDocument.objects.bulk_create(
            (
                SearchDocument(
                    course_id=pk, title=title, names=names, made_of=made_of, text=texts.get(pk, "")
                )
                for pk, (title, names, made_of) in wanted.items()
            ),
            update_conflicts=True,
            unique_fields=["course"],
            update_fields=["title", "names", "made_of", "text"],
        )


# --- What they are made of ------------------------------------------------------------------


def wanted_for(courses):
    """{course: (title, names, what its text is made of)} of those that are listed."""
    listed = Course.objects.listed()
    if courses is not None:
        listed = listed.filter(pk__in=courses)
    titles = dict(listed.values_list("pk", "title"))
    names = names_of(courses)
    made_of = dict.fromkeys(titles, f"{VERSION}")
    rows = CourseText.objects.order_by("language").values_list("course", "language", "changed_at")
    for pk, language, changed_at in only(rows, courses):
        if pk in titles:
            made_of[pk] += f" {language}{changed_at.timestamp():.6f}"
    return {
        pk: (line(title), line(*names.get(pk, ())), made_of[pk]) for pk, title in titles.items()
    }


def only(rows, courses, field="course"):
    return rows if courses is None else rows.filter(**{f"{field}__in": list(courses)})


def line(*texts):
    return " ".join(word for text in texts for word in words_of(text))


def names_of(courses):
    """{course: the names by which it is known: of its categories and those above, its level, a
    language it is held in other than the site's own, and the places and instructors of its dates
    ahead}"""
    found = {}
    for pk, *names in rows_of_names(courses):
        into = found.setdefault(pk, set())
        into.update(name for name in names if name)
    return {pk: sorted(names) for pk, names in found.items()}


def rows_of_names(courses):
    """Yield (course, name, name …)."""
    yield from only(Course.objects.values_list("pk", "reference", "level__title"), courses, "pk")
    yield from rows_of_categories(courses)
    dates = only(CourseDate.objects.listed().not_cancelled().order_by(), courses)
    in_rooms = dates.filter(is_virtual=False)
    for where in WHERE:
        yield from in_rooms.values_list("course", *where).distinct()
    online = dates.filter(Q(is_virtual=True) | Q(venue__is_virtual=True))
    for course in online.values_list("course", flat=True).distinct():
        yield course, *in_each_language(Form.ONLINE.label)
    spoken = only(Course.objects.values_list("pk", "language"), courses, "pk")
    spoken = {*spoken, *dates.values_list("course", "language").distinct()}
    for course, code in spoken:
        if code and written_language(code) != written_language(settings.LANGUAGE_CODE):
            yield course, *in_each_language(name_of_language(code))
    if settings.SHOW_INSTRUCTORS:
        yield from dates.values_list("course", "instructors__name").distinct()
        meetings = dates.filter(gatherings__withdrawn_at=None)
        yield from meetings.values_list("course", "gatherings__instructors__name").distinct()


def rows_of_categories(courses):
    """Yield (course, title of a category, titles of those above it …)."""
    rows = Course.categories.through.objects.values_list("course", "category")
    rows = list(only(rows, courses))  # before what they point to: a refresh may go on air meanwhile
    categories = {
        pk: (title, parent)
        for pk, title, parent in Category.objects.values_list("pk", "title", "parent")
    }
    for course, category in rows:
        seen = set()
        while category and category not in seen:  # ends at the top, and in any circle
            seen.add(category)
            category = categories[category][1]
        yield course, *(categories[each][0] for each in seen)


name_of_language = lazy(language_words, str)


def in_each_language(words):
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            yield str(words)


def texts_of(courses):
    """{course: the folded words of its texts, in all languages}"""
    found = {}
    texts = CourseText.objects.filter(course__in=list(courses)).order_by("language")
    for course, *parts in texts.values_list("course", *TEXTS):
        html = " ".join(filter(None, parts))
        found.setdefault(course, []).append(unescape(TAG.sub(" ", html)))
    return {course: line(*texts) for course, texts in found.items()}


def spelling(word, course):
    """How that folded word, or the word it is the beginning of, is written in what the course is
    found by."""
    written = [Course.objects.values_list("title", flat=True).get(pk=course)]
    written += names_of([course]).get(course, ())
    texts = CourseText.objects.filter(course=course).values_list(*TEXTS)
    written += (unescape(TAG.sub(" ", part)) for parts in texts for part in parts)
    spellings = written_words(" ".join(written))
    longer = (spellings[key] for key in spellings if key.startswith(word))
    return spellings.get(word) or next(longer, word)
