"""What a page says of itself to search engines."""

from collections import defaultdict

from audit.addresses import origin
from audit.registry import of_page, of_site


@of_site("titles", "Every page has a title, and no two pages that are indexed share one.")
def titles(site):
    for page in site.pages.values():
        if not page.title:
            yield page.address, "has no title"
    yield from doubled(site, "title", lambda page: page.title)


@of_site("descriptions", "Every page that is indexed has a description of its own.")
def descriptions(site):
    for page in site.indexed():
        if len(page.description) > 1:
            yield page.address, f"has {len(page.description)} descriptions"
        if not any(page.description):
            yield page.address, "has no description"
    yield from doubled(site, "description", lambda page: next(iter(page.description), ""))


def doubled(site, what, of):
    """In one language: a page in another is another page."""
    sharing = defaultdict(list)
    for page in site.indexed():
        if of(page):
            sharing[page.language, of(page)].append(page.address)
    for (_, text), addresses in sharing.items():
        for address in addresses[1:]:
            yield address, f"has the {what} of {addresses[0]}: “{text}”"


@of_page("cards", "A page that is shared is shared under its canonical address, with its picture.")
def cards(page):
    if not page.meta("og:title"):
        return
    named = [one.get("href", "") for one in page.related("canonical")]
    canonical = [address for address in named if "://" in address]
    if canonical and page.meta("og:url") != canonical:
        yield f"is shared as {', '.join(page.meta('og:url')) or 'nothing'}"
    for address in page.meta("og:image") + page.meta("twitter:image"):
        if "://" not in address:
            yield f"is shared with a picture whose address is not whole: {address}"


@of_site("canonical", "A page names one canonical address: its own, or a page that is its own.")
def canonical(site):
    for page in site.pages.values():
        if not page.canonical:
            if site.meets(page):
                yield page.address, "names no canonical address"
            continue
        if len(page.canonical) > 1:
            yield page.address, f"names {len(page.canonical)} canonical addresses"
        for sentence in wrong(site, page, page.canonical[0]):
            yield page.address, sentence


def wrong(site, page, address):
    if "://" not in address:
        yield f"names a canonical address that is not whole: {address}"
        return
    if origin(address) != site.origin:
        yield f"names a canonical address of another site: {address}"
        return
    if address == page.address or address not in site.answers:
        return
    answer, there = site.answers[address], site.pages.get(address)
    if answer.status != 200 or there is None:
        yield f"names the canonical address {address}, which answers {answer.status}"
    elif not there.is_canonical:
        yield f"names the canonical address {address}, which names another: {there.canonical[0]}"
    elif page.may_be_indexed and not there.may_be_indexed:
        yield f"names the canonical address {address}, which is kept out of the index"
