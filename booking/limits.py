"""How often one visitor, and all of them together, may ask for something.

The database counts, so that a limit holds over all processes and hosts. Who is held up is known by
reading alone: that costs no write, and takes no turn from others. A count names nobody: its key is
a hash with a salt of the day and the site's own secret, and the row is gone after some hours.

The numbers (settings.LIMITS) are generous: a whole office may lie behind one address.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext_lazy

from booking.models import Count
from catalog.callers import address_of

SENTENCES = {
    "too_many_posts": ngettext_lazy(
        "So much comes from your network just now that we have not looked at this. Nothing is "
        "lost: wait %(minutes)d minute, then press once more.",
        "So much comes from your network just now that we have not looked at this. Nothing is "
        "lost: wait %(minutes)d minutes, then press once more.",
        "minutes",
    ),
    "too_many_bookings": ngettext_lazy(
        "So many bookings have come in that we take no more from your network just now. Nothing "
        "is lost: wait %(minutes)d minute, then press once more, or contact us.",
        "So many bookings have come in that we take no more from your network just now. Nothing "
        "is lost: wait %(minutes)d minutes, then press once more, or contact us.",
        "minutes",
    ),
    "too_many_interested": ngettext_lazy(
        "So many have asked us from your network, or with this e-mail address, that we take no "
        "more just now. Nothing is lost: wait %(minutes)d minute, then press once more, or "
        "contact us.",
        "So many have asked us from your network, or with this e-mail address, that we take no "
        "more just now. Nothing is lost: wait %(minutes)d minutes, then press once more, or "
        "contact us.",
        "minutes",
    ),
    "too_many_codes": ngettext_lazy(
        "Too many codes have been tried. Wait %(minutes)d minute, book without a code, or "
        "contact us.",
        "Too many codes have been tried. Wait %(minutes)d minutes, book without a code, or "
        "contact us.",
        "minutes",
    ),
}


@dataclass(frozen=True)
class Sender:
    """Who sends a form, as far as limits care. Staff, who book for callers, know none."""

    address: str = ""  # of the network; "" where nobody can tell: then only the site's limits hold
    form: str = ""
    is_staff: bool = False

    @classmethod
    def of(cls, request, form=""):
        return cls(address_of(request.META), form, request.user.is_staff)


@dataclass(frozen=True)
class Limit:
    """At most `most` of something, for one subject, within a stretch that began at `since`."""

    what: str
    whose: str
    subject: str
    most: int
    since: datetime

    @property
    def key(self):
        salt = f"booking.limits {self.since:%Y-%m-%d}"
        told = f"{self.what} by {self.whose}: {self.subject}"
        return salted_hmac(salt, told, algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Turn:
    """What came of asking: `wait_min` is None where it is allowed."""

    wait_min: int | None = None
    counted: dict = field(default_factory=dict)

    def take_back(self):
        """It does not count after all."""
        if self.counted:
            Count.objects.take_back(self.counted)


def wait(what, sender, same="", now=None):
    """Whole minutes until it is allowed again, None where it is now. Counts nothing."""
    limits, now = limits_on(what, sender, same, now), now or timezone.now()
    if not limits:
        return None
    numbers = Count.objects.numbers({limit.key: limit.since for limit in limits})
    reached = [limit for limit in limits if numbers.get(limit.key, 0) >= limit.most]
    return minutes_until_over(reached, now)


def ask(what, sender, same="", now=None):
    """Count one more, unless a limit is reached: a Turn. `same` is what is asked for again and
    again: a code, an e-mail address."""
    limits, now = limits_on(what, sender, same, now), now or timezone.now()
    if not limits:
        return Turn()
    if minutes := wait(what, sender, same, now):
        return Turn(minutes)
    counted = {limit.key: limit.since for limit in limits}
    numbers = Count.objects.add(counted)
    reached = [limit for limit in limits if numbers[limit.key] > limit.most]
    return Turn(minutes_until_over(reached, now), counted)


def limits_on(what, sender, same="", now=None):
    """What holds for this sender now; nothing for staff."""
    if sender is None or sender.is_staff:
        return []
    subjects = {"address": sender.address, "form": sender.form, "same": same, "site": "all"}
    return [
        Limit(what, whose, subjects[whose], most, since(every, now))
        for (asked, whose), (most, every) in settings.LIMITS.items()
        if asked == what and subjects[whose]
    ]


def since(every, now=None):
    """When the running stretch of that length began."""
    seconds = int((now or timezone.now()).timestamp())
    length = int(every.total_seconds())
    return datetime.fromtimestamp(seconds - seconds % length, UTC)


def minutes_until_over(reached, now):
    """Minutes until the last of these stretches is over, at least one; None where there is none."""
    every = {key: length for key, (_most, length) in settings.LIMITS.items()}
    ends = [limit.since + every[limit.what, limit.whose] for limit in reached]
    return max(1, -int((now - max(ends)).total_seconds() // 60)) if ends else None


def may_look(sender, now=None):
    """Whether this press may look at the date afresh. When many come, the stored copy answers
    first, long before anything is refused."""
    presses = limits_on("post", sender, now=now)
    if not presses:
        return True
    numbers = Count.objects.numbers({limit.key: limit.since for limit in presses})
    return all(
        numbers.get(limit.key, 0) <= settings.LIMITS["look", limit.whose][0] for limit in presses
    )
