"""Every call against the simulator: what it asks for, and what comes back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from frontcore import BadAnswer, BookedProduct, BookingParticipant, NotThere, Refused
from frontcore.client import local_text
from frontcore.loose import OSLO

from .conftest import make_booking


def gather(listings):
    found = list(listings)
    assert [page.bad for page in found if page.bad] == []
    return [item for page in found for item in page.items]


def last_query(server, method, path):
    return server.requests(method, path)[-1]["query"]


def test_the_calendar_and_the_other_lists_of_dates_agree(api):
    listed = {item.id: item for item in gather(api.coursedates())}
    batch = {item.id: item for item in gather(api.batch_coursedates([90001, 90002]))}
    calendar = {item.id: item for item in api.next_coursedates().items}
    one = {item.id: item for item in gather(api.course_dates(90001))}
    for number in (13100001, 13100002):
        for other in (batch, calendar, one):
            assert other[number].starts_on == listed[number].starts_on
            assert other[number].seats == listed[number].seats
            assert other[number].course_id == listed[number].course_id
        assert batch[number].gatherings
        assert listed[number].gatherings is None


def test_one_date_comes_with_products_and_instructors(api):
    found = api.coursedate(90001, 13100001)
    assert found.id == 13100001
    assert [product.is_main for product in found.products] == [True]
    assert found.instructors
    assert found.gatherings[0].starts_at.tzinfo is not None


def test_dates_can_be_asked_for_by_start_and_by_change(frontcore_server, api):
    found = gather(api.batch_coursedates([90001, 90002], starts_from=date(2099, 1, 1)))
    assert found == []
    future = datetime.now(UTC) + timedelta(days=1)
    assert gather(api.batch_coursedates([90001], updated_since=future)) == []
    frontcore_server.edit(coursedate=13100001, set={"reference": "NY"})
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert [item.id for item in gather(api.batch_coursedates([90001], updated_since=since))] == [
        13100001
    ]


def test_no_course_is_no_request(api):
    assert gather(api.batch_coursedates([])) == []
    assert api.requests_made == 0


@pytest.mark.parametrize(
    "ask",
    [
        lambda api: api.course(1),
        lambda api: api.coursedate(90001, 1),
        lambda api: api.coursedate(1, 13100001),
        lambda api: gather(api.course_dates(1)),
        lambda api: api.campaign("FINNES-IKKE", course_id=90001),
        lambda api: api.voucher("FINNES-IKKE"),
        lambda api: api.deregister(1),
    ],
)
@pytest.mark.parametrize("as_200", [False, True])
def test_what_does_not_exist_is_not_there(ask, as_200, frontcore_server, api):
    frontcore_server.switches(errors_as_200=as_200)
    with pytest.raises(NotThere):
        ask(api)


def test_a_course_has_its_texts_in_two_languages(api):
    norwegian, english = api.course(90001), api.course(90001, "en")
    assert norwegian.languages == ("no", "en")
    assert norwegian.texts["lead"] != english.texts["lead"]
    assert norwegian.products


def test_the_lists_around_the_courses_are_readable(api):
    assert len(gather(api.courses())) > 35
    assert {item.code for item in api.durations().items} >= {"days", "hours"}
    assert api.locations().items
    assert api.instructors().items
    assert {item.kind for item in gather(api.products())} == {1, 2}
    assert {item.kind for item in gather(api.products(id_type=2))} == {2}


@pytest.mark.parametrize(
    ("code", "usable"),
    [("SOMMER10", True), ("FJOR20", False), ("SNART25", False), ("ARKIV5", False)],
)
def test_campaigns_are_found_usable_or_not(code, usable, api):
    assert api.campaign(code, coursedate_id=13100001, course_id=90001).usable is usable


@pytest.mark.parametrize(
    ("code", "usable"),
    [("GAVE1500", True), ("TOMT", False), ("UTLØPT", False), ("SLETTET", False)],
)
def test_vouchers_are_found_usable_or_not(code, usable, api):
    assert api.voucher(code).usable is usable


def test_a_campaign_without_a_course_is_a_refusal(api):
    with pytest.raises(Refused) as caught:
        api.campaign("SOMMER10")
    assert caught.value.code == "missing_course_id"


@pytest.mark.parametrize("code", ["50 %", "a?b=c#d", "æøå &+", "%2e%2e", "'\""])
def test_any_code_reaches_the_api_as_it_was_typed(code, frontcore_server, api):
    with pytest.raises(NotThere):
        api.campaign(code, course_id=90001)
    assert frontcore_server.requests()[-1]["path"] == f"/campaigns/validate/{code}"


@pytest.mark.parametrize("code", ["", " ", ".", "..", "a\nb"])
def test_what_no_code_can_be_is_not_asked_for(code, api):
    with pytest.raises(NotThere):
        api.voucher(code)
    assert api.requests_made == 0


@pytest.mark.parametrize("code", ["../../courses", "a/b", "a\\b"])
def test_a_code_with_a_slash_is_neither_asked_for_nor_denied(code, api):
    with pytest.raises(BadAnswer):
        api.campaign(code, course_id=90001)
    assert api.requests_made == 0


def test_a_booking_is_found_again_among_orders_and_participants(frontcore_server, api):
    since = datetime.now(UTC) - timedelta(minutes=2)
    people = [("Åse", "Ødegård"), ("Bjørn", "Sæther")]
    done = api.book(
        make_booking(
            13100003,
            invoice_reference="PO-4471",
            participants=tuple(
                BookingParticipant(firstname=first, lastname=last, email="a@example.no")
                for first, last in people
            ),
        )
    )
    assert (done.coursedate_id, done.participants) == (13100003, 2)
    assert done.total_incl_vat == done.total_excl_vat + done.total_vat
    found = api.participants(13100003, since)
    assert [(person.firstname, person.lastname) for person in found] == people
    assert {person.booker_email for person in found} == {"kari@example.no"}
    (order,) = api.orders(since)
    assert (order.id, order.your_reference) == (done.order_id, "PO-4471")
    assert order.coursedate_ids == (13100003,)
    assert set(order.participant_ids) == {person.id for person in found}
    gone = api.deregister(done.booking_id)
    assert gone.participants == 2
    assert {person.status_id for person in api.participants(13100003)} == {4}


def test_each_participant_may_have_a_price_of_their_own(frontcore_server, api):
    main, member = (p for p in api.coursedate(90002, 13100003).products if not p.is_archived)
    people = tuple(
        BookingParticipant(firstname=name, lastname="Ås", email="a@example.no", products=products)
        for name, products in {
            "Ordinary": (),
            "Member": (BookedProduct(id=member.id, price=Decimal("6200.50")),),
        }.items()
    )
    request = make_booking(13100003, participants=people)
    bodies = request.as_body()["participants"]
    assert "products" not in bodies[0], "without them Frontcore takes the ordinary price"
    assert bodies[1]["products"] == [{"id": member.id, "price": 6200.5}]
    done = api.book(request)
    assert done.total_excl_vat == main.price + Decimal("6200.50")


def test_a_price_is_sent_as_a_number_also_when_it_is_nothing():
    for price, sent in (("0.00", 0), ("6900.00", 6900), ("99.90", 99.9)):
        assert BookedProduct(id=1, price=Decimal(price)).as_body() == {"id": 1, "price": sent}


def test_exported_orders_are_found_as_well(frontcore_server, api):
    frontcore_server.switches(export_at_once=True)
    done = api.book(make_booking())
    since = datetime.now(UTC) - timedelta(minutes=2)
    assert [order.id for order in api.orders(since)] == [done.order_id]
    assert api.orders(since, course_id=90002) == ()


def test_participants_of_other_dates_are_left_out_here_too(frontcore_server, api):
    frontcore_server.switches(participants_filter=False)
    api.book(make_booking(13100001))
    api.book(make_booking(13100003))
    assert {person.coursedate_id for person in api.participants(13100003)} == {13100003}


def test_loose_types_from_the_wire_change_nothing(frontcore_server, api):
    plain = api.coursedate(90001, 13100001), gather(api.courses())
    frontcore_server.fault("GET", "/courses/90001/coursedates/13100001", "odd_types")
    frontcore_server.fault("GET", "/courses", "odd_types")
    assert (api.coursedate(90001, 13100001), gather(api.courses())) == plain


def test_a_missing_field_costs_its_item_and_not_the_list(frontcore_server, api):
    frontcore_server.fault("GET", "/courses", "missing_field", field="title", count=2)
    (page,) = api.courses()
    assert len(page.bad) == 2
    assert None not in [item.id for item in page.bad]
    frontcore_server.fault("GET", "/courses", "missing_field", count=1)
    (page,) = api.courses()
    assert [item.id for item in page.bad] == [None]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 7, 1, 8, tzinfo=UTC), "2026-07-01 10:00:00"),
        (datetime(2026, 1, 1, 8, tzinfo=UTC), "2026-01-01 09:00:00"),
        (datetime(2026, 10, 25, 0, 50, tzinfo=UTC), "2026-10-25 01:50:00"),
        (datetime(2026, 10, 25, 1, 10, tzinfo=UTC), "2026-10-25 01:10:00"),
        (datetime(2026, 10, 25, 2, 10, tzinfo=UTC), "2026-10-25 03:10:00"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=OSLO), "2026-03-29 01:30:00"),
    ],
)
def test_moments_are_sent_as_norwegian_time_an_hour_early_where_the_hour_comes_twice(
    moment, expected
):
    assert local_text(moment) == expected


def test_a_moment_without_a_zone_is_a_mistake_of_ours(api):
    with pytest.raises(ValueError, match="without a zone"):
        api.orders(datetime(2026, 1, 1))
