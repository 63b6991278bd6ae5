"""What the head of each page says: title, description, where the page is in each language, and how
it is shown where it is shared."""

import re
from collections import Counter
from html import unescape
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from catalog import heads
from catalog.models import Card, Terms
from catalog.templatetags.heads import og_locale
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_generation,
    make_instructor,
    make_place,
    make_provider,
    make_terms,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
LONG = "Dokumentert sikkerhetsopplæring for førere av masseforflytningsmaskiner"


@pytest.fixture
def school():
    """Two of each kind of thing, so that a head without a name in it would be there twice."""
    provider = make_provider()
    make_generation()
    for kind in Terms.Kind:
        make_terms(kind)
        make_terms(kind, "en")
    subjects = [make_category("Ledelse"), make_category("Brannvern")]
    people = [make_instructor("Kari Nordmann"), make_instructor("Ola Røyk")]
    rooms = [make_venue("Kurssenteret"), make_venue("Øvingsfeltet", city="Bergen")]
    courses = [
        make_course("Førstehjelp på sjø", categories=subjects[:1], remote_id=5),
        make_course("Brannvernleder", categories=subjects[1:]),
        make_course(LONG),
    ]
    make_text(courses[0])
    make_text(courses[0], "en", lead="<p>Learn to save lives.</p>")
    make_text(courses[2], lead="<p>" + "Vi går gjennom alt du må kunne for å kjøre trygt. " * 9)
    dates = [
        make_date(courses[0], days=30, venue=rooms[0], instructors=people[:1], remote_id=7),
        make_date(courses[0], days=60, place=make_place("Bergen", "Vestland")),
        make_date(courses[1], days=90, venue=rooms[1], instructors=people[1:]),
    ]
    return SimpleNamespace(
        provider=provider,
        courses=courses,
        dates=dates,
        indexed=[*subjects, *people, *rooms, *courses],
    )


def indexed(school):
    """The address of every page that search engines may show, in the language that is active."""
    for name in ("home", "course_list", "calendar", "venue_list", "instructor_list"):
        yield reverse(name)
    for kind in Terms.Kind:
        yield reverse("terms", args=[kind])
    for thing in school.indexed:
        yield thing.get_absolute_url()


def addresses(school, language):
    with translation.override(language):
        return list(indexed(school))


def head_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    head = answer.content.decode().partition("</head>")[0]
    return SimpleNamespace(
        text=head,
        title=unescape(re.search(r"<title>(.*?)</title>", head, re.S)[1]),
        description=first(r'<meta name="description" content="([^"]*)"', head),
        canonical=first(r'<link rel="canonical" href="([^"]*)"', head),
        languages={
            code: unescape(where)
            for code, where in re.findall(
                r'<link rel="alternate" hreflang="([^"]+)" href="(.*?)"', head
            )
        },
        shown={
            name: unescape(said)
            for name, said in re.findall(
                r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"', head
            )
        },
    )


def first(pattern, text):
    found = re.findall(pattern, text)
    assert len(found) <= 1, pattern
    return unescape(found[0]) if found else None


def give_card(**owner):
    name = "ab" * 20 + ".png"
    return Card.objects.create(file=name, alternative="Kortet", **owner)


# --- Titles and descriptions ----------------------------------------------------------------


@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_two_pages_have_the_same_title_or_description(client, school, language):
    found = [head_of(client, address) for address in addresses(school, language)]
    for kind in ("title", "description"):
        said = Counter(getattr(head, kind) for head in found)
        assert None not in said
        assert [text for text, times in said.items() if times > 1] == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_titles_and_descriptions_fit_where_search_engines_show_them(client, school, language):
    for address in addresses(school, language):
        head = head_of(client, address)
        assert len(head.title) <= 65 or head.title == LONG, head.title
        assert 30 <= len(head.description) <= 160, head.description
        assert not re.search(r"\s\s|\.\.|%\(|None|<", head.description), head.description


def test_the_heads_are_in_the_language_of_the_page(client, school):
    course = head_of(client, "/kurs/5-forstehjelp-pa-sjo/")
    assert course.title == "Førstehjelp på sjø: datoer og pris – Fjordskolen"
    assert course.description.startswith("Lær å redde liv. Neste: ")
    assert course.description.endswith(", Oslo. 2 kommende datoer.")
    course = head_of(client, "/en/courses/5-forstehjelp-pa-sjo/")
    assert course.title == "Førstehjelp på sjø: dates and price – Fjordskolen"
    assert course.description.startswith("Learn to save lives. Next: ")


def test_a_course_without_words_in_the_language_is_described_by_what_is_known(client, school):
    with translation.override("en"):
        address = school.courses[1].get_absolute_url()
    assert head_of(client, address).description.startswith("Brannvernleder. Next: ")


def test_an_online_room_is_no_place_to_find_the_way_to(client, school):
    room = make_venue("Digitalt klasserom", is_virtual=True, city="")
    make_date(school.courses[0], venue=room)
    head = head_of(client, room.get_absolute_url())
    assert head.title == "Kurs på nett: Digitalt klasserom – Fjordskolen"
    assert "veien" not in head.description


def test_a_long_title_stands_alone_and_a_long_lead_ends_with_a_word(client, school):
    head = head_of(client, school.courses[2].get_absolute_url())
    assert head.title == LONG
    assert re.search(r"\w… Ingen dato er satt ennå\.$", head.description)


def test_a_cancelled_date_is_never_the_next_one(client, school):
    make_date(school.courses[1], days=5, status=4, place=make_place("Alta", "Finnmark"))
    head = head_of(client, school.courses[1].get_absolute_url())
    assert "Alta" not in head.description


