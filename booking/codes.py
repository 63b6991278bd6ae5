"""Campaign and voucher codes: what Frontcore says of them before anything is sent.

The check is a courtesy: the answer to the booking is the judgement. So a Frontcore that is slow or
away raises no objection. A positive answer is never remembered; a negative one for a minute, under
a key from which the code cannot be read. No code is ever logged.
"""

import logging
import time
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from booking import refusals
from booking.price import Discount
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
SENTENCES = CAMPAIGN | {VOUCHER_REFUSED: refusals.VOUCHER}


@dataclass(frozen=True)
class Checked:
    """What is known of the codes of one form. Codes that nobody could be asked about, or whose
    worth is in another currency, are `unchecked`."""

    objections: dict[str, str]  # field → code of the objection
    unchecked: tuple[str, ...] = ()  # fields
    discount: Discount | None = None
    voucher_balance: Decimal | None = None


def normalise(code):
    """A code as people mean it: no blanks around or within."""
    return "".join((code or "").split())


def check(api, coursedate, campaign_code, voucher_code):
    """Ask about both codes, within CODE_CHECK_TIMEOUT_S in all."""
    ends = time.monotonic() + settings.CODE_CHECK_TIMEOUT_S
    objections, unchecked, discount, balance = {}, [], None, None
    if campaign_code:
        campaign, objection = ask_campaign(api, coursedate, campaign_code, ends)
        if objection:
            objections["campaign_code"] = objection
        elif campaign and (campaign.is_percent or same_currency(campaign, coursedate)):
            discount = Discount(is_percent=campaign.is_percent, value=campaign.value)
        else:
            unchecked.append("campaign_code")
    if voucher_code:
        voucher, objection = ask_voucher(api, voucher_code, ends)
        if objection:
            objections["voucher_code"] = objection
        elif voucher and same_currency(voucher, coursedate):
            balance = voucher.balance
        else:
            unchecked.append("voucher_code")
    return Checked(objections, tuple(unchecked), discount, balance)


def same_currency(record, coursedate):
    return record.currency in (None, coursedate.course.currency)


def ask_campaign(api, coursedate, code, ends):
    """(campaign, None), (None, objection), or (None, None) where nobody could be asked."""
    ids = {"coursedate_id": coursedate.remote_id, "course_id": coursedate.course.remote_id}

    def ask(timeout_s):
        return api.campaign(code, **ids, timeout_s=timeout_s)

    return answer_of(ask, f"campaign {ids} {code.casefold()}", ends, campaign_objection)


def ask_voucher(api, code, ends):
    def ask(timeout_s):
        return api.voucher(code, timeout_s=timeout_s)

    return answer_of(ask, f"voucher {code.casefold()}", ends, voucher_objection)


def answer_of(ask, name, ends, judge):
    key = "booking.code." + salted_hmac("booking.codes", name, algorithm="sha256").hexdigest()
    if objection := cache.get(key):
        return None, objection
    time_left = ends - time.monotonic()
    if time_left < WORTH_ASKING_S:
        return None, None
    found = None
    try:
        found = ask(time_left)
        objection = judge(found)
    except Refused as refused:
        objection = None if refused.is_setup else judge(None)
    except FrontcoreError as error:
        logger.info("A code could not be checked: %s", error.sentence)
        return None, None
    if objection:
        cache.set(key, objection, NEGATIVE_S)
        return None, objection
    return found, None


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
