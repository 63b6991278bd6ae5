"""What is suggested while somebody types a search: courses, and filters that some of the words
name. "truck oslo" suggests courses, and what is found for "truck" in Oslo."""

from dataclasses import dataclass

from catalog import choices, search, timetable
from catalog.models import Course
from catalog.search.words import SMALL, words_of, words_of_search, written_words
from catalog.selection import Selection
from catalog.timetable import COURSES

SHORTEST = 2  # letters
COURSES_SHOWN, LINKS_SHOWN = 6, 3
COUNTED = 12  # names that fit, for which it is counted what they would give


@dataclass
class Suggestions:
    courses: list  # with `next_dates` and categories
    filters: list  # (words that stay a search, choices.Link) of places and categories
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
        filters=[*filters(table, "place", words), *filters(table, "category", words)],
        number=len(pks),
        address=choices.of(table, Selection(), COURSES).address(Selection(q=words)),
        understood=search.understood(words),
    )


def filters(table, kind, words):
    """Links to what is found under categories or places that some of the words begin to name; the
    other words stay a search. Those that more words name come first, then those with more hits."""
    asked = [word for word in words_of_search(words) if word not in SMALL]
    fits = []
    for value, label in table.labels[kind].items():
        names = words_of(label)
        hit = [word for word in asked if any(name.startswith(word) for name in names)]
        if hit:
            fits.append((-len(hit), label, value, hit))
    written, links = written_words(words), []
    addresses = choices.of(table, Selection(), COURSES)
    for rank, label, value, hit in sorted(fits, key=lambda fit: fit[:3])[:COUNTED]:
        rest = " ".join(written.get(word, word) for word in asked if word not in hit)
        selection = Selection(q=rest, **{kind: (value,)})
        if hits := table.number(selection, COURSES):
            link = choices.Link(
                kind, label, addresses.address(selection), hits, choices.in_words(hits, COURSES)
            )
            links.append((rank, -hits, label, rest, link))
    links = [(rest, link) for *_, rest, link in sorted(links, key=lambda each: each[:3])]
    return links[:LINKS_SHOWN]
