"""Faults on request: which request meets which, and what it does to the answer's data."""

import itertools
import math
import re
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from . import answers
from .answers import Answer, Problem
from .api import Request
from .books import Books
from .codes import MESSAGES
from .records import CANCELLED

# What happens on the wire is in wire.py; the rest changes the answer or the books.
WIRE = (
    "slow", "hang", "accept_then_hang", "reset", "accept_then_reset", "close",
    "accept_then_close", "truncated", "slow_drip", "then_refuse",
)  # fmt: skip
INSTEAD = ("busy", "busy_no_retry_after", "html_500", "unavailable", "redirect", "answer", "error")
AFTER_WORK = ("accept_then_html_500", "accept_then_error", "accept_then_unavailable")
BENT = ("empty", "odd_types", "missing_field")
BEFORE = (
    "take_seats", "cancel_date", "hide_date", "pass_deadline", "change_price", "spend_voucher",
)  # fmt: skip
NAMES = ("refuse", *WIRE, *INSTEAD, *AFTER_WORK, *BENT, *BEFORE)
NOTHING_DONE = ("hang", "reset", "close", *INSTEAD)


class BadFault(ValueError):
    """What was asked for is no fault; the message says why."""


@dataclass
class Fault:
    """`times` 0 or less: until it is cleared. `skip` lets that many matches pass first."""

    id: int
    fault: str
    method: str = "*"
    path: str = "*"
    times: int = 1
    seconds: float | None = None
    skip: int = 0
    hits: int = 0
    options: dict[str, Any] = field(default_factory=dict)

    def matches(self, request: Request) -> bool:
        if self.method not in ("*", request.method):
            return False
        path = self.path.removeprefix("/v2")
        if path in ("", "*", "**"):
            return True
        pattern = re.escape(path).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
        return re.fullmatch(pattern, request.path) is not None

    def spent(self) -> bool:
        return 0 < self.times <= self.hits

    def to_json(self) -> dict[str, Any]:
        names = ("id", "fault", "method", "path", "times", "seconds", "skip", "hits")
        known = {name: getattr(self, name) for name in names}
        return known | {"left": None if self.times <= 0 else self.times - self.hits} | self.options


