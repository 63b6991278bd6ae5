"""A course is found by the words people have for it."""

import unicodedata

import pytest
from django.db import connection

from catalog import search
from catalog.models import Course, Synonym
from catalog.search import Searches, documents, fts5, plain
from catalog.search.words import words_of_search
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_generation,
    make_instructor,
    make_level,
    make_place,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

BACKENDS = [plain] if connection.vendor != "sqlite" else [fts5, plain]


@pytest.fixture(params=BACKENDS, ids=lambda module: module.__name__.rpartition(".")[2])
def found(request):
    """Titles of what is found, best first: by the full text index, and by plain comparison."""

    def titles(words):
        documents.catch_up()
        courses = Searches(request.param).found(words_of_search(words)).courses
        return [Course.objects.get(pk=pk).title for pk in courses]

    return titles


# --- Words --------------------------------------------------------------------------------------


def test_words_are_found_in_any_order(found):
    make_course("Førstehjelp på sjø")
    assert found("sjø førstehjelp") == found("førstehjelp sjø") == ["Førstehjelp på sjø"]


@pytest.mark.parametrize("typed", ["t", "tru", "truck", "truckførerb", "bevis tru"])
def test_a_word_is_found_by_its_beginning(found, typed):
    make_course("Truckførerbevis bevis")
    make_course("Ledelse")
    assert found(typed) == ["Truckførerbevis bevis"]


def test_all_words_must_fit(found):
    make_course("Truck for nybegynnere")
    assert found("truck excel") == []


def test_words_may_fit_in_several_fields(found):
    course = make_course("Truckførerbevis", categories=[make_category("Maskiner")])
    make_date(course, place=make_place("Hamar", "Innlandet"))
    make_text(course, description="<p>Vi øver på <b>stabling</b>.</p>")
    assert found("stabling hamar truck maskin") == ["Truckførerbevis"]


@pytest.mark.parametrize(
    "typed",
    [
        *("Førstehjelp", "førstehjelp", "FØRSTEHJELP", "forstehjelp", "Forstehjelp påske"),
        *("paske", "PÅSKE", unicodedata.normalize("NFD", "påske"), "pa\u030aske", "pÅske"),
        *("Ærfugl", "aerfugl", "ÆRFUGL", "ｆørstehjelp", "førſtehjelp"),
    ],
)
def test_norwegian_letters_are_found_in_any_form_and_case(found, typed):
    title = "Førstehjelp i påske for Ærfugl"
    for form in ("NFC", "NFD"):
        make_course(unicodedata.normalize(form, title))
    assert {unicodedata.normalize("NFC", each) for each in found(typed)} == {title}
    assert len(found(typed)) == 2


def test_small_words_and_the_word_course_need_not_stand_in_a_course(found):
    make_course("Førstehjelp")
    assert found("et kurs i førstehjelp") == found("a course of førstehjelp") == ["Førstehjelp"]
    assert found("et kurs i førstehjelp for alle") == []


def test_the_small_words_alone_are_searched_for(found):
    make_course("Kurs for kursholdere")
    make_course("Ledelse")
    assert found("kurs") == ["Kurs for kursholdere"]


def test_c_sharp_is_not_c(found):
    make_course("Innføring i C#")
    make_course("Innføring i C++")
    assert found("c#") == ["Innføring i C#"]
    assert found("C++") == ["Innføring i C++"]
    assert len(found("c")) == 2


def test_a_word_is_found_inside_a_compound_and_in_another_form(found):
    make_course("Gaffeltruck")
    make_course("Truck")
    assert found("truck") == ["Truck", "Gaffeltruck"]
    assert set(found("truckene")) == set(found("truckkurs")) == {"Truck", "Gaffeltruck"}


# --- What counts --------------------------------------------------------------------------------


