"""What may be chosen beside the list of courses, what each choice would give, and its address."""

import re

import pytest
from django.http import QueryDict

from catalog import choices, timetable
from catalog.selection import Selection
from catalog.timetable import COURSES, DATES
from tests.factories import (
    in_days,
    make_category,
    make_course,
    make_date,
    make_instructor,
    make_level,
    make_place,
)

pytestmark = pytest.mark.django_db


def offered(query="", what=COURSES, path=None):
    return choices.of(timetable.current(), Selection.of(QueryDict(query)), what, path)


def hits(query="", what=COURSES):
    """{kind: {label: hits}}, of what is on offer; what lies in another is named "under/over"."""

    def flat(choice, above=""):
        name = f"{choice.label}/{above}" if above else choice.label
        yield name, choice.hits
        for each in choice.under:
            yield from flat(each, choice.label)

    found = {
        kind.name: dict(pair for choice in kind.choices for pair in flat(choice))
        for kind in offered(query, what).kinds
    }
    return found | {choice.kind: choice.hits for choice in offered(query, what).switches}


def two_courses(**of_the_second):
    """One in Oslo next month, another, as given, two months from now."""
    make_date(make_course("Første"), days=30)
    return make_date(make_course("Andre"), **({"days": 61} | of_the_second))


def titles(client, query):
    body = client.get(f"/kurs/?{query}", follow=True).content.decode()
    return re.findall(r'<h3 class="hit-title"><a [^>]*>([^<]+)</a>', body)


# --- Each kind finds its own --------------------------------------------------------------------


def test_a_town_and_the_county_above_it_are_filters_by_place(client):
    two_courses(place=make_place("Sem", "Vestfold"))
    make_date(make_course("Tredje"), place=make_place("Horten", "Vestfold"))
    assert titles(client, "place=vestfold.sem") == ["Andre"]
    assert titles(client, "place=vestfold") == ["Andre", "Tredje"]
    assert titles(client, "place=oslo&place=vestfold.sem") == ["Andre", "Første"]
    assert hits()["place"] == {"Oslo": 1, "Vestfold": 2, "Horten/Vestfold": 1, "Sem/Vestfold": 1}


def test_a_county_with_a_single_town_is_the_same_choice_as_that_town():
    two_courses(place=make_place("Bergen", "Vestland"))
    assert hits()["place"] == {"Bergen": 1, "Oslo": 1}
    assert hits("place=vestland")["place"] == {"Oslo": 1, "Vestland": 1, "Bergen/Vestland": 1}


def test_categories_are_nested_and_one_above_holds_those_below(client):
    safety = make_category("HMS")
    fire = make_category("Brann", parent=safety)
    make_date(make_course("Slokking", categories=[fire]))
    make_date(make_course("Verneombud", categories=[safety]))
    make_date(make_course("Excel", categories=[make_category("IT")]))
    assert titles(client, f"category={safety.remote_id}&free=1") == ["Slokking", "Verneombud"]
    assert titles(client, f"category={fire.remote_id}&free=1") == ["Slokking"]
    assert hits()["category"] == {"HMS": 2, "Brann/HMS": 1, "IT": 1}


def test_forms_are_filters(client):
    two_courses(is_virtual=True)
    assert titles(client, "form=online") == ["Andre"]
    assert titles(client, "form=classroom") == ["Første"]
    assert hits()["form"] == {"Klasserom": 1, "På nett": 1}


def test_months_and_days_are_filters(client):
    two_courses()
    month = in_days(61).strftime("%Y-%m")
    assert titles(client, f"month={month}") == ["Andre"]
    assert titles(client, f"since={in_days(31)}") == ["Andre"]
    assert titles(client, f"until={in_days(31)}") == ["Første"]
    assert len(hits()["month"]) == 2


def test_levels_are_filters(client):
    level, other = make_level("Grunnkurs"), make_level("Videregående")
    make_date(make_course("Første", level=level))
    make_date(make_course("Andre", level=other))
    assert titles(client, f"level={other.remote_id}") == ["Andre"]
    assert hits()["level"] == {"Grunnkurs": 1, "Videregående": 1}


