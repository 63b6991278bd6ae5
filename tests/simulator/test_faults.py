"""Each fault does on the wire what its name says, and the books say whether the work was done."""

import json
import socket
import time

import pytest

from tests.ports import PATIENCE_S, until

from .conftest import booking

BODY = json.dumps(booking())
REQUEST = (
    "POST /v2/booking HTTP/1.1\r\nHost: x\r\nX-API-Key: demo\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(BODY.encode())}\r\n\r\n{BODY}"
).encode()


def speak(call, timeout=PATIENCE_S):
    """A plain socket that has just sent a booking."""
    wire = socket.create_connection(("127.0.0.1", call.frontcore.port), timeout)
    wire.sendall(REQUEST)
    return wire


def orders(call):
    return len(call.state()["orders"])


@pytest.mark.parametrize(("fault", "done"), [("reset", 0), ("accept_then_reset", 1)])
def test_a_reset_breaks_the_connection(call, fault, done):
    call.fault(fault, "POST", "/booking")
    with speak(call) as wire, pytest.raises(ConnectionResetError):
        wire.recv(100)
    assert orders(call) == done


@pytest.mark.parametrize(("fault", "done"), [("close", 0), ("accept_then_close", 1)])
def test_a_close_is_an_end_without_an_answer(call, fault, done):
    call.fault(fault, "POST", "/booking")
    with speak(call) as wire:
        assert wire.recv(100) == b""
    assert orders(call) == done


@pytest.mark.parametrize(("fault", "done"), [("hang", 0), ("accept_then_hang", 1)])
def test_a_hang_never_answers(call, fault, done):
    call.fault(fault, "POST", "/booking")
    with speak(call) as wire:
        until(call.log)
        wire.settimeout(0.3)
        with pytest.raises(TimeoutError):
            wire.recv(100)
    assert orders(call) == done
    assert [(row["status"], row["fault"]) for row in call.log()] == [(None, fault)]


def test_a_hang_ends_after_its_seconds(call):
    call.fault("hang", "POST", "/booking", seconds=0.2)
    with speak(call) as wire:
        assert wire.recv(100) == b""


def test_slow_answers_later_and_has_done_the_work_at_once(call):
    call.fault("slow", "POST", "/booking", seconds=0.3)
    began = time.monotonic()
    with speak(call) as wire:
        until(call.log)
        assert orders(call) == 1
        assert wire.recv(100).startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began >= 0.3


def test_refuse_closes_the_port_for_a_while_and_opens_the_same_one(call):
    idle = socket.create_connection(("127.0.0.1", call.frontcore.port), PATIENCE_S)
    call.fault("refuse", "POST", "/booking", seconds=1.5)
    assert idle.recv(10) == b""
    closed_at = time.monotonic()
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            call.book()
    while True:
        try:
            assert call.book().json["successful"]
            break
        except ConnectionRefusedError:
            assert time.monotonic() - closed_at < PATIENCE_S
            time.sleep(0.02)
    assert orders(call) == 1
    assert [row["method"] for row in call.log()] == ["POST"]
    idle.close()


def test_then_refuse_answers_first(call):
    call.fault("then_refuse", "GET", "/courses", seconds=1.5)
    assert call.get("/courses").status == 200
    with pytest.raises(ConnectionRefusedError):
        call.book()
    while call.frontcore.refusing:
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("fault", "status", "retry_after", "done"),
    [
        ("busy", 429, "3", 0),
        ("busy_no_retry_after", 429, None, 0),
        ("unavailable", 503, "3", 0),
        ("accept_then_unavailable", 503, "3", 1),
        ("html_500", 500, None, 0),
        ("accept_then_html_500", 500, None, 1),
        ("redirect", 302, None, 0),
    ],
)
def test_answers_instead_of_the_true_one(call, fault, status, retry_after, done):
    call.fault(fault, "POST", "/booking", seconds=3)
    reply = call.book()
    assert (reply.status, reply.headers["Retry-After"]) == (status, retry_after)
    if "html" in fault:
        assert "Slim Application Error" in reply.text
        assert reply.headers["Content-Type"].startswith("text/html")
    if fault == "redirect":
        assert reply.headers["Location"].startswith("http://")
    assert orders(call) == done
    assert call.book().status == 200


@pytest.mark.parametrize(("fault", "done"), [("error", 0), ("accept_then_error", 1)])
def test_any_code_of_the_booking_family_can_be_had(call, fault, done):
    call.fault(fault, "POST", "/booking", code="order_could_not_be_created", status=200)
    reply = call.book()
    message = reply.json["errors"][0]["message"]
    assert (reply.status, message) == (200, "Order could not be created.")
    assert orders(call) == done


def test_answer_gives_exactly_what_was_asked_for(call):
    call.fault("answer", "GET", "/courses", status=418, headers={"X-A": "b"}, body={"data": []})
    reply = call.get("/courses")
    assert (reply.status, reply.headers["X-A"], reply.text) == (418, "b", '{"data":[]}')
    call.fault("answer", "GET", "/courses", body="<p>Hei</p>", headers={"Content-Type": "text/x"})
    reply = call.get("/courses")
    assert (reply.headers["Content-Type"], reply.text) == ("text/x", "<p>Hei</p>")


def test_truncated_promises_more_than_comes(call):
    call.fault("truncated", "POST", "/booking")
    with speak(call) as wire:
        text = b"".join(iter(lambda: wire.recv(65536), b""))
    head, _, body = text.partition(b"\r\n\r\n")
    promised = int(head.split(b"Content-Length: ")[1].split()[0])
    assert 0 < len(body) < promised - 100
    assert orders(call) == 1


