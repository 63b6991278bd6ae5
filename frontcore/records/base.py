"""What all records share, and how an answer's items become records or complaints.

A field is needed unless it is marked. ``Spare``: an unreadable one is left out (its default stands
in) and noted. ``Each``: of a list, the items that cannot be right are left out. An error that
meets neither on its way up costs the item. So one odd word in a venue costs that word, not the
dates that are held there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from ..loose import is_empty, pick, reference

T = TypeVar("T")
Path = tuple[int | str, ...]

_SPARE, _EACH = "spare", "each"
Spare = Annotated[T, _SPARE]
Each = Annotated[tuple[T, ...], _EACH]


@dataclass(frozen=True)
class BadItem:
    """What cannot be right: which, and why. Holds no value of the item."""

    kind: str
    id: int | None
    field: str
    problem: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id or '(id unreadable)'}: {self.field}: {self.problem}"


class Record(BaseModel):
    """One thing as Frontcore describes it: frozen, our names, our types.

    ``from_api`` reads the API's spelling; the constructor takes ours, for tests and builders.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    #: The kind of thing, where it has a life of its own; "" belongs to what it stands in.
    noun: ClassVar[str] = ""
    _notes: tuple[BadItem, ...] = PrivateAttr(default=())

    @property
    def notes(self) -> tuple[BadItem, ...]:
        """What was left out of this record or its parts, for staff; the rest is right."""
        return self._notes

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
        return cls.from_names(cls.names(raw))

    @classmethod
    def from_names(cls, names: dict[str, Any]) -> Self:
        """Read it, leaving out what is unreadable and may be missing; ``notes`` tells what."""
        try:
            return cls.model_validate(names)
        except ValidationError as error:
            left_out = {}
            for path, problem in complaints(error):
                if part := spare_part(cls, path):
                    left_out[part] = note(cls, names, path, problem)
            if not left_out:
                raise
        # Raises again where something that is needed cannot be read either.
        record = cls.model_validate(without(names, set(left_out)))
        record._notes = tuple(dict.fromkeys(left_out.values()))
        return record


class NamedRef(Record):
    """Something with an id and a title. The title follows the account's language: never a key."""

    id: int | None = None
    title: str


@dataclass(frozen=True)
class Listing(Generic[T]):
    """One page of a list: what could be read, and what could not.

    ``notes``: what was left out of ``items`` and their parts, each once; these are no bad items.
    Where a bad one has no id, nobody can say from this listing that something is gone.
    """

    items: tuple[T, ...] = ()
    bad: tuple[BadItem, ...] = ()
    notes: tuple[BadItem, ...] = ()


def complaint(error: ValidationError) -> tuple[str, str]:
    """The field and the problem, without the value that was there."""
    path, problem = complaints(error)[0]
    return dotted(path), problem


def complaints(error: ValidationError) -> list[tuple[Path, str]]:
    return [
        (
            each["loc"],
            "missing" if each["input"] is None else each["msg"].removeprefix("Value error, "),
        )
        for each in error.errors(include_url=False, include_context=False)
    ]


def dotted(path: Path) -> str:
    return ".".join(str(step) for step in path)


def spare_part(cls: type[Record], path: Path) -> Path | None:
    """The smallest part around the error that may be left out; None where there is none."""
    found: Path | None = None
    inside: type[Record] | None = cls
    for depth, step in enumerate(path, 1):
        field = inside.model_fields.get(step) if inside and isinstance(step, str) else None
        if field is None:
            continue
        if _SPARE in field.metadata:
            found = path[:depth]
        elif _EACH in field.metadata and len(path) > depth:
            found = path[: depth + 1]
        inside = record_in(field.annotation)
    return found


def record_in(annotation: Any) -> type[Record] | None:
    """The record in ``VenueRecord | None`` or ``tuple[ProductRecord, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    return next(filter(None, map(record_in, get_args(annotation))), None)


def note(cls: type[Record], names: Any, path: Path, problem: str) -> BadItem:
    """The complaint, under the nearest thing around it that has a readable id."""
    kind, number, field = cls.noun, quiet_id(names), path
    inside: type[Record] | None = cls
    for depth, step in enumerate(path, 1):
        if inside and isinstance(step, str) and step in inside.model_fields:
            inside = record_in(inside.model_fields[step].annotation)
        if isinstance(names, tuple) and isinstance(step, int):
            names = names[step]
        else:
            names = names.get(step) if isinstance(names, dict) else None
        if inside and inside.noun and (own := quiet_id(names)):
            kind, number, field = inside.noun, own, path[depth:]
    return BadItem(kind, number, dotted(field), problem)


def quiet_id(names: Any) -> int | None:
    try:
        return reference(names.get("id")) if isinstance(names, dict) else None
    except ValueError:
        return None


def without(value: Any, gone: set[Path], here: Path = ()) -> Any:
    """The same names, but for what stands at these paths."""
    if isinstance(value, dict):
        return {
            step: without(inner, gone, (*here, step))
            for step, inner in value.items()
            if (*here, step) not in gone
        }
    if isinstance(value, tuple):
        return tuple(
            without(inner, gone, (*here, step))
            for step, inner in enumerate(value)
            if (*here, step) not in gone
        )
    return value


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
    notes = dict.fromkeys(note for item in good for note in getattr(item, "notes", ()))
    return Listing(tuple(good), tuple(bad), tuple(notes))


def readable_id(item: Mapping[str, Any], id_at: tuple[str, ...]) -> int | None:
    """The item's id, None where even that cannot be read."""
    try:
        return reference(pick(item, *id_at))
    except ValueError:
        return None
