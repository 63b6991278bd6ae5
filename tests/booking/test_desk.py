"""The course desk: find a booking, read it, and book for somebody on the phone."""

from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Booking
from tests.booking.builders import saved
from tests.booking.conftest import filled
from tests.factories import make_category, make_date, make_provider

LIST = "admin:booking_booking_changelist"


# --- Finding ----------------------------------------------------------------------------------


@pytest.fixture
def bookings(db):
    """A booking of each of three secretaries."""
    date = make_date(title="Varme arbeider")
    return (
        saved(coursedate=date, order_id=301455, remote_booking_id=512088),
        saved(
            coursedate=date,
            people=("Øyvind Ås", "Bjørn Blå"),
            booker_firstname="Nina",
            booker_lastname="Berg",
            booker_email="nina@else.example",
            booker_phone="+46812345678",
            company="Ålgård Bygg AS",
            company_number="",
            invoice_reference="",
        ),
        saved(
            coursedate=date,
            people=("Per Hansen",),
            booker_firstname="Per",
            booker_lastname="Hansen",
            booker_email="per@hansen.example",
            booker_phone="+4799887766",
            company="",
            company_number="",
            invoice_reference="",
        ),
    )


def found(admin_client, words):
    page = admin_client.get(reverse(LIST), {"q": words})
    assert page.status_code == 200
    return set(page.context["cl"].queryset)


@pytest.mark.parametrize(
    ("words", "whose"),
    [
        ("Kari Fjeld", 0),
        ("fjeld kari", 0),
        ("kari@bygg", 0),
        ("301455", 0),
        ("512088", 0),
        ("974 760 673", 0),
        ("41200000", 0),
        ("412 00 000", 0),
        ("+47 41 20 00 00", 0),
        ("0047 41200000", 0),
        ("(+47) 412-00-000", 0),
        ("08-123 456 78", 1),
        ("+46 8 123 456 78", 1),
        ("øyvind ås", 1),
        ("ØYVIND", 1),
        ("bjørn@bygg", None),
        ("bjorn@bygg", 1),
        ("ålgård", 1),
        ("ÅLGÅRD bygg", 1),
        ("99887766", 2),
        ("per hansen", 2),
        ("Fjeld, Kari", 0),
        ("<kari@bygg.example>", 0),
        ("#301455", 0),
        ("po-4471", 0),
        ("kari berg", None),
        ("nobody", None),
        ("123", None),
        ("9" * 40, None),
    ],
)
def test_a_booking_is_found_by_whatever_a_caller_says(admin_client, bookings, words, whose):
    assert found(admin_client, words) == (set() if whose is None else {bookings[whose]})


def test_a_booking_is_found_by_its_reference_in_any_capitals(admin_client, bookings):
    for booking in bookings:
        assert found(admin_client, booking.reference) == {booking}
        assert found(admin_client, f" {booking.reference.lower()} ") == {booking}
        for spelt in (f"{booking.reference[:4]} {booking.reference[4:]}", f"#{booking.reference}"):
            assert found(admin_client, spelt) == {booking}, "as it is spelt out on the phone"


def test_the_whole_of_a_number_or_an_e_mail_is_no_part_of_another(admin_client, bookings):
    kari, nina, per = bookings
    for booking, changes in (
        (nina, {"booker_phone": "+4790301455", "invoice_reference": kari.reference}),
        (per, {"booker_email": "not-kari@bygg.example", "booker_phone": "+46412000001"}),
    ):
        Booking.objects.filter(pk=booking.pk).update(**changes)
    for words in ("301455", kari.reference, "KARI@bygg.example", "41200000"):
        assert found(admin_client, words) == {kari}
    assert found(admin_client, "bygg.example fjeld 301455") == {kari}
    Booking.objects.filter(pk=per.pk).update(remote_booking_id=301455)
    assert found(admin_client, "301455") == {kari, per}, "whosever number it is"
    assert found(admin_client, "30145") == bookings_with("90301455"), "a part is a part"


def bookings_with(digits):
    return set(Booking.objects.filter(booker_phone__contains=digits))


