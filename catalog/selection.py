"""What a visitor looks for: the state of list, calendar and feeds, as their addresses hold it.

`?place=vestfold&place=oslo&free=1`: several choices of a kind widen, further kinds narrow. Each
state has one canonical query: kinds and choices in a fixed order, nothing twice, nothing empty.
"""

import datetime as dt
import re
from dataclasses import dataclass, field, fields, replace
from urllib.parse import urlencode

from catalog.models import Form

CHOICES = 30  # of a kind; who needs more leaves the kind alone
WORDS = 100  # characters of a search


def word(text):
    text = text.lower()
    return text if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)?", text) else None


def number(text):
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,17}", text) else None


def form(text):
    return text if text in Form else None


def language(text):
    return text if re.fullmatch(r"[a-z]{2,3}", text) else None


def month(text):
    return text if re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text) else None


def day(text):
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def yes(text):
    return True if text in {"1", "on", "true"} else None


def words(text):
    """The words of a search, spaces made plain; letters that nobody sees left out, which may be
    all of them."""
    clean = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    return " ".join(clean.split())[:WORDS].strip()


def several(reader):
    return field(default=(), metadata={"reader": reader, "several": True})


def one(reader, default):
    return field(default=default, metadata={"reader": reader, "several": False})


A_DAY = {"reader": day, "several": False}


@dataclass(frozen=True)
class Selection:
    """Choices of each kind; the names of the fields are those in the address.

    Places are names made plain, a county ("vestfold") or a town in it ("vestfold.sem");
    categories, levels and instructors are known by their ids in Frontcore. `unreadable`: what
    stood in an address and is no choice at all, as (kind, text); it is no part of the state.
    """

    q: str = one(words, "")
    category: tuple[int, ...] = several(number)
    place: tuple[str, ...] = several(word)
    form: tuple[str, ...] = several(form)
    level: tuple[int, ...] = several(number)
    language: tuple[str, ...] = several(language)
    instructor: tuple[int, ...] = several(number)
    month: tuple[str, ...] = several(month)
    since: dt.date | None = field(default=None, metadata=A_DAY)
    until: dt.date | None = field(default=None, metadata=A_DAY)
    free: bool = one(yes, False)
    sure: bool = one(yes, False)
    unreadable: tuple = field(default=(), compare=False)

    @classmethod
    def of(cls, query):
        """The selection in a QueryDict. What cannot be read is kept apart in `unreadable`."""
        found, unreadable = {}, []
        for kind in KINDS.values():
            read, wrong = [], []
            for text in query.getlist(kind.name)[: CHOICES * 2]:
                if not text.strip():
                    continue
                value = kind.metadata["reader"](text.strip())
                if value is None:
                    wrong.append((kind.name, text.strip()[:WORDS]))
                else:
                    read.append(value)
            unreadable += wrong
            if kind.metadata["several"]:
                found[kind.name] = tuple(sorted(set(read))[:CHOICES])
            elif read:
                found[kind.name] = read[-1]
        return cls(**found, unreadable=tuple(unreadable[:CHOICES]))

    def __bool__(self):
        """Whether anything is chosen."""
        return any(self.chosen())

    @property
    def is_backwards(self):
        """Whether the last day comes before the first, so that nothing can be found."""
        return bool(self.since and self.until and self.until < self.since)

    def turned(self):
        return replace(self, since=self.until, until=self.since)

    def chosen(self):
        """Yield (kind, value) of each single choice, in canonical order."""
        for kind in KINDS.values():
            value = getattr(self, kind.name)
            if kind.metadata["several"]:
                yield from ((kind.name, each) for each in value)
            elif value:
                yield kind.name, value

    def query(self, **more):
        """The canonical query, without "?"; empty where nothing is chosen. `more` comes last."""
        pairs = [(kind, "1" if value is True else str(value)) for kind, value in self.chosen()]
        return urlencode([*pairs, *((name, value) for name, value in more.items() if value)])

    def without(self, kind, value=None):
        """The selection without that choice; without `value`, without the whole kind."""
        if value is not None and KINDS[kind].metadata["several"]:
            return replace(self, **{kind: tuple(v for v in getattr(self, kind) if v != value)})
        return replace(self, **{kind: KINDS[kind].default})

    def plus(self, kind, value):
        """The selection with that choice as well, or with it in the place of another one."""
        if KINDS[kind].metadata["several"]:
            return replace(self, **{kind: tuple(sorted({*getattr(self, kind), value}))})
        return replace(self, **{kind: value})

    def has(self, kind, value):
        held = getattr(self, kind)
        return value in held if KINDS[kind].metadata["several"] else held == value


KINDS = {each.name: each for each in fields(Selection) if "reader" in each.metadata}
