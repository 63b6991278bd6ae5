"""Builders of bookings as they lie in the tables, with everything that tells of people."""

import datetime as dt
from itertools import count

from django.apps import apps
from django.utils import timezone
from django_q.models import OrmQ

from booking.models import Answer, Booking, ChangeRequest, LookUp, Mail, Participant, TeamLink
from booking.models.event import BookingEvent
from tests.factories import make_date

_numbers = count(1)

#: What was typed, or follows from it; none of it may be found once people are forgotten.
TYPED = {
    "booker_firstname": "Vibeke",
    "booker_lastname": "Trollstad",
    "booker_email": "vibeke@trollstad.example",
    "booker_phone": "+4790807060",
    "company": "Trollstad Rør ENK",
    "company_number": "974760673",
    "gln_number": "7080001234567",
    "invoice_reference": "Att. Vibeke T",
    "invoice_email": "regnskap@trollstad.example",
    "invoice_address": "Huldrebakken 7",
    "invoice_zipcode": "NO-9990",  # four digits alone stand by chance in moments and hashes
    "invoice_city": "Båtsfjord",
    "campaign_code": "HULDER15",
    "voucher_code": "GAVE-TIL-VIBEKE",
}
OTHERS = {
    "participant": ("Skjalg", "Ørnebu", "skjalg@trollstad.example"),
    "answer": "tåler ikke sellerirot",
    "wish": "Kan Asbjørg Dvergsdal komme i stedet?",
    "replacement": ("Asbjørg", "Dvergsdal", "asbjorg@trollstad.example"),
    "reply": "Asbjørg er velkommen!",
}


def secrets_of(booking):
    """Everything that may not be found anywhere once its people are forgotten."""
    words = [*TYPED.values(), OTHERS["answer"], OTHERS["wish"], OTHERS["reply"]]
    words += [*OTHERS["participant"], *OTHERS["replacement"], "90 80 70 60"]
    return [*words, booking.link_token, booking.link_hash, booking.form_hash, booking.content_hash]


def make_old_booking(status="confirmed", *, ended=400, at=None, **values):
    """A booking for a date that ended so many days ago, with all that may hang on one."""
    now = timezone.now()
    at = at or now - dt.timedelta(days=ended + 20)
    number = next(_numbers)
    date = values.pop("coursedate", None) or make_date(days=-ended, seats=False)
    link = TeamLink.objects.create(
        name="Trollstads folk",
        company=TYPED["company"],
        expires_at=now - dt.timedelta(days=40),
        made_by="desk",
    )
    filled = TYPED | {"buyer": "company", "language": "nb", "order_id": 7000 + number}
    filled |= {"form_hash": f"form {number}", "content_hash": f"content {number}"}
    booking = Booking.objects.create(
        coursedate=date, status=status, created_at=at, team_link=link, **filled | values
    )
    first, last, email = OTHERS["participant"]
    person = Participant.objects.create(
        booking=booking, firstname=first, lastname=last, email=email, unit_price=2490
    )
    Participant.objects.create(
        booking=booking, firstname="Vibeke", lastname="Trollstad", email=TYPED["booker_email"]
    )
    Answer.objects.create(
        booking=booking, participant=person, label="Hensyn", language="nb", value=OTHERS["answer"]
    )
    first, last, email = OTHERS["replacement"]
    change = ChangeRequest.objects.create(
        booking=booking,
        kind="replace",
        participant=person,
        firstname=first,
        lastname=last,
        email=email,
        message=OTHERS["wish"],
        answer=OTHERS["reply"],
        state="done",
    )
    Mail.objects.create(
        booking=booking,
        kind="confirmed",
        audience="booker",
        to=TYPED["booker_email"],
        language="nb",
        state="sent",
        change=change,
        subject="Vibeke Trollstad er påmeldt",
        text="Hei Vibeke Trollstad",
        html="<p>Hei Vibeke Trollstad",
        calendar="ATTENDEE:vibeke@trollstad.example",
        problem="550 vibeke@trollstad.example",
    )
    LookUp.objects.create(
        booking=booking, by="worker", asked_at=at, candidates=[{"name": "Skjalg Ørnebu"}]
    )
    booking.follow_ups.create(participant=person, kind="answers", state="done")
    BookingEvent.objects.create(booking=booking, at=at, by="visitor", what="received", after=status)
    return booking


def found_in_tables(words):
    """Where any of the words stands, over all columns of all tables but sessions, whatever their
    type, as (table, column, word)."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label == "sessions.Session" or not model._meta.managed:
            continue
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._default_manager.all():
            columns = {name: getattr(row, name) for name in names}
            if isinstance(row, OrmQ):
                columns["payload"] = row.task
            for name, value in columns.items():
                text = str(value).casefold()
                found |= {
                    (model._meta.db_table, name, word) for word in words if word.casefold() in text
                }
    return found
