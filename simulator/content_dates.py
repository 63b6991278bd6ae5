"""Dates with fixed ids: one for each thing a site has to get right.

The id is 13100001 plus the place in this list; README.md shows them and GET /_simulator/examples
answers them by name. Add new ones at the end.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Special:
    """`start` and `deadline` in days from today; `fields` are those of records.CourseDate."""

    name: str
    course: str
    start: int
    fields: dict[str, Any] = field(default_factory=dict)
    gatherings: tuple[int, ...] = (0,)
    deadline: int | None = None
    deleted: bool = False


DRAMMEN = {"location_id": 7102, "place_id": 412}
ONLINE = {"location_id": 7103, "place_id": None, "is_virtual": True}
NOWHERE = {"location_id": None, "place_id": None}
MEETING = "https://meet.fjordkompetanse.example/varme-arbeider?pwd=hemmelig"

SPECIALS = [
    Special("bookable", "varme-arbeider", 30),
    Special("full", "varme-arbeider", 44, {**DRAMMEN, "confirmed": 8, "waiting": 1}),
    Special("with_vat", "truck-t1-t4", 35, {**DRAMMEN, "confirmed": 2}, (0, 1, 2)),
    Special("cancelled", "varme-arbeider", 51, {"status_id": 3}),
    Special("postponed", "varme-arbeider", 58, {"status_id": 4}),
    Special("unconfirmed", "truck-t1-t4", 65, {"status_id": 1, "confirmed": 1}, (0, 1, 2)),
    Special("hidden", "varme-arbeider", 40, {"is_visible": False}),
    Special("online", "hms-leder", 28, {**ONLINE, "event_url": MEETING}),
    Special("deadline_passed", "forstehjelp-grunnkurs", 6, deadline=-2),
    Special(
        "deadline_passed_visible",
        "forstehjelp-grunnkurs",
        8,
        {"visible_when_passed_deadline": True},
        deadline=-1,
    ),
    Special("no_capacity", "hms-leder", 33, {**NOWHERE, "confirmed": 0}),
    Special("five_left", "forstehjelp-grunnkurs", 37, {"confirmed": 10, "unconfirmed": 1}),
    Special("deleted", "forstehjelp-grunnkurs", 38, deleted=True),
    Special("child", "truck-t1-t4", 36, {**DRAMMEN, "parent_id": 13100003, "confirmed": 0}),
    Special(
        "gatherings_only",
        "hms-leder",
        45,
        {**NOWHERE, "gathering_location_id": 7109, "capacity": 14},
        (0, 7, 14, 21),
    ),
    Special("internal", "intern-instruktor", 25),
    Special("corporate", "forstehjelp-bedrift", 27),
    Special("inactive_course", "epoxykurs-gammelt", 29),
    Special("no_main_product", "personlofter", 31),
    Special("free_of_charge", "aapen-kveld", 24, {"start_time_at": "18:00:00"}),
    Special("external", "ysk-etterutdanning", 34),
    Special("one_left", "varme-arbeider", 61, {**DRAMMEN, "confirmed": 6, "unconfirmed": 1}),
    Special("english", "hot-work-english", 39, {"location_id": 7107, "place_id": 704}),
    Special("running_now", "truck-t1-t4", -1, {**DRAMMEN}, (0, 1, 2), deadline=-6),
    Special("past", "varme-arbeider", -28, {"confirmed": 12}, deadline=-32),
    Special("no_times", "forstehjelp-grunnkurs", 47, {"start_time_at": None, "end_time_at": None}),
    Special("place_note", "varme-arbeider", 72, {**NOWHERE, "place_note": "Hos kunden, Ås"}),
    Special("last_day", "varme-arbeider", 7, deadline=0),
    Special("odd_price", "excel-viderekomne", 41, {**ONLINE, "event_url": MEETING}),
    Special("today", "forstehjelp-grunnkurs", 0, {"confirmed": 5}, deadline=-3),
    Special("many_seats", "hms-leder", 48, {"capacity": 500, "confirmed": 0}),
]