def test_slow_drip_goes_on_byte_by_byte(call):
    call.fault("slow_drip", "GET", "/durations", seconds=0.01)
    wire = socket.create_connection(("127.0.0.1", call.frontcore.port), PATIENCE_S)
    wire.sendall(b"GET /v2/durations HTTP/1.1\r\nHost: x\r\nX-API-Key: demo\r\n\r\n")
    pieces = [wire.recv(65536) for _ in range(12)]
    wire.close()
    assert pieces[0].startswith(b"HTTP/1.1 200")
    assert max(len(piece) for piece in pieces[1:]) < 5


def test_empty_empties_lists_items_and_objects(call):
    call.fault("empty", times=0)
    assert call.get("/courses").json == []
    assert call.get("/coursedates").json["items"] == []
    assert call.book().json == {}
    call.reserved("DELETE", "faults")
    assert call.get("/courses").json != []


def test_odd_types_keeps_the_meaning_in_other_types(call):
    call.fault("odd_types", "GET", "/nextcoursedates")
    item = call.get("/nextcoursedates?limit=1").json[0]
    assert item["coursedate_id"].isdigit()
    assert (item["is_visible"], item["is_virtual"], item["event_url"]) == ("1", 0, None)
    assert item["contacts"] is None


def test_missing_field_drops_the_id_or_any_field_of_some_items(call):
    call.fault("missing_field", "GET", "/nextcoursedates")
    assert all("coursedate_id" not in each for each in call.get("/nextcoursedates").json)
    call.fault("missing_field", "GET", "/coursedates", field="seats.free", count=1)
    items = call.get("/coursedates").json["items"]
    assert ["free" in each["seats"] for each in items[:3]] == [False, True, True]
    call.fault("missing_field", "POST", "/booking", field="summary.booking_id")
    assert "booking_id" not in call.book().json["summary"]
    assert call.get("/coursedates?coursedate_id=13100001").json["items"][0]["seats"]["free"]


def test_the_world_changes_just_before_a_booking(call):
    call.fault("take_seats", "POST", "/booking")
    assert call.book(13100012).json["errors"][0]["code"] == "no_vacant_seats"
    call.fault("take_seats", "POST", "/booking", seats=1, coursedate=13100001)
    assert call.book(13100001).json["successful"]
    assert call.state()["free_seats"]["13100001"] == 0
    call.fault("cancel_date", "POST", "/booking")
    assert call.book(13100003).json["errors"][0]["code"] == "course_date_cancelled"
    call.fault("spend_voucher", "POST", "/booking")
    refused = call.book(13100008, voucher_code="GAVE1500").json
    assert refused["errors"][0]["code"] == "voucher_code_invalid"
    call.fault("change_price", "POST", "/booking", price=5000)
    assert call.book(13100008).json["summary"]["total_excl_vat"] == 5000


def test_the_world_changes_just_before_a_read(call):
    path = "/courses/90001/coursedates/13100001"
    for fault in ("hide_date", "pass_deadline", "take_seats"):
        call.fault(fault, "GET", "/courses/*/coursedates/*")
    date = call.get(path).json
    assert date["is_visible"] is False
    assert date["deadline_at"] < str(call.frontcore.books.clock.today())
    assert (date["seats"]["free"]["num"], date["seats_status"]) == (0, "fully_booked")


def test_a_change_before_and_a_fault_on_the_wire_go_together(call):
    call.fault("accept_then_hang", "POST", "/booking", seconds=0.1)
    call.fault("take_seats", "POST", "/booking", seats=1)
    with speak(call) as wire:
        assert wire.recv(10) == b""
    assert (orders(call), call.state()["free_seats"]["13100001"]) == (1, 0)


def test_a_fault_meets_only_its_method_path_and_count(call):
    call.fault("html_500", "GET", "/courses/*", times=2, skip=1)
    assert call.get("/courses").status == 200
    assert call.get("/courses/90001/coursedates").status == 200
    statuses = [call.get("/courses/90001").status for _ in range(4)]
    assert statuses == [200, 500, 500, 200]
    call.fault("html_500", "GET", "/v2/courses/**")
    assert call.get("/courses/90001/coursedates").status == 500
    assert call.reserved("GET", "faults").json == []


def test_who_is_refused_at_the_door_uses_up_no_fault(call):
    call.fault("html_500", "GET", "/courses")
    assert call.raw("GET", "/v2/courses").status == 401
    assert call.get("/courses").status == 500


def test_an_unknown_fault_is_refused_with_the_names(call):
    reply = call.reserved("POST", "faults", {"fault": "explode"})
    assert reply.status == 400
    assert "accept_then_hang" in reply.json["error"]


def test_a_kept_connection_serves_many_calls(call):
    wire = socket.create_connection(("127.0.0.1", call.frontcore.port), PATIENCE_S)
    reader = wire.makefile("rb")
    for _ in range(3):
        wire.sendall(b"GET /v2/forms-of-teaching HTTP/1.1\r\nHost: x\r\nX-API-Key: demo\r\n\r\n")
        head = b"".join(iter(reader.readline, b"\r\n"))
        assert head.startswith(b"HTTP/1.1 200")
        reader.read(int(head.split(b"Content-Length: ")[1].split()[0]))
    wire.close()
