"""Who may show our embedded pages in a frame: hosts that staff name, one a line. Every other page
forbids to be framed."""

import re

from django.utils.encoding import punycode
from django.utils.translation import gettext as _

EVERYONE = "*"
HOSTS = 100  # more would make the header longer than web servers take
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
PORT = r"(?::[1-9][0-9]{0,4})?"
HOST = re.compile(rf"(?:\*\.)?(?:{LABEL}\.)+{LABEL}{PORT}")
OWN_MACHINE = re.compile(
    rf"(?:localhost|127\.0\.0\.1){PORT}"
)  # whoever builds a site tries it there


class NoHost(ValueError):
    """A line names no site; str() says why, in a sentence."""


def host_of(line):
    """The host in a line, as it is kept: `www.example.no`, `*.example.no` or `*`; NoHost."""
    host = line.strip().lower()
    scheme, found, rest = host.partition("://")
    if found:
        host = rest
    host = host.removesuffix("/")
    if host == EVERYONE and not found:
        return host
    said = {"line": line.strip()[:100]}
    if scheme == "http" and found and not OWN_MACHINE.fullmatch(host):
        raise NoHost(_("“%(line)s”: only sites with https may embed. Leave http:// out.") % said)
    if any(sign in host for sign in "/?#@ "):
        raise NoHost(_("“%(line)s”: write the host alone, such as www.example.no.") % said)
    if host.startswith("*.") and host.count(".") < 2:
        raise NoHost(_("“%(line)s” is too wide: name the domain, such as *.example.no.") % said)
    if not OWN_MACHINE.fullmatch(host) and not HOST.fullmatch(in_ascii(host)):
        raise NoHost(_("“%(line)s” is no host name. Write it as in www.example.no.") % said)
    return host


def in_ascii(host):
    """As headers have it: skøyter.no is xn--skyter-cya.no. Empty where there is no such form."""
    try:
        return punycode(host)
    except UnicodeError:
        return ""


def tidied(lines):
    """The hosts in what staff typed, each once, one a line; NoHost."""
    hosts = list(dict.fromkeys(host_of(line) for line in lines.splitlines() if line.strip()))
    if len(hosts) > HOSTS:
        said = _("At most %(number)s sites. A line such as *.example.no stands for many.")
        raise NoHost(said % {"number": HOSTS})
    return "\n".join(hosts)


def sources(host):
    """A host as a content policy names it. `example.no` is `www.example.no` as well: people say
    the one and mean the other."""
    if host == EVERYONE:
        return ["https:"]
    if OWN_MACHINE.fullmatch(host):
        return [f"http://{host}", f"https://{host}"]
    host = in_ascii(host)
    plain = not host.startswith(("*.", "www."))
    return [f"https://{host}", *([f"https://www.{host}"] if plain else [])]


def ancestors(provider):
    """The value of `frame-ancestors`: our own admin shows a preview, and nobody else may unless
    staff have said so. What no form has checked, such as a fixture, is left out."""
    found = ["'self'"]
    for line in provider.embedding_sites.splitlines()[:HOSTS]:
        try:
            found += sources(host_of(line)) if line.strip() else []
        except NoHost:
            continue
    return " ".join(dict.fromkeys(found))
