"""Slips of the pen are told beside the price, tied to their field, and never block a booking."""

import re

import pytest

from booking import hints
from booking.forms import Entry
from booking.models import Booking
from tests.booking.conftest import filled
from tests.factories import make_date


@pytest.fixture
def coursedate(db):
    return make_date()


def judged(coursedate, **changes):
    """The form as its view judges it."""
    return Entry(coursedate, Entry.typed_in(filled(**changes)), judged=True)


def told(visitor):
    return {(hint.field.html_name, hint.code) for hint in visitor.page.context["hints"]}


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("kari@gamil.com", "kari@gmail.com"),
        ("kari@gmial.com", "kari@gmail.com"),
        ("kari@gmail.con", "kari@gmail.com"),
        ("kari@gmail.co", "kari@gmail.com"),
        ("Kari@GMAL.com", "Kari@gmail.com"),
        ("kari@hotmial.com", "kari@hotmail.com"),
        ("kari@hotmal.no", "kari@hotmail.no"),
        ("kari@outlok.com", "kari@outlook.com"),
        ("kari@onlin.no", "kari@online.no"),
        ("kari@yahooo.no", "kari@yahoo.no"),
        ("kari@bygg-eksempel.con", "kari@bygg-eksempel.com"),
        ("kari@kommunen.nno", "kari@kommunen.no"),
        *[
            (address, None)
            for address in (
                "kari@gmail.com",
                "kari@hotmail.no",
                "kari@mail.com",
                "kari@ymail.com",
                "kari@email.com",
                "kari@bygg.example",
                "kari@oslo.kommune.no",
                "kari@uit.no",
                "kari@lime.com",
                "kari@nrk.no",
                "kari@equinor.com",
                "kari@telenor.no",
                "kari@staff.no",
                "kari",
                "",
                None,
            )
        ],
    ],
)
def test_an_address_that_is_nearly_a_frequent_one_is_probably_meant_to_be(typed, suggested):
    assert hints.meant(typed) == suggested


@pytest.mark.parametrize(
    ("changes", "field", "code", "words"),
    [
        ({"booker_email": "kari@gamil.com"}, "booker_email", "typo", "Mente du kari@gmail.com?"),
        ({"invoice_email": "f@onlin.no"}, "invoice_email", "typo", "Mente du f@online.no?"),
        ({"company_number": "974760674"}, "company_number", "company_number_unusual", "går ikke"),
        ({"company_number": "556703-7485"}, "company_number", "company_number_unusual", "annet"),
        ({"gln_number": "7080001234563"}, "gln_number", "gln_unusual", "går ikke opp"),
        ({"gln_number": "708000123"}, "gln_number", "gln_unusual", "går ikke opp"),
        ({"booker_phone": "10 20 30 40"}, "booker_phone", "phone_unusual", "Det finnes neppe"),
        (
            {"participant-1-firstname": "ola", "participant-1-lastname": "HANSEN"},
            "participant-1-firstname",
            "twice",
            "to ganger",
        ),
        (
            {"participant-1-email": "OLA@bygg.example"},
            "participant-1-email",
            "one_address",
            "Ola Hansen og Åse Ørn",
        ),
        (
            {"participant-0-email": "kari@bygg.example"},
            "participant-0-email",
            "booker_other_name",
            "Kari Fjeld",
        ),
        ({"participant-0-email": "ola@gmail.con"}, "participant-0-email", "typo", "ola@gmail.com"),
        (
            {
                "takes_part": "on",
                "participant-0-firstname": "Kari",
                "participant-0-lastname": "Fjeld",
            },
            "participant-0-firstname",
            "twice",
            "Kari Fjeld",
        ),
    ],
)
def test_a_hint_is_told_at_the_price_tied_to_its_field_and_blocks_nothing(
    visit, changes, field, code, words
):
    visitor = visit().preview(filled(**changes))
    assert visitor.page.context["is_checked"]
    assert told(visitor) == {(field, code)}
    assert not visitor.entry.has_errors
    assert words in visitor.text
    (widget,) = re.findall(rf'<input[^>]*name="{field}"[^>]*>', visitor.text)
    described = re.search('aria-describedby="([^"]*)"', widget)[1].split()
    assert f"id_{field}_{code}" in described
    assert f'<li id="id_{field}_{code}"><a href="#id_{field}">' in visitor.text
    visitor.book()
    assert Booking.objects.count() == 1, "the one press that books anyhow"


def test_a_right_form_gets_no_hint(visit):
    visitor = visit().preview(filled(gln_number="7080001234560", booker_phone="+46 70 123 45 67"))
    assert told(visitor) == set()
    assert 'id="hints"' not in visitor.text


