"""Personal data is kept for so long, and then nobody finds it."""

import datetime as dt
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django_q.models import Task

from booking import person, retention, tasks
from booking.models import Booking, BookingEvent, Draft, Mail
from tests.booking.forgetting import (
    OTHERS,
    TYPED,
    found_in_tables,
    make_old_booking,
    secrets_of,
)
from tests.factories import in_days, make_date

pytestmark = pytest.mark.django_db


def command(*words):
    told = StringIO()
    call_command("forget_people", *words, stdout=told)
    return told.getvalue()


def ago(**period):
    return timezone.now() - dt.timedelta(**period)


def is_forgotten(booking):
    booking.refresh_from_db()
    return booking.anonymised_at is not None


def test_people_of_an_old_booking_are_found_nowhere_and_what_is_counted_stays():
    booking = make_old_booking(
        answered_incl_vat="4980.00", remote_booking_id=88, terms_accepted_at=ago(days=420)
    )
    words = secrets_of(booking)
    never_stored = {"90 80 70 60", booking.link_token}
    assert {word for _, _, word in found_in_tables(words)} == {*words} - never_stored
    before = Booking.objects.get(pk=booking.pk)
    tasks.forget_people()
    assert found_in_tables(words) == set()
    booking.refresh_from_db()
    for name in (
        "reference",
        "status",
        "order_id",
        "remote_booking_id",
        "coursedate_id",
        "answered_incl_vat",
        "created_at",
        "terms_accepted_at",
        "buyer",
    ):
        assert getattr(booking, name) == getattr(before, name)
    assert booking.participants.count() == 2
    assert booking.participants.first().unit_price == 2490
    last = booking.events.last()
    assert (last.what, last.by) == (BookingEvent.What.ANONYMISED, "worker")
    assert booking.events.count() == 2


def test_the_dry_run_counts_what_the_run_then_does_and_changes_nothing(settings):
    make_old_booking(ended=400)
    make_old_booking("waiting", ended=45)
    make_old_booking("refused", ended=-5, at=ago(days=40))
    make_old_booking("cancelled", ended=100, at=ago(days=120))
    make_old_booking(ended=100)
    Mail.objects.create(
        kind="links",
        audience="booker",
        to="vibeke@trollstad.example",
        language="nb",
        state="sent",
        created_at=ago(days=40),
    )
    Draft.objects.create(token_hash="x", coursedate=make_date(), typed=TYPED, saved_at=ago(days=2))
    Task.objects.create(
        id="a", name="a", func="f", started=ago(days=31), stopped=ago(days=31), success=False
    )
    path = settings.EMAIL_FILE_PATH / "old.log"
    path.parent.mkdir(exist_ok=True)
    path.write_text("To: vibeke@trollstad.example")
    os.utime(path, (0, 0))

    planned = retention.what_is_over()
    told = command("--dry-run")
    assert planned == retention.what_is_over()
    done = retention.forget()
    assert done == planned
    assert {kind: counts["bookings"] for kind, counts in done.items()} == {
        "confirmed": 1,
        "waiting": 1,
        "refused": 1,
        "cancelled": 1,
        "other": 0,
    }
    assert done["confirmed"]["participants"] == 2
    assert done["other"] == {
        "drafts": 1,
        "mails with links": 1,
        "team links": 5,
        "results of tasks": 1,
        "mail files": 1,
    }
    assert "confirmed: 1 bookings, 2 participants" in told
    assert not path.exists()
    assert not any(retention.forget().values()), "a second run has nothing to do"


def test_the_command_does_what_its_dry_run_said():
    booking = make_old_booking()
    said = command("--dry-run").splitlines()
    assert not is_forgotten(booking)
    did = command().splitlines()
    assert is_forgotten(booking)
    assert said[1:] == did[1:]
    assert said[0] != did[0]


@pytest.mark.parametrize(
    ("status", "ended", "at_days", "over"),
    [
        ("confirmed", 180, 300, False),
        ("confirmed", 181, 300, True),
        ("confirmed", -10, 900, False),
        ("waiting", 30, 300, False),
        ("waiting", 31, 300, True),
        ("refused", -60, 29, False),
        ("refused", -60, 31, True),
        ("cancelled", -60, 89, False),
        ("cancelled", -60, 91, True),
    ],
)
def test_each_state_has_its_period(status, ended, at_days, over):
    booking = make_old_booking(status, ended=ended, at=ago(days=at_days))
    retention.forget()
    assert is_forgotten(booking) is over


def test_the_periods_are_settings(settings):
    settings.RETAIN_DAYS = settings.RETAIN_DAYS | {"confirmed": 500}
    booking = make_old_booking(ended=400)
    retention.forget()
    assert not is_forgotten(booking)
    settings.RETAIN_DAYS = settings.RETAIN_DAYS | {"confirmed": 399}
    retention.forget()
    assert is_forgotten(booking)


