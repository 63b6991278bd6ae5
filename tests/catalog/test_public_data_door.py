"""How programs get at public data: page by page, cheaply, from any site, within a limit; and what
they are told when something is wrong."""

import gzip
import json

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.http import urlencode

from catalog.models import CourseDate, Generation
from catalog.public_data.operations import operations
from catalog.public_data.problems import KINDS
from tests.catalog.asking import SITE, get, make_school
from tests.catalog.running import run
from tests.factories import make_course, make_date, make_generation, make_provider

pytestmark = pytest.mark.django_db

LISTS = [it.name for it in operations() if it.takes]
PROBLEM = "application/problem+json"


def items(client, address, per_page):
    """All items, walking from page to page, and how many pages it took."""
    found, pages, there = [], 0, f"{address}?per_page={per_page}"
    while there:
        part = get(client, there)
        found, pages, there = found + part["items"], pages + 1, part["links"]["next"]
    assert (len(found), pages) == (part["total"], part["pages"])
    return found


def ask_until_stopped(client, address, most=20):
    """How many answers there are before 429, and that answer."""
    for answers in range(most):
        response = client.get(address)
        if response.status_code == 429:
            return answers, response
    raise AssertionError("never stopped")


# --- Page by page -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_walk_from_page_to_page_meets_everything_once(client, name):
    make_school()
    whole = get(client, f"{reverse(name)}?per_page=100")["items"]
    assert items(client, reverse(name), 2) == whole
    keys = [item.get("id") or item["key"] for item in whole]
    assert len(set(keys)) == len(keys) > 0


def test_links_lead_everywhere_and_keep_what_is_chosen(client):
    make_school()
    response = client.get("/api/v1/dates/?free=1&per_page=1&page=2&place=vestland&place=oslo")
    chosen = f"{SITE}/api/v1/dates/?place=oslo&place=vestland&free=1"
    links = response.json()["links"]
    assert links["self"] == f"{chosen}&page=2&per_page=1"
    assert links["first"] == links["prev"] == f"{chosen}&per_page=1"
    assert links["next"] == f"{chosen}&page=3&per_page=1"
    assert links["last"].startswith(f"{chosen}&page=")
    told = [f'<{address}>; rel="{relation}"' for relation, address in links.items()]
    assert response.headers["Link"] == ", ".join(told)
    assert response.json()["total"] == get(client, links["last"])["total"]


def test_a_list_of_nothing_is_one_empty_page(client):
    told = get(client, "/api/v1/dates/?place=atlantis")
    assert (told["items"], told["total"], told["page"], told["pages"]) == ([], 0, 1, 1)
    assert told["links"]["next"] is None


def test_the_first_address_leads_to_all_others(client):
    make_provider()
    make_school()
    told = get(client, "/api/v1/")
    for name, address in told.items():
        if name.endswith("_url") or name == "url":
            assert client.get(address).status_code == 200, address
    assert told["provider"] == "Fjordskolen"


# --- Cheaply ------------------------------------------------------------------------------------


def test_who_has_an_answer_is_not_sent_it_again_until_something_changes(client):
    make_school()
    first = client.get("/api/v1/courses/")
    known = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/api/v1/courses/", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    make_course("Aller nyeste")
    assert client.get("/api/v1/courses/", headers=known).status_code == 304
    Generation.objects.update(number=2)
    assert client.get("/api/v1/courses/", headers=known).status_code == 200


def test_the_second_who_asks_gets_what_lies_there(client, django_assert_max_num_queries):
    make_school()
    client.get("/api/v1/dates/")
    with django_assert_max_num_queries(3):
        client.get("/api/v1/dates/")


def test_head_tells_the_same_without_the_answer(client):
    make_school()
    whole, head = client.get("/api/v1/dates/"), client.head("/api/v1/dates/")
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Link", "Cache-Control"):
        assert head.headers[name] == whole.headers[name]


def test_answers_travel_compressed(client):
    make_school()
    small = client.get("/api/v1/dates/", headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(small.content)) == get(client, "/api/v1/dates/")


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/dates/", "/api/v1/openapi.json"])
def test_any_cache_may_keep_an_answer_and_no_search_engine_shows_it(client, address):
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


