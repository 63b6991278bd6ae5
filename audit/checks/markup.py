"""What a screen reader, a keyboard and a machine need of the markup."""

from audit.page import words
from audit.registry import of_page

NO_LABEL = {"hidden", "submit", "reset", "button", "image"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@of_page("labels", "Every field, button and frame has a name that is read aloud.")
def labels(page):
    labelled = {one.get("for") for one in page.all("label") if words(one)}
    for element in page.all("input", "select", "textarea"):
        kind = element.get("type", "text").lower()
        if is_hidden(element):
            continue
        if element.tag == "input" and kind in NO_LABEL:
            if kind in {"button", "image"} and not (has_name(page, element) or element.get("alt")):
                yield f"has a button without a name: {shown(element)}"
        elif not (has_name(page, element) or element.get("id", "") in labelled or within(element)):
            yield f"has a field without a label: {shown(element)}"
    for element in page.all("button", "summary"):
        if not (
            words(element) or has_name(page, element) or pictured(element) or is_hidden(element)
        ):
            yield f"has a button without a name: {shown(element)}"
    for element in page.all("iframe"):
        if not element.get("title", "").strip():
            yield f"has a frame without a title: {shown(element)}"


@of_page("alternatives", "Every picture has a text in its place, be it an empty one.")
def alternatives(page):
    for element in page.all("img", "area"):
        if element.get("alt") is None and element.get("role") != "presentation":
            yield f"has a picture without alternative text: {shown(element)}"
    for element in page.all("svg"):
        if element.get("role") == "img" and not (
            has_name(page, element) or element.findtext("title")
        ):
            yield f"has a drawing without alternative text: {shown(element)}"


@of_page("headings", "A page has one h1, and skips no level of headings.")
def headings(page):
    found = [one for one in page.root.iter(*HEADINGS) if one.get("hidden") is None]
    firsts = [one for one in found if one.tag == "h1"]
    if len(firsts) != 1:
        yield f"has {len(firsts) or 'no'} h1"
    level = 0
    for element in found:
        if not (words(element) or pictured(element)):
            yield f"has an empty {element.tag}"
        if int(element.tag[1]) > level + 1 and level:
            yield f"skips from h{level} to {element.tag}: “{words(element)}”"
        level = int(element.tag[1])


@of_page("ids", "No id stands twice on a page.")
def ids(page):
    for name, elements in page.by_id.items():
        if len(elements) > 1:
            yield f"has the id “{name}” {len(elements)} times"
        elif not name.strip():
            yield "has an empty id"


def has_name(page, element):
    named = " ".join(
        words(one)
        for name in element.get("aria-labelledby", "").split()
        for one in page.by_id.get(name, ())
    )
    return bool(
        named.strip()
        or element.get("aria-label", "").strip()
        or element.get("title", "").strip()
        or (element.get("type") == "button" and element.get("value", "").strip())
    )


def is_hidden(element):
    """Whether it is there for no screen reader."""
    return any(
        one.get("aria-hidden") == "true" or one.get("hidden") is not None
        for one in (element, *element.iterancestors())
    )


def within(element):
    """Whether a label with words stands around it."""
    return any(words(one) for one in element.iterancestors("label"))


def pictured(element):
    return any(one.get("alt", "").strip() for one in element.iter("img")) or any(
        one.text for one in element.iter("title")
    )


def shown(element):
    """Enough of an element to find it by."""
    names = ("type", "name", "id", "class", "src", "href")
    shown = [f'{name}="{element.get(name)}"' for name in names if element.get(name)]
    return f"<{' '.join([element.tag, *shown[:3]])}>"
