"""Every page type × language × light and dark × phone and desktop, each measured where it stands.

The quick run visits each page type twice, so that it meets both languages, both themes and both
screens, and all pages together meet every combination; the slow one is the whole matrix.
"""

import time
from itertools import product

import pytest

from tests.browser import measure
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import PAGES

pytestmark = pytest.mark.browser

SCREENS = {"phone": PHONE, "desktop": DESKTOP}
WHOLE = list(product(["nb", "en"], ["light", "dark"], SCREENS))
HALVES = [[one, WHOLE[7 - number]] for number, one in enumerate(WHOLE[:4])]  # opposites in all
MOST_BYTES = 40_000


@pytest.fixture(scope="module")
def screens(browser, site):
    """A page on each screen, watched, that asks for no motion."""
    watched = {}
    for name, options in SCREENS.items():
        context = browser.new_context(base_url=site.url, reduced_motion="reduce", **options)
        watched[name] = measure.Watch(context.new_page(), site.url)
    yield watched
    for watch in watched.values():
        watch.page.context.close()


@pytest.fixture(scope="module")
def figures():
    """What was measured, told at the end (pytest -s)."""
    rows, began = [], time.monotonic()
    yield rows
    print(f"\n{len(rows)} visits in {time.monotonic() - began:.0f} s")
    for name in dict.fromkeys(row[0] for row in rows):
        weights, shifts = zip(*[row[1:] for row in rows if row[0] == name], strict=True)
        print(f"{name:28} {max(weights) / 1000:5.1f} kB   shift {max(shifts):.3f}")


def wrong_with(watch, name, combination, world, figures):
    """Everything that is wrong with a page in one combination, in words."""
    language, theme, screen = combination
    page = watch.page
    page.set_viewport_size(SCREENS[screen]["viewport"])
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    watch.begin()
    PAGES[name](page, language, world)
    shift, weight = measure.layout_shift(page), watch.weight
    figures.append((name, weight, shift))
    wrong = [*watch.complaints, *measure.violations(page), *measure.structure(page)]
    if page.locator("html").get_attribute("lang") != language:
        wrong.append("another language than asked for")
    if shift:
        wrong.append(f"the layout shifts by {shift:.4f}")
    if not 0 < weight <= MOST_BYTES:
        wrong.append(f"{weight} bytes")
    if screen == "desktop":
        wrong += measure.motion(page) + measure.hidden_focus(page) + measure.sideways(page)
    return [f"{name}, {', '.join(combination)}: {one}" for one in wrong]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_light_and_at_rest(screens, world, figures, name):
    half = HALVES[list(PAGES).index(name) % 4]
    wrong = []
    for combination in half:
        wrong += wrong_with(screens[combination[2]], name, combination, world, figures)
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_so_in_every_combination(screens, world, figures, name):
    wrong = []
    for combination in WHOLE:
        wrong += wrong_with(screens[combination[2]], name, combination, world, figures)
    assert not wrong, "\n".join(wrong)
