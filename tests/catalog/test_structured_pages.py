"""What machines are told of courses, lists and the provider is what pages show."""

import json
import re
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from tests.catalog import schema_org
from tests.catalog.agreeing import (
    ELEMENT,
    STATES,
    agreed,
    at_gatherings,
    graph_of,
    hybrid,
    online,
    page_of,
)
from tests.catalog.seen import described, told_by
from tests.catalog.test_pictures import make_picture
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_instructor,
    make_level,
    make_place,
    make_product,
    make_provider,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script><!--<b>& \u2028 \"x' \\"


@pytest.fixture(autouse=True)
def noon():
    """A day in autumn, so that the clocks change within the school's dates."""
    with time_machine.travel("2026-10-05T12:00:00+02:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def provider():
    return make_provider()


# --- Courses, lists, crumbs, provider -------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "told", "workload"),
    [
        ("3", "days", "P3D", False),
        ("7.5", "hours", "PT7H30M", True),
        ("90", "minutes", "PT90M", True),
        ("2", "weeks", "P2W", False),
        ("1", "semester", None, False),
        ("1.5", "days", None, False),
        (None, "", None, False),
    ],
)
def test_a_course_tells_what_its_page_does(client, value, unit, told, workload):
    course = make_course(
        duration_value=value and Decimal(value),
        duration_unit=unit,
        level=make_level("Påbygging"),
        categories=[make_category("HMS & sikkerhet")],
        language="en",
    )
    make_text(course)
    make_date(course)
    node = agreed(client, course, "en" if workload else "nb")["Course"]
    assert node.get("timeRequired") == told
    assert ("courseWorkload" in node["hasCourseInstance"][0]) is workload
    assert node["educationalLevel"] == "Påbygging"


def test_a_long_description_stands_in_for_a_lead(client):
    course = make_course()
    make_text(course, lead="", description=f"<p>Først.</p><p>{'Så mer. ' * 60}</p>")
    description = agreed(client, course)["Course"]["description"]
    assert description.startswith("Først. Så mer.")
    assert len(description) == 300


