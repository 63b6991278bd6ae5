"""The letters of the cards: Overpass, which road signs were the model of, and how a title is broken
into lines of it.

Its licence (SIL Open Font License) lies beside it. It has the letters of every language written
with Latin or Cyrillic ones; what it lacks is left out, never drawn as a box.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONT = Path(__file__).resolve().parent.parent / "fonts" / "Overpass-ExtraBold.ttf"
MEASURED = 100  # size at which lengths are taken; they grow with it
LEADING = 1.04  # of a size, from line to line
CAPITALS = 0.7  # their height, of a size
SOFT_HYPHEN = "\u00ad"
MOST = 400  # letters of a text that are looked at at all

ALIKE = str.maketrans(  # what looks the same, or nearly
    {"\u2010": "-", "\u2011": "-", "\u2212": "–", "\u03bc": "µ", "\u2126": "Ω", "\u2009": " "}
)


@lru_cache(maxsize=32)
def font(size):
    return ImageFont.truetype(FONT, size)


@lru_cache(maxsize=2048)
def is_drawn(letter):
    """Whether the font has it."""
    mask, missing = (font(40).getmask(each) for each in (letter, "\uffff"))
    return (mask.size, bytes(mask)) != (missing.size, bytes(missing))


def drawable(text):
    """The text as it can be drawn, in one line: composed, without what the font lacks and what
    cannot be seen, but for soft hyphens."""
    letters = []
    for letter in unicodedata.normalize("NFC", text[: 2 * MOST]).translate(ALIKE):
        kind = unicodedata.category(letter)
        if letter == SOFT_HYPHEN:
            letters.append(letter)
        elif kind[0] == "Z" or letter in "\t\n\r\v\f":
            letters.append(" ")
        elif kind[0] != "C" and is_drawn(letter):
            letters.append(letter)
    words = "".join(letters)[:MOST].split()
    return " ".join(word for word in words if word.strip(SOFT_HYPHEN))


@lru_cache(maxsize=4096)
def units(text):
    """How long it is, in hundredths of a size."""
    return font(MEASURED).getlength(text)


def length(text, size, tracking=0):
    """In pixels; `tracking`: what is added between two letters, as a share of the size."""
    return (units(text) / MEASURED + tracking * max(0, len(text) - 1)) * size


def places(text, size, tracking):
    """Yield (letter with its accents, how far from the beginning it stands), of a line whose first
    letter itself begins there, not the white before it."""
    clusters = re.findall(r"\S[\u0300-\u036f]*|\s", text)
    before, white = "", (font(MEASURED).getmask(text[:1]).getbbox() or [0])[0]
    for number, cluster in enumerate(clusters):
        before += cluster
        x = (units(before) - units(cluster) - white) / MEASURED + tracking * number
        yield cluster, x * size


def in_one_line(text, width, sizes):
    """(the text, the first of the sizes in which it fits); in the last one, what fits of it."""
    text = text.replace(SOFT_HYPHEN, "")
    fits = (size for size in sizes if length(text, size) <= width)
    size = next(fits, sizes[-1])
    return shortened(text, size, width), size


def shortened(text, size, width):
    """The text, or as much of it as fits, with an ellipsis."""
    if length(text, size) <= width:
        return text
    while text and length(f"{text}…", size) > width:
        text = text[:-1].rstrip(" ,;:-–/")
    return f"{text}…"


# --- Lines ----------------------------------------------------------------------------------

TRACKING = -0.022  # of titles: letters of signs stand far apart, to be read from afar
ONE_MORE_LINE = 0.4  # how ill it is, where a line that is half empty is 0.25
WITHIN, AT_JOINT, AT_SYLLABLE, ANYWHERE = 0.02, 0.1, 1.0, 3.0  # where a word is broken
DANGLING = 0.06  # a line that ends with a small word, which belongs to the next
SMALL = re.compile("i|på|og|eller|for|av|til|med|ved|om|som|en|et|fra|the|of|and|or|in|at|to|an?")


@dataclass(frozen=True)
class Piece:
    """A part of a text that stays together, and what follows it: a space or nothing within a
    line, a hyphen or nothing where the line ends, and how ill it is to end it there."""

    text: str
    space: str = " "
    hyphen: str = ""
    ill: float = 0.0


@dataclass(frozen=True)
class Setting:
    size: int
    lines: tuple

    @property
    def height(self):
        """From the top of a capital in the first line to the base of the last one."""
        return round(self.size * (CAPITALS + LEADING * (len(self.lines) - 1)))


def set_in(text, width, height, sizes, hyphenated_from):
    """The Setting of a text in the first of the sizes in which it fits. Words are hyphenated only
    in sizes that are no larger than the last argument; the smallest one cuts what is left."""
    for size in sizes:
        at_most = 1 + int((height - CAPITALS * size) // (LEADING * size))
        pieces = pieces_of(text, size, width)
        if size > hyphenated_from and any(piece.hyphen for piece in pieces):
            continue
        if lines := broken(pieces, size, width, at_most):
            return Setting(size, tuple(lines))
    return Setting(size, tuple(cut_off(pieces, size, width, at_most)))


def pieces_of(text, size, width):
    """Its words; those that are too long for a line in the parts they may be broken into."""
    found = []
    for word in re.findall(r"\S+(?: [–—&+-](?=\s))?", text):  # no line begins with a dash
        if length(word.replace(SOFT_HYPHEN, ""), size, TRACKING) > width:
            parts = hyphenated(word)
        else:
            whole = re.findall(r".+?[-–/](?=\w{3})|.+", word.replace(SOFT_HYPHEN, ""))
            parts = [Piece(part, "", "", WITHIN) for part in whole]
        last = parts.pop()
        found += [*parts, Piece(last.text)]
    return found


def joined(pieces):
    """A line of them."""
    line = "".join(piece.text + piece.space for piece in pieces[:-1])
    return f"{line}{pieces[-1].text}{pieces[-1].hyphen}"


def broken(pieces, size, width, at_most):
    """The lines of the pieces, few and of nearly the same length; None where they do not fit in
    that many."""
    best = {0: (0.0, [])}  # number of pieces that are set: how ill it looks, the lines
    for end in range(1, len(pieces) + 1):
        options = []
        for start in range(end - 1, -1, -1):
            line = joined(pieces[start:end])
            taken = length(line, size, TRACKING)
            if taken > width:
                break
            if start in best and len(best[start][1]) < at_most:
                ill, lines = best[start]
                ill += ONE_MORE_LINE + (1 - taken / width) ** 2 + illness(pieces, end)
                options.append((ill, [*lines, line]))
        if options:
            best[end] = min(options)
    return best.get(len(pieces), (0, None))[1]


def illness(pieces, end):
    """How ill it is to end a line after that many pieces."""
    if end == len(pieces):
        return 0
    dangling = DANGLING if SMALL.fullmatch(pieces[end - 1].text) else 0
    return pieces[end - 1].ill + dangling


def cut_off(pieces, size, width, at_most):
    """Lines filled one after another, the last one with an ellipsis."""
    lines, start = [], 0
    while start < len(pieces) and len(lines) < at_most - 1:
        end = start + 1
        while end < len(pieces) and length(joined(pieces[start : end + 1]), size) <= width:
            end += 1
        lines.append(joined(pieces[start:end]))
        start = end
    rest = "".join(piece.text + piece.space for piece in pieces[start:]).strip()
    return [*lines, shortened(rest, size, width)] if rest else lines


# --- Words ----------------------------------------------------------------------------------

VOWELS = "aeiouyæøåäöüáàâéèêíóòôúëïőűąęėįųūāēīõœůýăı"
TOGETHER = ("skj", "sj", "kj", "gj", "tj", "hj", "hv", "sh", "ch", "th", "ph", "qu", "kv", "pl")
SHORTEST = 3  # letters before and after a hyphen
PARTS = (  # of compounds in titles of courses: a hyphen before or after one is never wrong
    "anlegg|arbeid|assistent|behandl|bestemm|bevis|brann|bruk|bygg|dokument|drift|elev|forebygg"
    "|førstehjelp|fører|grunn|handel|helse|hjelp|håndter|instruktør|kompetanse|kontroll|kurs"
    "|kvalitet|kvalifi|ledelse|leder|lærer|løft|maskin|miljø|montør|opplæring|operatør|prosjekt"
    "|prøve|redning|representant|saks|samordn|sertifi|sikkerhet|sikring|stillas|styr|system"
    "|teknikk|transport|truck|ulykk|undervis|utdann|utsett|utstyr|utvalg|utvikl|varsl|vedlikehold"
    "|veileder|verktøy|verne|økonomi|øvelse"
)


def hyphenated(word):
    """The parts a long word may be broken into: where it has soft hyphens or hyphens, there; else
    between the parts of a compound as far as they are known, and before the last consonant that a
    vowel follows, best where three or more consonants meet; in what has no syllables, anywhere."""
    if SOFT_HYPHEN in word.strip(SOFT_HYPHEN):
        parts = [part for part in word.split(SOFT_HYPHEN) if part]
        return [Piece(part, "", "-", WITHIN) for part in parts]
    found = []
    for part in re.findall(r".+?[-–/]+|.+", word.strip(SOFT_HYPHEN)):
        at, last = joints(part), 0
        if not at and len(part) > 2 * SHORTEST:
            at = dict.fromkeys(range(SHORTEST, len(part) - SHORTEST + 1), ANYWHERE)
        for joint, ill in sorted(at.items()):
            found.append(Piece(part[last:joint], "", "-", ill))
            last = joint
        found.append(Piece(part[last:], "", "", WITHIN))
    return found


def joints(word):
    """{where it may be broken: how ill that is}"""
    found, small = {}, word.lower()
    for match in re.finditer(rf"(?<=[{VOWELS}])([^\W\d_{VOWELS}]+)(?=[{VOWELS}])", small):
        onset = next((each for each in TOGETHER if match[1].endswith(each)), match[1][-1])
        meets = len(match[1]) - len(onset)
        found[match.end() - len(onset)] = AT_JOINT if meets > 1 else AT_SYLLABLE
    for match in re.finditer(PARTS, small):
        found.pop(match.start() - 1, None)  # before the s that joins it to what precedes it
        found[match.start()] = WITHIN
    return {at: ill for at, ill in found.items() if SHORTEST <= at <= len(word) - SHORTEST}
