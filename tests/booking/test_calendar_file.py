"""Calendar files: what was booked, as calendar programs read it, and nothing about anybody."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outgoing
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from booking import tasks
from booking.models import Booking, Mail
from catalog.calendar_file import as_text, calendar_of, events_of
from catalog.models import CourseDate, Gathering, Provider
from tests.factories import make_date, make_gathering, make_provider, make_venue

OSLO = ZoneInfo("Europe/Oslo")


def events(date, **options):
    stored = CourseDate.objects.select_related("course").with_where().with_gatherings()
    return events_of(stored.get(pk=date.pk), **options)


def read(text):
    return Calendar.from_ical(text)


def file_of(client, booking, *more):
    name = "booking_gathering_file" if more else "booking_calendar_file"
    return client.get(reverse(name, args=[booking.link_token, *more]))


@pytest.fixture
def confirmed(make_booking, work):
    return work(make_booking())


@pytest.fixture
def in_gatherings(make_booking, work):
    return work(make_booking(13100015))


# --- The events of a date -------------------------------------------------------------------


def test_a_date_is_one_event_at_its_venue_in_its_time_zone(db):
    date = make_date(venue=make_venue(), lasts=2, starts_on=dt.date(2027, 3, 27))
    (event,) = events(date)
    assert event["uid"] == f"date-{date.remote_id}@frontcore"
    assert event["dtstart"].dt == dt.datetime(2027, 3, 27, 9, tzinfo=OSLO)
    assert event["dtend"].dt == dt.datetime(2027, 3, 28, 15, 30, tzinfo=OSLO)
    assert event["location"] == "Kurssenteret, Storgata 1, 0155 Oslo"
    text = as_text(calendar_of([event], make_provider()))
    assert "BEGIN:VTIMEZONE" in text
    assert "TZID:Europe/Oslo" in text


def test_a_date_without_clock_times_lasts_whole_days(db):
    date = make_date(start_time=None, end_time=None, lasts=3)
    (event,) = events(date)
    assert event["dtstart"].dt == date.starts_on
    assert event["dtend"].dt == date.ends_on + dt.timedelta(days=1)


@pytest.mark.parametrize("end_time", [None, dt.time(8)])
def test_an_end_that_nobody_knows_is_left_out(db, end_time):
    (event,) = events(make_date(end_time=end_time))
    assert "dtend" not in event


def test_each_gathering_is_an_event_of_its_own(db):
    date = make_date(lasts=2)
    first = make_gathering(date, theme="Hjerte; lunger, og\nmer", venue=make_venue())
    second = make_gathering(date, day=1)
    make_gathering(date, day=2, withdrawn_at=timezone.now())
    with translation.override("nb"):
        one, two = events(date)
    assert one["uid"] == f"gathering-{first.remote_id}@frontcore"
    assert one["summary"] == f"{date.course.title}: Hjerte; lunger, og\nmer"
    assert two["summary"] == f"{date.course.title} (2 av 2)"
    assert two["dtstart"].dt == second.starts_at
    text = as_text(calendar_of([one, two], make_provider()))
    assert r"Hjerte\; lunger\, og\nmer" in text.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_meeting_link_is_left_out_unless_it_is_asked_for(db):
    date = make_date(event_url="https://meet.example/secret", is_virtual=True)
    date_of_two = make_date()
    make_gathering(date_of_two, event_url="https://meet.example/secret")
    make_gathering(date_of_two, day=1)
    for one in (date, date_of_two):
        public = as_text(calendar_of(events(one), make_provider()))
        assert "meet.example" not in public
        own = as_text(calendar_of(events(one, booked=True), Provider.current()))
        assert "meet.example" in own


# --- The files of a booking -----------------------------------------------------------------


def test_a_confirmed_booking_has_a_file_that_is_kept_nowhere(client, confirmed):
    answer = file_of(client, confirmed)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"].endswith(f'{confirmed.reference}.ics"')
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    (event,) = read(answer.content).events
    assert event["summary"] == confirmed.coursedate.course.title


def test_the_file_names_no_person_and_no_secret(client, confirmed):
    text = file_of(client, confirmed).content.decode().replace("\r\n ", "")
    for hidden in ("Kari", "Ola", "bygg.example", confirmed.link_token, "PO-4471"):
        assert hidden not in text


def test_the_file_holds_the_meeting_link(client, make_booking, work):
    booking = work(make_booking(13100008))
    text = file_of(client, booking).content.decode().replace("\r\n ", "")
    assert booking.coursedate.event_url in text


def test_the_file_speaks_the_language_of_the_booking(client, make_booking, work):
    booking = work(make_booking(13100008, language="en"))
    text = file_of(client, booking).content.decode().replace("\r\n ", "")
    assert "Link to the online meeting" in text
    assert "/en/courses/" in text


@pytest.mark.parametrize("status", [one for one in Booking.Status if one != "confirmed"])
def test_only_what_is_confirmed_has_a_file(client, confirmed, status):
    Booking.objects.update(status=status)
    assert file_of(client, confirmed).status_code == 404


def test_a_wrong_address_has_no_file(client, confirmed):
    assert client.get(f"/booking/{'x' * 40}/calendar.ics").status_code == 404


def test_there_is_a_file_for_all_gatherings_and_one_for_each(client, in_gatherings):
    gatherings = list(in_gatherings.coursedate.gatherings.order_by("starts_at"))
    assert len(gatherings) == 4
    uids = [f"gathering-{gathering.remote_id}@frontcore" for gathering in gatherings]
    everything = read(file_of(client, in_gatherings).content)
    assert [event["uid"] for event in everything.events] == uids
    for gathering, uid in zip(gatherings, uids, strict=True):
        (event,) = read(file_of(client, in_gatherings, gathering.remote_id).content).events
        assert event["uid"] == uid
        assert event["dtstart"].dt == gathering.starts_at
    of_another = make_gathering(make_date())
    assert file_of(client, in_gatherings, of_another.remote_id).status_code == 404


def test_the_receipt_leads_to_the_files_once_it_is_confirmed(booked, work):
    visitor = booked(13100015).reload()
    assert "calendar" not in visitor.text
    booking = work()
    text = visitor.reload().text
    venue = booking.coursedate.gatherings.first().venue
    assert f"{venue.name}, {venue.address}, {venue.postal_line}" in text, "where to go"
    assert reverse("booking_calendar_file", args=[booking.link_token]) in text
    for gathering in booking.coursedate.gatherings.all():
        address = reverse("booking_gathering_file", args=[booking.link_token, gathering.remote_id])
        assert address in text


# --- The files in mails ---------------------------------------------------------------------


def attached(address):
    (message,) = [message for message in outgoing.outbox if message.to == [address]]
    (part,) = message.attachments
    return part.get_param("method"), read(part.get_payload(decode=True))


def test_the_confirmed_mail_brings_the_file_and_the_cancelled_one_takes_it_back(in_gatherings):
    tasks.send_mails()
    method, sent = attached("ola@bygg.example")
    assert method == "PUBLISH"
    uids = [event["uid"] for event in sent.events]
    assert len(uids) == 4
    # What has changed upstream since does not matter: the calendar holds what was sent.
    Gathering.objects.filter(remote_id=int(uids[0].split("@")[0].split("-")[1])).update(
        withdrawn_at=timezone.now()
    )
    outgoing.outbox.clear()
    Booking.objects.update(status=Booking.Status.CANCELLED)
    in_gatherings.refresh_from_db()
    Mail.objects.plan(in_gatherings, Mail.Kind.CANCELLED)
    tasks.send_mails()
    method, taken_back = attached("ola@bygg.example")
    assert method == "CANCEL"
    assert str(taken_back["method"]) == "CANCEL"
    assert [event["uid"] for event in taken_back.events] == uids
    for event in taken_back.events:
        assert event["status"] == "CANCELLED"
        assert event["sequence"] == 1


def test_what_is_taken_back_has_a_later_number_than_any_file_may_have_had(in_gatherings):
    """The date has moved since the mail, and its file was fetched once more from the receipt."""
    tasks.send_mails()
    outgoing.outbox.clear()
    moved = in_gatherings.coursedate.gatherings.first()
    Gathering.objects.filter(pk=moved.pk).update(sequence=3)
    Booking.objects.update(status=Booking.Status.CANCELLED)
    in_gatherings.refresh_from_db()
    Mail.objects.plan(in_gatherings, Mail.Kind.CANCELLED)
    tasks.send_mails()
    _, taken_back = attached("ola@bygg.example")
    numbers = {event["uid"]: event["sequence"] for event in taken_back.events}
    assert numbers.pop(f"gathering-{moved.remote_id}@frontcore") == 4
    assert set(numbers.values()) == {1}


def test_the_hours_of_who_has_a_place_are_taken_and_those_of_others_are_not(db):
    date = make_date()
    assert events(date)[0]["transp"] == "TRANSPARENT"
    assert "transp" not in events(date, booked=True)[0]


def test_the_last_of_two_gatherings_keeps_its_name(db):
    """A program that knows both must not get a third."""
    date = make_date(lasts=2)
    gone = make_gathering(date, withdrawn_at=timezone.now(), told_apart=True)
    kept = make_gathering(date, day=1, told_apart=True)
    (event,) = events(date)
    assert event["uid"] == f"gathering-{kept.remote_id}@frontcore"
    assert event["summary"] == date.course.title
    assert str(gone.remote_id) not in event["uid"]


def test_nothing_is_taken_back_that_was_never_confirmed(make_booking):
    booking = make_booking()
    Booking.objects.update(status=Booking.Status.CANCELLED)
    booking.refresh_from_db()
    Mail.objects.all().delete()
    Mail.objects.plan(booking, Mail.Kind.CANCELLED)
    tasks.send_mails()
    (message,) = outgoing.outbox
    assert not message.attachments
