"""Whoever follows the feeds hears of each new course and date once, and of nothing else."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from lxml import etree, html

from catalog.models import CourseDate, Gathering
from catalog.store import announce
from tests.catalog.running import BOOKABLE, CANCELLED, HIDDEN, POSTPONED, run
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_place,
    make_product,
    make_provider,
    make_seats,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

DATES, COURSES = "/kalender.atom", "/kurs.atom"
FEEDS = [DATES, COURSES]
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # RFC 3339
LONG_AGO = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)

# What RFC 4287 says may stand in a feed and in an entry, and how often: (least, most).
MANY = 10_000
OF_FEED = {"author": (1, MANY), "category": (0, MANY), "entry": (0, MANY), "id": (1, 1)}
OF_FEED |= {"link": (1, MANY), "title": (1, 1), "subtitle": (0, 1), "updated": (1, 1)}
OF_ENTRY = {"category": (0, MANY), "id": (1, 1), "link": (1, MANY), "published": (0, 1)}
OF_ENTRY |= {"summary": (0, 1), "title": (1, 1), "updated": (1, 1)}


@pytest.fixture(autouse=True)
def school():
    make_provider()
    make_generation()


def feed(client, path=DATES):
    announce()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.content)


def entries(client, path=DATES):
    return feed(client, path).findall(f"{ATOM}entry")


def said(element, name):
    return element.findtext(f"{ATOM}{name}")


def ids(client, path=DATES):
    """Frontcore's ids of what is told of, in the order of the feed."""
    return [int(said(entry, "id").rpartition("/")[2]) for entry in entries(client, path)]


def at(minutes):
    return LONG_AGO + dt.timedelta(minutes=minutes)


# --- A feed as the standard wants it ------------------------------------------------------------


def check_children(element, allowed):
    names = [etree.QName(child).localname for child in element]
    assert set(names) <= allowed.keys()
    for name, (least, most) in allowed.items():
        assert least <= names.count(name) <= most, name


def check_moment(text):
    assert MOMENT.fullmatch(text), text
    return dt.datetime.fromisoformat(text)


