"""Parameters as PHP reads them, and the filters and paging that long lists share."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from .answers import error
from .switches import Switches

Query = dict[str, Any]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(:\d{2})?)\Z")


def parse(text: str) -> Query:
    """`a=1&b[]=2&c[0][d]=3` as nested dicts and lists, the way PHP reads a query or a form."""
    found: Query = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _put(found, _keys(name), value)
    return {key: _lists(value) for key, value in found.items()}


def _keys(name: str) -> list[str]:
    head = name.split("[", 1)[0]
    return [head, *re.findall(r"\[([^\]]*)\]", name)]


def _put(into: dict, keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        key = key or str(len(into))
        if not isinstance(into.get(key), dict):
            into[key] = {}
        into = into[key]
    into[keys[-1] or str(len(into))] = value


def _lists(value: Any) -> Any:
    """Dicts whose keys count 0, 1, 2 ... become lists."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(each) for key, each in value.items()}
    if inner and list(inner) == [str(n) for n in range(len(inner))]:
        return list(inner.values())
    return inner


def whole_number(query: Query, name: str, default: int | None = None) -> int | None:
    """A whole number from the query; what is not one is refused, so a client hears of its slip."""
    value = query.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise error(f"Field(s) not valid: {name}") from None


def includes(query: Query) -> set[str]:
    value = query.get("include", [])
    return set(value if isinstance(value, list) else [value])


def truth(value: Any) -> bool:
    """A boolean in any of the spellings that PHP lets through."""
    return str(value).lower() in ("1", "true", "yes", "on")


def bound(query: Query, name: str, now: str) -> str | None:
    """A bound as `yyyy-mm-dd hh:mm:ss`; a day as `_max` means its last second."""
    value = query.get(name)
    if not value:
        return None
    if value == "now" and name.startswith(("start_date", "end_date")):
        value = now[:10]
    if DAY.match(str(value)):
        return f"{value} 23:59:59" if name.endswith("_max") else f"{value} 00:00:00"
    if match := MOMENT.match(str(value)):
        seconds = "" if match[3] else ":00"
        return f"{match[1]} {match[2]}{seconds}"
    raise error(f"Field(s) not valid: {name}")


def within(items: Iterable, query: Query, now: str, **moments: Callable[[Any], str]) -> list:
    """Items inside all `<name>_min` and `<name>_max` bounds that the query gives."""
    kept = list(items)
    for name, moment_of in moments.items():
        low, high = bound(query, f"{name}_min", now), bound(query, f"{name}_max", now)
        if low:
            kept = [each for each in kept if moment_of(each) >= low]
        if high:
            kept = [each for each in kept if moment_of(each) <= high]
    return kept


def common(items: Iterable, query: Query, now: str, **moments: Callable[[Any], str]) -> list:
    """The filters of most lists: since_id, created_at and updated_at, and more `moments`."""
    since = whole_number(query, "since_id")
    if since is not None:
        items = [each for each in items if each.id > since]
    created = {"created_at": lambda each: _comparable(each.created_at)}
    updated = {"updated_at": lambda each: _comparable(each.updated_at)}
    return within(items, query, now, **created, **updated, **moments)


def _comparable(stamp: str) -> str:
    return stamp[:19].replace("T", " ")


def page(items: list, query: Query, switches: Switches, default: int = 75) -> list:
    """One page. Without a total or a marker: the client has to notice the end."""
    start, limit, _ = span(len(items), query, switches, default)
    return items[start : start + limit]


def span(total: int, query: Query, switches: Switches, default: int = 75) -> tuple[int, int, int]:
    """Where a page starts, how long it may be and its number; 250 is the most one gets."""
    limit = whole_number(query, "limit", default) or default
    limit = min(limit, 250) if limit > 0 else default
    number = max(whole_number(query, "page", 1) or 1, 1)
    last = max((total + limit - 1) // limit, 1)
    if number > last and switches.past_end == "repeat":
        number = last
    return (number - 1) * limit, limit, number