# --- From any site ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/api/v1/dates/", "/api/v1/dates/9/", "/api/v1/dates/?x=1"])
def test_scripts_of_any_site_may_read_answers_and_problems(client, address):
    answer = client.get(address, headers={"Origin": "https://other.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Link" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_browser_that_asks_first_is_let_in(client):
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    answer = client.options("/api/v1/dates/", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


# --- Within a limit -----------------------------------------------------------------------------


@pytest.fixture
def at_most_three(settings, time_machine):
    settings.LIMIT_DATA_ADDRESS_MIN = 3
    time_machine.move_to("2026-11-02T10:00:20+01:00", tick=False)
    make_generation()


def test_who_asks_too_much_is_told_how_long_to_wait(client, at_most_three, time_machine):
    answers, stopped = ask_until_stopped(client, "/api/v1/venues/")
    assert answers == 3
    assert stopped.headers["Content-Type"] == PROBLEM
    assert stopped.headers["Retry-After"] == "40"
    assert "no-store" in stopped.headers["Cache-Control"]
    assert "vente 40 sekunder" in stopped.json()["detail"]
    time_machine.move_to("2026-11-02T10:01:00+01:00", tick=False)
    assert client.get("/api/v1/venues/").status_code == 200


def test_the_limit_is_that_of_one_network_and_of_all_addresses_together(client, at_most_three):
    for address in ("/api/v1/venues/", "/api/v1/dates/", "/en/api/v1/nowhere/"):
        client.get(address)
    assert client.get("/api/v1/").status_code == 429
    assert client.get("/api/v1/", REMOTE_ADDR="203.0.113.9").status_code == 200
    assert client.get("/kurs/").status_code == 200


def test_nothing_new_costs_nothing(client, at_most_three):
    known = {"If-None-Match": client.get("/api/v1/venues/").headers["ETag"]}
    for _ in range(9):
        assert client.get("/api/v1/venues/", headers=known).status_code == 304
    assert ask_until_stopped(client, "/api/v1/venues/")[0] == 2


def test_an_answer_that_had_to_be_made_costs_even_if_it_is_not_sent(client, at_most_three):
    statuses = [
        client.get(f"/api/v1/dates/?q=drage{n}", headers={"If-None-Match": "*"}).status_code
        for n in range(4)
    ]
    assert statuses == [304, 304, 304, 429]


def test_of_who_asks_no_address_is_kept(client, at_most_three):
    client.get("/api/v1/venues/", REMOTE_ADDR="203.0.113.77")
    kept = repr(cache._cache)  # all that the cache of the tests holds
    assert "asked:" in kept
    assert "203.0.113" not in kept


# --- When something is wrong --------------------------------------------------------------------

WRONG = [
    ("/api/v1/dates/?place=/", 400, "bad-choice", "«/» er ikke et valg under «Sted»."),
    ("/api/v1/dates/?since=i+dag", 400, "bad-choice", "«i dag» er ikke et valg under «Fra»."),
    ("/api/v1/dates/?plase=oslo", 400, "bad-parameter", "«plase» er ikke noe denne adressen tar"),
    ("/api/v1/dates/?page=0", 400, "bad-parameter", "«page» er et heltall fra 1 til 999999."),
    ("/api/v1/dates/?page=", 400, "bad-parameter", "«page» er et heltall"),
    ("/api/v1/dates/?page=1&page=2", 400, "bad-parameter", "«page» står der mer enn én gang."),
    ("/api/v1/dates/?per_page=101", 400, "bad-parameter", "«per_page» er et heltall fra 1 til 100"),
    ("/api/v1/courses/?sort=price", 400, "bad-parameter", "«sort» utelates eller er en av disse"),
    ("/api/v1/dates/?sort=date", 400, "bad-parameter", "«sort» er ikke noe"),
    ("/api/v1/courses/5/?q=x", 400, "bad-parameter", "«q» er ikke noe"),
    ("/api/v1/dates/?page=2", 404, "no-such-page", "Det finnes ingen side 2: Den siste er 1."),
    ("/api/v1/dates/9/", 404, "not-found", "Det finnes ingen dato med id 9."),
    ("/api/v1/nowhere/", 404, "not-found", f"Det som finnes, står på {SITE}/api/v1/."),
    ("/api/v2/dates/", 404, "not-found", "Det er ingenting på denne adressen."),
    ("/api/", 404, "not-found", "Det er ingenting på denne adressen."),
    ("/en/api/v1/dates/?page=x", 400, "bad-parameter", "“page” is a whole number from 1 to"),
    ("/en/api/v1/courses/9/", 404, "not-found", "There is no course with the id 9."),
]


@pytest.mark.parametrize(("address", "status", "kind", "sentence"), WRONG)
def test_what_is_wrong_is_said_in_a_sentence(client, address, status, kind, sentence):
    answer = client.get(address)
    told = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
    assert told.keys() == {"type", "title", "status", "detail"}
    assert told["status"] == status
    assert told["type"] == f"{SITE}/apne-data/#{kind}"  # the same in every language
    assert sentence in told["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/api/v1/dates/", "/api/v1/nowhere/"])
def test_nobody_writes_here(client, method, address):
    client.handler.enforce_csrf_checks = True
    answer = getattr(client, method)(address)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json()["type"].endswith("#wrong-method")


def test_an_address_without_its_last_slash_leads_to_the_right_one(client):
    for address in ("/api/v1", "/api/v1/dates", "/en/api/v1/courses/5"):
        moved = client.get(f"{address}?per_page=2")
        assert (moved.status_code, moved.url) == (301, f"{address}/?per_page=2")


HOSTILE = [
    "\x00",
    "x" * 5000,
    "²",
    "1e9",
    "-1",
    "9" * 400,
    "<script>",
    "🦄",
    "' OR 1=1 --",
    "%",
    " ",
]


@pytest.mark.parametrize("name", ["q", "category", "place", "month", "since", "page", "per_page"])
def test_strange_values_get_a_clear_answer(client, name):
    make_course()
    for value in HOSTILE:
        answer = client.get(f"/api/v1/courses/?{urlencode({name: value})}")
        assert answer.status_code in {200, 400}, value
        assert answer.json()
    for query in (
        f"{name}=%ff%fe",
        f"{name}=%00&{name}=%00",
        f"{name}&{name}=",
        "&".join([name] * 90),
    ):
        assert client.get(f"/api/v1/courses/?{query}").status_code in {200, 400}, query


@pytest.mark.parametrize("path", ["%00", "%ff", "1%0a2", "x" * 3000, "..%2f..", "9" * 5000 + "/"])
def test_strange_addresses_get_a_clear_answer(client, path):
    assert client.get(f"/api/v1/dates/{path}").status_code == 404


def test_each_kind_of_problem_is_explained_on_the_page_about_open_data(client):
    page = client.get(reverse("public_data")).content.decode()
    for kind in KINDS:
        assert f'<div id="{kind}">' in page


# --- Nothing that is for some only --------------------------------------------------------------


def test_no_answer_holds_anything_personal_or_meant_for_few(client, whole_school, settings):
    """Of the whole simulated school, with all that Frontcore tells of it."""
    settings.LIMIT_DATA_ADDRESS_MIN = 10_000
    run()
    CourseDate.objects.filter(event_url="").update(event_url="https://meet.example/one")
    told = ""
    for operation in operations():
        if operation.takes:
            told += json.dumps(items(client, reverse(operation.name), 100), ensure_ascii=False)
    for name in ("courses", "dates"):
        for item in items(client, f"/api/v1/{name}/", 100)[::7]:
            told += client.get(item["api_url"]).content.decode()
    assert len(told) > 200_000
    secret = set(CourseDate.objects.values_list("event_url", flat=True))
    secret |= set(CourseDate.objects.exclude(reference="").values_list("reference", flat=True))
    assert len(secret) > 1
    hidden = CourseDate.objects.filter(public=False).values_list("remote_id", flat=True)
    assert hidden
    for one in secret:
        assert one not in told
    for one in hidden:
        assert f'/dates/{one}/"' not in told
    for word in ("event_url", "reference", "email", "phone", "is_visible", "content_hash", "meet."):
        assert word not in told
    assert "@" not in told


def test_a_single_answer_holds_what_staff_wrote_and_no_more(client):
    course = make_course(remote_id=5, email_more_info="anne@school.example", reference="INTERN")
    make_date(course, remote_id=7, event_url="https://meet.example/secret", reference="HEMMELIG")
    for address in ("/api/v1/courses/5/", "/api/v1/dates/7/", "/api/v1/dates/"):
        told = client.get(address).content.decode()
        for word in ("anne@", "INTERN", "HEMMELIG", "meet.example"):
            assert word not in told
