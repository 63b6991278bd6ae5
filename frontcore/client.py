"""Frontcore: one method per call of the API that the site uses.

Lists come page by page as ``Listing``: ``items`` are right, ``bad`` are reported, and the caller
decides what a bad one means; ``notes`` tell what was left out of an item because it cannot be
read. Unavailable, Refused and BadAnswer may be raised midway through a list: collect before
writing. Which call is certain and which is inferred stands at each method; "docs" is Frontcore's
own API documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from pydantic import ValidationError

from .answers import items_of
from .errors import BadAnswer, NotThere, Uncertain
from .lists import DATE_ID, Lists, local_text, one, quiet_id, same
from .loose import at
from .pace import Pace, Priority
from .paging import LARGEST_PAGE
from .people import People
from .records.base import Listing, complaint, read_items
from .records.bookings import (
    BookingRequest,
    BookingSummary,
    CampaignRecord,
    Deregistration,
    OrderRecord,
    VoucherRecord,
)
from .records.courses import CourseDetail, CourseRecord, DurationRecord, ProductRecord
from .records.dates import DateRecord, InstructorRecord, VenueRecord
from .transport import Call, Limits, Transport

Params = list[tuple[str, str | int]]

#: Course ids in one address of the batch call: some 2,000 characters.
BATCH_COURSES = 100


#: What an order's lines are asked to carry.
ORDER_RELATIONS = ("course", "participants")


class Frontcore(People):
    """One account of Frontcore's API v2; a context manager, for one thread at a time.

    Times are seconds. The totals hold for a whole call, its tries and (but for the refresh) its
    waiting for a turn included. ``rate`` is in requests a second over all processes that use the
    file ``pace_path``; None or 0: no pace. ``cache_path``: the file for what rarely changes;
    None: no cache. ``guard`` is called before every call and may raise. ``requests_made`` counts
    what really went over the network.
    """

    def __init__(
        self,
        *,
        key: str,
        base_url: str = "https://api.frontcore.com/v2",
        connect_timeout_s: float = 5.0,
        read_timeout_s: float = 10.0,
        read_total_s: float = 30.0,
        write_total_s: float = 25.0,
        rate: float = 5.0,
        pace_path: Path | None = None,
        cache_path: Path | None = None,
        priority: Priority = Priority.VISITOR,
        guard: Callable[[], None] | None = None,
    ) -> None:
        self._transport = Transport(
            base_url=base_url,
            key=key,
            limits=Limits(connect_timeout_s, read_timeout_s, read_total_s, write_total_s),
            pace=Pace(pace_path, rate),
            cache_path=cache_path,
            priority=priority,
            guard=guard,
        )

        self._lists = Lists(self._transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<Frontcore>"

    def close(self) -> None:
        self._transport.close()

    @property
    def requests_made(self) -> int:
        return self._transport.requests_made

    # Dates ------------------------------------------------------------------------------------

    def next_coursedates(self, *, limit: int | None = None) -> Listing[DateRecord]:
        """The calendar: coming dates with course, venue, gatherings and instructors.

        One answer, without paging; its order, horizon and parameters are unknown, so neither
        order nor completeness may be relied on. Source: GET /nextcoursedates, live use.
        """
        params: Params = [("limit", limit)] if limit else []
        call = Call("GET /nextcoursedates", "GET", "/nextcoursedates", params, optional=True)
        items = items_of(call.name, self._transport.read(call))
        return read_items(items, DateRecord.from_api, kind="coursedate", id_at=DATE_ID)

    def coursedates(
        self, *, include: Sequence[str] = ("course", "location", "place"), **filters: str | int
    ) -> Iterator[Listing[DateRecord]]:
        """Dates over all courses, page by page, without gatherings and instructors.

        Missing where the account does not have the call: it is known through one integration
        only. ``filters`` are the API's own: ``start_date_at_min="now"``, ``coursedate_id=…``.
        Source: GET /coursedates [inferred].
        """
        params: Params = [*sorted(filters.items()), *(("include[]", name) for name in include)]
        return self._lists.pages("/coursedates", "coursedate", DateRecord.from_api, params)

    def course_dates(self, course_id: int, **filters: str | int) -> Iterator[Listing[DateRecord]]:
        """All dates of one course, past, cancelled and hidden ones too unless filtered.

        Source: GET /courses/:id/coursedates, docs.
        """
        return self._lists.pages(
            f"/courses/{int(course_id)}/coursedates",
            "coursedate",
            lambda raw: DateRecord.from_names(DateRecord.names(raw, course_id)),
            sorted(filters.items()),
        )

    def batch_coursedates(
        self,
        course_ids: Sequence[int],
        *,
        updated_since: datetime | None = None,
        starts_from: date | None = None,
        limit: int = LARGEST_PAGE,
    ) -> Iterator[Listing[DateRecord]]:
        """Dates of several courses, gatherings and instructors included.

        Whether ``limit`` counts in total or per course, and whether ``page`` works, is unknown:
        both are provided for; where paging stands still the courses are asked for in halves.
        Source: GET /batch/coursedates, docs ("experimental"; the form of its answer inferred).
        """
        params: Params = []
        if updated_since is not None:
            params.append(("updated_at_min", local_text(updated_since)))
        if starts_from is not None:
            params.append(("start_date_at_min", starts_from.isoformat()))
        ids = [int(number) for number in course_ids]
        for first in range(0, len(ids), BATCH_COURSES):
            for items in self._lists.batch(ids[first : first + BATCH_COURSES], params, limit):
                yield read_items(items, DateRecord.from_api, kind="coursedate", id_at=DATE_ID)

    def coursedate(self, course_id: int, coursedate_id: int) -> DateRecord:
        """One date as it is now, with products and instructors; never from a cache.

        NotThere for an unknown one. Source: GET /courses/:id/coursedates/:id, docs.
        """
        call = Call(
            "GET /courses/:id/coursedates/:id",
            "GET",
            f"/courses/{int(course_id)}/coursedates/{int(coursedate_id)}",
            [("include[]", "course.products"), ("include[]", "instructors")],
        )
        body = self._transport.read(call)
        record = one(
            call, body, lambda raw: DateRecord.from_names(DateRecord.names(raw, course_id))
        )
        return same(call, record, coursedate_id)

    # Courses and the lists around them --------------------------------------------------------

    def courses(self) -> Iterator[Listing[CourseRecord]]:
        """All courses in short form. Whether inactive ones are listed is unknown.

        Source: GET /courses, known through integrations.
        """
        return self._lists.pages("/courses", "course", CourseRecord.from_api)

    def course(self, course_id: int, language: str = "no") -> CourseDetail:
        """One course with its texts in that language, and its products.

        Asked each time; where the API gives an ETag, an unchanged course is answered by 304.
        NotThere for an unknown id. Source: GET /courses/:id, docs (place of the texts inferred).
        """
        call = Call(
            "GET /courses/:id",
            "GET",
            f"/courses/{int(course_id)}",
            [("description_language", language), ("include[]", "products")],
            keep="etag",
        )
        record = one(call, self._transport.read(call), CourseDetail.from_api)
        return same(call, record, course_id)

    def locations(self) -> Listing[VenueRecord]:
        """All venues; asked at most once a day. Missing where the account has no such list.

        Source: GET /locations [path known through an integration, list inferred].
        """
        return self._lists.daily("/locations", "location", VenueRecord.from_api)

    def instructors(self) -> Listing[InstructorRecord]:
        """All instructors, names only; asked at most once a day. Missing where there is no list.

        Source: GET /instructors [path from the docs, list inferred].
        """
        return self._lists.daily("/instructors", "instructor", InstructorRecord.from_api)

    def durations(self) -> Listing[DurationRecord]:
        """The units of length; asked at most once a day. Missing where there is no list.

        Source: GET /durations, docs.
        """
        return self._lists.daily("/durations", "duration", DurationRecord.from_api)

    def products(self, **filters: str | int) -> Iterator[Listing[ProductRecord]]:
        """All prices, add-ons, archived and deleted ones too. ``id_type=2``: of courses only.

        Source: GET /orders/products, docs.
        """
        params = sorted(filters.items())
        return self._lists.pages("/orders/products", "product", ProductRecord.from_api, params)

    # Codes ------------------------------------------------------------------------------------

    def campaign(
        self,
        code: str,
        *,
        coursedate_id: int | None = None,
        course_id: int | None = None,
        timeout_s: float = 3.0,
    ) -> CampaignRecord:
        """The campaign of that code, tested against the date and course; found is not yet usable.

        NotThere for an unknown code. ``timeout_s`` is for all of it, waiting for a turn too.
        Never cached. Source: GET /campaigns/validate/:code, docs.
        """
        against = {"coursedate_id": coursedate_id, "course_id": course_id}
        params: Params = [(name, number) for name, number in against.items() if number]
        call = self._code_call("campaigns", code, params)
        body = self._transport.read(call, timeout_s)
        return one(call, at(body, "campaign"), CampaignRecord.from_api)

    def voucher(self, code: str, *, timeout_s: float = 3.0) -> VoucherRecord:
        """The voucher of that code; found is not yet usable. NotThere for an unknown code.

        Never cached. Source: GET /vouchers/validate/:code, docs.
        """
        call = self._code_call("vouchers", code, [])
        body = self._transport.read(call, timeout_s)
        return one(call, at(body, "voucher"), VoucherRecord.from_api)

    # What Frontcore knows of bookings ---------------------------------------------------------

    def orders(self, since: datetime, *, course_id: int | None = None) -> tuple[OrderRecord, ...]:
        """Orders made since then, those exported to accounting included, with their lines.

        An item that cannot be read is BadAnswer, as for participants.
        Source: GET /orders, docs (its end, with lines and moments, inferred).
        """
        params: Params = [("created_at_min", local_text(since)), ("exported", "true")]
        params += [("include[]", f"lines.database_relations.{name}") for name in ORDER_RELATIONS]
        if course_id is not None:
            params.append(("course_id", int(course_id)))
        return self._lists.whole("/orders", "order", OrderRecord.from_api, params)

    # Writes: never repeated here --------------------------------------------------------------

    def wait_for_slot(self) -> None:
        """Connect for the next write and take its turn, so that it goes out when it is called.

        Unavailable where there is no connection or no turn in time: nothing was sent. The caller
        has a seventh of a second before the turn; one that is missed is lost, and the write takes
        another.
        """
        self._transport.wait_for_slot()

    def book(self, request: BookingRequest, *, not_after: datetime | None = None) -> BookingSummary:
        """Book people onto a date. Sent once, on a connection of its own; nothing is sent, and it
        is Unavailable, where the first byte has not left before ``not_after`` (with its zone).

        Unavailable: provably not sent, or 429. Refused: nothing was made; ``is_setup`` tells what
        only staff can mend. Uncertain: an order may exist. Source: POST /booking, docs and an
        integration; no key against doubles is documented.
        """
        call = Call("POST /booking", "POST", "/booking", body=request.as_body())
        found = at(self._transport.write(call, not_after=not_after), "summary")
        try:
            if not isinstance(found, Mapping):
                raise Uncertain(f"{call.name}: booked, but without a summary")
            asked = {"coursedate_id": request.coursedate_id, "currency": request.currency}
            told = asked | dict(found)
            summary = BookingSummary.from_api(told)
        except ValidationError as error:
            field, problem = complaint(error)
            failure = Uncertain(
                f"{call.name}: booked, but {field} of the summary is unreadable ({problem})",
                order_id=quiet_id(found, "order_id"),
                booking_id=quiet_id(found, "booking_id"),
            )
        else:
            if summary.coursedate_id == request.coursedate_id:
                return summary
            failure = Uncertain(
                f"{call.name}: the summary is about another date",
                order_id=summary.order_id,
                booking_id=summary.booking_id,
            )
        raise failure

    def deregister(
        self,
        booking_id: int,
        *,
        with_fee: bool = False,
        send_receipt: bool = False,
        not_after: datetime | None = None,
    ) -> Deregistration:
        """Take back a whole booking; for one person of several there is no call we use.

        Errors and ``not_after`` as for ``book``; NotThere for an unknown booking. What is
        written about single people stands in ``people``.
        Source: PUT /booking/:id/deregister, docs.
        """
        config = {"with_fee": with_fee, "send_receipt_email_to_participant": send_receipt}
        path = f"/booking/{int(booking_id)}/deregister"
        call = Call("PUT /booking/:id/deregister", "PUT", path, body={"config": config})
        body = self._transport.write(call, not_after=not_after)
        if quiet_id(body, "booking_id") not in (None, booking_id):
            raise Uncertain(f"{call.name}: the answer is about another booking")
        people = at(body, "participants")
        count = len(people) if isinstance(people, list) else 0
        return Deregistration(booking_id=booking_id, participants=count)

    def _code_call(self, what: str, code: str, params: Params) -> Call:
        """A call with a code in its path; what would make another path of it is no code."""
        name = f"GET /{what}/validate/:code"
        code = code.strip()
        if not code.strip(".") or not code.isprintable():
            raise NotThere(f"{name}: no such code", "not_there")
        if "/" in code or "\\" in code:
            raise BadAnswer(f"{name}: a code with a slash cannot be asked for")
        return Call(name, "GET", f"/{what}/validate/{quote(code, safe='')}", params)
