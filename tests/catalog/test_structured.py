"""What machines are told of a date is what its page shows, value by value, and nothing else."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from catalog.models import Opening
from tests.catalog.agreeing import (
    STATES,
    STATUS,
    agreed,
    at_gatherings,
    in_turn,
    opening_later,
    page_of,
    said,
)
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_product,
    make_provider,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    """A day in autumn, so that the clocks change within the school's dates."""
    with time_machine.travel("2026-10-05T12:00:00+02:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def provider():
    return make_provider()


@pytest.mark.parametrize(("state", "language"), in_turn(STATES))
def test_a_date_is_told_as_its_own_page_shows_it(client, state, language):
    make, status, availability = STATES[state]
    course = make_course(duration_value=3, duration_unit="hours")
    make_text(course)
    date = make(course)
    nodes = agreed(client, date, language)
    event = nodes.get("Event") or nodes["CourseInstance"]
    assert said(event, "eventStatus") == status
    assert said(event, "offers", "availability") == availability
    assert nodes["BreadcrumbList"]["itemListElement"][-1]["item"] == event["url"]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_dates_of_a_course_are_told_as_its_table_shows_them(client, language):
    course = make_course(duration_value=3, duration_unit="hours")
    make_text(course)
    made = {make(course).remote_id: (status, what) for make, status, what in STATES.values()}
    instances = agreed(client, course, language)["Course"]["hasCourseInstance"]
    assert len(instances) == len(STATES)
    for each in instances:
        status, availability = made[int(each["url"].rstrip("/").rpartition("/")[2])]
        assert said(each, "eventStatus") == status
        assert said(each, "offers", "availability") == availability


def test_a_start_has_the_distance_to_utc_that_its_own_zone_has_on_that_day(client):
    course = make_course()
    summer = make_date(course, starts_on=dt.date(2026, 10, 24))
    winter = make_date(course, starts_on=dt.date(2026, 10, 26), closes_on=dt.date(2026, 10, 24))
    abroad = make_date(course, starts_on=dt.date(2026, 10, 26), timezone="America/New_York")
    event = agreed(client, winter)["Event"]
    assert event["startDate"] == "2026-10-26T09:00:00+01:00"
    assert event["offers"]["validThrough"] == "2026-10-24T23:59:59+02:00"
    assert agreed(client, summer)["Event"]["endDate"] == "2026-10-24T15:30:00+02:00"
    assert agreed(client, abroad)["Event"]["startDate"] == "2026-10-26T09:00:00-04:00"


def test_what_has_no_place_yet_is_no_event_that_anybody_could_go_to(client):
    date = make_date(place=None)
    assert "Event" not in agreed(client, date)
    assert agreed(client, date)["CourseInstance"]["courseMode"] == "Onsite"


def test_a_place_has_its_address_and_where_it_lies_on_the_map(client):
    room = make_venue("Sal", latitude=Decimal("59.913900"), longitude=Decimal("10.752200"))
    place = agreed(client, make_date(venue=room))["Event"]["location"]
    assert place["address"]["streetAddress"] == "Storgata 1"
    assert place["address"]["addressCountry"] == "NO"
    assert (place["geo"]["latitude"], place["geo"]["longitude"]) == (59.9139, 10.7522)


def test_a_date_with_gatherings_tells_each(client):
    course = make_course()
    make_text(course)
    first, second, third = agreed(client, at_gatherings(course))["Event"]["subEvent"]
    assert (first["name"], third["name"]) == ("Del 0", "Del 7")
    assert "endDate" not in second  # an end before the start is a slip
    assert second["location"] == [first["location"], third["location"]]


# --- Offers and seats -----------------------------------------------------------------------------

PRICES = {  # of the course, of its product, whether prices hold the VAT: price, VAT of each price
    "none": (None, None, False, None, []),
    "free": (Decimal(0), None, False, 0, []),
    "nothing known of vat": (Decimal("2490.50"), None, False, 2490.5, []),
    "without vat": (None, ("2490", "25"), False, 2490, [False, True]),
    "with vat": (None, ("2490", "25"), True, 2490, [True]),
    "with vat, if any": (Decimal(990), None, True, 990, [True]),
    "no vat": (None, ("2490", "0"), False, 2490, []),
}


@pytest.mark.parametrize(("case", "language"), in_turn(PRICES))
def test_the_price_is_the_one_that_is_shown(client, settings, case, language):
    list_price, product, settings.PRICES_INCLUDE_VAT, price, vat = PRICES[case]
    course = make_course(list_price=list_price)
    make_text(course)
    if product:
        make_product(course, *product)
    date = make_date(course)
    offer = agreed(client, date, language)["Event"]["offers"]
    whole = agreed(client, course, language)["Course"].get("offers", {})
    assert offer.get("price") == whole.get("price") == price
    told = offer.get("priceSpecification", [])
    assert [one["valueAddedTaxIncluded"] for one in told] == vat
    assert whole.get("priceSpecification", []) == told


def test_another_currency_is_told_as_it_is(client):
    offer = agreed(client, make_date(make_course(currency="eur")))["Event"]["offers"]
    assert offer["priceCurrency"] == "EUR"


@pytest.mark.parametrize(("shown", "told"), [("number", [8, 2]), ("few", [2]), ("band", [])])
def test_the_number_of_free_seats_is_told_where_the_page_tells_it(client, settings, shown, told):
    settings.SEATS_SHOWN = shown
    course = make_course()
    make_text(course)
    dates = [make_date(course, days=days, seats_free=free) for days, free in ((9, 8), (10, 2))]
    each = [agreed(client, date)["Event"] for date in dates]
    each += agreed(client, course)["Course"]["hasCourseInstance"]
    found = [one["remainingAttendeeCapacity"] for one in each if "remainingAttendeeCapacity" in one]
    assert found == told * 2


def test_what_is_booked_elsewhere_is_offered_there(client):
    elsewhere = "https://other.example/book?id=7&x=1"
    course = make_course(external_booking_url=elsewhere)
    make_text(course)
    for free, availability in ((8, "InStock"), (0, "SoldOut")):
        offer = agreed(client, make_date(course, seats_free=free))["Event"]["offers"]
        assert (offer["url"], said(offer, "availability")) == (elsewhere, availability)
    for each in agreed(client, course)["Course"]["hasCourseInstance"]:
        assert each["offers"]["url"] == elsewhere


def test_the_opening_is_told_until_it_has_been(client):
    date = opening_later(make_course())
    assert agreed(client, date)["Event"]["offers"]["validFrom"] == "2026-10-14T13:00:00+02:00"
    Opening.objects.update(opens_at=timezone.now() - dt.timedelta(minutes=1))
    assert "validFrom" not in agreed(client, date)["Event"]["offers"]


def test_a_postponed_date_that_can_be_booked_says_both(client, settings):
    settings.POSTPONED_BOOKABLE = True
    event = agreed(client, make_date(status=STATUS.POSTPONED))["Event"]
    assert said(event, "eventStatus") == "EventPostponed"
    assert said(event, "offers", "availability") == "InStock"


# --- What is no longer offered --------------------------------------------------------------------


def test_a_date_that_was_withdrawn_is_told_as_cancelled(client):
    course = make_course()
    make_text(course)
    date = make_date(course, withdrawn_at=timezone.now())
    event = agreed(client, date)["Event"]
    assert said(event, "eventStatus") == "EventCancelled"
    assert said(event, "offers", "availability") == "Discontinued"
    with time_machine.travel(timezone.now() + dt.timedelta(days=400), tick=False):
        assert agreed(client, date, status=410)["Event"] == event


def test_a_date_of_a_course_that_was_withdrawn_is_told_as_cancelled(client):
    course = make_course(withdrawn_at=timezone.now())
    make_text(course)
    page = page_of(client, make_date(course))[1].text
    assert said(agreed(client, course.dates.get())["Event"], "eventStatus") == "EventCancelled"
    assert "state--withdrawn" in page
    assert "state--open" not in page


def test_a_course_that_was_withdrawn_tells_since_when_and_offers_nothing(client):
    course = make_course(withdrawn_at=timezone.now(), categories=[make_category()])
    make_text(course)
    make_date(course)
    node = agreed(client, course)["Course"]
    assert node["expires"] == "2026-10-05"
    assert not {"offers", "hasCourseInstance"} & node.keys()
