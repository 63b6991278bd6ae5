"""A visitor in front of the form, with the simulator behind the site."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from booking import codes, tasks
from booking.forms import Entry
from booking.models import Booking, Draft, new_form_token
from booking.preview import price_of
from booking.receiving import receive
from catalog.models import CourseDate, Terms
from catalog.upstream import open_frontcore
from tests.booking.copies import copied
from tests.factories import make_provider, make_terms

ASCII = str.maketrans("æøå", "eoa")
NAMES = {
    "buyer": "company",
    "booker_firstname": "Kari",
    "booker_lastname": "Fjeld",
    "booker_email": "kari@bygg.example",
    "booker_phone": "41 20 00 00",
    "company": "Bygg Eksempel AS",
    "company_number": "974 760 673",
    "invoice_reference": "PO-4471",
    "invoice_email": "faktura@bygg.example",
    "invoice_address": "Postboks 12",
    "invoice_zipcode": "0155",
    "invoice_city": "Oslo",
}


def people(*names):
    """The fields of so many rows: ("Ola Hansen", "Åse Ørn") …"""
    fields = {}
    for number, name in enumerate(names):
        first, last = name.split()
        fields |= {
            f"participant-{number}-firstname": first,
            f"participant-{number}-lastname": last,
            f"participant-{number}-email": f"{first.lower().translate(ASCII)}@bygg.example",
        }
    return fields


def filled(*names, **changes):
    """A form as a secretary fills it in."""
    return NAMES | people(*(names or ("Ola Hansen", "Åse Ørn"))) | changes


class Visitor:
    """Somebody with a browser, who sees pages and presses buttons."""

    def __init__(self, client, coursedate, language="nb", booking=None):
        self.client = client
        self.coursedate = coursedate
        with translation.override(language):
            self.address = reverse("book", args=[coursedate.remote_id])
            receipt = booking and reverse("receipt", args=[booking.link_token])
        self.location = receipt or self.address
        self.page = None if booking else client.get(self.address)

    @property
    def text(self):
        return unescape(self.page.content.decode())

    @property
    def token(self):
        return self.page.context["token"]

    @property
    def entry(self):
        return self.page.context["entry"]

    @property
    def codes(self):
        return self.entry.codes()

    def typed(self):
        """What stands in the fields of the page, by name, as a browser would send it."""
        fields = {}
        for form in self.entry.forms:
            for field in form:
                value = field.value()
                if value not in (None, "", False) and not field.is_hidden:
                    fields[field.html_name] = str(value)
        return fields

    def press(self, action, fields=None, **more):
        """Send the page's form with one of its buttons, and follow to where it leads."""
        data = self.typed() if fields is None else dict(fields)
        data |= {"form": self.token, "action": action}
        if terms := self.page.context["terms"]:
            data.setdefault("terms", terms.pk)
        self.sent = data | more
        answer = self.client.post(self.address, self.sent)
        return self.follow(answer)

    def follow(self, answer):
        if answer.status_code in (302, 303):
            self.location = answer["Location"]
            answer = self.client.get(self.location.split("#")[0])
        self.page = answer
        return self

    def preview(self, fields=None, **more):
        return self.press("preview", fields, **more)

    def book(self):
        return self.press("send", self.typed() | {"accept_terms": "on"})

    def press_again(self):
        """The second click of a double click, or Back and the button once more."""
        return self.follow(self.client.post(self.address, self.sent))

    def reload(self):
        self.page = self.client.get(self.location.split("#")[0])
        return self

    def link(self, text):
        """The address behind that link of the page."""
        found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>{re.escape(text)}</a>', self.text)
        assert found, f"no link {text!r}"
        return found[1]

    def go(self, address):
        return self.follow(self.client.get(address))


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def provider(db):
    make_terms()
    make_terms(language="en", text="<p>Booking is binding.</p>")
    return make_provider()


@pytest.fixture
def visit(client, simulator, provider):
    """Open the form of one of the simulator's dates."""

    def visit(remote_id=13100001, language="nb"):
        return Visitor(client, copied(remote_id), language)

    return visit


@pytest.fixture
def work():
    """What the worker does for the newest booking (or that one); the booking as it is then."""

    def work(booking=None):
        booking = booking or Booking.objects.latest("pk")
        tasks.send(booking.pk)
        booking.refresh_from_db()
        return booking

    return work


@pytest.fixture
def make_booking(simulator, provider):
    """A booking of a visitor, saved and not yet sent."""

    def make_booking(remote_id=13100001, fields=None, language="nb"):
        return received(copied(remote_id), fields or filled(), language)

    return make_booking


@pytest.fixture
def booked(client, make_booking):
    """Somebody who has made a booking and may now `reload` its page."""

    def booked(remote_id=13100001, fields=None, language="nb"):
        booking = make_booking(remote_id, fields, language)
        return Visitor(client, booking.coursedate, language, booking)

    return booked


def received(coursedate, fields, language="nb"):
    """What the views of the form would have saved of these fields, without the pages."""
    with translation.override(language), open_frontcore() as api:
        entry = Entry(coursedate, Entry.typed_in(fields), judged=True)
        assert entry.is_valid, entry.codes()
        typed = entry.form.cleaned_data
        checked = codes.check(api, coursedate, typed["campaign_code"], typed["voucher_code"])
        assert not checked.objections
        shown = {
            "step": "checked",
            "waiting": coursedate.known_seats.is_full,
            "price": price_of(coursedate, entry.people(), checked),
        }
        terms = Terms.objects.in_force(Terms.Kind.TERMS)
        token = new_form_token(coursedate)
        Draft.objects.keep(token, "a browser", coursedate, entry.typed, shown)
        return receive(entry, token, shown, coursedate, language=language, terms=terms)


@pytest.fixture
def most(settings):
    """Set limits: most(code__site=3)."""

    def most(**numbers):
        for name, number in numbers.items():
            key = tuple(name.split("__"))
            settings.LIMITS = settings.LIMITS | {key: (number, settings.LIMITS[key][1])}

    return most


@pytest.fixture
def confirmed(make_booking, work):
    """A booking of a visitor that Frontcore has confirmed."""
    return work(make_booking(13100003))


@pytest.fixture
def booking(simulator):
    """One that stands in Frontcore and that its visitor may cancel."""
    from tests.booking.standing import cancellable  # it uses what stands in here

    return cancellable()


@pytest.fixture
def page(client, booking):
    """Its own page, with whoever has the link in front of it."""
    from tests.booking.standing import Page

    return Page(client, booking)


def unreachable(settings):
    """Point the site at a port where nobody listens: a connection that is really refused."""
    settings.FRONTCORE = settings.FRONTCORE | {"base_url": "http://127.0.0.1:9/v2"}


def reachable(settings, simulator):
    settings.FRONTCORE = settings.FRONTCORE | {"base_url": simulator.url}


def bookings_sent(simulator):
    return simulator.requests("POST", "/booking")


def date_of(booking):
    return CourseDate.objects.get(pk=booking.coursedate_id)
