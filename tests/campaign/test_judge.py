"""The judge of the campaign tells true from false by itself: each finding has its test."""

import pytest

from tests.campaign.judge import judge
from tests.campaign.plan import Run

RUN = Run("calm", "none", "private", 1)
OLA = ("Ola", "Hansen", "ola@bygg.example")
POST = {"method": "POST", "status": 200}
PUT = {"method": "PUT", "status": 200}


def order(number=301, **changes):
    made = {
        "id": number,
        "booking_id": 512,
        "coursedate_id": 13100001,
        "total_excl_vat": "100.00",
        "total_incl_vat": "125.00",
    }
    return made | changes


def person(status_id=1, order_id=301, **changes):
    first, last, email = OLA
    named = {"firstname": first, "lastname": last, "email": email}
    return named | {"status_id": status_id, "order_id": order_id} | changes


def booking(status="confirmed", claims=("booked",), **changes):
    facts = {
        "status": status,
        "hold": "",
        "order": 301,
        "remote": 512,
        "date": 13100001,
        "for_staff": False,
        "totals_differ": False,
        "shown": ["100.00", "125.00"],
        "answered": ["100.00", "125.00"],
        "with_fee": False,
        "wish": False,
        "people": [list(OLA)],
        "page": {"answer": 200, "claims": list(claims), "names": True},
        "mails": mails(status),
    }
    return facts | changes


TELLING = {"new": "received"}


def mails(status, state="sent"):
    kind = TELLING.get(status, status)
    return [{"message_id": "<1@x>", "state": state, "kind": kind, "audience": "booker"}]


def kinds(*bookings, orders=(), people=(), writes=(POST,), claims=(), run=RUN, **told):
    """The kinds of findings; the mail that was sent claims so."""
    told = {"receipt": "/booking/x/", "bookings": list(bookings)} | told
    told.setdefault("files", [{"id": "<1@x>", "claims": list(claims)}])
    books = {"orders": list(orders), "participants": list(people)}
    return {kind for kind, _ in judge(run, told, books, list(writes))}


def test_a_booking_that_is_as_it_says_is_no_finding():
    assert not kinds(booking(), orders=[order()], people=[person()])
    assert not kinds(
        booking("waiting", ["waiting"]), orders=[order()], people=[person(status_id=3)]
    )
    assert not kinds(booking("refused", ["nothing"], order=None))
    assert not kinds(booking("uncertain", ["unknown"], for_staff=True), orders=[order()])
    assert not kinds(booking("new", ["not yet"], hold="set_up", for_staff=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"people": [person(firstname="Per")]},
        {"people": [person(), person()]},
        {"people": [person(status_id=3)]},
        {"people": [person(status_id=4)]},
        {"people": []},
        {"orders": []},
        {"orders": [order(302)]},
        {"orders": [order(coursedate_id=13100002)]},
        {"orders": [order(booking_id=1)]},
        {"orders": [order(total_excl_vat="90.00")]},
        {"told": {"shown": ["90.00", "112.50"]}},
    ],
)
def test_confirmed_is_false_where_the_books_say_otherwise(changes):
    told = changes.pop("told", {})
    made = {"orders": [order()], "people": [person()]} | changes
    assert "false" in kinds(booking(**told), **made)


def test_a_booking_that_was_found_claims_no_total():
    told = booking(answered=[None, None], shown=["90.00", "112.50"], remote=None)
    assert not kinds(told, orders=[order()], people=[person()])


@pytest.mark.parametrize(
    "told",
    [
        booking("refused", ["nothing"]),
        booking("refused", ["unknown"]),
        booking("uncertain", ["nothing"], for_staff=True),
        booking("new", ["not yet"], hold="set_up", for_staff=True),
        booking("cancelled", ["cancelled"]),
        booking("uncertain", ["waiting"], for_staff=True),
        booking(claims=[]),
    ],
)
def test_a_status_or_page_that_denies_an_order_is_false(told):
    assert kinds(told, orders=[order()], people=[person()]) == {"false"}


@pytest.mark.parametrize(
    "told",
    [
        booking("sending", ["on its way"]),
        booking("new", ["not yet"]),
        booking("new", ["not yet"], hold="set_up"),
        booking("cancelling", ["being cancelled"]),
        booking("cancel_uncertain", ["unknown"]),
        booking("uncertain", ["unknown"]),
        booking("uncertain", ["unknown"], for_staff=True)
        | {"page": {"answer": 500, "claims": [], "names": False}},
    ],
)
def test_what_nobody_is_told_of_is_lost(told):
    assert kinds(told) == {"lost"}


def test_what_was_promised_and_is_in_no_table_is_lost():
    assert kinds() == {"lost"}
    assert kinds(receipt=None, run=Run("calm", "after-save", "private", 1)) == {"lost"}
    assert not kinds(turned_away=True, receipt=None)
    assert not kinds(receipt=None)


def test_two_orders_are_doubled():
    orders = [order(), order(302)]
    assert "doubled" in kinds(booking(), orders=orders, people=[person()])


@pytest.mark.parametrize("write", [POST, PUT])
@pytest.mark.parametrize("status", [None, 200, 500, 400])
def test_sending_again_what_may_have_arrived_is_doubled(write, status):
    writes = [write | {"status": status}, write]
    assert kinds(booking(), orders=[order()], people=[person()], writes=writes) == {"doubled"}


def test_sending_again_after_429_or_by_staff_is_right():
    made = {"orders": [order()], "people": [person()]}
    assert not kinds(booking(), **made, writes=[POST | {"status": 429}, POST])
    assert not kinds(booking(), **made, writes=[POST | {"status": 500}, POST], by_staff=True)
    assert not kinds(booking(), **made, writes=[POST, PUT])


def test_cancelled_is_false_while_somebody_stands_or_on_other_terms():
    told = booking("cancelled", ["cancelled"])
    gone = {"orders": [order()], "people": [person(status_id=4)]}
    assert not kinds(told, **gone)
    assert kinds(told | {"with_fee": True}, **gone) == {"false"}
    assert kinds(told, orders=[order()], people=[person(), person(status_id=4)]) == {"false"}


def test_a_wish_to_cancel_that_nobody_knows_of_is_lost():
    made = {"orders": [order()], "people": [person()]}
    assert kinds(booking(), **made, wished=True) == {"lost"}
    assert not kinds(booking(wish=True, for_staff=True), **made, wished=True)


@pytest.mark.parametrize("claim", ["booked", "waiting", "not cancelled"])
def test_a_mail_that_claims_an_order_that_is_not_there_is_false(claim):
    told = booking("uncertain", ["unknown"], for_staff=True)
    assert kinds(told, claims=[claim]) == {"false"}
    assert not kinds(told, claims=[claim], orders=[order()], people=[person()])


@pytest.mark.parametrize("claim", ["nothing", "cancelled"])
def test_a_mail_that_denies_an_order_is_false(claim):
    told = booking("uncertain", ["unknown"], for_staff=True)
    assert not kinds(told, claims=[claim])
    assert kinds(told, claims=[claim], orders=[order()], people=[person()]) == {"false"}


@pytest.mark.parametrize(
    "changes",
    [
        {"mails": mails("confirmed", "due")},
        {"mails": mails("confirmed", "failed")},
        {"mails": mails("uncertain")},
        {"mails": []},
    ],
)
def test_a_mail_that_never_came_is_lost(changes):
    told = booking(**changes)
    assert kinds(told, orders=[order()], people=[person()]) == {"lost"}


def test_a_mail_that_counts_as_sent_and_never_was_is_lost():
    assert kinds(booking(), orders=[order()], people=[person()], files=[]) == {"lost"}
