"""What all records share, and how an answer's items become records or complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ..loose import is_empty, pick, reference

T = TypeVar("T")


class Record(BaseModel):
    """One thing as Frontcore describes it: frozen, our names, our types.

    ``from_api`` reads the API's spelling; the constructor takes ours, for tests and builders.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @classmethod
    def names(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The API's object under our names, values untouched."""
        raise NotImplementedError

    @classmethod
    def part(cls, raw: Any) -> Any:
        """The names of an object inside another one; None for null, "", [] and {}.

        Anything else that is no object is handed on, and refused under the field's name.
        """
        if is_empty(raw):
            return None
        return cls.names(raw) if isinstance(raw, Mapping) else raw

    @classmethod
    def parts(cls, raw: Any) -> Any:
        """The same for a list of objects; null and missing → ()."""
        if is_empty(raw):
            return ()
        return tuple(cls.part(item) for item in raw) if isinstance(raw, list) else raw

    @classmethod
    def from_api(cls, raw: Mapping[str, Any]) -> Self:
        """Read one object. Raises pydantic's ValidationError; see ``complaint``."""
        return cls.model_validate(cls.names(raw))


class NamedRef(Record):
    """Something with an id and a title. The title follows the account's language: never a key."""

    id: int | None = None
    title: str


@dataclass(frozen=True)
class BadItem:
    """An item that cannot be right: which, and why. Holds no value of the item."""

    kind: str
    id: int | None
    field: str
    problem: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id or '(id unreadable)'}: {self.field}: {self.problem}"


@dataclass(frozen=True)
class Listing(Generic[T]):
    """One page of a list: what could be read, and what could not.

    ``unreadable_ids``: at least one bad item did not even tell its id, so nobody can say from
    this listing that something is gone.
    """

    items: tuple[T, ...] = ()
    bad: tuple[BadItem, ...] = ()

    @property
    def unreadable_ids(self) -> bool:
        return any(item.id is None for item in self.bad)


def complaint(error: ValidationError) -> tuple[str, str]:
    """The field and the problem, without the value that was there."""
    first = error.errors(include_url=False, include_context=False)[0]
    steps = [str(step) for step in first["loc"]]
    problem = first["msg"].removeprefix("Value error, ")
    return ".".join(steps), "missing" if first["input"] is None else problem


def read_items(
    items: Iterable[Any],
    read: Callable[[Mapping[str, Any]], T],
    *,
    kind: str,
    id_at: tuple[str, ...] = ("id",),
) -> Listing[T]:
    """Read each item; one that cannot be right costs itself, not the list."""
    good: list[T] = []
    bad: list[BadItem] = []
    for item in items:
        if not isinstance(item, Mapping):
            bad.append(BadItem(kind, None, "(all of it)", "not an object"))
            continue
        try:
            good.append(read(item))
        except ValidationError as error:
            bad.append(BadItem(kind, readable_id(item, id_at), *complaint(error)))
    return Listing(tuple(good), tuple(bad))


def readable_id(item: Mapping[str, Any], id_at: tuple[str, ...]) -> int | None:
    """The item's id, None where even that cannot be read."""
    try:
        return reference(pick(item, *id_at))
    except ValueError:
        return None
