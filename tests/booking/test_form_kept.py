"""Nothing typed is lost: not by a refusal, another language, an expired session or a reload."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from booking import tasks
from booking.models import Booking, Draft, Question
from tests.booking.conftest import filled
from tests.booking.test_refusals import REFUSED, refuse


def of_each_kind(codes):
    """The codes; those are slow that are told where one of the others is."""
    quick = {"fields_not_valid", "no_vacant_seats", "voucher_code_invalid", "something_new"}
    return [pytest.param(each, marks=[pytest.mark.slow] * (each not in quick)) for each in codes]


@pytest.fixture
def everything(visit):
    """A form with all there is: prices, questions, codes, all waiting, and a list too long."""
    each = Question.AskedOf.PARTICIPANT
    size = Question.objects.create(label_nb="Størrelse", asked_of=each, required=True)
    photo = Question.objects.create(label_nb="Bilder er greit.", kind=Question.Kind.CONSENT)
    visitor = visit(13100003)
    member = visitor.entry.groups[1].key
    pasted = "".join(f"Nr{one} Berg;{one}@x.example\n" for one in "abcdefghijklmnopqrstuvwxyz")
    fields = filled(takes_part="on", voucher_code="GAVE1500", gln_number="7080000000012")
    fields |= {"participant-0-group": member, "own-group": member, f"question-{photo.pk}": "on"}
    fields |= {f"participant-{row}-question-{size.pk}": f"Nr. {row}" for row in range(2)}
    visitor.press("paste", fields | {f"own-question-{size.pk}": "XL", "paste": pasted})
    fields = visitor.typed()
    fields |= {f"participant-{row}-question-{size.pk}": f"Nr. {row}" for row in range(19)}
    assert len(visitor.entry.rows) == 19
    assert len(fields["paste"].splitlines()) == 9
    visitor.press("wait", fields)
    assert visitor.page.context["is_checked"]
    return visitor


@pytest.mark.parametrize("code", of_each_kind([*REFUSED, "something_new"]))
def test_after_any_refusal_every_single_field_is_as_it_was(everything, work, simulator, code):
    before = everything.typed()
    everything.book()
    refuse(simulator, code)
    assert work().refusal_code == code
    everything.reload().go(everything.link("Tilbake til det utfylte skjemaet"))
    assert everything.typed() == before
    assert code in everything.codes


def test_where_the_draft_is_gone_the_booking_itself_fills_the_form(everything, work, simulator):
    before = [(one.name, one.email, one.group.name) for one in everything.entry.people()]
    everything.book()
    refuse(simulator, "fields_not_valid")
    work()
    Draft.objects.all().delete()
    everything.reload().go(everything.link("Tilbake til det utfylte skjemaet"))
    everything.preview()
    assert everything.page.context["is_checked"]
    after = [(one.name, one.email, one.group.name) for one in everything.entry.people()]
    assert after == before
    assert everything.page.context["waiting"]


def test_the_language_switch_keeps_everything(everything):
    before = everything.typed()
    address = everything.link("English")
    assert "form=" in address
    everything.go(address)
    assert everything.typed() == before
    assert everything.page.context["is_checked"], "and the price that was shown"
    assert "Put 20 participants on the waiting list" in everything.text


def test_what_was_typed_since_the_last_press_comes_along_to_the_other_language(visit):
    """The page's script sends the form to the other address."""
    visitor = visit()
    english = "/en" + visitor.address.replace("/ny/", "/new/")
    visitor.address = english
    visitor.press("language", filled())
    assert visitor.location.startswith(english)
    assert visitor.typed() == filled()
    assert not visitor.codes, "nothing is judged yet"


def test_the_form_that_was_sent_says_so_in_both_languages(visit):
    visitor = visit().preview(filled())
    form = visitor.location
    visitor.book()
    visitor.go(form.split("#")[0])
    assert "allerede sendt" in visitor.text
    assert "already been sent" in visitor.go(visitor.link("English")).text


def test_a_draft_whose_time_is_over_is_shown_to_nobody_even_before_it_is_purged(visit, settings):
    visitor = visit().preview(filled())
    settings.DRAFT_PERIOD = timedelta(0)
    assert "Fjeld" not in visitor.reload().text


def test_an_expired_session_gives_the_filled_form_back_and_sends_nothing(visit, simulator):
    visitor = visit()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["kept"] = "another one"
    before = len(simulator.requests())
    for action in ("preview", "send", "add"):
        page = strict.post(visitor.address, filled() | {"form": visitor.token, "action": action})
        assert page.status_code == 403
        assert page.context["token"] != visitor.token
        stranger = visitor
        stranger.page = page
        assert stranger.codes == {"session_expired"}
        assert stranger.typed() == filled()
    assert len(simulator.requests()) == before
    assert not Draft.objects.exists()
    assert not Booking.objects.exists()


def test_an_expired_session_does_not_hide_that_the_form_was_sent_before(visit):
    visitor = visit().preview(filled()).book()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["kept"] = "another one"
    visitor.page = strict.post(visitor.address, visitor.sent)
    assert visitor.codes == {"sent_before"}
    assert visitor.typed()["participant-0-firstname"] == "Ola"
    assert Booking.objects.get().reference not in visitor.text


def test_what_no_database_keeps_is_no_part_of_what_was_typed(visit):
    visitor = visit().preview(filled(company="Bygg\x00 AS", paste="Per\x00 Ås;per@x.example"))
    assert "\\u0000" not in json.dumps(Draft.objects.get().typed)
    assert visitor.typed()["company"] == "Bygg AS"


def test_the_form_that_came_back_after_an_expired_session_works(visit):
    visitor = visit()
    strict = Client(enforce_csrf_checks=True)
    visitor.client, visitor.page = strict, strict.post(visitor.address, filled())
    cookie = strict.cookies["csrftoken"].value
    visitor.preview(csrfmiddlewaretoken=cookie)
    visitor.press("send", visitor.typed() | {"accept_terms": "on"}, csrfmiddlewaretoken=cookie)
    assert Booking.objects.count() == 1


def test_reload_and_back_find_the_draft(visit):
    visitor = visit().preview(filled())
    shown = visitor.typed()
    assert visitor.reload().typed() == shown
    assert visitor.page.context["is_checked"]


def test_a_drafts_address_is_of_no_use_in_another_browser(visit):
    visitor = visit().preview(filled())
    page = Client().get(visitor.location.split("#")[0])
    assert "Fjeld" not in page.content.decode()


def test_a_draft_is_forgotten_in_time(visit, settings):
    visitor = visit().preview(filled())
    tasks.forget_drafts()
    assert Draft.objects.count() == 1
    settings.DRAFT_PERIOD = timedelta(0)
    tasks.forget_drafts()
    assert not Draft.objects.exists()
    assert visitor.reload().page.status_code == 200
