"""Reading lists and objects: page after page, from the cache for a day, or all or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic import ValidationError

from .errors import BadAnswer
from .loose import OSLO, is_empty, pick, reference
from .paging import Params, pages
from .records.base import Listing, complaint, read_items
from .transport import Call, Transport

T = TypeVar("T")
Read = Callable[[Mapping[str, Any]], T]

DATE_ID = ("coursedate_id", "id")


class Lists:
    """The ways a list is asked for."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def pages(
        self,
        path: str,
        kind: str,
        read: Read[T],
        params: Params = (),
        *,
        keep: str = "",
    ) -> Iterator[Listing[T]]:
        """Page after page, each item read on its own. A list that answers 404 is Missing."""
        name = f"GET {re.sub(r'/[0-9]+', '/:id', path)}"
        optional = ":id" not in name
        id_at = DATE_ID if kind == "coursedate" else ("id",)

        def ask(cursor: Params) -> Any:
            merged = [*params, *cursor]
            return self._transport.read(
                Call(name, "GET", path, merged, keep=keep, optional=optional)
            )

        for items in pages(name, ask, id_at=id_at):
            yield read_items(items, read, kind=kind, id_at=id_at)

    def daily(self, path: str, kind: str, read: Read[T]) -> Listing[T]:
        """A whole list that changes rarely, from the cache for a day."""
        found = list(self.pages(path, kind, read, keep="day"))
        return Listing(
            tuple(item for page in found for item in page.items),
            tuple(item for page in found for item in page.bad),
            tuple(dict.fromkeys(note for page in found for note in page.notes)),
        )

    def whole(self, path: str, kind: str, read: Read[T], params: Params) -> tuple[T, ...]:
        """A whole list of which every item must be readable."""
        found: list[T] = []
        for page in self.pages(path, kind, read, params):
            if page.bad:
                raise BadAnswer(f"GET {path}: {page.bad[0]}")
            found.extend(page.items)
        return tuple(found)

    def batch(self, ids: list[int], params: Params, limit: int) -> Iterator[list[Any]]:
        name = "GET /batch/coursedates"
        asked: list[tuple[str, str | int]] = [
            *(("course_ids[]", number) for number in ids),
            *params,
        ]

        def ask(cursor: Params) -> Any:
            call = Call(name, "GET", "/batch/coursedates", [*asked, *cursor], optional=True)
            return self._transport.read(call)

        def halves() -> Iterator[list[Any]]:
            middle = len(ids) // 2
            yield from self.batch(ids[:middle], params, limit)
            yield from self.batch(ids[middle:], params, limit)

        stuck = halves if len(ids) > 1 else None
        return pages(name, ask, id_at=DATE_ID, limit=limit, stuck=stuck)


def one(call: Call, raw: Any, read: Read[T]) -> T:
    """One object as a record; BadAnswer where it cannot be right."""
    if isinstance(raw, list) and len(raw) == 1:
        raw = raw[0]
    if not isinstance(raw, Mapping) or is_empty(raw):
        raise BadAnswer(f"{call.name}: no object in the answer")
    try:
        return read(raw)
    except ValidationError as error:
        field, problem = complaint(error)
    raise BadAnswer(f"{call.name}: {field}: {problem}")


def same(call: Call, record: T, asked: int) -> T:
    """The record, if it is the one that was asked for."""
    if getattr(record, "id", None) != asked:
        raise BadAnswer(f"{call.name}: the answer is about another one")
    return record


def quiet_id(raw: Any, path: str) -> int | None:
    """An id where it can be read."""
    try:
        return reference(pick(raw, path))
    except ValueError:
        return None


def local_text(moment: datetime) -> str:
    """A moment as the API's filters take it: Norwegian local time, without a zone [inferred].

    In the hour that comes twice in autumn an hour more is asked for, since the text cannot say
    which of the two is meant.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    local = moment.astimezone(OSLO)
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        local -= timedelta(hours=1)
    return local.strftime("%Y-%m-%d %H:%M:%S")
