"""Campaign and voucher codes: what Frontcore says of them before anything is sent.

The check is a courtesy: the answer to the booking is the judgement. So a Frontcore that is slow or
away raises no objection. A positive answer is never remembered; a negative one for a minute, under
a key from which the code cannot be read. No code is ever logged.

Refused codes count towards limits (settings.LIMITS), good ones do not: a whole office may use the
campaign of the spring. Where a limit is reached no code is looked at any more, not even one whose
refusal is remembered, so that the answer is the same for codes that exist and codes that do not.

Every question counts towards a limit of its own, so that good codes are no way to keep Frontcore
busy. Beyond it codes are unchecked, as while Frontcore is away, and nobody is refused.
"""

import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from booking import limits, refusals
from booking.price import Discount, Voucher
from frontcore import FrontcoreError, Refused

logger = logging.getLogger(__name__)

FIELDS = ("campaign_code", "voucher_code")
NEGATIVE_S = 60
WORTH_ASKING_S = 0.2  # with less time left an answer is not to be expected

CAMPAIGN = {
    "campaign_not_found": _(
        "This campaign code is not known, or does not apply to this course. Check the spelling."
    ),
    "campaign_expired": _("This campaign has ended, so the code can no longer be used."),
    "campaign_waiting": _("This campaign has not started yet."),
    "campaign_archived": _("This campaign is no longer in use."),
    "campaign_inactive": _("This campaign is not active at the moment."),
}
VOUCHER_REFUSED = "voucher_refused"  # one for all: vouchers are money, and nobody shall learn more
TOO_MANY = "too_many_codes"
SENTENCES = CAMPAIGN | {VOUCHER_REFUSED: refusals.VOUCHER}


@dataclass(frozen=True)
class Checked:
    """What is known of the codes of one form. Codes that nobody could be asked about, or whose
    worth is in another currency, are `unchecked`."""

    objections: list[list]  # [field, code, parameters]
    unchecked: tuple[str, ...] = ()  # fields
    discount: Discount | None = None
    voucher: Voucher | None = None


def normalise(code):
    """A code as people mean it: no blanks around or within."""
    return "".join((code or "").split())


def check(api, coursedate, campaign_code, voucher_code, sender=None):
    """Ask about both codes, within CODE_CHECK_TIMEOUT_S in all."""
    asking = Asking(time.monotonic() + settings.CODE_CHECK_TIMEOUT_S, sender)
    objections, unchecked, discount, card = [], [], None, None
    if campaign_code:
        campaign, objection = ask_campaign(api, coursedate, campaign_code, asking)
        if objection:
            objections.append(["campaign_code", *objection])
        elif campaign and (campaign.is_percent or same_currency(campaign, coursedate)):
            discount = Discount(is_percent=campaign.is_percent, value=campaign.value)
        else:
            unchecked.append("campaign_code")
    if voucher_code:
        voucher, objection = ask_voucher(api, voucher_code, asking)
        if objection:
            objections.append(["voucher_code", *objection])
        elif voucher and same_currency(voucher, coursedate):
            card = Voucher(voucher.balance, last_day(voucher.expires_at))
        else:
            unchecked.append("voucher_code")
    return Checked(objections, tuple(unchecked), discount, card)


def last_day(expires_at):
    """The day on which a gift card ends, or None where it does not say."""
    return expires_at and timezone.localdate(expires_at)


def same_currency(record, coursedate):
    return record.currency in (None, coursedate.course.currency)


def judged_with_booking(entry, unchecked, sender):
    """Objections to sending codes that nobody could be asked about: each is a try like any other,
    or a booking would answer what the form does not."""
    for field in set(FIELDS) & set(unchecked):
        if entry.form.cleaned_data[field]:
            turn = limits.ask("code", sender)
            if turn.wait_min:
                return [[field, *too_many(turn.wait_min)]]
    return []


def ask_campaign(api, coursedate, code, asking):
    """(campaign, None), (None, objection), or (None, None) where nobody could be asked. An
    objection is [code, parameters]."""
    ids = {"coursedate_id": coursedate.remote_id, "course_id": coursedate.course.remote_id}

    def ask(timeout_s):
        return api.campaign(code, **ids, timeout_s=timeout_s)

    return asking.answer_of(ask, f"campaign {ids} {code.casefold()}", campaign_objection)


def ask_voucher(api, code, asking):
    def ask(timeout_s):
        return api.voucher(code, timeout_s=timeout_s)

    return asking.answer_of(ask, f"voucher {code.casefold()}", voucher_objection)


@dataclass(frozen=True)
class Asking:
    """The checks of one press: until when there is time, and whose limits hold."""

    ends: float
    sender: limits.Sender | None

    def answer_of(self, ask, name, judge):
        if minutes := limits.wait("code", self.sender, same=name):
            return None, too_many(minutes)
        hashed = salted_hmac("booking.codes", name, algorithm="sha256").hexdigest()
        key = f"booking.code.{hashed}"
        if objection := cache.get(key):
            return None, [objection, {}]
        time_left = self.ends - time.monotonic()
        if time_left < WORTH_ASKING_S:
            return None, None
        if limits.ask("asked", self.sender).wait_min:
            return None, None
        turn = limits.ask("code", self.sender, same=name)
        if turn.wait_min:
            return None, too_many(turn.wait_min)
        found, objection = asked(ask, time_left, judge)
        if objection is None:  # a good code, or nobody could be asked: no guess
            turn.take_back()
            return found, None
        cache.set(key, objection, NEGATIVE_S)
        return None, [objection, {}]


def asked(ask, time_left, judge):
    try:
        found = ask(time_left)
    except Refused as refused:
        return None, None if refused.is_setup else judge(None)
    except FrontcoreError as error:
        logger.info("A code could not be checked: %s", error.sentence)
        return None, None
    return found, judge(found)


def too_many(minutes):
    return [TOO_MANY, {"minutes": minutes}]


def campaign_objection(campaign):
    """The code of what speaks against this campaign (None: it was not found), or None."""
    if campaign is None:
        return "campaign_not_found"
    if campaign.is_archived:
        return "campaign_archived"
    if campaign.is_expired:
        return "campaign_expired"
    if campaign.is_waiting:
        return "campaign_waiting"
    return None if campaign.usable else "campaign_inactive"


def voucher_objection(voucher):
    usable = voucher is not None and voucher.usable and voucher.balance > 0
    return None if usable else VOUCHER_REFUSED