def check(found, here):
    """That it is what RFC 4287 calls a feed."""
    assert found.tag == f"{ATOM}feed"
    check_children(found, OF_FEED)
    assert found.find(f"{ATOM}author/{ATOM}name").text
    links = {link.get("rel"): link.get("href") for link in found.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver{here}"
    assert links["alternate"].startswith("http://testserver/")
    told = found.findall(f"{ATOM}entry")
    names = [said(entry, "id") for entry in told]
    assert len({said(found, "id"), *names}) == len(names) + 1
    assert all(re.fullmatch(r"tag:[^\s,]+,\d{4}:\S+", name) for name in names)
    published = []
    for entry in told:
        check_children(entry, OF_ENTRY)
        assert said(entry, "title").strip()
        assert entry.find(f"{ATOM}link").get("rel") == "alternate"
        published.append(check_moment(said(entry, "published")))
        assert check_moment(said(entry, "updated")) >= published[-1]
        html.fragment_fromstring(said(entry, "summary"), create_parent=True)
    assert published == sorted(published, reverse=True)
    newest = max((check_moment(said(entry, "updated")) for entry in told), default=None)
    assert newest in {None, check_moment(said(found, "updated"))}


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("name", ["new_dates", "new_courses"])
def test_a_feed_is_what_the_standard_calls_one(client, name, language):
    for number in range(3):
        course = make_course(
            f"Truck <T{number}> & «høyløfter»",
            categories=[make_category("Truck & kran")],
            appeared_at=at(number),
        )
        make_text(course, lead="<p>Løft <b>trygt</b> &amp; riktig.</p>")
        make_product(course)
        make_date(course, days=number + 1, appeared_at=at(number), stamped_at=at(9 - number))
    with translation.override(language):
        path = reverse(name)
    found = feed(client, path)
    check(found, path)
    assert found.get(LANGUAGE) == language
    assert len(found.findall(f"{ATOM}entry")) == 3
    assert {c.get("term") for c in found.iter(f"{ATOM}category")} == {"Truck & kran"}


def test_a_new_date_is_told_of_with_what_one_must_know(client):
    room = make_venue("Havna kurssenter", address="Kaia 2", zipcode="3110", city="Tønsberg")
    date = make_date(
        make_course("Truckførerkurs"),
        starts_on=dt.date(2031, 11, 20),
        venue=room,
        place=make_place("Tønsberg", "Vestfold"),
    )
    make_text(date.course, lead="<p>Løft trygt.</p>")
    entry = entries(client)[0]
    title = "Truckførerkurs, torsdag 20. november 2031, Tønsberg"
    assert said(entry, "title") == title
    told = " ".join(html.fromstring(f"<div>{said(entry, 'summary')}</div>").text_content().split())
    for words in ("Torsdag 20. november 2031", "09:00–15:30", "Havna kurssenter, Kaia 2", "Løft"):
        assert words in told
    assert said(entry, "id") == f"tag:frontcore,2026:coursedate/{date.remote_id}"
    link = entry.find(f"{ATOM}link").get("href")
    assert link == f"http://testserver{date.get_absolute_url()}"


def test_a_new_course_is_told_of_with_its_lead_and_its_price(client):
    course = make_course("Truckførerkurs", duration_value=2, duration_unit="days")
    make_text(course, lead="<p>Løft trygt.</p>")
    entry = entries(client, COURSES)[0]
    assert said(entry, "title") == "Truckførerkurs"
    for words in ("Løft trygt.", "2 dager", "2\xa0490\xa0kr"):
        assert words in said(entry, "summary")


@pytest.mark.parametrize("path", FEEDS)
def test_characters_that_xml_forbids_are_left_out(client, path):
    category = make_category("Høyde\x1f\ufffe")
    make_date(make_course("Tru\x00ck\x0b \U0001f69c & <b>\x7f", categories=[category]))
    found = feed(client, path)
    check(found, path)
    assert said(found.find(f"{ATOM}entry"), "title").startswith("Truck \U0001f69c & <b>\x7f")
    assert {c.get("term") for c in found.iter(f"{ATOM}category")} == {"Høyde"}


def test_hostile_texts_stay_texts(client):
    make_date(place_note="<script>alert(1)</script>]]>")
    summary = said(entries(client)[0], "summary")
    assert "<script>" not in summary
    assert "&lt;script&gt;" in summary


# --- Which, and in what order -------------------------------------------------------------------


def test_the_last_fifty_are_told_of_the_newest_first(client):
    course = make_course()
    made = [make_date(course, days=90 - n, appeared_at=at(n)).remote_id for n in range(52)]
    assert ids(client) == made[:1:-1]


def test_what_came_together_is_told_of_the_soonest_first(client):
    """As after the first refresh of a school, or a plan for a whole term: fifty entries that lie
    next ahead, and not any fifty."""
    course = make_course(appeared_at=LONG_AGO)
    made = [make_date(course, days=n, appeared_at=LONG_AGO).remote_id for n in range(60, 1, -1)]
    assert ids(client) == made[::-1][:50]
    make_course("Åpen", appeared_at=LONG_AGO)
    assert [said(entry, "title") for entry in entries(client, COURSES)][-1] == "Åpen"


def test_a_feed_follows_any_filter_however_narrow(client):
    """Also where none of the last hundreds that came fits it."""
    tonsberg = make_place("Tønsberg", "Vestfold")
    old = make_date(make_course("Truck"), place=tonsberg, appeared_at=at(0))
    full = make_date(make_course("Kran"), place=tonsberg, appeared_at=at(1), seats_free=0)
    course = make_course("Ledelse")
    for number in range(60):
        make_date(course, days=number + 2, appeared_at=at(number + 2))
    assert ids(client, f"{DATES}?place=vestfold") == [full.remote_id, old.remote_id]
    assert ids(client, f"{DATES}?place=vestfold&free=1") == [old.remote_id]
    assert ids(client, f"{COURSES}?place=vestfold&free=1") == [old.course.remote_id]


def test_what_is_called_off_or_hidden_leaves_the_feed(client, simulator):
    run()
    assert BOOKABLE in ids(client)
    assert not {CANCELLED, POSTPONED, HIDDEN} & set(ids(client))
    course = CourseDate.objects.get(remote_id=BOOKABLE).course.remote_id
    simulator.edit(coursedate=BOOKABLE, set={"status_id": 3})
    run()
    assert BOOKABLE not in ids(client)
    assert course in ids(client, COURSES)  # the course is still on offer


def test_what_is_withdrawn_leaves_the_feed(client):
    now, kept = timezone.now(), make_date()
    make_date(withdrawn_at=now)
    make_date(public=False)
    make_course(withdrawn_at=now)
    make_course(public=False)
    assert ids(client) == [kept.remote_id]
    assert kept.course.remote_id in ids(client, COURSES)
    assert len(ids(client, COURSES)) == 3  # those of the dates; and no other


def test_who_chooses_what_is_none_is_told_so(client):
    for path in FEEDS:
        answer = client.get(f"{path}?month=sommer")
        assert answer.status_code == 400
        assert "sommer" in answer.text
        assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", FEEDS)
def test_what_is_not_on_offer_now_is_followed_all_the_same(client, path):
    found = feed(client, f"{path}?place=bergen")
    check(found, f"{path}?place=bergen")
    assert "bergen" in said(found, "title")
    assert not found.findall(f"{ATOM}entry")


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(
    "query", ["q=%00", "place=%ff", "month=", "x=1", "page=9", "q=" + "a" * 9999]
)
def test_strange_addresses_get_a_clear_answer(client, path, query):
    assert client.get(f"{path}?{query}").status_code in {200, 400}


# --- What readers keep --------------------------------------------------------------------------


@pytest.mark.parametrize("path", FEEDS)
def test_nothing_changes_while_nothing_changes(client, path):
    """Neither from one moment to the next, nor with each refresh, nor with each booking."""
    date = make_date(seats=False)
    make_date(place=make_place("Bergen", "Vestland"))
    for query in ("", "?place=oslo", "?place=atlantis"):
        announce()
        before = client.get(path + query)
        announce()
        again = client.get(path + query, headers={"if-none-match": before.headers["ETag"]})
        assert again.status_code == 304
    before = client.get(path).content
    make_seats(date, free=1)
    CourseDate.objects.update(fetched_at=timezone.now(), changed_at=timezone.now())
    announce()
    assert client.get(path).content == before


def test_a_date_that_moves_is_told_of_as_changed_and_not_as_new(client, simulator, time_machine):
    run()
    before = {said(entry, "id"): etree.tostring(entry) for entry in entries(client)}
    time_machine.move_to(timezone.now() + dt.timedelta(seconds=2))  # stamps are whole seconds
    simulator.edit(coursedate=BOOKABLE, set={"start_time_at": "10:30:00"})
    run()
    after = {said(entry, "id"): etree.tostring(entry) for entry in entries(client)}
    changed = [name for name in after if after[name] != before[name]]
    assert after.keys() == before.keys()
    assert [name.rpartition("/")[2] for name in changed] == [str(BOOKABLE)]
    old, new = (etree.fromstring(them[changed[0]]) for them in (before, after))
    assert said(new, "published") == said(old, "published")
    assert said(new, "updated") > said(old, "updated")
    assert "10:30" in said(new, "summary")


def test_a_change_that_the_feed_does_not_show_is_no_change(client, simulator):
    run()
    before = [etree.tostring(entry) for entry in entries(client)]
    simulator.edit(coursedate=BOOKABLE, set={"reference": "KURS-1"})
    run()
    assert [etree.tostring(entry) for entry in entries(client)] == before


def test_a_course_that_is_renamed_keeps_its_name_among_readers(client):
    course = make_course("Truck", appeared_at=LONG_AGO, changed_at=LONG_AGO)
    make_text(course, changed_at=LONG_AGO)
    before = entries(client, COURSES)[0]
    assert said(before, "updated") == said(before, "published")
    course.title, course.slug, course.changed_at = "Truckfører", "truckforer", at(5)
    course.save()
    after = entries(client, COURSES)[0]
    assert said(after, "id") == said(before, "id")
    assert said(after, "published") == said(before, "published")
    assert check_moment(said(after, "updated")) == at(5)


def test_a_new_text_is_a_change_of_its_course(client):
    course = make_course("Truck", appeared_at=LONG_AGO, changed_at=LONG_AGO)
    make_text(course, changed_at=at(7))
    assert check_moment(said(entries(client, COURSES)[0], "updated")) == at(7)


def test_the_meeting_link_is_in_no_feed(client):
    date = make_date(event_url="https://meet.example/secret", is_virtual=True)
    make_gathering(date, event_url="https://meet.example/secret")
    assert Gathering.objects.count() == 1
    for path in FEEDS:
        announce()
        assert "secret" not in client.get(path).text


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_for_readers_and_not_for_search_engines(client, path):
    answer = client.get(path)
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "public" in answer.headers["Cache-Control"]
    assert client.post(path).status_code == 405