def test_titles_weigh_more_than_names_and_names_more_than_texts(found):
    in_text = make_course("Verneombud")
    make_text(in_text, description="<p>" + "Truck og truck. " * 60 + "</p>")
    make_course("Sikker drift", categories=[make_category("Truck")])
    make_course("Alt du trenger å vite om drift og vedlikehold av truck på lager")
    assert found("truck") == [
        "Alt du trenger å vite om drift og vedlikehold av truck på lager",
        "Sikker drift",
        "Verneombud",
    ]


def test_category_with_those_above_level_place_and_instructor_count(found):
    top = make_category("Sikkerhet")
    course = make_course(
        "Truck",
        reference="TR-7",
        level=make_level("Viderekomne"),
        categories=[make_category("Løfteutstyr", parent=top)],
    )
    make_date(
        course,
        place=make_place("Sandnes", "Rogaland"),
        instructors=[make_instructor("Åse Bråthen")],
    )
    make_date(course, place=None, venue=make_venue("Folkets hus", city="Tønsberg"))
    for words in ("løfteutstyr", "sikkerhet", "viderekomne", "sandnes", "rogaland", "brathen åse"):
        assert found(words) == ["Truck"], words
    assert found("tønsberg") == found("folkets hus") == found("TR-7") == ["Truck"]


def test_online_is_found_in_each_language(found):
    make_date(make_course("Excel"), is_virtual=True)
    assert found("excel online") == found("excel nett") == ["Excel"]


def test_the_language_it_is_held_in_is_found_in_each_language(found):
    make_date(make_course("Excel"), language="en")
    make_course("Word", language="en")
    make_date(make_course("Outlook"))
    assert sorted(found("engelsk")) == sorted(found("english")) == ["Excel", "Word"]
    assert found("excel på engelsk") == ["Excel"]
    assert found("norsk") == []  # what nearly all are would only be in the way


def test_instructors_that_are_hidden_are_not_found(found, settings):
    make_date(make_course("Truck"), instructors=[make_instructor("Åse Bråthen")])
    assert found("bråthen") == ["Truck"]
    settings.SHOW_INSTRUCTORS = False
    assert found("bråthen") == []


def test_only_dates_ahead_lend_their_names(found):
    course = make_course("Truck")
    make_date(course, days=-3, place=make_place("Sandnes"))
    make_date(course, status=3, place=make_place("Hamar"))
    make_date(course, public=False, place=make_place("Molde"))
    assert found("sandnes") == found("hamar") == found("molde") == []


def test_texts_are_found_in_every_language_and_without_their_tags(found):
    course = make_course("Truck")
    make_text(course, lead="", description="<p>H&aring;nd<strong>hev</strong></p><p>tak</p>")
    make_text(course, "en", lead="<p>Pallets</p>", description='<a href="/secret">x</a>')
    assert found("pallets") == found("hånd") == ["Truck"]
    assert found("secret") == found("strong") == []


def test_what_is_not_on_offer_is_not_found(found):
    kept = make_course("Truck")
    hidden = make_course("Truck for Kunden AS", public=False)
    documents.catch_up()
    kept.withdrawn_at = kept.changed_at
    kept.save()
    assert search.courses("truck") == []
    assert found("truck") == []
    words = [word for word, *_ in search.current().vocabulary.weights.items()]
    assert "kunden" not in words, hidden


# --- Mistyped -----------------------------------------------------------------------------------


