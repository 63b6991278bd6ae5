"""A list from a spreadsheet becomes rows: nobody is lost, nothing fails, mistakes stand beside
their row."""

import csv
import io
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booking.models import Booking, Question
from booking.paste import read
from tests.booking.conftest import NAMES, filled

SHEET = """\
\ufeffNavn;E-post;Telefon;
"Ørn, Åse";ase@bygg.example;+47 41 20 00 00;;
Ola Hansen;ola@bygg.example;;

Kari Næss;kari@bygg;;
"Berg, ""Lille"" Bjørn";bjorn@bygg.example;;
Ola Hansen;ola@bygg.example
Madonna;m@bygg.example
"""
SHEET_ROWS = [
    ("Åse", "Ørn", "ase@bygg.example"),
    ("Ola", "Hansen", "ola@bygg.example"),
    ("Kari", "Næss", "kari@bygg"),
    ('"Lille" Bjørn', "Berg", "bjorn@bygg.example"),
    ("Ola", "Hansen", "ola@bygg.example"),
    ("Madonna", "", "m@bygg.example"),
]


def people(text):
    return [(each.firstname, each.lastname, each.email) for each in read(text).people]


OLA = [("Ola", "Hansen", "ola@x.no")]
BOTH = [*OLA, ("Kari Anne", "Fjeld", "kari.fjeld@x.no")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ola Hansen\tola@x.no", OLA),
        ("ola@x.no;Ola Hansen;41200000", OLA),
        ("Ola,Hansen,ola@x.no", OLA),
        ("Ola Hansen ola@x.no +47 412 00 000", OLA),
        ("Ola Hansen <ola@x.no>", OLA),
        ("Hansen, Ola\tola@x.no", OLA),
        ('"Hansen, Ola",ola@x.no', OLA),
        ("Hansen, Ola, ola@x.no", OLA),  # the address begins with the first name
        ("1. Ola Hansen;ola@x.no", OLA),
        ("1;Ola;Hansen;ola@x.no;;;", OLA),
        ("\u200bOla\u00a0Hansen\t ola@x.no ", OLA),
        ("mailto:ola@x.no\tOla Hansen", OLA),
        ("Ola Hansen\r\n\r\n  \r\n", [("Ola", "Hansen", "")]),
        ("Hansen, Ola\nØrn, Åse Marie", [("Ola", "Hansen", ""), ("Åse Marie", "Ørn", "")]),
        ("Ola;Hansen;ola@x.no\nKari Anne;Fjeld;kari.fjeld@x.no", BOTH),
        ("Fornavn;Etternavn;E-post\nOla;Hansen;ola@x.no\nKari Anne;Fjeld;kari.fjeld@x.no", BOTH),
        ("Last name;First name;Department;Email\nHansen;Ola;North;ola@x.no", OLA),
        ("Navn E-post\nOla Hansen ola@x.no", OLA),
        ("Ola Hansen <ola@x.no>; Kari Anne Fjeld <kari.fjeld@x.no>;", BOTH),
        ("Ola Hansen,Nord avdeling,ola@x.no", OLA),
        ("Jan van der Berg", [("Jan", "van der Berg", "")]),
        ("Ola Hansen;ola@x.no\nPer Ås;per.x.no", [*OLA, ("Per", "Ås", "per.x.no")]),
        ("ola@x.no", [("", "", "ola@x.no")]),
        ("Last;Ola", [("Last", "Ola", "")]),  # Last is a name as well
        ("Navn;E-post", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_line_is_read_as_people_mean_it(text, expected):
    assert people(text) == expected


def test_a_sheet_with_everything_in_it(visit):
    assert people(SHEET) == SHEET_ROWS


def test_what_cannot_be_read_is_handed_back():
    found = read("Navn;E-post\n12345678\nOla Hansen;ola@x.no\n-----\n")
    assert found.unread == ("12345678", "-----")
    assert found.rest(1) == "Navn;E-post\n12345678\n-----"


def test_phones_and_other_columns_are_left_out_and_it_is_said():
    assert read("Ola Hansen;41200000").has_phones
    assert read("Navn;Tlf\nOla Hansen;41200000").has_phones
    assert read("Navn;Avdeling\nOla Hansen;Nord").has_more
    assert not read("Ola Hansen;ola@x.no").has_more


# --- For any text -------------------------------------------------------------------------------

LETTERS = string.ascii_letters + "æøåÆØÅéüñ"
word = st.text(LETTERS, min_size=2, max_size=10).filter(people)
email = st.builds(
    "{}@{}.example".format, st.text("abcxyz", min_size=1, max_size=6), word.map(str.lower)
)
rows = st.lists(st.tuples(word, word, email), min_size=1, max_size=25)
HEADED = {"nb": ["Fornavn", "Etternavn", "E-post"], "en": ["First name", "Last name", "Email"]}


def sheet(lines, separator, order=(0, 1, 2), heading=None):
    """As a spreadsheet writes it."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator)
    for line in ([heading] if heading else []) + [list(line) for line in lines]:
        writer.writerow([line[column] for column in order])
    return file.getvalue()


@given(st.text())
@example("\x00\x1c\x85\u2028\"'\t;,")
@example('"' * 5000)
@example("@;@,@\t@")
@settings(max_examples=300, deadline=None)
def test_no_text_is_too_strange(text):
    found = read(text)
    for each in found.people:
        assert each.line in text
        assert each.firstname or each.lastname or each.email
    assert all(line in text for line in found.unread)
    assert len(found.rest(0)) <= len(text), "what is handed back is what was pasted"


@given(rows, st.sampled_from("\t;,"), st.permutations(range(3)), st.sampled_from(["nb", "en"]))
@settings(max_examples=150, deadline=None)
def test_with_headings_nobody_is_lost_in_any_order_of_columns(lines, separator, order, language):
    assert people(sheet(lines, separator, order, HEADED[language])) == lines


@given(rows, st.sampled_from("\t;"))
@settings(max_examples=150, deadline=None)
def test_without_headings_nobody_is_lost(lines, separator):
    found = people(
        sheet([(f"{first} {last}", mail) for first, last, mail in lines], separator, (0, 1))
    )
    assert [(f"{first} {last}", mail) for first, last, mail in found] == [
        (f"{first} {last}", mail) for first, last, mail in lines
    ]


@given(rows, st.sampled_from("\t;,"))
@settings(max_examples=150, deadline=None)
def test_each_line_that_is_not_blank_is_one_row(lines, separator):
    text = sheet(lines, separator)
    found = read("\n \n" + text.replace("\n", "\n\n"))
    assert len(found.people) + len(found.unread) == len(lines)
    names = sorted(sorted([one.firstname, one.lastname]) for one in found.people)
    assert names == sorted(sorted([first, last]) for first, last, _mail in lines)


@given(rows)
@settings(max_examples=100, deadline=None)
def test_its_own_output_reads_the_same(lines):
    once = people(sheet(lines, "\t", heading=HEADED["nb"]))
    assert people(sheet(once, "\t", heading=HEADED["nb"])) == once


# --- In the form --------------------------------------------------------------------------------


def booker(**changes):
    return NAMES | changes


def rows_of(visitor):
    return [tuple(row[name].value() or "" for name in ("firstname", "lastname", "email"))
            for row in visitor.entry.rows]  # fmt: skip


@pytest.fixture
def pasted(visit):
    return visit().press("paste", booker(paste=SHEET))


def test_a_list_becomes_rows_with_what_is_wrong_beside_each(pasted, simulator):
    assert rows_of(pasted) == SHEET_ROWS
    wrong = {row.number: set(row.errors) for row in pasted.entry.rows if row.errors}
    assert wrong == {3: {"email"}, 6: {"lastname"}}
    assert [row.twice for row in pasted.entry.rows] == [None, None, None, None, 2, None]
    assert "Samme person som deltaker 2" in pasted.text
    assert "6 personer er lagt inn" in pasted.text
    assert "Telefonnumre er ikke tatt med" in pasted.text
    assert pasted.typed().items() >= booker().items(), "and nothing else is lost"
    assert not pasted.entry.form.errors, "what is not filled in yet is no mistake"


def test_the_rows_can_be_mended_and_booked(pasted, work):
    fields = pasted.typed()
    fields |= {"participant-2-email": "kari@bygg.example", "participant-5-lastname": "Louise"}
    pasted.press("preview", fields, remove="4")
    pasted.preview().book()
    booking = work()
    assert booking.status == Booking.Status.CONFIRMED
    assert [person.name for person in booking.participants.all()] == [
        "Åse Ørn", "Ola Hansen", "Kari Næss", '"Lille" Bjørn Berg', "Madonna Louise",
    ]  # fmt: skip


def test_empty_rows_are_filled_first_and_filled_ones_stay(visit):
    visitor = visit().press("add-several", filled("Siv Dal"))
    visitor.press("paste", paste="Per Ås;per@x.example")
    assert rows_of(visitor) == [
        ("Siv", "Dal", "siv@bygg.example"),
        ("Per", "Ås", "per@x.example"),
    ]


def test_more_than_one_booking_takes_stay_in_the_text_area(visit, settings):
    settings.BOOKING_MAX_PARTICIPANTS = 3
    text = "Navn;E-post\n" + "\n".join(
        f"Nr{letter} Hansen;{letter}@x.example" for letter in "abcde"
    )
    visitor = visit().press("paste", booker(paste=text, takes_part="on"))
    assert [row[0] for row in rows_of(visitor)] == ["Nra", "Nrb"], "the booker is one of three"
    assert visitor.typed()["paste"].splitlines() == [
        "Navn;E-post", "Nrc Hansen;c@x.example", "Nrd Hansen;d@x.example", "Nre Hansen;e@x.example",
    ]  # fmt: skip
    assert "høyst 3 deltakere" in visitor.text
    visitor.preview()
    assert visitor.page.context["is_checked"], "what is left over stops nobody"
    assert "linjer i tekstfeltet" in visitor.text
    assert len(visitor.typed()["paste"].splitlines()) == 4


def test_who_forgets_the_button_loses_nobody(visit):
    visitor = visit().preview(booker(paste="Per Ås;per@x.example\n12345678"))
    assert not visitor.page.context["is_checked"], "the rows are shown first"
    assert rows_of(visitor) == [("Per", "Ås", "per@x.example")]
    assert visitor.typed()["paste"] == "12345678"
    visitor.preview()
    assert visitor.page.context["is_checked"]


@pytest.mark.parametrize("action", ["add", "language", "wait"])
def test_no_button_leaves_pasted_people_behind(visit, action):
    visitor = visit().press(action, booker(paste="Per Ås;per@x.example"))
    assert ("Per", "Ås", "per@x.example") in rows_of(visitor)


def test_a_text_without_anybody_says_so_and_stays(visit):
    visitor = visit().press("paste", booker(paste="123\n---"))
    assert "Ingen er lagt inn" in visitor.text
    assert visitor.typed()["paste"] == "123\n---"


def test_a_pasted_list_is_shown_as_text(visit):
    visitor = visit().press(
        "paste", booker(paste="<script>alert(1)</script> Hansen;x@x.example\n<b>")
    )
    assert "<script>alert" not in visitor.page.content.decode()


def test_all_that_was_left_out_is_said_not_the_phones_only(visit):
    sheet = "Navn\tE-post\tMobil\tFødt\nPer Ås\tper@x.example\t91234567\t1.5.1980"
    assert "Andre kolonner er ikke tatt med" in visit().press("paste", booker(paste=sheet)).text


def test_a_text_area_of_blanks_is_empty(visit):
    visitor = visit().preview(filled(paste=" \n\t\n"))
    assert visitor.page.context["is_checked"]
    assert "linjer i tekstfeltet" not in visitor.text


def test_what_a_list_cannot_tell_is_asked_and_no_mistake_yet(visit):
    visitor = visit()
    question = Question.objects.create(
        label_nb="Fødselsdato", asked_of=Question.AskedOf.PARTICIPANT, required=True
    )
    visitor.press("paste", booker(paste="Per Ås;per@x.example"))
    assert "Fødselsdato" in visitor.text
    assert not visitor.codes
    visitor.preview()
    assert visitor.codes == {"required"}
    visitor.preview(**{f"participant-0-question-{question.pk}": "1.5.1980"})
    assert visitor.page.context["is_checked"]
