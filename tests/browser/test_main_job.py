"""The main job, from the calendar to the order on the other side."""

import re
import uuid

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.ports import until

pytestmark = pytest.mark.browser

WAYS = {
    "phone": PHONE,
    "desktop": DESKTOP,
    "phone without script": PHONE | {"java_script_enabled": False},
    "desktop without script": DESKTOP | {"java_script_enabled": False},
}


def follow(page, link):
    """Press, and wait for the page it leads to."""
    with page.expect_navigation():
        link.first.click()


def find_in_calendar(page, course):
    """From the home page by the calendar's months to a bookable date of the course."""
    page.goto("/")
    follow(page, page.get_by_role("link", name="Kalender", exact=True))
    for _ in range(12):
        rows = page.get_by_role("listitem").filter(has_text=course)
        bookable = rows.filter(has=page.get_by_role("link", name=re.compile("Meld på")))
        if bookable.count():
            follow(page, bookable.first.get_by_role("link", name=re.compile(course)))
            return
        follow(page, page.locator("a[rel=next]"))
    raise AssertionError(f"No bookable date of {course} in the calendar")


def fill_in(page, mark):
    """Two colleagues and a company, as a secretary on the way to lunch would type."""
    page.get_by_label("Fornavn").first.fill("Kari")
    page.get_by_label("Etternavn").first.fill("Fjeld")
    page.get_by_label("E-post").first.fill(f"kari.{mark}@byggeksempel.no")
    page.get_by_label("Telefon").first.fill("41 20 00 00")
    follow(page, page.get_by_role("button", name="Legg til en deltaker"))
    for number, (first, last) in enumerate([("Ola", "Hansen"), ("Åse", "Bjørnø")]):
        row = page.locator("ol.participants > li").nth(number)
        row.get_by_label("Fornavn").fill(first)
        row.get_by_label("Etternavn").fill(last)
        row.get_by_label("E-post").fill(f"{first.lower().replace('å', 'a')}.{mark}@byggeksempel.no")
    page.get_by_label("Bedrift eller organisasjon").check()
    page.get_by_label("Bedrift", exact=True).fill("Bygg Eksempel AS")
    page.get_by_label("Organisasjonsnummer").fill("123 456 785")
    page.get_by_label("Deres referanse").fill("PO-4471")
    page.get_by_text("Kampanjekode eller gavekort").click()
    page.get_by_label("Kampanjekode").fill("SOMMER10")


def book_two(page, course):
    """Book two colleagues with a campaign code; (mark in their addresses, order number)."""
    mark = uuid.uuid4().hex[:8]
    find_in_calendar(page, course)
    follow(page, page.get_by_role("link", name=re.compile("Meld på")))
    fill_in(page, mark)
    follow(page, page.get_by_role("button", name="Gå videre til prisen"))
    assert page.get_by_text("Kampanje, 10 %").count(), "the campaign has its own line in the price"
    page.get_by_label(re.compile("vilkår")).check()
    page.get_by_role("button", name="Bestill med betalingsplikt").click()
    page.get_by_text(re.compile("Ordrenummer")).first.wait_for(timeout=90_000)
    return mark, int(re.search(r"Ordrenummer\D*(\d{4,})", page.inner_text("main"))[1])


# A course for each way, so that none takes another's last seats.
COURSES = ["Truckførerkurs", "Varme arbeider", "Excel for viderekomne", "Traverskran"]


@pytest.mark.parametrize(("way", "course"), list(zip(WAYS, COURSES, strict=True)))
def test_a_visitor_finds_a_course_and_books_two_with_a_campaign_code(
    open_page, other_side, way, course
):
    page = open_page(**WAYS[way])
    mark, order_id = book_two(page, course)
    books = other_side()
    mine = [order for order in books["orders"] if int(order["id"]) == order_id]
    assert len(mine) == 1
    people = [one for one in books["participants"] if mark in str(one)]
    assert len(people) == 2
    assert sum(mark in str(order) for order in books["orders"]) <= 1
    page.reload()
    assert len(other_side()["orders"]) == len(books["orders"]), "reloading books nothing"


def test_a_booking_goes_out_while_a_refresh_hangs(open_page, site, simulated):
    """A refresh may hold one worker for long; there is always another for bookings."""
    simulated("POST", "faults", {"method": "GET", "path": "/courses", "fault": "hang", "times": 0})
    try:
        staff = open_page(**DESKTOP)
        staff.goto("/admin/login/?next=/admin/catalog/refresh/")
        staff.locator("#id_username").fill("staff")
        staff.locator("#id_password").fill(re.search(r"password: (\S+)", site.said)[1])
        staff.locator("[type=submit]").first.click()
        staff.get_by_role("button", name="Oppdater nå").click()
        until(lambda: any(hanging(row) for row in simulated("GET", "log")))
        _, order_id = book_two(open_page(**DESKTOP), "Førstehjelp grunnkurs")
        assert order_id
        assert any(hanging(row) for row in simulated("GET", "log")), "the refresh still hangs"
    finally:
        simulated("DELETE", "faults")


def hanging(row):
    return row["path"] == "/courses" and row["status"] is None