def test_the_further_pages_of_a_list_say_which_they_are(client, school):
    for number in range(30):
        make_course(f"Kurs {number}")
    head = head_of(client, "/kurs/?page=2")
    assert head.title == "Alle kurs: datoer og priser, side 2 – Fjordskolen"
    assert head.description.endswith(", side 2.")
    assert head.canonical == head.shown["og:url"] == f"{SITE}/kurs/?page=2"


@pytest.mark.parametrize(
    "address", ["/kurs/?place=oslo", "/kalender/rutenett/", "/kurs/?sort=date", "/_komponenter/"]
)
def test_a_page_no_search_engine_shows_has_a_title_and_no_more(client, school, address):
    head = head_of(client, address)
    assert head.title
    assert "noindex" in head.text
    assert (head.description, head.languages, head.shown) == (None, {}, {})


def test_a_title_with_signs_of_markup_stays_text(client, school):
    course = make_course('Kurs "A" <b> & B')
    head = head_of(client, course.get_absolute_url())
    assert head.title.startswith('Kurs "A" <b> & B')
    assert head.shown["og:title"].startswith('Kurs "A" <b> & B')
    assert "<b>" not in head.text


def test_names_are_told_as_far_as_there_is_room():
    assert heads.names("Kurs", []) == "Kurs."
    assert heads.names("Kurs", ["Brann", "Truck"]) == "Kurs: Brann, Truck."
    said = heads.names("Kurs", [f"Fagområde {number}" for number in range(99)])
    assert len(said) <= 155
    assert re.search(r", Fagområde \d+\.$", said)
    assert len(heads.names("Kurs", ["x" * 300])) <= 155


# --- Addresses ------------------------------------------------------------------------------


def test_every_page_names_itself_in_each_language_and_they_name_it(client, school):
    found = {
        SITE + address: (language, head_of(client, address))
        for language in ("nb", "en")
        for address in addresses(school, language)
    }
    for address, (language, head) in found.items():
        assert head.canonical == head.languages[language] == address
        assert head.languages.keys() == {"nb", "en", "x-default"}
        assert head.languages["x-default"] == head.languages["nb"]
        for other in head.languages.values():
            assert found[other][1].languages == head.languages


def test_a_date_leads_search_engines_to_its_course_and_names_no_other_page(client, school):
    head = head_of(client, school.dates[0].get_absolute_url())
    assert head.canonical == head.shown["og:url"] == SITE + "/kurs/5-forstehjelp-pa-sjo/"
    assert head.languages == {}
    assert head.title.startswith("Førstehjelp på sjø, Oslo, ")


def test_terms_in_one_language_name_no_page_without_them(client, school):
    Terms.objects.filter(kind=Terms.Kind.PRIVACY, language="en").delete()
    with translation.override("nb"):
        here = head_of(client, reverse("terms", args=[Terms.Kind.PRIVACY]))
    with translation.override("en"):
        there = head_of(client, reverse("terms", args=[Terms.Kind.PRIVACY]))
    assert here.languages.keys() == {"nb", "x-default"}
    assert there.languages == {}


# --- What is shared -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_is_shared_says_what_the_page_says(client, school, language):
    give_card(provider=school.provider)
    for address in addresses(school, language):
        head = head_of(client, address)
        shown = head.shown
        assert shown["og:type"] == "website"
        assert shown["og:title"] in head.title or address in {"/", "/en/"}
        assert shown["og:description"] == head.description
        assert shown["og:url"] == head.canonical
        assert shown["og:site_name"] == "Fjordskolen"
        assert {shown["og:locale"], shown["og:locale:alternate"]} == {"nb_NO", "en_GB"}
        assert shown["og:locale"] == {"nb": "nb_NO", "en": "en_GB"}[language]
        assert shown["og:image"] == f"{SITE}/media/cards/{'ab' * 20}.png"
        assert (shown["og:image:width"], shown["og:image:height"]) == ("1200", "630")
        assert shown["og:image:alt"] == "Kortet"
        assert shown["twitter:card"] == "summary_large_image"


def test_a_course_and_its_dates_are_shared_with_its_own_card(client, school):
    give_card(provider=school.provider)
    course = school.courses[0]
    Card.objects.create(course=course, file="cd" * 20 + ".jpg", alternative="Førstehjelp")
    for page in (course, school.dates[0]):
        shown = head_of(client, page.get_absolute_url()).shown
        assert shown["og:image"].endswith(f"/{'cd' * 20}.jpg")
        assert shown["og:image:alt"] == "Førstehjelp"


def test_without_any_card_there_is_no_picture(client, school):
    shown = head_of(client, school.courses[0].get_absolute_url()).shown
    assert shown["twitter:card"] == "summary"
    assert not any(name.startswith("og:image") for name in shown)


def test_cards_in_a_storage_elsewhere_keep_their_address(client, school, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.InMemoryStorage",
            "OPTIONS": {"base_url": "https://files.example/bucket/"},
        }
    }
    give_card(provider=school.provider)
    shown = head_of(client, "/").shown
    assert shown["og:image"] == f"https://files.example/bucket/cards/{'ab' * 20}.png"


def test_a_withdrawn_course_is_still_shared_as_itself(client, school):
    gone = make_course("Borte", withdrawn_at=timezone.now())
    head = head_of(client, gone.get_absolute_url())
    assert head.title == "Borte: tilbys ikke lenger – Fjordskolen"
    assert head.shown["og:title"] == "Borte: tilbys ikke lenger"
    assert head.description is None


def test_languages_are_named_as_open_graph_names_them():
    found = [og_locale(code) for code in ("nb", "nn", "en", "pl", "se", "pt-br")]
    assert found == ["nb_NO", "nn_NO", "en_GB", "pl_PL", "se_NO", "pt_BR"]
