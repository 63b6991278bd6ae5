"""A visitor with a browser without script: reads the page's form, fills it in, presses buttons.

`get` and `post` are given: Django's own test client within a process, `requests` over HTTP.
"""

import re
from html import unescape
from html.parser import HTMLParser

RECEIPT = re.compile(r"/booking/[0-9a-f]{20,}/")


class Form(HTMLParser):
    """What a browser would send of the booking form of a page, and its buttons."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields, self.buttons = None, {}, []
        self._inside, self._select, self._area = False, None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._inside = "class" in given and "form" in given["class"].split()
            if self._inside:
                self.action = given.get("action", "")
        if not self._inside:
            return
        name = given.get("name")
        if tag == "button" and name:
            self.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name:
            is_choice = given.get("type") in ("checkbox", "radio")
            if not is_choice or "checked" in given:
                self.fields[name] = given.get("value", "on" if is_choice else "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in self.fields:
                self.fields[self._select] = given.get("value", "")
        elif tag == "textarea" and name:
            self._area, self.fields[name] = name, ""

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area:
            self.fields[self._area] += data


def visible(page):
    """The words of a page, as they are read."""
    page = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", page)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


class Visitor:
    """`fetch(method, address, data)` answers (address of the page shown in the end, its HTML)."""

    def __init__(self, fetch):
        self.fetch = fetch
        self.address, self.page = "", ""
        self.sent = None

    def open(self, address):
        self.address, self.page = self.fetch("GET", address, None)
        return self

    @property
    def form(self):
        return Form(self.page)

    @property
    def may_book(self):
        return ("action", "send") in self.form.buttons

    @property
    def receipt(self):
        """The secret address of the booking, if its own page is what is shown."""
        return self.address if RECEIPT.fullmatch(self.address) else None

    def filled(self, action, **typed):
        """What that button would send."""
        form = self.form
        return form.action or self.address, form.fields | typed | {"action": action}

    def press(self, action, **typed):
        self.sent = self.filled(action, **typed)
        return self.press_again()

    def press_again(self):
        self.address, self.page = self.fetch("POST", *self.sent)
        return self

    def book(self, typed):
        """Look at the price, and book if the page allows it. The receipt's address, or None."""
        self.press("preview", **typed)
        for _ in range(2):  # once more where something has changed meanwhile
            if not self.may_book:
                return None
            self.press("send", accept_terms="on")
            if self.receipt:
                return self.receipt
        return None

    @property
    def heading(self):
        found = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", self.page)
        return visible(found[1]) if found else ""


def with_test_client(client):
    """A `fetch` through Django's test client."""

    def fetch(method, address, data):
        answer = client.post(address, data) if method == "POST" else client.get(address)
        while answer.status_code in (301, 302, 303):
            address = answer["Location"].split("#")[0]
            answer = client.get(address)
        return address, answer.content.decode()

    return fetch


def with_requests(session, root):
    """A `fetch` over HTTP. 500 and above is an error."""

    def fetch(method, address, data):
        address = address.removeprefix(root)
        answer = session.request(method, root + address, data=data, timeout=600)
        assert answer.status_code < 500, f"{answer.status_code} for {method}"
        return answer.url.removeprefix(root), answer.text

    return fetch
