"""Sitemaps name exactly the pages that search engines may show, and when each has last changed."""

import datetime as dt
import re
from html import unescape
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation

from catalog import sitemaps, switch, timetable
from catalog.models import Course, Terms
from tests.catalog.running import BOOKABLE, WITH_VAT, date, run
from tests.catalog.sitemap_reading import entries, files, tree
from tests.catalog.test_crawl import crawled
from tests.catalog.test_pictures import make_picture
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_instructor,
    make_product,
    make_provider,
    make_terms,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db

EVERYTHING = "/sitemap.xml"
LANGUAGES = ("nb", "en")
SITE = "http://testserver"
LAST_YEAR = timezone.now().replace(microsecond=0) - dt.timedelta(days=365)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def school():
    """A bit of everything that has a page of its own, and of what has none for everyone."""
    make_provider()
    make_generation()
    for language in LANGUAGES:
        make_terms(Terms.Kind.TERMS, language)
    make_terms(Terms.Kind.PRIVACY, "nb")
    make_terms(Terms.Kind.WITHDRAWAL, "nb", published_at=timezone.now() + dt.timedelta(days=1))
    above = make_category("Sikkerhet")
    under = make_category("Brann", parent=above)
    make_category("Uten kurs")
    person, idle = make_instructor("Per Ås"), make_instructor("Ingen Kurs")
    room, closed = make_venue("Rom & Rand"), make_venue("Hos kunden")
    course = make_course("Slokking", categories=[under], external_booking_url="")
    make_text(course)
    with_dates = make_date(course, venue=room, instructors=[person])
    make_gathering(with_dates, venue=room, instructors=[person])
    make_date(course, status=3)
    make_course("Uten datoer", categories=[above])
    now = timezone.now()
    make_course("Trukket", withdrawn_at=now)
    make_date(course, withdrawn_at=now, venue=make_venue("Trukket"))
    make_date(make_course("Internt", kind="internal", public=False), public=False, venue=closed)
    make_date(course, public=False, venue=closed, instructors=[idle])


def robots(client):
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").text.splitlines())
    return parser


def head(page):
    """(canonical, {language: address}, noindex) of a page."""
    links = re.findall(r"<link rel=\"(canonical|alternate)\"([^>]*)>", page.text)
    canonical, alternates = None, {}
    for kind, rest in links:
        href = unescape(re.search(r'href="([^"]*)"', rest)[1])
        if kind == "canonical":
            canonical = href
        elif language := re.search(r'hreflang="([^"]*)"', rest):
            alternates[language[1]] = href
    meta = re.search(r'<meta name="robots" content="([^"]*)"', page.text)
    told = f"{meta and meta[1]} {page.headers.get('X-Robots-Tag')}"
    return canonical, alternates, "noindex" in told


# --- What they name -------------------------------------------------------------------------------


def test_each_entry_is_a_page_that_names_itself_and_may_be_shown(client, school):
    allowed = robots(client)
    for path, entry in entries(client, EVERYTHING).items():
        page = client.get(path)
        assert page.status_code == 200, path
        assert head(page) == (entry.address, entry.alternates, False), path
        assert allowed.can_fetch("Googlebot", entry.address), path


class Robot:
    """A client that keeps what it was given."""

    def __init__(self, client):
        self.client, self.pages = client, {}

    def get(self, path):
        self.pages[path] = self.client.get(path)
        return self.pages[path]


def test_they_name_every_page_that_a_robot_finds_and_may_show(client, school, monkeypatch):
    """But for the second and later pages of a list: they lead to courses that have entries."""
    monkeypatch.setattr("catalog.views.courses.COURSES_ON_PAGE", 1)
    robot = Robot(client)
    crawled(robot, ["/", "/en/"], 400)
    wanted = set()
    for path, page in robot.pages.items():
        if page.headers["Content-Type"].startswith("text/html"):
            canonical, _, noindex = head(page)
            if canonical == SITE + path and not noindex:
                wanted.add(path)
    assert "/kurs/?page=2" in wanted
    wanted = {path for path in wanted if "page=" not in path}
    assert entries(client, EVERYTHING).keys() == wanted


def test_each_page_stands_in_the_file_of_its_language_with_its_counterparts(client, school):
    named = {language: entries(client, f"/sitemap-{language}.xml") for language in LANGUAGES}
    for language, found in named.items():
        assert files(client).keys() == {f"/sitemap-{each}.xml" for each in LANGUAGES}
        for path, entry in found.items():
            assert entry.alternates[language] == entry.address
            assert path.startswith("/en/") == (language == "en")
            for code in entry.alternates.keys() - {"x-default"}:
                theirs = named[code][urlsplit(entry.alternates[code]).path]
                assert theirs.alternates == entry.alternates