def mistyped(word):
    """The word with one letter missing, too many, swapped with the next, or another."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + "w" + word[at:]
        yield word[:at] + "w" + word[at + 1 :]
        yield word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


@pytest.mark.parametrize("word", ["truck", "excel", "førstehjelp", "stillas", "prosjektledelse"])
def test_one_wrong_letter_still_finds(word):
    make_generation()
    course = make_course(f"{word.capitalize()} grunnkurs")
    make_course("Varme arbeider")
    for typed in mistyped(word):
        assert search.courses(typed) == [course.pk], typed


def test_one_wrong_letter_in_each_of_two_words_still_finds(found):
    make_course("Stillas grunnkurs")
    make_date(make_course("Truckførerbevis"), place=make_place("Bergen"))
    assert found("trukførerbevis bergne") == ["Truckførerbevis"]


def test_one_wrong_letter_in_the_beginning_of_a_long_word_still_finds(found):
    make_course("Brannvernlederopplæring")
    assert found("brannvarn") == ["Brannvernlederopplæring"]


def test_two_wrong_letters_in_a_long_word_still_find(found):
    make_course("Prosjektledelse")
    assert found("prosjetkledels") == ["Prosjektledelse"]


def test_what_is_found_as_typed_comes_first(found):
    make_course("Kasting")
    make_text(make_course("Sjøvett"), description="<p>lasting</p>")
    assert found("lasting") == ["Sjøvett", "Kasting"]


def test_where_a_title_or_a_name_is_found_as_typed_nothing_is_guessed(found):
    make_course("Lasting")
    make_course("Kasting")
    make_course("Tilhenger", categories=[make_category("Festing")])
    make_course("Testing")
    assert found("lasting") == ["Lasting"]
    assert found("lasti") == ["Lasting"]
    assert found("festing") == ["Tilhenger"]


def test_where_several_texts_hold_what_was_typed_nothing_is_guessed(found):
    for number in range(3):
        make_text(make_course(f"Sjøvett {number}"), description="<p>lasting</p>")
    make_course("Kasting")
    assert "Kasting" not in found("lasting")


def test_a_mistyped_word_that_stands_inside_a_name_by_chance_finds_what_was_meant_first(found):
    make_course("Førstehjelpsinstruktør")
    make_course("Truckførerkurs")
    assert found("truk") == ["Truckførerkurs", "Førstehjelpsinstruktør"]


def test_where_a_guess_names_courses_those_in_texts_only_are_left_out(found):
    make_course("Truckførerkurs")
    for number in range(3):
        make_text(make_course(f"Stillas {number}"), description="<p>Riktig bruk av sele.</p>")
    assert found("trukk") == ["Truckførerkurs"]


def test_what_stands_in_a_text_as_typed_is_not_taken_for_half_a_word(found):
    make_text(make_course("Brannvern"), description="<p>norsk</p>")
    make_text(make_course("Stillas"), description="<p>forskriften</p>")
    assert found("norsk") == ["Brannvern"]


@pytest.mark.parametrize("typed", ["varmearbeider", "varm earbeider", "varme arbeiderbergen"])
def test_a_space_too_few_or_in_the_wrong_place_still_finds(found, typed):
    make_date(make_course("Varme arbeider"), place=make_place("Bergen"))
    make_course("Varmepumper")
    assert found(typed) == ["Varme arbeider"]


def test_a_space_too_many_still_finds(found):
    make_text(make_course("Førstehjelp"), description="<p>Bruk av hjertestarter.</p>")
    make_course("Traverskran G11")
    assert found("hjerte starter") == ["Førstehjelp"]
    assert found("g 11") == ["Traverskran G11"]


def test_it_tells_a_guess_as_a_whole_word():
    make_course("Brannvernlederopplæring")
    assert search.understood("brannvarn").phrases == ("Brannvernlederopplæring",)


@pytest.mark.parametrize("typed", ["hmz", "t2", "9002"])
def test_short_words_and_numbers_are_not_guessed(found, typed):
    make_course("HMS T1 ISO 9001")
    assert found(typed) == []


def test_it_tells_what_was_guessed_as_people_write_it():
    make_date(make_course("Førstehjelp"), place=make_place("Ålesund"))
    meant = search.understood("fortsehjelp ålesund")
    assert (meant.phrases, meant.instead) == (("Førstehjelp ålesund",), True)
    assert search.understood("førstehjelp") is None
    assert search.understood("finnes overhodet ikke") is None


def test_it_tells_that_a_guess_comes_beside_what_was_typed():
    make_course("Kasting")
    make_text(make_course("Sjøvett"), description="<p>lasting</p>")
    meant = search.understood("lasting")
    assert (meant.phrases, meant.instead) == (("Kasting",), False)


def test_the_list_tells_what_was_guessed(client):
    make_course("Truck")
    page = client.get("/kurs/", {"q": "trukk"}).content.decode()
    assert "Viser treff for <q>Truck</q>" in page
    assert "<q>" not in client.get("/kurs/", {"q": "truck"}).content.decode()


# --- Synonyms -----------------------------------------------------------------------------------


def test_synonyms_find_each_other(found):
    make_course("Truck")
    make_course("Ledelse")
    Synonym.objects.create(words="Gaffelløfter, TRUCK, pallet jack")
    for typed in ("gaffelløfter", "GAFFELLOFTER", "pallet jack", "truck"):
        assert found(typed) == ["Truck"], typed
    assert found("jack") == []


def test_a_synonym_of_several_words_is_found_as_such(found):
    make_course("Pallet jack i praksis")
    make_course("Pallet og en jack")
    Synonym.objects.create(words="truck, pallet jack")
    assert found("truck") == ["Pallet jack i praksis"]
    assert found("truck praksis") == ["Pallet jack i praksis"]


def test_a_mistyped_synonym_finds(found):
    make_course("Truck")
    Synonym.objects.create(words="gaffelløfter, truck")
    assert found("gafelløfter") == ["Truck"]


def test_synonyms_stand_for_the_word_course_too(found):
    make_course("Webinar om ledelse")
    make_course("Ledelse")
    Synonym.objects.create(words="nettkurs, webinar")
    assert found("nettkurs ledelse") == ["Webinar om ledelse"]


# --- Anything may be typed ----------------------------------------------------------------------

HOSTILE = [
    *('"', "'", '""', '"truck', "truck*", "*", "^truck", "truck AND", "AND", "NOT truck", "OR"),
    *("NEAR(a b)", "title:truck", "{title} : x", "-title : x", "a - b", "a + b", "(((", ")", "\\"),
    *("%", "_", "%truck%", "';--", "\0", "tr\0uck", "\x1b[2J", "\u200b", "\ufffd", "\ud800", "…"),
    *("!!!", "😀", "👩‍👩‍👧 truck", "ﷺ" * 50, "a" * 10_000, "truck " * 2_000, "\u0301" * 5_000, "ß"),
    *("a b c d e f g h i j k l m n o p", "İ", "١٢٣", "漢字", "Z̷̢a̷l̶g̷o̵", " ", "\n\t", "-", "--"),
]


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed[:20]))
def test_nothing_typed_is_an_error(found, typed):
    make_course("Truck")
    assert found(typed) in ([], ["Truck"])
    search.understood(typed)


@pytest.mark.parametrize("typed", ["!!!", "😀", "\0", "\u200b", "  "])
def test_where_there_is_no_word_nothing_is_found(found, typed):
    make_course("Truck")
    assert found(typed) == []


def test_signs_between_words_do_not_matter(found):
    make_course("HMS-kurs for ledere (40 timer)")
    assert found("hms/leder 40-timer") == ["HMS-kurs for ledere (40 timer)"]


@pytest.mark.parametrize(
    "typed",
    ["mistypad ordn utan treffx aldrig", "q" * 10_000, "w " * 3_000, "abcdefgh " * 500],
    ids=["mistyped", "one word", "many", "many long ones"],
)
def test_no_search_asks_the_database_without_end(typed, django_assert_max_num_queries):
    make_generation()
    for number in range(30):
        make_course(f"Mistypet ord uten treff {number}")
    search.courses("truck")
    with django_assert_max_num_queries(100):
        search.courses(typed)


def test_the_order_is_the_same_each_time(found):
    for title in ("Truck B", "Truck A", "Truck C"):
        make_course(title)
    assert found("truck") == found("truck") == ["Truck A", "Truck B", "Truck C"]