class Faults:
    """What is armed, in the order it was armed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.armed: list[Fault] = []
        self.numbers = itertools.count(1)

    def arm(self, wish: dict[str, Any]) -> Fault:
        wish = dict(wish)
        name = wish.pop("fault", None)
        if name not in NAMES:
            raise BadFault(f"no fault {name!r}; there are {', '.join(NAMES)}")
        try:
            fault = Fault(
                next(self.numbers),
                name,
                str(wish.pop("method", None) or "*").upper(),
                str(wish.pop("path", None) or "*"),
                int(wish.pop("times", 1)),
                float(wish["seconds"]) if wish.get("seconds") is not None else None,
                int(wish.pop("skip", 0)),
            )
        except (TypeError, ValueError) as wrong:
            raise BadFault(f"times, skip and seconds are numbers: {wrong}") from wrong
        wish.pop("seconds", None)
        fault.options = wish
        if name != "refuse":  # a closed port cannot wait for a request: it acts when armed
            with self.lock:
                self.armed.append(fault)
        return fault

    def clear(self) -> None:
        with self.lock:
            self.armed.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self.lock:
            return [fault.to_json() for fault in self.armed]

    def meet(self, request: Request) -> tuple[list[Fault], Fault | None]:
        """The faults this request meets: all that act before it, and the first other one."""
        before, other = [], None
        with self.lock:
            for fault in list(self.armed):
                if not fault.matches(request) or (fault.fault not in BEFORE and other):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.hits += 1
                if fault.spent():
                    self.armed.remove(fault)
                if fault.fault in BEFORE:
                    before.append(fault)
                else:
                    other = fault
        return before, other


# -- what an administrator or another customer does just before ---------------------------------


def act_before(fault: Fault, request: Request, books: Books) -> None:
    """Change the books the moment before the request is looked at."""
    with books.lock:
        if fault.fault == "spend_voucher":
            _spend_voucher(fault, request, books)
        else:
            date = books.coursedates.get(_date_meant(fault, request))
            if date is not None:
                _change_date(fault, date, books)
        books.commit()


def _body(request: Request) -> dict[str, Any]:
    try:
        return request.body() if request.raw_body else {}
    except Problem:
        return {}  # the call itself will say what is wrong with it


def _date_meant(fault: Fault, request: Request) -> int | None:
    """The date named in the fault, else in the body, the path or the query."""
    body = _body(request)
    in_path = re.search(r"/coursedates/(\d+)", request.path)
    for value in (
        fault.options.get("coursedate"),
        body.get("coursedate_id"),
        in_path and in_path[1],
        request.query().get("coursedate_id"),
    ):
        if value:
            return int(value)
    return None


def _change_date(fault: Fault, date: Any, books: Books) -> None:
    if fault.fault == "take_seats":
        left = int(fault.options.get("seats", 0))
        date.confirmed = max(books.capacity(date) - date.unconfirmed - left, 0)
    elif fault.fault == "cancel_date":
        date.status_id = CANCELLED
    elif fault.fault == "hide_date":
        date.is_visible = False
    elif fault.fault == "pass_deadline":
        date.deadline_at = str(books.clock.today() - timedelta(days=1))
    elif product := books.main_product(date.course_id):
        higher = product.price + float(fault.options.get("amount", 100))
        product.price = float(fault.options.get("price", higher))
        books.courses[date.course_id].price_value = product.price
        books.changed("products", product.id)
        books.changed("courses", date.course_id)
    books.changed("coursedates", date.id)


def _spend_voucher(fault: Fault, request: Request, books: Books) -> None:
    body = _body(request)
    in_path = re.search(r"/vouchers/validate/([^/]+)", request.path)
    code = fault.options.get("code") or body.get("voucher_code") or (in_path and in_path[1]) or ""
    voucher = books.vouchers.get(str(code).lower())
    if voucher:
        voucher.balance = f"{Decimal(str(fault.options.get('balance', 0))):.2f}"
        books.changed("vouchers", voucher.code.lower())


# -- answers instead of the true one, and the true one bent -------------------------------------


def instead(fault: Fault) -> Answer:
    """The answer that replaces the true one."""
    name = fault.fault.removeprefix("accept_then_")
    wait = str(math.ceil(fault.seconds or 1))
    if name == "busy":
        return Answer({"error": "Too many requests"}, 429, headers={"Retry-After": wait})
    if name == "busy_no_retry_after":
        return Answer({"error": "Too many requests"}, 429)
    if name == "html_500":
        return Answer(None, 500, text=answers.SLIM_ERROR)
    if name == "unavailable":
        headers = {"Retry-After": wait} if fault.seconds else {}
        return Answer(None, 503, text="<html><body>Service Unavailable</body></html>",
                      headers=headers)  # fmt: skip
    if name == "redirect":
        target = fault.options.get("location", "http://127.0.0.1:9/v2/elsewhere")
        return Answer(None, int(fault.options.get("status", 302)), text="",
                      headers={"Location": target})  # fmt: skip
    if name == "error":
        return _coded(fault)
    return _exactly(fault)


def _coded(fault: Fault) -> Answer:
    code = str(fault.options.get("code", "booking_could_not_be_created"))
    message = fault.options.get("message") or MESSAGES.get(code, code).format(n=1)
    problem = answers.refusal((code, message))
    return Answer(problem.data, int(fault.options.get("status", problem.status)))


def _exactly(fault: Fault) -> Answer:
    """`answer`: a text body is sent as it is, anything else as JSON."""
    body = fault.options.get("body")
    headers = {str(name): str(value) for name, value in fault.options.get("headers", {}).items()}
    status = int(fault.options.get("status", 200))
    if isinstance(body, str):
        return Answer(None, status, text=body, headers=headers)
    return Answer(body, status, headers=headers)


def bend(fault: Fault, answer: Answer) -> Answer:
    """The true answer with its data made empty, oddly typed, or short of a field."""
    if answer.text is not None:
        return answer
    if fault.fault == "empty":
        answer.data = _emptied(answer.data)
    elif fault.fault == "odd_types":
        answer.data = odd(answer.data)
    else:
        items, count = _items(answer.data), int(fault.options.get("count", 0))
        for item in items[:count] if count > 0 else items:
            _drop(item, fault.options.get("field"))
    answer.headers.pop("ETag", None)
    return answer


def _emptied(data: Any) -> Any:
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        return data | {"items": []}
    return [] if isinstance(data, list) else {}


def _items(data: Any) -> list:
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        return data["items"]
    return data if isinstance(data, list) else [data]


def _drop(item: Any, dotted: str | None) -> None:
    """Take out a field, `seats.free` for an inner one; by default what names the thing."""
    if not isinstance(item, dict):
        return
    if dotted is None:
        names = ("coursedate_id", "id", "summary", "campaign", "voucher", "successful")
        dotted = next((name for name in names if name in item), "")
    *outer, last = dotted.split(".")
    for name in outer:
        item = item.get(name)
        if not isinstance(item, dict):
            return
    item.pop(last, None)


def odd(data: Any) -> Any:
    """Numbers as strings, booleans as 1, 0 and "1", empty things as null: PHP on a bad day."""
    if isinstance(data, bool):
        return "1" if data else 0
    if isinstance(data, (int, float)):
        return str(data)
    if data in ("", [], {}):
        return None
    if isinstance(data, list):
        return [odd(each) for each in data]
    if isinstance(data, dict):
        return {key: odd(value) for key, value in data.items()}
    return data
