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
RENAMED = {"div": "p", "b": "strong", "i": "em"}
TAG = re.compile(r"<(/?)(h[1-6]|div|b|i)(?=[\s>])")
HIGHEST = 3  # the page has its own h1 and h2 above these
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
    tidy = sanitised(renamed(tidy))
    while EMPTY.search(tidy):
        tidy = EMPTY.sub("", tidy)
    return tidy.strip()


def renamed(text):
    """Old tags by their modern names, and headings moved so that the highest is the page's third
    level: a text that begins with h1 and one that begins with h4 both fit below the page's own."""
    levels = sorted({int(tag[2][1]) for tag in TAG.finditer(text) if tag[2][0] == "h"})
    moved = {f"h{level}": f"h{min(HIGHEST + at, 6)}" for at, level in enumerate(levels)}
    names = RENAMED | moved
    return TAG.sub(lambda tag: f"<{tag[1]}{names[tag[2]]}", text)


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
