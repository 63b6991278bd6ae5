"""Finds courses by words: `courses(words)` gives their primary keys, the best first.

All words must fit, in any order and each as the beginning of a word, in one field or in several.
Where they stand in the title comes first, then names (category, level, places, instructors), then
the texts. In each of these, words akin come after the words themselves. Only where next to nothing
is found is it guessed what was meant; `understood(words)` tells what was guessed.

A database brings `matching` and `vocabulary`: SQLite those of `fts5`, any other those of `plain`.
"""

from dataclasses import dataclass, replace
from itertools import combinations, islice, product

from django.db import connection

from catalog.models import SOURCE, Generation, Synonym
from catalog.search import documents, fts5, plain
from catalog.search.vocabulary import Vocabulary
from catalog.search.words import folded, groups_of, terms_of, words_of_search, written_words

__all__ = ["courses", "folded", "forget", "understood"]

LITTLE = 3  # fewer courses than that, and it is guessed what else was meant
GUESSES = 40  # searches with guessed words that are tried
FEW = 3  # guesses for each word where two are mistyped
TOLD = 3  # of them are told
COLUMNS = (("title",), ("title", "names"), ("title", "names", "text"))
kept = {}  # the vocabulary that this process has used last, by generation


@dataclass(frozen=True)
class Understood:
    """What was looked for besides, or instead: phrases as people write them."""

    phrases: tuple[str, ...]
    instead: bool  # nothing at all was found by what was typed


@dataclass(frozen=True)
class Found:
    courses: tuple[int, ...] = ()
    exact: int = 0  # so many of them by what was typed
    guessed: tuple = ()  # (words, primary key of the best course found by them)


def courses(words):
    """Primary keys of the listed courses that fit all of the words, the best first."""
    return list(look_for(words).courses)


def understood(words):
    """What the words were taken for, as Understood; None where they were found as they are."""
    found = look_for(words)
    if not found.guessed:
        return None
    typed = written_words(words)
    phrases = (
        " ".join(typed.get(word) or documents.spelling(word, course) for word in guess)
        for guess, course in found.guessed[:TOLD]
    )
    return Understood(tuple(dict.fromkeys(phrases)), instead=not found.exact)


def forget():
    """For tests: what is kept of a generation that is none."""
    kept.clear()


# --- How ------------------------------------------------------------------------------------


def look_for(text):
    asked = words_of_search(text)
    if not asked:
        return Found()
    number = Generation.objects.filter(source=SOURCE).values_list("number", flat=True).first()
    # A course that came on air a moment ago has a document before it is looked for. Before the
    # first refresh, when nothing tells of changes, all are compared each time.
    documents.catch_up(None if number is None else documents.missing())
    groups = groups_of(Synonym.objects.values_list("words", flat=True))
    vocabulary = vocabulary_of(number, groups)
    found = dict.fromkeys(exact(asked, groups, vocabulary))
    number_exact, guessed = len(found), []
    for wrong in (1, 2):
        if len(found) < LITTLE and not guessed:
            for guess in islice(guesses(asked, vocabulary, wrong), GUESSES):
                more = exact(guess, groups, vocabulary)
                if set(more) - set(found):
                    guessed.append((guess, more[0]))
                    found |= dict.fromkeys(more)
    return Found(tuple(found), number_exact, tuple(guessed))


def vocabulary_of(number, groups):
    name = (number, hash(tuple(groups)))
    if number is None or name not in kept:
        kept.clear()
        synonyms = {word for group in groups for phrase in group for word in phrase}
        kept[name] = Vocabulary(database().vocabulary(), synonyms)
    return kept[name]


def database():
    return fts5 if connection.vendor == "sqlite" else plain


def exact(words, groups, vocabulary):
    """Primary keys of the courses that have all the words or words akin to them, best first."""
    terms = [replace(term, akin=akin_to(term, vocabulary)) for term in terms_of(words, groups)]
    matching = database().matching
    found = {}
    everything = matching(terms, COLUMNS[-1], akin=True)
    for columns in COLUMNS:
        for akin in (False, True):
            if len(found) < len(everything):
                found |= dict.fromkeys(matching(terms, columns, akin=akin))
    return list(found)


def akin_to(term, vocabulary):
    single = [phrase[0] for phrase in term.phrases if len(phrase) == 1]
    return tuple(dict.fromkeys(word for each in single for word in vocabulary.akin(each)))


def guesses(asked, vocabulary, wrong):
    """Yield what may have been meant, had so many of the words been mistyped: likely ones first."""
    choices = {at: near for at, word in enumerate(asked) if (near := vocabulary.guesses(word))}
    most = None if wrong == 1 else FEW
    for places in combinations(choices, wrong):
        for words in product(*(choices[at][:most] for at in places)):
            meant = dict(zip(places, words, strict=True))
            yield tuple(meant.get(at, word) for at, word in enumerate(asked))
