"""Finds courses by words: `courses(words)` gives their primary keys, the best first.

All words must fit, in any order and each as the beginning of a word, in one field or in several.
Where they stand in the title comes first, then names (category, level, places, instructors), then
the texts. In each of these, words akin come after the words themselves. Only where nothing is
found, or a text or two that mention the words, or a name that has one in its middle by chance, is
it guessed what was meant; `understood(words)` tells what was guessed.

A database brings `matching` and `vocabulary`: SQLite those of `fts5`, any other those of `plain`.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, islice, pairwise, product

from django.db import connection

from catalog.models import SOURCE, Generation, Synonym
from catalog.search import documents, fts5, plain
from catalog.search.vocabulary import Vocabulary
from catalog.search.words import folded, groups_of, terms_of, words_of_search, written_words

__all__ = ["courses", "folded", "forget", "understood"]

SEVERAL = 3  # courses whose texts alone hold what was typed; with fewer, it is guessed
CHANCE, LIKELY, TOLD_OF, NAMED = range(4)  # how surely words were meant
GUESSES = 40  # searches with guessed words that are tried
FEW = 3  # guesses for each word where two are mistyped
TOLD = 3  # guesses that are told
ANSWERS = 200  # that are kept in mind
COLUMNS = (("title",), ("title", "names"), ("title", "names", "text"))
kept = {}  # the Searches that this process has used last, by generation


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
    return list(current().found(words_of_search(words)).courses)


def understood(words):
    """What the words were taken for, as Understood; None where they were found as they are."""
    found = current().found(words_of_search(words))
    if not found.guessed:
        return None
    typed = written_words(words)
    phrases = (
        " ".join(typed.get(word) or documents.spelling(word, course) for word in guess)
        for guess, course in found.guessed[:TOLD]
    )
    return Understood(tuple(dict.fromkeys(phrases)), instead=not found.exact)


def current():
    """The searches of the generation on air. Before the first refresh nothing tells of changes:
    nothing is kept, and the documents of all courses are compared each time."""
    number = Generation.objects.filter(source=SOURCE).values_list("number", flat=True).first()
    if number is None:
        documents.catch_up()
        return Searches()
    if number not in kept:
        kept.clear()
        kept[number] = Searches()
    return kept[number]


def forget():
    """For tests: what is kept of a generation that is none."""
    kept.clear()


class Searches:
    """The searches of one generation; answers are kept as long as it is on air."""

    def __init__(self, database=None):
        self.database = database or (fts5 if connection.vendor == "sqlite" else plain)
        self.answers = {}

    @cached_property
    def synonyms(self):
        return groups_of(Synonym.objects.values_list("words", flat=True))

    @cached_property
    def vocabulary(self):
        of_synonyms = {word for group in self.synonyms for phrase in group for word in phrase}
        return Vocabulary(self.database.vocabulary(), of_synonyms)

    def found(self, asked):
        """The Found of these words, as given by `words_of_search`."""
        if asked not in self.answers:
            if len(self.answers) >= ANSWERS:
                self.answers.clear()
            self.answers[asked] = self.look_for(asked) if asked else Found()
        return self.answers[asked]

    def look_for(self, asked):
        documents.catch_up(documents.missing())  # of a course that came on air a moment ago
        typed, fit = self.exact(asked)
        found, guessed = typed, []
        for wrong in (1, 2):
            if fit < TOLD_OF and not guessed:
                tried = islice(self.guesses(asked, wrong), GUESSES)
                found, guessed = self.with_guesses(typed, fit, tried)
        return Found(tuple(found), len(typed), tuple(guessed))

    def with_guesses(self, typed, fit, guesses):
        """What was found as typed and what the guesses find; and those that find more, each with
        its best course. Where one is found in a title or among names, those that are not are left
        out; what was typed comes first, unless it is found by chance only."""
        found, guessed = {} if fit == CHANCE else dict(typed), []
        tried = [(guess, *self.exact(guess)) for guess in guesses]
        best = max((fit for _, more, fit in tried if more.keys() - typed.keys()), default=CHANCE)
        for guess, more, fit in tried:
            if fit == best and more.keys() - typed.keys() - found.keys():
                guessed.append((guess, next(iter(more))))
                found |= more
        return found | typed, guessed

    def exact(self, words):
        """Primary keys of the courses that have all the words, or words akin to them, the best
        first, as keys of a dict; and how surely these words were meant: NAMED where they
        stand in a title or among names, TOLD_OF in the texts of several courses, LIKELY in fewer,
        CHANCE where one of them may be no word at all."""
        terms = [replace(term, akin=self.akin_to(term)) for term in terms_of(words, self.synonyms)]
        matching, found, named = self.database.matching, {}, 0
        everything = matching(terms, COLUMNS[-1], akin=True, best_first=False)
        for columns in COLUMNS:
            named = len(found)
            for akin in (False, True):
                if len(found) < len(everything):
                    found |= dict.fromkeys(matching(terms, columns, akin=akin))
        if any(self.is_doubtful(term) for term in terms):
            return found, CHANCE
        if named:
            return found, NAMED
        return found, TOLD_OF if len(found) >= SEVERAL else LIKELY

    def is_doubtful(self, term):
        return all(len(each) == 1 and self.vocabulary.doubts(each[0]) for each in term.phrases)

    def akin_to(self, term):
        single = [phrase[0] for phrase in term.phrases if len(phrase) == 1]
        return tuple(dict.fromkeys(word for each in single for word in self.vocabulary.akin(each)))

    def guesses(self, asked, wrong):
        """Yield what may have been meant, had so many of the words been mistyped: likely ones
        first."""
        if wrong == 1:
            yield from self.spaced_otherwise(asked)
        near = ((at, self.vocabulary.guesses(word)) for at, word in enumerate(asked))
        choices = {at: words for at, words in near if words}
        most = None if wrong == 1 else FEW
        for places in combinations(choices, wrong):
            for words in product(*(choices[at][:most] for at in places)):
                meant = dict(zip(places, words, strict=True))
                yield tuple(meant.get(at, word) for at, word in enumerate(asked))

    def spaced_otherwise(self, asked):
        """Yield the words with one space too many, or too few, mended: "brann vern", "g 11"."""
        for at, (first, second) in enumerate(pairwise(asked)):
            if self.vocabulary.begins(first + second):
                yield (*asked[:at], first + second, *asked[at + 2 :])
        for at, word in enumerate(asked):
            for parts in self.vocabulary.parts(word):
                yield (*asked[:at], *parts, *asked[at + 1 :])
