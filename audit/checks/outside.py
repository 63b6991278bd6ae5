"""Nobody else hears of a visitor."""

from urllib.parse import urlsplit

from audit.addresses import origin
from audit.page import Page, named_in_styles
from audit.registry import of_answer, of_page


@of_page("third-parties", "A page fetches nothing from another site, and sends no form there.")
def third_parties(page):
    own = origin(page.address)
    for element, address in page.loaded:
        if origin(address) != own:
            yield f"fetches {address} ({element.tag})"
    for address in forms(page):
        if origin(address) != own:
            yield f"sends a form to {address}"


@of_answer("styles", "A stylesheet fetches nothing from another site.")
def styles(answer):
    if answer.kind == "text/css":
        page = Page(answer)
        for address in named_in_styles(answer.body.decode(errors="replace")):
            if origin(page.absolute(address)) != origin(answer.address):
                yield f"fetches {address}"


@of_page("mixed", "A page that came by https fetches and sends nothing by http.")
def mixed(page):
    if urlsplit(page.address).scheme == "https":
        for address in [*(address for _, address in page.loaded), *forms(page)]:
            if urlsplit(address).scheme == "http":
                yield f"uses {address}"


def forms(page):
    for element in page.all("form", "button", "input"):
        if address := element.get("action") or element.get("formaction"):
            yield page.absolute(address)
