"""A page in other languages."""

import re

from audit.addresses import origin
from audit.registry import of_page, of_site

CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@of_page("language", "A page says in which language it is, and its headers say the same.")
def language(page):
    if not CODE.fullmatch(page.language):
        yield f"has the language “{page.language}”" if page.language else "says no language"
    elif (said := page.answer.headers.get("Content-Language")) and said != page.language:
        yield f"is in “{page.language}”, and in “{said}” by its headers"


@of_site("hreflang", "Pages that are each other in another language say so on both sides.")
def hreflang(site):
    for page in site.pages.values():
        named = dict(page.alternates)
        if len(named) < len(page.alternates):
            yield page.address, "names two addresses for one language"
        if not named:
            continue
        own = [code for code, address in page.alternates if address == page.address]
        if page.is_canonical and not own:
            yield page.address, "names other languages and not itself among them"
        for code in own:
            if code not in ("x-default", page.language.lower()):
                yield page.address, f"is in “{page.language}” and calls itself “{code}”"
        for code, address in page.alternates:
            for sentence in wrong(site, page, code, address):
                yield page.address, sentence


def wrong(site, page, code, address):
    if "://" not in address:
        yield f"names an address in “{code}” that is not whole: {address}"
    elif origin(address) == site.origin and address in site.answers:
        answer, there = site.answers[address], site.pages.get(address)
        if there is None:
            yield f"names {address} as its “{code}”, which answers {answer.status}"
        elif code != "x-default" and there.language.lower() != code:
            yield f"names {address} as its “{code}”, which is in “{there.language}”"
        elif page.is_canonical and page.address not in dict(there.alternates).values():
            yield f"names {address} as its “{code}”, which does not name it back"
