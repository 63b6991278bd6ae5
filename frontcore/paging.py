"""Page after page of a list, without losing any and without going on for ever.

There is no total and, but for one call, no "next" marker. A page with fewer items than asked for
is the last one, unless it holds exactly as many as the API gives by default (25, 75): then our
``limit`` may have been ignored. A page that only repeats known ids is the end; where the page
before it was full, ``page`` may be what is ignored, so ``since_id`` is tried before believing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .answers import items_of
from .errors import BadAnswer
from .loose import at, is_empty, pick, reference

LARGEST_PAGE = 250
#: Page sizes the API has when it does not hear our own.
DEFAULT_PAGES = (25, 75)
MOST_PAGES = 2000

Params = Sequence[tuple[str, str | int]]
Ask = Callable[[Params], Any]


def pages(
    call: str,
    ask: Ask,
    *,
    id_at: Sequence[str] = ("id",),
    limit: int = LARGEST_PAGE,
    stuck: Callable[[], Iterator[list[Any]]] | None = None,
) -> Iterator[list[Any]]:
    """Yield the new items of each page. An unknown envelope is BadAnswer, midway too.

    ``ask`` sends the given parameters and returns the JSON body. ``stuck``: another way to the
    rest, taken instead of ``since_id`` where paging does not move.
    """
    known: set[Any] = set()
    cursor: list[tuple[str, str | int]] = [("page", 1)]
    size = 0
    for count in range(1, MOST_PAGES + 1):
        body = ask([("limit", limit), *cursor])
        items = items_of(call, body)
        fresh = unseen(items, id_at, known)
        if fresh:
            size = len(items)
            yield fresh
            marker = next_marker(body)
            if marker is None or (marker is False and not may_go_on(size, limit)):
                return
            if cursor[0][0] == "page":
                cursor = [("page", marker or count + 1)]
                continue
        elif size < limit or not items or cursor[0][0] == "since_id":
            if count == 1:
                yield []
            return
        elif stuck is not None:
            for items in stuck():
                yield unseen(items, id_at, known)
            return
        numbers = [item for item in known if isinstance(item, int)]
        if not numbers:
            return
        cursor = [("since_id", max(numbers)), ("order_by", "id"), ("order_direction", "asc")]
    raise BadAnswer(f"{call}: no end after {MOST_PAGES} pages")


def unseen(items: list[Any], id_at: Sequence[str], known: set[Any]) -> list[Any]:
    """The items whose id is new; ``known`` learns them. Without a readable id: by its content."""
    fresh = []
    for item in items:
        try:
            identity: Any = reference(pick(item, *id_at))
        except ValueError:
            identity = None
        if identity is None:
            identity = repr(item)
        if identity not in known:
            known.add(identity)
            fresh.append(item)
    return fresh


def may_go_on(size: int, limit: int) -> bool:
    """Whether a page of this size may have others behind it."""
    return size >= limit or size in DEFAULT_PAGES


def next_marker(body: Any) -> int | bool | None:
    """The next page's number; None: the answer says there is none; False: it does not say."""
    if isinstance(body, list) or not isinstance(at(body, "pagination"), dict):
        return False
    if "next_page" not in body["pagination"]:
        return False
    value = body["pagination"]["next_page"]
    if is_empty(value) or value is False:
        return None
    try:
        return reference(value)
    except ValueError:
        return False
