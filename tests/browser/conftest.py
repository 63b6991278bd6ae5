"""A real browser before the real site: web server, worker and simulator as bin/demo starts them."""

import shutil

import pytest
import requests
from playwright.sync_api import sync_playwright

from tests.demo_process import Demo

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
def site(tmp_path_factory):
    demo = Demo(tmp_path_factory.mktemp("site") / "data")
    demo.until("Ctrl-C stops everything")
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


@pytest.fixture
def simulated(site):
    """Ask the simulated Frontcore's reserved addresses: simulated(method, name, json)."""

    def ask(method, name, body=None):
        address = f"http://127.0.0.1:{site.simulator_port}/_simulator/{name}"
        return requests.request(method, address, json=body, timeout=10).json()

    return ask


@pytest.fixture
def other_side(simulated):
    """What Frontcore's own books say: orders, participants, codes."""
    return lambda: simulated("GET", "state")
