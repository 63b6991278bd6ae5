"""The page of a course as one looks at it: the next date on top, its dates as a table, what goes
with it, and what to do where no date is open."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import CourseDate
from tests.catalog.test_pages_lists import make_school, text_of
from tests.factories import (
    in_days,
    make_category,
    make_course,
    make_date,
    make_gathering,
    make_generation,
    make_instructor,
    make_opening,
    make_place,
    make_product,
    make_provider,
    make_text,
    make_venue,
)

pytestmark = pytest.mark.django_db


def page_of(client, course, **query):
    return client.get(course.get_absolute_url(), query).content.decode()


def interest_in(course):
    return f'href="{reverse("course_interest", args=[course.remote_id, course.slug])}"'


def form_of(date):
    return f'href="{reverse("book", args=[date.remote_id])}"'


# --- On top ---------------------------------------------------------------------------------------


def test_the_next_date_with_seats_and_its_button_come_before_picture_facts_and_texts(client):
    course = make_course()
    make_text(course)
    make_date(course, days=5, seats_free=0)
    date = make_date(course, days=9)
    make_date(course, days=20)
    body = page_of(client, course)
    top = body[: body.index("course-picture")]
    assert form_of(date) in top
    assert "Se alle 3 datoer" in top
    assert body.index("course-picture") < body.index('<dl class="facts">') < body.index("<table")


def test_where_all_are_full_the_waiting_list_stands_on_top(client):
    course = make_course()
    date = make_date(course, seats_free=0)
    top = page_of(client, course).split("course-picture")[0]
    assert "Fullt, med venteliste" in top
    assert form_of(date) in top


def test_where_booking_opens_later_the_top_says_when(client):
    course = make_course()
    make_opening(make_date(course), timezone.now() + dt.timedelta(days=2))
    top = page_of(client, course).split("course-picture")[0]
    assert "Påmeldingen åpner" in top


@pytest.mark.parametrize(
    "given",
    [None, {"status": CourseDate.Status.CANCELLED}, {"status": CourseDate.Status.POSTPONED}],
)
def test_where_no_date_is_open_the_top_asks_to_register_interest(client, given):
    course = make_course()
    if given:
        make_date(course, **given)
    top = page_of(client, course).split("course-picture")[0]
    assert interest_in(course) in top
    assert "Meld interesse" in top


def test_whom_no_date_suits_finds_the_way_to_register_interest(client):
    course = make_course()
    make_date(course)
    body = page_of(client, course)
    assert interest_in(course) not in body.split("<table")[0]
    assert "Passer ingen av datoene?" in body.split("</table>")[1]


# --- The table ------------------------------------------------------------------------------------


def test_the_dates_are_a_table_with_caption_column_heads_and_row_heads(client):
    course = make_course("Sveising")
    make_date(course)
    table = re.search(r"<table.*?</table>", page_of(client, course), re.DOTALL)[0]
    assert "Datoer for Sveising</caption>" in table
    assert len(re.findall(r'<th scope="col" role="columnheader">', table)) == 4
    assert len(re.findall(r'<th scope="row" role="rowheader">', table)) == 1


def test_every_part_of_the_table_says_its_role_so_that_cards_keep_their_meaning(client):
    course = make_course()
    date = make_date(course, instructors=[make_instructor()])
    for day in (0, 1):
        make_gathering(date, day=day)
    table = re.search(r"<table.*?</table>", page_of(client, course), re.DOTALL)[0]
    for element, roles in {
        "table": {"table"},
        "thead": {"rowgroup"},
        "tbody": {"rowgroup"},
        "tr": {"row"},
        "th": {"columnheader", "rowheader"},
        "td": {"cell"},
    }.items():
        tags = re.findall(rf"<{element}\b[^>]*>", table)
        assert tags
        assert {role for tag in tags for role in re.findall(r'role="(\w+)"', tag)} == roles
        assert all("role=" in tag for tag in tags)


def test_the_column_of_instructors_is_there_only_where_somebody_is_named(client):
    course = make_course()
    date = make_date(course)
    assert "Kursholder</th>" not in page_of(client, course)
    person = make_instructor("Kari Nordmann")
    date.instructors.add(person)
    body = page_of(client, course)
    assert "Kursholder</th>" in body
    assert f'<a href="{person.get_absolute_url()}">Kari Nordmann</a>' in body


def test_the_venue_of_a_date_leads_to_its_page(client):
    venue = make_venue("Sjøskolen")
    course = make_course()
    make_date(course, venue=venue)
    assert f'<a href="{venue.get_absolute_url()}">Sjøskolen</a>' in page_of(client, course)


# --- Many dates -----------------------------------------------------------------------------------


@pytest.fixture
def sixty():
    """A course with sixty dates in three towns."""
    course = make_course()
    places = [make_place(town, county) for town, county in (("Bodø", "Nordland"), ("Ski", "Viken"))]
    for number in range(60):
        make_date(course, days=10 + number, place=places[number % 3 == 0])
    return course


def test_of_sixty_dates_twelve_stand_at_once_and_all_in_the_html(client, sixty):
    body = page_of(client, sixty)
    before, after = body.split('<details class="later-dates">')
    assert before.count("date-card") == 12
    assert after.count("date-card") == 48
    assert "Vis 48 datoer til" in after


def test_many_dates_are_told_by_month(client, sixty):
    first = sixty.dates.order_by("starts_on").first().starts_on
    heads = re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', page_of(client, sixty))
    assert 3 <= len(heads) <= 5
    assert heads[0].endswith(str(first.year))


def test_fifteen_dates_are_all_shown_at_once(client):
    course = make_course()
    for number in range(15):
        make_date(course, days=10 + number)
    body = page_of(client, course)
    assert body.count("date-card") == 15
    assert "later-dates" not in body
    assert 'aria-label="Datoer etter sted"' not in body


def test_many_dates_can_be_narrowed_to_a_place_by_a_plain_link(client, sixty):
    body = page_of(client, sixty)
    assert 'href="?place=ski#dates"' in body
    narrowed = page_of(client, sixty, place="ski")
    assert narrowed.count("date-card") == 20
    assert '<link rel="canonical" href="http://testserver' + sixty.get_absolute_url() in narrowed
    assert 'href="?place=ski#dates" rel="nofollow" aria-current="true"' in narrowed


def test_few_dates_are_narrowed_too_where_an_address_asks_for_a_place(client):
    course = make_course()
    for number, town in enumerate(("Oslo", "Oslo", "Bergen")):
        make_date(course, days=10 + number, place=make_place(town))
    narrowed = page_of(client, course, place="oslo")
    assert narrowed.count("date-card") == 2
    assert 'aria-label="Datoer etter sted"' in narrowed
    for whole in (page_of(client, course), page_of(client, course, place="ski")):
        assert whole.count("date-card") == 3
        assert 'aria-label="Datoer etter sted"' not in whole


def test_a_place_that_the_course_does_not_know_is_passed_over(client, sixty):
    assert page_of(client, sixty, place="<b>").count("date-card") == 60


# --- Seats ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "free", "words"),
    [
        ("number", 8, "8 ledige plasser"),
        ("number", 1, "1 plass igjen"),
        ("band", 8, "Ledige plasser"),
        ("band", 2, "Få plasser igjen"),
        ("few", 8, "Ledige plasser"),
        ("few", 2, "2 plasser igjen"),
        ("number", 0, "Fulltegnet"),
        ("band", 0, "Fulltegnet"),
    ],
)
def test_free_seats_are_told_as_the_setting_says(client, settings, shown, free, words):
    settings.SEATS_SHOWN = shown
    course = make_course()
    date = make_date(course, seats_free=free)
    for page in (course, date):
        said = text_of(client.get(page.get_absolute_url()))
        assert words in said
        if shown == "band" and free:
            assert f"{free} plass" not in said


@pytest.mark.parametrize("shown", ["number", "band", "few"])
def test_unknown_seats_stay_unknown_however_they_are_told(client, settings, shown):
    settings.SEATS_SHOWN = shown
    course = make_course()
    make_date(course, seats=False)
    assert "Antall plasser ikke oppgitt" in text_of(client.get(course.get_absolute_url()))


# --- Courses that go with it ----------------------------------------------------------------------


def test_courses_that_share_most_with_it_come_first_with_date_and_price(client):
    industry, fire = make_category("Industri"), make_category("Brann")
    course = make_course("Sveising", categories=[industry, fire])
    one = make_course("Lodding", categories=[industry])
    both = make_course("Varme arbeider", categories=[industry, fire])
    make_date(one, days=3)
    make_date(both, days=50)
    body = page_of(client, course).split('id="alike"')[1]
    assert body.index(both.get_absolute_url()) < body.index(one.get_absolute_url())
    assert "2 490 kr" in body.replace("\xa0", " ")
    assert str(in_days(50).year) in body


def test_no_more_than_four_go_with_it_and_none_without_a_date(client):
    category = make_category()
    course = make_course(categories=[category])
    for number in range(6):
        make_date(make_course(f"Lignende {number}", categories=[category]))
    make_course("Uten dato", categories=[category])
    body = page_of(client, course)
    assert body.count('class="course-card"') == 4
    assert "Uten dato" not in body


def test_a_course_alone_in_its_kind_has_no_such_part(client):
    assert 'id="alike"' not in page_of(client, make_course())


# --- Texts ----------------------------------------------------------------------------------------


def test_the_contents_lead_to_everything_on_the_page(client):
    category = make_category()
    course = make_course(categories=[category])
    make_text(course, audience="<p>Alle</p>")
    make_date(course)
    make_date(make_course("Annet", categories=[category]))
    body = page_of(client, course)
    contents = re.search(r'<nav class="toc".*?</nav>', body, re.DOTALL)[0]
    anchors = re.findall(r'href="#([\w-]+)"', contents)
    assert anchors == ["dates", "description", "audience", "alike"]
    assert all(f'id="{anchor}"' in body for anchor in anchors)


def test_what_is_written_in_another_language_says_so_for_those_who_listen(client):
    course = make_course("Sveising", price_comment="Lunsj inkludert")
    make_text(course, credits="<p>Kursbevis</p>")
    date = make_date(course)
    make_gathering(date, theme="Teori")
    body = client.get(f"/en/courses/{course.remote_id}-sveising/").content.decode()
    for words in ("Sveising</h1>", "Lunsj inkludert", "Kursbevis</dd>", "Teori"):
        assert re.search(rf'lang="nb">{words}', body), words
    assert 'class="lead" lang="nb"' in body


# --- Addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/kurs/7-gammel/", "/kurs/7-ny/"),
        ("/kurs/7/", "/kurs/7-ny/"),
        ("/en/courses/7-gammel/", "/en/courses/7-ny/"),
        ("/kurs/7-gammel/dato/90/", "/kurs/7-ny/dato/90/"),
        ("/en/courses/7-gammel/date/90/", "/en/courses/7-ny/date/90/"),
    ],
)
def test_an_old_title_in_the_address_leads_to_the_new_one_for_good(client, method, old, new):
    make_date(make_course("Ny", remote_id=7), remote_id=90)
    answer = getattr(client, method)(f"{old}?a=1&b=%C3%A5")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{new}?a=1&b=%C3%A5"


# --- Checked at, and cost -------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["course", "date"])
def test_course_and_date_say_when_they_were_checked(client, time_machine, part):
    at = dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC)
    time_machine.move_to(at + dt.timedelta(minutes=20))
    make_generation(checked_at=at)
    course = make_course()
    things = {"course": course, "date": make_date(course)}
    assert "Sjekket kl. 14:05" in text_of(client.get(things[part].get_absolute_url()))


def test_a_course_page_costs_as_many_queries_whatever_its_size(
    client, django_assert_max_num_queries
):
    make_provider()
    make_generation()
    make_school(6, 2)
    category = make_category()
    course = make_course("Stort", categories=[category])
    make_text(course)
    make_product(course)
    for number in range(40):
        date = make_date(
            course, days=number + 1, venue=make_venue(), instructors=[make_instructor()]
        )
        make_gathering(date, instructors=[make_instructor()])
        make_opening(date, timezone.now())
    for number in range(5):
        like_it = make_course(f"Lignende {number}", categories=[category])
        make_product(like_it)
        make_date(like_it)
    client.get("/")
    with django_assert_max_num_queries(14):
        client.get(course.get_absolute_url())
