"""On a slow line a page comes in pieces; what is drawn of it stays where it was drawn."""

import pytest

from tests.browser import measure
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import PAGES
from tests.slow_line import SlowLine

pytestmark = pytest.mark.browser

DRAWN_WHEN_WHOLE = b'<link rel="expect" href="#end" blocking="render">'
SOME = [
    "home",
    "course list, searched",
    "calendar grid",
    "instructors",
    "course",
    "date, with gatherings",
    "form",
    "links",
]


def shifts(browser, line, names, **screen):
    page = browser.new_page(base_url=line.url, **screen)
    found = {}
    for name in names:
        PAGES[name](page, "nb", None)
        found[name] = measure.layout_shift(page)
    page.close()
    return found


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_moves_while_a_page_comes_in_pieces(browser, site, screen):
    with SlowLine(site.url) as line:
        assert shifts(browser, line, SOME, **screen) == dict.fromkeys(SOME, 0)


def test_in_a_browser_that_draws_at_once_little_moves(browser, site):
    """Some browsers know nothing of waiting; the line is slow enough for it to be seen."""
    with SlowLine(site.url, without=DRAWN_WHEN_WHOLE) as line:
        found = shifts(browser, line, SOME, **DESKTOP)
    assert 0 < max(found.values()) < 0.06, found
