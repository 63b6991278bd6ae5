"""How a date stands, what a place costs and how it can be had, as a page shows it."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from tests.catalog.seen.elements import WORD, data, every, fact, first, moments, words


def zone_in(element):
    named = re.search(r"\b[A-Z]\w+/\w+", words(*every(element, ".soft")))
    return ZoneInfo(named[0] if named else "Europe/Oslo")


def end_of(day, zone):
    end = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(23, 59, 59), tzinfo=zone)
    return end.isoformat()


def state_of(element):
    """Every word for a state that the classes of its line have."""
    return {
        name.removeprefix("state--")
        for one in every(element, ".state")
        for name in one.get("class").split()
    }


def status(states):
    if states & {"withdrawn", "cancelled"}:
        return f"{WORD}EventCancelled"
    return f"{WORD}{'EventPostponed' if 'postponed' in states else 'EventScheduled'}"


def availability(states, can_be_booked, opens):
    if states & {"withdrawn", "cancelled"}:
        return "Discontinued"
    if not can_be_booked and not opens:
        return "OutOfStock"
    if "full" in states:
        return "SoldOut"
    if opens:
        return "PreOrder"
    return "LimitedAvailability" if "few" in states else "InStock"


def seats(element):
    number = re.search(r"\d+", words(*every(element, ".state--few, .state--open")))
    return int(number[0]) if number else None


def ways_to_book(element):
    """(whether there is one, where on another website)"""
    buttons = every(element, "a.button")
    here = [one for one in buttons if re.match(r"/(en/)?booking/", one.get("href"))]
    elsewhere = [one.get("href") for one in buttons if "external" in (one.get("rel") or "")]
    return bool(here or elsewhere), next(iter(elsewhere), None)


def priced(element):
    """What the line of a price says, as an offer has it."""
    if not (shown := data(element)):
        return {}
    currency, amount = shown.split()
    category = "Paid" if number(amount) else "Free"
    return {"price": number(amount), "priceCurrency": currency, "category": category}


def number(text):
    return float(text) if "." in text else int(text)


def specified(element):
    """The price and what it says of VAT; and with VAT, where that stands beside it."""
    found = []
    amounts = [one.get("value") for one in every(element, "data")]
    said = words(element)
    for place, shown in enumerate(amounts):
        currency, amount = shown.split()
        if not number(amount):
            return []
        is_included = place == 1 or gettext("incl. VAT") in said
        if len(amounts) == 2 and place == 0:
            is_included = False
        if is_included or gettext("excl. VAT") in said:
            found.append(
                {
                    "@type": "PriceSpecification",
                    "price": number(amount),
                    "priceCurrency": currency,
                    "valueAddedTaxIncluded": is_included,
                }
            )
    return found


def offer_of_page(page, address, states, zone, price):
    opens, closes = fact(page, gettext("Booking opens")), fact(page, gettext("Last day to book"))
    can_be_booked, elsewhere = ways_to_book(first(page, ".page-head"))
    notice = words(*every(page, ".page-head .notice-title"))
    is_late = notice == gettext("The deadline for booking has passed.")
    open_or_late = can_be_booked or opens is not None or is_late
    return {
        "@type": "Offer",
        **priced(price),
        "url": elsewhere or address,
        "availability": WORD + availability(states, can_be_booked, opens is not None),
        "validFrom": with_seconds(moments(opens)[0]) if opens is not None else None,
        "validThrough": end_of(moments(closes)[0], zone)
        if closes is not None and open_or_late
        else None,
        "priceSpecification": specified(price),
    }


def with_seconds(moment):
    return dt.datetime.fromisoformat(moment).isoformat()
