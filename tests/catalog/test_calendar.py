"""The calendar as a list: a month a page, its weeks and days, and what is chosen beside it."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from catalog.models import CourseDate
from tests.factories import (
    in_days,
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_place,
    make_product,
    make_provider,
    make_venue,
)

pytestmark = pytest.mark.django_db


def text_of(response):
    """What a page says, without its tags, spaces made plain."""
    body = response.content.decode()
    body = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", body, flags=re.DOTALL)
    return " ".join(body.split())


def links_of(response):
    """{address: rel} of the links in the page's main part, as they stand in it."""
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    links = re.findall(r"<a\b[^>]*>", body)
    found = {}
    for link in links:
        rel = re.search(r'rel="([^"]*)"', link)
        found[re.search(r'href="([^"]*)"', link)[1].replace("&amp;", "&")] = rel[1] if rel else ""
    return found


def first_of_month(months_ahead):
    today = timezone.localdate()
    return dt.date(
        today.year + (today.month - 1 + months_ahead) // 12,
        (today.month - 1 + months_ahead) % 12 + 1,
        1,
    )


def path_of(month, view=""):
    return f"/kalender/{month.year}/{month.month}/{view}"


def filter_links(response):
    """What the filters offer, as (kind, value)."""
    body = response.content.decode()
    return set(re.findall(r'type="checkbox"[^>]*name="(\w+)" value="([^"]+)"', body))


# --- A month a page -----------------------------------------------------------------------------


def test_the_calendar_lists_all_courses_dates_of_a_month_in_order(client):
    month = first_of_month(2)
    make_date(make_course("B-kurs"), starts_on=month.replace(day=9))
    make_date(make_course("A-kurs"), starts_on=month.replace(day=20))
    make_date(make_course("Annen måned"), starts_on=first_of_month(3))
    said = text_of(client.get(path_of(month)))
    assert said.index("B-kurs") < said.index("A-kurs")
    assert "Annen måned" not in said


def test_the_calendar_opens_at_the_first_month_with_dates(client):
    make_date(make_course("Det første"), starts_on=first_of_month(2))
    make_date(make_course("Det neste"), starts_on=first_of_month(4))
    said = text_of(client.get("/kalender/"))
    assert "Det første" in said
    assert "Det neste" not in said


@pytest.mark.parametrize("view", ["", "rutenett/"])
def test_earlier_and_later_stop_at_the_first_and_last_month_with_dates(client, view):
    first, last = first_of_month(1), first_of_month(4)
    make_date(starts_on=first)
    make_date(starts_on=last)
    at_first = client.get(f"/kalender/{view}").content.decode()
    at_last = client.get(path_of(last, view)).content.decode()
    assert 'rel="next"' in at_first
    assert 'rel="prev"' not in at_first
    assert 'rel="prev"' in at_last
    assert 'rel="next"' not in at_last
    # From the last month one step leads back over the empty ones.
    assert f'rel="prev" href="/kalender/{view}"' in at_last


@pytest.mark.parametrize("view", ["", "rutenett/"])
def test_earlier_and_later_stop_at_the_months_that_fit_what_is_chosen(client, view):
    horten = make_place("Horten", "Vestfold")
    for ahead in (1, 6):
        make_date(starts_on=first_of_month(ahead))
    for ahead in (2, 4):
        make_date(place=horten, starts_on=first_of_month(ahead))
    first = client.get(f"/kalender/{view}?place=vestfold.horten")
    links = links_of(first)
    later = f"{path_of(first_of_month(4), view)}?place=vestfold.horten"
    assert links[later] == "next nofollow"
    assert not any("prev" in rel for rel in links.values())
    last = links_of(client.get(later))
    assert not any("next" in rel for rel in last.values())
    assert last[f"/kalender/{view}?place=vestfold.horten"] == "prev nofollow"


@pytest.mark.parametrize("view", ["", "rutenett/"])
def test_a_month_outside_the_range_of_dates_is_not_found(client, view):
    make_date(starts_on=first_of_month(1))
    make_date(starts_on=first_of_month(3))
    for month in (first_of_month(0), first_of_month(4)):
        assert client.get(path_of(month, view)).status_code == 404
        assert client.get(path_of(month, view), {"free": 1}).status_code == 404
    for wrong in ("2026/13", "0/1", "99999/1", "2026/0", "9" * 30 + "/1"):
        assert client.get(f"/kalender/{wrong}/{view}").status_code == 404


@pytest.mark.parametrize("view", ["", "rutenett/"])
def test_a_month_has_one_address(client, view):
    make_date(starts_on=first_of_month(1))
    month = first_of_month(1)
    wrong = f"/kalender/0{month.year}/0{month.month}/{view}?free="
    assert client.get(wrong).headers["Location"] == path_of(month, view)