def test_instructors_are_filters_unless_the_site_hides_them(client, settings):
    kari, ola = make_instructor("Kari"), make_instructor("Ola")
    make_date(make_course("Første"), instructors=[kari])
    make_date(make_course("Andre"), instructors=[ola])
    assert titles(client, f"instructor={ola.remote_id}") == ["Andre"]
    assert hits()["instructor"] == {"Kari": 1, "Ola": 1}
    settings.SHOW_INSTRUCTORS = False
    assert "instructor" not in hits()
    response = client.get(f"/kurs/?instructor={ola.remote_id}")
    assert "Ola" not in response.content.decode()
    assert len(titles(client, f"instructor={ola.remote_id}")) == 2


def test_languages_of_teaching_are_filters(client):
    make_date(make_course("Første", language="no"))
    make_date(make_course("Andre", language="en"), language="en")
    assert titles(client, "language=en") == ["Andre"]
    assert hits()["language"] == {"Engelsk": 1, "Norsk": 1}


def test_only_free_seats_and_only_what_is_certain_are_filters(client):
    two_courses(seats_free=0, status=1)
    assert titles(client, "free=1") == ["Første"]
    assert titles(client, "sure=1") == ["Første"]
    assert hits()["free"] == hits()["sure"] == 1


# --- What each choice would give ----------------------------------------------------------------


def test_each_choice_gives_as_many_hits_as_it_says(client):
    """Every choice beside another one, followed: courses on the list, dates in the calendar."""
    two_courses(place=make_place("Sem", "Vestfold"), is_virtual=False, seats_free=0)
    make_date(make_course("Tredje"), days=61, place=make_place("Horten", "Vestfold"))
    make_date(make_course("Fjerde"), days=30, is_virtual=True)
    for what in (COURSES, DATES):
        for query in ("", "place=oslo", "free=1", "month=" + in_days(61).strftime("%Y-%m")):
            found = offered(query, what)
            for kind in found.kinds:
                for choice in kind.choices:
                    alone = found.selection.without(kind.name).plus(kind.name, choice.value)
                    assert timetable.current().number(alone, what) == choice.hits


def test_the_list_counts_courses_and_the_calendar_counts_dates():
    course = make_course()
    make_date(course, days=30)
    make_date(course, days=40)
    make_date(place=make_place("Bergen", "Vestland"))
    assert hits(what=COURSES)["place"] == {"Bergen": 1, "Oslo": 1}
    assert hits(what=DATES)["place"] == {"Bergen": 1, "Oslo": 2}
    assert offered(what=DATES).hits == 3


def test_a_kind_with_nothing_to_choose_from_is_left_out():
    make_date(make_course(level=make_level()))
    assert offered().kinds == []
    assert [kind.name for kind in offered("place=oslo").kinds] == ["place"]


def test_kinds_stand_in_their_order():
    top = make_category("A")
    make_date(make_course(level=make_level("A"), categories=[top]), instructors=[make_instructor()])
    make_date(
        make_course(level=make_level("B"), language="en", categories=[make_category("B")]),
        days=70,
        language="en",
        place=make_place("Bergen", "Vestland"),
        instructors=[make_instructor("Ola")],
    )
    make_date(make_course(), is_virtual=True)
    names = [kind.name for kind in offered().kinds]
    assert names == ["category", "place", "form", "month", "level", "instructor", "language"]


def test_a_choice_that_gives_nothing_says_so_and_a_long_kind_leaves_it_out():
    two_courses(place=make_place("Bergen", "Vestland"))
    assert hits(f"until={in_days(31)}")["place"] == {"Bergen": 0, "Oslo": 1}
    for number in range(13):
        make_date(days=61, place=make_place(f"By {number:02}", ""))
    timetable.forget()
    assert hits(f"until={in_days(31)}")["place"] == {"Oslo": 1}


def test_of_a_long_kind_the_first_few_and_those_chosen_are_in_sight():
    people = [make_instructor(f"Person {number:02}") for number in range(14)]
    for person in people:
        make_date(instructors=[person])
    kind = offered(f"instructor={people[9].remote_id}").kinds[-1]
    shown = [choice.label for choice in kind.in_sight]
    assert shown == [f"Person {n:02}" for n in (0, 1, 2, 3, 4, 5, 9)]
    assert [choice.label for choice in kind.more] == [
        f"Person {n:02}" for n in (6, 7, 8, 10, 11, 12, 13)
    ]