@pytest.mark.parametrize(
    "values",
    [
        {"status": "new", "hold": "set_up"},
        {"status": "uncertain"},
        {"status": "sending"},
        {"status": "cancelling"},
        {"status": "cancel_uncertain"},
        {"totals_differ": True},
    ],
)
def test_what_staff_must_still_settle_is_kept_and_named(values):
    booking = make_old_booking(ended=4000, **values)
    retention.forget()
    assert not is_forgotten(booking)
    assert booking.reference in command("--dry-run")


def test_an_open_wish_or_a_mail_on_its_way_keeps_a_booking():
    wished, mailed, refused = (
        make_old_booking(),
        make_old_booking(),
        make_old_booking("refused", at=ago(days=60)),
    )
    wished.changes.update(state="open")
    mailed.mails.update(state="due")
    refused.tell("refusal_seen", by="staff: ada")
    retention.forget()
    assert not any(is_forgotten(one) for one in (wished, mailed, refused))


def test_a_booking_that_changes_meanwhile_is_left_as_it_is():
    booking = make_old_booking()
    chosen = retention.forgettable("confirmed", timezone.now())
    assert list(chosen) == [booking]
    Booking.objects.filter(pk=booking.pk).update(status="cancelling")
    assert booking.forget_people(retention.Q(pk__in=chosen.values("pk"))) is None
    booking.refresh_from_db()
    assert booking.booker_email == TYPED["booker_email"]
    assert booking.mails.get().to
    assert not booking.events.filter(what="anonymised").exists()


def test_staff_read_that_people_were_forgotten_and_get_no_link_that_leads_nowhere(admin_client):
    booking = make_old_booking()
    tasks.forget_people()
    text = admin_client.get(reverse("admin:booking_booking_change", args=[booking.pk]))
    text = text.content.decode()
    assert "ble slettet" in text
    assert "&lt;&gt;" not in text
    link = reverse("admin:booking_booking_link", args=[booking.pk])
    assert link not in text
    assert admin_client.post(link).status_code == 404


def test_the_old_link_and_the_old_form_lead_nowhere_with_a_sentence(client):
    booking = make_old_booking()
    address = reverse("receipt", args=[booking.link_token])
    assert client.get(address).status_code == 200
    tasks.forget_people()
    page = client.get(address)
    assert page.status_code == 404
    assert page.headers["Cache-Control"] == "no-store"
    assert "slettet" in page.content.decode()
    booking.refresh_from_db()
    page = client.get(reverse("receipt", args=[booking.link_token]))
    assert page.status_code == 404, "nor does a link that was made anew"
    assert not Booking.objects.by_form("form").exists()


def test_a_failed_mail_of_a_forgotten_booking_waits_for_nobody():
    booking = make_old_booking()
    booking.mails.update(state="failed")
    retention.forget()
    assert not Mail.objects.undelivered().exists()


# --- One person ------------------------------------------------------------------------------


def test_one_person_can_be_forgotten_at_once_wherever_the_address_stands():
    booking = make_old_booking(ended=3)
    kept = make_old_booking(ended=3, booker_email="other@else.example", invoice_email="")
    kept.participants.all().delete()
    kept.mails.all().delete()
    kept.changes.all().delete()
    Draft.objects.create(token_hash="x", coursedate=booking.coursedate, typed=TYPED)
    said = command("--email", "Skjalg@Trollstad.example", "--dry-run")
    assert booking.reference in said
    assert not is_forgotten(booking)
    command("--email", "skjalg@trollstad.example")
    command("--email", "vibeke@trollstad.example")
    assert is_forgotten(booking)
    assert not is_forgotten(kept)
    assert found_in_tables(["vibeke@trollstad", "skjalg@trollstad"]) == set()


def test_a_booking_that_is_still_to_be_held_or_settled_is_named_instead():
    ahead = make_old_booking(ended=-20, at=ago(days=2))
    unclear = make_old_booking("uncertain", ended=20)
    told = command("--email", TYPED["booker_email"])
    assert not is_forgotten(ahead)
    assert not is_forgotten(unclear)
    assert ahead.reference in told
    assert unclear.reference in told
    assert "@" not in told


def test_nobody_is_told_of_an_address_that_is_no_address():
    with pytest.raises(CommandError, match="address"):
        command("--email", "Vibeke")


def test_all_that_is_known_of_one_person_can_be_handed_over():
    booking = make_old_booking(ended=3)
    told = person.everything_about("SKJALG@trollstad.example")
    (one,) = told["bookings"]
    assert one["reference"] == booking.reference
    assert one["participants"][0]["firstname"] == "Skjalg"
    assert one["answers"][0]["value"] == OTHERS["answer"]
    stream = StringIO()
    call_command("show_person", "skjalg@trollstad.example", stdout=stream)
    assert OTHERS["answer"] in stream.getvalue()
    assert booking.link_hash not in stream.getvalue()
    assert in_days(-3).isoformat() in stream.getvalue()


def test_nothing_is_left_in_the_files_of_the_database_and_of_mails(tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "true",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",  # SQLite, whatever the other tests run on
    }
    ended = subprocess.run(
        [sys.executable, "-m", "tests.booking.forgetting_on_disk"],
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["before"] > 20, "it stood there"
    assert (told["after"], told["mails"]) == ([], False)
