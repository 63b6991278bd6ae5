"""What structured data must say, read from the page that people see: from its words, its addresses
and what its time and data elements say to machines. Nothing here asks our code but for words."""

import re

from django.utils import translation
from lxml import html

from tests.catalog.seen.courses import breadcrumbs, course, gone_course, item_list
from tests.catalog.seen.dates import is_date, whole_event
from tests.catalog.seen.elements import PROVIDER, absolute, every, first, words


def described(text, path):
    """The nodes that the page at that path must have."""
    page = html.fromstring(text)
    with translation.override(page.get("lang")):
        return [without_nothing(node) for node in nodes_of(page, absolute(path))]


def nodes_of(page, address):
    if every(page, "body .hero"):
        yield organisation(page) | footer_of(page)
        yield website(page)
    elif every(page, ".course-page .notice--bad"):
        yield gone_course(page, address)
        yield organisation(page)
    elif every(page, ".course-page"):
        yield course(page, address)
        yield organisation(page)
    elif is_date(page):
        yield whole_event(page, address)
        yield organisation(page)
    else:
        yield from item_list(page)
    if every(page, "nav.crumbs"):
        yield breadcrumbs(page, address)


def told_by(graph):
    """The nodes of structured data in the form that `described` has."""
    return [plainly(node) for node in graph["@graph"]]


def plainly(value):
    """A PostalAddress as the line that people read; the country only where it is another."""
    if isinstance(value, list):
        return [plainly(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("@type") == "PostalAddress":
        postal = f"{value.get('postalCode', '')} {value.get('addressLocality', '')}".strip()
        country = value.get("addressCountry", "NO")
        parts = (value.get("streetAddress"), postal, "" if country == "NO" else country)
        return ", ".join(filter(None, parts))
    return {name: plainly(one) for name, one in value.items()}


def without_nothing(value):
    if isinstance(value, dict):
        kept = {name: without_nothing(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one not in (None, "", [])}
    return [without_nothing(one) for one in value] if isinstance(value, list) else value


def organisation(page):
    home = absolute(first(page, "a.wordmark").get("href"))
    name = words(first(page, ".site-footer-name"))
    return {"@type": "Organization", **PROVIDER, "name": name, "url": home}


def footer_of(page):
    """What the foot of each page tells of the provider."""
    foot = first(page, ".site-footer")
    logo, address = first(page, "a.wordmark img"), first(foot, "address")
    lines = [" ".join(line.split()) for line in address.itertext()] if address is not None else []
    phone = first(foot, "a[href^='tel:']")
    number = re.search(r"Organi\w+( number)? ([\d ]+)", words(foot))
    return {
        "logo": absolute(logo.get("src")) if logo is not None else None,
        "telephone": words(phone) if phone is not None else None,
        "address": ", ".join(filter(None, lines)),
        "taxID": number[2].strip() if number else None,
    }


def website(page):
    form = first(page, "form[role=search]")
    field = first(form, "input[type=search]").get("name")
    target = f"{absolute(form.get('action'))}?{field}={{search_term_string}}"
    return {
        "@type": "WebSite",
        "name": words(first(page, ".site-footer-name")),
        "url": absolute(first(page, "a.wordmark").get("href")),
        "inLanguage": page.get("lang"),
        "publisher": PROVIDER,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": target},
            "query-input": "required name=search_term_string",
        },
    }
