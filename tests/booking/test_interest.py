"""Asking to be told of a date: an address is enough, twice is once, and nobody learns of others."""

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core import mail as outgoing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from booking.models import Count, Interest, Mail
from catalog import timetable
from tests.booking.interested import KARI, WISH, Asker, address_of, asked, look
from tests.booking.test_spam import opened
from tests.factories import (
    in_days,
    make_course,
    make_date,
    make_generation,
    make_place,
    make_provider,
    make_terms,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    make_provider()
    make_terms(kind="privacy")
    return make_course()


@pytest.fixture
def asker(client, course):
    return Asker(client, course)


# --- The page ---------------------------------------------------------------------------------


def test_a_course_without_dates_has_a_form_on_an_address_of_its_own(client, course):
    assert address_of(course) == f"/kurs/{course.remote_id}-forstehjelp-pa-sjo/interesse/"
    assert address_of(course, "en").startswith(f"/en/courses/{course.remote_id}-")
    assert address_of(course, "en").endswith("/interest/")
    page = client.get(address_of(course))
    assert page.status_code == 200
    assert "noindex" in page["X-Robots-Tag"]
    text = page.content.decode()
    assert course.title in text
    assert "/personvern/" in text
    assert "365 dager" in text
    assert "style=" not in text
    assert "Tell me about new dates" in client.get(address_of(course, "en")).content.decode()


def test_a_wrong_slug_leads_to_the_right_address_and_an_unknown_course_nowhere(client, course):
    wrong = address_of(course).replace("forstehjelp", "annet")
    answer = client.get(wrong)
    assert (answer.status_code, answer["Location"]) == (301, address_of(course))
    assert client.get("/kurs/999999-x/interesse/").status_code == 404
    hidden = make_course("Internt", public=False)
    assert client.get(address_of(hidden)).status_code == 404
    assert client.post(address_of(hidden), WISH).status_code == 404


def test_what_was_typed_under_an_old_slug_is_not_lost(client, course):
    wrong = address_of(course).replace("forstehjelp", "annet")
    assert client.post(wrong, WISH).status_code == 303
    assert Interest.objects.get().course == course


def test_a_withdrawn_course_takes_interest_until_it_is_gone(client, course):
    course.withdrawn_at = timezone.now() - timedelta(days=1)
    course.save()
    assert Asker(client, course).press().status == 303
    course.withdrawn_at = timezone.now() - site.TOMBSTONE_PERIOD - timedelta(days=1)
    course.save()
    assert client.get(address_of(course)).status_code == 410
    assert client.post(address_of(course), WISH | {"email": "ny@x.example"}).status_code == 410
    assert Interest.objects.count() == 1


def test_dates_with_free_seats_are_named_before_anybody_waits_for_one(client, course):
    make_date(course, days=10)
    assert "1 dato har ledige plasser allerede" in Asker(client, course).text


def test_the_places_of_the_course_come_first_and_all_others_after(client, course):
    make_date(course, days=-200, place=make_place("Bergen", "Vestland"))
    make_date(make_course("Annet"), place=make_place("Alta", "Finnmark"))
    choices = Asker(client, course).page.context["form"].fields["place"].widget.choices
    groups = {str(name): rows for name, rows in choices if isinstance(rows, list)}
    assert [[value for value, _ in rows] for rows in groups.values()] == [["Bergen"], ["Alta"]]


def test_looking_at_the_page_stores_nothing_and_asks_nobody(client, course):
    make_generation()
    timetable.current()  # which the worker makes
    with CaptureQueriesContext(connection) as queries:
        client.get(address_of(course), WISH)
    assert not [query for query in queries if not query["sql"].startswith("SELECT")]
    assert len(queries) < 8


# --- The press --------------------------------------------------------------------------------


def test_an_address_is_enough(asker):
    empty = {name: "" for name in WISH if name != "email"}
    asker.press(**empty)
    assert asker.status == 303
    interest = Interest.objects.get()
    assert (interest.email, interest.seats, interest.where) == (KARI, None, "")


def test_what_was_typed_is_stored(client, course):
    make_date(course, days=-10, place=make_place("Bergen", "Vestland"))
    Asker(client, course, "en").press(
        place="Bergen", place_other="Voss", at_workplace="on", message="Linje 1\r\nLinje 2"
    )
    interest = Interest.objects.get()
    assert interest.course == course
    assert (interest.name, interest.seats, interest.language) == ("Kari Fjeld", 3, "en")
    assert (interest.place, interest.place_other) == ("Bergen", "Voss")
    assert interest.at_workplace
    assert interest.message == "Linje 1\nLinje 2"


def test_a_place_that_is_offered_no_more_counts_as_one_in_own_words(asker):
    asker.press(place="Atlantis")
    interest = Interest.objects.get()
    assert (interest.place, interest.place_other) == ("", "Atlantis")


def test_the_thanks_stand_at_an_address_that_names_nobody(asker):
    asker.press()
    assert asker.location == asker.address + "takk/"
    assert asker.page.status_code == 200
    assert "noindex" in asker.page["X-Robots-Tag"]
    assert KARI not in asker.text
    assert "Fjeld" not in asker.text


def test_pressing_twice_is_one_row_and_one_mail(asker):
    asker.press().again()
    assert asker.status == 303
    assert Interest.objects.count() == 1
    assert Mail.objects.filter(kind=Mail.Kind.INTEREST).count() == 1
    assert Mail.objects.filter(kind=Mail.Kind.NEW_INTEREST).count() == 1


def test_who_asks_again_has_one_row_with_what_they_said_last(client, course):
    Asker(client, course).press()
    Interest.objects.update(handled_at=timezone.now())
    Asker(client, course).press(email="KARI@Bygg.example", seats="12")
    assert Interest.objects.get().seats == 12
    to_staff = Mail.objects.filter(kind=Mail.Kind.NEW_INTEREST)
    assert to_staff.count() == 2, "staff hear of what has changed"
    assert Interest.objects.unhandled().exists(), "and it is theirs once more"


def test_nobody_learns_whether_an_address_was_known(client, course):
    asked(course)
    answers = []
    for email in (KARI, "nobody@else.example"):
        visitor = Asker(client, course).press(email=email)
        answers.append((visitor.status, visitor.location, visitor.page.content))
    assert answers[0] == answers[1]
    assert Mail.objects.filter(kind=Mail.Kind.INTEREST).count() == 2


def test_two_people_or_two_courses_are_two_rows(client, course):
    Asker(client, course).press()
    Asker(client, course).press(email="ola@bygg.example")
    Asker(client, make_course("Annet")).press()
    assert Interest.objects.count() == 3


def test_letters_that_only_look_alike_are_two_people(client, course):
    Asker(client, course).press(email="mike@exampi.example")
    Asker(client, course).press(email="mike@exampı.example")
    assert Interest.objects.count() == 2


# --- What is wrong with it --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "", "Feltet er påkrevet"),
        ("email", "kari", "Det må være en @"),
        ("seats", "mange", "fra 1 til 99"),
        ("seats", "0", "fra 1 til 99"),
        ("seats", "100", "fra 1 til 99"),
        ("name", "x" * 201, "200"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_comes_back(asker, field, value, said):
    asker.press(**{field: value, "place_other": "Voss", "at_workplace": "on"})
    assert asker.status == 200
    assert 'id="error-summary"' in asker.text
    assert 'role="alert" tabindex="-1"' in asker.text, "it takes focus"
    assert said in asker.text
    assert f'href="#id_{field}"' in asker.text
    kept = asker.typed()
    assert (kept["place_other"], kept["message"]) == ("Voss", WISH["message"])
    assert kept["at_workplace"] == "True"
    assert kept[field] == value
    assert not Interest.objects.exists()
    asker.press(**WISH)
    assert asker.status == 303


def test_a_slip_of_the_pen_is_told_after_and_stops_nobody(client, course):
    asker = Asker(client, course).press(email="kari@gmial.com")
    assert asker.location.endswith("/takk/?near=gmail.com")
    assert "gmail.com" in asker.text
    assert "kari" not in asker.text.lower()
    assert Interest.objects.get().email == "kari@gmial.com"
    asker = Asker(client, course).press(email="kari@fjellbygg.con")
    assert asker.location.endswith("?near=.com")


def test_the_thanks_say_nothing_that_somebody_else_has_written(client, course):
    page = client.get(address_of(course) + "takk/?near=<b>evil.example")
    assert "evil" not in page.content.decode()


# --- Machines and floods ----------------------------------------------------------------------


def test_who_fills_the_trap_loses_nothing_but_a_press(asker):
    asker.press(homepage="https://buy.example")
    assert (asker.status, asker.codes) == (422, {"trap_filled"})
    assert not Interest.objects.exists()
    assert not Count.objects.exists()
    assert asker.typed()["message"] == WISH["message"]
    assert asker.press().status == 303


def test_who_is_too_quick_presses_once_more(asker, course, settings):
    settings.MIN_FILL_S = 3
    asker.press()
    assert (asker.status, asker.codes) == (422, {"too_fast"})
    assert asker.press(form=opened(course, 5)).status == 303


def test_the_form_of_a_date_is_no_form_of_a_course(asker, course, settings):
    settings.MIN_FILL_S = 3
    date = make_date(course, remote_id=course.remote_id)
    assert asker.press(form=opened(date, 5)).codes == {"too_fast"}


@pytest.mark.parametrize("whose", ["address", "site", "same"])
def test_more_than_the_limit_are_asked_to_wait_with_all_they_typed(asker, settings, whose):
    limit = {("interest", whose): (1, timedelta(hours=1))}
    settings.LIMITS = settings.LIMITS | limit
    asker.press()
    again = Asker(asker.client, Interest.objects.get().course).press(seats="7")
    assert (again.status, again.codes) == (429, {"too_many_interested"})
    assert int(again.page["Retry-After"]) >= 60
    assert again.typed()["seats"] == "7"
    assert Interest.objects.get().seats == 3


def test_presses_in_a_flood_are_not_even_looked_at(asker, settings):
    settings.LIMITS = settings.LIMITS | {("post", "address"): (1, timedelta(minutes=1))}
    asker.press(email="")
    assert asker.press().codes == {"too_many_posts"}
    assert not Interest.objects.exists()


def test_another_site_cannot_ask_for_somebody_and_a_form_open_too_long_loses_nothing(course):
    client = Client(enforce_csrf_checks=True)
    client.get(address_of(course))
    answer = client.post(address_of(course), WISH | {"csrfmiddlewaretoken": "x" * 32})
    assert answer.status_code == 403
    assert not Interest.objects.exists()
    text = answer.content.decode()
    assert "Helst på en mandag." in text
    assert "åpen for lenge" in text


# --- The receipt, and staff -------------------------------------------------------------------


def sent_to(address):
    (message,) = [message for message in look() if message.to == [address]]
    return message


def test_the_visitor_has_a_receipt_with_the_link_that_stops_it(asker, course):
    asker.press(place_other="Voss", at_workplace="on")
    message = sent_to(KARI)
    interest = Interest.objects.get()
    assert course.title in message.subject
    stop = f"http://testserver/interesse/{interest.token}/"
    page = message.alternatives[0].content
    for part in (message.body, page):
        assert stop in part
        assert "Voss" in part
        assert "Hei, Kari Fjeld!" in part
    assert message.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    assert "Fjeld" not in message.subject
    stored = Mail.objects.get(kind=Mail.Kind.INTEREST)
    assert interest.token not in stored.text + stored.html


def test_the_receipt_is_in_the_language_of_the_page(client, course):
    Asker(client, course, "en").press()
    message = sent_to(KARI)
    assert message.subject == f"We write when there is a new date: {course.title}"
    assert "/en/interest/" in message.body
    assert "/en/courses/" in message.body
    assert message.extra_headers["Content-Language"] == "en"


def test_staff_are_told_what_is_wanted_and_not_by_whom(client, course):
    Asker(client, course, "en").press(place_other="Voss", at_workplace="on")
    message = sent_to("kurs@fjordskolen.example")
    interest = Interest.objects.get()
    told = message.subject + message.body + message.alternatives[0].content
    for word in (course.title, "3", "Voss", "arbeidsplass"):
        assert word in told
    assert reverse("admin:booking_interest_change", args=[interest.pk]) in told
    for word in ("Fjeld", KARI, "mandag", interest.token, "List-Unsubscribe"):
        assert word not in told
    assert "List-Unsubscribe" not in message.extra_headers


@pytest.mark.parametrize(
    ("set_to", "of_course", "of_provider", "told"),
    [
        (["desk@x.example", "boss@x.example"], "a@x.example", "b@x.example", 2),
        ([], "a@x.example", "b@x.example", "a@x.example"),
        ([], "", "b@x.example", "b@x.example"),
        ([], "", "", "admin@x.example"),
    ],
)
def test_staff_are_told_where_they_are(client, settings, set_to, of_course, of_provider, told):
    settings.INTEREST_TO, settings.ADMINS = set_to, [("", "admin@x.example")]
    make_provider(email=of_provider)
    Asker(client, make_course(email_more_info=of_course)).press()
    to = list(Mail.objects.filter(kind=Mail.Kind.NEW_INTEREST).values_list("to", flat=True))
    assert len(to) == told if isinstance(told, int) else to == [told]


def test_nothing_personal_is_logged_nor_given_to_a_task(asker, caplog):
    caplog.set_level("DEBUG")
    asker.press()
    look()
    for secret in (KARI, "Fjeld", "mandag", Interest.objects.get().token):
        assert secret not in caplog.text
        assert all(secret not in str(task.task) for task in OrmQ.objects.all())


# --- Stopping it ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nb", "en"])
def test_one_press_on_the_page_of_the_link_stops_it_and_forgets_who_it_was(
    client, course, language
):
    Asker(client, course, language).press()
    look()
    interest = Interest.objects.get()
    stop = next(word for word in outgoing.outbox[0].body.split() if interest.token in word)
    page = client.get(stop.removeprefix("http://testserver"))
    assert page.status_code == 200
    assert KARI not in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert Interest.objects.waiting().exists(), "to look is not to press"
    answer = client.post(page.wsgi_request.path)
    assert answer.status_code == 303
    assert interest.token not in answer["Location"]
    assert client.get(answer["Location"]).status_code == 200
    assert not Interest.objects.waiting().exists()
    make_date(course, days=in_days(20).day)
    assert not look()
    assert client.get(page.wsgi_request.path).status_code == 200, "it says that it is stopped"
    assert client.post(page.wsgi_request.path).status_code == 303


def test_the_button_of_a_mail_program_stops_it_without_cookies(course):
    interest = asked(course)
    stop = reverse("interest_stop", args=[interest.token])
    answer = Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    interest.refresh_from_db()
    assert (interest.email, interest.stopped_at is None) == ("", False)


@pytest.mark.parametrize("change", [lambda t: t[:-1] + "x", lambda t: "1.x", lambda t: "æ" * 30])
def test_an_altered_link_stops_nothing_and_says_so(client, course, change, caplog):
    interest = asked(course)
    answer = client.post(reverse("interest_stop", args=[change(interest.token)]))
    assert answer.status_code == 404
    assert "virker ikke" in answer.content.decode()
    assert interest.token[:30] not in caplog.text
    assert Interest.objects.waiting().exists()


def test_a_mail_that_waits_for_the_mail_server_is_not_sent_to_who_has_stopped(asker):
    asker.press()
    Interest.objects.get().stop()
    assert not look()


def test_who_has_stopped_may_ask_anew(client, course):
    Asker(client, course).press()
    Interest.objects.get().stop()
    Asker(client, course).press()
    assert Interest.objects.waiting().count() == 1
    assert Interest.objects.count() == 2
