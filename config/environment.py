"""Strict readers of the environment, and of `.env` beside manage.py if there is one."""

from ipaddress import ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()
env.read_env(Path(__file__).resolve().parent.parent / ".env", recurse=False)


def required(name):
    """The value of a variable that production cannot do without."""
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: without it the site does not start.")
    return value


def number(name, default, low, high=float("inf")):
    """A number of the kind of its default, within sense."""
    value = (env.int if isinstance(default, int) else env.float)(name, default)
    if not low <= value <= high:
        limits = f"{low} or more" if high == float("inf") else f"from {low} to {high}"
        raise ImproperlyConfigured(f"Set {name} to a number {limits}; it is {value}.")
    return value


def one_of(name, default, *others):
    """One of a few words."""
    value = env.str(name, default)
    if value not in (default, *others):
        raise ImproperlyConfigured(f"Set {name} to one of {default}, {', '.join(others)}.")
    return value


def address(name, default):
    """A web address, without a slash at its end."""
    value = env.str(name, default).rstrip("/")
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"Set {name} to an address with http:// or https://.")
    return value


def several(name, *default):
    """Words with commas between; what stands around them and empty ones do not count."""
    found = [one.strip() for one in env.list(name, list(default))]
    return [one for one in found if one]


def folders(name):
    """Folders that are there: a misspelt one would be passed over in silence."""
    found = [Path(one) for one in several(name)]
    for folder in found:
        if not folder.is_dir():
            raise ImproperlyConfigured(f"Set {name} to folders that exist: {folder} is none.")
    return found


def readers(name, *default):
    """Who gets a kind of mail: some of booker, participants and invoice, or `nobody`."""
    found = several(name, *default)
    if found == ["nobody"]:
        return []
    if not found or set(found) - {"booker", "participants", "invoice"}:
        raise ImproperlyConfigured(
            f"Set {name} to some of booker, participants, invoice (or to nobody)."
        )
    return found


def networks(name):
    """IP addresses or networks, none by default."""
    try:
        return [ip_network(one) for one in several(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"Set {name} to IP addresses or networks: {error}.") from None


def mail_addresses(name):
    found = several(name)
    if any("@" not in one for one in found):
        raise ImproperlyConfigured(f"Set {name} to e-mail addresses, with commas between.")
    return found