def test_an_exact_reference_costs_no_look_into_every_name(admin_client, bookings):
    with CaptureQueriesContext(connection) as queries:
        found(admin_client, bookings[0].reference)
    assert not [one for one in queries if '"firstname" LIKE' in one["sql"]]


def test_a_name_that_several_bear_finds_them_all_once(admin_client, bookings):
    assert found(admin_client, "hansen") == {bookings[0], bookings[2]}
    assert found(admin_client, "") == set(bookings)


# --- Reading ----------------------------------------------------------------------------------


def page_of(admin_client, booking):
    address = reverse("admin:booking_booking_change", args=[booking.pk])
    return unescape(admin_client.get(address).content.decode())


def test_the_page_tells_everything_about_a_booking(admin_client, bookings):
    booking = bookings[0]
    Booking.objects.filter(pk=booking.pk).update(
        status="confirmed", answered_excl_vat=4980, answered_vat=1245, answered_incl_vat=6225
    )
    booking.keep_for_staff(Booking.Hold.EXPIRED)
    booking.events.create(what="found", by="staff: ida", before="uncertain", after="confirmed")
    text = page_of(admin_client, booking)
    for words in (
        "bekreftet",
        "Varme arbeider",
        "Ola Hansen",
        "Åse Ørn",
        "Kari Fjeld",
        "PO-4471",
        "2 deltakere",
        "Slik prisen ble vist",
        "6\xa0225",
        "den besøkende",
        "ida",
        "funnet i Frontcore",
    ):
        assert words in text, words


def test_the_page_costs_few_queries_however_long_its_history(admin_client, bookings):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            page_of(admin_client, bookings[0])
        return len(captured)

    cost()
    few = cost()
    for _ in range(30):
        bookings[0].tell("looked_up", by="worker", note="maybe")
    assert cost() == few


def test_the_visitors_link_is_shown_on_request_only_and_the_history_tells(admin_client, bookings):
    booking = bookings[0]
    assert booking.link_token not in page_of(admin_client, booking)
    address = reverse("admin:booking_booking_link", args=[booking.pk])
    assert admin_client.get(address).status_code == 405
    assert not booking.events.filter(what="link_shown").exists()
    answer = admin_client.post(address)
    assert booking.link_token in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    (line,) = booking.events.filter(what="link_shown")
    assert line.by == "staff: admin"
    assert booking.link_token not in page_of(admin_client, booking)


def test_nobody_edits_or_deletes_a_booking_by_hand(admin_client, bookings):
    for name in ("change", "delete"):
        address = reverse(f"admin:booking_booking_{name}", args=[bookings[0].pk])
        assert admin_client.post(address, {"post": "yes", "status": "refused"}).status_code == 403
    assert admin_client.get(reverse("admin:booking_booking_add")).status_code == 403


# --- Booking for a caller ---------------------------------------------------------------------


@pytest.fixture
def clerk(client, django_user_model):
    """Ida of the course desk, signed in."""
    call_command("install_groups", verbosity=0)
    user = django_user_model.objects.create_user("ida", is_staff=True)
    user.groups.add(Group.objects.get(name="Kurskontor"))
    client.force_login(user)
    return user


class Desk:
    def open(self, visit):
        visitor = visit()
        visitor.page = visitor.client.get(visitor.address, {"desk": "1"})
        return visitor


def test_staff_book_for_a_caller_through_the_visitors_form(visit, clerk, work):
    form = Desk().open(visit)
    assert "for en som ringer, som ida" in form.text
    form.preview(filled(), desk="1")
    assert "desk=1" in form.location
    assert "for en som ringer, som ida" in form.text
    assert "Jeg har fortalt den som ringer om vilkårene" in form.text
    form.press("send", form.typed() | {"accept_terms": "on"}, desk="1")
    booking = work()
    assert (booking.booked_by, booking.status) == ("ida", "confirmed")
    assert booking.events.get(what="received").by == "staff: ida"
    page = reverse("admin:booking_booking_change", args=[booking.pk])
    assert "ida meldte på for en som ringte" in form.client.get(page).content.decode()


