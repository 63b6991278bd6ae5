"""A crowd at the same moment: four web processes and a worker as they are deployed, over HTTP."""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import requests
from django.urls import reverse

from tests.campaign.visitor import Visitor, visible, with_requests
from tests.environment import bare
from tests.ports import PATIENCE_S, free_port, until_listening
from tests.prepared_site import Prepared
from tests.simulator_process import Simulator

ROOT = Path(__file__).resolve().parents[2]
BOOKABLE, FIVE_LEFT = 13100001, 13100012
BOOKED, NOT_BOOKED = "Du er påmeldt", "Påmeldingen gikk ikke gjennom"
SENDING = "Vi sender påmeldingen din"
TAKEN = "De siste ledige plassene ble tatt"


@pytest.fixture(scope="module")
def school():
    simulator = Simulator("--rate", "0").start()
    yield simulator
    simulator.stop()


@pytest.fixture(scope="module")
def root(tmp_path_factory, school):
    """The address of a site with four web processes and a worker of three."""
    folder, prepared = tmp_path_factory.mktemp("site"), Prepared(tmp_path_factory)
    prepared.school(folder, school)
    environment = bare(
        DATA_DIR=str(folder),
        STATIC_ROOT=str(prepared.static()),
        DEMO="true",
        FRONTCORE_URL=school.url,
        FRONTCORE_API_KEY=school.key,
        FRONTCORE_RATE="0",
        MIN_FILL_S="0",
        LOG_LEVEL="ERROR",
        WEB_WORKERS="4",
        BIND=f"127.0.0.1:{free_port()}",
    )

    def python(*arguments, **more):
        command = [sys.executable, *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, **more)

    with (folder / "servers.log").open("wb") as log:
        to_log = {"stdout": log, "stderr": log}
        servers = [
            python("-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi", **to_log),
            python("manage.py", "qcluster", **to_log),
        ]
    until_listening(int(environment["BIND"].split(":")[1]))
    yield f"http://{environment['BIND']}"
    for server in servers:
        server.terminate()
    for server in servers:
        server.wait(PATIENCE_S)


def at_the_price(root, date, number, browser=None):
    """A visitor who has filled in the form and sees the price, with the button before them."""
    visitor = Visitor(with_requests(browser or requests.Session(), root))
    visitor.open(reverse("book", args=[date]))
    visitor.press(
        "preview",
        buyer="private",
        booker_firstname="Kari",
        booker_lastname=f"Fjeld{number}",
        booker_email=f"kari{number}@bygg.example",
        booker_phone="41 20 00 00",
        takes_part="on",
    )
    assert visitor.may_book, visible(visitor.page)
    return visitor


def together(everyone, do):
    """Each does that, all at the same moment; what came of it, in their order."""
    start = Barrier(len(everyone))

    def one(each):
        start.wait()
        return do(each)

    with ThreadPoolExecutor(len(everyone)) as pool:
        return list(pool.map(one, everyone))


def settled(visitor):
    """The visitor's own page as it is when the booking has come to an end."""
    deadline = time.monotonic() + PATIENCE_S
    while visitor.open(visitor.receipt).heading == SENDING:
        assert time.monotonic() < deadline, "it is still being sent"
        time.sleep(0.2)
    return visitor


def orders_of(school, date):
    return [order for order in school.state()["orders"] if order["coursedate_id"] == date]


def test_twenty_visitors_for_the_last_five_seats_all_get_a_clear_answer(root, school):
    visitors = together(range(20), lambda number: at_the_price(root, FIVE_LEFT, number))
    receipts = together(visitors, lambda visitor: visitor.press("send").receipt)
    assert len(set(receipts) - {None}) == 20, "each has a page of their own"
    for visitor in visitors:
        settled(visitor)
    booked = [visitor for visitor in visitors if visitor.heading == BOOKED]
    turned_away = [visitor for visitor in visitors if visitor.heading == NOT_BOOKED]
    assert (len(booked), len(turned_away)) == (5, 15), [visitor.heading for visitor in visitors]

    books = school.state()
    assert books["free_seats"][str(FIVE_LEFT)] == 0
    orders = {str(order["id"]): order["booker_email"] for order in orders_of(school, FIVE_LEFT)}
    for visitor in booked:
        (number,) = re.findall(r"Ordrenummer (\d+)", visible(visitor.page))
        assert orders.pop(number) in visitor.page
    assert not orders, "every order is somebody's"
    for visitor in turned_away:
        assert TAKEN in visible(visitor.page)
        assert "Tilbake til det utfylte skjemaet" in visible(visitor.page)


def test_ten_presses_over_four_processes_are_one_order(root, school):
    school.reserved("DELETE", "log")
    browser = requests.Session()
    filled = at_the_price(root, BOOKABLE, 1, browser).filled("send")

    def press(_number):
        same = requests.Session()  # a session is for one thread
        same.cookies.update(browser.cookies)
        visitor = Visitor(with_requests(same, root))
        visitor.sent = filled
        return visitor.press_again()

    visitors = together(range(10), press)
    assert len({visitor.receipt for visitor in visitors}) == 1
    assert settled(visitors[0]).heading == BOOKED
    assert len(school.requests("POST", "/booking")) == 1
    assert len(orders_of(school, BOOKABLE)) == 1
