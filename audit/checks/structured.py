"""Structured data says what the page says, thing by thing."""

import re
from functools import lru_cache

from audit.addresses import origin
from audit.page import words
from audit.registry import of_page
from audit.things import Parts, is_a, things, within

EVENTS = ("Event", "CourseInstance")
NAMED = ("Course", *EVENTS, "Person", "Place", "Organization")
NEEDED = ("name", "startDate", "location")  # of an event, say search engines
OFF = re.compile(r"\b(avlyst|kansellert|tilbys ikke|cancell?ed|called off|no longer)\b")
LATER = re.compile(r"\b(utsatt|postponed)\b")
FULL = re.compile(
    r"\b(fullt?|fulltegnet|fullbooket|utsolgt|venteliste|fully booked|sold out|waiting list)\b"
)
NUMBER = re.compile(r"\d{1,3}(?:[\s.,]\d{3})+(?!\d)(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?")
CRUMBS = re.compile(r"crumb|br[øo]dsmule|you are here|du er her", re.IGNORECASE)


@of_page("structured-data", "Structured data is whole: JSON, of a vocabulary, with what it needs.")
def whole(page):
    for text, said in page.structured:
        if said is None:
            yield f"has structured data that is no JSON: {text.strip()[:60]}"
            continue
        outer = said if isinstance(said, list) else [said]
        if not all("schema.org" in str(one.get("@context")) for one in outer):
            yield "has structured data of no vocabulary"
    for thing in things(page):
        for name in NEEDED:
            if is_a(thing, "Event") and not thing.get(name):
                yield f"speaks of an event without {name}: {told(thing)}"
        if thing.get("price") is not None and not thing.get("priceCurrency"):
            yield f"tells a price without a currency: {told(thing)}"


@of_page("names", "Structured data speaks of what the page shows, by the same names.")
def names(page):
    shown = page.text.casefold()
    own = own_addresses(page)
    linked = {link.address for link in page.links} | own
    for thing in things(page):
        name, address = thing.get("name"), thing.get("url")
        if name and is_a(thing, *NAMED) and " ".join(name.split()).casefold() not in shown:
            yield f"speaks of “{name}”, which it does not show"
        if is_a(thing, "Course", *EVENTS) and isinstance(address, str):
            if address in own and name and page.h1 and not alike(name, page.h1):
                yield f"calls itself “{name}” in structured data, and “{page.h1}” to people"
            if origin(address) == origin(page.address) and address not in linked:
                yield f"speaks of {address}, which it is not and does not link to"


@of_page("dates", "Days and times in structured data are those of the page.")
def dates(page):
    for thing, part in about(page):
        for name in ("startDate", "endDate"):
            moment = thing.get(name)
            if moment and not any(same_moment(moment, shown) for shown in part.moments):
                yield f"tells the {name} {moment} of {told(thing)}, and shows it nowhere"


@of_page("prices", "Prices in structured data are those of the page.")
def prices(page):
    numbers = None
    for thing in things(page):
        price = thing.get("price")
        if price in (None, "") or not float(price):
            continue
        if numbers is None:
            numbers = {as_number(found) for found in NUMBER.findall(page.main_text)}
        if float(price) not in numbers:
            yield f"tells the price {price}, and shows it nowhere"


@of_page("states", "What is off, postponed or full is so in structured data and in words alike.")
def states(page):
    for thing, part in about(page):
        status = str(thing.get("eventStatus", ""))
        for word, names in (("EventCancelled", OFF), ("EventPostponed", LATER)):
            if status and (word in status) != part.states(names):
                yield f"tells {status.rsplit('/')[-1]} of {told(thing)}, and its words do not"
                break
        for offer in within(thing.get("offers")):
            availability = str(offer.get("availability", "")).rsplit("/")[-1]
            is_full = part.states(FULL)
            if (availability == "SoldOut" and not is_full) or (
                availability in {"InStock", "LimitedAvailability"} and is_full
            ):
                yield f"tells {availability} of {told(thing)}, and its words do not"


@of_page("crumbs", "The crumbs in structured data are those of the page, in order.")
def crumbs(page):
    shown = [
        (words(one), page.absolute(one.get("href", "")))
        for nav in page.all("nav")
        if CRUMBS.search(f"{nav.get('class', '')} {nav.get('aria-label', '')}")
        for one in nav.iter("a")
    ]
    for thing in things(page):
        if not is_a(thing, "BreadcrumbList"):
            continue
        items = sorted(thing.get("itemListElement", ()), key=lambda one: one.get("position", 0))
        told = [(one.get("name", ""), address_of(one)) for one in items]
        if told[: len(shown)] != shown or len(told) > len(shown) + 1:
            yield f"tells the crumbs {path(told)}, and shows {path(shown)}"
        elif len(told) > len(shown) and told[-1][1] not in {"", *own_addresses(page), plain(page)}:
            yield f"tells {told[-1][1]} as its own place among the crumbs"


@of_page("lists", "A list in structured data has the things of the page, in the order of the page.")
def lists(page):
    for thing in things(page):
        if not is_a(thing, "ItemList"):
            continue
        elements = thing.get("itemListElement", ())
        if [one.get("position") for one in elements] != [*range(1, len(elements) + 1)]:
            yield "tells a list whose positions do not count from one"
        hrefs = (one.get("href", "").split("#")[0] for one in page.main.iter("a"))
        linked = iter([page.absolute(href) for href in hrefs])
        for one in elements:
            if address_of(one) not in linked:  # goes on from the last one found
                yield f"tells a list with {address_of(one)}, which does not stand there on the page"
                break


@lru_cache(maxsize=1)
def about(page):
    """(event, the part of the page about it) of each; an event within another is in its part."""
    parts, found = Parts(page), []
    waiting = [(said, None) for _, said in page.structured]
    while waiting:
        said, part = waiting.pop()
        if isinstance(said, list):
            waiting += [(one, part) for one in said]
        elif isinstance(said, dict):
            if is_a(said, *EVENTS):
                part = parts(said["url"]) if isinstance(said.get("url"), str) else part
                part = part or parts(page.address)
                found.append((said, part))
            waiting += [(value, part) for value in said.values()]
    return found


def own_addresses(page):
    return {page.address, *(one.get("href") for one in page.related("canonical"))}


def plain(page):
    """Its address without what is chosen on it, such as an order."""
    return page.address.partition("?")[0]


def alike(name, heading):
    name, heading = (" ".join(one.split()).casefold() for one in (name, heading))
    return name in heading or heading in name


def same_moment(told, shown):
    """A day is the same whatever the time of day that is not shown with it."""
    return shown == told if "T" in told and "T" in shown else shown[:10] == told[:10]


def as_number(text):
    """6 900, 6.900, 6,900.50: a sign before one or two last digits is a decimal sign."""
    text = re.sub(r"\s", "", text)
    if decimals := re.search(r"[.,](\d{1,2})$", text):
        return float(f"{re.sub(r'[.,]', '', text[: decimals.start()])}.{decimals[1]}")
    return float(re.sub(r"[.,]", "", text))


def address_of(element):
    item = element.get("item", element.get("url", ""))
    return item.get("@id", item.get("url", "")) if isinstance(item, dict) else item


def path(crumbs):
    return " › ".join(name for name, _ in crumbs) or "none"


def told(thing):
    return thing.get("url") or thing.get("name") or "a thing without a name"
