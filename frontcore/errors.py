"""What can go wrong, sorted by what the caller does next.

::

    FrontcoreError                 any of them; ``.sentence`` may be logged and shown to staff
    ├── Unavailable                not now: may be called again later
    ├── Refused                    a reasoned no (``.code``): never the same call again
    │   └── NotThere               there is no such course, date, booking or code
    ├── Uncertain                  a write left us, no clear answer: never again by machine
    └── BadAnswer                  a read nobody can understand: report it, it is never "empty"
        └── Missing                this account has no such list (404)

No library exception leaves this package. Sentences hold the kind of call, never the key, an
address with a code in it, a name or an e-mail; so they are fit for logs.
"""

from __future__ import annotations

#: Codes after which something may exist at Frontcore all the same.
UNCERTAIN_CODES = frozenset(
    {
        "booking_could_not_be_created",
        "order_could_not_be_created",
        "internal_course_order_not_resolvable",
        "internal_course_orderline_not_resolvable",
    }
)

#: Codes that say the account or our own sending is set up wrongly; no visitor can mend them.
SETUP_CODES = frozenset(
    {
        "default_course_product_missing",
        "participant_products_empty",
        "participant_products_invalid",
        "participant_does_not_have_a_course_product",
        "participant_have_multiple_course_products",
        "participant_product_price_invalid",
        "currency_missing",
        "exchange_rate_does_not_exist",
        "school_account_invalid",
        "key_refused",
        "unauthorized",
        "fields_missing",
        "too_many_requests",
        "unexplained",
    }
)


class FrontcoreError(Exception):
    """The root of the tree above."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unavailable(FrontcoreError):
    """Not now. A write provably never left us, or was put off by 429; a read got no answer.

    ``retry_after_s`` is how long Frontcore (or our own pace) asks us to wait, where known.
    """

    def __init__(self, sentence: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class Refused(FrontcoreError):
    """A reasoned no, also when it came with HTTP 200.

    ``code`` is the first of ``codes``: Frontcore's own, or one of ours where it gives none:
    ``key_refused``, ``fields_missing``, ``fields_not_valid``, ``too_many_requests``,
    ``not_there``, ``unexplained``. ``message`` is Frontcore's text; it may repeat what a visitor
    typed, so it is in no sentence and belongs in no log.
    """

    def __init__(
        self,
        sentence: str = "",
        code: str = "unexplained",
        message: str = "",
        codes: tuple[str, ...] = (),
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.message = message
        self.codes = codes or (code,)

    @property
    def is_setup(self) -> bool:
        """Whether staff must act (key, products, currency …); the visitor cannot."""
        return any(code in SETUP_CODES or code.startswith("http_") for code in self.codes)


class NotThere(Refused):
    """No course, date, booking, campaign or voucher of that id or code."""


class Uncertain(FrontcoreError):
    """A write left us and nobody knows what became of it. Never sent again by a machine.

    ``code`` is Frontcore's where it gave one ("booking_could_not_be_created"). ``order_id`` and
    ``booking_id`` are what a half-readable success did tell, for the person who looks.
    """

    def __init__(
        self,
        sentence: str = "",
        code: str | None = None,
        order_id: int | None = None,
        booking_id: int | None = None,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.order_id = order_id
        self.booking_id = booking_id


class BadAnswer(FrontcoreError):
    """A read whose answer we cannot understand. It is never to be taken for "nothing there"."""


class Missing(BadAnswer):
    """The account has no such call (404). Only optional lists may be missing."""