def test_what_is_not_for_everyone_is_not_there(client, school):
    found = " ".join(entries(client, EVERYTHING))
    for slug in ("slokking", "uten-datoer", "sikkerhet", "brann", "rom-rand", "per-as"):
        assert slug in found
    for slug in ("trukket", "internt", "uten-kurs", "ingen-kurs", "hos-kunden", "dato/", "grid"):
        assert slug not in found


def test_a_text_stands_in_the_languages_that_it_is_written_in(client, school):
    found = entries(client, EVERYTHING)
    assert "/en/terms/" in found
    assert found["/personvern/"].alternates.keys() == {"nb", "x-default"}
    assert "/en/privacy/" not in found
    assert "/angrerett/" not in found


def test_a_text_that_staff_publish_is_there_at_once(client, admin_client):
    make_generation()
    assert "/vilkar/" not in entries(client, EVERYTHING)
    typed = {"kind": "terms", "language": "nb", "version": "1", "text": "<p>Bindende.</p>"}
    typed |= {"published_at_0": "2026-01-01", "published_at_1": "08:00:00"}
    answer = admin_client.post(reverse("admin:catalog_terms_add"), typed)
    assert answer.status_code == 302
    assert "/vilkar/" in entries(client, EVERYTHING)


def test_instructors_are_there_only_where_they_are_shown(client, school, settings):
    settings.SHOW_INSTRUCTORS = False
    assert "instru" not in " ".join(entries(client, EVERYTHING))


def test_a_course_has_the_picture_that_staff_gave_it_and_no_drawing(client, school):
    course = Course.objects.get(title="Slokking")
    picture = make_picture(course)
    found = entries(client, EVERYTHING)
    images = {path: entry.images for path, entry in found.items() if entry.images}
    with translation.override("en"):
        english = course.get_absolute_url()
    address = SITE + picture.image.url
    assert images == {course.get_absolute_url(): [address], english: [address]}
    assert client.get(picture.image.url).status_code == 200


def test_a_site_without_courses_has_its_first_pages(client):
    assert entries(client, EVERYTHING).keys() == {
        *("/", "/kurs/", "/kalender/", "/apne-data/"),
        *("/en/", "/en/courses/", "/en/calendar/", "/en/data/"),
    }


# --- When it has changed --------------------------------------------------------------------------


def bodies(client):
    """What every file says, made anew."""
    cache.clear()
    timetable.forget()
    return {path: client.get(path).content for path in [EVERYTHING, *files(client)]}


def moments(client):
    return {path: entry.changed_at for path, entry in entries(client, "/sitemap-nb.xml").items()}


def test_a_refresh_without_news_leaves_every_byte_as_it_is(client, simulator):
    """Free seats come and go; they are no news."""
    run()
    before = bodies(client)
    assert b"<lastmod>" in before["/sitemap-nb.xml"]
    run()
    assert bodies(client) == before
    simulator.edit(coursedate=BOOKABLE, set={"confirmed": 5})
    assert run().seats == 1
    assert bodies(client) == before


def test_news_moves_the_page_that_tells_it_and_the_lists(client, simulator, time_machine):
    run()
    before, course = moments(client), date(BOOKABLE).course
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    simulator.edit(coursedate=BOOKABLE, set={"start_time_at": "10:30:00"})
    run()
    after = moments(client)
    shown_in = [Course.objects.get(pk=course.pk), *course.categories.all()]
    moved = {path for path in after if after[path] != before[path]}
    assert moved == {"/", "/kurs/", "/kalender/", *(each.get_absolute_url() for each in shown_in)}
    assert {after[path] for path in moved} == {date(BOOKABLE).changed_at.replace(microsecond=0)}
    assert files(client)["/sitemap-nb.xml"] == after["/"]


@pytest.fixture
def old():
    """A course of which all was last changed a year ago."""
    course = make_course(changed_at=LAST_YEAR, categories=[make_category(changed_at=LAST_YEAR)])
    make_date(course, changed_at=LAST_YEAR)
    make_text(course, changed_at=LAST_YEAR)
    return course