def test_a_calendar_without_any_date_leads_to_the_courses(client):
    make_course()
    for view in ("", "rutenett/"):
        said = text_of(client.get(f"/kalender/{view}"))
        assert "Det er ikke satt opp noen datoer nå" in said


def test_a_month_with_very_many_dates_has_several_pages(client):
    course, month = make_course(), first_of_month(1)
    for _ in range(201):
        make_date(course, starts_on=month)
    assert "Side 1 av 2" in text_of(client.get("/kalender/"))
    second = client.get("/kalender/?page=2")
    assert second.content.decode().count('<li class="date') == 1
    assert b'content="noindex"' in second.content
    assert client.get("/kalender/?page=3").status_code == 404
    assert client.get("/kalender/?page=x").status_code == 404
    assert client.get("/kalender/?page=1").headers["Location"] == "/kalender/"


def test_the_pages_of_a_long_month_keep_what_is_chosen(client):
    course, month = make_course(), first_of_month(1)
    for _ in range(201):
        make_date(course, starts_on=month)
    make_date(course, starts_on=month, is_virtual=True)
    links = links_of(client.get("/kalender/?form=classroom"))
    assert "?form=classroom&page=2" in links


@pytest.mark.parametrize("size", [1, 12])
def test_the_number_of_questions_does_not_grow_with_the_month(
    client, django_assert_max_num_queries, size
):
    make_provider()
    make_generation()
    for number in range(size):
        course = make_course(f"Kurs {number}", categories=[make_category()])
        make_product(course)
        date = make_date(course, starts_on=first_of_month(1), lasts=20, venue=make_venue())
        for day in (0, 7, 14):
            make_gathering(date, day=day, venue=make_venue())
        make_date(course, starts_on=first_of_month(2))
    client.get("/kalender/")  # files the timetable
    for view in ("", "rutenett/"):
        with django_assert_max_num_queries(7):
            assert client.get(f"/kalender/{view}?form=classroom").status_code == 200


# --- What search engines see --------------------------------------------------------------------


def test_only_the_calendars_own_address_is_for_search_engines(client):
    make_date(starts_on=first_of_month(1))
    make_date(starts_on=first_of_month(2), is_virtual=True)
    assert b"noindex" not in client.get("/kalender/").content
    month = first_of_month(2)
    for page in (path_of(month), path_of(month, "rutenett/"), "/kalender/rutenett/"):
        assert b'content="noindex"' in client.get(page).content
    assert b'content="noindex"' in client.get("/kalender/?form=online").content


def test_a_link_to_a_state_is_not_to_be_followed(client):
    for ahead in (1, 2, 3):
        make_date(starts_on=first_of_month(ahead))
        make_date(starts_on=first_of_month(ahead), is_virtual=True)
    for view in ("", "rutenett/"):
        for address, rel in links_of(client.get(f"/kalender/{view}?form=online")).items():
            assert "?" not in address or "nofollow" in rel, address


# --- Choosing -----------------------------------------------------------------------------------


def test_the_filters_offer_everything_but_the_month(client):
    for ahead in (1, 2):
        make_date(starts_on=first_of_month(ahead))
        make_date(starts_on=first_of_month(ahead), is_virtual=True, seats_free=0)
    for page in ("/kalender/", path_of(first_of_month(2), "rutenett/")):
        offered = filter_links(client.get(page))
        assert {("form", "classroom"), ("form", "online"), ("free", "1")} <= offered
        assert "month" not in {kind for kind, _ in offered}


@pytest.mark.parametrize("view", ["", "rutenett/"])
def test_what_is_chosen_decides_which_dates_are_shown(client, view):
    month = first_of_month(1)
    make_date(make_course("I rom"), starts_on=month)
    make_date(make_course("På skjerm"), starts_on=month, is_virtual=True)
    said = text_of(client.get(path_of(month, view), {"form": "online"}))
    assert "På skjerm" in said
    assert "I rom" not in said


@pytest.mark.parametrize("view", ["", "rutenett/"])
def test_a_chosen_state_says_how_many_there_are_here_and_in_all_months(client, view):
    for day in (3, 4):
        make_date(starts_on=dt.date(2099, 5, day), is_virtual=True)
    make_date(starts_on=dt.date(2099, 5, 5))
    make_date(starts_on=dt.date(2099, 8, 5), is_virtual=True)
    said = text_of(client.get(f"/kalender/{view}?form=online")).replace(" ,", ",")
    assert "Mai 2099: 2 datoer, 3 i alle måneder" in said
    assert "Mai 2099: 3 datoer" in text_of(client.get(f"/kalender/{view}"))


