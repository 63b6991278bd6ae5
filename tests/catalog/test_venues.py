"""Where courses are held: a page each, with address, the way there and the dates ahead (r5)."""

import re
from decimal import Decimal

import pytest

from catalog import timetable
from tests.catalog.test_pages_lists import text_of
from tests.factories import (
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_product,
    make_provider,
    make_venue,
)

pytestmark = pytest.mark.django_db

LIST = "/kurssteder/"
AT = {"latitude": Decimal("59.918600"), "longitude": Decimal("10.802200")}


def page_of(client, venue):
    return client.get(venue.get_absolute_url())


def said_of(client, venue):
    return text_of(page_of(client, venue)).split("Organisasjonsnummer")[0]


def way_to(client, venue):
    """The address of its link to a map; None without one."""
    found = re.search(r'<a [^>]*href="(https://[^"]+)"', main(page_of(client, venue)))
    return found and found[1].replace("&amp;", "&")


def main(response):
    return response.content.decode().split("<main")[1].split("</main")[0]


def held(venue, **given):
    return make_date(venue=venue, days=-10, **given)


# --- Addresses ----------------------------------------------------------------------------------


def test_the_address_has_the_id_and_the_name_in_plain_letters(client):
    venue = make_venue("Øvingsfeltet", remote_id=7)
    make_date(venue=venue)
    assert venue.get_absolute_url() == "/kurssteder/7-ovingsfeltet/"
    assert page_of(client, venue).status_code == 200
    assert client.get("/en/venues/7-ovingsfeltet/").status_code == 200


def test_a_wrong_name_leads_to_the_right_address(client):
    make_date(venue=make_venue("Øvingsfeltet", remote_id=7))
    response = client.get("/en/venues/7-gammelt-navn/")
    assert response.status_code == 301
    assert response.headers["Location"] == "/en/venues/7-ovingsfeltet/"


def test_an_unknown_venue_is_not_found(client):
    assert client.get("/kurssteder/7-ovingsfeltet/").status_code == 404


def test_a_venue_of_closed_courses_only_has_no_page(client):
    """A customer's own office, say."""
    inside, hidden, idle, meeting = (make_venue() for _ in range(4))
    make_date(public=False, venue=inside)
    make_date(make_course(public=False), venue=hidden)
    make_gathering(make_date(public=False), venue=meeting)
    venues = (inside, hidden, idle, meeting)
    assert {page_of(client, venue).status_code for venue in venues} == {404}
    assert LIST not in main(client.get(LIST))


# --- What the page says -------------------------------------------------------------------------


def test_name_address_county_and_room(client):
    venue = make_venue("Kurssenteret", county="Vestfold", capacity=14)
    make_date(venue=venue)
    said = said_of(client, venue)
    words = ("Kurssenteret", "Storgata 1", "0155 Oslo", "Vestfold", "Plass til 14 deltakere")
    assert all(each in said for each in words)


@pytest.mark.parametrize("capacity", [0, None])
def test_where_nobody_has_said_how_many_it_takes_nothing_is_said(client, capacity):
    venue = make_venue(capacity=capacity)
    make_date(venue=venue)
    assert "Plass til" not in said_of(client, venue)


def test_dates_ahead_of_the_venue_and_of_any_meeting_there(client):
    venue = make_venue()
    make_date(make_course("Her"), venue=venue)
    make_gathering(make_date(make_course("En samling her"), days=40), venue=venue)
    make_date(make_course("Et annet sted"), venue=make_venue())
    make_date(make_course("Over"), days=-3, venue=venue)
    said = said_of(client, venue)
    assert said.index("Her ") < said.index("En samling her")
    assert "Et annet sted" not in said
    assert "Over" not in said


def test_a_date_with_several_meetings_there_is_listed_once(client):
    venue = make_venue()
    date = make_date(make_course("Samlinger"), venue=venue)
    for day in range(3):
        make_gathering(date, day=day, venue=venue)
    assert main(page_of(client, venue)).count("Samlinger</a></h3>") == 1


def test_the_venue_is_not_named_again_in_each_row(client):
    venue = make_venue("Kurssenteret")
    make_date(venue=venue)
    assert 'class="date-note">Kurssenteret' not in main(page_of(client, venue))


def test_without_dates_it_says_so_shows_a_way_on_and_is_not_indexed(client):
    venue = make_venue()
    held(venue)
    response = page_of(client, venue)
    assert "ikke satt opp noen datoer her" in text_of(response)
    assert 'href="/kalender/"' in main(response)
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    make_date(venue=venue)
    assert "noindex" not in page_of(client, venue).content.decode()


