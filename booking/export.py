"""Bookings as a table, one row for each participant, and who waits for dates: fixed columns, told
in docs/export.md.

What people have typed goes into spreadsheets, and a spreadsheet reckons with what looks like a
formula. In CSV such a text gets an apostrophe in front; in XLSX every text is a text.
"""

import csv
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import phonenumbers
import xlsxwriter
from django.db.models import Prefetch
from django.utils import timezone

from booking.models import Answer, Participant

AT_ONCE = 500  # rows that are read together
LONGEST = 32_767  # characters in a cell of Excel
FORMULA = re.compile(r"(^|[,;\t\r\n])([\s\"']*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def of_booking(name):
    return lambda person: getattr(person.booking, name)


def of_date(name):
    return lambda person: getattr(person.booking.coursedate, name)


def status_in_words(person):
    booking = person.booking
    words = str(booking.get_status_display())
    return f"{words}: {booking.get_hold_display()}" if booking.is_held else words


def phone(person):
    """(+47) 41 20 00 00: with a plus in front it would be reckoned with."""
    try:
        number = phonenumbers.parse(person.booking.booker_phone)
    except phonenumbers.NumberParseException:
        return person.booking.booker_phone
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    code, _, rest = written.partition(" ")
    return f"({code}) {rest}"


def place(person):
    date = person.booking.coursedate
    return str(date.venue or date.place or date.place_note or "")


def answers(person):
    """The booker's answers, then the participant's own, a line each."""
    asked = [one for one in person.booking.answers.all() if one.participant_id is None]
    asked += [one for one in person.booking.answers.all() if one.participant_id == person.pk]
    return "\n".join(f"{one.label}: {one.value}" for one in asked if one.value)


def terms(person):
    accepted = person.booking.terms
    return f"{accepted.version} ({accepted.language})" if accepted else ""


#: Name → what a participant has there. The order is that of the file.
COLUMNS = {
    "reference": of_booking("reference"),
    "received_at": of_booking("created_at"),
    "status": of_booking("status"),
    "status_in_words": status_in_words,
    "order_number": of_booking("order_id"),
    "booking_number": of_booking("remote_booking_id"),
    "course_number": lambda person: person.booking.coursedate.course.remote_id,
    "course": of_date("title"),
    "date_number": of_date("remote_id"),
    "starts_on": of_date("starts_on"),
    "ends_on": of_date("ends_on"),
    "place": place,
    "participant_number": lambda person: person.pk,
    "participant_firstname": lambda person: person.firstname,
    "participant_lastname": lambda person: person.lastname,
    "participant_email": lambda person: person.email,
    "price_group": lambda person: person.price_group,
    "price": lambda person: person.unit_price,
    "answers": answers,
    "buyer": of_booking("buyer"),
    "booker_firstname": of_booking("booker_firstname"),
    "booker_lastname": of_booking("booker_lastname"),
    "booker_email": of_booking("booker_email"),
    "booker_phone": phone,
    "company": of_booking("company"),
    "company_number": of_booking("company_number"),
    "gln_number": of_booking("gln_number"),
    "invoice_reference": of_booking("invoice_reference"),
    "invoice_email": of_booking("invoice_email"),
    "invoice_address": of_booking("invoice_address"),
    "invoice_zipcode": of_booking("invoice_zipcode"),
    "invoice_city": of_booking("invoice_city"),
    "campaign_code": of_booking("campaign_code"),
    "currency": of_booking("currency"),
    "booking_shown_excl_vat": of_booking("shown_excl_vat"),
    "booking_shown_incl_vat": of_booking("shown_incl_vat"),
    "booking_total_excl_vat": of_booking("answered_excl_vat"),
    "booking_total_vat": of_booking("answered_vat"),
    "booking_total_incl_vat": of_booking("answered_incl_vat"),
    "totals_differ": of_booking("totals_differ"),
    "language": of_booking("language"),
    "terms_version": terms,
    "terms_accepted_at": of_booking("terms_accepted_at"),
    "cancelled_at": of_booking("cancelled_at"),
    "booked_by": of_booking("booked_by"),
    "anonymised_at": of_booking("anonymised_at"),
    "booking_total_currency": of_booking("answered_currency"),
}


def participants_of(bookings):
    """Those who take part in these bookings, the newest booking first."""
    return Participant.objects.filter(booking__in=bookings.order_by().values("pk"))


def with_bookings(participants):
    asked = Prefetch("booking__answers", queryset=Answer.objects.order_by("pk"))
    return (
        participants.select_related(
            "booking__terms",
            "booking__coursedate__course",
            "booking__coursedate__venue",
            "booking__coursedate__place",
        )
        .prefetch_related(asked)
        .order_by("-booking__created_at", "-booking_id", "pk")
    )


def of(name):
    return lambda row: getattr(row, name)


INTEREST_COLUMNS = {
    "received_at": of("created_at"),
    "last_asked_at": of("asked_at"),
    "course_number": lambda interest: interest.course.remote_id,
    "course": lambda interest: interest.course.title,
    "email": of("email"),
    "name": of("name"),
    "seats": of("seats"),
    "place": of("place"),
    "place_in_own_words": of("place_other"),
    "at_workplace": of("at_workplace"),
    "message": of("message"),
    "language": of("language"),
    "told_at": of("told_at"),
    "stopped_at": of("stopped_at"),
    "handled_at": of("handled_at"),
    "anonymised_at": of("anonymised_at"),
}


def with_courses(interests):
    return interests.select_related("course").order_by("-asked_at", "-pk")


@dataclass(frozen=True)
class Table:
    """A sheet: the value of each column by its name, and how what they need is read."""

    sheet: str
    columns: dict
    loaded: Callable

    def rows(self, found):
        """The values, column by column. Nothing but AT_ONCE rows is in memory."""
        for row in self.loaded(found).iterator(chunk_size=AT_ONCE):
            yield [plain(value(row)) for value in self.columns.values()]


BOOKINGS = Table("Bookings", COLUMNS, with_bookings)
INTEREST = Table("Interest", INTEREST_COLUMNS, with_courses)


def plain(value):
    """Moments in Oslo time, without a zone and in whole seconds; the rest as it is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return value


# --- CSV --------------------------------------------------------------------------------------


class Line:
    """What csv writes to: hands each line on."""

    def write(self, text):
        return text


def csv_lines(found, table=BOOKINGS):
    """A file that a Norwegian Excel opens with a double click: semicolons, decimal commas, UTF-8
    with its mark."""
    writer = csv.writer(Line(), delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield "\ufeff" + writer.writerow(table.columns)
    for row in table.rows(found):
        yield writer.writerow([in_csv(value) for value in row])


def in_csv(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    return defused(value) if isinstance(value, str) else str(value)


def defused(text):
    """The text with an apostrophe before all that a spreadsheet might take for a formula: at its
    start, and where a program that splits at other signs than ours would see another cell begin."""
    return FORMULA.sub(r"\1'\2", CONTROL.sub("", text))


# --- XLSX -------------------------------------------------------------------------------------

WIDE = {"course", "answers", "company", "participant_email", "booker_email", "email", "message"}


def xlsx_file(found, table=BOOKINGS):
    """An open temporary file with a workbook: dates, moments and amounts as such, texts as texts.

    Rows are written to disk as they come.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_urls": False})
    formats = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        Decimal: book.add_format({"num_format": "#,##0.00"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "head": book.add_format({"bold": True}),
    }
    sheet = book.add_worksheet(table.sheet)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(table.columns):
        sheet.set_column(column, column, 30 if name in WIDE else 16)
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name, formats["head"])
    last = 0
    for last, row in enumerate(table.rows(found), start=1):
        for column, value in enumerate(row):
            write(sheet, last, column, value, formats)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)
    book.close()
    file.seek(0)
    return file


def write(sheet, row, column, value, formats):
    if value in (None, ""):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value, formats[Decimal])
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        kind = datetime if isinstance(value, datetime) else "date"
        sheet.write_datetime(row, column, value, formats[kind])
