"""Staff see who waits for what, course by course; and people are forgotten in time."""

import csv
import io
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from booking import export, person, retention
from booking.models import Interest, Mail
from tests.booking.forgetting import found_in_tables
from tests.booking.interested import KARI, Asker, asked, look, refreshed
from tests.factories import make_course, make_date, make_generation, make_provider

pytestmark = pytest.mark.django_db
LIST = reverse("admin:booking_interest_changelist")
SECRETS = (KARI, "Fjeld", "Helst på en mandag", "Voss sentrum")


@pytest.fixture
def course():
    make_provider()
    make_generation()
    return make_course()


@pytest.fixture
def interest(client, course):
    """Of somebody who has told all that can be told, with their mails sent."""
    Asker(client, course).press(place_other="Voss sentrum", at_workplace="on")
    look()
    return Interest.objects.get()


def fresh(row):
    row.refresh_from_db()
    return row


def act(client, action, *rows):
    return client.post(LIST, {"action": action, "_selected_action": [row.pk for row in rows]})


def clerk(client, *rights):
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return client


# --- The admin --------------------------------------------------------------------------------


def test_the_list_leads_to_each_course_with_how_many_wait_for_it(admin_client, course):
    wanted = make_course("Kranfører")
    asked(course)
    for number in range(3):
        asked(wanted, f"p{number}@x.example")
    asked(wanted, "told@x.example", told_at=timezone.now())
    text = admin_client.get(LIST).content.decode()
    assert text.index("Kranfører (3)") < text.index(f"{course.title} (1)")
    text = admin_client.get(LIST, {"course": wanted.pk}).content.decode()
    assert "p1@x.example" in text
    assert KARI not in text


@pytest.mark.parametrize("typed", ["999999", "9" * 30, "x", "²", ""])
def test_an_address_with_a_course_that_nobody_waits_for_shows_everybody(
    admin_client, interest, typed
):
    answer = admin_client.get(LIST, {"course": typed})
    assert answer.status_code == 200
    assert KARI in answer.content.decode()


@pytest.mark.parametrize(
    ("standing", "shown"),
    [
        ("new", {"new@x.example"}),
        ("waiting", {"new@x.example", "handled@x.example"}),
        ("told", {"told@x.example"}),
        ("forgotten", set()),
    ],
)
def test_the_list_can_be_narrowed_to_what_is_to_be_done(admin_client, course, standing, shown):
    now = timezone.now()
    asked(course, "new@x.example")
    asked(course, "handled@x.example", handled_at=now)
    asked(course, "told@x.example", told_at=now)
    text = admin_client.get(LIST, {"standing": standing}).content.decode()
    all_of_them = ("new@x.example", "handled@x.example", "told@x.example")
    assert {email for email in all_of_them if email in text} == shown


def test_the_page_of_a_course_tells_how_many_wait_for_a_date(admin_client, course):
    asked(course)
    page = admin_client.get(reverse("admin:catalog_course_change", args=[course.pk]))
    assert f'href="{LIST}?course={course.pk}">1 venter på en dato</a>' in page.content.decode()


def test_what_staff_have_handled_is_theirs_no_more_and_the_visitor_is_told_all_the_same(
    admin_client, interest, course
):
    act(admin_client, "mark_as_handled", interest)
    assert fresh(interest).handled_by == "staff: admin"
    assert not Interest.objects.unhandled().exists()
    page = admin_client.get(reverse("admin:booking_interest_change", args=[interest.pk]))
    assert "Helst på en mandag" in page.content.decode()
    make_date(course)
    assert len(refreshed()) == 1


def test_only_who_may_can_look_handle_export_or_forget(client, interest):
    assert clerk(client).get(LIST).status_code == 403
    User.objects.all().delete()
    text = clerk(client, "view_interest").get(LIST).content.decode()
    assert KARI in text
    for action in ("mark_as_handled", "export_csv", "export_xlsx", "forget"):
        act(client, action, interest)
    assert fresh(interest).handled_at is None
    assert fresh(interest).email == KARI


