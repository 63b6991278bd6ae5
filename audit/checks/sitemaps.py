"""The list of pages that robots are given."""

import re

from audit.addresses import origin
from audit.registry import of_site

DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?")
MOST_ENTRIES = 50_000


@of_site("sitemaps", "Sitemaps list the pages that may be indexed, all of them and no others.")
def sitemaps(site):
    address = next(iter(site.robots.sitemaps), f"{site.origin}/sitemap.xml")
    if not site.sitemaps:
        if not site.is_closed:
            yield address, "is no sitemap: " + told(site, address)
        return
    for one in site.sitemaps:
        yield from wrong_in(site, one)
    entries = site.entries
    if not site.is_closed:
        for page in site.indexed():
            if page.address not in entries and "?" not in page.address and site.meets(page):
                yield page.address, "may be indexed and stands in no sitemap"


def wrong_in(site, sitemap):
    if not sitemap.entries and not sitemap.others:
        yield sitemap.address, "is a sitemap without entries"
    if len(sitemap.entries) > MOST_ENTRIES:
        yield sitemap.address, f"holds more than {MOST_ENTRIES:,} entries"
    seen = set()
    for entry in sitemap.entries:
        if entry.address in seen:
            yield sitemap.address, f"lists {entry.address} twice"
        seen.add(entry.address)
        if entry.changed and not DAY.fullmatch(entry.changed):
            yield sitemap.address, f"says that {entry.address} changed “{entry.changed}”"
        if sentence := wrong_entry(site, entry.address):
            yield sitemap.address, f"lists {entry.address}, {sentence}"
    for address in sitemap.others:
        if address not in {one.address for one in site.sitemaps} and address in site.answers:
            yield sitemap.address, f"names {address}, which is no sitemap: {told(site, address)}"


def wrong_entry(site, address):
    """Why an address has no place in a sitemap; empty where it has."""
    if origin(address) != site.origin:
        return "which is of another site"
    if address not in site.answers:
        return ""
    page = site.pages.get(address)
    if page is None:
        return f"which answers {told(site, address)}"
    if not page.is_canonical:
        return f"whose canonical address is {page.canonical[0]}"
    if not site.is_closed and not page.may_be_indexed:
        return "which is kept out of the index"
    if not site.is_closed and not site.robots.allow(address):
        return "which robots.txt keeps robots away from"
    return ""


def told(site, address):
    answer = site.answers.get(address)
    if answer is None:
        return "it was not asked for"
    return answer.error or f"{answer.status} {answer.kind}".strip()
