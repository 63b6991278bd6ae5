"""Which call answers which address, with its body read and its errors spelled."""

import json
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import answers, queries
from .answers import Answer, NoSuchPage, Problem
from .booking import Desk
from .books import Books
from .catalogue import Catalogue
from .people import PeopleShapes
from .people_calls import PeopleCalls
from .switches import Switches


@dataclass
class Request:
    """One request as it came in; `path` is without `/v2`."""

    method: str
    path: str
    query_text: str
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    raw_body: bytes = b""

    def query(self) -> queries.Query:
        return queries.parse(self.query_text)

    def body(self) -> dict[str, Any]:
        """JSON when the content type says so, else a form as PHP reads it."""
        kind = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind in ("application/json", "application-json"):
            try:
                found = json.loads(self.raw_body or b"{}")
            except ValueError:
                raise answers.error("Invalid JSON") from None
            return found if isinstance(found, dict) else {}
        return queries.parse(self.raw_body.decode("utf-8", "replace"))


class Api:
    """The account's doorway: an address and a method lead to one call."""

    def __init__(self, books: Books, switches: Switches) -> None:
        self.books = books
        self.switches = switches
        self.shapes = PeopleShapes(books, switches)
        self.desk = Desk(books, switches, self.shapes)
        self.catalogue = Catalogue(books, switches, self.shapes)
        self.people = PeopleCalls(books, switches, self.shapes, self.desk)
        self.reads = _compiled(self._reads())
        self.writes = _compiled(self._writes())

    def answer(self, request: Request) -> Answer:
        """Do the work and say how it went. What changed is in the state file on return."""
        with self.books.lock:
            try:
                return self._dispatch(request)
            except Problem as problem:
                status = 200 if self.switches.errors_as_200 else problem.status
                return Answer(problem.data, status)
            except NoSuchPage:
                return Answer(None, 404, text=answers.SLIM_NOT_FOUND)
            except Exception:  # as the real one: a page, and the reason in its own log
                traceback.print_exc()
                return Answer(None, 500, text=answers.SLIM_ERROR)
            finally:
                self.books.commit()

    def _dispatch(self, request: Request) -> Answer:
        if request.method == "GET":
            for pattern, call in self.reads:
                if match := pattern.match(request.path):
                    return call(request, *_numbers(match))
        for (method, pattern), call in self.writes:
            match = pattern.match(request.path)
            if match and method == request.method:
                return call(request.body(), *_numbers(match))
        raise NoSuchPage

    def _reads(self) -> dict[str, Callable]:
        shop, people = self.catalogue, self.people

        def asked(call: Callable) -> Callable:
            return lambda request, *ids: call(request.query(), *ids)

        simple = {
            "/nextcoursedates": shop.calendar,
            "/coursedates": shop.all_dates,
            "/batch/coursedates": shop.batch,
            "/courses": shop.courses,
            "/courses/#/coursedates": shop.course_dates,
            "/courses/#/coursedates/#": shop.one_date,
            "/locations": shop.locations,
            "/places": shop.places,
            "/instructors": shop.instructors,
            "/orders/products": shop.products,
            "/durations": shop.durations,
            "/currencies": shop.currencies,
            "/countries": shop.countries,
            "/forms-of-teaching": shop.forms_of_teaching,
            "/course-roles": shop.course_roles,
            "/participants": people.participants,
            "/participants/#": people.participant,
            "/orders": people.orders,
            "/orders/#": people.order,
            "/customers": people.customers,
            "/customers/#": people.customer,
            "/search-users": people.search_users,
            "/privacy/users/legalbases": people.legal_bases,
            "/privacy/users/#/legalbases": people.legal_bases,
            "/privacy/@": people.privacy_list,
            "/campaigns/validate": self._campaign,
            "/campaigns/validate/*": self._campaign,
            "/vouchers/validate": self._voucher,
            "/vouchers/validate/*": self._voucher,
        }
        found = {path: asked(call) for path, call in simple.items()}
        found["/courses/#"] = lambda request, key: shop.course(
            request.query(), key, request.headers.get("if-none-match")
        )
        return found

    def _writes(self) -> dict[tuple[str, str], Callable]:
        people = self.people
        return {
            ("POST", "/booking"): self.desk.book,
            ("PUT", "/booking/#/deregister"): lambda body, key: self.desk.deregister(key, body),
            ("PUT", "/participants/#"): people.change_participant,
            ("POST", "/check-user-credentials"): people.check_credentials,
            ("DELETE", "/privacy/users/#/anonymize"): people.anonymize,
            ("POST", "/privacy/users/#/legalbases"): people.add_legal_basis,
            ("PUT", "/privacy/users/#/legalbases/#"): people.change_legal_basis,
            ("DELETE", "/privacy/users/#/legalbases/#"): people.delete_legal_basis,
        }

    def _campaign(self, query: queries.Query, code: str | None = None) -> Answer:
        """The code in the path, or as a parameter."""
        return self.desk.codes.validate_campaign(
            code or str(query.get("code") or ""),
            queries.whole_number(query, "course_id"),
            queries.whole_number(query, "coursedate_id"),
        )

    def _voucher(self, query: queries.Query, code: str | None = None) -> Answer:
        return self.desk.codes.validate_voucher(code or str(query.get("code") or ""))


def _compiled(table: dict) -> list:
    """`#` is a number, `*` a code (any text), `@` one of the privacy lists."""
    listed = []
    for key, call in table.items():
        path = key[1] if isinstance(key, tuple) else key
        pattern = path.replace("#", r"(\d+)").replace("*", "(?P<code>.+)")
        pattern = re.compile(
            pattern.replace("@", "(?P<list>purposes|consents|legalbases|sources)") + r"/?\Z"
        )
        listed.append(((key[0], pattern) if isinstance(key, tuple) else pattern, call))
    return listed


def _numbers(match: re.Match) -> list[int | str]:
    """The parts of the address; a code stays text, also when it is all digits."""
    texts = match.re.groupindex.values()
    parts = enumerate(match.groups(), start=1)
    return [part if index in texts else int(part) for index, part in parts]
