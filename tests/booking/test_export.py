"""Bookings as a file: the documented columns, and nothing that a spreadsheet would carry out."""

import csv
import io
import logging
import re
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from booking import export, retention
from booking.models import Booking, Participant
from tests.booking.forgetting import TYPED, make_old_booking
from tests.factories import make_date, make_terms

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).resolve().parents[2] / "docs" / "export.md"
LISTS = {
    Booking: reverse("admin:booking_booking_changelist"),
    Participant: reverse("admin:booking_participant_changelist"),
}


@pytest.fixture
def booking():
    return make_old_booking(
        ended=3,
        terms=make_terms(),
        shown_excl_vat="3290.50",
        answered_excl_vat="3290.50",
        booker_firstname="Åse-Bjørg",
    )


def ask(client, rows, kind="csv"):
    data = {"action": f"export_{kind}", "_selected_action": [row.pk for row in rows]}
    return client.post(LISTS[type(rows[0])], data)


def read_csv(answer):
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def read_xlsx(answer):
    """The cells of the first sheet, as {address: (type, text)}, and the workbook's parts."""
    book = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    cells = {
        cell.get("r"): (cell.get("t"), "".join(cell.itertext())) for cell in sheet.iter(f"{name}c")
    }
    assert not list(sheet.iter(f"{name}f")), "no cell is a formula"
    return cells


def test_the_columns_are_those_of_the_document():
    told = re.findall(r"^\| (`.*?) \|", DOCS.read_text(), re.M)
    names = [name for line in told for name in re.findall(r"`(\w+)`", line)]
    assert names == list(export.COLUMNS)


@pytest.mark.parametrize("model", [Booking, Participant])
def test_each_participant_has_a_row_with_status_in_words_and_code(admin_client, booking, model):
    chosen = [booking] if model is Booking else list(booking.participants.all())
    answer = ask(admin_client, chosen)
    first, second = read_csv(answer)
    assert list(first) == list(export.COLUMNS)
    assert (first["status"], first["status_in_words"]) == ("confirmed", "bekreftet")
    assert (first["participant_firstname"], second["participant_firstname"]) == (
        "Skjalg",
        "Vibeke",
    )
    assert first["booker_firstname"] == "Åse-Bjørg"
    assert first["booking_shown_excl_vat"] == "3290,50"
    assert first["answers"] == "Hensyn: tåler ikke sellerirot"
    assert second["answers"] == ""
    assert first["booker_phone"] == "(+47) 90 80 70 60"
    assert first["terms_version"] == "1 (nb)"
    received = timezone.localtime(booking.created_at)
    assert first["received_at"] == f"{received:%Y-%m-%d %H:%M:%S}"
    assert TYPED["voucher_code"] not in str(first)


def test_the_file_has_the_day_in_its_name_and_is_kept_nowhere(admin_client, booking):
    for kind in ("csv", "xlsx"):
        answer = ask(admin_client, [booking], kind)
        name = f"bookings-{timezone.localdate():%Y-%m-%d}.{kind}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert "no-store" in answer.headers["Cache-Control"]
        answer.close()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+47", "'+47"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ('"=1', "'\"=1"),
        ("Oslo;=1", "Oslo;'=1"),
        ("Oslo, =1", "Oslo,' =1"),
        ("Oslo\n=1", "Oslo\n'=1"),
        ("Anne-Lise", "Anne-Lise"),
        ("1 + 1 = 2", "1 + 1 = 2"),
        ("ola@bygg.example", "ola@bygg.example"),
        ("\x00\x07a", "a"),
    ],
)
def test_what_looks_like_a_formula_is_text(admin_client, typed, written):
    assert export.defused(typed) == written
    booking = make_old_booking(ended=3, company=typed.replace("\x00", ""))
    assert read_csv(ask(admin_client, [booking]))[0]["company"] == written.replace("\r", "\r")
    cells = read_xlsx(ask(admin_client, [booking], "xlsx"))
    assert {kind for kind, _ in cells.values()} <= {"inlineStr", "n", "b", None}


def test_a_workbook_has_typed_cells_and_texts_as_they_were_typed(admin_client, booking):
    Booking.objects.filter(pk=booking.pk).update(company="=1+1", booker_phone="+4790807060")
    cells = read_xlsx(ask(admin_client, [booking], "xlsx"))
    heads = {text: re.sub(r"\d", "", at) for at, (_, text) in cells.items() if at.endswith("1")}

    def cell(name):
        return cells[heads[name] + "2"]

    assert cell("company") == ("inlineStr", "=1+1")
    assert cell("booker_firstname") == ("inlineStr", "Åse-Bjørg")
    kind, amount = cell("booking_shown_excl_vat")
    assert (kind, float(amount)) in [("n", 3290.5), (None, 3290.5)]
    kind, day = cell("starts_on")
    assert kind in ("n", None)
    assert day.isdecimal()
    assert cell("totals_differ") == ("b", "0")


def test_forgotten_people_are_exported_as_nobody(admin_client):
    booking = make_old_booking()
    retention.forget()
    first, _ = read_csv(ask(admin_client, [booking]))
    assert first["reference"] == booking.reference
    assert first["anonymised_at"]
    assert first["order_number"] == str(booking.order_id)
    for name in ("participant_lastname", "booker_email", "booker_phone", "company", "answers"):
        assert first[name] == ""


def test_export_has_a_permission_of_its_own(client, booking):
    user = User.objects.create_user("ada", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_booking"))
    client.force_login(user)
    assert "export_csv" not in client.get(LISTS[Booking]).content.decode()
    assert ask(client, [booking]).headers["Content-Type"].startswith("text/html")
    user.user_permissions.add(Permission.objects.get(codename="export_booking"))
    assert "export_csv" in client.get(LISTS[Booking]).content.decode()
    assert len(read_csv(ask(client, [booking]))) == 2


def test_who_exported_how_much_is_written_down_without_people(admin_client, booking, caplog):
    caplog.set_level(logging.DEBUG, "booking")
    ask(admin_client, [booking]).close()
    assert "Export of 2 rows as CSV by admin" in caplog.text
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_repr) == ("admin", "CSV: 2")
    for word in ("Vibeke", "Skjalg", "@"):
        assert word not in caplog.text + entry.change_message


def test_many_rows_are_read_few_at_a_time(django_assert_max_num_queries, booking):
    date = make_date(days=-3, seats=False)
    Participant.objects.bulk_create(
        Participant(booking=booking, firstname="P", lastname=f"Nr{n}", email="p@x.example")
        for n in range(1200)
    )
    with django_assert_max_num_queries(9):
        began = time.monotonic()
        lines = export.csv_lines(export.participants_of(Booking.objects.all()))
        assert next(lines).startswith("\ufeff")
        assert sum(1 for _ in lines) == 1202
    assert time.monotonic() - began < 30
    assert date
