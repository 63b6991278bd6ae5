"""The turn and the connection of a write, taken before the booking is claimed: over real TLS."""

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from frontcore import Frontcore, Priority, Unavailable
from frontcore import pace as pace_module
from frontcore import transport as transport_module
from frontcore.pace import Pace
from tests.ports import PATIENCE_S

from .conftest import KEY, http, leave, make_booking

PEM = Path(__file__).parent / "stranger.pem"
SUMMARY = {"order_id": 1, "total_excl_vat": 1, "total_incl_vat": 1, "total_vat": 0}
DONE = http({"successful": True, "summary": SUMMARY | {"number_of_participants": 1}})
CLAIM_S = 0.06  # what a claim takes on a busy machine


def soon():
    return time.monotonic() + 10


class Far:
    """Behaves as a TLS server some way off; notes when each request's first byte came."""

    def __init__(self, round_trip_s=0.0):
        self.round_trip_s = round_trip_s
        self.starts = []
        self.close_at_once = threading.Event()
        self.closed = threading.Event()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(PEM)

    def __call__(self, server, connection):
        time.sleep(self.round_trip_s)
        with self._context.wrap_socket(connection, server_side=True) as secure:
            if self.close_at_once.is_set():
                self.close_at_once.clear()
                leave(secure)
            elif server.read_request(secure):
                self.starts.append(time.monotonic())
                secure.sendall(DONE)
        self.closed.set()


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(PEM))
    return tmp_path / "pace.sqlite"


@pytest.fixture
def far():
    return Far(0.05)


@pytest.fixture
def server(raw_server, far):
    return raw_server(far)


@pytest.fixture
def api(server, path):
    with Frontcore(
        key=KEY, base_url=server.url.replace("http:", "https:"), pace_path=path
    ) as found:
        yield found


@pytest.fixture
def pace(path):
    return Pace(path)


@pytest.fixture
def _busy(monkeypatch):
    """Let a busy machine wake us a little late; a turn lost to the claim would be later still."""
    monkeypatch.setattr(pace_module, "LATE_S", 0.1)


def next_turn(pace):
    return pace.reserve(Priority.VISITOR, soon()).at


@pytest.mark.usefixtures("_busy")
def test_a_booking_spends_one_turn_though_the_claim_and_tls_take_their_time(api, far, pace):
    api.wait_for_slot()
    after = next_turn(pace)  # someone builds upon it at once
    time.sleep(CLAIM_S)
    api.book(make_booking())
    (start,) = far.starts
    assert after - start > pace.interval - pace_module.LATE_S - 0.01
    assert next_turn(pace) == pytest.approx(after + pace.interval), "one turn, and no other"


def test_the_connection_stands_before_the_claim_and_is_the_one_that_is_used(api, far, server):
    api.wait_for_slot()
    assert server.connections == 1
    assert server.received == []
    assert api.requests_made == 0
    api.book(make_booking())
    assert server.connections == len(server.received) == api.requests_made == 1


@pytest.mark.usefixtures("_busy")
def test_bookings_side_by_side_spend_a_turn_each_and_keep_their_distance(server, far, path, pace):
    def book():
        url = server.url.replace("http:", "https:")
        with Frontcore(key=KEY, base_url=url, pace_path=path) as api:
            api.wait_for_slot()
            time.sleep(CLAIM_S)
            api.book(make_booking())

    before = [next_turn(pace) for _ in range(3)][-1]
    threads = [threading.Thread(target=book) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(far.starts) == 8
    gaps = [later - earlier for earlier, later in pairwise(sorted(far.starts))]
    assert min(gaps) > pace.interval - pace_module.LATE_S - 0.01
    turns = (next_turn(pace) - before) / pace.interval - 1
    assert turns == pytest.approx(8, abs=1.01)


def test_a_claim_that_takes_too_long_waits_for_another_turn(api, far, pace):
    api.wait_for_slot()
    others = [next_turn(pace) for _ in range(3)]
    time.sleep(0.4)
    api.book(make_booking())
    assert min(abs(far.starts[0] - other) for other in others) > pace.interval / 2
    assert far.starts[0] > others[-1]


def test_a_connection_the_server_has_closed_meanwhile_is_replaced(api, far, server):
    far.close_at_once.set()
    api.wait_for_slot()
    assert far.closed.wait(PATIENCE_S)
    assert api.book(make_booking()).order_id == 1
    assert server.connections == 2
    assert len(server.received) == 1


def test_a_server_that_closes_while_the_turn_is_waited_for_puts_no_booking_in_doubt(
    raw_server, path, monkeypatch
):
    """It goes away after the last look at the connection and before the first byte."""
    is_waiting, is_gone = threading.Event(), threading.Event()

    def goes_away(server, connection):
        assert is_waiting.wait(PATIENCE_S)
        leave(connection)
        is_gone.set()

    def hold(*arguments):
        hold_as_ever(*arguments)
        is_waiting.set()
        assert is_gone.wait(PATIENCE_S)

    hold_as_ever = Pace.hold
    monkeypatch.setattr(Pace, "hold", hold)
    server = raw_server(goes_away)
    with (
        Frontcore(key=KEY, base_url=server.url, pace_path=path) as api,
        pytest.raises(Unavailable, match="waiting for its turn; nothing was sent"),
    ):
        api.book(make_booking())


def test_a_connection_that_has_been_idle_is_not_trusted(api, server, monkeypatch):
    api.wait_for_slot()
    monkeypatch.setattr(transport_module, "IDLE_S", 0.01)
    time.sleep(0.02)
    api.book(make_booking())
    assert server.connections == 2
    assert len(server.received) == 1


def test_who_stood_still_since_the_turn_came_near_sends_nothing(server, path):
    """A machine that was paused between claim and call: others may have taken over by then."""
    url = server.url.replace("http:", "https:")
    with Frontcore(key=KEY, base_url=url, pace_path=path, write_total_s=1.5) as api:
        api.wait_for_slot()
        time.sleep(1.55)
        with pytest.raises(Unavailable):
            api.book(make_booking())
        assert not server.received
        api.wait_for_slot()
        api.book(make_booking())
    assert len(server.received) == 1


@pytest.mark.parametrize("ahead", [True, False])
def test_whose_right_to_send_is_over_by_the_clock_sends_nothing(server, path, ahead):
    """A machine that slept: its monotonic clock stood still, the lease did not."""
    url = server.url.replace("http:", "https:")
    with Frontcore(key=KEY, base_url=url, pace_path=path) as api:
        for write in (
            lambda until: api.book(make_booking(), not_after=until),
            lambda until: api.deregister(7, not_after=until),
        ):
            if ahead:
                api.wait_for_slot()
            with pytest.raises(Unavailable, match="nothing was sent"):
                write(datetime.now(UTC))
        assert not server.received
        api.book(make_booking(), not_after=datetime.now(UTC) + timedelta(seconds=5))
    assert len(server.received) == 1


def test_a_long_queue_connects_anew_shortly_before_its_turn(api, server, pace, monkeypatch):
    monkeypatch.setattr(transport_module, "IDLE_S", 0.4)
    for _ in range(5):
        next_turn(pace)
    api.wait_for_slot()
    assert server.connections == 2
    api.book(make_booking())
    assert server.connections == 2


def test_a_server_that_cannot_be_reached_costs_no_turn_and_no_claim(path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/v2"
    with (
        Frontcore(key=KEY, base_url=url, pace_path=path) as api,
        pytest.raises(Unavailable, match="while connecting; nothing was sent"),
    ):
        api.wait_for_slot()
    assert not path.exists()
