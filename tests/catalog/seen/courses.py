"""A course, and the lists and crumbs of pages."""

from django.utils.translation import gettext

from tests.catalog.seen.dates import is_date, row_event
from tests.catalog.seen.elements import (
    PROVIDER,
    absolute,
    data,
    every,
    fact,
    first,
    links,
    moments,
    words,
)
from tests.catalog.seen.offers import priced, specified


def in_brief(page, address):
    lead, prose = (
        first(page, ".page-head .lead"),
        first(page, "section[aria-labelledby=description] .prose"),
    )
    about = words(lead) if lead is not None else None
    if about is None and prose is not None:
        about = " ".join(" ".join(prose.itertext()).split())
        about = about if len(about) <= 300 else f"{about[:299]}…"
    return {
        "@type": "Course",
        "name": words(first(page, "h1")),
        "url": address,
        "description": about,
        "provider": PROVIDER,
    }


def course(page, address):
    price, level = fact(page, gettext("Price")), fact(page, gettext("Level"))
    picture = first(page, ".course-picture img")
    lasts = data(fact(page, gettext("Duration")))
    workload = lasts if lasts and lasts.startswith("PT") else None
    offers = {"@type": "Offer", **priced(price), "priceSpecification": specified(price)}
    return in_brief(page, address) | {
        "image": absolute(picture.get("src")) if picture is not None else None,
        "educationalLevel": words(level) if level is not None else None,
        "timeRequired": lasts,
        "inLanguage": data(fact(page, gettext("Language"))),
        "offers": offers if data(price) else None,
        "hasCourseInstance": [
            row_event(row, page, links(first(row, "th"))[0][1], price)
            | {"courseWorkload": workload}
            for row in every(page, "tr.date-card")
        ],
    }


def gone_course(page, address):
    withdrawn = moments(page, ".notice time")[0]
    return in_brief(page, address) | {"expires": withdrawn[:10]}


# --- Lists ----------------------------------------------------------------------------------------


def item_list(page):
    shown = every(page, ".hits .hit-title a, .calendar .dates .date-title a")
    elements = [
        {"@type": "ListItem", "position": at, "url": absolute(link.get("href"))}
        for at, link in enumerate(shown, start=1)
    ]
    if elements:
        yield {"@type": "ItemList", "itemListElement": elements}


def breadcrumbs(page, address):
    here = first(page, ".lead time") if is_date(page) else first(page, "h1")
    way = [*links(first(page, "nav.crumbs")), (words(here), address)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": item}
            for at, (name, item) in enumerate(way, start=1)
        ],
    }
