"""Answers that show the inside of the site, and words that came out wrong."""

import re

from audit.crawl import NOT_THERE
from audit.registry import of_answer, of_page, of_site

INSIDES = (
    b"Traceback (most recent call last)",
    b"DEBUG = True",
    b"<title>Internal Server Error</title>",
)
MOJIBAKE = re.compile(r"Ã[\x80-\xbf¥¸¦…˜†¤¶©]|â€|Â[\xa0«»°§·]|\ufffd")
LEFTOVER = re.compile(
    r"%\(\w+\)[sd]|\{\{.*?\}\}|\{%.*?%\}|\[object Object\]|\b(?:undefined|NaN)\b"
    r"|<(?:function|bound method|\w+ object at) "
)
HEARD = ("alt", "title", "aria-label", "placeholder", "content")


@of_answer("errors", "No answer is an error of the server, or shows a traceback.")
def errors(answer):
    if answer.status >= 500:
        yield f"answers {answer.status}"
    for inside in INSIDES:
        if inside in answer.body:
            yield f"shows the inside of the site: {inside.decode()}"


@of_page("characters", "Letters are what they were meant to be: no mojibake, no broken UTF-8.")
def characters(page):
    try:
        page.answer.body.decode()
    except UnicodeDecodeError as error:
        yield f"is no UTF-8 from byte {error.start} on"
    for text in read(page):
        if found := MOJIBAKE.search(text):
            yield f"holds broken letters: {around(text, found)}"


@of_page("leftovers", "No placeholder of a translation or a template is left among the words.")
def leftovers(page):
    for text in read(page):
        if found := LEFTOVER.search(text):
            yield f"holds what was to be filled in: {around(text, found)}"
    for element in page.all("p", "li", "td", "dd", "span", "h1", "h2", "h3", "h4", "a", "strong"):
        if not len(element) and (element.text or "").strip() == "None":
            yield f"says None in a {element.tag}"


def read(page):
    """What people and their machines read of a page."""
    yield page.text
    for element in page.root.iter("img", "a", "button", "input", "textarea", "nav", "meta"):
        for name in HEARD:
            if text := element.get(name):
                yield text


def around(text, found):
    return f"“…{text[max(0, found.start() - 20) : found.end() + 20]}…”"


@of_site("not-found", "An address that does not exist answers 404.")
def not_found(site):
    address = f"{site.origin}{NOT_THERE}"
    answer = site.answers.get(address)
    if answer and answer.status != 404:
        yield address, f"does not exist and answers {answer.status or answer.error}"


@of_site("end", "Whoever follows every link comes to an end.")
def end(site):
    if site.unasked:
        address = min(site.unasked)
        yield (
            address,
            (
                f"is one of {len(site.unasked):,} addresses that were not looked at, after "
                f"{len(site.answers):,}: raise --pages, unless links lead on without end"
            ),
        )
