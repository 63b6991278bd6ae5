"""What programs read: calendars, news, data. A light look; each has tests of its own."""

import json
import re
from collections import Counter

from lxml import etree

from audit.registry import of_answer, of_site

ATOM = "{http://www.w3.org/2005/Atom}"
NEEDED = ("UID", "DTSTAMP", "DTSTART")


@of_answer("calendars", "A calendar file is whole: each event has what calendars need.")
def calendars(answer):
    if answer.status != 200 or answer.kind != "text/calendar":
        return
    lines = answer.body.split(b"\r\n")
    if lines[0] != b"BEGIN:VCALENDAR" or lines[-2:] != [b"END:VCALENDAR", b""]:
        yield "is no whole calendar"
        return
    if any(b"\n" in line for line in lines) or max(map(len, lines)) > 75:
        yield "has lines that are longer than 75 bytes or end wrongly"
    text = answer.body.decode(errors="replace").replace("\r\n ", "")
    uids = Counter()
    for event in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL):
        names = {re.split("[;:]", line)[0] for line in event.split("\r\n")}
        for name in NEEDED:
            if name not in names:
                yield f"has an event without {name}"
        uids.update(re.findall(r"^(?:UID|RECURRENCE-ID.*?):(.*)\r", event, re.MULTILINE)[:1])
    for uid, count in uids.items():
        if count > 1:
            yield f"has {count} events with the UID {uid}"


@of_answer("news", "An Atom feed is well-formed, and each entry has what readers need.")
def news(answer):
    if answer.status != 200 or answer.kind != "application/atom+xml":
        return
    try:
        feed = etree.fromstring(answer.body, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as error:
        yield f"is no XML: {error.msg}"
        return
    for element in [feed, *feed.iter(f"{ATOM}entry")]:
        what = etree.QName(element).localname
        for name in ("id", "title", "updated"):
            if not element.findtext(f"{ATOM}{name}"):
                yield f"has a {what} without {name}"
    ids = Counter(one.findtext(f"{ATOM}id") for one in feed.iter(f"{ATOM}entry"))
    for name, count in ids.items():
        if count > 1:
            yield f"has {count} entries with the id {name}"


@of_answer("data", "What calls itself JSON is JSON, and an OpenAPI document is whole.")
def data(answer):
    if answer.status != 200 or not re.search(r"[/+]json$", answer.kind):
        return
    try:
        said = json.loads(answer.body)
    except ValueError:
        yield "is no JSON"
        return
    if isinstance(said, dict) and "paths" in said and not ("openapi" in said and said["paths"]):
        yield "is no OpenAPI document: it has no version or no paths"


@of_site("file-types", "A file that a page offers is of the type that the page says.")
def types(site):
    for page in site.pages.values():
        for address, said in page.files:
            answer = site.answers.get(address)
            if answer and answer.status == 200 and answer.kind != said.split(";")[0].lower():
                yield page.address, f"offers {address} as {said}, which is {answer.kind}"
