"""All words that courses are found by: which of them are akin to a word, and which one somebody
meant who has mistyped it."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.search.words import SHORTEST_INSIDE, stem_of

SHORTEST_GUESSED = 4  # nearly everything is one letter away from a shorter word
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

    def guesses(self, word):
        """Words, or beginnings of words, that differ from it by one letter that is wrong, missing,
        too many, or swapped with its neighbour: the likeliest first. Where there are none and the
        word is long, by two."""
        if len(word) < SHORTEST_GUESSED or not word.isalpha():
            return []
        return self.near(word, 1) or (self.near(word, 2) if len(word) >= LONG else [])

    def near(self, word, distance):
        lengths = range(len(word) - distance, len(word) + distance + 1)
        whole = [each for length in lengths for each in self.by_length.get(length, ())]
        found = self.closest(word, whole, distance)
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
