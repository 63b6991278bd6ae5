"""What an answer tells the browser to allow, to keep and to forget."""

import re
from urllib.parse import urlsplit

from audit.registry import of_answer, of_page

TOO_OPEN = {"unsafe-url", "no-referrer-when-downgrade", "origin-when-cross-origin", "origin", ""}
TOO_MUCH = {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"}
HALF_A_YEAR_S = 15_552_000
VERSION = re.compile(r"\d+\.\d+")


def policy_of(answer):
    """{directive: its words} of the content policy."""
    directives = answer.headers.get("Content-Security-Policy", "").split(";")
    split = [directive.split() for directive in directives if directive.strip()]
    return {name.lower(): [word.lower() for word in rest] for name, *rest in reversed(split)}


@of_page("policy", "A content policy lets no script or style run that stands in the page.")
def policy(page):
    policy = policy_of(page.answer)
    if not policy:
        yield "has no content policy"
        return
    for name in ("script-src", "style-src"):
        allowed = policy.get(name, policy.get("default-src"))
        if allowed is None:
            yield f"has a content policy without {name}"
            continue
        for word in {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"} & {
            *allowed
        }:
            yield f"has a content policy that allows {word} as {name}"
    for name in ("form-action", "base-uri"):  # these do not follow default-src
        if name not in policy:
            yield f"has a content policy without {name}"


@of_page("frames", "A page says who may frame it; nobody else may, where a form posts.")
def frames(page):
    ancestors = policy_of(page.answer).get("frame-ancestors")
    option = page.answer.headers.get("X-Frame-Options", "")
    if ancestors is None and not option:
        yield "says nothing about who may frame it"
    elif set(ancestors or ()) - {"'none'", "'self'"} and posts(page):
        yield f"has a form that posts, and may be framed by {' '.join(ancestors)}"


@of_answer("sniffing", "Every answer forbids to guess at what it is.")
def sniffing(answer):
    if answer.status == 200 and answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "has no X-Content-Type-Options: nosniff"


@of_page("referrer", "A page tells other sites nothing of the address it was left from.")
def referrer(page):
    said = page.answer.headers.get("Referrer-Policy", "")
    if said.split(",")[-1].strip() in TOO_OPEN:
        yield f"has the referrer policy “{said}”" if said else "has no referrer policy"


@of_answer("transport", "Over https, browsers are told to insist on it.")
def transport(answer):
    if urlsplit(answer.address).scheme == "https" and answer.is_page:
        said = answer.headers.get("Strict-Transport-Security", "")
        lasts = re.search(r"max-age=(\d+)", said)
        if not lasts or int(lasts[1]) < HALF_A_YEAR_S:
            yield f"has Strict-Transport-Security “{said}”" if said else "has no HSTS header"


@of_page("cookies", "A page that everybody sees sets no cookie; others set safe ones.")
def cookies(page):
    is_safe = urlsplit(page.address).scheme == "https"
    for cookie in page.answer.cookies:
        name, *rest = cookie.split(";")
        said = {part.strip().lower().split("=")[0] for part in rest}
        name = name.split("=")[0]
        if page.answer.status == 200 and not posts(page):
            yield f"sets the cookie {name}, and has no form that needs it"
        if is_safe and "secure" not in said:
            yield f"sets the cookie {name} without Secure"
        if "samesite" not in said:
            yield f"sets the cookie {name} without SameSite"


@of_answer("versions", "Nothing tells which version of what answers.")
def versions(answer):
    for name in ("Server", "X-Powered-By", "X-AspNet-Version", "X-Generator"):
        said = answer.headers.get(name, "")
        if VERSION.search(said) or (said and name != "Server"):
            yield f"tells {name}: {said}"


def posts(page):
    return any(form.get("method", "").lower() == "post" for form in page.all("form"))
