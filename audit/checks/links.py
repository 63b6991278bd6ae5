"""Where links lead."""

from urllib.parse import unquote

from audit.page import words
from audit.registry import of_page, of_site

NO_ANCHOR = {"", "top"}


@of_site("links", "Every link, picture, style, script and feed of the site is there.")
def broken(site):
    for address, pages in by_address(site):
        answer, turns = end_of(site, address)
        if answer is None or answer.status == 200 or answer.status >= 500:  # those are errors
            continue
        way = "redirected to what" if turns else "which"
        yield from each(pages, f"leads to {address}, {way} answers {told(answer)}")


@of_site("redirects", "Links lead where they lead at once, not by way of a redirect.")
def redirected(site):
    for address, pages in by_address(site):
        _, turns = end_of(site, address)
        if turns > 1:
            yield from each(pages, f"leads to {address}, which is redirected {turns} times")
        elif turns:
            yield from each(pages, f"leads to {address}, which is redirected")


@of_site("anchors", "The part of a page that a link names is on that page.")
def anchors(site):
    for (address, fragment), pages in site.linked.items():
        there = site.pages.get(address)
        wanted = {fragment, unquote(fragment)}
        if there and not wanted & (NO_ANCHOR | there.anchors):
            yield from each(pages, f"leads to {address}#{fragment}: no part has that name")


@of_page("empty-links", "A link says where it leads, and leads somewhere.")
def empty(page):
    for element in page.all("a"):
        if (href := element.get("href")) is None:
            continue
        name = words(element) or element.get("aria-label") or element.get("aria-labelledby")
        name = name or any(img.get("alt", "").strip() for img in element.iter("img"))
        name = name or element.findtext(".//title")
        if not name:
            yield f"has a link without words, to {href}"
        if href.strip() in {"", "#"} or href.strip().lower().startswith("javascript:"):
            yield f"has a link that leads nowhere: “{words(element)}”"


def by_address(site):
    """(address, pages that lead there) of each address, whatever the part of it."""
    found = {}
    for (address, _), pages in site.linked.items():
        found.setdefault(address, {}).update(pages)
    return found.items()


def end_of(site, address):
    """(what is found at the end of all redirects, how many there were); (None, 0) for what was
    not asked for."""
    turns, passed = 0, set()
    answer = site.answers.get(address)
    while answer and answer.leads_to and address not in passed:
        passed.add(address)
        address, turns = answer.leads_to, turns + 1
        answer = site.answers.get(address)
    return answer, turns


def told(answer):
    return answer.error or answer.status


def each(pages, sentence):
    return ((page, sentence) for page in pages)
