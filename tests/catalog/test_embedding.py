"""A list or a button on other sites: a line of HTML, small pages that those sites may frame, and
the page in the admin where the line is made."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.contrib.staticfiles import finders
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog import choices, timetable
from catalog.models import CourseDate, Generation, Provider
from catalog.selection import Selection
from catalog.timetable import COURSES, DATES
from config.middleware import POLICY
from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_generation,
    make_place,
    make_product,
    make_provider,
)

pytestmark = pytest.mark.django_db

LIST, BUTTON, DATE_BUTTON = "/innebygd/liste/", "/innebygd/knapp/{}/", "/innebygd/knapp/{}/{}/"
MAKE = "/admin/catalog/provider/embedding/"
PROVIDER = "/admin/catalog/provider/1/change/"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def school():
    make_provider(embedding_sites="partner.example")
    make_generation()
    bergen = make_place("Bergen", county="Vestland")
    leading, first_aid = make_category("Ledelse"), make_category("Førstehjelp")
    leader = make_course("Ny som leder", categories=[leading])
    helper = make_course("Hjertestarter", categories=[first_aid])
    make_product(helper, "1290", "0")
    return {
        "leading": leading,
        "leader": leader,
        "helper": helper,
        "soon": make_date(helper, days=3, seats_free=2),
        "bergen": make_date(helper, days=9, place=bergen),
        "full": make_date(leader, days=5, seats_free=0),
        "off": make_date(leader, days=7, status=CourseDate.Status.CANCELLED),
    }


def ids_linked(page, pattern):
    return [int(found) for found in re.findall(pattern, page.content.decode())]


def policy_of(response):
    return response.headers["Content-Security-Policy"]


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


# --- Who may frame it -----------------------------------------------------------------------


def test_only_the_sites_that_staff_have_named_may_frame_it(client, school):
    page = client.get(LIST)
    named = "frame-ancestors 'self' https://partner.example https://www.partner.example"
    assert policy_of(page) == POLICY.replace("frame-ancestors 'none'", named)
    assert "X-Frame-Options" not in page.headers


def test_without_a_name_nobody_may(client, school):
    Provider.objects.update(embedding_sites="")
    for address in (LIST, BUTTON.format(school["helper"].remote_id)):
        assert policy_of(client.get(address)).endswith("frame-ancestors 'self'")


def test_the_policy_follows_the_admin_even_where_the_page_itself_is_kept(client, school):
    kept = client.get(LIST)
    Provider.objects.update(embedding_sites="*.another.example")
    again = client.get(LIST, headers={"if-none-match": kept.headers["ETag"]})
    assert again.status_code == 304
    assert policy_of(again).endswith("frame-ancestors 'self' https://*.another.example")
    assert "X-Frame-Options" not in again.headers


@pytest.mark.parametrize(
    "path", ["/", "/kurs/", "/kalender/", "/innebygd/liste/?number=0", "/innebygd/knapp/1/", MAKE]
)
def test_nothing_else_may_be_framed(client, school, path):
    page = client.get(path)
    assert policy_of(page) == POLICY
    assert page.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("line", "sources"),
    [
        ("*", "https:"),
        ("Kurs.Example.NO", "https://kurs.example.no https://www.kurs.example.no"),
        ("https://www.example.no/", "https://www.example.no"),
        ("*.example.no", "https://*.example.no"),
        ("example.no:8443", "https://example.no:8443 https://www.example.no:8443"),
        ("skøyter.no", "https://xn--skyter-cya.no https://www.xn--skyter-cya.no"),
        ("localhost:8000", "http://localhost:8000 https://localhost:8000"),
    ],
)
def test_a_line_names_a_site(admin_client, school, line, sources):
    assert save_sites(admin_client, line).status_code == 302
    assert policy_of(Client().get(LIST)).endswith(f"frame-ancestors 'self' {sources}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("http://www.example.no", "bare nettsteder med https"),
        ("https://example.no/kurs", "skriv bare domenet"),
        ("example.no; script-src *", "skriv bare domenet"),
        ("'unsafe-inline'", "ikke et domenenavn"),
        ("*.no", "er for vidt"),
        ("intranett", "ikke et domenenavn"),
        ("*.*.example.no", "ikke et domenenavn"),
        ("ex\u202eample.no;", "ikke et domenenavn"),
        ("a" * 64 + ".no", "ikke et domenenavn"),
        ("\n".join(f"a{n}.example.no" for n in range(101)), "Høyst 100 nettsteder"),
    ],
)
def test_a_line_that_names_none_is_refused_with_a_sentence(admin_client, school, line, said):
    page = save_sites(admin_client, f"bra.example.no\n{line}")
    assert page.status_code == 200
    assert said in text_of(page.content.decode())
    assert Provider.current().embedding_sites == "partner.example"


def test_a_line_that_no_form_has_seen_never_reaches_the_header(client, school):
    Provider.objects.update(embedding_sites="x.example; script-src *\n\nbra.example\n*.no")
    assert policy_of(client.get(LIST)).endswith(
        "frame-ancestors 'self' https://bra.example https://www.bra.example"
    )


def test_naming_a_site_announces_it(admin_client, school):
    before = Generation.current().number
    save_sites(admin_client, "www.example.no\n\n WWW.example.no ")
    assert Generation.current().number == before + 1
    assert Provider.current().embedding_sites == "www.example.no"


def save_sites(client, lines):
    names = ["organisation_number", "phone", "email", "address", "accent", "privacy_url"]
    typed = dict.fromkeys([*names, "cancel_free_days", "cancel_fee_days"], "")
    return client.post(PROVIDER, typed | {"name": "Fjordskolen", "embedding_sites": lines})


# --- What it shows --------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "place=vestland", "free=1", "q=leder", "place=vestland&q=x"])
def test_a_list_shows_what_the_site_finds(client, school, query):
    found, selection = timetable.current(), Selection.of(QueryDict(query))
    dates = CourseDate.objects.in_bulk(found.dates_found(selection))
    shown = client.get(f"{LIST}?{query}").context["dates"]
    assert [date.pk for date in shown] == list(dates)
    courses = client.get(f"{LIST}?{query}&show=courses").context["courses"]
    assert [course.pk for course in courses] == found.courses_found(selection)


@pytest.mark.usefixtures("in_november_2026")  # a calendar page shows one month
def test_its_rows_are_those_of_the_site(client, school):
    ours = re.findall(r'<li class="date.*?</li>', client.get("/kalender/").content.decode(), re.S)
    theirs = re.findall(r'<li class="date.*?</li>', client.get(LIST).content.decode(), re.S)
    assert len(theirs) == len(ours) == 4
    for mine, other in zip(ours, theirs, strict=True):  # state, price, place, offer
        assert set(text_of(mine).split()) <= set(text_of(other).split())


def test_it_ends_with_the_number_and_the_way_to_all(client, school):
    page = client.get(f"{LIST}?number=1&place=vestland&place=oslo")
    assert len(page.context["dates"]) == 1
    assert re.search(r'<a href="/kalender/\?place=oslo&amp;place=vestland">([^<]+)', body(page))
    assert "Se 4 datoer hos Fjordskolen" in body(page)


def test_what_finds_nothing_says_so(client, school):
    assert "ikke satt opp noen datoer" in body(client.get(f"{LIST}?place=atlantis"))
    assert "ingen kurs akkurat nå" in body(client.get(f"{LIST}?place=atlantis&show=courses"))


def test_the_language_is_that_of_the_address(client, school):
    page = client.get("/en/embed/list/")
    assert '<html lang="en"' in body(page)
    assert "See 4 dates at Fjordskolen" in body(page)
    assert 'href="/en/calendar/"' in body(page)


def test_it_leads_to_the_full_page_and_is_in_no_index(client, school):
    leading = school["leading"]
    for query, full in [
        ("", "/kalender/"),
        (f"category={leading.remote_id}&show=courses", leading.get_absolute_url()),
        ("month=2031-01", "/kurs/?month=2031-01"),
    ]:
        page = client.get(f"{LIST}?{query}")
        assert f'<link rel="canonical" href="http://testserver{full}">' in body(page)
        assert page.headers["X-Robots-Tag"] == "noindex"
        assert client.get(full).status_code == 200


def test_every_link_opens_in_the_whole_window(client, school):
    for address in (LIST, BUTTON.format(school["helper"].remote_id)):
        page = body(client.get(address))
        assert '<base target="_top">' in page
        assert "target=" not in page.replace('<base target="_top">', "")
        assert "<form" not in page


def test_it_keeps_nothing_in_the_browser_and_may_be_kept(client, school):
    page = client.get(LIST)
    assert not page.cookies
    assert page.headers["Cache-Control"] == "public, max-age=300"
    for script in ("js/embed.js", "js/framed.js"):
        said = Path(finders.find(script)).read_text()
        for word in ("cookie", "Storage", "indexedDB", "fetch", "sendBeacon", "innerHTML", "eval"):
            assert word not in said, (script, word)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("number=0", "En liste viser fra 1 til 30, ikke «0»."),
        ("number=31", "ikke «31»"),
        ("number=-1", "ikke «-1»"),
        ("number=%F0%9D%9F%97", "ikke «𝟗»"),
        ("number=" + "9" * 5000, "En liste viser fra 1 til 30"),
        ("number=0000000051", "ikke «0000000051»"),
        ("number=00000001" + "0" * 5000, "En liste viser fra 1 til 30"),
        ("show=people", "«people» kan ikke vises"),
        ("form=%00", "er ikke et valg under"),
        ("category=x%3Cscript%3E", "er ikke et valg under"),
    ],
)
def test_a_strange_query_is_told_what_is_wrong(client, school, query, said):
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 400
    assert said in text_of(body(page))
    assert "<script>" not in body(page)


@pytest.mark.parametrize(
    "query", ["number=", "show=", "number=2&number=3", "%FF=%FF&x=1", "theme=x"]
)
def test_what_means_nothing_is_passed_over(client, school, query):
    assert client.get(f"{LIST}?{query}").status_code == 200


def body(page):
    return page.content.decode()


# --- The button -----------------------------------------------------------------------------


def test_a_button_offers_the_first_date_with_seats(client, school):
    page = client.get(BUTTON.format(school["helper"].remote_id))
    assert page.context["date"] == school["soon"]
    assert f'href="{reverse("book", args=[school["soon"].remote_id])}"' in body(page)
    assert "2 plasser igjen" in text_of(body(page))
    assert "data-words" in body(page)


def test_a_button_of_a_date_says_what_can_be_done_about_that_date(client, school):
    leader = school["leader"].remote_id
    full = client.get(DATE_BUTTON.format(leader, school["full"].remote_id))
    assert "Venteliste" in text_of(body(full))
    assert "data-words" not in body(full), "a partner's “book now” would be wrong"
    off = client.get(DATE_BUTTON.format(leader, school["off"].remote_id))
    assert "Avlyst" in text_of(body(off))
    assert "Se datoen" in text_of(body(off))
    assert school["off"].get_absolute_url() in body(off)


def test_a_button_of_a_course_without_an_open_date_leads_to_its_page(client, school):
    course = make_course("Ukjent tid")
    page = client.get(BUTTON.format(course.remote_id))
    assert "Se kurset" in text_of(body(page))
    assert f'href="{course.get_absolute_url()}"' in body(page)


def test_where_there_is_nothing_to_show_the_link_stays(client, school):
    """An answer that no site may frame: the script leaves the link, which leads to the page that
    says what has happened."""
    helper, leader = school["helper"], school["leader"]
    assert (
        client.get(DATE_BUTTON.format(helper.remote_id, school["full"].remote_id)).status_code
        == 404
    )
    type(leader).objects.update(withdrawn_at=timezone.now())
    page = client.get(BUTTON.format(leader.remote_id))
    assert page.status_code == 404
    assert page.headers["X-Frame-Options"] == "DENY"


# --- The script -----------------------------------------------------------------------------


def test_the_script_has_one_address_and_is_asked_for_anew_each_hour(client):
    script = client.get("/embed.js")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.headers["Cache-Control"] == "public, max-age=3600"
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = client.get("/embed.js", headers={"if-none-match": script.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "public, max-age=3600"
    assert len(script.content) < 6000


# --- The page in the admin ------------------------------------------------------------------


def made(client, **chosen):
    page = client.get(MAKE, {"what": DATES} | chosen)
    assert page.status_code == 200
    return page


def errors(page):
    return {name: [*them] for name, them in page.context["form"].errors.items()}


def test_the_line_is_a_link_that_a_script_may_turn_into_the_list(admin_client, school):
    page = made(admin_client, number="3", place="vestland.bergen", theme="dark", words="Kurs her")
    assert page.context["form"].line() == (
        '<a href="http://testserver/kalender/?place=vestland.bergen" data-kurs="/innebygd/liste/'
        '?place=vestland.bergen&amp;show=dates&amp;number=3&amp;theme=dark">Kurs her</a>'
        ' <script async src="http://testserver/embed.js"></script>'
    )


def test_the_line_is_shown_as_text_and_works_beside_it(admin_client, school):
    page = made(admin_client)
    line = page.context["form"].line()
    shown = re.search(r'<textarea id="embedding-line"[^>]*>(.*?)</textarea>', body(page), re.S)[1]
    assert "<" not in shown
    assert unescape(shown) == line
    preview = line.replace("http://testserver", "")
    assert preview in body(page)
    assert '<script src="/embed.js" async></script>' in body(page), (
        "the line alone is not run twice"
    )


def test_hostile_words_stay_words(admin_client, school):
    page = made(admin_client, words=HOSTILE)
    assert "<script>alert" not in body(page)
    assert ">&quot;&gt;&lt;script&gt;alert(1)" in page.context["form"].line()
    assert 'title="&quot;&gt;&lt;script' in page.context["form"].bare_frame


@pytest.mark.parametrize(
    ("what", "pasted", "shown", "link"),
    [
        (DATES, "", "/innebygd/liste/?show=dates&number=5", "/kalender/"),
        (DATES, "/kurs/?place=vestland&utm_source=x", None, "/kalender/?place=vestland"),
        (COURSES, "testserver/kurs/?sort=date", None, "/kurs/?sort=date"),
        (COURSES, "http://testserver/en/courses/?free=1", "/en/embed/list/", "/en/courses/?free=1"),
        (DATES, "http://testserver/kalender/2031/4/", "?month=2031-04", "/kurs/?month=2031-04"),
        (DATES, "http://testserver/", None, "/kalender/"),
    ],
)
def test_an_address_of_the_site_says_what_to_show(admin_client, school, what, pasted, shown, link):
    embedded = made(admin_client, what=what, address=pasted).context["form"].embedded
    assert (shown or "/innebygd/liste/") in embedded.address
    assert embedded.page == link
    assert Client().get(embedded.address).status_code == 200


def test_the_address_of_a_category_or_a_course_will_do(admin_client, school):
    leading, helper = school["leading"], school["helper"]
    page = made(admin_client, what=COURSES, address=leading.get_absolute_url())
    assert page.context["form"].embedded.selection == Selection(category=(leading.remote_id,))
    assert page.context["form"].embedded.page == leading.get_absolute_url()
    for thing in (helper, school["soon"]):
        page = made(admin_client, what="button", address=thing.get_absolute_url())
        assert page.context["form"].embedded.page == thing.get_absolute_url()
        assert Client().get(page.context["form"].embedded.address).status_code == 200


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"address": "https://www.example.com/kurs/"}, "Dette er en adresse på www.example.com."),
        ({"address": "//evil.example/kurs/"}, "Dette er en adresse på evil.example."),
        ({"address": "/finnes-ikke/"}, "Denne siden finnes ikke"),
        ({"address": "/admin/"}, "Dette er ikke en liste."),
        ({"address": "http://[x/"}, "Dette er ikke en nettadresse."),
        ({"address": "/kurs/?place=atlantis"}, "«atlantis» er ikke et valg under «Sted»."),
        ({"address": "/kalender/2031/13/"}, "«2031-13» er ikke et valg under «Måned»."),
        ({"address": "/kurs/", "place": "oslo"}, "ikke begge deler"),
        ({"what": "button", "address": "/kurs/"}, "En knapp trenger adressen"),
        ({"what": "button"}, "En knapp trenger adressen"),
        ({"what": "button", "address": "/kurs/1-x/"}, "Dette kurset tilbys ikke lenger."),
    ],
)
def test_an_address_that_shows_nothing_is_told_why(admin_client, school, chosen, said):
    page = made(admin_client, **chosen)
    assert said in errors(page)["address"][0]
    assert "embedding-line" not in body(page)


def test_a_course_is_a_button_and_no_list(admin_client, school):
    page = made(admin_client, address=school["helper"].get_absolute_url())
    assert "Velg knapp" in errors(page)["address"][0]


def test_what_may_be_chosen_is_what_the_site_offers(admin_client, school):
    form = admin_client.get(MAKE).context["form"]
    on_site = choices.of(timetable.current(), Selection(), COURSES)
    places = next(kind for kind in on_site.kinds if kind.name == "place")
    offered = [value for value, _ in form.fields["place"].choices]
    assert offered[0] == ""
    assert {choice.text for choice in places.choices} <= set(offered)


def test_it_says_who_may_show_it(admin_client, school):
    assert "<li>partner.example</li>" in body(admin_client.get(MAKE))
    Provider.objects.update(embedding_sites="")
    assert "Ingen nettsteder er nevnt" in body(admin_client.get(MAKE))


def test_it_is_for_staff_who_may_look_at_the_provider(client, django_user_model, school):
    assert client.get(MAKE).status_code == 302
    user = django_user_model.objects.create_user("kari", is_staff=True)
    client.force_login(user)
    assert client.get(MAKE).status_code == 403
    assert MAKE not in body(client.get("/admin/"))
    user.user_permissions.add(Permission.objects.get(codename="view_provider"))
    assert client.get(MAKE).status_code == 200
    assert MAKE in body(client.get("/admin/"))