@pytest.mark.parametrize("view", ["", "rutenett/"])
def test_a_chosen_month_moves_into_the_path(client, view):
    for ahead in (1, 4):
        make_date(starts_on=first_of_month(ahead))
    second, fourth = first_of_month(2), first_of_month(4)

    def led_to(query):
        return client.get(f"/kalender/{view}?{query}").headers["Location"]

    assert led_to(f"month={fourth:%Y-%m}&free=1") == f"{path_of(fourth, view)}?free=1"
    both = f"month={fourth:%Y-%m}&month={second:%Y-%m}"
    assert led_to(both) == path_of(second, view)
    assert led_to(f"since={fourth:%Y-%m}-10") == path_of(fourth, view)
    for nowhere in ("month=2020-01", "since=2099-01-01", "until=2099-01-01"):
        assert led_to(f"{nowhere}&free=1") == f"/kalender/{view}?free=1"
    from_month = client.get(f"{path_of(second, view)}?month={fourth:%Y-%m}")
    assert from_month.headers["Location"] == path_of(fourth, view)


def test_an_empty_month_between_two_full_ones_says_so_and_names_the_next(client):
    make_date(starts_on=first_of_month(1))
    make_date(starts_on=first_of_month(3))
    for view in ("", "rutenett/"):
        response = client.get(path_of(first_of_month(2), view))
        assert response.status_code == 200
        assert "Ingen kurs starter denne måneden" in text_of(response)
        assert path_of(first_of_month(3), view) in links_of(response)


@pytest.mark.parametrize("view", ["", "rutenett/"])
def test_a_month_that_a_choice_empties_says_what_would_help(client, view):
    month = first_of_month(1)
    for _ in range(3):
        make_date(starts_on=month)
    make_date(starts_on=first_of_month(3), is_virtual=True)
    response = client.get(path_of(month, view), {"form": "online"})
    said, links = text_of(response), links_of(response)
    assert response.status_code == 200
    assert "Ingen datoer denne måneden passer med alt du har valgt" in said
    assert "Uten «På nett»: 3 datoer" in said
    assert path_of(month, view) in links
    assert f"/kalender/{view}?form=online" in links  # the next month with dates that fit


@pytest.mark.parametrize("view", ["", "rutenett/"])
def test_choices_that_nothing_fits_say_so(client, view):
    make_date(place=make_place("Horten", "Vestfold"))
    make_date(is_virtual=True)
    response = client.get(f"/kalender/{view}?place=vestfold.horten&form=online")
    assert response.status_code == 200
    assert "Ingen datoer passer med alt du har valgt" in text_of(response)
    assert f"/kalender/{view}?form=online" in links_of(response)


def test_list_and_grid_lead_to_each_other_with_month_and_choices(client):
    make_date(starts_on=first_of_month(1))
    month = first_of_month(2)
    make_date(starts_on=month)
    pages = [("/kalender/", "/kalender/rutenett/"), (path_of(month), path_of(month, "rutenett/"))]
    for as_list, as_grid in pages:
        for query in ("", "?form=classroom"):
            for page in (as_list, as_grid):
                links = links_of(client.get(page + query))
                assert {as_list + query, as_grid + query} <= links.keys()


def test_the_other_language_shows_the_same_state(client):
    make_date(starts_on=first_of_month(1))
    month = first_of_month(1)
    body = client.get(f"{path_of(month, 'rutenett/')}?form=classroom").content.decode()
    there = f"/en/calendar/{month.year}/{month.month}/grid/?form=classroom"
    assert f'href="{there}" lang="en"' in body
    assert client.get(there).status_code == 200


def test_the_jump_names_every_month_and_leads_to_those_that_fit(client):
    make_date(starts_on=first_of_month(1))
    make_date(starts_on=first_of_month(2))
    make_date(starts_on=first_of_month(3), is_virtual=True)
    response = client.get("/kalender/?form=online")
    jump = response.content.decode().partition('id="jump"')[2].partition("</details>")[0]
    assert re.findall(r"jump-hits\">(\d+)", jump) == ["0", "0", "1"]
    assert jump.count("<a ") == 1
    assert re.search(r"<details[^>]*\sopen", jump) is None


# --- A date in the list -------------------------------------------------------------------------


def test_weeks_are_named_by_their_number(client):
    monday = first_of_month(2) + dt.timedelta(days=7 - first_of_month(2).weekday())
    make_date(make_course("Tirsdag"), starts_on=monday + dt.timedelta(days=1))
    make_date(make_course("Søndag"), starts_on=monday + dt.timedelta(days=6))
    make_date(make_course("Uka etter"), starts_on=monday + dt.timedelta(days=7))
    said = text_of(client.get("/kalender/"))
    this, following = (f"Uke {(monday + dt.timedelta(days=d)).isocalendar().week} " for d in (0, 7))
    assert said.index(this) < said.index("Tirsdag") < said.index("Søndag")
    assert said.index("Søndag") < said.index(following) < said.index("Uka etter")


