"""Whoever follows every link of the site comes to an end, and finds a page behind each."""

import datetime as dt
import re
from collections import deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import QueryDict

from catalog.models import Level, Terms
from catalog.selection import Selection
from tests.factories import (
    in_days,
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_instructor,
    make_level,
    make_place,
    make_provider,
    make_terms,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

FIRST = ["/", "/en/"]
NO_PAGES = ("/static/", "/media/", "/admin/")
FILES = (".ics", ".atom")  # to follow, by programs; they lead nowhere
MONTHS, LANGUAGES, VIEWS = 3, 2, 2


@pytest.fixture
def school():
    """A bit of everything that has a page of its own, over three months, the second one empty."""
    make_provider()
    make_generation()
    for kind in Terms.Kind:
        for language in ("nb", "en"):
            make_terms(kind, language)
    above = make_category("Sikkerhet")
    under = make_category("Brann", parent=above)
    for number, category in enumerate((above, under)):
        level = make_level(f"Nivå {number}")
        course = make_course(f"Kurs {number}", categories=[category], level=level)
        make_text(course)
        town, person = make_place(f"Sted {number}", "Vestfold"), make_instructor(f"Per {number}")
        room = make_venue(f"Rom {number}", city=f"Sted {number}")
        for months in (0, MONTHS - 1):
            date = make_date(
                course,
                starts_on=first_after(in_days(1), months),
                lasts=9,
                seats_free=number,
                place=town,
                venue=room,
                instructors=[person],
            )
            for day in (0, 8):
                make_gathering(date, day=day, venue=room, instructors=[person])
    make_course("Uten datoer")


def first_after(day, months):
    month = day.month + months
    return dt.date(day.year + month // 12, month % 12 + 1, 1)


def links_of(page, body):
    """(address, whether robots may follow it) of each link of a page."""
    for tag in re.finditer(r"<a\b[^>]*>", body):
        href = re.search(r'\shref="([^"]*)"', tag[0])
        address = urlsplit(urljoin(page, unescape(href[1]) if href else ""))
        if address.scheme or address.netloc or address.path.startswith(NO_PAGES):
            continue
        if address.path.endswith(FILES):
            continue
        rel = re.search(r'\srel="([^"]*)"', tag[0])
        follow = rel is None or "nofollow" not in rel[1].split()
        yield address._replace(fragment="").geturl(), follow


def crawled(client, start, most, *, polite=False, only=("/",)):
    """{address: status} of what is found from these pages on; fails when there are more than so
    many. robots.txt is obeyed, rel="nofollow" only by the polite."""
    robots = client.get("/robots.txt").content.decode()
    forbidden = tuple(re.findall(r"Disallow: (\S+)", robots))
    found, waiting, seen = {}, deque(start), set(start)
    while waiting:
        page = waiting.popleft()
        response = client.get(page)
        found[page] = response.status_code
        for address, follow in links_of(page, response.content.decode()):
            refused = address.startswith(forbidden) or (polite and not follow)
            if address not in seen and not refused and address.startswith(only):
                seen.add(address)
                waiting.append(address)
        assert len(seen) <= most, f"no end of pages: {sorted(seen)[-20:]}"
    return found


def wrong(found):
    return {page: status for page, status in found.items() if status != 200}


def test_a_polite_robot_comes_to_an_end_and_meets_no_filtered_state(client, school):
    found = crawled(client, FIRST, 100, polite=True)
    assert wrong(found) == {}
    assert [page for page in found if "?" in page] == []
    months = [page for page in found if re.match(r"(/kalender|/en/calendar)/\d", page)]
    assert len(months) <= MONTHS * LANGUAGES * VIEWS
    for page in ("/kalender/", "/en/calendar/grid/", "/kurs/", "/en/courses/"):
        assert page in found


def test_one_that_follows_every_link_comes_to_an_end_too(client, school):
    found = crawled(client, FIRST, 150)
    assert wrong(found) == {}
    states = [page for page in found if "?" in page]
    assert len(states) < len(found) / 3


@pytest.mark.parametrize(
    ("path", "only"),
    [("/kurs/", ("/kurs/?", "/kurs/kategori/")), ("/kalender/rutenett/", ("/kalender/",))],
)
def test_from_any_state_all_ways_lead_to_fewer_choices(client, school, path, only):
    """So no robot that is led to one by somebody's link multiplies what is chosen."""
    place, level = "vestfold.sted-1", Level.objects.get(title="Nivå 1").remote_id
    deep = Selection(place=(place,), level=(level,), form=("classroom",))
    found = crawled(client, [f"{path}?{deep.query()}"], 80, only=only)
    assert wrong(found) == {}
    for page in found:
        there = set(Selection.of(QueryDict(urlsplit(page).query)).chosen())
        assert there <= set(deep.chosen()), page