def test_other_venues_of_the_town_where_something_is_held(client):
    venue, other, elsewhere, idle = (
        make_venue("Her"),
        make_venue("Der"),
        make_venue("Langt borte", city="Bodø"),
        make_venue("Tomt"),
    )
    for each in (venue, other, elsewhere):
        make_date(venue=each)
    held(idle)
    said = said_of(client, venue).split("Andre kurssteder i Oslo")[1]
    assert "Der" in said
    assert "Langt borte" not in said
    assert "Tomt" not in said


# --- The way there ------------------------------------------------------------------------------


def test_the_way_is_a_plain_link_with_the_coordinates(client):
    venue = make_venue(**AT)
    make_date(venue=venue)
    assert way_to(client, venue).endswith("&destination=59.9186,10.8022")


def test_without_coordinates_it_has_the_address(client):
    venue = make_venue(address="Øvre gate 1")
    make_date(venue=venue)
    assert way_to(client, venue).endswith("=%C3%98vre%20gate%201,%200155%20Oslo")


def test_nought_and_nought_is_no_place(client):
    venue = make_venue(latitude=Decimal(0), longitude=Decimal(0))
    make_date(venue=venue)
    assert way_to(client, venue).endswith("Storgata%201,%200155%20Oslo")


def test_where_nobody_knows_where_it_is_there_is_no_way(client):
    venue = make_venue(address="", zipcode="", city="")
    make_date(venue=venue)
    assert way_to(client, venue) is None


def test_another_map_can_be_chosen(client, settings):
    settings.DIRECTIONS_URL = "https://kart.example/?til={goal}"
    venue = make_venue(**AT)
    make_date(venue=venue)
    assert way_to(client, venue) == "https://kart.example/?til=59.9186,10.8022"


def test_the_map_learns_nothing_of_us_and_the_page_loads_nothing_of_it(client):
    venue = make_venue(**AT)
    make_date(venue=venue)
    body = main(page_of(client, venue))
    link = re.search(r'<a [^>]*href="https://[^>]*>', body)[0]
    assert 'rel="external noopener noreferrer"' in link
    assert not re.search(r"<(iframe|img|script|link|object)", body)


def test_a_room_online_has_no_address_and_no_way_there(client):
    venue = make_venue("Digitalt klasserom", is_virtual=True, **AT)
    make_date(venue=venue, event_url="https://meet.example/secret-room")
    said = said_of(client, venue)
    assert "på nett" in said
    assert "Storgata" not in said
    assert "Plass til" not in said
    assert "Andre kurssteder" not in said
    assert way_to(client, venue) is None
    assert "secret-room" not in page_of(client, venue).content.decode()


# --- The list of all ----------------------------------------------------------------------------


def test_venues_are_listed_by_county_those_online_last(client):
    for name, county, given in (
        ("Nett", "", {"is_virtual": True}),
        ("Bruket", "Østfold", {}),
        ("Senteret", "Agder", {}),
        ("Uten fylke", "", {}),
    ):
        make_date(venue=make_venue(name, county=county, **given))
    held(make_venue("Stengt"))
    said = text_of(client.get(LIST))
    words = ("Agder", "Senteret", "Østfold", "Bruket", "Andre steder", "Uten fylke", "På nett")
    order = [said.index(word) for word in words]
    assert order == sorted(order)
    assert "Stengt" not in said


def test_the_list_is_found_from_every_page(client):
    assert f'href="{LIST}"' in client.get("/kalender/").content.decode()
    assert 'href="/en/venues/"' in client.get("/en/calendar/").content.decode()


# --- In few questions ---------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "queries"), [("venue", 7), (LIST, 3)])
def test_the_number_of_questions_does_not_grow(client, django_assert_num_queries, page, queries):
    make_provider()
    make_generation()
    venue = make_venue()
    for _ in range(2):
        for number in range(3):
            course = make_course(f"Kurs {number}")
            make_product(course)
            make_gathering(make_date(course, days=2 + number, venue=venue), venue=venue)
            make_date(venue=make_venue(f"Nabo {number}"))
        timetable.forget()
        timetable.current()
        with django_assert_num_queries(queries):
            address = venue.get_absolute_url() if page == "venue" else page
            assert client.get(address).status_code == 200
