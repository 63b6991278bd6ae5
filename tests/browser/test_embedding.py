"""A partner's page, served from another origin, with a list and a button of ours in it."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.browser import measure
from tests.browser.pages import CANCELLED, FULL, HOT_WORK

pytestmark = pytest.mark.browser

LIST = '<a href="{site}/kurs/" data-kurs="/innebygd/liste/?number=3">Alle kursdatoer</a>'
BUTTON = (
    f'<a href="{{site}}/kurs/{HOT_WORK}/" data-kurs="/innebygd/knapp/{HOT_WORK}/">Bli med, du</a>'
)
SCRIPT = '<script async src="{site}/embed.js"></script>'
LINE = f"{LIST} {SCRIPT}"
LIGHT = 20_000  # bytes, compressed, with stylesheets and script
HEAD = "<!doctype html><html lang=nb><meta charset=utf-8><title>Partner</title>"
ABOVE = "<main><h1>Bedriftshelse Vest</h1>"
BELOW = "<p id=below>Ring oss gjerne.</p></main>"


class Partner:
    """A site at two addresses; ours allows itself to be framed at the first only."""

    def __init__(self, server, site):
        self.server, self.site = server, site
        self.named = f"localhost:{server.server_port}"
        self.unnamed = f"127.0.0.1:{server.server_port}"

    def shows(self, body, head="", policy=""):
        page = f"{HEAD}{head}{ABOVE}{body}{BELOW}".replace("{site}", self.site.url)
        self.server.page, self.server.policy = page, policy.replace("{site}", self.site.url)
        return f"http://{self.named}/"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.server.policy:
            self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(self.server.page.encode())

    def log_message(self, *said):
        """Nothing: pytest has its own."""


@pytest.fixture(scope="module")
def partner(site):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    partner = Partner(server, site)
    site.manage(
        "shell",
        "-c",
        "from catalog.models import Provider; from catalog.store import announce;"
        f"Provider.objects.update(embedding_sites={partner.named!r}); announce()",
    )
    yield partner
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser):
    with browser.new_context(viewport={"width": 700, "height": 900}) as context:
        yield context.new_page()


def shown(page, number=1):
    """The frames, when as many are in sight."""
    frames = page.locator("iframe")
    expect(frames).to_have_count(number)
    for at in range(number):
        frames.nth(at).scroll_into_view_if_needed()
        expect(frames.nth(at)).to_be_visible()
    return frames


def inside(page, at=0):
    """What stands in a frame."""
    return page.locator("iframe").nth(at).content_frame


def heights(page):
    """(of the frame, of what is in it)"""
    content = inside(page).locator("html").evaluate("it => it.getBoundingClientRect().height")
    return page.locator("iframe").first.evaluate("it => it.clientHeight"), content


def sticks_out(root):
    return root.evaluate("it => it.scrollWidth - it.clientWidth")


def fits(page):
    frame, content = heights(page)
    return content <= frame < content + 1


def test_a_link_becomes_a_list_that_is_as_high_as_what_is_in_it(page, partner):
    page.goto(partner.shows(LINE))
    frame = shown(page)
    expect(page.get_by_role("link", name="Alle kursdatoer")).to_be_hidden()
    assert frame.get_attribute("title") == "Alle kursdatoer"
    assert frame.get_attribute("loading") == "lazy"
    assert inside(page).locator(".dates > li").count() == 3
    assert fits(page)
    wide = heights(page)[0]
    page.set_viewport_size({"width": 320, "height": 900})
    page.wait_for_function("was => document.querySelector('iframe').clientHeight > was", arg=wide)
    assert fits(page)
    assert sticks_out(inside(page).locator("html")) == 0


@pytest.mark.parametrize("width", [200, 320, 1200])
def test_it_fits_in_any_width(page, partner, width):
    page.set_viewport_size({"width": 1300, "height": 900})
    body = f"<div id=room>{LIST}{BUTTON}</div>{SCRIPT}"
    page.goto(partner.shows(body, f"<style>#room {{ width: {width}px }}</style>"))
    shown(page, 2)
    for at in range(2):
        root = inside(page, at).locator("html")
        assert root.evaluate("it => it.clientWidth") == width
        assert sticks_out(root) == 0


def test_nothing_is_kept_in_the_browser_and_nobody_else_is_asked(page, partner):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(partner.shows(f"{LINE}{BUTTON}"))
    shown(page, 2)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    own = (f"http://{partner.named}/", f"{partner.site.url}/", "data:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert page.evaluate("Object.keys(window).filter(name => /kurs|embed/i.test(name))") == []


def test_without_script_it_is_a_link_to_the_same(browser, partner):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(partner.shows(LINE))
        page.get_by_role("link", name="Alle kursdatoer").click()
        assert page.url == f"{partner.site.url}/kurs/"


def test_where_it_may_not_be_framed_the_link_stays(page, partner):
    page.clock.install()
    partner.shows(LINE)
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.goto(f"http://{partner.unnamed}/")
    page.wait_for_load_state()
    expect(page.locator("iframe")).to_be_hidden()
    page.clock.fast_forward(6000)
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.get_by_role("link", name="Alle kursdatoer")).to_be_visible()


def test_several_and_later_ones_are_shown_once_each(page, partner):
    page.goto(partner.shows(f"{LINE}<p>{BUTTON}</p>{SCRIPT}{SCRIPT}"))
    shown(page, 2)
    link = BUTTON.replace("{site}", partner.site.url)
    page.evaluate("html => document.querySelector('h1').insertAdjacentHTML('afterend', html)", link)
    shown(page, 3)
    page.locator("a", has_text="Alle kursdatoer").evaluate("it => it.remove()")
    expect(page.locator("iframe")).to_have_count(2)


def test_nobody_else_is_listened_to(page, partner):
    """The page around it and a frame of somebody else's say what only our own may say."""
    stranger = """<iframe title=x srcdoc="<script>
        parent.frames[0].postMessage({ kurs: 'hello', theme: 'dark', words: 'Svindel' }, '*');
        parent.postMessage({ kurs: 'height', height: 7777 }, '*');
        </script>"></iframe>"""
    foreign = '<a href="https://evil.example/" data-kurs="https://evil.example/x">Fremmed</a>'
    mixed = '<a href="https://evil.example/" data-kurs="/innebygd/liste/">Blandet</a>'
    page.goto(partner.shows(f"{BUTTON}{SCRIPT}{foreign}{mixed}"))
    shown(page)
    before = heights(page)
    heard = "() => new Promise(tell => { addEventListener('message', tell, { once: true }); %s })"
    page.evaluate(heard % "postMessage({ kurs: 'height', height: 7777 }, '*')")
    page.evaluate(
        "html => new Promise(tell => { addEventListener('message', tell, { once: true });"
        "document.body.insertAdjacentHTML('beforeend', html) })",
        stranger,
    )
    assert heights(page) == before
    assert "Bli med, du" in inside(page).locator("body").inner_text()
    assert inside(page).locator("html").evaluate("it => it.style.colorScheme") == "light"
    expect(page.get_by_role("link", name="Fremmed")).to_be_visible()
    expect(page.get_by_role("link", name="Blandet")).to_be_visible()
    assert page.locator("iframe:not([srcdoc])").count() == 1


