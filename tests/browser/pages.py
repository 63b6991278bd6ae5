"""Every page type of the site, and its states, and how a browser gets there. A new one is one line
in PAGES; what stands after a comma is a state of the page before it."""

import re

from django.urls import reverse
from django.utils import translation

from tests.ports import until

BOOKABLE, FULL, CANCELLED, GATHERINGS, WITHDRAWN_DATE = (
    *(13100001, 13100002, 13100004),
    *(13100015, 13100022),
)
HOT_WORK, LEADERS, WITHDRAWN, WITHOUT_DATES, IN_ENGLISH = 90001, 90003, 90041, 90012, 90011
CATEGORY, INSTRUCTOR, VENUE = 11, 3301, 7102

OUTCOMES = {
    "confirmed": "Du er påmeldt",
    "waiting": "Du står på venteliste",
    "uncertain": "Vi vet ikke ennå",
    "refused": "Påmeldingen gikk ikke gjennom",
}


class World:
    """The running site and what has been done on it. Bookings are made when first asked for."""

    def __init__(self, site, simulator, browser):
        self.site, self.simulator, self.browser = site, simulator, browser
        self.receipts = {}

    def receipt(self, stage):
        """The secret token of a booking that stands there."""
        if stage not in self.receipts:
            date, fault = {
                "confirmed": (BOOKABLE, None),
                "waiting": (FULL, None),
                "uncertain": (BOOKABLE, {"fault": "reset"}),
                "refused": (BOOKABLE, {"fault": "error", "code": "coursedate_closed"}),
            }[stage]
            if fault:
                self.simulator.fault("POST", "/booking", **fault)
            self.receipts[stage] = self.book(date, stage)
        return self.receipts[stage]

    def book(self, date, stage):
        """Book for somebody of their own, for the same people twice would be asked about."""
        page = self.browser.new_page(base_url=self.site.url)
        page.goto(address("nb", "book", date))
        fill_in(page, name=stage)
        press(page, "preview")
        page.locator("[name=accept_terms]").check()
        press(page, "send")
        until(lambda: not page.locator("meta[http-equiv=refresh]").count())
        assert page.locator("h1").inner_text() == OUTCOMES[stage]
        token = re.search(r"/booking/([^/]+)/", page.url)[1]
        page.close()
        return token


def address(language, name, *args, query=""):
    with translation.override(language):
        return reverse(name, args=args) + query


def fill_in(page, name="kari"):
    """The fewest answers that the booking form is content with."""
    page.locator("[name=booker_firstname]").fill(name.title())
    page.locator("[name=booker_lastname]").fill("Fjeld")
    page.locator("[name=booker_email]").fill(f"{name}@byggeksempel.no")
    page.locator("[name=booker_phone]").fill("41 20 00 00")
    page.locator("[name=takes_part]").check()
    page.locator("[name=buyer][value=private]").check()


def press(page, action):
    with page.expect_navigation():
        page.locator(f"main form [name=action][value={action}]:visible").last.click()


def at(name, *args, query=""):
    """A page with an address of its own."""

    def go(page, language, world):
        page.goto(address(language, name, *args, query=query))

    return go


def receipt(stage, name="receipt", *args):
    """A page of a booking that stands there."""

    def go(page, language, world):
        page.goto(address(language, name, world.receipt(stage), *args))

    return go


def beyond(name, *args, filled=False, action=None):
    """What a form answers: blank and refused, or filled in and accepted."""

    def go(page, language, world):
        page.goto(address(language, name, *args))
        if filled:
            fill_in(page)
        if action:
            press(page, action)
        else:
            with page.expect_navigation():
                page.locator("main form button:visible").last.click()

    return go


def interest(email=""):
    """What the form for those who want to hear of dates answers."""

    def go(page, language, world):
        page.goto(address(language, "course_interest", WITHOUT_DATES, "x"))
        page.locator("[name=email]").fill(email)
        with page.expect_navigation():
            page.locator("main form button:visible").last.click()

    return go


def typing(page, language, world):
    """Suggestions below the words of a search that is not yet sent."""
    page.goto(address(language, "home"))
    page.locator("#search").press_sequentially("truck")
    page.locator("#suggestions a").first.wait_for()


def choosing(page, language, world):
    """The filters, unfolded where a small screen folds them."""
    page.goto(address(language, "course_list"))
    button = page.locator(".filters-open")
    if button.is_visible():
        button.click()


def nowhere(page, language, world):
    page.goto(address(language, "home") + "no-such-page/")


PAGES = {
    "home": at("home"),
    "home, while typing": typing,
    "course list": at("course_list"),
    "course list, choosing": choosing,
    "course list, filtered": at("course_list", query="?place=oslo&free=1"),
    "course list, searched": at("course_list", query="?q=truk"),
    "course list, empty": at("course_list", query="?q=drage&place=oslo&free=1"),
    "category": at("category", CATEGORY, "x"),
    "calendar": at("calendar"),
    "calendar, empty": at("calendar", query="?q=drage&place=oslo"),
    "calendar grid": at("calendar_grid"),
    "instructors": at("instructor_list"),
    "instructor": at("instructor", INSTRUCTOR, "x"),
    "venues": at("venue_list"),
    "venue": at("venue", VENUE, "x"),
    "course": at("course_by_id", HOT_WORK),
    "course, in English": at("course_by_id", IN_ENGLISH),
    "course, without dates": at("course_by_id", WITHOUT_DATES),
    "course, withdrawn": at("course_by_id", WITHDRAWN),
    "date": at("course_date", HOT_WORK, "x", BOOKABLE),
    "date, with gatherings": at("course_date", LEADERS, "x", GATHERINGS),
    "date, withdrawn": at("course_date", HOT_WORK, "x", WITHDRAWN_DATE),
    "date, full": at("course_date", HOT_WORK, "x", FULL),
    "date, cancelled": at("course_date", HOT_WORK, "x", CANCELLED),
    "terms": at("terms", "terms"),
    "interest": at("course_interest", WITHOUT_DATES, "x"),
    "interest, with errors": interest(),
    "interest, thanks": interest("kari@byggeksempel.no"),
    "interest, stopped": at("interest_stopped"),
    "form": at("book", BOOKABLE),
    "form, of the waiting list": at("book", FULL),
    "form, with errors": beyond("book", BOOKABLE, action="preview"),
    "form, with the price": beyond("book", BOOKABLE, filled=True, action="preview"),
    "form, closed": at("book", CANCELLED),
    "receipt": receipt("confirmed"),
    "receipt, waiting": receipt("waiting"),
    "receipt, uncertain": receipt("uncertain"),
    "receipt, refused": receipt("refused"),
    "cancel": receipt("confirmed", "booking_cancel"),
    "change": receipt("confirmed", "booking_change"),
    "change asked": receipt("confirmed", "booking_change_ask", "other"),
    "links": at("booking_links"),
    "links, with errors": beyond("booking_links"),
    "links, asked": at("booking_links_asked"),
    "not found": nowhere,
    "components": at("components"),
}