def test_today_is_said_in_words(client):
    make_date(days=0, start_time=dt.time(23, 59), end_time=None)
    make_date(days=1)
    for view in ("", "rutenett/"):
        body = client.get(path_of(timezone.localdate(), view)).content.decode()
        assert body.count(">i dag<") == 1


def test_a_date_that_lasts_several_days_is_listed_once_with_its_end(client):
    month = first_of_month(1)
    date = make_date(make_course("Grunnkurs"), starts_on=month.replace(day=9), lasts=3)
    body = client.get(path_of(month)).content.decode()
    assert body.count(f'href="{date.get_absolute_url()}"') == 1
    assert re.search(r"til \w+\. 11\. ", text_of(client.get(path_of(month))))


def test_several_gatherings_are_told_with_their_days(client):
    date = make_date(starts_on=dt.date(2099, 5, 4), lasts=15)
    for day in (0, 7, 14):
        make_gathering(date, day=day, ends=dt.time(15, 30))
    said = text_of(client.get("/kalender/2099/5/"))
    assert "3 samlinger: 4., 11. og 18. mai" in said
    assert "09:00–15:30" in said
    english = text_of(client.get("/en/calendar/2099/5/"))
    assert "3 gatherings: 4, 11 and 18 May" in english


def test_gatherings_over_two_months_name_both(client):
    date = make_date(starts_on=dt.date(2099, 4, 20), lasts=22)
    for day in (0, 7, 21):
        make_gathering(date, day=day)
    assert "20., 27. april og 11. mai" in text_of(client.get("/kalender/2099/4/"))


def test_gatherings_on_days_in_a_row_are_told_as_a_spell(client):
    date = make_date(starts_on=dt.date(2099, 5, 4), lasts=5)
    for day in range(5):
        make_gathering(date, day=day)
    assert "5 samlinger: 4.–8. mai" in text_of(client.get("/kalender/2099/5/"))


def test_gatherings_at_different_times_each_say_theirs(client):
    date = make_date(starts_on=dt.date(2099, 5, 4), lasts=8)
    make_gathering(date, ends=dt.time(15, 30))
    make_gathering(date, day=7, starts=dt.time(18), ends=dt.time(20))
    said = text_of(client.get("/kalender/2099/5/"))
    assert "man. 4. mai 09:00–15:30 man. 11. mai 18:00–20:00" in said


def test_another_time_zone_is_named(client):
    make_date(timezone="Europe/London")
    make_date(timezone="Europe/Oslo")
    for view in ("", "rutenett/"):
        said = text_of(client.get(f"/kalender/{view}"))
        assert said.count("tid i Europe/London") == 1
        assert "Europe/Oslo" not in said


def test_a_cancelled_or_postponed_date_stays_in_the_calendar_and_says_so(client):
    month = first_of_month(1)
    make_date(status=CourseDate.Status.CANCELLED, starts_on=month)
    make_date(status=CourseDate.Status.POSTPONED, starts_on=month)
    for view in ("", "rutenett/"):
        response = client.get(f"/kalender/{view}")
        said = text_of(response)
        assert "Avlyst" in said
        assert "Utsatt" in said
        assert "/booking/ny/" not in response.content.decode()


def test_a_date_in_the_list_tells_seats_price_and_what_one_may_do(client):
    make_date(seats_free=2)
    said = text_of(client.get("/kalender/"))
    assert "2 plasser igjen" in said
    assert "2 490 kr" in said.replace("\xa0", " ")
    assert "Meld på" in said


def test_a_date_whose_venue_stands_in_its_gatherings_only_tells_the_town(client):
    date = make_date(place_note="")
    make_gathering(date, day=1, venue=make_venue(city="Skien"))
    make_gathering(date, venue=make_venue(city="Bodø"))
    for page in ("/kalender/", "/kalender/rutenett/"):
        assert "Bodø" in text_of(client.get(page))


def test_a_date_past_its_deadline_is_listed_only_where_frontcore_says_so(client):
    yesterday = in_days(-1)
    make_date(make_course("Skjult"), closes_on=yesterday)
    make_date(make_course("Vist"), closes_on=yesterday, shown_after_deadline=True)
    said = text_of(client.get("/kalender/"))
    assert "Skjult" not in said
    assert "Vist" in said
    assert "Påmeldingsfristen er ute" in said
