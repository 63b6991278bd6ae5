"""Every page type × language × light and dark × phone and desktop, each measured where it stands.

The quick run visits each page type twice, so that it meets both languages, both themes and both
screens, and each of its states once; the slow one is the whole matrix.
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
MOST_BYTES = 40_000
LAID_OVER = {"home, while typing": "#search-form"}  # it covers a part of what else was there


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
    wrong = [*watch.complaints, *measure.structure(page)]
    wrong += measure.violations(page, within=LAID_OVER.get(name))
    if watch.status != (404 if name == "not found" else 200):
        wrong.append(f"answered {watch.status}")
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
    number = list(PAGES).index(name) % 8
    opposite_in_all = WHOLE[7 - number]
    wrong = []
    for combination in [WHOLE[number]] if "," in name else [WHOLE[number], opposite_in_all]:
        wrong += wrong_with(screens[combination[2]], name, combination, world, figures)
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_so_in_every_combination(screens, world, figures, name):
    wrong = []
    for combination in WHOLE:
        wrong += wrong_with(screens[combination[2]], name, combination, world, figures)
    assert not wrong, "\n".join(wrong)


POOR = """<!doctype html><html lang="nb"><title>x</title>
<style>
  .narrow { color: #bbb; inline-size: 900px }
  a:focus { outline: none }
  b { display: block; transition: all 1s }
  .lid { position: fixed; inset: 0 0 auto; block-size: 99vh; background: #fff }
</style>
<h1>En</h1><h1>To</h1><p class="narrow">blek</p><a href="/">videre</a><b>tregt</b>
<button>under</button><div class="lid"></div>
<script>setTimeout(() => document.body.prepend(document.createElement("hr"),
    Object.assign(document.createElement("div"), {style: "height: 300px"})), 300)</script>"""


def test_each_measurement_sees_what_it_is_for(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.route(
        "http://poor.test/", lambda asked: asked.fulfill(body=POOR, content_type="text/html")
    )
    page.goto("http://poor.test/")
    page.wait_for_selector("hr")
    assert measure.layout_shift(page) > 0.1
    found = " ".join(measure.violations(page))
    assert "color-contrast" in found
    assert "contained by landmarks" in found
    assert "h1: 2" in measure.structure(page)
    assert "B." in measure.motion(page)
    seen = " ".join(measure.hidden_focus(page))
    assert "not outlined: A" in seen
    assert "covered: BUTTON" in seen
    assert [one.split(":")[0] for one in measure.sideways(page)] == ["at 320 px", "at 640 px"]
    page.close()
