"""The form: every mistake is named, nothing is sent by a GET, the price comes first."""

import pytest
from django.urls import reverse

from booking.models import Booking
from catalog.models import Terms
from tests.booking.conftest import bookings_sent, filled, unreachable

TWELVE = [f"Deltaker{letter} Hansen" for letter in "ABCDEFGHIJKL"]


def test_a_get_of_the_form_asks_frontcore_nothing(visit, simulator):
    visitor = visit()
    before = len(simulator.requests())
    page = visitor.client.get(visitor.address)
    assert page.status_code == 200
    assert len(simulator.requests()) == before


def test_the_form_is_kept_out_of_search_engines(visit):
    page = visit().page
    assert "noindex" in page["X-Robots-Tag"]
    assert "noindex" in page.content.decode()
    assert "private" in page["Cache-Control"]


def test_the_address_is_norwegian_and_english(visit):
    assert visit().address.startswith("/booking/ny/")
    assert visit(language="en").page.status_code == 200


def test_an_unknown_or_hidden_date_has_no_form(client, visit):
    visitor = visit()
    assert client.get(reverse("book", args=[99])).status_code == 404
    visitor.coursedate.public = False
    visitor.coursedate.save()
    assert client.get(visitor.address).status_code == 404


@pytest.mark.parametrize(
    ("remote_id", "words"),
    [(13100004, "avlyst"), (13100005, "utsatt"), (13100009, "frist")],
)
def test_a_date_that_cannot_be_booked_says_why(visit, remote_id, words):
    visitor = visit(remote_id)
    assert visitor.page.status_code == 200
    assert words in visitor.text
    assert "<form" not in visitor.text


def test_a_course_booked_elsewhere_leads_there(visit):
    visitor = visit(13100001)
    course = visitor.coursedate.course
    course.external_booking_url = "https://elsewhere.example/book"
    course.save()
    visitor.go(visitor.address)
    assert "https://elsewhere.example/book" in visitor.text
    assert "<form" not in visitor.text


def test_the_price_is_shown_before_anything_is_booked(visit, simulator):
    visitor = visit(13100003).preview(filled())
    assert visitor.page.context["is_checked"]
    assert "Bestill" in visitor.text
    assert not Booking.objects.exists()
    assert not bookings_sent(simulator)


def test_nothing_is_booked_by_a_button_whose_price_was_never_shown(visit):
    visitor = visit()
    visitor.press("send", filled(accept_terms="on"))
    assert not Booking.objects.exists()
    assert visitor.page.context["is_checked"]


def test_what_was_changed_after_the_price_is_shown_again_first(visit):
    visitor = visit().preview(filled())
    visitor.press("send", filled("Ola Hansen", "Åse Ørn", "Per Ås", accept_terms="on"))
    assert not Booking.objects.exists()
    assert "Du har endret noe" in visitor.text
    visitor.book()
    assert Booking.objects.get().participants.count() == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"buyer": ""}, "required"),
        ({"booker_firstname": ""}, "required"),
        ({"booker_email": "kari@"}, "invalid"),
        ({"booker_phone": "12"}, "phone_invalid"),
        ({"booker_phone": "ring meg"}, "phone_invalid"),
        ({"company": ""}, "required"),
        ({"gln_number": "70800000000019"}, "gln_invalid"),
        ({"invoice_email": "faktura"}, "invalid"),
        ({"buyer": "private"}, "company_but_private"),
        ({"participant-0-lastname": ""}, "required"),
        ({"participant-1-email": "åse"}, "invalid"),
        ({"booker_lastname": "x" * 101}, "max_length"),
    ],
)
def test_each_mistake_is_named_and_nothing_typed_is_lost(visit, simulator, changes, code):
    fields = filled(**changes)
    visitor = visit()
    before = len(simulator.requests())
    visitor.preview(fields)
    assert code in visitor.codes
    assert 'id="error-summary"' in visitor.text
    assert visitor.typed() == {name: value for name, value in fields.items() if value}
    assert len(simulator.requests()) == before, "the network is for forms that are right"


def test_nobody_takes_part_is_a_mistake(visit):
    visitor = visit().preview(dict(list(filled().items())[:12]))
    assert "participants_missing" in visitor.codes


def test_the_booker_may_be_the_only_participant(visit, work):
    fields = {name: value for name, value in filled().items() if "participant" not in name}
    visitor = visit().preview(fields, takes_part="on")
    assert visitor.page.context["is_checked"]
    visitor.book()
    person = Booking.objects.get().participants.get()
    assert (person.name, person.email) == ("Kari Fjeld", "kari@bygg.example")


def test_a_participant_without_an_address_gets_the_bookers(visit):
    visit().preview(filled(**{"participant-1-email": ""})).book()
    emails = [person.email for person in Booking.objects.get().participants.all()]
    assert emails == ["ola@bygg.example", "kari@bygg.example"]