# --- One address per state ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("q=&place=&since=&free=", "/kurs/"),
        ("place=vestland.bergen&place=oslo", "/kurs/?place=oslo&place=vestland.bergen"),
        ("place=oslo&place=oslo", "/kurs/?place=oslo"),
        ("free=1&place=oslo", "/kurs/?place=oslo&free=1"),
        ("free=on", "/kurs/?free=1"),
        ("place=oslo&page=1", "/kurs/?place=oslo"),
        ("place=OSLO", "/kurs/?place=oslo"),
        ("page=01", "/kurs/"),
        ("page=%D9%A1", "/kurs/"),
        ("sort=size", "/kurs/"),
        ("sort=date&place=oslo", "/kurs/?place=oslo&sort=date"),
    ],
)
def test_every_other_spelling_of_a_state_leads_to_its_one_address(client, asked, right):
    two_courses(place=make_place("Bergen", "Vestland"))
    response = client.get(f"/kurs/?{asked}")
    assert (response.status_code, response.headers["Location"]) == (302, right)
    assert client.get(right).status_code == 200


def test_what_the_form_sends_is_redirected_once_and_stays(client):
    two_courses()
    response = client.get("/kurs/?q=&place=oslo&since=&until=&free=1", follow=True)
    assert response.redirect_chain == [("/kurs/?place=oslo&free=1", 302)]


def test_another_spelling_of_the_same_letters_and_foreign_names_do_not_redirect(client):
    make_course("Varme arbeider")
    for query in ("q=varme%20arbeider", "q=varme+arbeider", "utm_source=brev&q=varme+arbeider"):
        response = client.get(f"/kurs/?{query}")
        assert response.status_code == 200
        assert 'rel="canonical" href="http://testserver/kurs/?q=varme+arbeider"' in (
            response.content.decode()
        )


@pytest.mark.parametrize(
    "unknown",
    ["place=atlantis", "place=%3Cscript%3E", "category=99", "level=99", "instructor=99",
     "language=xq", "form=hologram", "month=2026-13", "since=2026-02-30", "free=maybe"],
)  # fmt: skip
def test_what_is_no_choice_is_told_left_out_and_not_indexed(client, unknown):
    two_courses()
    response = client.get(f"/kurs/?{unknown}&q=&free=1")
    body = response.content.decode()
    assert response.status_code == 200
    assert "kjenner vi ikke" in body
    assert "<script>" not in body
    assert 'rel="canonical" href="http://testserver/kurs/?free=1"' in body
    assert '<meta name="robots" content="noindex">' in body
    assert "2 kurs" in body


def test_only_the_whole_list_and_the_categories_are_for_search_engines(client):
    category = make_category("HMS")
    make_date(make_course(categories=[category]))
    noindex = '<meta name="robots" content="noindex">'
    for page in ("/kurs/", category.get_absolute_url()):
        assert noindex not in client.get(page).content.decode()
    for query in ("place=oslo", "q=varme", "sort=date", "free=1"):
        assert noindex in client.get(f"/kurs/?{query}").content.decode()


def test_the_same_state_in_the_other_language_is_a_link_away(client):
    two_courses(place=make_place("Bergen", "Vestland"))
    query = "place=oslo&amp;place=vestland.bergen&amp;free=1"
    body = client.get("/kurs/?place=oslo&place=vestland.bergen&free=1").content.decode()
    assert f'<a href="/en/courses/?{query}" lang="en" hreflang="en"' in body
    assert (
        f'href="/kurs/?{query}"'
        in client.get("/en/courses/?place=oslo&place=vestland.bergen&free=1").content.decode()
    )


def test_htmx_gets_the_same_page_as_everyone(client):
    two_courses()
    plain = client.get("/kurs/?place=oslo")
    asked = client.get("/kurs/?place=oslo", headers={"HX-Request": "true"})
    assert asked.content == plain.content
    assert asked.headers.get("Vary") == plain.headers.get("Vary") == "Accept-Encoding"


