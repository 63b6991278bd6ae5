"""The page of a course."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import CourseDate
from tests.catalog.test_pages_lists import text_of
from tests.factories import (
    in_days,
    make_course,
    make_date,
    make_gathering,
    make_instructor,
    make_level,
    make_product,
    make_provider,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

LINK = "https://meet.example/secret-room"


def said_of(client, thing):
    return text_of(client.get(thing.get_absolute_url()))


# --- Addresses ----------------------------------------------------------------------------------


def test_the_address_has_the_id_and_the_title_in_plain_letters(client):
    course = make_course("Førstehjelp på sjø", remote_id=86273)
    assert course.get_absolute_url() == "/kurs/86273-forstehjelp-pa-sjo/"


def test_a_wrong_slug_leads_to_the_right_address(client):
    course = make_course("Ny tittel", remote_id=86273)
    for wrong in ("/kurs/86273-gammel-tittel/", "/kurs/86273/"):
        response = client.get(f"{wrong}?a=1")
        assert response.status_code == 301
        assert response.headers["Location"] == f"{course.get_absolute_url()}?a=1"


def test_a_wrong_slug_in_english_stays_in_english(client):
    make_course("Ny tittel", remote_id=86273)
    response = client.get("/en/courses/86273-gammel/")
    assert response.headers["Location"] == "/en/courses/86273-ny-tittel/"


def test_each_language_names_itself_and_the_other(client):
    course = make_course("Sveising", remote_id=7)
    for page, language in (("/kurs/7-sveising/", "nb"), ("/en/courses/7-sveising/", "en")):
        response = client.get(page)
        body = response.content.decode()
        assert f'<html lang="{language}">' in body
        assert response.headers["Content-Language"] == language
        assert f'<link rel="canonical" href="http://testserver{page}">' in body
        assert 'hreflang="nb" href="http://testserver/kurs/7-sveising/"' in body
        assert 'hreflang="en" href="http://testserver/en/courses/7-sveising/"' in body
    assert course.get_absolute_url() == "/kurs/7-sveising/"


def test_the_language_link_leads_to_the_same_page(client):
    make_course("Sveising", remote_id=7)
    body = client.get("/kurs/7-sveising/").content.decode()
    assert '<a href="/en/courses/7-sveising/" lang="en" hreflang="en">English</a>' in body


# --- What a course says -------------------------------------------------------------------------


def test_title_and_description_are_in_the_head(client):
    make_provider(name="Fjordskolen")
    course = make_course("Sveising")
    make_text(course, lead="<p>Trygt &amp; riktig.</p>")
    body = client.get(course.get_absolute_url()).content.decode()
    assert "<title>Sveising – Fjordskolen</title>" in body
    assert '<meta name="description" content="Trygt &amp; riktig. ' in body


def test_the_facts_are_in_words_of_the_language(client):
    course = make_course(
        level=make_level("Grunnkurs"),
        duration_value=Decimal("3.00"),
        duration_unit="days",
        list_price=Decimal("2490"),
        price_comment="Lunsj inkludert",
    )
    make_text(course, credits="<p>Kursbevis i tre år</p>")
    said = said_of(client, course)
    facts = ("3 dager", "2 490 kr", "Lunsj inkludert", "Grunnkurs", "Norsk", "Kursbevis i tre år")
    assert all(fact in said for fact in (*facts, "Klasserom"))
    english = text_of(client.get(f"/en/courses/{course.remote_id}-{course.slug}/"))
    assert all(fact in english for fact in ("3 days", "NOK 2,490", "Norwegian", "Classroom"))


def test_the_price_says_how_it_relates_to_vat(client, settings):
    course = make_course()
    make_product(course, price="1000", vat="25")
    assert "1 000 kr ekskl. mva." in said_of(client, course)
    assert "1 250 kr inkl. mva." in said_of(client, course)
    settings.PRICES_INCLUDE_VAT = True
    assert "1 000 kr inkl. mva." in said_of(client, course)
    assert "1 250 kr" not in said_of(client, course)


def test_a_course_without_vat_says_so(client):
    course = make_course()
    make_product(course, price="1000.50", vat="0")
    assert "1 000,50 kr fritatt for mva." in said_of(client, course)


def test_no_price_is_never_shown_as_zero(client):
    course = make_course(list_price=None)
    assert "Pris på forespørsel" in said_of(client, course)


def test_each_text_is_reached_by_its_anchor(client):
    course = make_course()
    make_text(course, description="<p>Om</p>", hotel_info="<p>Hotell</p>", audience="")
    body = client.get(course.get_absolute_url()).content.decode()
    assert 'href="#hotel-info"' in body
    assert 'id="hotel-info"' in body
    assert 'id="audience"' not in body


def test_an_english_page_shows_the_english_text(client):
    course = make_course(text_languages=["no", "en"])
    make_text(course, "no", description="<p>Norsk tekst</p>")
    make_text(course, "en", description="<p>English text</p>")
    english = text_of(client.get(f"/en/courses/{course.remote_id}-{course.slug}/"))
    assert "English text" in english
    assert "Norsk tekst" not in english


def test_an_english_page_without_english_text_says_so_and_marks_the_language(client):
    course = make_course()
    make_text(course, "no", description="<p>Norsk tekst</p>")
    response = client.get(f"/en/courses/{course.remote_id}-{course.slug}/")
    assert "This course is described in Norwegian only" in text_of(response)
    assert 'class="prose" lang="nb"' in response.content.decode()


def test_a_title_is_never_taken_for_markup(client):
    course = make_course("Trygg <b>nå</b> & alltid")
    make_date(course)
    for page in ("/", "/kurs/", "/kalender/", course.get_absolute_url()):
        body = client.get(page).content.decode()
        assert "<b>nå</b>" not in body
        assert "Trygg &lt;b&gt;nå&lt;/b&gt; &amp; alltid" in body


# --- Its dates ----------------------------------------------------------------------------------


def test_a_date_is_told_with_day_time_place_seats_and_deadline(client):
    starts_on = dt.date(timezone.localdate().year + 1, 11, 21)
    course = make_course()
    make_date(
        course,
        starts_on=starts_on,
        closes_on=starts_on - dt.timedelta(days=6),
        seats_free=2,
        venue=make_venue("Sjøskolen", address="Kaigata 2"),
        place_note="Bergen",
        instructors=[make_instructor("Kari Nordmann")],
    )
    said = said_of(client, course)
    assert f"21. november {starts_on.year}" in said
    for words in ("09:00–15:30", "Bergen", "Sjøskolen", "Kaigata 2", "2 plasser igjen"):
        assert words in said
    for words in ("15. nov.", "Gjennomføres", "Kari Nordmann"):
        assert words in said


def test_the_last_day_to_book_is_told_as_today(client):
    course = make_course()
    make_date(course, closes_on=in_days(0))
    make_date(course, starts_on=in_days(40), closes_on=in_days(35))
    assert said_of(client, course).count("Påmeldingsfrist i dag") == 1


def test_several_days_are_told_as_a_range(client):
    course = make_course()
    make_date(course, starts_on=dt.date(timezone.localdate().year + 1, 3, 1), lasts=3)
    said = said_of(client, course).replace("\xa0", " ")
    assert " 1. – " in said
    assert "3. mars" in said


def test_each_gathering_has_its_own_time_place_theme_and_instructor(client):
    course = make_course()
    date = make_date(course, lasts=8)
    make_gathering(date, starts=dt.time(17), ends=dt.time(20), theme="Teori")
    make_gathering(
        date,
        day=7,
        starts=dt.time(10),
        ends=dt.time(14),
        theme="Øvelse",
        venue=make_venue("Brannøvingsfeltet"),
        instructors=[make_instructor("Ola Røyk")],
    )
    said = said_of(client, course)
    for words in ("2 samlinger", "17:00 – 20:00", "Teori", "10:00 – 14:00", "Øvelse"):
        assert words in said
    for words in ("Brannøvingsfeltet", "Ola Røyk"):
        assert words in said


def test_a_withdrawn_gathering_is_not_shown(client):
    course = make_course()
    date = make_date(course)
    make_gathering(date, theme="Gjelder")
    make_gathering(date, theme="Strøket", withdrawn_at=timezone.now())
    assert "Gjelder" in said_of(client, course)
    assert "Strøket" not in said_of(client, course)


def test_instructors_are_hidden_where_the_setting_says_so(client, settings):
    settings.SHOW_INSTRUCTORS = False
    course = make_course()
    date = make_date(course, instructors=[make_instructor("Kari Nordmann")])
    make_gathering(date, theme="Teori", instructors=[make_instructor("Ola Røyk")])
    for page in (course.get_absolute_url(), date.get_absolute_url()):
        said = text_of(client.get(page))
        assert "Kari Nordmann" not in said
        assert "Ola Røyk" not in said


def test_a_meeting_link_is_on_no_page(client):
    course = make_course()
    date = make_date(course, is_virtual=True, event_url=LINK)
    make_gathering(date, theme="Teori", event_url=LINK)
    make_gathering(date, day=1, theme="Øvelse", event_url=LINK)
    for page in ("/", "/kalender/", "/kurs/", course.get_absolute_url(), date.get_absolute_url()):
        assert LINK not in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        ({"free": 9, "capacity": 12}, "Ledige plasser"),
        ({"free": 3, "capacity": 12}, "3 plasser igjen"),
        ({"free": 1, "capacity": 12}, "1 plass igjen"),
        ({"free": 0, "capacity": 12}, "Fulltegnet"),
        ({"free": 0, "capacity": 0, "says_full": True}, "Antall plasser ikke oppgitt"),
        (None, "Antall plasser ikke oppgitt"),
    ],
)
def test_seats_are_told_in_words_and_unknown_is_never_full(client, seats, words):
    from tests.factories import make_seats

    course = make_course()
    date = make_date(course, seats=False)
    if seats is not None:
        make_seats(date, **seats)
    assert words in said_of(client, course)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (CourseDate.Status.TO_BE_CONFIRMED, "Ikke bekreftet ennå"),
        (CourseDate.Status.WILL_RUN, "Gjennomføres"),
        (CourseDate.Status.CANCELLED, "Avlyst"),
        (CourseDate.Status.POSTPONED, "Utsatt"),
    ],
)
def test_the_state_of_a_date_is_told_in_words(client, status, words):
    course = make_course()
    make_date(course, status=status)
    assert words in said_of(client, course)


def test_a_date_in_another_time_zone_says_so(client):
    course = make_course()
    date = make_date(course, timezone="Europe/London")
    assert "tid i Europe/London" in said_of(client, course)
    assert "tid i Europe/London" in said_of(client, date)


def test_a_full_date_offers_the_waiting_list(client):
    course = make_course()
    date = make_date(course, seats_free=0)
    assert "Venteliste" in said_of(client, course)
    assert date.offer == "waiting"


def test_a_course_booked_elsewhere_links_there(client):
    course = make_course(external_booking_url="https://booking.example/x")
    make_date(course)
    body = client.get(course.get_absolute_url()).content.decode()
    assert 'href="https://booking.example/x"' in body
    assert "/booking/ny/" not in body


def test_a_course_without_dates_keeps_its_page_and_says_how_to_ask(client):
    make_provider(phone="22 00 00 00")
    course = make_course(email_more_info="spor@fjordskolen.example")
    response = client.get(course.get_absolute_url())
    assert response.status_code == 200
    assert "Det er ikke satt opp noen datoer" in text_of(response)
    assert "mailto:spor@fjordskolen.example" in response.content.decode()
    assert "tel:22000000" in response.content.decode()


def test_hidden_internal_and_child_dates_are_never_shown(client):
    course = make_course()
    date = make_date(course, public=False, place_note="Hemmelig sted")
    assert "Hemmelig sted" not in said_of(client, course)
    assert client.get(date.get_absolute_url()).status_code == 404


# --- Courses that are gone ----------------------------------------------------------------------


def test_a_course_that_was_never_public_is_not_found(client):
    assert client.get(make_course(public=False).get_absolute_url()).status_code == 404
    assert client.get("/kurs/123456-finnes-ikke/").status_code == 404


def test_a_listed_course_is_open_to_search_engines_but_a_demo_is_not(client, settings):
    course = make_course(text_languages=[])
    make_date(course, closes_on=in_days(3))
    assert "noindex" not in client.get(course.get_absolute_url()).content.decode()
    settings.DEMO = True
    demo = client.get(course.get_absolute_url())
    assert 'content="noindex, nofollow"' in demo.content.decode()
    assert "Demo:" in text_of(demo)
