"""The account's records: the generated school, what happened to it since, and the state file.

One lock guards everything; whoever reads or writes holds it. A change is noted with `changed` and
becomes part of the state file with `commit`, before the answer that reports it goes out. The file
is a journal: a first line that says how the school was made, then a line with the changed records
for each write. A line is one write(2), so a killed process leaves whole lines behind.
"""

import dataclasses
import json
import os
import threading
from pathlib import Path
from typing import Any

from . import records
from .clock import Clock
from .school import Recipe, build

KINDS: dict[str, type] = {
    "places": records.Place,
    "locations": records.Location,
    "instructors": records.Instructor,
    "courses": records.Course,
    "products": records.Product,
    "coursedates": records.CourseDate,
    "campaigns": records.Campaign,
    "vouchers": records.Voucher,
    "users": records.User,
    "customers": records.Customer,
    "participants": records.Participant,
    "orders": records.Order,
    "legalbases": records.LegalBasis,
}
FIRST_IDS = {
    "users": 455001,
    "customers": 71001,
    "participants": 5100001,
    "orders": 301455,
    "legalbases": 3301,
    "bookings": 512088,
}
VERSION = 1
WHOLE_UP_TO = 2000


class StateFileError(Exception):
    """The state file cannot be used; the message is a sentence for the person who started us."""


