"""Campaign and voucher codes: looked up, judged for a booking, and validated for a client.

Also the error codes of the booking family, with their messages.
"""

from decimal import Decimal

from .answers import Answer, Problem, refusal
from .books import Books
from .people import PeopleShapes
from .records import Campaign, Course, Voucher
from .shapes import Json
from .switches import Switches

MESSAGES = {
    "course_identifier_invalid": "The course identifier is invalid.",
    "course_date_identifier_invalid": "The course date identifier is invalid.",
    "course_date_cancelled": "The course date is cancelled.",
    "registration_deadline_passed": "The registration deadline has passed.",
    "participant_count_invalid": "At least one participant must be specified.",
    "campaign_code_invalid": "The campaign code is invalid.",
    "campaign_code_expired": "The campaign code has expired.",
    "voucher_code_invalid": "The voucher code is invalid.",
    "voucher_code_expired": "The voucher code has expired.",
    "default_course_product_missing": "The course has no default product.",
    "participant_products_empty": "Participant {n} has an empty list of products.",
    "participant_products_invalid": "Participant {n} has invalid products.",
    "participant_does_not_have_a_course_product": "Participant {n} has no course product.",
    "participant_have_multiple_course_products": "Participant {n} has several course products.",
    "participant_product_price_invalid": "Participant {n} has a product with an invalid price.",
    "participant_name_invalid_empty": "Participant {n} must have a name specified.",
    "participant_email_invalid_empty": "Participant {n} must have an email address.",
    "currency_missing": "The currency is not supported.",
    "exchange_rate_does_not_exist": "The currency has no exchange rate.",
    "school_account_invalid": "The school account is invalid.",
    "internal_course_order_not_resolvable": "The order could not be resolved.",
    "internal_course_orderline_not_resolvable": "The order line could not be resolved.",
    "booking_could_not_be_created": "Booking could not be created.",
    "order_could_not_be_created": "Order could not be created.",
    "no_vacant_seats": "There are no vacant seats",
    "unauthorized": "You are not allowed to do this.",
}


def refused(code: str, n: int = 0) -> Problem:
    return refusal((code, MESSAGES.get(code, code).format(n=n)))


class Codes:
    def __init__(self, books: Books, switches: Switches, shapes: PeopleShapes) -> None:
        self.books = books
        self.switches = switches
        self.shapes = shapes

    def campaign(self, body: Json, course: Course) -> Campaign | None:
        code = str(body.get("campaign_code") or "").strip()
        if not code:
            return None
        campaign = self.books.campaigns.get(code.lower())
        if campaign is None or (campaign.course_ids and course.id not in campaign.course_ids):
            raise refused("campaign_code_invalid")
        state = self.shapes.campaign(campaign)
        if state["expired"]:
            raise refused("campaign_code_expired")
        if not state["running"]:
            raise refused("campaign_code_invalid")
        return campaign

    def voucher(self, body: Json) -> Voucher | None:
        code = str(body.get("voucher_code") or "").strip()
        if not code:
            return None
        voucher = self.books.vouchers.get(code.lower())
        if voucher is None or voucher.is_deleted or Decimal(voucher.balance) <= 0:
            raise refused("voucher_code_invalid")
        if self.shapes.voucher_expired(voucher):
            raise refused("voucher_code_expired")
        return voucher

    def validate_campaign(self, code: str, course_id: int | None, date_id: int | None) -> Answer:
        """Found, even when it is over or not begun: the fields say so."""
        if course_id is None and date_id is None:
            message = "A course id or coursedate id must be specified to validate the campaign code"
            raise refusal(("missing_course_id", message))
        date = self.books.coursedates.get(date_id)
        asked = course_id if course_id is not None else (date.course_id if date else None)
        campaign = self.books.campaigns.get(code.strip().lower())
        other = campaign and campaign.course_ids and asked not in campaign.course_ids
        if campaign is None or (other and self.switches.other_course_not_found):
            message = "We can not find any campaigns with given code."
            raise refusal(("resource_not_found", message), status=404)
        return Answer({"successful": True, "campaign": self.shapes.campaign(campaign)})

    def validate_voucher(self, code: str) -> Answer:
        voucher = self.books.vouchers.get(code.strip().lower())
        if voucher is None:
            message = "We can not find any voucher with given code."
            raise refusal(("resource_not_found", message), status=404)
        return Answer({"successful": True, "voucher": self.shapes.voucher(voucher)})
