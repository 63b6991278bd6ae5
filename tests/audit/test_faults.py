"""One fault of each kind, seeded into a small site without any: the audit names it and its page,
and nothing else."""

import pytest

from audit import checks  # noqa: F401
from audit.fetch import Answer
from audit.page import Page
from audit.registry import CHECKS
from tests.audit.small_site import COURSE, DATE, OF_PAGES, SAFE, Reply, page

FORM = "/booking/ny/2/"


def with_header(path, name, value):
    return lambda site: site.replies[path].headers.update({name: value})


def without_header(path, name):
    return lambda site: site.replies[path].headers.pop(name)


def changed(path, old, new):
    return lambda site: site.change(path, old, new)


def answered(path, reply):
    return lambda site: site.replies.__setitem__(path, reply)


def added(path, body, in_sitemap=True, **headers):
    """One more page, linked from the front page, with a canonical address of its own."""

    def add(site):
        site.replies[path] = Reply(body, dict(OF_PAGES) | headers)
        site.change("/", "</main>", f'<a href="{path}">Mer</a></main>')
        if in_sitemap:
            site.change("/sitemap.xml", "</urlset>", f"<url><loc>SITE{path}</loc></url></urlset>")

    return add


def soft_404(site):
    site.otherwise = lambda path: Reply(page(path, "Borte", "<h1>Borte</h1>"))


MOVED = Reply("", SAFE | {"Location": COURSE}, 301)
NO_POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self'; "
NO_POLICY += "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
FRAMED = OF_PAGES["Content-Security-Policy"].replace(
    "frame-ancestors 'none'", "frame-ancestors https:"
)
FOUR = page("/b/", "Mer", "<h1>Mer</h1>")
H1 = "<h1>Truck</h1>"
CARD = '<meta property="og:image" content="SITE/borte.png">'
NEAR = '<link rel="preconnect" href="//cdn.example">'

SEEDED = [  # (kind, the page that is named, what is done to the site)
    ("errors", "/api/", answered("/api/", Reply("<h1>Oops</h1>", status=500))),
    ("errors", "/b/", added("/b/", FOUR.replace("Mer</h1>", "Traceback (most recent call last)"))),
    ("characters", COURSE, changed(COURSE, H1, f"{H1}<p>FÃ¸rste</p>")),
    ("characters", COURSE, lambda site: latin(site)),
    ("leftovers", COURSE, changed(COURSE, H1, f"{H1}<p>%(number)s igjen</p>")),
    ("leftovers", COURSE, changed(COURSE, H1, f"{H1}<p>{{{{ title }}}}</p>")),
    ("leftovers", COURSE, changed(COURSE, H1, f"{H1}<p>None</p>")),
    ("not-found", "/audit-no-such-page/", soft_404),
    ("links", COURSE, changed(COURSE, H1, f'{H1}<a href="/borte/">Borte</a>')),
    ("links", "/", lambda site: site.replies.pop("/a.png")),
    ("links", "/", lambda site: site.replies.pop("/kurs.ics")),
    ("links", DATE, changed(DATE, "<title>", f"{CARD}<title>")),
    ("redirects", COURSE, changed(COURSE, H1, f'{H1}<a href="/kurs/1/">Truck</a>')),
    ("anchors", "/", changed(COURSE, ' id="datoer"', "")),
    ("empty-links", COURSE, changed(COURSE, H1, f'{H1}<a href="{DATE}"></a>')),
    ("empty-links", COURSE, changed(COURSE, H1, f'{H1}<a href="#">Her</a>')),
    ("titles", COURSE, changed(COURSE, "<title>Truck</title>", "<title></title>")),
    ("titles", "/b/", added("/b/", FOUR.replace("<title>Mer", "<title>Truck"))),
    ("descriptions", "/en/", changed("/en/", 'name="description"', 'name="nothing"')),
    ("descriptions", "/b/", added("/b/", FOUR.replace("Om Mer, /b/", f"Om Truck, {COURSE}"))),
    ("canonical", "/", changed("/", '<link rel="canonical" href="SITE/">', "")),
    ("canonical", DATE, changed(DATE, f'href="SITE{COURSE}">', f'href="{COURSE}">')),
    ("canonical", DATE, changed(DATE, f'"SITE{COURSE}">', '"https://annen.example/">')),
    ("canonical", "/b/", added("/b/", FOUR.replace("SITE/b/", f"SITE{DATE}"), in_sitemap=False)),
    ("cards", DATE, changed(DATE, f'content="SITE{COURSE}"', f'content="SITE{DATE}"')),
    ("cards", "/", changed("/", 'content="SITE/a.png"', 'content="/a.png"')),
    ("language", "/en/", with_header("/en/", "Content-Language", "nb")),
    ("language", COURSE, changed(COURSE, 'lang="nb"', "")),
    ("hreflang", "/", changed("/en/", 'nb" href="SITE/"', f'nb" href="SITE{COURSE}"')),
    ("structured-data", DATE, changed(DATE, '"@context":', '"@context"')),
    ("structured-data", DATE, changed(DATE, ', "priceCurrency": "NOK"', "")),
    ("names", DATE, changed(DATE, '"Ingrid Solbakken"', '"Per Hansen"')),
    ("names", DATE, changed(DATE, '"Event", "name": "Truck"', '"Event", "name": "Drammen"')),
    ("names", COURSE, changed(COURSE, f'"url": "SITE{DATE}"', '"url": "SITE/kurs/9/"')),
    ("dates", COURSE, changed(COURSE, 'Date": "2027-01-18T09', 'Date": "2027-01-18T10')),
    ("dates", DATE, changed(DATE, '"endDate": "2027-01-20"', '"endDate": "2027-01-21"')),
    ("prices", DATE, changed(DATE, '"price": 6900', '"price": 7900')),
    ("states", COURSE, changed(COURSE, "EventScheduled", "EventCancelled")),
    ("states", COURSE, changed(COURSE, "Ledige plasser", "Avlyst")),
    ("states", DATE, changed(DATE, "InStock", "SoldOut")),
    ("states", DATE, changed(DATE, "Ledige plasser", "Fullt, venteliste")),
    ("crumbs", COURSE, changed(COURSE, '"name": "Kurs"', '"name": "Courses"')),
    ("lists", "/", changed("/", f'"url": "SITE{COURSE}"', f'"url": "SITE{DATE}"')),
    ("sitemaps", "/sitemap.xml", changed("/sitemap.xml", COURSE, "/borte/")),
    ("sitemaps", "/sitemap.xml", changed("/sitemap.xml", COURSE, DATE)),
    ("sitemaps", "/sitemap.xml", with_header("/en/", "X-Robots-Tag", "noindex")),
    ("sitemaps", "/b/", added("/b/", FOUR, in_sitemap=False)),
    ("labels", FORM, changed(FORM, "<label>Navn <input", "<label><input")),
    ("labels", FORM, changed(FORM, "Send</button>", "</button>")),
    ("labels", COURSE, changed(COURSE, H1, f'{H1}<iframe src="/en/"></iframe>')),
    ("alternatives", "/", changed("/", ' alt="Fjell"', "")),
    ("headings", "/en/", changed("/en/", "<h1>Courses</h1>", "<p>Courses</p>")),
    ("headings", COURSE, changed(COURSE, H1, f"{H1}{H1}")),
    ("headings", "/en/", changed("/en/", "</h1>", "</h1><h3>In short</h3>")),
    ("ids", COURSE, changed(COURSE, H1, f'{H1}<p id="content"></p>')),
    ("third-parties", COURSE, changed(COURSE, H1, f'{H1}<img alt="" src="https://cdn.example/a">')),
    ("third-parties", COURSE, changed(COURSE, "<title>", f"{NEAR}<title>")),
    ("third-parties", FORM, changed(FORM, "<form", '<form action="//cdn.example/"')),
    ("styles", "/site.css", changed("/site.css", "/a.png", "https://fonts.example/a.woff2")),
    ("policy", COURSE, with_header(COURSE, "Content-Security-Policy", NO_POLICY)),
    ("frames", FORM, with_header(FORM, "Content-Security-Policy", FRAMED)),
    ("sniffing", "/site.css", without_header("/site.css", "X-Content-Type-Options")),
    ("referrer", DATE, without_header(DATE, "Referrer-Policy")),
    ("cookies", "/en/", with_header("/en/", "Set-Cookie", "seen=1; SameSite=Lax")),
    ("cookies", FORM, with_header(FORM, "Set-Cookie", "csrftoken=1")),
    ("versions", "/api/", with_header("/api/", "X-Powered-By", "PHP/8.3")),
    ("weight", "/b/", added("/b/", FOUR.replace("</h1>", "</h1>" + "<p>Mye</p>" * 5000))),
    ("calendars", "/kurs.ics", changed("/kurs.ics", "UID:1@x\r\n", "")),
    ("calendars", "/kurs.ics", changed("/kurs.ics", "END:VCALENDAR\r\n", "")),
    ("news", "/nytt.atom", changed("/nytt.atom", "<id>x:1</id>", "")),
    ("news", "/nytt.atom", changed("/nytt.atom", "</feed>", "")),
    ("data", "/api/", changed("/api/", "{", "[")),
    ("file-types", "/", with_header("/nytt.atom", "Content-Type", "text/plain")),
]  # fmt: skip


