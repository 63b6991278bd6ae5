"""Frontcore's REST API v2 as small typed objects. No Django in here.

::

    with Frontcore(key=…, pace_path=…, cache_path=…) as api:
        for page in api.courses():
            …

What can go wrong is drawn in ``errors``; loose types end in ``loose`` and ``records``; how often
we may ask is kept in ``pace``; what a call goes through on its way is told in ``transport``.
"""

from .client import Frontcore
from .errors import (
    SETUP_CODES,
    UNCERTAIN_CODES,
    BadAnswer,
    FrontcoreError,
    Missing,
    NotThere,
    Refused,
    Unavailable,
    Uncertain,
)
from .pace import Priority
from .records.base import BadItem, Listing, NamedRef, Record
from .records.bookings import (
    BookedProduct,
    BookingParticipant,
    BookingRequest,
    BookingSummary,
    CampaignRecord,
    Deregistration,
    LegalBasisRequest,
    OrderRecord,
    ParticipantRecord,
    VoucherRecord,
)
from .records.courses import CourseDetail, CourseRecord, DurationRecord, ProductRecord
from .records.dates import (
    DateRecord,
    GatheringRecord,
    InstructorRecord,
    PlaceRecord,
    SeatsRecord,
    VenueRecord,
)

__all__ = [
    "SETUP_CODES",
    "UNCERTAIN_CODES",
    "BadAnswer",
    "BadItem",
    "BookedProduct",
    "BookingParticipant",
    "BookingRequest",
    "BookingSummary",
    "CampaignRecord",
    "CourseDetail",
    "CourseRecord",
    "DateRecord",
    "Deregistration",
    "DurationRecord",
    "Frontcore",
    "FrontcoreError",
    "GatheringRecord",
    "InstructorRecord",
    "LegalBasisRequest",
    "Listing",
    "Missing",
    "NamedRef",
    "NotThere",
    "OrderRecord",
    "ParticipantRecord",
    "PlaceRecord",
    "Priority",
    "ProductRecord",
    "Record",
    "Refused",
    "SeatsRecord",
    "Unavailable",
    "Uncertain",
    "VenueRecord",
    "VoucherRecord",
]
