"""The things that a page's structured data speaks of, and the part of the page about each."""

from functools import cached_property, lru_cache

from lxml import etree

from audit.addresses import shape
from audit.page import words

BLOCKS = {"tr", "li", "article"}  # what a page has one of for each thing it lists
STATED = {"p", "span", "strong", "b", "em", "mark", "small", "td", "dd", "li", "div", "h2", "h3"}
LONGEST = 40  # letters of what is stated and not told in a sentence


@lru_cache(maxsize=1)  # each check of a page asks in turn
def things(page):
    """Each object with a type, the outer before those within it."""
    return [thing for _, said in page.structured for thing in within(said)]


def within(said):
    if isinstance(said, list):
        for one in said:
            yield from within(one)
    elif isinstance(said, dict):
        if "@type" in said:
            yield said
        for value in said.values():
            yield from within(value)


def pictures_of(page):
    """Addresses of the pictures that structured data names."""
    for thing in things(page):
        for name in ("image", "logo", "contentUrl"):
            said = thing.get(name, ())
            yield from (one for one in ([said] if isinstance(said, str) else said) if is_text(one))


def is_text(said):
    return isinstance(said, str) and "/" in said


def types(thing):
    said = thing.get("@type", ())
    return {said} if isinstance(said, str) else set(said)


def is_a(thing, *names):
    return any(kind.endswith(names) for kind in types(thing))


class Part:
    """What of a page is about one thing: the rows that link to it; where there is none, the page's
    own part without the rows about others of its kind."""

    def __init__(self, roots, without=()):
        self.roots, self.without = roots, set(without)

    @cached_property
    def elements(self):
        found = []
        for root in self.roots:
            self.collect(root, found)
        return found

    def collect(self, element, found):
        found.append(element)
        for child in element.iterchildren(etree.Element):
            if child not in self.without:
                self.collect(child, found)

    @cached_property
    def moments(self):
        """What time elements say to machines."""
        return {one.get("datetime", "").strip() for one in self.elements if one.tag == "time"}

    @cached_property
    def statements(self):
        """Short words that stand alone, such as “Fully booked”."""
        return {
            text.casefold()
            for one in self.elements
            if one.tag in STATED and len(one) < 3 and 0 < len(text := words(one)) <= LONGEST
        }

    def states(self, pattern):
        return any(pattern.search(text) for text in self.statements)


class Parts:
    """part_of(thing): kept for a page, since many things are asked for."""

    def __init__(self, page):
        self.page = page
        self.blocks = {}  # address → rows that link to it
        for element in page.main.iter("a"):
            link = page.link(element.get("href", "")) if element.get("href") else None
            row = next((one for one in element.iterancestors() if one.tag in BLOCKS), None)
            if link and row is not None:
                self.blocks.setdefault(link.address, []).append(row)

    def __call__(self, address):
        if rows := self.blocks.get(address):
            return Part(rows)
        alike = shape(address)
        others = [
            row for other, rows in self.blocks.items() if shape(other) == alike for row in rows
        ]
        return Part([self.page.main], others)