@pytest.mark.parametrize(
    "change",
    [
        lambda course, now: make_text(course, "en", changed_at=now),
        lambda course, now: make_product(course, changed_at=now),
        lambda course, now: make_product(course, changed_at=LAST_YEAR, withdrawn_at=now),
        lambda course, now: make_date(course, changed_at=now),
        lambda course, now: make_date(course, changed_at=LAST_YEAR, withdrawn_at=now),
        lambda course, now: make_date(course, changed_at=now, public=False),
        lambda course, now: course.dates.update(changed_at=now, starts_on="2020-01-01"),
        lambda course, now: make_gathering(course.dates.get(), changed_at=now),
        lambda course, now: make_gathering(
            course.dates.get(), changed_at=LAST_YEAR, withdrawn_at=now
        ),
    ],
    ids=[
        *("text", "price", "price gone", "new date", "date gone", "date hidden", "date past"),
        *("gathering", "gathering gone"),
    ],
)
def test_what_a_page_says_is_as_new_as_the_newest_of_it(client, old, change):
    with translation.override("en"):
        path = old.get_absolute_url()
    assert entries(client, "/sitemap-en.xml")[path].changed_at == LAST_YEAR
    now = timezone.now().replace(microsecond=0)
    change(old, now)
    assert entries(client, "/sitemap-en.xml")[path].changed_at == now


def test_a_text_in_another_language_is_no_news(client, old):
    make_text(old, "en")
    assert moments(client)[old.get_absolute_url()] == LAST_YEAR


def test_lists_are_as_new_as_what_has_left_them(client, old):
    now = timezone.now().replace(microsecond=0)
    category = old.categories.get()
    make_course("Trukket", changed_at=LAST_YEAR, withdrawn_at=now, categories=[category])
    found = moments(client)
    assert found[old.get_absolute_url()] == LAST_YEAR
    assert found["/kurs/"] == found[category.get_absolute_url()] == now


def test_what_nobody_keeps_is_not_told(client, school):
    for path, moment in moments(client).items():
        unknown = path.startswith(("/kurssteder/", "/instruktorer/", "/apne-data/"))
        assert (moment is None) == unknown, path


# --- What leaves ----------------------------------------------------------------------------------


def test_what_is_withdrawn_leaves_with_its_page_in_one_stroke(client, simulator, monkeypatch):
    """Both are read from the same row; a switch that fails halfway takes neither out."""
    run()
    course = date(WITH_VAT).course
    path, before = course.get_absolute_url(), bodies(client)
    simulator.edit(course=course.remote_id, remove=True)
    with monkeypatch.context() as patched:
        patched.setattr(switch, "end_well", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run()
    assert bodies(client) == before
    assert not head(client.get(path))[2]
    run()
    assert head(client.get(path))[2]
    found = entries(client, EVERYTHING)
    assert [page for page in found if f"/{course.remote_id}-" in page] == []
    gone = Course.objects.get(pk=course.pk)
    assert found["/kurs/"].changed_at == gone.withdrawn_at.replace(microsecond=0)


# --- How they are handed out ----------------------------------------------------------------------


def test_files_that_would_be_too_large_are_split(client, school, monkeypatch):
    whole = entries(client, EVERYTHING)
    cache.clear()
    monkeypatch.setattr(sitemaps, "ENTRIES_IN_FILE", 6)
    assert list(files(client)) == [
        *("/sitemap-nb.xml", "/sitemap-nb-2.xml", "/sitemap-nb-3.xml"),
        *("/sitemap-en.xml", "/sitemap-en-2.xml", "/sitemap-en-3.xml"),
    ]
    assert all(len(tree(client, path)) <= 6 for path in files(client))
    assert entries(client, EVERYTHING) == whole


@pytest.mark.parametrize(
    "path", ["sitemap-nb-1.xml", "sitemap-nb-2.xml", "sitemap-nb-0.xml", "sitemap-xx.xml"]
)
def test_a_file_that_is_none_is_not_found(client, path):
    assert client.get(f"/{path}").status_code == 404


@pytest.mark.parametrize("path", [EVERYTHING, "/sitemap-nb.xml", "/sitemap-en.xml"])
def test_it_is_sent_compressed_once_and_no_page_itself(client, school, path):
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    again = client.get(path, headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    asked = client.head(path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert client.post(path).status_code == 405


def test_it_names_the_site_by_its_own_name_whoever_asks(client, school):
    asked = client.get("/sitemap-nb.xml", headers={"host": "localhost"}).text
    assert "localhost" not in asked
    assert f"<loc>{SITE}/kurs/</loc>" in asked


def test_it_costs_as_many_queries_however_much_there_is(
    client, school, django_assert_max_num_queries
):
    timetable.current()
    with django_assert_max_num_queries(11):
        client.get("/sitemap-nb.xml")


def test_the_demo_has_them_too(client, school, settings):
    settings.DEMO = True
    assert len(entries(client, EVERYTHING)) > 20
