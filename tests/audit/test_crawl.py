"""The audit asks only for what does no harm, and comes to an end on any site."""

import socket

import pytest

from audit.addresses import shape
from audit.fetch import Answer
from audit.robots import Robots
from tests.audit.small_site import COURSE, Reply, page


@pytest.fixture
def endless(site):
    """A calendar where each month leads to the next, for ever."""

    def month(path):
        if not path.startswith("/kalender/"):
            return None
        number = int(path.split("/")[2])
        link = f'<a href="/kalender/{number + 1}/">Neste</a>'
        return Reply(page(path, f"Måned {number}", f"<h1>{number}</h1>{link}"))

    site.otherwise = month
    site.change("/", "</main>", '<a href="/kalender/1/">Kalender</a></main>')
    return site


def test_it_ends_on_a_calendar_without_end_and_names_it(endless, audit):
    ended = audit(endless.url, "--pages", "60", "--only", "end")
    assert ended.code == 1
    ((kind, path),) = ended.faults
    assert kind == "end"
    assert path.startswith("/kalender/")
    assert len(endless.asked) <= 60 + 1  # and robots.txt


def test_of_states_that_robots_are_kept_away_from_it_takes_a_sample(endless, audit):
    endless.change("/", '<a href="/kalender/1/"', '<a rel="nofollow" href="/kalender/1/"')
    links = "".join(f'<a rel="nofollow" href="/?n={number}">n</a>' for number in range(50))
    endless.change("/", "</main>", f"{links}</main>")
    endless.otherwise = lambda path: endless.replies["/"] if path.startswith("/?n") else None
    ended = audit(endless.url, "--only", "end", "--sample", "5")
    assert ended.code == 0
    assert sum("?n=" in path for _, path in endless.asked) == 5
    assert ended.told["figures"]["left_out"] == 45
    audit(endless.url, "--only", "end", "--sample", "0")
    assert sum("?n=" in path for _, path in endless.asked) == 5 + 50


def test_a_large_site_may_be_looked_at_by_some_pages_of_each_kind(endless, audit):
    ended = audit(endless.url, "--each", "3")
    assert sum("/kalender/" in path for _, path in endless.asked) == 3
    assert ended.told["left_out"] == [f"{endless.url}/kalender/4/"]
    assert {kind for kind, _ in ended.faults} == {"sitemaps"}, "they stand in none"


def test_it_asks_for_nothing_twice_and_sends_nothing(site, audit):
    audit(site.url)
    assert {method for method, _ in site.asked} == {"GET"}
    assert len(site.asked) == len(set(site.asked))
    assert ("GET", "/booking/ny/2/") in site.asked


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/x/", "/logout/", "/konto/logg-ut/", "/log-out"]
)
def test_it_stays_away_from_the_admin_and_logs_nobody_out(site, audit, path):
    site.change("/", "</main>", f'<a href="{path}">Gå</a></main>')
    ended = audit(site.url)
    assert ended.code == 0
    assert ("GET", path) not in site.asked


def test_other_sites_are_listed_and_not_asked(site, audit):
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"http://127.0.0.1:{other.getsockname()[1]}/"
        site.change("/", "https://kart.example/", address)
        ended = audit(site.url)
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.accept()
    assert ended.told["external"] == [address]


def test_it_looks_at_a_site_that_is_closed_to_robots_all_the_same(site, audit):
    site.replies["/robots.txt"].body = "User-agent: *\nDisallow: /\nSitemap: SITE/sitemap.xml\n"
    for reply in site.replies.values():
        reply.headers["X-Robots-Tag"] = "noindex"
    ended = audit(site.url)
    assert ended.code == 0
    assert "Closed to robots" in ended.said
    assert ended.told["figures"]["pages"] == 5
    site.change("/en/", 'name="description"', 'name="nothing"')
    assert audit(site.url).faults == {("descriptions", "/en/")}


def test_a_chain_of_redirects_is_counted_and_a_circle_ends(site, audit):
    for path, there in (("/a/", "/b/"), ("/b/", COURSE), ("/o/", "/o/")):
        site.replies[path] = Reply("", site.replies["/a.png"].headers | {"Location": there}, 302)
    site.change("/", "</main>", '<a href="/a/">A</a><a href="/o/">O</a></main>')
    ended = audit(site.url)
    assert ended.faults == {("redirects", "/"), ("links", "/")}
    assert "/a/, which is redirected 2 times" in ended.said


def test_a_page_that_is_no_page_is_a_fault_and_no_traceback(site, audit):
    site.change(COURSE, '"price": 6900', '"price": {"a": 1}')
    site.replies["/en/"].body = b"\x00\xff<html><a href='http://[::1'>\xf0"
    ended = audit(site.url)
    assert ended.code == 1
    assert {("prices", COURSE), ("characters", "/en/")} <= ended.faults


def test_an_answer_without_end_is_left(site, audit, monkeypatch):
    monkeypatch.setattr("audit.fetch.MOST_BYTES", 1_000)
    site.replies["/a.png"].body = b"x" * 3_000_000
    assert audit(site.url, "--only", "links").code == 0


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://a/kurs/12-truck/dato/7/", "/kurs/#/dato/#/"),
        ("http://a/kurs/12.ics", "/kurs/#.ics"),
        ("http://a/kalender/2026/12/", "/kalender/#/#/"),
        ("http://a/?q=x&form=online", "/?form&q"),
        ("http://a/media/ab12.png", "/media/ab12.png"),
    ],
)
def test_addresses_of_a_kind_have_one_shape(address, expected):
    assert shape(address) == expected


def test_robots_txt_is_read_as_robots_read_it():
    body = (
        b"User-agent: x\nDisallow: /\n\nUser-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*?q=\n"
    )
    robots = Robots.of(Answer("http://a/robots.txt", 200, body=body))
    asked = {path: robots.allow(f"http://a{path}") for path in ("/", "/a", "/a/b", "/c?q=1")}
    assert asked == {"/": True, "/a": False, "/a/b": True, "/c?q=1": False}
    assert not robots.is_closed
