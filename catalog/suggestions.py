"""What is suggested while somebody types a search: courses, and filters that some of the words
name. "truck oslo" suggests courses, and what is found for "truck" in Oslo.

A month stands in no course, so a list in which nothing is found suggests those that are named."""

import datetime as dt
from dataclasses import dataclass, replace

from catalog import choices, search, timetable
from catalog.models import Course
from catalog.search.words import SMALL, words_of, words_of_search, written_words
from catalog.selection import Selection
from catalog.templatetags.formats import month
from catalog.timetable import COURSES

SHORTEST = 2  # letters
SHORTEST_MONTH = 3  # fewer are the beginning of too much
COURSES_SHOWN, LINKS_SHOWN = 6, 3
COUNTED = 12  # names that fit, for which it is counted what they would give
KINDS = ("place", "category", "month")


@dataclass
class Suggestions:
    courses: list  # with `next_dates` and categories
    filters: list  # (words that stay a search, choices.Link) of places, categories and months
    number: int  # of all courses found
    address: str  # of all of them
    understood: search.Understood | None = None

    @property
    def shown(self):
        return len(self.courses) + len(self.filters)

    @property
    def named(self):
        """The filters that all of the words name."""
        return [link for rest, link in self.filters if not rest]

    @property
    def beside(self):
        """Those beside which some of the words stay a search."""
        return [(rest, link) for rest, link in self.filters if rest]


def of(words):
    """The Suggestions for what is typed so far; None where that is too little."""
    if not words or len("".join(words_of_search(words))) < SHORTEST:
        return None
    table = timetable.current()
    pks = table.courses_found(Selection(q=words))
    found = Course.objects.with_next_dates(1).prefetch_related("categories")
    found = found.in_bulk(pks[:COURSES_SHOWN])
    return Suggestions(
        courses=[found[pk] for pk in pks[:COURSES_SHOWN] if pk in found],
        filters=[link for kind in KINDS for link in filters(table, kind, Selection(q=words))],
        number=len(pks),
        address=choices.of(table, Selection(), COURSES).address(Selection(q=words)),
        understood=search.understood(words),
    )


def filters(table, kind, asking):
    """Links to what is found in places, categories or months that some of the words begin to name,
    beside what else is asked for; the other words stay a search. Those that more words name come
    first, then the sooner months, or the places and categories with more hits."""
    asked = [word for word in words_of_search(asking.q) if word not in SMALL]
    fits = []
    for value, label in labels(table, kind).items():
        hit = hits_of(kind, words_of(label), asked)
        if hit:
            fits.append((-len(hit), value if kind == "month" else label, value, label, hit))
    written, links = written_words(asking.q), []
    addresses = choices.of(table, Selection(), COURSES)
    for rank, order, value, label, hit in sorted(fits, key=lambda fit: fit[:3])[:COUNTED]:
        rest = " ".join(written.get(word, word) for word in asked if word not in hit)
        selection = replace(asking, q=rest, **{kind: (value,)})
        if hits := table.number(selection, COURSES):
            link = choices.Link(
                kind, label, addresses.address(selection), hits, choices.in_words(hits, COURSES)
            )
            links.append((rank, 0 if kind == "month" else -hits, order, rest, link))
    links = [(rest, link) for *_, rest, link in sorted(links, key=lambda each: each[:3])]
    return links[:LINKS_SHOWN]


def labels(table, kind):
    """{value: what it is called within a sentence} of every choice of that kind."""
    if kind != "month":
        return table.labels[kind]
    return {value: month(dt.date.fromisoformat(f"{value}-01")) for value in table.found_by[kind]}


def hits_of(kind, names, asked):
    """Those of the words that a thing is called by. A month is called by its name, or by the
    beginning of it, and beside that by its year."""
    if kind != "month":
        return [word for word in asked if any(name.startswith(word) for name in names)]
    years = {name for name in names if name.isdigit()}
    hit = [
        word
        for word in asked
        if len(word) >= SHORTEST_MONTH and any(name.startswith(word) for name in {*names} - years)
    ]
    return hit and [word for word in asked if word in hit or word in years]
