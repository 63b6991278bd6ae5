"""Changes an administrator makes in Frontcore, for tests: POST /_simulator/edit."""

import dataclasses
from typing import Any

from .books import KINDS, Books
from .records import CourseDate

TABLES = {
    "course": "courses",
    "coursedate": "coursedates",
    "location": "locations",
    "product": "products",
    "campaign": "campaigns",
    "voucher": "vouchers",
    "order": "orders",
    "participant": "participants",
    "instructor": "instructors",
}


class BadEdit(ValueError):
    """The edit cannot be done; the message says why."""


def edit(books: Books, wish: dict[str, Any]) -> dict[str, Any]:
    """One edit; the caller holds the lock and commits. Answers the record after it."""
    if "add_coursedate" in wish:
        return _add(books, wish["add_coursedate"])
    name = next((each for each in (*TABLES, "coursedates") if each in wish), None)
    if name == "coursedates":
        return _all_dates(books, wish)
    if name is None:
        raise BadEdit(f"name one of {', '.join(TABLES)}, coursedates or add_coursedate")
    table = TABLES[name]
    key = str(wish[name]).lower() if name in ("campaign", "voucher") else int(wish[name])
    if key not in getattr(books, table):
        raise BadEdit(f"no {name} {wish[name]!r}")
    if wish.get("remove"):
        books.remove(table, key)
        books.reindex()
        return {name: wish[name], "removed": True}
    return _set(books, table, key, wish.get("set", {}))


def _set(books: Books, table: str, key: Any, changes: dict[str, Any]) -> dict[str, Any]:
    """Set fields; a `raw` is merged, so the JSON of this record can be given any value."""
    record = getattr(books, table)[key]
    known = {each.name for each in dataclasses.fields(KINDS[table])}
    unknown = set(changes) - known
    if unknown:
        offered = ", ".join(sorted(known))
        raise BadEdit(f"no field {', '.join(sorted(unknown))}; there are {offered}")
    for name, value in changes.items():
        if name == "raw":
            value = record.raw | value if value else {}
        setattr(record, name, value)
    books.changed(table, key)
    if "updated_at" in changes:
        record.updated_at = changes["updated_at"]
    books.reindex()
    return dataclasses.asdict(record)


def _add(books: Books, fields: dict[str, Any]) -> dict[str, Any]:
    """A new date of a course; what is not given is as on an ordinary one-day date."""
    known = {each.name for each in dataclasses.fields(CourseDate)}
    unknown = set(fields) - known
    if unknown or not {"course_id", "start_at"} <= set(fields):
        wrong = ", ".join(sorted(unknown)) or "more"
        raise BadEdit(f"needs course_id and start_at, and no {wrong}")
    if fields["course_id"] not in books.courses:
        raise BadEdit(f"no course {fields['course_id']}")
    usual = {"end_at": fields["start_at"], "location_id": 7101, "place_id": 637}
    usual["id"] = books.next_id("coursedates")
    date = CourseDate(**(usual | fields))
    books.add("coursedates", date)
    books.reindex()
    return dataclasses.asdict(date)


def _all_dates(books: Books, wish: dict[str, Any]) -> dict[str, Any]:
    """`{"coursedates": "all" or [ids], "remove": true}` or with `set`."""
    asked = wish["coursedates"]
    keys = list(books.coursedates) if asked == "all" else [int(each) for each in asked]
    for key in keys:
        edit(books, {"coursedate": key} | {k: v for k, v in wish.items() if k != "coursedates"})
    return {"coursedates": len(keys)}
