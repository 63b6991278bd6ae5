"""Filters in a real browser: at once with script, by a button without, and Back restores."""

import re

import pytest

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser


def number(page):
    return int(re.match(r"\d+", page.inner_text("#results"))[0])


def choose(page, choice):
    """Tick a box, and wait until its number of hits is what the list has."""
    promised = page.locator(f'label:has([id="{choice}"]) .pick-hits').inner_text()
    with page.expect_response(lambda answer: answer.status == 200 and "/kurs/" in answer.url):
        page.locator(f'[id="{choice}"]').check()
    page.locator(f'[id="{choice}"][checked]').wait_for(state="attached")
    return int(promised)


def test_a_tick_filters_at_once_and_back_brings_back_what_was(open_page):
    page = open_page(**DESKTOP)
    page.goto("/kurs/")
    everything = number(page)
    in_oslo = choose(page, "place-oslo")
    assert number(page) == in_oslo < everything
    assert page.url.endswith("/kurs/?place=oslo")
    free_in_oslo = choose(page, "free-1")
    assert number(page) == free_in_oslo <= in_oslo
    assert page.url.endswith("/kurs/?place=oslo&free=1")
    assert page.evaluate("document.activeElement.id") == "free-1"
    assert page.inner_text("#found-status") == page.inner_text("#results")
    assert page.get_attribute(".site-nav [hreflang=en]", "href").endswith("?place=oslo&free=1")
    page.go_back()
    page.locator("#free-1:not([checked])").wait_for(state="attached")
    assert (number(page), page.is_checked("#place-oslo")) == (in_oslo, True)
    page.go_back()
    page.locator("#place-oslo:not([checked])").wait_for(state="attached")
    assert number(page) == everything
    page.go_forward()
    page.locator("#place-oslo[checked]").wait_for(state="attached")
    assert number(page) == in_oslo


def test_on_a_phone_the_panel_stays_open_while_one_chooses(open_page):
    page = open_page(**PHONE)
    page.goto("/kurs/")
    assert page.locator("#results").bounding_box()["y"] < 600
    page.click(".filters-open")
    in_oslo = choose(page, "place-oslo")
    assert page.locator("#filters").get_attribute("open") is not None
    assert page.evaluate("document.activeElement.id") == "place-oslo"
    page.get_by_role("button", name=f"Vis {in_oslo} kurs").click()
    page.locator("#filters:not([open])").wait_for()
    assert page.url.endswith("/kurs/?place=oslo")
    assert number(page) == in_oslo


def test_without_script_the_form_does_the_same(open_page):
    page = open_page(java_script_enabled=False, **PHONE)
    page.goto("/kurs/")
    page.click(".filters-open")
    page.check("#place-oslo")
    page.check("#free-1")
    page.locator(".filters-do button").click()
    assert page.url.endswith("/kurs/?place=oslo&free=1")
    found = number(page)
    page.locator(".chip", has_text="Oslo").click()
    assert page.url.endswith("/kurs/?free=1")
    assert number(page) >= found
