"""The history in words: no code and no sentence of a machine stands alone before staff."""

from html import unescape

import pytest
from django.urls import reverse

from booking.admin.history import mail_problem_in_words, note_in_words, problem_in_words
from booking.models import Booking, BookingEvent, LookUp
from tests.booking.builders import saved
from tests.factories import make_date

What, Status = BookingEvent.What, Booking.Status


def line(what, note, after=Status.CONFIRMED):
    return str(note_in_words(BookingEvent(what=what, note=note, after=after)))


@pytest.mark.parametrize(
    ("what", "note", "words"),
    [
        (What.CHANGE_ASKED, "replace", "bytte en deltaker"),
        (What.CHANGE_SETTLED, "correct: done", "rette en deltaker: utført"),
        (What.CHANGE_SETTLED, "add: declined", "legge til en deltaker: avslått"),
        (What.FOLLOWED_UP, "legal_basis: refused", "behandlingsgrunnlag: avvist"),
        (What.FOLLOWED_UP, "answers: done", "svar på spørsmål: sendt"),
        (What.PUT_OFF, "participants changed", "deltakerne ble endret"),
        (What.LOOKED_UP, "asked for", "bedt om"),
        (What.ENDED, "order 5 is another booking's", "ordre 5 hører til en annen påmelding"),
        (What.ENDED, "order 5", "ordre 5"),
        (What.MAIL_SENT, "confirmed to booker", "bekreftet, bestiller"),
    ],
)
def test_codes_are_told_in_words(what, note, words):
    assert line(what, note) == words


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("POST /booking: out of time while waiting for the answer", "svarte ikke i tide"),
        ("POST /booking: out of time while connecting; nothing was sent", "ikke kontakt"),
        ("GET /orders: failed (ConnectionError) while connecting", "ikke kontakt"),
        ("POST /booking: failed (ConnectionError) while waiting for the answer", "brøt sammen"),
        ("POST /booking: too many requests", "ba oss vente"),
        ("GET /participants: the server failed (503)", "har selv problemer"),
        ("POST /booking: no clear answer (500)", "ikke noe klart svar"),
        ("PUT /booking/:id/deregister: refused (fields_not_valid)", "avslo"),
        ("POST /booking: no turn within the time limit", "ledig tur"),
        ("GET /orders: not JSON (200)", "kunne ikke leses"),
    ],
)
def test_sentences_of_the_transport_are_told_in_words_and_kept_for_support(sentence, words):
    told = problem_in_words(sentence)
    assert words in told
    assert told.endswith(f"({sentence})")
    assert line(What.ENDED, sentence) == told


def test_what_nobody_has_words_for_is_shown_as_it_stands():
    assert problem_in_words("something else") == "something else"
    assert mail_problem_in_words("KeyError") == "KeyError"
    assert line(What.ENDED, "") == ""


def test_every_verdict_on_a_cancellation_speaks_of_people():
    for verdict in ("there", "not_there", "maybe"):
        told = line(What.LOOKED_UP, verdict, Status.CANCEL_UNCERTAIN)
        assert told != LookUp.Verdict(verdict).label
        assert "ordre" not in told


@pytest.mark.django_db
def test_the_pages_show_words_and_names_of_users(admin_client):
    booking = saved(coursedate=make_date())
    booking.tell(What.CHANGE_SETTLED, by="staff: ida", note="take_out: done")
    booking.changes.create(kind="take_out", state="done", settled_by="staff: ida")
    page = admin_client.get(reverse("admin:booking_booking_change", args=[booking.pk]))
    text = unescape(page.content.decode())
    assert "ta ut en deltaker: utført" in text
    assert "staff: ida" not in text
    mail = booking.mails.get()
    page = admin_client.get(reverse("admin:booking_mail_change", args=[mail.pk]))
    assert ">None<" not in page.content.decode()
