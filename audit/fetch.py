"""Asks for one address as a browser would, and never follows where it is sent on."""

import threading
import time
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin

import requests
from urllib3.exceptions import HTTPError

AGENT = "audit_site/1.0 (+the site's own audit)"
ASKED_WITH = {
    "User-Agent": AGENT,
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
}
CONNECT_S, READ_S, WHOLE_S = 5, 30, 60
MOST_BYTES = 5_000_000  # of one answer; the rest is left on the wire
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Answer:
    """What came back. A status of 0 means that nothing did; `error` then says why."""

    address: str
    status: int = 0
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    transferred: int = 0  # bytes of the body as they came over the wire
    cookies: tuple = ()  # what it asked to keep, as it was said
    error: str = ""

    @property
    def kind(self):
        """The media type, without its parameters."""
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()

    @property
    def is_page(self):
        return self.kind in {"text/html", "application/xhtml+xml"}

    @property
    def leads_to(self):
        """The address it redirects to; empty where it does not."""
        if self.status not in REDIRECTS:
            return ""
        return urljoin(self.address, self.headers.get("Location", ""))


class Fetch:
    """fetch(address) → Answer, from any thread; keeps no cookie between two of them."""

    def __init__(self):
        self.of_thread = threading.local()

    @property
    def session(self):
        if not hasattr(self.of_thread, "session"):
            session = requests.Session()
            session.headers.update(ASKED_WITH)
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            self.of_thread.session = session
        return self.of_thread.session

    def __call__(self, address):
        try:
            with self.session.get(
                address, allow_redirects=False, timeout=(CONNECT_S, READ_S), stream=True
            ) as response:
                return Answer(
                    address,
                    response.status_code,
                    response.headers,
                    read(response.raw),
                    response.raw.tell(),
                    tuple(response.raw.headers.getlist("Set-Cookie")),
                )
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            return Answer(address, error=in_words(error))


def read(raw):
    """The body, or what there was of it when enough had come or time was up: some never end."""
    found, deadline = bytearray(), time.monotonic() + WHOLE_S
    while len(found) < MOST_BYTES and time.monotonic() < deadline:
        if not (piece := raw.read1(65_536, decode_content=True)):
            break
        found += piece
    return bytes(found)


def in_words(error):
    """Why there was no answer, without an object's address in it."""
    if isinstance(error, requests.Timeout):
        return f"no answer within {READ_S} s"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return type(error).__name__