def test_the_picture_is_told_where_there_is_one(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    course = make_course()
    make_text(course)
    assert "image" not in agreed(client, course)["Course"]
    make_picture(course)
    image = agreed(client, course)["Course"]["image"]
    assert (
        client.get(image.removeprefix("http://testserver")).headers["Content-Type"] == "image/webp"
    )


def test_dates_that_unfold_and_dates_of_one_town_are_told_as_shown(client):
    course = make_course()
    make_text(course)
    for days in range(10, 30):
        make_date(course, days=days, place=make_place("Oslo" if days % 2 else "Ås"))
    assert len(agreed(client, course)["Course"]["hasCourseInstance"]) == 20
    path = f"{course.get_absolute_url()}?place=as"
    body = client.get(path).text
    told = graph_of(body)
    assert told_by(told) == described(body, course.get_absolute_url())
    assert len(told["@graph"][0]["hasCourseInstance"]) == 10


@pytest.mark.parametrize("language", ["nb", "en"])
def test_lists_are_told_in_their_order(client, language):
    above = make_category("HMS")
    under = make_category("Brann", parent=above)
    for number in range(32):
        course = make_course(f"Kurs {number:02}", categories=[under])
        make_date(course, days=40 - number)
    lists = {"nb": ("/kurs/", "/kalender/"), "en": ("/en/courses/", "/en/calendar/")}[language]
    for path, number in (
        (lists[0], 30),
        (f"{lists[0]}?sort=date", 30),
        (f"{lists[0]}?page=2", 2),
        (f"{lists[0]}?q=07", 1),
        (lists[1], None),
    ):
        elements = agreed(client, path, language)["ItemList"]["itemListElement"]
        assert number in {None, len(elements)}, path
    way = agreed(client, under, language)["BreadcrumbList"]["itemListElement"]
    assert [one["name"] for one in way][1:] == ["HMS", "Brann"]


def test_an_empty_list_tells_nothing(client):
    for path in ("/kurs/?q=drage", "/kalender/?q=drage", "/kurs/", "/kalender/"):
        assert not ELEMENT.search(client.get(path).text), path


def test_crumbs_lead_the_way_that_the_page_shows(client):
    room, person = make_venue("Sal", county="Akershus"), make_instructor("Åse")
    make_date(venue=room, instructors=[person])
    for thing, names in ((room, ["Kurssteder", "Sal"]), (person, ["Instruktører", "Åse"])):
        path, response = page_of(client, thing)
        graph = graph_of(response.text)
        assert schema_org.wrong_in(graph) == []
        (crumbs,) = told_by(graph)
        assert [crumbs] == [
            node for node in described(response.text, path) if node["@type"] == "BreadcrumbList"
        ]
        assert [one["name"] for one in crumbs["itemListElement"]] == names


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_front_page_tells_whose_it_is_and_how_it_is_searched(client, provider, language):
    path = {"nb": "/", "en": "/en/"}[language]
    nodes = agreed(client, path, language)
    assert nodes["Organization"]["address"] == "Storgata 1, 0155 Oslo"
    assert nodes["Organization"]["taxID"] == "974760673"
    assert provider.email not in json.dumps(nodes)
    template = nodes["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    searched = template.replace("http://testserver", "").format(search_term_string="hjelp")
    make_date(make_course("Hjelp"))
    assert ">Hjelp</a>" in client.get(searched).text


def test_the_logo_is_told_where_it_is_shown(client, provider):
    provider.logo, provider.logo_width, provider.logo_height = "provider/x.svg", 90, 30
    provider.save()
    logo = agreed(client, "/")["Organization"]["logo"]
    assert logo == f"http://testserver{provider.logo.url}"


def test_a_provider_that_is_not_named_yet_is_told_as_the_page_has_it(client, provider):
    provider.delete()
    assert agreed(client, "/")["Organization"]["name"] == "Kurskatalog"
    assert agreed(client, make_date())["Organization"]["name"] == "Kurskatalog"


# --- What is never told ---------------------------------------------------------------------------


def test_no_meeting_link_and_nobodys_address_is_told(client):
    course = make_course(email_more_info="kari@fjordskolen.example")
    make_text(course)
    dates = [online(course), hybrid(course), at_gatherings(course)]
    for thing in (course, *dates):
        text = ELEMENT.search(page_of(client, thing)[1].text)[1]
        for secret in ("meet.example", "hemmelig", "@fjordskolen"):
            assert secret not in text


def test_instructors_are_told_by_name_only_and_not_at_all_where_they_are_hidden(client, settings):
    person = make_instructor("Åse Bjørn", position="Brannmester")
    course = make_course()
    make_text(course)
    date = make_date(course, instructors=[person])
    make_gathering(date, theme="Øvelse", instructors=[make_instructor("Per")])
    event = agreed(client, date)["Event"]
    assert event["performer"] == [
        {"@type": "Person", "name": name} for name in ("Åse Bjørn", "Per")
    ]
    settings.SHOW_INSTRUCTORS = False
    for thing in (date, course):
        assert "Åse" not in json.dumps(agreed(client, thing), ensure_ascii=False)


def test_no_text_gets_out_of_its_element(client, provider):
    provider.name = HOSTILE
    provider.save()
    course = make_course(HOSTILE, level=make_level(HOSTILE), categories=[make_category(HOSTILE)])
    make_text(course, lead="<p>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; \u2028</p>")
    room = make_venue(HOSTILE, address=HOSTILE, city=HOSTILE, zipcode=HOSTILE)
    person = make_instructor(HOSTILE)
    date = make_date(course, venue=room, place_note=HOSTILE, instructors=[person])
    make_gathering(date, venue=room, theme=HOSTILE)
    for thing in (date, course, "/", "/kurs/", course.categories.get(), room, person):
        body = page_of(client, thing)[1].text
        text = ELEMENT.search(body)[1]
        assert not re.search("[<>&\u2028\u2029]", text)
        assert "alert(1)" in text or thing == "/kurs/"
        assert "<script>" not in body
        assert schema_org.wrong_in(json.loads(text)) == []


# --- The list -------------------------------------------------------------------------------------


def test_each_property_that_is_recommended_is_told_or_left_out_for_a_reason(client):
    course = make_course(
        duration_value=3, duration_unit="hours", level=make_level(), categories=[make_category()]
    )
    make_text(course)
    make_product(course)
    for make, *_ in STATES.values():
        make(course)
    gone = make_course("Borte", withdrawn_at=timezone.now())
    make_text(gone)
    things = [course, gone, *course.dates.all(), "/", "/kurs/"]
    used = set()
    for thing in things:
        used |= schema_org.used_in(graph_of(page_of(client, thing)[1].text))
    known = set()
    for name, rules in schema_org.LIST["types"].items():
        known |= {(name.partition(" in ")[0], each) for each in rules}
    shown_elsewhere = {("Organization", "logo"), ("Course", "image")}
    assert known - used - shown_elsewhere - {("CourseInstance", "description")} == set()
    left_out = {(kind, name) for kind, them in schema_org.LIST["left_out"].items() for name in them}
    assert left_out & (used | known) == set()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"@type": "Meeting"}, "unknown type"),
        ({"colour": "red"}, "unknown property"),
        ({"startDate": "5. oktober"}, "startDate is"),
        ({"startDate": None}, "without startDate"),
        ({"eventStatus": "https://schema.org/EventFull"}, "eventStatus is"),
        ({"url": "/kurs/"}, "url is"),
        ({"offers": {"@type": "Offer", "price": "2490"}}, "price is"),
        ({"organizer": {"@id": "http://testserver/#nobody"}}, "nowhere"),
        ({"location": {"@type": "Offer"}}, "location is"),
    ],
)
def test_what_the_list_does_not_have_is_found(client, change, complaint):
    graph = graph_of(page_of(client, make_date())[1].text)
    graph["@graph"][0] |= change
    graph["@graph"][0] = {name: one for name, one in graph["@graph"][0].items() if one is not None}
    assert complaint in " ".join(schema_org.wrong_in(graph))