def test_a_link_whose_words_come_late_gives_them_to_the_frame(page, partner):
    """As where the script runs while the page is still being read."""
    page.goto(partner.shows(SCRIPT))
    page.wait_for_load_state()
    link = BUTTON.replace("{site}", partner.site.url).replace("Bli med, du", "")
    page.evaluate(
        """async (html) => {
            document.querySelector("h1").insertAdjacentHTML("afterend", html);
            await null;
            document.querySelector("h1 + a").textContent = "Bli med, du";
        }""",
        link,
    )
    assert shown(page).get_attribute("title") == "Bli med, du"
    expect(inside(page).locator(".embed-do a")).to_contain_text("Bli med, du")


def test_it_wears_the_light_or_dark_of_the_page_around_it(page, partner):
    style = "<style>.night { background: #111; color: #eee }</style>"
    page.emulate_media(color_scheme="dark")  # the machine's wish is not the page's look
    page.goto(partner.shows(LINE, style))
    shown(page)
    ground = "it => getComputedStyle(it).backgroundColor"
    assert inside(page).locator("body").evaluate(ground) == "rgb(255, 255, 255)"
    page.evaluate("document.body.className = 'night'")
    expect(inside(page).locator("body")).to_have_css("background-color", "rgb(29, 36, 32)")
    fixed = LINE.replace("number=3", "number=3&theme=light")
    page.goto(partner.shows(f"<div class=night>{fixed}</div>", style))
    shown(page)
    assert inside(page).locator("body").evaluate(ground) == "rgb(255, 255, 255)"