class Books:
    """Tables of records by id (campaigns and vouchers: by code in lower case)."""

    places: dict[int, records.Place]
    locations: dict[int, records.Location]
    instructors: dict[int, records.Instructor]
    courses: dict[int, records.Course]
    products: dict[int, records.Product]
    coursedates: dict[int, records.CourseDate]
    campaigns: dict[str, records.Campaign]
    vouchers: dict[str, records.Voucher]
    users: dict[int, records.User]
    customers: dict[int, records.Customer]
    participants: dict[int, records.Participant]
    orders: dict[int, records.Order]
    legalbases: dict[int, records.LegalBasis]

    def __init__(self, recipe: Recipe, clock: Clock, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.path = path
        self._journal: int | None = None
        self._dirty: set[tuple[str, Any]] = set()
        self._ever: set[tuple[str, Any]] = set()
        self.recipe = self._stored_recipe() or recipe
        self.clock.shift = self.recipe.shift()
        self._build()
        if path:
            self._replay()
            self._compact()

    def _whole(self) -> bool:
        """Whether the file holds the school itself. A large one is made anew from its recipe."""
        return len(self.coursedates) <= WHOLE_UP_TO

    def _build(self) -> None:
        tables = build(self.recipe)
        for name in KINDS:
            setattr(self, name, tables.get(name, {}))
        self.bookings: dict[int, int] = {}
        self._index()

    def _index(self) -> None:
        self.dates_of: dict[int, list[records.CourseDate]] = {}
        for each in self.coursedates.values():
            self.dates_of.setdefault(each.course_id, []).append(each)
        self.products_of: dict[int, list[records.Product]] = {}
        for product in self.products.values():
            if product.id_type == 2:
                self.products_of.setdefault(product.id_relation, []).append(product)
        self._by_start: list[records.CourseDate] | None = None

    def by_start(self) -> list[records.CourseDate]:
        """All dates in the order they start; kept until a date is edited."""
        if self._by_start is None:
            listed = self.coursedates.values()
            self._by_start = sorted(listed, key=lambda each: (each.start_at, each.id))
        return self._by_start

    def reset(self) -> None:
        """The school as it was made, and empty books."""
        with self.lock:
            self._build()
            self._dirty.clear()
            self._ever.clear()
            if self.path:
                self._compact()

    # -- what follows from the records -------------------------------------------------------

    def capacity(self, date: records.CourseDate) -> int:
        if date.capacity is not None:
            return date.capacity
        location = self.locations.get(date.location_id)
        return (location.capacity_max if location else None) or 0

    def free_seats(self, date: records.CourseDate) -> int:
        return max(self.capacity(date) - date.confirmed - date.unconfirmed, 0)

    def main_product(self, course_id: int) -> records.Product | None:
        for product in self.products_of.get(course_id, []):
            if product.is_main_price and not product.is_archived and not product.is_deleted:
                return product
        return None

    def next_id(self, table: str) -> int:
        known = getattr(self, table)
        return max(max(known, default=0) + 1, FIRST_IDS.get(table, 1))

    # -- writing -----------------------------------------------------------------------------

    def changed(self, table: str, key: Any) -> None:
        """Note a new or changed record. A date or course also moves its `updated_at`."""
        record = getattr(self, table).get(key)
        if record is not None and hasattr(record, "updated_at"):
            record.updated_at = self.clock.stamp()
        self._dirty.add((table, key))

    def add(self, table: str, record: Any) -> Any:
        record.created_at = self.clock.stamp()
        getattr(self, table)[record.id] = record
        if table == "orders":
            self.bookings[record.booking_id] = record.id
        self.changed(table, record.id)
        return record

    def remove(self, table: str, key: Any) -> None:
        """Make a record vanish; a course takes its dates with it."""
        getattr(self, table).pop(key, None)
        self._dirty.add((table, key))
        if table == "courses":
            for each in self.dates_of.get(key, []):
                self.remove("coursedates", each.id)

    def reindex(self) -> None:
        """After an edit that adds, removes or moves a record."""
        self._index()

    def commit(self) -> None:
        """Put what changed into the state file. On return it survives a kill."""
        if self._journal is not None and self._dirty:
            line = json.dumps(self._pack(self._dirty), ensure_ascii=False) + "\n"
            os.write(self._journal, line.encode())
        self._ever |= self._dirty
        self._dirty.clear()

    def _pack(self, keys: set[tuple[str, Any]]) -> dict[str, dict[str, Any]]:
        """The changed records as they are now; None for one that is gone."""
        packed: dict[str, dict[str, Any]] = {}
        for table, key in sorted(keys):
            record = getattr(self, table).get(key)
            fields = None if record is None else dataclasses.asdict(record)
            packed.setdefault(table, {})[str(key)] = fields
        return packed

    # -- the state file ----------------------------------------------------------------------

    def _stored_recipe(self) -> Recipe | None:
        if not self.path or not self.path.exists() or not self.path.stat().st_size:
            return None
        try:
            with self.path.open(encoding="utf-8") as lines:
                head = json.loads(next(lines))
            if head["frontcore_simulator"] != VERSION:
                raise StateFileError(f"{self.path} was written by another version.")
            return Recipe(**head["recipe"])
        except (ValueError, KeyError, TypeError, StopIteration) as wrong:
            raise StateFileError(f"{self.path} is not a state file of this simulator.") from wrong

    def _replay(self) -> None:
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as lines:
            if json.loads(next(lines, "{}")).get("whole"):
                for table in KINDS:
                    getattr(self, table).clear()
            for line in lines:
                if not line.endswith("\n"):
                    break  # the machine went down in the middle of a write; it was never answered
                self._apply(json.loads(line))
        self.bookings = {order.booking_id: order.id for order in self.orders.values()}
        self._index()

    def _apply(self, packed: dict[str, dict[str, Any]]) -> None:
        for table, changes in packed.items():
            known = getattr(self, table)
            for text, fields in changes.items():
                key = text if table in ("campaigns", "vouchers") else int(text)
                self._ever.add((table, key))
                if fields is None:
                    known.pop(key, None)
                else:
                    known[key] = KINDS[table](**fields)

    def _compact(self) -> None:
        """Write the file anew beside the old one and swap, then go on appending to it."""
        if self._journal is not None:
            os.close(self._journal)
        head = {"frontcore_simulator": VERSION, "recipe": dataclasses.asdict(self.recipe)}
        if self._whole():
            self._ever |= {(table, key) for table in KINDS for key in getattr(self, table)}
            head["whole"] = True
        lines = [json.dumps(head)]
        if self._ever:
            lines.append(json.dumps(self._pack(self._ever), ensure_ascii=False))
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
        fresh.replace(self.path)
        self._journal = os.open(self.path, os.O_WRONLY | os.O_APPEND)
