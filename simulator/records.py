"""What the account holds, in plain fields; shapes.py says how each is spelled in JSON.

Every value can go through JSON and back, since changed records are kept in the state file. Field
names are Frontcore's own where it has a flat one. `raw` is laid over the finished JSON object: it
lets a test give any field any value, also an impossible one.
"""

from dataclasses import dataclass, field
from typing import Any

CONFIRMED, OVERBOOKED, WAITING, DEREGISTERED, UNCONFIRMED, DEREGISTERED_FEE = 1, 2, 3, 4, 7, 8
TAKES_SEAT = (CONFIRMED, UNCONFIRMED)
GONE = (DEREGISTERED, DEREGISTERED_FEE)
CANCELLED = 3

Raw = dict[str, Any]


@dataclass(slots=True)
class Place:
    id: int
    title: str
    parent_id: int | None = None
    parent_title: str | None = None


@dataclass(slots=True)
class Location:
    id: int
    title: str
    address: str | None = None
    zipcode: str | None = None
    city: str | None = None
    county: str | None = None
    place_id: int = 0
    lat: float = 0
    lng: float = 0
    capacity_min: int | None = None
    capacity_max: int | None = None
    capacity_overbook: int | None = None
    capacity_wait: int | None = None
    custom_title: str | None = None
    short_text: str | None = None
    is_virtual: bool | None = False
    is_archived: bool | None = False
    is_default: bool = False
    created_at: str = ""
    updated_at: str = ""
    raw: Raw = field(default_factory=dict)


@dataclass(slots=True)
class Instructor:
    id: int
    firstname: str
    lastname: str
    email: str
    phone: str = ""
    position: str = "Kursholder"
    company: str = ""
    created_at: str = ""
    archived_at: str | None = None


@dataclass(slots=True)
class Course:
    """`texts` is by language and then by Frontcore's field name (`text_lead`, ...)."""

    id: int
    title: str
    reference: str | None
    type: str = "public"
    is_active: bool = True
    level_id: int = 6
    teaching_language: str = "no"
    duration_value: int | None = None
    duration_unit: str = "days"
    price_value: float = 0
    price_comment: str | None = None
    category: str | None = None
    tags: list[str] = field(default_factory=list)
    custom_properties: dict[str, Any] | list | None = None
    texts: dict[str, dict[str, str | None]] = field(default_factory=dict)
    external_booking_url: str | None = None
    created_at: str = ""
    updated_at: str = ""
    raw: Raw = field(default_factory=dict)


@dataclass(slots=True)
class Product:
    """A price. `id_type` 2 belongs to the course in `id_relation`, 1 is an add-on."""

    id: int
    title: str
    price: float
    vat: int
    id_relation: int = 0
    id_type: int = 2
    is_main_price: bool = True
    is_member_price: bool = False
    id_product_regular_price: int = 0
    title_label: str | None = None
    co_products: list[int] = field(default_factory=list)
    is_archived: bool = False
    is_deleted: bool = False
    created_at: str = ""
    updated_at: str = ""
    raw: Raw = field(default_factory=dict)


@dataclass(slots=True)
class CourseDate:
    """One date. `capacity` None: the venue's; the three counts include who booked before we began.

    `gathering_days` are the days of its sessions, counted from `start_at`.
    """

    id: int
    course_id: int
    start_at: str
    end_at: str
    start_time_at: str | None = "08:30:00"
    end_time_at: str | None = "15:30:00"
    deadline_at: str | None = None
    status_id: int = 2
    location_id: int | None = None
    gathering_location_id: int | None = None
    place_id: int | None = None
    place_note: str | None = None
    capacity: int | None = None
    confirmed: int = 0
    unconfirmed: int = 0
    waiting: int = 0
    is_virtual: bool = False
    is_visible: bool = True
    event_url: str = ""
    teaching_language: str = "no"
    visible_when_passed_deadline: bool = False
    reference: str | None = None
    parent_id: int | None = None
    gathering_days: tuple[int, ...] = (0,)
    instructor_ids: tuple[int, ...] = ()
    custom_properties: dict[str, Any] | list | None = None
    title: str | None = None
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str | None = None
    raw: Raw = field(default_factory=dict)


@dataclass(slots=True)
class Campaign:
    """`starts_on` and `ends_on` are days; `course_ids` empty means every course."""

    id: int
    campaign_code: str
    title: str
    discount_type: str
    discount_value: float
    starts_on: str
    ends_on: str
    active: bool = True
    is_archived: bool = False
    course_ids: list[int] = field(default_factory=list)
    uses: int = 0


@dataclass(slots=True)
class Voucher:
    """`balance` is a decimal in a string, as Frontcore sends it."""

    id: int
    code: str
    balance: str
    expires_at: str
    created_at: str
    is_deleted: bool = False
    archived_at: str | None = None


@dataclass(slots=True)
class User:
    id: int
    firstname: str
    lastname: str
    email: str
    username: str
    phone: str = ""
    company: str = ""
    orgnr: str = ""
    date_of_birth: str = "1900-01-01"
    created_at: str = ""
    updated_at: str = ""


@dataclass(slots=True)
class Customer:
    id: int
    title: str
    type: str
    orgnr: str
    email: str | None
    phone: str | None
    invoice_email: str | None
    customer_reference: str | None
    invoice_address: dict[str, str | None]
    user_ids: list[int] = field(default_factory=list)
    created_at: str = ""
    updated_at: str = ""


@dataclass(slots=True)
class Participant:
    id: int
    coursedate_id: int
    course_id: int
    order_id: int
    booking_id: int
    user_id: int
    status_id: int
    booker_name: str | None = None
    booker_email: str | None = None
    booker_phone: str | None = None
    paid_id: int = 1
    completed: bool = False
    passed: bool = False
    archived_at: str | None = None
    custom_properties: dict[str, Any] | None = None
    created_at: str = ""
    updated_at: str = ""


@dataclass(slots=True)
class Order:
    """`lines` hold title, quantity, price, vat, product_id and participant_ids."""

    id: int
    booking_id: int
    coursedate_id: int
    course_id: int
    customer_id: int
    currency: str
    lines: list[dict[str, Any]]
    participant_ids: list[int]
    total_excl_vat: str
    total_vat: str
    total_incl_vat: str
    payment_method: str = "invoice"
    campaign_code: str | None = None
    campaign_discount: str = "0.00"
    voucher_code: str | None = None
    voucher_used: str = "0.00"
    booker_name: str | None = None
    booker_email: str | None = None
    booker_phone: str | None = None
    company: str | None = None
    invoice_reference: str | None = None
    gln_number: str | None = None
    is_paid: bool = False
    exported_at: str | None = None
    created_at: str = ""
    updated_at: str = ""


@dataclass(slots=True)
class LegalBasis:
    id: int
    user_id: int
    legal_basis: int
    purpose: int
    source: int
    consent: int | None = None
    comment: str | None = None
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str | None = None
