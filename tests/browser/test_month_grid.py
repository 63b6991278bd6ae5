"""The wall calendar as it is laid out: where bars lie, and what becomes of it on a phone."""

import datetime as dt

import pytest

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

MEASURE = """() => [...document.querySelectorAll(".grid tbody tr")].map((week) => {
  const box = (element) => element.getBoundingClientRect().toJSON();
  const cells = [...week.querySelectorAll("td")];
  return {
    cells: cells.map(box),
    bars: [...week.querySelectorAll(".bar")].map((bar) => ({
      ...box(bar),
      first: cells.indexOf(bar.closest("td")),
      days: Number(bar.className.match(/bar--days(\\d)/)[1]),
    })),
    texts: [...week.querySelectorAll(".bar a, .grid-date a")].map(box),
  };
})"""


@pytest.fixture
def months(open_page):
    """months(**context options) → each of the first months of the grid, as a page."""

    def each(number, **options):
        page = open_page(**options)
        page.goto("/kalender/rutenett/")
        for _ in range(number):
            yield page
            with page.expect_navigation():
                page.locator(".turn-later").click()

    return each


def overlap(one, other):
    return (
        min(one["right"], other["right"]) - max(one["left"], other["left"]) > 1
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 1
    )


def test_a_bar_covers_its_days_and_nothing_lies_on_anything(months):
    long_bars = 0
    for page in months(4, **DESKTOP):
        for week in page.evaluate(MEASURE):
            for bar in week["bars"]:
                first = week["cells"][bar["first"]]
                last = week["cells"][bar["first"] + bar["days"] - 1]
                assert abs(bar["left"] - first["left"]) < 6
                assert abs(bar["right"] - last["right"]) < 6
                assert bar["bottom"] <= first["bottom"]
                long_bars += bar["days"] > 1
            things = week["texts"]
            for at, one in enumerate(things):
                assert [other for other in things[at + 1 :] if overlap(one, other)] == [], one
    assert long_bars


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_it_is_a_list_of_the_days_that_have_something(months, width):
    options = PHONE | {"viewport": {"width": width, "height": 800}}
    for page in months(2, **options):
        assert page.evaluate("document.documentElement.scrollWidth") == width
        shown = page.locator(".grid td:visible")
        assert shown.count()
        for cell in shown.all():
            assert cell.locator("a:visible").count()
            assert cell.locator("h2").inner_text()
        tops = [cell.bounding_box()["y"] for cell in shown.all()]
        assert tops == sorted(set(tops))


def test_it_says_the_same_to_a_screen_reader_wide_and_narrow(open_page):
    """The roles of a table stay, whatever is made of it."""
    weekday = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
    for options in (DESKTOP, PHONE):
        page = open_page(**options)
        page.goto("/kalender/rutenett/")
        table = page.get_by_role("table")
        assert "datoer" in table.locator("caption").inner_text()
        cell = table.get_by_role("cell").filter(has=page.get_by_role("link")).first
        heading = cell.get_by_role("heading")
        on = dt.date.fromisoformat(heading.locator("time").get_attribute("datetime"))
        assert heading.text_content().startswith(f"{on.day}{weekday[on.weekday()]} {on.day}. ")
        week = cell.locator("xpath=..").get_by_role("rowheader")
        assert week.text_content() == f"Uke {on.isocalendar().week}"


@pytest.mark.parametrize("path", ["/kalender/?form=classroom", "/en/calendar/grid/?form=classroom"])
def test_above_the_month_no_button_lies_on_another(open_page, path):
    page = open_page(**PHONE)
    page.goto(path)
    with page.expect_navigation():
        page.locator(".turn-later").click()  # now there is an earlier month as well
    for width in (320, 390, 480, 639, 640, 700, 820, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        buttons = page.locator(".turn a, .jump > summary, .filters-open, .views a")
        boxes = buttons.evaluate_all("all => all.map(it => it.getBoundingClientRect().toJSON())")
        assert len(boxes) == 6
        for at, one in enumerate(boxes):
            assert one["right"] <= width, width
            assert not any(overlap(one, other) for other in boxes[at + 1 :]), width
