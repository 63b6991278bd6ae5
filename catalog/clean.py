"""Text from outside, made fit for our pages: once, before it is stored."""

import html
import re

import nh3
from django.utils.html import linebreaks

KEPT = {
    *("p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "b", "em", "i"),
    *("a", "blockquote", "table", "caption", "thead", "tbody", "tr", "th", "td", "div"),
}
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
SCHEMES = {"http", "https", "mailto", "tel"}
# The page has its own h1 and h2 above these.
RENAMED = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "div": "p"} | {
    "b": "strong",
    "i": "em",
}
TAG = re.compile(r"<(/?)(h[1-5]|div|b|i)(?=[\s>])")
EMPTY = re.compile(r"<(p|h[3-6]|strong|em|li|a)(?: [^>]*)?>(?:\s|&nbsp;|<br>)*</\1>")


def clean_html(text):
    """Plain structure only: paragraphs, lists, tables, emphasis, links to the web, mail and phone.

    Headings go below the page's own. No script, style, class, image or frame is left. Text without
    any tag gets its paragraphs from its empty lines.
    """
    if not text or not text.strip():
        return ""
    if "<" not in text:
        return linebreaks(html.unescape(text.strip()), autoescape=True)
    tidy = sanitised(text)
    # Renaming may nest paragraphs; the second pass mends what the first could not see.
    tidy = sanitised(TAG.sub(lambda tag: f"<{tag[1]}{RENAMED[tag[2]]}", tidy))
    while EMPTY.search(tidy):
        tidy = EMPTY.sub("", tidy)
    return tidy.strip()


def sanitised(text):
    return nh3.clean(
        text,
        tags=KEPT,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def plain(text):
    """One line without HTML entities: titles, names, comments. Templates escape it."""
    return " ".join(html.unescape(text or "").replace("\x00", "").split())
