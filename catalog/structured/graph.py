"""Nodes, and the script element that holds them."""

import json
from urllib.parse import urljoin

from django.conf import settings
from django.utils.safestring import mark_safe

VOCABULARY = "https://schema.org"
# Nothing in a text can end the element, open another or break a line of script.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def told(node):
    """The node without the properties of which nothing is known."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def absolute(address):
    return urljoin(f"{settings.SITE_URL}/", address)


def one_or_all(found):
    """As JSON-LD has several values of a property, or one."""
    return found[0] if len(found) == 1 else found


def as_script(nodes):
    """The nodes in an element for the head of a page; empty where there are none."""
    if not nodes:
        return ""
    graph = {"@context": VOCABULARY, "@graph": nodes}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped
