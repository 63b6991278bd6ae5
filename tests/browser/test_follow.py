"""Following in a real browser: the part stays open and right while one chooses, a press copies, and
without script it says the same."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser


def test_who_chooses_sees_at_once_what_they_follow_and_can_copy_it(open_page):
    page = open_page(**DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/kurs/?q=truck")
    page.click("#follow summary")
    page.locator("#place-oslo").check()
    page.locator("#follow-how strong", has_text="truck, Oslo").wait_for()
    assert page.locator("#follow").get_attribute("open") is not None
    followed = page.input_value("#follow-address")
    assert followed.endswith("/kalender.ics?q=truck&place=oslo")
    page.focus("#follow summary")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getSelection().toString()") == followed
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#follow output", has_text="Kopiert").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == followed
    page.keyboard.press("Tab")
    assert "Atom" in page.evaluate("document.activeElement.textContent")


def test_without_script_and_on_paper(open_page):
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto("/kurssteder/")
    page.locator("footer").get_by_role("link", name="Kursene i din kalender").click()
    page.locator("#follow-address").wait_for(state="visible")  # a link into the part opens it
    assert page.input_value("#follow-address").endswith("/kalender.ics")
    assert page.locator("[data-copy]").is_hidden()
    page.emulate_media(media="print")
    assert page.locator("#follow").is_hidden()