def test_the_same_address_and_the_same_name_is_said_once(visit):
    same = {"participant-1-firstname": "Ola", "participant-1-lastname": "Hansen"}
    visitor = visit().preview(filled(**same, **{"participant-1-email": "ola@bygg.example"}))
    assert told(visitor) == {("participant-1-firstname", "twice")}


def test_addresses_left_empty_are_the_bookers_and_no_slip(visit):
    visitor = visit().preview(filled(**{"participant-0-email": "", "participant-1-email": ""}))
    assert told(visitor) == set()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("974 760 673", "974760673"),
        ("NO 974 760 673 MVA", "974760673"),
        ("974760674", "974760674"),  # as it was typed
        ("SE 556703-7485", "SE 556703-7485"),
    ],
)
def test_a_number_of_a_company_is_tidied_where_it_is_one_and_kept_as_typed_else(
    make_booking, typed, kept
):
    assert make_booking(fields=filled(company_number=typed)).company_number == kept


def test_two_hints_about_one_field_are_both_tied_to_it(visit):
    visitor = visit().preview(
        filled(**{"participant-0-email": "o@gamil.com", "participant-1-email": "o@gamil.com"})
    )
    assert told(visitor) == {
        ("participant-0-email", "typo"),
        ("participant-1-email", "typo"),
        ("participant-1-email", "one_address"),
    }
    (widget,) = re.findall('<input[^>]*name="participant-1-email"[^>]*>', visitor.text)
    described = re.search('aria-describedby="([^"]*)"', widget)[1].split()
    assert described == ["id_participant-1-email_typo", "id_participant-1-email_one_address"]


# --- Mistakes in e-mail addresses -------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("kåre@blåbær.no", "ikke æ, ø eller å"),
        ("kari fjeld@bygg.no", "mellomrom"),
        ("kari@bygg .no", "mellomrom"),
        ("kari@bygg,no", "komma"),
        ("kari@bygg.no;ola@bygg.no", "bare én"),
        ("kari.bygg.no", "må være en @"),
        ("kari@bygg.no.", "punktum for mye"),
        ("kari@bygg..no", "punktum for mye"),
        (".kari@bygg.no", "punktum for mye"),
        ("@bygg.no", "foran @"),
        ("kari@", "mangler noe på slutten"),
        ("kari@bygg", "mangler noe på slutten"),
        ("kari@online.n", "mangler noe på slutten"),
        ("kari@-bygg-.no", "ikke en e-postadresse"),
    ],
)
def test_a_wrong_address_is_told_what_is_wrong(coursedate, typed, words):
    entry = judged(coursedate, booker_email=typed)
    assert entry.codes() == {"invalid"}
    (error,) = entry.form.errors["booker_email"]
    assert words in error
    assert entry.form["booker_email"].value() == typed


def test_what_is_wrong_with_an_address_is_told_beside_it(visit):
    visitor = visit().preview(filled(booker_email="kari@bygg,no"))
    assert visitor.codes == {"invalid"}
    assert "komma" in visitor.text
    assert visitor.typed()["booker_email"] == "kari@bygg,no"


@pytest.mark.parametrize(
    "typed", ["kare@blåbær.no", "k.o'brien+kurs@bygg.no", " kari@bygg.no ", "Kari@BYGG.NO"]
)
def test_a_right_address_is_taken(coursedate, typed):
    assert judged(coursedate, booker_email=typed).is_valid


@pytest.mark.parametrize("typed", ["070-123 45 67", "12", "ring meg"])
def test_a_foreign_number_without_its_country_is_asked_for_it(coursedate, typed):
    entry = judged(coursedate, booker_phone=typed)
    assert entry.codes() == {"phone_invalid"}
    assert "landkode" in str(entry.form.errors["booker_phone"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+46 70 123 45 67", "+46701234567"),
        ("0046 70 123 45 67", "+46701234567"),
        ("(+47) 41 20 00 00", "+4741200000"),
        ("41200000", "+4741200000"),
    ],
)
def test_a_phone_number_is_kept_in_international_form(make_booking, typed, kept):
    assert make_booking(fields=filled(booker_phone=typed)).booker_phone == kept


# --- Screen readers ---------------------------------------------------------------------------


def test_required_fields_say_so_to_screen_readers(visit):
    text = visit().text
    for name in ("booker_firstname", "booker_email", "booker_phone"):
        (widget,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', text)
        assert 'aria-required="true"' in widget
        assert " required" not in widget, "the server judges"
    for name in ("company_number", "campaign_code", "participant-0-firstname"):
        (widget,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', text)
        assert "aria-required" not in widget
    (group,) = re.findall('<fieldset[^>]*id="id_buyer"[^>]*>', text)
    assert 'role="radiogroup" aria-required="true"' in group
    assert not re.findall('<input[^>]*type="radio"[^>]*aria-required', text)
