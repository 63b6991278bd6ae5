"""The school: believable, the same from a seed, and with every oddity a site must survive."""

from collections import Counter
from datetime import date, timedelta

import pytest

from simulator.content_dates import SPECIALS
from simulator.content_places import VENUES
from simulator.records import CANCELLED
from simulator.school import FIRST_DATE, Recipe, build

TODAY = date(2027, 1, 11)


@pytest.fixture(scope="module")
def school():
    return build(Recipe(1, str(TODAY), str(TODAY)))


@pytest.fixture(scope="module")
def special(school):
    ids = {each.name: FIRST_DATE + number for number, each in enumerate(SPECIALS)}
    return {name: school["coursedates"][key] for name, key in ids.items()}


def test_the_same_recipe_makes_the_same_school_and_another_seed_another():
    def dates(seed, today="2027-01-11"):
        return build(Recipe(seed, today, today))["coursedates"]

    assert dates(1) == dates(1)
    assert dates(1) != dates(2)
    assert dates(1) != dates(1, "2027-01-12")
    assert list(dates(1)) == list(dates(2))


def test_it_has_the_promised_size_and_spread(school):
    starts = [each.start_at for each in school["coursedates"].values()]
    assert len(starts) == 250
    assert len(school["courses"]) == 41
    assert str(TODAY - timedelta(days=35)) < min(starts) < str(TODAY - timedelta(days=20))
    assert max(starts) > str(TODAY + timedelta(days=330))
    public = [each for each in school["courses"].values() if each.type == "public"]
    assert len({each.category for each in public} - {None}) == 10
    assert {each.level_id for each in school["courses"].values()} == {6, 8, 15, 21, 22, 23}
    assert {each.teaching_language for each in public} == {"no", "en"}


def test_ten_venues_stand_in_norway(school):
    assert len(VENUES) == 10
    for each in school["locations"].values():
        if not each.is_virtual:
            assert 57.9 < each.lat < 71.2
            assert 4.5 < each.lng < 31.2
            assert each.place_id in school["places"]
            assert len(each.zipcode) == 4


def test_every_fixed_date_is_what_its_name_says(special, school):
    today = str(TODAY)
    courses, products = school["courses"], school["products"].values()
    assert special["bookable"].id == 13100001
    assert special["full"].confirmed == 8
    assert len(special["with_vat"].gathering_days) == 3
    assert special["cancelled"].status_id == CANCELLED
    assert special["postponed"].status_id == 4
    assert special["unconfirmed"].status_id == 1
    assert not special["hidden"].is_visible
    assert special["online"].is_virtual
    assert special["online"].event_url
    assert special["deadline_passed"].deadline_at < today < special["deadline_passed"].start_at
    assert special["deadline_passed_visible"].visible_when_passed_deadline
    assert special["no_capacity"].location_id is None
    assert special["deleted"].deleted_at
    assert special["child"].parent_id == special["with_vat"].id
    assert special["gatherings_only"].location_id is None
    assert special["gatherings_only"].gathering_location_id
    assert len(special["gatherings_only"].gathering_days) == 4
    assert courses[special["internal"].course_id].type == "internal"
    assert courses[special["corporate"].course_id].type == "corporate"
    assert not courses[special["inactive_course"].course_id].is_active
    without = special["no_main_product"].course_id
    assert not [each for each in products if each.id_relation == without]
    assert courses[special["free_of_charge"].course_id].price_value == 0
    assert courses[special["external"].course_id].external_booking_url
    assert special["english"].teaching_language == "en"
    assert special["running_now"].start_at < today <= special["running_now"].end_at
    assert special["past"].end_at < today
    assert special["no_times"].start_time_at is None
    assert special["last_day"].deadline_at == today


def test_nobody_is_taught_on_a_sunday_or_on_christmas_eve(school):
    for each in school["coursedates"].values():
        if each.id > 13100100:
            start = date.fromisoformat(each.start_at)
            for days in each.gathering_days:
                day = start + timedelta(days=days)
                assert day.weekday() < 5
                assert (day.month, day.day) != (12, 24)


def test_prices_come_with_and_without_vat_for_members_and_archived(school):
    products = school["products"].values()
    assert {each.vat for each in products} == {0, 15, 25}
    assert any(each.is_member_price and each.id_product_regular_price for each in products)
    assert any(each.is_archived for each in products)
    assert any(each.id_type == 1 for each in products)
    assert any(each.co_products for each in products)


def test_some_ordinary_dates_are_full_cancelled_postponed_or_online(school):
    ordinary = [each for key, each in school["coursedates"].items() if key > 13100100]
    assert set(Counter(each.status_id for each in ordinary)) == {1, 2, 3, 4}
    assert any(each.is_virtual for each in ordinary)
    assert any(each.waiting for each in ordinary)
    assert any(len(each.gathering_days) > 1 for each in ordinary)
    assert any(each.deadline_at is None for each in ordinary)


def test_some_courses_have_no_dates_and_one_is_hostile(school):
    dated = {each.course_id for each in school["coursedates"].values()}
    assert set(school["courses"]) - dated
    text = school["courses"][90013].texts["no"]["text_description"]
    for trap in ("<script", "onclick", "javascript:", "<iframe", "<style", "onerror"):
        assert trap in text


def test_custom_properties_are_set_empty_a_list_or_null(school):
    seen = [each.custom_properties for each in school["courses"].values()]
    assert None in seen
    assert [] in seen
    assert any(isinstance(each, dict) and None in each.values() for each in seen)


def test_there_is_a_code_of_each_kind(school):
    campaigns = school["campaigns"].values()
    today = str(TODAY)
    assert {each.discount_type for each in campaigns} == {"Percent", "Value"}
    assert any(each.ends_on < today for each in campaigns)
    assert any(each.starts_on > today for each in campaigns)
    assert any(each.is_archived for each in campaigns)
    assert any(not each.active for each in campaigns)
    assert any(each.course_ids for each in campaigns)
    assert {each.balance for each in school["vouchers"].values()} >= {"0.00", "50000.00"}


def test_a_large_school_has_the_size_asked_for_and_unique_titles():
    school = build(Recipe(1, "2027-01-11", "2027-01-11", courses=300, dates=4))
    ordinary = [key for key in school["coursedates"] if key > 13100100]
    dated = {school["coursedates"][key].course_id for key in ordinary}
    assert len(school["courses"]) == 300
    assert len(ordinary) == 4 * len(dated)
    assert len({each.title for each in school["courses"].values()}) == 300


def test_a_school_of_examples_has_the_dates_with_fixed_ids_and_no_others():
    few = build(Recipe(1, str(TODAY), str(TODAY), examples_only=True))
    whole = build(Recipe(1, str(TODAY), str(TODAY)))
    examples = list(whole["coursedates"])[: len(SPECIALS)]
    assert list(few["coursedates"]) == examples
    assert [few["coursedates"][key] for key in examples] == [
        whole["coursedates"][key] for key in examples
    ]
    assert few["courses"] == whole["courses"]
