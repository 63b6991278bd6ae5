"""Public data: what the JSON tells is what the pages show, all of it and nothing else."""

import datetime as dt
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from catalog.models import CourseDate
from tests.catalog.asking import SITE, get
from tests.catalog.test_pages_lists import text_of
from tests.catalog.test_pictures import make_picture
from tests.factories import (
    in_days,
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_instructor,
    make_level,
    make_opening,
    make_place,
    make_product,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 2, 10, 15, tzinfo=ZoneInfo("Europe/Oslo"))
MOMENT = "2026-11-02T10:15:00+01:00"


@pytest.fixture(autouse=True)
def a_monday_in_november(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def date(settings, tmp_path):
    """One of which there is something to tell of everything."""
    settings.MEDIA_ROOT = tmp_path
    course = make_course(
        remote_id=5,
        categories=[make_category("Sjø", remote_id=2)],
        level=make_level("Grunnkurs", remote_id=3),
        duration_value=2,
        duration_unit="days",
        price_comment="Bok kommer i tillegg",
    )
    make_text(course, audience="<p>For <strong>alle</strong>.</p>")
    make_product(course, price="2490", vat="25")
    make_picture(course)
    room = make_venue(
        remote_id=4, county="Vestland", city="Bergen", latitude="60.3913", longitude="5.3221"
    )
    date = make_date(
        course,
        remote_id=7,
        starts_on=dt.date(2026, 12, 7),
        lasts=2,
        closes_on=dt.date(2026, 11, 30),
        seats_free=2,
        venue=room,
        place=make_place("Bergen", "Vestland"),
        place_note="Inngang fra kaien",
        instructors=[make_instructor("Kari Nordmann", remote_id=8)],
        event_url="https://meet.example/secret",
        reference="INTERN-1",
    )
    ola = make_instructor("Ola Hansen", remote_id=9)
    make_gathering(date, remote_id=10, theme="Teori", venue=room, instructors=[ola])
    make_gathering(date, remote_id=11, day=1, theme="Praksis")
    return date


def flat(told, path=""):
    """{path: value} of all that an answer tells; a list counts from nought."""
    if isinstance(told, list):
        told = dict(enumerate(told))
    if not isinstance(told, dict):
        return {path: told}
    found = {}
    for name, value in told.items():
        found |= flat(value, f"{path}.{name}".strip("."))
    return found


def machine(moment):
    return f'datetime="{moment}"'


# --- As the pages say ---------------------------------------------------------------------------

VENUE = {  # what is told, and what the page shows of it
    "id": (4, "/kurssteder/4-"),
    "name": ("Kurssenteret", ">Kurssenteret<"),
    "url": (f"{SITE}/kurssteder/4-kurssenteret/", 'href="/kurssteder/4-kurssenteret/"'),
    "online": (False, 'value="classroom"'),
    "address": ("Storgata 1", "Storgata 1"),
    "postcode": ("0155", "0155 Bergen"),
    "city": ("Bergen", "0155 Bergen"),
    "county": ("Vestland", None),
    "country": ("NO", None),
    "latitude": (60.3913, "60.3913,5.3221"),
    "longitude": (5.3221, "60.3913,5.3221"),
}
IN_BRIEF = {
    "id": (7, "/dato/7/"),
    "url": (f"{SITE}/kurs/5-forstehjelp-pa-sjo/dato/7/", "/dato/7/"),
    "api_url": (f"{SITE}/api/v1/dates/7/", None),
    "starts_on": ("2026-12-07", machine("2026-12-07")),
    "ends_on": ("2026-12-08", machine("2026-12-08")),
    "starts_at": ("2026-12-07T09:00:00+01:00", machine("2026-12-07T09:00:00+01:00")),
    "ends_at": ("2026-12-08T15:30:00+01:00", machine("2026-12-08T15:30:00+01:00")),
    "time_zone": ("Europe/Oslo", None),
    "form.code": ("classroom", 'value="classroom"'),
    "form.words": ("Klasserom", ">Klasserom<"),
    "place.name": ("Bergen", "Bergen"),
    "place.note": ("Inngang fra kaien", "Inngang fra kaien"),
    "status.code": ("will_run", None),
    "status.words": ("Gjennomføres", "Gjennomføres"),
    "seats.state": ("few", "state--few"),
    "seats.words": ("2 plasser igjen", "2 plasser igjen"),
    "seats.free": (2, "2 plasser igjen"),
    "booking.offer": ("book", 'href="/booking/ny/7/"'),
    "booking.words": ("Meld på", ">Meld på<"),
    "booking.url": (f"{SITE}/booking/ny/7/", 'href="/booking/ny/7/"'),
    "booking.reason": (None, None),
    "booking.reason_words": (None, None),
    "booking.opens_at": (None, None),
    "booking.closes_on": ("2026-11-30", machine("2026-11-30")),
}
PRICE = {
    "amount": ("2490.00", 'value="NOK 2490"'),
    "currency": ("NOK", 'value="NOK 2490"'),
    "includes_vat": (False, "ekskl. mva."),
    "vat_percent": ("25.00", None),
    "amount_with_vat": ("3112.50", 'value="NOK 3112.50"'),
    "words": ("2 490 kr ekskl. mva.", "2 490 kr ekskl. mva."),
    "comment": ("Bok kommer i tillegg", None),
}
NAME = {
    "id": (5, "/kurs/5-"),
    "title": ("Førstehjelp på sjø", "Førstehjelp på sjø"),
    "title_language": ("nb", '<h1 lang="nb">'),
    "url": (f"{SITE}/kurs/5-forstehjelp-pa-sjo/", "/kurs/5-forstehjelp-pa-sjo/"),
    "api_url": (f"{SITE}/api/v1/courses/5/", None),
}
NEWS = {"appeared_at": (MOMENT, None), "changed_at": (MOMENT, None)}


def under(name, table):
    return {f"{name}.{path}": both for path, both in table.items()}


def gathering(at, theme, day):
    starts, ends = (f"2026-12-0{day}T{hour}:00:00+01:00" for hour in ("09", "15"))
    calendar = f"/kurs/5/dato/7/samling/{10 + at}.ics"
    return {
        f"gatherings.{at}.id": (10 + at, None),
        f"gatherings.{at}.starts_at": (starts, machine(starts)),
        f"gatherings.{at}.ends_at": (ends, machine(ends)),
        f"gatherings.{at}.theme": (theme, theme),
        f"gatherings.{at}.calendar_url": (SITE + calendar, calendar),
    }


def person(where, id, name, slug):
    page = f"/instruktorer/{id}-{slug}/"
    return {
        f"{where}.id": (id, page),
        f"{where}.name": (name, name),
        f"{where}.url": (SITE + page, page),
    }


DATE = (
    IN_BRIEF
    | under("course", NAME)
    | under("price", PRICE)
    | under("venue", VENUE)
    | {"language": ("no", 'value="no"')}
    | gathering(0, "Teori", 7)
    | under("gatherings.0.venue", VENUE)
    | person("gatherings.0.instructors.0", 9, "Ola Hansen", "ola-hansen")
    | gathering(1, "Praksis", 8)
    | {"gatherings.1.venue": (None, None)}
    | person("instructors.0", 8, "Kari Nordmann", "kari-nordmann")
    | person("instructors.1", 9, "Ola Hansen", "ola-hansen")
    | {"calendar_url": (f"{SITE}/kurs/5/dato/7.ics", "/kurs/5/dato/7.ics")}
    | NEWS
)


def compare(told, expected, page):
    """Each value is the expected one, and stands on the page; no value is forgotten here."""
    body, words = unescape(page.content.decode()).replace("\xa0", " "), text_of(page)
    words = unescape(words).replace("\xa0", " ")
    assert told.keys() == expected.keys()
    assert told == {path: value for path, (value, _) in expected.items()}
    for path, (_, shown) in expected.items():
        assert shown is None or shown in body or shown in words, f"{path}: {shown}"


def test_every_field_of_a_date_is_what_its_page_says(client, date):
    told = flat(get(client, reverse("api_date", args=[7])))
    compare(told, DATE, client.get(date.get_absolute_url()))


def test_every_field_of_a_course_is_what_its_page_says(client, date):
    told = get(client, reverse("api_course", args=[5]))
    assert flat(told.pop("dates")[0]) == {path: value for path, (value, _) in DATE.items()}
    picture = date.course.picture
    expected = (
        NAME
        | under("price", PRICE | {"comment": ("Bok kommer i tillegg", "Bok kommer i tillegg")})
        | {
            "lead": ("Lær å redde liv.", "Lær å redde liv."),
            "text_language": ("nb", 'class="prose" lang="nb"'),
            "duration.value": ("2.00", 'value="P2D"'),
            "duration.unit": ("days", 'value="P2D"'),
            "duration.words": ("2 dager", "2 dager"),
            "categories.0.id": (2, "/kurs/kategori/2-sjo/"),
            "categories.0.title": ("Sjø", "Sjø"),
            "level.id": (3, None),
            "level.title": ("Grunnkurs", "Grunnkurs"),
            "language": ("no", 'value="no"'),
            "image.url": (SITE + picture.image.url, f'src="{picture.image.url}"'),
            "image.width": (picture.width, f'width="{picture.width}"'),
            "image.height": (picture.height, f'height="{picture.height}"'),
            "image.alternative": ("En orange vegg", 'alt="En orange vegg"'),
            "image.alternative_language": ("nb", 'alt="En orange vegg" lang="nb"'),
            "calendar_url": (f"{SITE}/kurs/5.ics", "/kurs/5.ics"),
            "form_words": ("Klasserom", "Klasserom"),
            "texts.0.name": ("description", 'href="#description"'),
            "texts.0.heading": ("Beskrivelse", ">Beskrivelse</h2>"),
            "texts.0.html": ("<p>Gjennom øvelser.</p>", "<p>Gjennom øvelser.</p>"),
            "texts.1.name": ("audience", 'href="#audience"'),
            "texts.1.heading": ("Målgruppe", ">Målgruppe</h2>"),
            "texts.1.html": ("<p>For <strong>alle</strong>.</p>", "<strong>alle</strong>"),
        }
        | NEWS
    )
    for at, width in enumerate(picture.widths):
        name = f"/media/{picture.name_of(width)}"
        expected[f"image.sizes.{at}.url"] = (SITE + name, f"{name} {width}w")
        expected[f"image.sizes.{at}.width"] = (width, f"{name} {width}w")
    compare(flat(told), expected, client.get(date.course.get_absolute_url()))


def test_a_list_tells_the_same_as_the_single_answers(client, date):
    (course,) = get(client, reverse("api_courses"))["items"]
    (told,) = get(client, reverse("api_dates"))["items"]
    assert told == get(client, told["api_url"].removeprefix(SITE))
    (following,) = course.pop("next_dates")
    assert following.items() <= told.items()
    assert course.items() <= get(client, course["api_url"].removeprefix(SITE)).items()


def test_in_english_words_and_addresses_are_english(client, date):
    told = get(client, "/en/api/v1/dates/7/")
    assert told["url"] == f"{SITE}/en/courses/5-forstehjelp-pa-sjo/date/7/"
    assert told["api_url"] == f"{SITE}/en/api/v1/dates/7/"
    assert told["booking"]["words"] == "Book"
    assert told["price"]["words"] == "NOK 2,490 excl. VAT"
    assert told["starts_at"] == "2026-12-07T09:00:00+01:00"


@pytest.mark.parametrize(
    ("price", "include", "amount", "with_vat", "words"),
    [
        (None, False, None, None, "Pris på forespørsel"),
        ("0", False, "0.00", None, "Gratis"),
        ("990.5", True, "990.50", None, "990,50 kr inkl. mva."),
        ("990", False, "990.00", None, "990 kr pluss eventuell mva."),
    ],
)
def test_prices_are_told_as_pages_word_them(
    client, settings, price, include, amount, with_vat, words
):
    settings.PRICES_INCLUDE_VAT = include
    make_course(remote_id=5, list_price=price)
    told = get(client, "/api/v1/courses/5/")["price"]
    assert (told["amount"], told["amount_with_vat"]) == (amount, with_vat)
    assert told["words"] == words
    page = unescape(text_of(client.get("/kurs/5-forstehjelp-pa-sjo/")))
    assert words in page.replace("\xa0", " ")


OFFERS = [
    ("book", None, {}),
    ("waiting", None, {"seats_free": 0}),
    ("nothing", "cancelled", {"status": CourseDate.Status.CANCELLED}),
    ("nothing", "postponed", {"status": CourseDate.Status.POSTPONED}),
    ("nothing", "deadline", {"closes_on": dt.date(2026, 11, 1), "shown_after_deadline": True}),
    ("nothing", "past", {"starts_on": dt.date(2026, 10, 1)}),
    ("elsewhere", "elsewhere", {"course__external_booking_url": "https://other.example/book"}),
    ("nothing", "not_open", {"opens_at": NOW + dt.timedelta(days=3)}),
]


@pytest.mark.parametrize(("offer", "reason", "given"), OFFERS)
def test_what_one_may_do_about_a_date_and_why_not_is_told_as_its_page_says(
    client, offer, reason, given
):
    opens_at = given.get("opens_at")
    rest = {name: value for name, value in given.items() if "__" not in name and name != "opens_at"}
    course = make_course(external_booking_url=given.get("course__external_booking_url", ""))
    date = make_date(course, remote_id=7, **rest)
    if opens_at:
        make_opening(date, opens_at)
    told = get(client, "/api/v1/dates/7/")["booking"]
    assert (told["offer"], told["reason"]) == (offer, reason)
    assert (told["url"] is None) == (offer == "nothing")
    page = client.get(date.get_absolute_url()).content.decode()
    assert told["words"] in page
    assert told["url"] is None or told["url"].removeprefix(SITE) in page
    if offer == "nothing":
        assert told["words"] == told["reason_words"]
    assert told["opens_at"] == ("2026-11-05T10:15:00+01:00" if opens_at else None)


@pytest.mark.parametrize(
    ("shown", "free", "told"),
    [("few", 8, None), ("few", 2, 2), ("number", 8, 8), ("band", 2, None)],
)
def test_seats_are_told_as_the_site_tells_them(client, settings, shown, free, told):
    settings.SEATS_SHOWN = shown
    date = make_date(remote_id=7, seats_free=free)
    seats = get(client, "/api/v1/dates/7/")["seats"]
    assert seats["free"] == told
    assert seats["words"] in client.get(date.get_absolute_url()).content.decode()


def test_seats_of_a_date_that_is_off_matter_to_nobody(client):
    make_date(remote_id=7, status=CourseDate.Status.CANCELLED)
    assert get(client, "/api/v1/dates/7/")["seats"] is None


def test_a_time_tells_its_distance_from_utc_summer_and_winter_and_elsewhere(client):
    make_date(remote_id=1, starts_on=dt.date(2027, 7, 1))
    make_date(remote_id=2, starts_on=dt.date(2027, 1, 11), timezone="Europe/London")
    make_date(remote_id=3, start_time=None, end_time=None)
    told = [get(client, f"/api/v1/dates/{n}/") for n in (1, 2, 3)]
    assert told[0]["starts_at"] == "2027-07-01T09:00:00+02:00"
    assert (told[1]["starts_at"], told[1]["time_zone"]) == ("2027-01-11T09:00:00Z", "Europe/London")
    assert (told[2]["starts_at"], told[2]["ends_at"]) == (None, None)


def test_a_course_has_changed_when_its_text_has_or_its_price(client):
    course, other = make_course(remote_id=5), make_course(remote_id=6)
    make_text(course, changed_at=NOW + dt.timedelta(hours=1))
    make_product(other, changed_at=NOW + dt.timedelta(hours=2))
    assert get(client, "/api/v1/courses/5/")["changed_at"] == "2026-11-02T11:15:00+01:00"
    assert get(client, "/api/v1/courses/6/")["changed_at"] == "2026-11-02T12:15:00+01:00"


def test_a_date_has_changed_when_a_gathering_of_it_has(client):
    date = make_date(make_course(remote_id=5), remote_id=7)
    make_gathering(date, changed_at=NOW + dt.timedelta(hours=1))
    assert get(client, "/api/v1/dates/7/")["changed_at"] == "2026-11-02T11:15:00+01:00"
    within = get(client, "/api/v1/courses/5/")["dates"][0]
    assert within["changed_at"] == "2026-11-02T11:15:00+01:00"


def test_a_date_has_changed_when_a_gathering_was_dropped(client):
    date = make_date(make_course(remote_id=5), remote_id=7)
    make_gathering(date, withdrawn_at=NOW + dt.timedelta(hours=2))
    make_gathering(date, withdrawn_at=NOW + dt.timedelta(hours=1))
    assert get(client, "/api/v1/dates/7/")["changed_at"] == "2026-11-02T12:15:00+01:00"
    within = get(client, "/api/v1/courses/5/")["dates"][0]
    assert within["changed_at"] == "2026-11-02T12:15:00+01:00"


# --- What is there, and what is not -------------------------------------------------------------


def test_what_was_withdrawn_is_gone_and_says_what_it_was(client):
    course = make_course("Borte", remote_id=5, withdrawn_at=NOW)
    make_date(course, remote_id=6)
    date = make_date(remote_id=7, starts_on=in_days(9), withdrawn_at=NOW)
    told = get(client, "/api/v1/courses/5/", 410)
    assert (
        told["detail"]
        == "Dette kurset tilbys ikke lenger. Trukket tilbake mandag 2. november 2026."
    )
    assert told["gone"] == {
        "id": 5,
        "title": "Borte",
        "starts_on": None,
        "withdrawn_at": MOMENT,
        "url": f"{SITE}/kurs/5-borte/",
    }
    assert get(client, "/api/v1/dates/6/", 410)["gone"]["title"] == "Borte"
    gone = get(client, "/api/v1/dates/7/", 410)["gone"]
    assert (gone["starts_on"], gone["url"]) == ("2026-11-11", SITE + date.get_absolute_url())
    assert get(client, "/api/v1/dates/")["total"] == 0


def test_what_was_never_public_is_not_there(client):
    make_course(remote_id=5, public=False)
    make_date(make_course(), remote_id=7, public=False)
    for address in ("courses/5/", "dates/7/", "dates/99/", f"courses/{10**30}/"):
        assert "gone" not in get(client, f"/api/v1/{address}", 404)


def test_a_date_that_is_past_is_still_told_of_by_itself(client):
    make_date(remote_id=7, starts_on=in_days(-3))
    assert get(client, "/api/v1/dates/7/")["booking"]["reason"] == "past"
    assert get(client, "/api/v1/dates/")["total"] == 0


def test_instructors_are_nowhere_where_the_site_hides_them(client, date, settings):
    settings.SHOW_INSTRUCTORS = False
    told = get(client, "/api/v1/dates/7/")
    assert told["instructors"] == told["gatherings"][0]["instructors"] == []
    assert get(client, "/api/v1/")["instructors_url"] is None
    get(client, "/api/v1/instructors/", 404)
    get(client, "/api/v1/dates/?instructor=8", 400)
    assert "nstructors/" not in client.get("/api/v1/openapi.json").content.decode()


def test_venues_are_those_of_their_list(client, date):
    (told,) = get(client, "/api/v1/venues/")["items"]
    assert told == {path: value for path, (value, _) in VENUE.items()} | {"dates": 1}
    assert told["url"].removeprefix(SITE) in client.get("/kurssteder/").content.decode()
