"""The search in a database without a full text index of ours: plain comparison of the documents.
Right, but it looks through all of them each time."""

from collections import Counter

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Concat

from catalog.models import Course, SearchDocument

COLUMNS = ("title", "names", "text")


def matching(terms, columns, *, akin=False, best_first=True):
    """As `fts5.matching`; among courses that match alike, the alphabet decides."""
    documents = SearchDocument.objects.filter(course__in=Course.objects.listed())
    space = Value(" ")
    # A space before each word: what follows one begins a word.
    documents = documents.annotate(
        looked_through=joined(space, columns), akin_to=joined(space, ("title", "names"))
    )
    for term in terms:
        fits = Q()
        for phrase in term.phrases:
            fits |= Q(looked_through__contains=f" {' '.join(phrase)}")
        if akin:
            for word in term.akin:
                fits |= Q(akin_to__contains=f" {word}")
        documents = documents.filter(fits)
    return list(documents.order_by("title", "course").values_list("course", flat=True))


def joined(space, columns):
    parts = [part for column in columns for part in (space, F(column))]
    return Concat(*parts, output_field=TextField())


def vocabulary():
    """As `fts5.vocabulary`."""
    for column in COLUMNS:
        courses = Counter()
        for text in SearchDocument.objects.values_list(column, flat=True):
            courses.update(set(text.split()))
        yield from ((word, column, number) for word, number in courses.items())