def test_a_strict_policy_needs_to_name_us_twice_and_a_hostile_stylesheet_does_nothing(
    page, partner
):
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src {site}; frame-src {site}"
    policy += "; require-trusted-types-for 'script'"
    style = "<style>iframe { height: 9px !important; width: 50px; opacity: 1 }</style>"
    page.goto(partner.shows(LINE, style, policy))
    shown(page)
    assert fits(page)
    assert page.locator("iframe").evaluate("it => it.clientWidth") > 300


def test_the_keyboard_reaches_its_links_and_they_open_in_the_whole_window(page, partner):
    page.goto(partner.shows(LINE))
    shown(page)
    page.keyboard.press("Tab")
    title = inside(page).locator(".date-title a").first
    words = title.inner_text()
    expect(title).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("^" + re.escape(partner.site.url)))
    assert page.locator("h1").inner_text() == words
    assert page.locator("iframe").count() == 0


def test_the_button_says_what_the_partner_says_but_never_more_than_is_true(page, partner):
    full = f'<a href="{{site}}/kurs/{HOT_WORK}/" data-kurs="/innebygd/knapp/{HOT_WORK}/{FULL}/">'
    page.goto(partner.shows(f"{BUTTON}{full}Meld deg på nå</a>{SCRIPT}"))
    shown(page, 2)
    expect(inside(page, 0).locator(".embed-do a")).to_contain_text("Bli med, du")
    expect(inside(page, 1).locator(".embed-do a")).to_contain_text("Venteliste")
    expect(inside(page, 1).locator(".embed-do a")).not_to_contain_text("Meld deg på nå")


@pytest.mark.parametrize("width", [320, 1000])
def test_hardly_anything_moves_while_it_comes(page, partner, width):
    page.set_viewport_size({"width": width, "height": 900})
    early = SCRIPT.replace("async ", "")
    page.goto(partner.shows(LIST, early))
    shown(page)
    assert measure.layout_shift(page) < 0.1


def test_the_page_with_it_is_accessible(page, partner):
    page.goto(partner.shows(f"{LINE}{BUTTON}"))
    shown(page, 2)
    assert measure.violations(page) == []


def test_what_is_in_a_frame_is_accessible_and_light(browser, site):
    with browser.new_context(base_url=site.url) as context:
        watch = measure.Watch(context.new_page(), site.url)
        for theme, path in [
            ("light", "/innebygd/liste/"),
            ("dark", "/innebygd/liste/?theme=dark"),
            ("dark", "/en/embed/list/?show=courses&number=3"),
            ("light", "/innebygd/liste/?place=atlantis"),
            ("dark", f"/innebygd/knapp/{HOT_WORK}/"),
            ("light", f"/en/embed/button/{HOT_WORK}/{CANCELLED}/"),
        ]:
            watch.page.emulate_media(color_scheme="light" if "theme" in path else theme)
            watch.begin()
            watch.page.goto(path)
            wrong = [*watch.complaints, *measure.violations(watch.page)]
            wrong += measure.hidden_focus(watch.page) + measure.sideways(watch.page)
            assert wrong == [], path
            assert 0 < watch.weight < LIGHT, path
        assert context.cookies() == []
