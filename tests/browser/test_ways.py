"""Ways through the site other than pointing at a screen: the keyboard, paper, another language."""

import re

import pytest

from tests.browser import measure
from tests.browser.conftest import DESKTOP
from tests.browser.pages import BOOKABLE, HOT_WORK, address

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement"


class Keyboard:
    """A visitor who has no pointer: Tab, Enter, Space and letters, and eyes for the focus."""

    def __init__(self, page):
        self.page = page

    def to(self, selector, text="", most=150):
        """Press Tab until what it wants has the focus; each stop on the way must be seen."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            at_goal, seen = self.page.evaluate(
                """([selector, text]) => {
                    const element = document.activeElement;
                    const style = getComputedStyle(element);
                    const box = element.getBoundingClientRect();
                    return [
                        element.matches(selector) && element.textContent.includes(text),
                        style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
                            && box.bottom > 0 && box.top < innerHeight,
                    ];
                }""",
                [selector, text],
            )
            assert seen, self.page.evaluate(f"{FOCUSED}.outerHTML.slice(0, 200)")
            if at_goal:
                return
        raise AssertionError(f"Tab never came to {selector} {text!r}")

    def follow(self, selector, text=""):
        self.to(selector, text)
        self.press("Enter")

    def press(self, key):
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, name, words):
        self.to(f"[name={name}]")
        self.page.keyboard.type(words)

    def tick(self, selector):
        self.to(selector)
        self.page.keyboard.press("Space")
        assert self.page.evaluate(f"{FOCUSED}.checked")


def test_a_booking_from_the_home_page_to_the_receipt_by_keyboard_alone(open_page):
    page = open_page(**DESKTOP)
    keyboard = Keyboard(page)
    page.goto("/")
    keyboard.to(".skip-link")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{FOCUSED}.id") == "content"
    keyboard.write("q", "varme arbeid")
    keyboard.press("Enter")
    keyboard.follow("main a[href^='/kurs/']", "Varme arbeider")
    keyboard.follow("main a", "Meld på")
    keyboard.to("[name=booker_firstname]")
    keyboard.press("Enter")  # nothing is filled in
    assert page.evaluate(f"{FOCUSED}.id") == "error-summary"
    keyboard.to("#error-summary a", "Fornavn")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{FOCUSED}.name") == "booker_firstname"
    described = page.evaluate(
        f"{FOCUSED}.getAttribute('aria-describedby').split(' ')"
        ".map((id) => document.getElementById(id).textContent).join(' ')"
    )
    assert "Feil:" in described, "the field says itself what is wrong"
    page.keyboard.type("Kari")
    keyboard.write("booker_lastname", "Fjeld")
    keyboard.write("booker_email", "kari@byggeksempel.no")
    keyboard.write("booker_phone", "41 20 00 00")
    keyboard.tick("[name=takes_part]")
    keyboard.to("[name=buyer]")
    while page.evaluate(f"{FOCUSED}.value") != "private":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    keyboard.follow("button", "Gå videre til prisen")
    keyboard.to("[name=accept_terms]", most=8)  # the page stands at the price
    page.keyboard.press("Space")
    keyboard.follow("button", "Bestill med betalingsplikt")
    page.get_by_text(re.compile("Ordrenummer")).first.wait_for(timeout=90_000)
    assert page.locator("h1").inner_text() == "Du er påmeldt"
    keyboard.to(".skip-link", most=1)  # a page of its own, read from its beginning
    assert measure.hidden_focus(page) == []


def test_a_course_page_and_a_receipt_on_paper(open_page, world):
    page = open_page(**DESKTOP, color_scheme="dark")
    for path, kept in [
        (address("nb", "course_by_id", HOT_WORK), "#dates"),
        (address("nb", "receipt", world.receipt("confirmed")), ".facts"),
    ]:
        page.goto(path)
        page.emulate_media(media="print", color_scheme="dark")
        assert not page.locator("nav:visible").count()
        assert not page.locator(".button:visible").count(), "nothing that can only be pressed"
        assert page.locator(kept).first.is_visible()
        colours = page.evaluate(
            """() => [...document.querySelectorAll("h1, main p, main dd, main time")]
                .filter((element) => element.checkVisibility())
                .map((element) => getComputedStyle(element).color)"""
        )
        dark = [all(int(part) < 90 for part in re.findall(r"\d+", one)[:3]) for one in colours]
        assert all(dark), colours
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") in {
            "rgb(255, 255, 255)",
            "rgba(0, 0, 0, 0)",
        }
        page.emulate_media(media="screen", color_scheme="dark")


def test_the_paper_shows_every_date(open_page):
    page = open_page(**DESKTOP)
    page.goto(address("nb", "course_by_id", HOT_WORK))
    dates = page.locator("section[aria-labelledby=dates] time:visible")
    on_screen = dates.count()
    page.emulate_media(media="print")
    assert dates.count() >= on_screen > 3


def test_the_chosen_language_is_remembered_by_the_browser_alone(open_page):
    page = open_page(**DESKTOP)
    page.goto("/kurs/")
    assert not page.locator(".own-language:visible").count(), "nothing was chosen yet"
    page.get_by_role("link", name="English", exact=True).click()
    page.wait_for_url("**/en/courses/")
    assert not page.locator(".own-language:visible").count(), "here it is"
    for path in ("/", address("nb", "book", BOOKABLE)):
        page.goto(path)
        assert page.url.endswith(path), "nobody is sent elsewhere"
        offer = page.get_by_role("link", name="Continue in English")
        assert offer.is_visible()
        assert measure.layout_shift(page) == 0
        assert measure.violations(page) == []
    asked = []
    page.on("request", lambda request: asked.append(request.all_headers()))
    page.goto("/kalender/")
    assert not any("language" in str(headers.get("cookie", "")) for headers in asked)
    assert not page.context.cookies(page.url) or all(
        cookie["name"] == "csrftoken" for cookie in page.context.cookies()
    ), "the form's own, nothing of languages"
    page.get_by_role("link", name="Continue in English").click()
    page.wait_for_url("**/en/calendar/")
    page.goto("/kurs/")
    page.get_by_role("button", name="Not now").click()
    page.goto("/kalender/")
    assert not page.locator(".own-language:visible").count(), "told once is enough"


def test_the_browser_s_wishes_change_no_page(browser, site):
    context = browser.new_context(base_url=site.url, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    assert page.url == site.url + "/"
    assert page.locator("html").get_attribute("lang") == "nb"
    assert not page.locator(".own-language:visible").count()
    context.close()