def test_twelve_colleagues_are_booked_row_by_row_without_script(visit, work):
    visitor = visit(13100001)
    fields = dict(filled(TWELVE[0]))
    for number, name in enumerate(TWELVE[1:], start=1):
        visitor.press("add", fields)
        assert visitor.location.endswith(f"#participant-{number + 1}")
        assert visitor.typed() == fields
        first, last = name.split()
        fields[f"participant-{number}-firstname"] = first
        fields[f"participant-{number}-lastname"] = last
    visitor.preview(fields).book()
    booking = work()
    assert booking.status == Booking.Status.CONFIRMED
    assert [person.name for person in booking.participants.all()] == TWELVE


def test_a_row_is_taken_out_and_the_others_stay(visit):
    visitor = visit()
    visitor.press("preview", filled("Ola Hansen", "Åse Ørn", "Per Ås"), remove="1")
    rows = [row.value() for form in visitor.entry.rows for row in form]
    assert rows == ["Ola", "Hansen", "ola@bygg.example", "Per", "Ås", "per@bygg.example"]
    assert not visitor.entry.has_errors


def test_more_participants_than_the_limit_are_a_mistake_and_still_there(visit, settings):
    settings.BOOKING_MAX_PARTICIPANTS = 3
    visitor = visit().preview(filled(*TWELVE[:4]))
    assert visitor.codes == {"participants_too_many"}
    assert len(visitor.entry.rows) == 4
    assert "høyst 3 deltakere" in visitor.text


def test_a_group_larger_than_the_free_seats_is_told_how_many_are_left(visit, simulator):
    visitor = visit(13100012)
    visitor.preview(filled(*TWELVE[:6]))
    assert visitor.codes == {"seats_short"}
    assert "5 ledige plasser" in visitor.text
    assert len(visitor.entry.rows) == 6


def test_a_full_date_offers_the_waiting_list_plainly(visit, work):
    visitor = visit(13100002)
    assert "ikke en plass ennå" in visitor.text
    visitor.preview(filled()).book()
    booking = work()
    assert booking.status == Booking.Status.WAITING
    visitor.reload()
    assert "Deltakerne står på venteliste" in visitor.text
    assert "ikke en plass ennå" in visitor.text


def test_a_date_of_unknown_capacity_takes_any_group(visit, simulator, work):
    visit(13100011).preview(filled(*TWELVE)).book()
    assert work().status == Booking.Status.CONFIRMED
    assert len(simulator.state()["participants"]) == 12


def test_a_date_cancelled_since_the_refresh_is_seen_at_the_price(visit, simulator):
    visitor = visit()
    simulator.edit(coursedate=13100001, set={"status_id": 3})
    visitor.preview(filled())
    assert visitor.codes == {"date_cancelled"}
    assert visitor.typed() == filled()
    visitor.coursedate.refresh_from_db()
    assert visitor.coursedate.is_cancelled, "the fresh look is stored"


def test_a_date_hidden_since_the_refresh_loses_nothing(visit, simulator):
    visitor = visit()
    simulator.edit(coursedate=13100001, set={"is_visible": False})
    visitor.preview(filled())
    assert visitor.codes == {"date_withdrawn"}
    assert visitor.typed() == filled()


@pytest.mark.parametrize("fault", ["nobody listens", "hang", "html_500", "truncated", "busy"])
def test_an_api_that_is_away_is_no_objection(visit, simulator, fault, settings):
    visitor = visit()
    settings.FRONTCORE = settings.FRONTCORE | {"read_total_s": 0.4, "read_timeout_s": 0.4}
    if fault == "nobody listens":
        unreachable(settings)
    else:
        simulator.fault("GET", "/**", fault, times=0, seconds=3)
    visitor.preview(filled(campaign_code="SOMMER10"))
    assert visitor.page.context["is_checked"]
    assert "påmeldingssystemet svarer ikke" in visitor.text.lower()
    assert "Send forespørselen" in visitor.text


def test_terms_are_judged_by_the_server(visit):
    visitor = visit().preview(filled())
    visitor.press("send")
    assert visitor.codes == {"terms_not_accepted"}
    assert not Booking.objects.exists()
    assert visitor.page.context["is_checked"], "the price need not be asked for again"
    visitor.book()
    assert Booking.objects.get().terms.text == "<p>Påmeldingen er bindende.</p>"


def test_terms_that_changed_meanwhile_are_accepted_anew(visit):
    from tests.factories import make_terms

    visitor = visit().preview(filled())
    newer = make_terms(version="2")
    visitor.book()
    assert visitor.codes == {"terms_changed"}
    assert not Booking.objects.exists()
    visitor.book()
    assert Booking.objects.get().terms == newer