def latin(site):
    reply = site.replies[COURSE]
    reply.body = reply.body.replace("SITE", site.url).replace(H1, f"{H1}<p>Ø</p>").encode("cp1252")


def test_the_site_without_a_fault_has_none(site, audit):
    ended = audit(site.url)
    assert ended.told["faults"] == []
    assert ended.code == 0
    assert "No faults." in ended.said


@pytest.mark.parametrize(
    ("kind", "path", "spoil"), SEEDED, ids=[f"{n}-{one[0]}" for n, one in enumerate(SEEDED)]
)
def test_a_seeded_fault_is_named(site, audit, kind, path, spoil):
    if kind == "redirects":
        site.replies["/kurs/1/"] = MOVED
    spoil(site)
    ended = audit(site.url)
    assert (kind, path) in ended.faults
    assert {found for found, _ in ended.faults} == {kind}, ended.said
    assert ended.code == 1
    assert f"{site.url}{path}" in ended.said


OVER_HTTPS = [
    ("transport", {}, "", True),
    ("transport", {"Strict-Transport-Security": "max-age=600"}, "", True),
    ("transport", {"Strict-Transport-Security": "max-age=31536000"}, "", False),
    ("mixed", {}, '<img alt="" src="http://kurs.example/a.png">', True),
    ("mixed", {}, '<img alt="" src="/a.png">', False),
    ("cookies", {}, '<form method="post"></form>', True),
]


@pytest.mark.parametrize(("kind", "headers", "body", "is_wrong"), OVER_HTTPS)
def test_what_must_be_so_over_https(kind, headers, body, is_wrong):
    given = OF_PAGES | headers
    answer = Answer(
        "https://kurs.example/", 200, given, body.encode(), cookies=("a=1; SameSite=Lax",)
    )
    check = CHECKS[kind]
    assert bool([*check.find(Page(answer) if check.subject == "page" else answer)]) == is_wrong


def test_no_kind_is_left_unseeded():
    seeded = {kind for kind, *_ in [*SEEDED, *OVER_HTTPS]}
    assert seeded | {"end"} == set(CHECKS)  # for the end: test_crawl.py