@pytest.mark.parametrize("signed_in", [False, True])
def test_who_may_not_book_for_others_gets_the_ordinary_form(
    visit, client, django_user_model, signed_in
):
    if signed_in:
        client.force_login(django_user_model.objects.create_user("per", is_staff=True))
    form = Desk().open(visit)
    assert form.page.status_code == 200
    assert "for en som ringer" not in form.text
    assert 'name="desk"' not in form.text
    form.preview(filled()).book()
    assert Booking.objects.get().booked_by == ""


def test_a_clerk_who_was_signed_out_meanwhile_loses_nothing_and_books_nothing(visit, clerk, client):
    form = Desk().open(visit)
    form.preview(filled(), desk="1")
    client.logout()
    form.press("send", filled(accept_terms="on"), desk="1")
    assert not Booking.objects.exists()
    assert "desk_lapsed" in form.codes
    assert form.typed()["booker_lastname"] == "Fjeld"
    assert 'name="desk"' not in form.text


def test_without_the_mark_staff_book_as_anybody(booked, clerk):
    booked()
    assert Booking.objects.get().booked_by == ""


def test_the_date_in_the_admin_leads_to_the_form(admin_client, db):
    date = make_date()
    page = admin_client.get(reverse("admin:catalog_coursedate_change", args=[date.pk]))
    assert f"{reverse('book', args=[date.remote_id])}?desk=1" in page.content.decode()


# --- The group --------------------------------------------------------------------------------


def test_the_front_page_leads_to_where_a_caller_is_booked(clerk, client, django_user_model):
    address = reverse("admin:catalog_coursedate_changelist")
    for name in ("admin:index", LIST):
        assert f'{address}">Meld på' in client.get(reverse(name)).content.decode()
    reader = django_user_model.objects.create_user("reader", password="x", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_booking"))
    client.force_login(reader)
    assert "Meld på" not in client.get(reverse("admin:index")).content.decode()


def test_the_course_desk_may_work_with_bookings_and_nothing_else(clerk, client, db):
    for name in (LIST, "admin:booking_queue_changelist", "admin:catalog_coursedate_changelist"):
        assert client.get(reverse(name)).status_code == 200
    for name in ("admin:auth_user_changelist", "admin:catalog_provider_add"):
        assert client.get(reverse(name)).status_code == 403


def test_editors_see_to_how_courses_are_found_and_shown_and_see_nobodys_booking(client, db):
    call_command("install_groups", verbosity=0)
    editor = User.objects.create_user("eva", is_staff=True)
    editor.groups.add(Group.objects.get(name="Redaksjon"))
    client.force_login(editor)
    date, provider = make_date(), make_provider()
    category = make_category()
    pages = [
        reverse("admin:catalog_synonym_add"),
        reverse("admin:catalog_category_change", args=[category.pk]),
        reverse("admin:catalog_provider_change", args=[provider.pk]),
        reverse("admin:catalog_course_change", args=[date.course.pk]),
        reverse("admin:catalog_coursedate_change", args=[date.pk]),
    ]
    for page in pages:
        assert 'name="_save"' in client.get(page).content.decode(), page
    for name in (LIST, "admin:booking_interest_changelist", "admin:booking_mail_changelist"):
        assert client.get(reverse(name)).status_code == 403
    assert client.get(reverse("admin:catalog_terms_add")).status_code == 403


def test_a_group_that_was_made_in_another_language_is_the_same_group(db):
    Group.objects.create(name="Course desk")
    call_command("install_groups", verbosity=0)
    assert {group.name for group in Group.objects.all()} == {"Course desk", "Redaksjon"}


def test_what_the_queue_shows_the_course_desk_it_may_open(clerk, client, db):
    for name in ("followup", "mail", "changerequest", "participant"):
        assert client.get(reverse(f"admin:booking_{name}_changelist")).status_code == 200


def test_the_group_is_made_once_and_then_left_to_the_provider(db):
    call_command("install_groups", verbosity=0)
    group = Group.objects.get(name="Kurskontor")
    group.permissions.add(Permission.objects.get(codename="add_user"))
    call_command("install_groups", verbosity=0)
    assert group.permissions.filter(codename="add_user").exists()
