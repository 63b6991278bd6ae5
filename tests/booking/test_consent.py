"""What was accepted stands with the booking: text, version, language and moment."""

import pytest
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from booking.models import Booking
from catalog.models import Terms
from tests.booking.conftest import filled
from tests.factories import make_terms


@pytest.mark.parametrize(("language", "text"), [("nb", "bindende"), ("en", "binding")])
def test_text_version_language_and_moment_of_what_was_shown_stand_with_the_booking(
    visit, language, text
):
    kinds = [Terms.Kind.WITHDRAWAL, Terms.Kind.PRIVACY]
    beside = [make_terms(kind, language, text=f"<p>{kind}</p>") for kind in kinds]
    before = timezone.now()
    visit(language=language).preview(filled()).book()
    booking = Booking.objects.get()
    assert booking.terms.language == booking.language == language
    assert booking.terms.version == "1"
    assert text in booking.terms.text
    assert before <= booking.terms_accepted_at <= timezone.now()
    assert [booking.withdrawal, booking.privacy] == beside


def test_where_a_text_is_in_norwegian_only_that_one_is_what_was_accepted(visit):
    Terms.objects.filter(language="en").delete()
    visit(language="en").preview(filled()).book()
    booking = Booking.objects.get()
    assert (booking.language, booking.terms.language) == ("en", "nb")


def test_a_tick_for_one_version_is_none_for_the_next(visit):
    visitor = visit()
    visitor.press("preview", filled(accept_terms="on"))
    assert visitor.entry.form["accept_terms"].value()
    newer = make_terms(version="2")
    visitor.reload()
    assert visitor.page.context["terms"] == newer
    assert not visitor.entry.form["accept_terms"].value()
    visitor.press("send")
    assert not Booking.objects.exists()
    visitor.book()
    assert Booking.objects.get().terms == newer


def test_a_tick_for_one_language_is_none_for_another(visit):
    visitor = visit()
    visitor.press("preview", filled(accept_terms="on"))
    english = visitor.location.split("#")[0].replace("/booking/ny/", "/en/booking/new/")
    visitor.go(english)
    assert visitor.page.context["terms"].language == "en"
    assert not visitor.entry.form["accept_terms"].value()


def test_what_was_accepted_outlives_newer_versions_and_cannot_be_deleted(visit, admin_client):
    visit().preview(filled()).book()
    booking = Booking.objects.get()
    make_terms(version="2", text="<p>Annerledes.</p>")
    for name in ("terms", "withdrawal", "privacy"):
        field = Booking._meta.get_field(name)
        assert field.remote_field.on_delete.__name__ == "PROTECT"
    with pytest.raises(ProtectedError):
        booking.terms.delete()
    address = reverse("admin:catalog_terms_delete", args=[booking.terms_id])
    assert admin_client.post(address, {"post": "yes"}).status_code == 403
    booking.refresh_from_db()
    assert "bindende" in booking.terms.text


def test_staff_read_the_accepted_text_on_the_bookings_page(visit, admin_client):
    make_terms(Terms.Kind.PRIVACY, text="<p>Vi sletter i tide.</p>", version="3b")
    visit().preview(filled()).book()
    booking = Booking.objects.get()
    page = admin_client.get(reverse("admin:booking_booking_change", args=[booking.pk]))
    text = page.content.decode()
    assert "Påmeldingen er bindende." in text
    assert "Vi sletter i tide." in text
    assert "3b" in text
    accepted = timezone.localtime(booking.terms_accepted_at)
    assert f"{accepted:%H:%M}" in text
