"""Bookings as the form would have saved them, without going through the form."""

import secrets

from booking.models import Booking, BookingEvent, Mail, Participant, hashed
from tests.booking.conftest import ASCII, NAMES
from tests.booking.copies import copied

STORED = {
    **NAMES,
    "booker_phone": "+4741200000",
    "company_number": "974760673",
    "language": "nb",
}


def saved(remote_id=13100001, people=("Ola Hansen", "Åse Ørn"), **given):
    """A booking of these people for one of the simulator's dates, saved and not yet sent."""
    coursedate = given.pop("coursedate", None) or copied(remote_id)
    random = secrets.token_hex(16)
    price = coursedate.course.price
    unit, total = str(price), str(price * len(people))
    values = {
        "form_hash": hashed(random),
        "content_hash": hashed("content" + random),
        "price_lines": [
            {"kind": "course", "amount": total, "quantity": len(people), "unit": unit},
            {"kind": "total_vat_unknown", "amount": total},
        ],
        "shown_excl_vat": total,
    }
    booking = Booking.objects.create(coursedate=coursedate, **(STORED | values | given))
    Participant.objects.bulk_create(
        Participant(
            booking=booking,
            firstname=first,
            lastname=last,
            email=f"{first.lower().translate(ASCII)}@bygg.example",
        )
        for first, last in (name.split() for name in people)
    )
    booking.tell(BookingEvent.What.RECEIVED, by="visitor")
    Mail.objects.plan(booking, Mail.Kind.RECEIVED)
    return booking