def test_who_waits_can_be_taken_along_in_a_file(admin_client, interest):
    answer = act(admin_client, "export_csv", interest)
    text = b"".join(answer.streaming_content).decode("utf-8").removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert list(row) == list(export.INTEREST_COLUMNS)
    assert (row["email"], row["seats"], row["at_workplace"]) == (KARI, "3", "1")
    assert row["place_in_own_words"] == "Voss sentrum"
    assert "interest-" in answer["Content-Disposition"]
    xlsx = act(admin_client, "export_xlsx", interest)
    assert b"".join(xlsx.streaming_content).startswith(b"PK")


def test_what_looks_like_a_formula_is_none(admin_client, course):
    interest = asked(course, name='=HYPERLINK("http://evil.example")')
    answer = act(admin_client, "export_csv", interest)
    assert ";\"'=HYPERLINK" in b"".join(answer.streaming_content).decode()


def test_staff_with_the_right_can_forget_somebody_at_once(admin_client, interest):
    act(admin_client, "forget", interest)
    assert found_in_tables(SECRETS) == set()
    assert fresh(interest).anonymised_at


# --- Forgetting -------------------------------------------------------------------------------


def test_nothing_of_somebody_who_has_stopped_is_found_anywhere(interest, course):
    assert {word for _, _, word in found_in_tables(SECRETS)} == set(SECRETS)
    interest.stop()
    assert found_in_tables(SECRETS) == set()
    kept = fresh(interest)
    assert (kept.course, kept.seats, kept.at_workplace) == (course, 3, True), "to be counted"


@pytest.mark.parametrize(
    ("told", "days", "forgotten"),
    [(False, 364, False), (False, 366, True), (True, 29, False), (True, 31, True)],
)
def test_they_are_kept_for_a_year_or_a_month_after_they_were_told(
    interest, settings, told, days, forgotten
):
    ago = timezone.now() - timedelta(days=days)
    Interest.objects.update(asked_at=ago, told_at=ago if told else None)
    planned = retention.what_is_over()
    assert planned["other"].get("interest", 0) == forgotten
    assert retention.forget() == planned
    assert (fresh(interest).anonymised_at is not None) is forgotten
    assert bool(found_in_tables(SECRETS)) is not forgotten


def test_who_asked_again_is_kept_from_then_on(client, interest, course):
    Interest.objects.update(asked_at=timezone.now() - timedelta(days=366))
    Asker(client, course).press()
    assert not retention.what_is_over()["other"].get("interest")


def test_a_shorter_period_can_be_set(interest, settings):
    settings.RETAIN_INTEREST = timedelta(days=10)
    Interest.objects.update(asked_at=timezone.now() - timedelta(days=11))
    assert retention.what_is_over()["other"]["interest"] == 1


def test_old_mails_about_interest_go_while_the_wish_stays(interest):
    Mail.objects.update(created_at=timezone.now() - timedelta(days=31))
    planned = retention.what_is_over()
    assert planned["other"]["mails about interest"] == 2
    assert retention.forget() == planned
    assert not Mail.objects.exists()
    assert fresh(interest).is_waiting


def test_the_dry_run_says_it_and_changes_nothing(interest):
    Interest.objects.update(asked_at=timezone.now() - timedelta(days=366))
    told = StringIO()
    call_command("forget_people", "--dry-run", stdout=told)
    assert "1 interest" in told.getvalue()
    assert fresh(interest).email == KARI


def test_one_person_can_have_all_that_is_known_and_be_forgotten(interest, course):
    asked(course, "other@x.example", name="Ola")
    known = person.everything_about("KARI@bygg.example")
    (one,) = known["interest"]
    assert (one["course__title"], one["message"]) == (course.title, "Helst på en mandag.")
    assert len(one["mails"]) == 1
    assert "Ola" not in person.as_json(known)
    would, _kept = person.what_would_go(KARI)
    assert would["interest"] == 1
    done, _kept = person.forget(KARI, by="test")
    assert done == would
    assert found_in_tables(SECRETS) == set()
    assert Interest.objects.waiting().get().name == "Ola"
