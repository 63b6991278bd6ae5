"""The loose typing of the API ends here.

The same thing arrives as ``12`` or ``"12"``, as ``true``, ``1``, ``"1"`` or ``null``, as ``{}`` or
``[]``, or not at all. Each reader takes what came, returns a Python value or None for "empty", and
raises ValueError with a sentence that never repeats the value: it may be someone's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

OSLO = ZoneInfo("Europe/Oslo")

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def is_empty(value: Any) -> bool:
    """None, "", [] and {} are the API's ways to say nothing; 0 and false are values."""
    return value is None or value == "" or value == [] or value == {}


def at(raw: Any, path: str) -> Any:
    """The value at ``"seats.free.num"``; None where any step is missing or is not an object."""
    for step in path.split("."):
        if not isinstance(raw, Mapping):
            return None
        raw = raw.get(step)
    return raw


def pick(raw: Any, *paths: str, default: Any = None) -> Any:
    """The first of the paths that holds something."""
    for path in paths:
        value = at(raw, path)
        if not is_empty(value):
            return value
    return default


def whole(value: Any) -> int | None:
    """12, "12", 12.0 → 12. Empty → None."""
    if isinstance(value, str):
        value = value.strip()
    if is_empty(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,18}(?:\.0+)?", value):
        return int(value.split(".")[0])
    raise ValueError("not a whole number")


def reference(value: Any) -> int | None:
    """An id: a whole number above 0; 0 and empty → None."""
    number = whole(value)
    if number is not None and number < 0:
        raise ValueError("an id below 0")
    return number or None


def number(value: Any) -> Decimal | None:
    """1500, 12.5, "999.98" → Decimal. Empty → None."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        value = value.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    if is_empty(value):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("not a number")
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError("not a number")
    try:
        result = Decimal(str(value).replace(",", "."))
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not result.is_finite():
        raise ValueError("not a number")
    return result


def price(value: Any) -> Decimal | None:
    """An amount of money; 0 means "no price set" and is None."""
    amount = number(value)
    if amount is not None and amount < 0:
        raise ValueError("a price below 0")
    return amount or None


def flag(value: Any) -> bool | None:
    """true, 1, "1", "true" → True; false, 0, "0" → False; empty → None."""
    if is_empty(value):
        return None
    if isinstance(value, bool):
        return value
    if value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _YES:
            return True
        if word in _NO:
            return False
    raise ValueError("neither yes nor no")


def text(value: Any) -> str | None:
    """Stripped text; a number becomes its digits; empty → None."""
    if is_empty(value):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("not a text")
    return str(value).replace("\x00", "").strip() or None


def day(value: Any) -> date | None:
    """``yyyy-mm-dd``, alone or in front of a time of day. ``0000-00-00`` and empty → None.

    A moment with an offset is taken to Europe/Oslo first, where its day may be another.
    """
    if isinstance(value, datetime):
        return value.astimezone(OSLO).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    written = text(value)
    if written is None or written.startswith("0000-00-00"):
        return None
    found = _DAY.fullmatch(written)
    if not found:
        raise ValueError("not a date")
    try:
        if re.search(r"T.*(?:Z|[+-]\d{2}:?\d{2})$", written):
            return datetime.fromisoformat(written).astimezone(OSLO).date()
        return date.fromisoformat(found[1])
    except ValueError:
        raise ValueError("not a date") from None


def clock(value: Any) -> time | None:
    """``hh:mm`` or ``hh:mm:ss``, also behind a date; empty → None."""
    if isinstance(value, time):
        return value
    written = text(value)
    if written is None:
        return None
    found = _CLOCK.fullmatch(written.split(" ")[-1])
    if not found:
        raise ValueError("not a time of day")
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        raise ValueError("not a time of day") from None


def moment(value: Any, zone: ZoneInfo = OSLO) -> datetime | None:
    """An aware moment; what comes without an offset is local time in ``zone``."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    written = text(value)
    if written is None or written.startswith("0000-00-00"):
        return None
    try:
        result = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError("not a moment") from None
    return result if result.tzinfo else result.replace(tzinfo=zone)


def zone_name(value: Any) -> str | None:
    """An IANA name this machine knows; empty → None."""
    name = text(value)
    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("not a time zone") from None
    return name


def link(value: Any) -> str | None:
    """An http or https address; one without a scheme gets https; any other scheme → None.

    ``javascript:`` and its like must not reach a page as a link.
    """
    address = text(value)
    if address is None:
        return None
    if re.match(r"[\w-]+(\.[\w-]+)+(/|$)", address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def angle(value: Any, bound: int) -> Decimal | None:
    """A latitude or longitude in degrees; 0, empty or out of bounds → None (unknown)."""
    degrees = number(value)
    return degrees if degrees and abs(degrees) <= bound else None


def properties(value: Any) -> dict[str, str]:
    """custom_properties: empty values dropped; null, ``[]`` and ``{}`` → no properties."""
    if is_empty(value):
        return {}
    if not isinstance(value, Mapping):
        raise ValueError("not an object")
    kept = {str(key): text(item) for key, item in value.items()}
    return {key: item for key, item in kept.items() if item is not None}


def flat_text(value: Any) -> str:
    """Like text, with "" for empty."""
    return text(value) or ""


Id = Annotated[int, BeforeValidator(reference)]
MaybeId = Annotated[int | None, BeforeValidator(reference)]
MaybeInt = Annotated[int | None, BeforeValidator(whole)]
Amount = Annotated[Decimal, BeforeValidator(number)]
MaybeAmount = Annotated[Decimal | None, BeforeValidator(number)]
MaybePrice = Annotated[Decimal | None, BeforeValidator(price)]
Flag = Annotated[bool, BeforeValidator(flag)]
MaybeFlag = Annotated[bool | None, BeforeValidator(flag)]
Text = Annotated[str, BeforeValidator(text)]
FlatText = Annotated[str, BeforeValidator(flat_text)]
MaybeText = Annotated[str | None, BeforeValidator(text)]
Day = Annotated[date, BeforeValidator(day)]
MaybeDay = Annotated[date | None, BeforeValidator(day)]
MaybeClock = Annotated[time | None, BeforeValidator(clock)]
Moment = Annotated[datetime, BeforeValidator(moment)]
MaybeMoment = Annotated[datetime | None, BeforeValidator(moment)]
MaybeZone = Annotated[str | None, BeforeValidator(zone_name)]
MaybeLink = Annotated[str | None, BeforeValidator(link)]
Latitude = Annotated[Decimal | None, BeforeValidator(lambda value: angle(value, 90))]
Longitude = Annotated[Decimal | None, BeforeValidator(lambda value: angle(value, 180))]
Properties = Annotated[dict[str, str], BeforeValidator(properties)]
