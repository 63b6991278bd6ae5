"""A small site without a fault, as a dictionary of answers, and a web server that gives them."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML, SAFE = "text/html; charset=utf-8", {"X-Content-Type-Options": "nosniff"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
OF_PAGES = SAFE | {
    "Content-Type": HTML,
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
}
COURSE, DATE = "/kurs/1-truck/", "/kurs/1-truck/dato/2/"


@dataclass
class Reply:
    body: str | bytes
    headers: dict = field(default_factory=lambda: dict(OF_PAGES))
    status: int = 200


def page(path, title, body, *, language="nb", canonical=None, head=""):
    """`SITE` stands for the address of the server."""
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<title>{title}</title><meta name="description" content="Om {title}, {path}">
<link rel="canonical" href="SITE{canonical or path}">{head}
<meta property="og:title" content="{title}"><meta property="og:image" content="SITE/a.png">
<meta property="og:url" content="SITE{canonical or path}">
<link rel="stylesheet" href="/site.css"><script src="/site.js" defer></script></head>
<body><nav aria-label="Meny"><a href="/">Alle kurs</a> <a href="/en/">English</a></nav>
<main id="content">{body}</main></body></html>"""


def structured(*graph):
    said = {"@context": "https://schema.org", "@graph": graph}
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


LANGUAGES = "".join(
    f'<link rel="alternate" hreflang="{code}" href="SITE{path}">'
    for code, path in (("nb", "/"), ("en", "/en/"))
)
FEED = '<link rel="alternate" type="application/atom+xml" href="/nytt.atom" title="Nytt">'
LIST = {
    "@type": "ItemList",
    "itemListElement": [{"@type": "ListItem", "position": 1, "url": f"SITE{COURSE}"}],
}
EVENT = {
    "@type": "Event",
    "name": "Truck",
    "url": f"SITE{DATE}",
    "startDate": "2027-01-18T09:00:00+01:00",
    "endDate": "2027-01-20",
    "eventStatus": "https://schema.org/EventScheduled",
    "location": {"@type": "Place", "name": "Drammen"},
    "performer": [{"@type": "Person", "name": "Ingrid Solbakken"}],
    "offers": {
        "@type": "Offer",
        "price": 6900,
        "priceCurrency": "NOK",
        "availability": "https://schema.org/InStock",
    },
}
CRUMBS = {
    "@type": "BreadcrumbList",
    "itemListElement": [
        {"@type": "ListItem", "position": 1, "name": "Kurs", "item": "SITE/"},
        {"@type": "ListItem", "position": 2, "name": "Truck", "item": f"SITE{COURSE}"},
    ],
}
WHEN = (
    '<time datetime="2027-01-18T09:00:00+01:00">18. jan.</time> – <time datetime="2027-01-20">'
    "20. jan.</time>, Drammen, Ingrid Solbakken. <span>6 900 kr</span> <span>Ledige plasser</span>"
)


def sound():
    """{path: Reply} of a site without a fault."""
    course = {"@type": "Course", "name": "Truck", "url": f"SITE{COURSE}"}
    pages = {
        "/": page(
            "/",
            "Kurs",
            '<h1>Kurs</h1><img src="/a.png" alt="Fjell"><ul><li>'
            f'<a href="{COURSE}#datoer">Truck</a></li></ul>'
            '<form action="/"><label for="q">Søk</label><input id="q" name="q">'
            '<button>Finn</button></form><a href="https://kart.example/">Kart</a> '
            '<a href="/kurs.ics">Kalender</a> <a href="/api/">Data</a>',
            head=LANGUAGES + FEED + structured(LIST),
        ),
        "/en/": page("/en/", "Courses", "<h1>Courses</h1>", language="en", head=LANGUAGES),
        COURSE: page(
            COURSE,
            "Truck",
            '<nav class="crumbs" aria-label="Du er her"><a href="/">Kurs</a></nav><h1>Truck</h1>'
            f'<h2 id="datoer">Datoer</h2><ul><li><a href="{DATE}">Truck</a> {WHEN} '
            '<a href="/booking/ny/2/" rel="nofollow">Meld på</a></li></ul>',
            head=structured(course | {"hasCourseInstance": [EVENT]}, CRUMBS),
        ),
        DATE: page(
            DATE, "Truck", f"<h1>Truck</h1><p>{WHEN}</p>", canonical=COURSE, head=structured(EVENT)
        ),
        "/booking/ny/2/": page(
            "/booking/ny/2/",
            "Meld på",
            '<h1>Meld på</h1><form method="post"><label>Navn <input name="n"></label>'
            "<button>Send</button></form>",
            head='<meta name="robots" content="noindex">',
        ),
    }
    site = {path: Reply(body) for path, body in pages.items()}
    site["/booking/ny/2/"].headers["Set-Cookie"] = "csrftoken=x; Path=/; SameSite=Lax"
    return site | files()


def files():
    """What lies beside the pages."""
    entries = "".join(
        f"<url><loc>SITE{path}</loc><lastmod>2026-11-01</lastmod></url>"
        for path in ("/", "/en/", COURSE)
    )
    found = {
        "/robots.txt": (
            "text/plain",
            "User-agent: *\nDisallow: /booking/\nSitemap: SITE/sitemap.xml\n",
        ),
        "/sitemap.xml": (
            "application/xml",
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>',
        ),
        "/site.css": ("text/css", "main { background: url(/a.png) }"),
        "/site.js": ("text/javascript", "'use strict';"),
        "/a.png": ("image/png", "not looked into"),
        "/nytt.atom": (
            "application/atom+xml",
            '<feed xmlns="http://www.w3.org/2005/Atom"><id>x:f</id><title>Nytt</title>'
            "<updated>2026-11-01T00:00:00Z</updated><entry><id>x:1</id><title>Truck</title>"
            "<updated>2026-11-01T00:00:00Z</updated></entry></feed>",
        ),
        "/kurs.ics": (
            "text/calendar",
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@x\r\n"
            "DTSTAMP:20261101T000000Z\r\nDTSTART:20270118T080000Z\r\nEND:VEVENT\r\n"
            "END:VCALENDAR\r\n",
        ),
        "/api/": ("application/json", '{"openapi": "3.1.0", "paths": {"/kurs": {}}}'),
    }
    return {
        path: Reply(body, SAFE | {"Content-Type": kind}) for path, (kind, body) in found.items()
    }


class SmallSite:
    """Its `replies` may be changed before it is audited; `asked` is what came in, in order. What
    it does not know, `otherwise(path)` may answer; else it is not there."""

    def __init__(self):
        self.replies, self.asked = sound(), []
        self.otherwise = lambda path: None
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.answer(self)

            def do_POST(self):
                site.asked.append(("POST", self.path))

            def version_string(self):
                return site.server_name

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 64

        self.server_name = "small"
        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    def answer(self, request):
        self.asked.append(("GET", request.path))
        reply = self.replies.get(request.path) or self.otherwise(request.path)
        reply = reply or Reply(page("/404", "Borte", "<h1>Borte</h1>"), status=404)
        body = reply.body.replace("SITE", self.url) if isinstance(reply.body, str) else reply.body
        body = body.encode() if isinstance(body, str) else body
        request.send_response(reply.status)
        for name, value in (reply.headers | {"Content-Length": str(len(body))}).items():
            request.send_header(name, value.replace("SITE", self.url))
        request.end_headers()
        request.wfile.write(body)

    def change(self, path, old, new):
        """Spoil what a page says."""
        assert old in self.replies[path].body, old
        self.replies[path].body = self.replies[path].body.replace(old, new)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