# --- What is chosen -----------------------------------------------------------------------------


def test_each_choice_made_can_be_taken_back_alone_or_all_together(client):
    two_courses(place=make_place("Bergen", "Vestland"))
    found = offered("place=oslo&place=vestland.bergen&free=1&until=2099-03-01")
    assert [(chip.label, chip.address) for chip in found.chips] == [
        ("Oslo", "/kurs/?place=vestland.bergen&until=2099-03-01&free=1"),
        ("Bergen", "/kurs/?place=oslo&until=2099-03-01&free=1"),
        ("til 1. mars 2099", "/kurs/?place=oslo&place=vestland.bergen&free=1"),
        ("Ledige plasser", "/kurs/?place=oslo&place=vestland.bergen&until=2099-03-01"),
    ]
    body = client.get("/kurs/?place=oslo&free=1").content.decode()
    chip = r'class="chip" href="/kurs/\?free=1"[^>]*><span[^>]*>Fjern Sted: </span>Oslo'
    assert re.search(chip, body)
    assert re.search(r'href="/kurs/"[^>]*>Fjern alle<', body)


def test_the_form_holds_what_is_chosen_and_says_what_it_will_show(client):
    two_courses(place=make_place("Bergen", "Vestland"))
    body = client.get("/kurs/?place=oslo").content.decode()
    assert re.search(r'name="place" value="oslo" checked', body)
    assert not re.search(r'name="place" value="vestland.bergen" checked', body)
    assert "Vis 1 kurs" in body
    assert re.search(r'role="status"[^>]*>1 kurs<', body)


# --- An empty result ----------------------------------------------------------------------------


def test_an_empty_result_names_the_filter_whose_removal_helps_most(client):
    """Without the language two are found, without the town one."""
    bergen = make_place("Bergen", "Vestland")
    make_date(make_course("Første"), place=bergen)
    make_date(make_course("Andre"), place=bergen)
    make_date(make_course("Tredje", language="en"), language="en")
    body = client.get("/kurs/?place=vestland.bergen&language=en").content.decode()
    assert "Ingen kurs passer" in body
    assert re.search(r'href="/kurs/\?place=vestland.bergen"[^>]*>Uten «Engelsk»: 2 kurs<', body)
    assert re.search(r'href="/kurs/"[^>]*>Fjern alle filtre<', body)


def test_days_the_wrong_way_round_are_told_and_turned_with_one_press(client):
    two_courses()
    backwards, right = (
        f"since={since}&until={until}"
        for since, until in [(in_days(70), in_days(31)), (in_days(31), in_days(70))]
    )
    page = client.get(f"/kurs/?{backwards}").content.decode()
    assert "Siste dag du spør om, kommer før den første." in page
    assert f'href="/kurs/?{right}" rel="nofollow">'.replace("&", "&amp;") in page
    assert "kalender.ics?" not in page  # nobody follows what can never come
    page = client.get(f"/kurs/?{right}").content.decode()
    assert "Siste dag du spør om" not in page
    assert "kalender.ics?" in page
    feed = client.get(f"/kalender.ics?{backwards}")
    assert feed.status_code == 400
    assert "Siste dag du spør om" in feed.content.decode()


def test_the_best_removal_takes_all_choices_of_a_kind_together():
    two_courses(place=make_place("Bergen", "Vestland"))
    best = offered("place=oslo&place=vestland.bergen&language=en").best_removal
    assert (best.label, best.hits, best.address) == (
        "Engelsk", 2, "/kurs/?place=oslo&place=vestland.bergen"
    )  # fmt: skip
    for title in ("A", "B", "C"):
        elsewhere = make_place("Skien", "Telemark")
        make_date(make_course(title, language="en"), language="en", place=elsewhere)
    best = offered("place=oslo&place=vestland.bergen&language=en").best_removal
    assert (best.label, best.hits, best.address) == ("Oslo, Bergen", 3, "/kurs/?language=en")


def test_where_no_single_removal_helps_all_can_still_be_removed(client):
    make_date(make_course())
    query = "language=en&form=online"
    assert offered(query).best_removal is None
    body = client.get("/kurs/?form=online&language=en").content.decode()
    assert "Fjern alle filtre" in body
