"""The booking's own page: under a secret address, it says what is known and sends nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from booking.models import Booking, Draft
from tests.booking.conftest import NAMES, bookings_sent, filled


def test_the_page_of_a_booking_being_sent_looks_again_by_itself(visit):
    visitor = visit().preview(filled()).book()
    assert "Vi sender påmeldingen din" in visitor.text
    assert '<meta http-equiv="refresh"' in visitor.text


def test_it_stops_looking_after_a_while_and_says_so(booked):
    visitor = booked()
    past = timezone.now() - timedelta(minutes=5)
    Booking.objects.update(created_at=past, due_at=past)
    visitor.reload()
    assert '<meta http-equiv="refresh"' not in visitor.text
    assert "Dette tar lengre tid enn vanlig" in visitor.text


def test_a_confirmed_booking_says_what_was_booked_for_whom_and_for_how_much(booked, work):
    visitor = booked(13100003)
    booking = work()
    text = visitor.reload().text.replace("\xa0", " ")
    assert "Deltakerne er påmeldt" in text
    for words in (booking.reference, str(booking.order_id), "Ola Hansen", "Åse Ørn", "PO-4471"):
        assert words in text
    from catalog.templatetags.formats import money

    assert money(booking.answered_incl_vat).replace("\xa0", " ") in text
    assert '<meta http-equiv="refresh"' not in text


def test_the_totals_are_those_that_frontcore_answered(booked, work, simulator):
    visitor = booked(13100003)
    simulator.fault("POST", "/booking", "change_price", price=1000, coursedate=13100003)
    work()
    text = visitor.reload().text.replace("\xa0", " ")
    assert "2 500 kr" in text


def test_reloading_sends_nothing(booked, work, simulator):
    visitor = booked()
    work()
    before = len(simulator.requests())
    for _ in range(3):
        visitor.reload()
    assert len(simulator.requests()) == before
    assert len(bookings_sent(simulator)) == 1


def test_the_meeting_link_is_shown_after_confirmation_only(visit, work):
    visitor = visit(13100008)
    link = visitor.coursedate.event_url
    assert link
    assert link not in visitor.text
    visitor.preview(filled())
    assert link not in visitor.text
    visitor.book()
    assert link not in visitor.text
    work()
    assert link in visitor.reload().text
    assert "Sørg for at deltakerne har lenken til nettmøtet før kurset begynner." in visitor.text
    assert "Møt opp" not in visitor.text


def test_the_address_is_secret_and_kept_nowhere(visit):
    page = visit().preview(filled()).book().page
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]


def test_no_secret_stands_in_the_database_in_clear(visit, work):
    visitor = visit().preview(filled())
    form_token = visitor.token
    visitor.book()
    booking = work()
    link_token = visitor.location.strip("/").split("/")[-1]
    assert link_token == booking.link_token
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            stored = str(cursor.fetchall())
            assert link_token not in stored, table
            assert form_token not in stored, table
    assert Draft.objects.of(form_token)


def test_a_wrong_or_guessed_address_is_not_found(client, booked):
    booked()
    booking = Booking.objects.get()
    for token in ("x" * 40, booking.reference, booking.link_hash, booking.link_seed):
        assert client.get(reverse("receipt", args=[token])).status_code == 404
        assert client.get(reverse("booking_again", args=[token])).status_code == 404


def test_the_reference_is_short_and_cannot_be_misread(make_booking):
    reference = make_booking().reference
    assert len(reference) == 8
    assert not set(reference) & set("01OILSAEU")


def test_the_filled_form_is_for_refused_bookings_only(booked, work):
    visitor = booked()
    work()
    receipt = visitor.location
    assert visitor.go(receipt + "again/").location == receipt


def test_a_refused_booking_is_in_the_form_also_when_its_draft_is_gone(booked, work, simulator):
    visitor = booked()
    simulator.edit(coursedate=13100001, set={"status_id": 3})
    work()
    Draft.objects.all().delete()
    visitor.reload().go(visitor.link("Tilbake til det utfylte skjemaet"))
    expected = filled(booker_phone="+4741200000", company_number="974760673")
    assert visitor.typed() == expected


def test_the_receipt_is_there_in_english(booked, work):
    visitor = booked(language="en")
    booking = work()
    assert booking.language == "en"
    assert "The participants are booked" in visitor.reload().text


TAKES_PART = {"participant-0-email": NAMES["booker_email"]}


@pytest.mark.parametrize(
    ("names", "own", "language", "expected", "other"),
    [
        (["Kari Fjeld"], TAKES_PART, "nb", "Du er påmeldt|Møt opp til tid og sted", "Deltakeren"),
        (["Ola Hansen"], {}, "nb", "Deltakeren er påmeldt|Gi deltakeren beskjed", "Du er|Møt opp"),
        (["Ola Hansen", "Åse Ørn"], {}, "nb", "Deltakerne er påmeldt|Gi deltakerne", "Du er"),
        (["Ola Hansen"], {}, "en", "The participant is booked|the participant knows", "You are"),
    ],
)
def test_who_does_not_take_part_is_not_told_to_come(
    booked, work, names, own, language, expected, other
):
    visitor = booked(language=language, fields=filled(*names) | own)
    work()
    text = visitor.reload().text
    for words in expected.split("|"):
        assert words in text
    for words in other.split("|"):
        assert words not in text


@pytest.mark.parametrize(
    ("own", "said"),
    [(TAKES_PART, "Du står på venteliste"), ({}, "Deltakeren står på venteliste")],
)
def test_the_waiting_list_is_told_once_and_of_whom_it_is(booked, work, own, said):
    visitor = booked(13100002, filled("Ola Hansen") | own)
    work()
    text = visitor.reload().text
    assert said in text
    assert text.count("Vi tar kontakt") == 1
    assert "betaler du ingenting før du har fått plass" in text


def test_the_receipt_costs_the_same_queries_for_one_and_for_twelve(
    booked, work, django_assert_max_num_queries
):
    for names in (["Ola Hansen"], [f"Ola{letter} Hansen" for letter in "ABCDEFGHIJKL"]):
        visitor = booked(fields=filled(*names))
        work()
        with django_assert_max_num_queries(7):
            visitor.reload()


def test_an_old_site_secret_still_opens_its_bookings(booked, settings):
    visitor = booked()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 50
    assert Booking.objects.get().link_token in visitor.location
    assert visitor.reload().page.status_code == 200


def test_the_lines_that_were_agreed_are_on_the_receipt(booked, work):
    """Campaign and gift card too: what is left to pay is what a visitor looks for."""
    codes = {"campaign_code": "SOMMER10", "voucher_code": "GAVE1500"}
    visitor = booked(13100003, filled(**codes))
    work()
    text = visitor.reload().text
    for words in ("Kampanje, 10 %", "Gavekort", "Å betale"):
        assert words in text


def test_what_costs_nothing_is_booked_without_words_of_payment(visit, work):
    visitor = visit().preview(filled(voucher_code="GAVE50000"))
    assert "betalingsplikt" not in visitor.text
    visitor.book()
    work()
    assert "Deltakerne er påmeldt" in visitor.reload().text
    assert "Fakturaen sendes" not in visitor.text


def test_a_refused_booking_leads_to_the_other_dates_too(booked, work, simulator):
    visitor = booked()
    simulator.fault("POST", "/booking", "cancel_date")
    work()
    assert "/kurs/90001-varme-arbeider/#dates" in visitor.reload().text


def test_who_gets_the_invoice_is_a_heading_on_the_price_page_and_the_receipt(visit):
    visitor = visit().preview(filled())
    for page in (visitor.text, visitor.book().text):
        assert '<h2 class="payer-title">Hvem som får fakturaen</h2>' in page
