"""Addresses, and what they have in common."""

import re
from urllib.parse import parse_qsl, urlsplit


def origin(address):
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def shape(address):
    """An address with its numbers, and the words after them, left out: the same for all pages of
    a kind. A choice of a filter counts, whatever is chosen."""
    parts = urlsplit(address)
    path = re.sub(r"/\d+(?:-[^/.]*)?", "/#", parts.path)
    asked = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{path}?{'&'.join(asked)}" if asked else path
