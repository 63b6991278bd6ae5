"""What Frontcore leaves unsaid: one switch for each choice, with the default we believe in.

Each is a command-line option (`--errors-as-200 yes`) and a key of POST /_simulator/switches.
"""

from dataclasses import dataclass, fields
from typing import Any

CHOICES = {
    "batch_limit": ("total", "course"),
    "zero_capacity": ("fully_booked", "open"),
    "titles": ("en", "no"),
    "past_end": ("empty", "repeat"),
    "campaign_value_per": ("order", "participant"),
}

MEANINGS = {
    "rate": "requests per sliding second and key; 0: no limit",
    "errors_as_200": "every reasoned error comes with HTTP 200",
    "coursedates_list": "GET /coursedates exists",
    "batch_coursedates": "GET /batch/coursedates exists",
    "optional_lists": "/durations, /places, /countries, /currencies, /instructors ... exist",
    "batch_limit": "`limit` of the batch counts over all courses, or for each",
    "zero_capacity": "`seats_status` of a date without capacity",
    "list_inactive_courses": "GET /courses lists inactive courses",
    "list_deleted": "date lists hold soft-deleted dates (never the calendar)",
    "next_past": "GET /nextcoursedates begins with past dates too",
    "next_hidden": "GET /nextcoursedates holds hidden dates",
    "etag": "GET /courses/:id sends an ETag and answers 304",
    "retry_after": "429 for too many requests carries Retry-After",
    "titles": "language of display titles (statuses, levels, units, countries)",
    "past_end": "a page after the last: empty, or the last one again",
    "deadline_enforced": "booking refuses after the deadline",
    "visibility_enforced": "booking refuses hidden dates",
    "other_course_not_found": "a campaign for other courses is resource_not_found",
    "vat_included": "product prices include VAT",
    "campaign_value_per": "a campaign of a fixed amount counts once, or per participant",
    "waiting_has_amount": "an order for the waiting list has the full amount",
    "export_at_once": "orders are exported as they are made (hidden from GET /orders)",
    "participants_filter": "GET /participants obeys coursedate_id",
    "school_account_invalid": "every booking fails with that code",
    "seat_code": "error code when the seat check fails",
}


@dataclass
class Switches:
    rate: float = 5
    errors_as_200: bool = False
    coursedates_list: bool = True
    batch_coursedates: bool = True
    optional_lists: bool = True
    batch_limit: str = "total"
    zero_capacity: str = "fully_booked"
    list_inactive_courses: bool = True
    list_deleted: bool = True
    next_past: bool = False
    next_hidden: bool = True
    etag: bool = True
    retry_after: bool = False
    titles: str = "en"
    past_end: str = "empty"
    deadline_enforced: bool = False
    visibility_enforced: bool = False
    other_course_not_found: bool = True
    vat_included: bool = False
    campaign_value_per: str = "order"
    waiting_has_amount: bool = True
    export_at_once: bool = False
    participants_filter: bool = True
    school_account_invalid: bool = False
    seat_code: str = "no_vacant_seats"

    def set(self, name: str, value: Any) -> None:
        """Set one switch from a word or a JSON value; ValueError says what is wrong."""
        kinds = {each.name: type(each.default) for each in fields(self)}
        if name not in kinds:
            raise ValueError(f"no switch {name!r}; there are {', '.join(kinds)}")
        kind = kinds[name]
        if kind is bool:
            words = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
            value = words.get(str(value).lower())
            if value is None:
                raise ValueError(f"{name} is yes or no")
        elif name == "rate":
            value = float(value)
        elif name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}")
        setattr(self, name, value)
