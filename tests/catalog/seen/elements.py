"""Elements of a page, their words, and what they say to machines."""

import re
from functools import cache
from urllib.parse import urljoin

SITE = "http://testserver"
PROVIDER = {"@id": f"{SITE}/#provider"}
WORD = "https://schema.org/"


def words(*elements):
    return " ".join(" ".join(one.text_content() for one in elements).split())


def absolute(address):
    return urljoin(SITE, address)


def every(element, selector):
    """What a selector finds in an element, in the order of the page."""
    return element.xpath(xpath(selector))


def first(element, selector):
    return next(iter(every(element, selector)), None)


@cache
def xpath(selector):
    """Of the selectors that stand here: elements, classes, [attribute=value], spaces, > and ,"""
    ways = []
    for one in selector.split(","):
        way, axis = ".", "//"
        for step in one.split():
            if step == ">":
                axis = "/"
                continue
            element = re.match(r"[a-z0-9]*", step)[0] or "*"
            way += axis + element
            for name in re.findall(r"\.([\w-]+)", step.partition("[")[0]):
                way += f"[contains(concat(' ',normalize-space(@class),' '),' {name} ')]"
            for name, how, value in re.findall(r"\[([\w-]+)(=|\^=|~=)'?([^\]']*)'?\]", step):
                sought = {"=": "@{0}='{1}'", "^=": "starts-with(@{0},'{1}')"}.get(
                    how, "contains(concat(' ',@{0},' '),' {1} ')"
                )
                way += f"[{sought.format(name, value)}]"
            axis = "//"
        ways.append(way)
    return " | ".join(ways)


def links(element):
    return [(words(one), absolute(one.get("href"))) for one in every(element, "a")]


def data(element, selector="data"):
    found = first(element, selector) if element is not None else None
    return found.get("value") if found is not None else None


def moments(element, selector="time"):
    return [one.get("datetime") for one in every(element, selector)]


def fact(page, label):
    """The answer to a question in the short facts of a page; None where it is not asked."""
    for group in every(page, "dl.facts > div"):
        if words(first(group, "dt")) == label:
            return first(group, "dd")
    return None
