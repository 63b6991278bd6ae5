"""A customer's own link fills in the form, until it expires or is withdrawn."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from booking.models import Booking, TeamLink
from tests.booking.conftest import people

GIVEN = {
    "company": "Bygg Eksempel AS",
    "company_number": "974760673",
    "gln_number": "7080001234560",
    "invoice_reference": "Rammeavtale 7",
    "invoice_email": "faktura@bygg.example",
    "invoice_address": "Postboks 12",
    "invoice_zipcode": "0155",
    "invoice_city": "Oslo",
    "campaign_code": "SOMMER10",
}
BOOKER = {
    "booker_firstname": "Kari",
    "booker_lastname": "Fjeld",
    "booker_email": "kari@bygg.example",
    "booker_phone": "41 20 00 00",
}


@pytest.fixture
def link(db):
    return make_link()


def make_link(**given):
    values = {"name": "Bygg, rammeavtale", "expires_at": timezone.now() + timedelta(days=90)}
    return TeamLink.objects.create(**(values | GIVEN | given))


def open_link(visitor, link):
    return visitor.client.get(reverse("team", args=[link.token]))


def test_the_page_says_for_whom_and_leads_to_the_courses(client, link):
    page = client.get(reverse("team", args=[link.token]))
    assert page.status_code == 200
    assert "Du bestiller for Bygg Eksempel AS" in page.text
    assert reverse("course_list") in page.text
    for hidden in ("SOMMER10", "974760673", "faktura@", "Rammeavtale"):
        assert hidden not in page.text


def test_the_cookie_is_for_the_server_and_this_site_only_and_ends_in_time(client, link, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = client.get(reverse("team", args=[link.token])).cookies["team"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert 29 * 86400 < cookie["max-age"] <= 30 * 86400
    short = make_link(expires_at=timezone.now() + timedelta(days=2))
    cookie = client.get(reverse("team", args=[short.token])).cookies["team"]
    assert cookie["max-age"] <= 2 * 86400


def test_the_form_is_filled_in_and_says_for_whom(visit, link):
    visitor = visit(13100001)
    open_link(visitor, link)
    visitor.go(visitor.address)
    assert visitor.typed() == GIVEN | {"buyer": "company"}
    assert "Fylt ut for Bygg Eksempel AS" in visitor.text
    assert not visitor.entry.has_errors


def test_a_booking_by_the_link_is_kept_with_it(visit, link):
    visitor = visit(13100001)
    open_link(visitor, link)
    visitor.go(visitor.address)
    visitor.preview(visitor.typed() | BOOKER | people("Ola Hansen")).book()
    booking = Booking.objects.get()
    assert booking.team_link == link
    assert booking.campaign_code == "SOMMER10"
    assert booking.invoice_reference == "Rammeavtale 7"


def test_who_types_another_company_books_by_no_link(visit, link):
    visitor = visit(13100001)
    open_link(visitor, link)
    visitor.go(visitor.address)
    typed = visitor.typed() | BOOKER | people("Ola Hansen")
    typed |= {"company": "Et annet firma AS", "company_number": "", "gln_number": ""}
    visitor.preview(typed)
    assert "Fylt ut for" not in visitor.text
    visitor.book()
    assert Booking.objects.get().team_link is None


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_a_link_that_ended_in_between_leaves_what_is_typed(visit, link, how):
    visitor = visit(13100001)
    open_link(visitor, link)
    visitor.go(visitor.address)
    visitor.preview(visitor.typed() | BOOKER | people("Ola Hansen"))
    typed = visitor.typed()
    if how == "withdrawn":
        link.withdraw()
    else:
        TeamLink.objects.update(expires_at=timezone.now())
    visitor.reload()
    assert visitor.typed() == typed
    visitor.book()
    booking = Booking.objects.get()
    assert booking.company == "Bygg Eksempel AS"
    assert booking.team_link is None
    visitor.go(visitor.address)
    assert visitor.typed() == {}, "the next form is empty"


def test_altered_expired_withdrawn_and_unknown_links_look_alike(client, link, visit):
    visitor = visit()
    expired = make_link(expires_at=timezone.now())
    withdrawn = make_link()
    withdrawn.withdraw()
    number, signature = link.token.split(".")
    pages = set()
    for token in (
        f"{int(number) + 1}.{signature}",
        link.token + "x",
        link.token[:-1],
        number,
        expired.token,
        withdrawn.token,
        Signer(sep=".", salt="booking.team.1").sign(10**6),
        Signer(sep=".", salt="another").sign(link.pk),
    ):
        page = client.get(reverse("team", args=[token]))
        assert page.status_code == 404
        assert not page.cookies
        pages.add(page.text.replace(f"/{escape(token)}/", "/TOKEN/"))
        client.cookies["team"] = token
        assert visitor.go(visitor.address).typed() == {}
    assert len(pages) == 1
    assert "gjelder ikke lenger" in page.text
    assert reverse("course_list") in page.text


def test_not_you_takes_out_what_came_from_the_link_and_nothing_else(visit, link):
    visitor = visit(13100001)
    open_link(visitor, link)
    visitor.go(visitor.address)
    typed = visitor.typed() | BOOKER | people("Ola Hansen") | {"invoice_city": "Bergen"}
    visitor.press("leave-team", typed)
    own = BOOKER | people("Ola Hansen") | {"invoice_city": "Bergen", "buyer": "company"}
    assert visitor.typed() == own
    assert "team" not in visitor.client.cookies or not visitor.client.cookies["team"].value
    assert visitor.go(visitor.address).typed() == {}


def test_the_address_says_nothing_of_anybody(link):
    path = link.address.split("//")[1].split("/", 1)[1]
    assert path.startswith("bedrift/")
    for known in ("bygg", "974760673", "sommer", "faktura"):
        assert known not in path.lower()


def test_public_pages_neither_read_nor_set_the_cookie(visit, link):
    visitor = visit()
    course = visitor.coursedate.course.get_absolute_url()
    for address in ("/", reverse("course_list"), reverse("calendar"), course):
        without = Client().get(address)
        with_cookie = Client()
        with_cookie.cookies["team"] = link.token
        page = with_cookie.get(address)
        assert page.content == without.content
        assert not page.cookies
        assert "Cookie" not in page.get("Vary", "")
        assert "SOMMER10" not in page.text


# --- For staff --------------------------------------------------------------------------------


def made_in_admin(admin_client, **changes):
    address = reverse("admin:booking_teamlink_add")
    form = admin_client.get(address).context["adminform"].form
    until = form.initial["expires_at"]
    fields = {"name": "Bygg", "expires_at_0": f"{until:%Y-%m-%d}", "expires_at_1": f"{until:%H:%M}"}
    answer = admin_client.post(address, fields | GIVEN | changes, follow=True)
    return answer, TeamLink.objects.latest("pk")


def test_staff_make_a_link_and_see_its_address_then_and_later(admin_client):
    answer, link = made_in_admin(admin_client)
    assert link.address in answer.text
    assert link.made_by == "admin"
    assert timedelta(days=180) < link.expires_at - timezone.now() < timedelta(days=185)
    page = admin_client.get(reverse("admin:booking_teamlink_change", args=[link.pk]))
    assert link.address in page.text


def test_a_number_that_does_not_fit_is_told_and_saved(admin_client):
    answer, link = made_in_admin(admin_client, company_number="974760674")
    assert link.company_number == "974760674"
    assert "sifrene går ikke opp" in answer.text


def test_staff_withdraw_a_link_at_once(admin_client, client, link):
    address = reverse("admin:booking_teamlink_changelist")
    admin_client.post(address, {"action": "withdraw", "_selected_action": [link.pk]})
    assert client.get(reverse("team", args=[link.token])).status_code == 404
    page = admin_client.get(address)
    assert "trukket tilbake" in page.text
    page = admin_client.get(reverse("admin:booking_teamlink_change", args=[link.pk]))
    assert link.address not in page.text


def test_staff_see_how_many_bookings_came_by_a_link(visit, booked, admin_client, link):
    visitor = visit(13100001)
    open_link(visitor, link)
    visitor.go(visitor.address)
    visitor.preview(visitor.typed() | BOOKER | people("Ola Hansen")).book()
    booked()
    page = admin_client.get(reverse("admin:booking_teamlink_changelist"))
    found = f"?team_link__id__exact={link.pk}"
    assert f'{found}">1</a>' in page.text
    bookings = admin_client.get(reverse("admin:booking_booking_changelist") + found)
    assert bookings.context["cl"].result_count == 1


def test_a_link_that_bookings_name_is_not_deleted(visit, admin_client, link):
    visitor = visit(13100001)
    open_link(visitor, link)
    visitor.go(visitor.address)
    visitor.preview(visitor.typed() | BOOKER | people("Ola Hansen")).book()
    answer = admin_client.post(reverse("admin:booking_teamlink_delete", args=[link.pk]))
    assert answer.status_code == 403
