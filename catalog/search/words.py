"""Text as it is compared: folded, cut into words, and with the words that mean the same."""

import re
import unicodedata
from dataclasses import dataclass

LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ö": "o", "ä": "ae", "đ": "d", "ŋ": "n", "ŧ": "t", "ł": "l"}
    | {"\u0307": None}  # what is left of İ
)
MARKS = re.compile("[\u0300-\u036f]+")
SIGNED = re.compile(r"(?<=\w)(\+\+|#)")  # C++ and C# are not C
SIGNS = {"++": "plusplus", "#": "sharp"}
WORD = re.compile(r"[^\W_]+")
WRITTEN = re.compile(r"[^\W_]+(?:\+\+|#)?")
LONGEST = 200  # characters of a search that are read
WORDS, LETTERS_OF_WORD = 12, 40  # so many words of it, and letters of each

# Words that nobody looks for. They may stand in a search, but need not stand in a course.
SMALL = frozenset(
    "i på for og til med av om en ei et den det de som fra ved hos eller der er "
    "in on at for and to with of a an the from by or "
    "kurs kurset kursene kursing course courses"
    .translate(LETTERS).split()
)  # fmt: skip
ENDINGS = (
    *("skursene", "kursene", "skurset", "kurset", "skurs", "kurs", "courses", "course"),
    *("ene", "ane", "er", "en", "et", "ar", "e", "a", "s"),
)
SHORTEST_STEM = 4
SHORTEST_INSIDE = 4


def folded(text):
    """Text as it is compared: any Unicode form and any case are one, and æ, ø and å are written
    as they are on a keyboard that lacks them."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKC", text).casefold().translate(LETTERS)
    if letters.isascii():
        return letters
    return MARKS.sub("", unicodedata.normalize("NFKD", letters)).translate(LETTERS)


def words_of(text):
    """The folded words of a text, in its order."""
    plain = SIGNED.sub(lambda sign: SIGNS[sign[1]], folded(text))
    return WORD.findall(plain)


def words_of_search(text):
    """The folded words of what somebody typed, which may be anything, each once."""
    words = (word[:LETTERS_OF_WORD] for word in words_of(text[:LONGEST]))
    return tuple(dict.fromkeys(words))[:WORDS]


def written_words(text):
    """{folded word: how the text writes it, where it stands first}"""
    found = {}
    for written in WRITTEN.findall(unicodedata.normalize("NFC", text)):
        for word in words_of(written):
            found.setdefault(word, written)
    return found


@dataclass(frozen=True)
class Term:
    """What must be found somewhere in a course: any of these phrases, each a tuple of words, the
    last of which may go on; or, less good, any of the words `akin` among its names."""

    phrases: tuple[tuple[str, ...], ...]
    akin: tuple[str, ...] = ()

    @property
    def is_small(self):
        return all(len(phrase) == 1 and phrase[0] in SMALL for phrase in self.phrases)


def terms_of(words, groups):
    """The terms of a search, as given by `words_of_search`. groups: of phrases that mean the same
    (`groups_of`)."""
    terms, at = [], 0
    longest = max((len(phrase) for group in groups for phrase in group), default=1)
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + length])
            same = [each for group in groups if phrase in group for each in group]
            if same or length == 1:
                terms.append(Term(tuple(dict.fromkeys((phrase, *same)))))
                at += length
                break
    asked = [term for term in terms if not term.is_small]
    return asked or terms


def groups_of(lines):
    """Groups of phrases that mean the same, each phrase a tuple of folded words, from lines with
    commas between: "truck, pallet truck"."""
    groups = []
    for line in lines:
        phrases = (tuple(words_of(phrase)) for phrase in line.split(","))
        groups.append(tuple(dict.fromkeys(phrase for phrase in phrases if phrase)))
    return [group for group in groups if len(group) > 1]


def stem_of(word):
    """The word without its ending, to be found with others ("truckene" with "truck"); None where
    too little would be left."""
    for ending in ENDINGS:
        least = len(ending) + (SHORTEST_STEM if len(ending) < 4 else 3)
        if word.endswith(ending) and len(word) >= least:
            return word.removesuffix(ending)
    return None
