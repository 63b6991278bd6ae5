"""Price groups: each participant takes a price of the course; nothing about it is hidden."""

from decimal import Decimal as D

import pytest
from django.core import mail
from django.urls import reverse

from booking import mails
from booking.models import Booking, Draft
from tests.booking.conftest import filled
from tests.booking.test_totals import as_money, shown_money

TRUCK, ONE_PRICE = 13100003, 13100001  # the truck course has an ordinary and a member price


@pytest.fixture
def groups(visit):
    """A visitor before the form of a course with two prices, and the keys of these."""
    visitor = visit(TRUCK)
    ordinary, member = visitor.entry.groups
    assert (ordinary.name, member.name) == ("Ordinær pris", "Medlem")
    return visitor, ordinary, member


def mixed(member, **changes):
    """Three people, the second a member."""
    return (
        filled("Ola Hansen", "Åse Ørn", "Per Ås", **{"participant-1-group": member.key}) | changes
    )


def test_a_course_with_one_price_asks_nothing(visit):
    visitor = visit(ONE_PRICE)
    assert visitor.entry.groups == []
    assert "-group" not in visitor.text


def test_an_archived_price_is_not_offered(groups):
    visitor, *_ = groups
    assert "Utgått" not in visitor.text


def test_the_price_is_said_before_anything_is_typed(groups):
    visitor, _ordinary, _member = groups
    text = visitor.text.replace("\xa0", " ").split("<form")[0]
    assert "Ordinær pris 6 900 kr, Medlem 6 200 kr" in " ".join(text.split())


def test_the_preview_has_a_line_for_each_price(groups):
    visitor, _ordinary, member = groups
    visitor.preview(mixed(member))
    lines = visitor.page.context["outcome"]["price"]["lines"]
    assert [(x["group"], x["quantity"], x["amount"]) for x in lines if x["kind"] == "course"] == [
        ("Ordinær pris", 2, "13800.00"),
        ("Medlem", 1, "6200.00"),
    ]
    assert "Åse Ørn (Medlem)" in visitor.text
    assert shown_money(visitor) == as_money(lines)


def test_who_books_chooses_too_when_taking_part(groups):
    visitor, _ordinary, member = groups
    visitor.preview(filled("Ola Hansen", takes_part="on", **{"own-group": member.key}))
    assert [person.group.name for person in visitor.entry.people()] == ["Medlem", "Ordinær pris"]
    visitor.preview(filled("Ola Hansen", **{"own-group": member.key}))
    assert [person.group.name for person in visitor.entry.people()] == ["Ordinær pris"]


def test_each_participant_is_kept_with_the_price_that_was_shown(groups):
    visitor, ordinary, member = groups
    visitor.preview(mixed(member)).book()
    kept = [
        (person.product.remote_id, person.price_group, person.unit_price)
        for person in Booking.objects.get().participants.select_related("product")
    ]
    assert kept == [
        (int(ordinary.key), "Ordinær pris", D("6900")),
        (int(member.key), "Medlem", D("6200")),
        (int(ordinary.key), "Ordinær pris", D("6900")),
    ]


def test_with_one_price_the_participant_keeps_it_without_a_group(booked):
    booked(ONE_PRICE)
    person = Booking.objects.get().participants.first()
    assert person.product is None
    assert person.price_group == ""
    assert person.unit_price > 0


def test_not_sent_along_staff_confirm_it_and_the_difference_is_told(
    groups, work, simulator, settings, admin_client
):
    settings.ADMINS = [("", "staff@fjordskolen.example")]
    visitor, _ordinary, member = groups
    visitor.preview(mixed(member))
    assert "Vi bekrefter denne prisen" in visitor.text
    visitor.book()
    assert "Vi bekrefter denne prisen" in visitor.text
    booking = work()
    (line,) = simulator.state()["orders"][0]["lines"]
    assert (line["quantity"], line["price"]) == (3, "6900.00")
    assert booking.totals_differ, "expected, and still never hidden"
    assert booking.answered_excl_vat - booking.shown_excl_vat == D("700")
    assert "viser bestillingen ordinær pris" in visitor.reload().text
    assert "prisgruppe" in mail.outbox[0].body, "and why"
    page = admin_client.get(reverse("admin:booking_booking_change", args=[booking.pk]))
    assert "Medlem" in page.content.decode()
    assert booking in Booking.objects.needs_staff()


def test_nobody_is_told_of_staff_where_all_take_the_ordinary_price(groups, work):
    visitor, *_ = groups
    visitor.preview(filled())
    assert "Vi bekrefter denne prisen" not in visitor.text
    visitor.book()
    assert not work().totals_differ


