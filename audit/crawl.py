"""Walks the running site from link to link, in an order that does not depend on chance, and comes
to an end on any site.

Only GET, only on the site's own origin, never where somebody is logged out. What robots.txt and
rel="nofollow" keep robots away from are forms and states of filters: of those, and of files such
as feeds, a sample of each kind of address is asked for. Everything else is, up to a bound.
"""

import re
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from audit.addresses import shape
from audit.fetch import Fetch
from audit.page import Page, named_in_styles
from audit.robots import Robots
from audit.sitemap import Sitemap
from audit.things import pictures_of

NEVER = re.compile(r"/(admin|log-?out|sign-?out|logg-ut)(/|$)")
PARTS_OF_PAGES = ("image/", "font/", "text/css", "text/javascript", "application/javascript")
NOT_THERE = "/audit-no-such-page/"


class Silent(Exception):
    """The site does not answer."""


@dataclass(frozen=True)
class Seen:
    """What is kept of an answer."""

    status: int
    kind: str
    transferred: int
    leads_to: str
    error: str


@dataclass
class Site:
    """All that a crawl has found, for the checks that compare pages."""

    origin: str
    answers: dict = field(default_factory=dict)  # address → Seen
    pages: dict = field(default_factory=dict)  # address → Facts, of those that answered 200
    linked: dict = field(default_factory=dict)  # (address, fragment) → pages that lead there
    external: dict = field(default_factory=dict)  # address of another site → likewise
    left_out: set = field(default_factory=set)  # like those a sample was taken of
    unasked: set = field(default_factory=set)  # what the bound came before
    sitemaps: list = field(default_factory=list)
    robots: Robots = None
    things: int = 0  # of structured data
    links: int = 0
    heaviest_allowed: int = 40_000  # bytes of a page with its styles and scripts

    @property
    def entries(self):
        """{address: the sitemap it stands in} of all entries."""
        return {entry.address: one for one in self.sitemaps for entry in one.entries}

    @property
    def is_closed(self):
        """Whether robots are kept away from all of it, as from a demo: then only its sitemaps
        tell which pages would be indexed."""
        first = self.pages.get(f"{self.origin}/")
        return not self.robots.allow(f"{self.origin}/") or (first and not first.may_be_indexed)

    def indexed(self):
        """Pages that robots may show as what they are."""
        if self.is_closed:
            entries = self.entries
            return [page for page in self.pages.values() if page.address in entries]
        return [page for page in self.pages.values() if page.is_canonical and self.meets(page)]

    def meets(self, page):
        """Whether a robot may show the page."""
        return page.may_be_indexed and self.robots.allow(page.address)


class Crawl:
    """`Crawl(Site(origin), …).run(look)`. Each answer is given to `look(answer, page)`, page being
    None for what is no page. Silent is raised where nobody answers at all."""

    def __init__(self, site, *, most=5_000, each=0, sample=20, threads=4, report=None):
        self.site = site
        self.most, self.each, self.sample, self.threads = most, each, sample, threads
        self.report = report or (lambda site: None)
        self.asked = set()
        self.waiting = deque()
        self.met_of = Counter()  # addresses of a shape, and of one that robots are kept away from
        self.files = Counter()  # answers of a shape that were no part of a page
        self.fetch = Fetch()

    def run(self, look):
        site = self.site
        robots = self.fetch(f"{site.origin}/robots.txt")
        if not robots.status:
            raise Silent(robots.error)
        site.robots = Robots.of(robots)
        for address in [f"{site.origin}/", *site.robots.sitemaps, f"{site.origin}{NOT_THERE}"]:
            self.want(address)
        if not site.robots.sitemaps:
            self.want(f"{site.origin}/sitemap.xml")
        with ThreadPoolExecutor(self.threads) as pool:
            under_way = deque()
            while self.waiting or under_way:
                while self.waiting and len(under_way) < 2 * self.threads:
                    if (address := self.next_one()) is not None:
                        under_way.append(pool.submit(self.fetch, address))
                if under_way:
                    self.take(under_way.popleft().result(), look)
        site.left_out -= self.asked

    def next_one(self):
        address = self.waiting.popleft()
        if self.files[shape(address)] >= self.sample > 0:
            self.asked.discard(address)
            self.site.left_out.add(address)
            return None
        return address

    def take(self, answer, look):
        """Note what an answer is, and what it leads to."""
        site = self.site
        site.answers[answer.address] = Seen(
            answer.status, answer.kind, answer.transferred, answer.leads_to, answer.error
        )
        page = Page(answer) if answer.is_page and answer.status in {200, 404} else None
        if answer.leads_to:
            self.want(answer.leads_to)
        if page:
            self.take_page(page)
        elif answer.status == 200 and answer.kind == "text/css":
            for address in named_in_styles(answer.body.decode(errors="replace")):
                self.met(answer.address, Page(answer).link(address))
        elif answer.status == 200 and not answer.kind.startswith(PARTS_OF_PAGES):
            self.files[shape(answer.address)] += 1
            if Sitemap.is_one(answer):
                self.take_sitemap(answer)
        look(answer, page)
        self.report(site)

    def take_page(self, page):
        if page.answer.status != 200 or page.address.endswith(NOT_THERE):
            return
        facts = page.facts()
        self.site.pages[page.address] = facts
        for link in page.links:
            self.site.links += 1
            self.met(page.address, link)
        for _, address in page.loaded:
            self.met(page.address, page.link(address))
        for _, address in facts.alternates:
            self.met(page.address, page.link(address))
        for address, _ in facts.files:
            self.met(page.address, page.link(address))
        pictures = [*page.meta("og:image"), *page.meta("twitter:image"), *pictures_of(page)]
        for address in facts.canonical + pictures:
            self.met(page.address, page.link(address))

    def take_sitemap(self, answer):
        sitemap = Sitemap.of(answer)
        self.site.sitemaps.append(sitemap)
        for address in [*sitemap.others, *(entry.address for entry in sitemap.entries)]:
            self.want(address)

    def met(self, page, link):
        """A link stands on a page."""
        if link is None:
            return
        if not link.address.startswith(f"{self.site.origin}/"):
            self.site.external.setdefault(link.address, {})[page] = None
            return
        if NEVER.search(urlsplit(link.address).path):
            return
        self.site.linked.setdefault((link.address, link.fragment), {})[page] = None
        self.want(link.address, may_be_followed=link.may_be_followed)

    def want(self, address, *, may_be_followed=True):
        """Ask for an address in its turn, unless enough of its kind were asked for."""
        if address in self.asked or not address.startswith(f"{self.site.origin}/"):
            return
        is_open = may_be_followed and self.robots_may(address)
        enough = self.each if is_open else self.sample
        alike = (shape(address), is_open)
        if self.met_of[alike] >= enough > 0:
            self.site.left_out.add(address)
            return
        self.met_of[alike] += 1
        if len(self.asked) >= self.most:
            self.site.unasked.add(address)
            return
        self.asked.add(address)
        self.waiting.append(address)

    def robots_may(self, address):
        """A site that is closed as a whole tells nothing about one address, but states of pages
        are told by their queries."""
        if self.site.robots.is_closed:
            return "?" not in address
        return self.site.robots.allow(address)
