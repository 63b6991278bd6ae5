"""All words that courses are found by: which of them are akin to a word, and which one somebody
meant who has mistyped it."""

from bisect import bisect_left

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.search.words import SHORTEST_INSIDE, stem_of

SHORTEST_GUESSED = 4  # nearly everything is one letter away from a shorter word
SHORTEST_PART = 3  # of what was written as one word
LONG = 8  # letters of a word in which two may be wrong
MOST_AKIN = 50
MOST_GUESSES = 8


class Vocabulary:
    def __init__(self, rows, synonyms=()):
        """rows: (word, column, in how many courses); synonyms: words that stand for others."""
        self.weights = dict.fromkeys(synonyms, 1)
        self.names = []  # words of titles and names
        for word, column, courses in rows:
            if column != "text" and word not in self.weights:
                self.names.append(word)
            weight = courses * (1 if column == "text" else 100)
            self.weights[word] = self.weights.get(word, 0) + weight
        self.by_length = {}
        for word in self.weights:
            self.by_length.setdefault(len(word), []).append(word)
        self.sorted = sorted(self.weights)

    def akin(self, word):
        """Words to be looked for in its stead among titles and names: those it stands inside of
        ("gaffeltruck" for "truck"), and what it is without its ending."""
        found = {}
        stem = stem_of(word)
        for part in filter(None, (stem, word)):
            if len(part) >= SHORTEST_INSIDE:
                found |= dict.fromkeys(
                    name for name in self.names if part in name and not name.startswith(part)
                )
        inside = sorted(found, key=lambda name: (len(name), name))[:MOST_AKIN]
        return (stem, *inside) if stem else tuple(inside)

    def begins(self, letters):
        """Whether any word begins with these letters."""
        at = bisect_left(self.sorted, letters)
        return at < len(self.sorted) and self.sorted[at].startswith(letters)

    def doubts(self, word):
        """Whether it stands nowhere but in the middle of a name, which may be chance: "truk" in
        "instruktør" is no part of it, "kran" in "traverskran" is."""
        parts = (word, stem_of(word) or word)
        return not any(
            self.begins(part) or any(name.endswith(part) for name in self.names) for part in parts
        )

    def parts(self, word):
        """Yield the two words that it may be, without a space between: "varmearbeider"."""
        for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            first, second = word[:at], word[at:]
            if all(
                part in self.weights or (len(part) > SHORTEST_PART and self.begins(part))
                for part in (first, second)
            ):
                yield first, second

    def guesses(self, word):
        """Words, or beginnings of words, that differ from it by one letter that is wrong, missing,
        too many, or swapped with its neighbour: the likeliest first. Where there are none and the
        word is long, by two. For what stands in a course as it was typed: whole words one letter
        away only."""
        if len(word) < SHORTEST_GUESSED or not word.isalpha():
            return []
        if self.begins(word):
            return self.closest(word, self.whole(word, 1), 1)[:MOST_GUESSES]
        return self.near(word, 1) or (self.near(word, 2) if len(word) >= LONG else [])

    def whole(self, word, distance):
        """The words of about that length."""
        lengths = range(len(word) - distance, len(word) + distance + 1)
        return [each for length in lengths for each in self.by_length.get(length, ())]

    def near(self, word, distance):
        lengths = range(len(word) - distance, len(word) + distance + 1)
        found = self.closest(word, self.whole(word, distance), distance)
        longer = [each for each in self.weights if len(each) > len(word) + distance]
        lengths = range(max(lengths[0], SHORTEST_GUESSED), lengths[-1] + 1)
        beginnings = {each[:length] for length in lengths for each in longer}
        for beginning in self.closest(word, beginnings, distance):
            if not any(each.startswith(beginning) for each in found):
                found.append(beginning)
        return found[:MOST_GUESSES]

    def closest(self, word, choices, distance):
        near = process.extract(
            word, choices, scorer=OSA.distance, score_cutoff=distance, limit=None
        )
        return sorted(
            (each for each, *_ in near if each != word and each.isalpha()),
            key=lambda each: (each[0] != word[0], -self.weights.get(each, 0), each),
        )