def test_withdrawal_and_privacy_are_linked_beside_the_terms(visit):
    text = visit().preview(filled()).text
    for kind in ("terms", "withdrawal", "privacy"):
        assert reverse("terms", args=[kind]) in text.split('id="price"')[1]


def test_the_form_costs_the_same_queries_for_one_and_for_twelve(
    visit, django_assert_max_num_queries
):
    visitor = visit()
    for names in (TWELVE[:1], TWELVE):
        visitor.preview(filled(*names))
        with django_assert_max_num_queries(7):
            visitor.reload()


def test_a_press_costs_no_more_queries_than_it_must(visit, django_assert_max_num_queries):
    visitor = visit()
    pressed = filled() | {"form": visitor.token, "terms": visitor.page.context["terms"].pk}
    for more, queries in (
        ({"action": "preview"}, 23),
        ({"action": "send", "accept_terms": "on"}, 23),
    ):
        with django_assert_max_num_queries(queries):
            answer = visitor.client.post(visitor.address, pressed | more)
        assert answer.status_code in (302, 303)
    assert Booking.objects.count() == 1


def test_hostile_text_is_shown_as_text(visit):
    visitor = visit().preview(filled(company="<script>alert(1)</script>"))
    assert "<script>alert" not in visitor.page.content.decode()


def test_a_post_of_rubbish_is_answered_with_the_form(visit):
    visitor = visit()
    for fields in ({}, {"remove": "x"}, {"remove": "99"}, {"participant-9999-firstname": "x"}):
        answer = visitor.client.post(visitor.address, fields)
        assert answer.status_code == 303
        assert visitor.client.get(answer["Location"].split("#")[0]).status_code == 200


def test_ola_in_english(visit):
    visitor = visit(language="en").preview(filled(buyer=""))
    assert "Choose private person or company." in visitor.text


def test_where_no_terms_are_published_none_need_to_be_accepted(visit, work):
    Terms.objects.all().delete()
    visitor = visit().preview(filled())
    assert "Jeg godtar vilkårene" not in visitor.text
    visitor.press("send", filled(accept_terms=""))
    assert Booking.objects.get().terms is None


def test_what_one_place_costs_is_said_before_the_form(visit):
    text = visit(13100029).text.replace("\xa0", " ").split("<form")[0]
    assert "Pris per deltaker" in text
    assert "3 290,50 kr" in text
    assert "ekskl. mva." in text


def test_the_preview_and_the_receipt_say_who_is_invoiced(visit):
    visitor = visit(13100003).preview(filled(gln_number="7080000000012"))
    for page in ("preview", "receipt"):
        payer = visitor.text.split('class="payer"')[1].split("</div>")[0]
        for words in (
            *("Bygg Eksempel AS", "Organisasjonsnummer 974760673", "GLN 7080000000012"),
            *("Postboks 12", "0155 Oslo", "faktura@bygg.example", "Deres referanse: PO-4471"),
        ):
            assert words in payer
        if page == "preview":
            visitor.book()


def test_a_private_person_is_invoiced_by_name(visit):
    company = ("company", "company_number", "invoice_reference", "invoice_email")
    fields = filled(buyer="private") | dict.fromkeys(company, "")
    payer = visit().preview(fields).text.split('class="payer"')[1].split("</div>")[0]
    assert "Kari Fjeld" in payer
    assert "privatperson" in payer
    assert "kari@bygg.example" in payer


@pytest.mark.parametrize("code", [{"campaign_code": "GRATIS100"}, {"voucher_code": "GAVE50000"}])
def test_where_nothing_is_to_be_paid_nobody_is_invoiced(visit, code):
    visitor = visit(13100003).preview(filled(**code))
    assert "ingenting å betale" in visitor.text
    assert "betalingsplikt" not in visitor.text
    visitor.book()
    assert "ingenting å betale" in visitor.text


def test_a_gift_card_shows_what_is_left_and_until_when(visit):
    visitor = visit(13100003).preview(filled("Ola Hansen", voucher_code="GAVE50000"))
    line = visitor.page.context["outcome"]["price"]["lines"][-2]
    assert line["until"]
    text = visitor.text.replace("\xa0", " ")
    assert "Igjen på det etterpå: 41 375 kr" in text
    assert "Det gjelder til og med" in text


def test_what_is_optional_is_folded_until_it_holds_something(visit):
    visitor = visit()
    assert visitor.text.count("<details") == 3
    assert '<details class="more" open' not in visitor.text
    visitor.preview(filled(campaign_code="FEIL", booker_firstname=""))
    assert '<details class="more" id="codes" open>' in visitor.text
    assert '<details class="more" open>' in visitor.text, "the invoice's address"
    assert '<details class="more" id="paste">' in visitor.text
