"""A real browser before the real site: web server and worker as bin/demo starts them, and a
simulator that does not make the first copy wait."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.pages import WITHDRAWN, WITHDRAWN_DATE, World
from tests.demo_process import Demo
from tests.simulator_process import Simulator

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def upstream():
    simulator = Simulator("--rate", "0", "--titles", "no").start()
    yield simulator
    simulator.stop()


@pytest.fixture(scope="session")
def site(upstream, tmp_path_factory):
    """The site, after a second refresh in which a course has gone, and a date of another."""
    data = tmp_path_factory.mktemp("site") / "data"
    frontcore = {
        "FRONTCORE_URL": upstream.url,
        "FRONTCORE_API_KEY": upstream.key,
        "FRONTCORE_RATE": "0",
    }
    demo = Demo(data, "--no-simulator", **frontcore)
    demo.until("Ctrl-C stops everything")
    upstream.edit(course=WITHDRAWN, remove=True)
    upstream.edit(coursedate=WITHDRAWN_DATE, remove=True)
    demo.manage("refresh_catalog")
    yield demo
    demo.stop()


@pytest.fixture(scope="module")
def browser():
    """Ends with its module: while it lives, its event loop keeps Django from the database."""
    programs = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, programs)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, site):
    """open_page(**context options) → a page that fails the test on a third-party request, a
    script error or an answer that the content policy refused."""
    contexts, complaints = [], []

    def open_one(**options):
        context = browser.new_context(base_url=site.url, locale="nb-NO", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                said.type == "error" and complaints.append(f"{said.text} {said.location['url']}")
            ),
        )
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith((site.url, "data:"))
                or complaints.append(f"third party: {asked.url}")
            ),
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def world(site, upstream, browser):
    return World(site, upstream, browser)


@pytest.fixture
def simulated(upstream):
    """Ask the simulated Frontcore's reserved addresses: simulated(method, name, json)."""
    return lambda method, name, body=None: upstream.reserved(method, name, json=body)


@pytest.fixture
def other_side(simulated):
    """What Frontcore's own books say: orders, participants, codes."""
    return lambda: simulated("GET", "state")
