"""Who asks, as far as limits care: by the address of the network, which is kept nowhere.

Questions for public data are counted in the cache that all processes share. Under load it may lose
some counts: here that lets a few more questions through, and costs the database of the bookings no
write. What must be counted to the last one is (booking/limits.py).
"""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

PERIOD_S = 60


def wait_s(meta, now=None):
    """Whole seconds until this caller may ask for data again; None where it may now."""
    now = now or timezone.now()
    address = address_of(meta)
    if not address or cache.get(key(address, now), 0) < settings.LIMIT_DATA_ADDRESS_MIN:
        return None
    return PERIOD_S - int(now.timestamp()) % PERIOD_S


def count(meta, now=None):
    """It has asked once more."""
    address = address_of(meta)
    if not address:
        return
    name = key(address, now or timezone.now())
    try:
        cache.incr(name)
    except ValueError:  # the first of this minute
        cache.add(name, 1, PERIOD_S)


def key(address, now):
    """Of the count of this minute: a hash with a salt of the day, from which none can be read."""
    told = f"{int(now.timestamp()) // PERIOD_S}: {address}"
    salt = f"catalog.callers {now:%Y-%m-%d}"
    return f"asked:{salted_hmac(salt, told, algorithm='sha256').hexdigest()}"


# --- The address ----------------------------------------------------------------------------


def address_of(meta):
    """The visitor's address as limits count it: IPv4 whole, IPv6 by the /64 that a household or
    an office has. From X-Forwarded-For only as far as TRUSTED_PROXIES have written it: the
    right-most hop that is none of them. "" where there is none (a socket)."""
    address = parsed(meta.get("REMOTE_ADDR", ""))
    hops = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and is_ours(address):
        hop = parsed(hops.pop())
        if hop is None:
            break
        address = hop
    if address is None:
        return ""
    return str(address) if address.version == 4 else str(ip_network((int(address), 64), False))


def is_ours(address):
    """Whether that hop is a proxy of ours; behind a socket there is none but ours."""
    if address is None:
        return bool(settings.TRUSTED_PROXIES)
    return any(address in network for network in settings.TRUSTED_PROXIES)


def parsed(hop):
    """An IP address, without port, zone or IPv6 clothes of an IPv4 address; None if it is none."""
    hop = hop.strip()
    if hop.startswith("["):
        hop = hop[1:].split("]")[0]
    elif hop.count(":") == 1:
        hop = hop.split(":")[0]
    try:
        address = ip_address(hop.split("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