def test_sent_along_the_order_says_what_was_shown(groups, work, simulator, settings):
    settings.SEND_PRODUCTS = True
    visitor, ordinary, member = groups
    visitor.preview(mixed(member))
    assert "Vi bekrefter denne prisen" not in visitor.text
    visitor.book()
    booking = work()
    assert booking.status == Booking.Status.CONFIRMED
    assert not booking.totals_differ
    lines = simulator.state()["orders"][0]["lines"]
    assert {(line["product_id"], line["quantity"], line["price"]) for line in lines} == {
        (int(ordinary.key), 2, "6900.00"),
        (int(member.key), 1, "6200.00"),
    }


@pytest.mark.parametrize("codes", [{"campaign_code": "SOMMER10"}, {"campaign_code": "SPAR500"},
                                   {"voucher_code": "GAVE1500"}])  # fmt: skip
def test_with_codes_the_sum_is_the_orders_too(groups, work, settings, codes):
    settings.SEND_PRODUCTS = True
    visitor, _ordinary, member = groups
    visitor.preview(mixed(member, **codes)).book()
    assert not work().totals_differ


def test_another_price_is_other_content(groups):
    visitor, ordinary, member = groups
    visitor.preview(mixed(member))
    visitor.press("send", mixed(ordinary, accept_terms="on"))
    assert not Booking.objects.exists()
    assert "Du har endret noe" in visitor.text


def test_a_price_that_has_changed_is_shown_again_before_it_is_sent(groups, work, simulator):
    visitor, _ordinary, member = groups
    visitor.preview(mixed(member)).book()
    simulator.edit(product=int(member.key), set={"price": 6300})
    assert work().refusal_code == "price_changed"
    visitor.reload().go(visitor.link("Tilbake til det utfylte skjemaet"))
    assert visitor.typed().items() >= mixed(member).items()


def test_a_price_that_is_gone_is_named_at_its_participant(groups):
    visitor, _ordinary, member = groups
    member.product.withdrawn_at = member.product.fetched_at
    member.product.save()
    other = type(member.product)(
        **{
            field.attname: getattr(member.product, field.attname)
            for field in member.product._meta.fields
            if field.attname not in {"id", "remote_id", "withdrawn_at", "label"}
        },
        remote_id=999_999,
        label="Pensjonist",
    )
    other.save()
    visitor.reload().preview(mixed(member))
    assert set(visitor.entry.rows[1].errors) == {"group"}
    assert visitor.typed()["participant-1-lastname"] == "Ørn"


def test_a_row_with_a_price_and_nobody_in_it_counts_for_nothing(groups):
    visitor, ordinary, _ = groups
    visitor.preview(filled("Ola Hansen") | {"participant-1-group": ordinary.key})
    assert visitor.page.context["is_checked"]
    assert len(visitor.entry.people()) == 1


def test_a_refused_booking_comes_back_with_its_prices(groups, work, simulator):
    visitor, ordinary, member = groups
    visitor.preview(mixed(member)).book()
    simulator.fault("POST", "/booking", "error", code="fields_not_valid", message="No.")
    work()
    Draft.objects.all().delete()  # even where the draft is gone
    visitor.reload().go(visitor.link("Tilbake til det utfylte skjemaet"))
    assert [row["group"].value() for row in visitor.entry.rows] == [
        ordinary.key,
        member.key,
        ordinary.key,
    ]


def test_pasted_people_take_the_ordinary_price_until_another_is_chosen(groups):
    visitor, ordinary, member = groups
    visitor.press(
        "paste", filled(**{"participant-0-group": member.key}, paste="Siv Dal;s@x.example")
    )
    chosen = [row["group"].value() for row in visitor.entry.rows]
    assert chosen == [member.key, ordinary.key, ordinary.key]


@pytest.mark.parametrize("are_sent", [True, False])
def test_the_mail_tells_of_prices_as_the_page_does(groups, work, settings, are_sent):
    settings.SEND_PRODUCTS = are_sent
    visitor, _ordinary, member = groups
    visitor.preview(mixed(member, voucher_code="GAVE50000")).book()
    booking = work()
    mails.send_due()
    text = booking.mails.get(kind="confirmed", audience="booker").text.replace("\xa0", " ")
    if are_sent:
        for words in ("1 deltaker × 6 200 kr", "Medlem", "Igjen på det etterpå", "til og med"):
            assert words in text
    else:
        assert "viser bestillingen ordinær pris" in text, "why the order differs"
