"""A page of the site, parsed once: what the checks look at, and what is kept of it afterwards."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from audit.addresses import origin

LOADED = {  # what a browser fetches by itself: element → attributes that name it
    "script": ["src"],
    "img": ["src", "srcset"],
    "source": ["src", "srcset"],
    "iframe": ["src"],
    "frame": ["src"],
    "embed": ["src"],
    "object": ["data"],
    "video": ["src", "poster"],
    "audio": ["src"],
    "track": ["src"],
    "input": ["src"],
}
LINKS_LOADED = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest"}
LINKS_TOUCHED = LINKS_LOADED | {"preconnect", "dns-prefetch", "apple-touch-icon"}
IN_STYLES = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")


def named_in_styles(text):
    """The addresses that a stylesheet fetches."""
    return [
        (first or second).strip()
        for first, second in IN_STYLES.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
        if not (first or second).startswith(("data:", "#"))
    ]


@dataclass(frozen=True)
class Link:
    address: str  # absolute, without its fragment
    fragment: str
    may_be_followed: bool


class Page:
    def __init__(self, answer):
        self.answer = answer
        self.address = answer.address

    # --- its elements -------------------------------------------------------------------------

    @cached_property
    def root(self):
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True)
        try:
            return html.document_fromstring(self.answer.body or b"<html></html>", parser=parser)
        except etree.ParserError:  # nothing but blanks
            return html.document_fromstring(b"<html></html>", parser=parser)

    @cached_property
    def elements(self):
        """{tag: its elements, in order}."""
        found = {}
        for element in self.root.iter(etree.Element):
            found.setdefault(element.tag, []).append(element)
        return found

    def all(self, *tags):
        for tag in tags:
            yield from self.elements.get(tag, ())

    @cached_property
    def by_id(self):
        """{id: the elements that have it}."""
        found = {}
        for element in self.root.iter(etree.Element):
            if (name := element.get("id")) is not None:
                found.setdefault(name, []).append(element)
        return found

    def absolute(self, href):
        href = href.strip()
        if href.startswith("/") and not href.startswith("//") and "/." not in href:
            return f"{self.origin}{href}"  # nearly all, and many times as quick
        return urljoin(self.address, href)

    @cached_property
    def origin(self):
        return origin(self.address)

    # --- its words ----------------------------------------------------------------------------

    @cached_property
    def main(self):
        """The part that is this page's own."""
        return next(self.all("main"), None) if self.elements.get("main") else self.root

    @cached_property
    def text(self):
        return self.read(self.root)

    @cached_property
    def main_text(self):
        return self.read(self.main)

    def read(self, element):
        """What is read of a part that holds parts of its own, on one line."""
        return " ".join(" ".join(t for t in element.itertext() if t not in self.unread).split())

    @cached_property
    def unread(self):
        return {one.text for one in self.all("script", "style", "template", "noscript")}

    @cached_property
    def language(self):
        return self.root.get("lang", "")

    @cached_property
    def title(self):
        return words(next(self.all("title"), None))

    @cached_property
    def h1(self):
        return words(next(self.all("h1"), None))

    def meta(self, name):
        """The contents of each meta element of a name (or property)."""
        return [
            element.get("content", "").strip()
            for element in self.all("meta")
            if name in (element.get("name", "").lower(), element.get("property", "").lower())
        ]

    # --- what it says about itself ------------------------------------------------------------

    @cached_property
    def may_be_indexed(self):
        said = [*self.meta("robots"), self.answer.headers.get("X-Robots-Tag", "")]
        return not re.search(r"\b(noindex|none)\b", " ".join(said).lower())

    def related(self, relation):
        """The link elements of a relation."""
        return [
            element
            for element in self.all("link")
            if relation in element.get("rel", "").lower().split()
        ]

    @cached_property
    def structured(self):
        """(text, what it says or None where it is no JSON) of each block of JSON-LD."""
        found = []
        for element in self.all("script"):
            if element.get("type", "").lower() == "application/ld+json":
                text = element.text or ""
                try:
                    found.append((text, json.loads(text)))
                except ValueError:
                    found.append((text, None))
        return found

    # --- where it leads -----------------------------------------------------------------------

    @cached_property
    def links(self):
        """What a visitor may follow from here, in order."""
        found = []
        for element in self.all("a", "area"):
            if (href := element.get("href")) is None:
                continue
            rel = element.get("rel", "").lower().split()
            found.append(self.link(href, may_be_followed="nofollow" not in rel))
        return [link for link in found if link]

    def link(self, href, *, may_be_followed=True):
        try:
            address, _, fragment = self.absolute(href).partition("#")
            if not address.startswith(f"{self.origin}/"):
                parts = urlsplit(address)
                if parts.scheme not in ("http", "https"):
                    return None
                address = address if parts.path else f"{address}/"
        except ValueError:
            return None
        return Link(address, fragment, may_be_followed)

    @cached_property
    def loaded(self):
        """(element, address) of all that a browser fetches with this page, and of the hosts that
        it is told to get ready for."""
        found = []
        for tag, attributes in LOADED.items():
            for element in self.all(tag):
                for attribute in attributes:
                    found += [(element, one) for one in several(element, attribute)]
        for element in self.all("link"):
            if LINKS_TOUCHED & set(element.get("rel", "").lower().split()) and element.get("href"):
                found.append((element, element.get("href")))
        for element in self.all("style"):
            found += [(element, one) for one in named_in_styles(element.text or "")]
        for element in self.root.iter(etree.Element):
            if style := element.get("style"):
                found += [(element, one) for one in named_in_styles(style)]
        return [(element, self.absolute(one)) for element, one in found if is_fetched(one)]

    @cached_property
    def weighed(self):
        """Addresses of the styles and scripts that come with it."""
        sheets = [link.get("href") for link in self.related("stylesheet") if link.get("href")]
        scripts = [one.get("src") for one in self.all("script") if one.get("src")]
        return frozenset(map(self.absolute, sheets + scripts))

    def facts(self):
        """What is kept of it when the tree is thrown away."""
        return Facts(
            address=self.address,
            status=self.answer.status,
            language=self.language,
            title=self.title,
            description=self.meta("description"),
            may_be_indexed=self.may_be_indexed,
            canonical=[one.get("href", "") for one in self.related("canonical")],
            alternates=[
                (one.get("hreflang").lower(), one.get("href", ""))
                for one in self.related("alternate")
                if one.get("hreflang")
            ],
            files=[
                (self.absolute(one.get("href", "")), one.get("type"))
                for one in self.related("alternate")
                if one.get("type") and not one.get("hreflang")
            ],
            anchors=frozenset(self.by_id) | {one.get("name") for one in self.all("a")},
            transferred=self.answer.transferred,
            weighed=self.weighed,
        )


@dataclass(frozen=True)
class Facts:
    """What the checks of the whole site need to know of a page."""

    address: str
    status: int
    language: str
    title: str
    description: list
    may_be_indexed: bool
    canonical: list  # as they were written
    alternates: list  # (language, address as it was written)
    files: list  # (address, media type it is said to have)
    anchors: frozenset
    transferred: int
    weighed: frozenset = field(default_factory=frozenset)

    @property
    def is_canonical(self):
        return self.canonical in ([], [self.address])


def several(element, attribute):
    """The addresses in an attribute: one, or those of a srcset."""
    value = element.get(attribute, "").strip()
    if attribute == "srcset":
        return [one.split()[0] for one in re.split(r",\s+", value) if one.strip()]
    return [value] if value else []


def is_fetched(address):
    return not address.strip().lower().startswith(("data:", "about:", "blob:", "javascript:"))


def words(element):
    """What is read of an element, on one line."""
    return "" if element is None else " ".join("".join(element.itertext()).split())
