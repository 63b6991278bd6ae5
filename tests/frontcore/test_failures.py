"""Every way a connection can fail, for real: what it means for a read and for a write."""

import socket
import ssl
import struct
import time
from pathlib import Path

import pytest

from frontcore import BadAnswer, Frontcore, Unavailable, Uncertain
from tests.ports import PATIENCE_S

from .conftest import KEY, answers_with, http, make_booking

LIMITS = {
    "connect_timeout_s": 0.3,
    "read_timeout_s": 0.3,
    "read_total_s": 0.6,
    "write_total_s": 0.6,
}


def read(url, **options):
    with Frontcore(key=KEY, base_url=url, **LIMITS | options) as api:
        return api.next_coursedates()


def write(url, **options):
    with Frontcore(key=KEY, base_url=url, **LIMITS | options) as api:
        return api.book(make_booking())


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def reset(connection):
    """Close with RST instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


# Before the first byte: provably nothing was sent.


@pytest.fixture
def full_backlog():
    """A port whose queue is full, so that a connect is never answered."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = []
    for _ in range(8):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(listener.getsockname())
        waiting.append(client)
    time.sleep(0.05)
    yield listener.getsockname()[1]
    for client in waiting:
        client.close()
    listener.close()


def closes_in_handshake(server, connection):
    connection.recv(65536)
    connection.close()


def resets_in_handshake(server, connection):
    connection.recv(65536)
    reset(connection)


def hangs_in_handshake(server, connection):
    server.closing.wait()


def speaks_no_tls(server, connection):
    connection.recv(65536)
    connection.sendall(http([]))


@pytest.fixture
def stranger(raw_server):
    """A TLS server whose certificate nobody has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent / "stranger.pem")

    def behave(server, connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            server.read_request(secure)

    return raw_server(behave)


@pytest.mark.parametrize("call", [read, write])
def test_a_refused_connection_is_unavailable(call):
    with pytest.raises(Unavailable, match="while connecting"):
        call(f"http://127.0.0.1:{closed_port()}/v2")


@pytest.mark.parametrize("call", [read, write])
def test_an_unknown_name_is_unavailable(call):
    with pytest.raises(Unavailable, match="while looking up the name"):
        call("http://no-such-host.invalid/v2")


@pytest.mark.parametrize("call", [read, write])
def test_a_connect_that_is_never_answered_is_unavailable(call, full_backlog):
    began = time.monotonic()
    with pytest.raises(Unavailable, match="out of time while connecting"):
        call(f"http://127.0.0.1:{full_backlog}/v2")
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("call", [read, write])
@pytest.mark.parametrize(
    "behave", [closes_in_handshake, resets_in_handshake, hangs_in_handshake, speaks_no_tls]
)
def test_a_failed_handshake_is_unavailable(call, behave, raw_server):
    server = raw_server(behave)
    with pytest.raises(Unavailable, match="while the TLS handshake"):
        call(server.url.replace("http:", "https:"))


@pytest.mark.parametrize("call", [read, write])
def test_a_certificate_nobody_signed_is_unavailable_and_sees_no_request(call, stranger):
    with pytest.raises(Unavailable, match="while the TLS handshake"):
        call(stranger.url.replace("http:", "https:"))
    assert stranger.received == []


# After the first byte: a read may be asked again, of a write nobody knows.


def closes_after_request(server, connection):
    server.read_request(connection)
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def resets_after_request(server, connection):
    server.read_request(connection)
    reset(connection)


def hangs_after_request(server, connection):
    server.read_request(connection)
    server.closing.wait()


def truncates(server, connection):
    server.read_request(connection)
    connection.sendall(http({"successful": True, "summary": {}})[:-5])
    connection.close()


def speaks_nonsense(server, connection):
    server.read_request(connection)
    connection.sendall(b"220 smtp.example.no ESMTP\r\n")
    connection.close()


def breaks_its_compression(server, connection):
    server.read_request(connection)
    connection.sendall(http(b"this is not gzip", Content_Encoding="gzip"))


AFTER = [
    closes_after_request,
    resets_after_request,
    hangs_after_request,
    truncates,
    speaks_nonsense,
    breaks_its_compression,
]


@pytest.mark.parametrize("behave", AFTER)
def test_a_write_that_left_and_failed_is_uncertain_and_sent_once(behave, raw_server):
    server = raw_server(behave)
    with pytest.raises(Uncertain):
        write(server.url)
    assert server.connections == 1


@pytest.mark.parametrize("behave", AFTER)
def test_a_read_that_failed_is_unavailable(behave, raw_server):
    server = raw_server(behave)
    with pytest.raises(Unavailable):
        read(server.url)
    assert server.connections == 1


def resets_on_accept(server, connection):
    reset(connection)


def test_a_reset_at_once_is_unavailable_only_where_nothing_was_sent(raw_server):
    """Which of the two it is depends on who is quicker; what it may never be is a crash."""
    server = raw_server(resets_on_accept)
    for _ in range(100):
        with pytest.raises((Unavailable, Uncertain)) as caught:
            write(server.url)
        before = "nothing was sent" in caught.value.sentence
        assert isinstance(caught.value, Unavailable) == before
        assert "AttributeError" not in caught.value.sentence


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset", Uncertain),
        ("close", Uncertain),
        ("hang", Uncertain),
        ("accept_then_reset", Uncertain),
        ("accept_then_close", Uncertain),
        ("accept_then_hang", Uncertain),
        ("accept_then_html_500", Uncertain),
        ("html_500", Uncertain),
        ("unavailable", Uncertain),
        ("redirect", Uncertain),
        ("truncated", Uncertain),
        ("empty", Uncertain),
        ("busy", Unavailable),
        ("busy_no_retry_after", Unavailable),
    ],
)
def test_the_simulators_faults_mean_the_same_for_a_booking(
    fault, error, frontcore_server, open_api
):
    frontcore_server.fault("POST", "/booking", fault)
    with pytest.raises(error):
        open_api(write_total_s=0.5 if "hang" in fault else PATIENCE_S).book(make_booking())
    assert len(frontcore_server.requests("POST", "/booking")) == 1


def test_a_closed_port_is_unavailable_for_a_booking(frontcore_server, open_api):
    frontcore_server.fault("POST", "/booking", "refuse", seconds=0.5)
    with pytest.raises(Unavailable, match="nothing was sent"):
        open_api().book(make_booking())
    time.sleep(0.6)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset", Unavailable),
        ("close", Unavailable),
        ("hang", Unavailable),
        ("html_500", Unavailable),
        ("truncated", Unavailable),
        ("slow_drip", Unavailable),
        ("redirect", BadAnswer),
    ],
)
def test_the_simulators_faults_mean_the_same_for_a_read(fault, error, frontcore_server, open_api):
    frontcore_server.fault("GET", "/nextcoursedates", fault)
    with pytest.raises(error):
        open_api(read_total_s=PATIENCE_S if fault == "redirect" else 0.5).next_coursedates()


@pytest.mark.parametrize(("call", "error"), [(read, Unavailable), (write, Uncertain)])
def test_silence_ends_with_the_total_limit_where_that_is_the_shorter(call, error, raw_server):
    server = raw_server(hangs_after_request)
    began = time.monotonic()
    with pytest.raises(error, match="out of time while waiting for the answer"):
        call(server.url, read_timeout_s=60)
    assert 0.5 < time.monotonic() - began < 20


def test_a_redirect_to_no_address_at_all_is_judged_as_any_redirect(raw_server):
    server = raw_server(answers_with(http({}, "302 Found", Location="http://[bad")))
    with pytest.raises(BadAnswer):
        read(server.url)
    with pytest.raises(Uncertain):
        write(server.url)


def test_an_idle_connection_is_not_trusted(raw_server, monkeypatch):
    monkeypatch.setattr("frontcore.transport.IDLE_S", 0.1)
    server = raw_server(answers_with(http([])))
    with Frontcore(key=KEY, base_url=server.url) as api:
        api.next_coursedates()
        time.sleep(0.15)
        api.next_coursedates()
    assert server.connections == 2


def test_a_booking_does_not_use_a_connection_that_was_kept_alive(raw_server):
    """The server closes idle connections: a booking on one would be lost in doubt."""
    summary = {"order_id": 1, "total_excl_vat": 1, "total_incl_vat": 1, "total_vat": 0}
    done = {"successful": True, "summary": summary | {"number_of_participants": 1}}
    server = raw_server(answers_with(http([]), http(done)))
    with Frontcore(key=KEY, base_url=server.url) as api:
        api.next_coursedates()
        assert api.book(make_booking()).order_id == 1
    assert server.connections == 2
    assert b"Connection: close" in server.received[1]


def test_reads_share_a_connection(raw_server):
    server = raw_server(answers_with(http([])))
    with Frontcore(key=KEY, base_url=server.url) as api:
        for _ in range(3):
            api.next_coursedates()
    assert server.connections == 1


# Total limits: a byte every now and then must not hold a call.


def drips_headers(server, connection):
    server.read_request(connection)
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n" + b"X-Slow: x\r\n" * 1000:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def drips_body(server, connection):
    server.read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[")
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


def drips_chunks(server, connection):
    server.read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"1\r\n \r\n")
        time.sleep(0.05)


def drips_interim_answers(server, connection):
    server.read_request(connection)
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.05)


DRIPS = [drips_headers, drips_body, drips_chunks, drips_interim_answers]


@pytest.mark.parametrize("behave", DRIPS)
@pytest.mark.parametrize(("call", "error"), [(read, Unavailable), (write, Uncertain)])
def test_a_dripping_answer_ends_with_the_total_limit(call, error, behave, raw_server):
    server = raw_server(behave)
    began = time.monotonic()
    with pytest.raises(error, match="out of time"):
        call(server.url)
    assert 0.5 < time.monotonic() - began < 20


def never_reads(server, connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    server.closing.wait()


def test_a_server_that_does_not_take_the_request_ends_with_the_total_limit(raw_server):
    server = raw_server(never_reads)
    began = time.monotonic()
    with (
        Frontcore(key=KEY, base_url=server.url, **LIMITS) as api,
        pytest.raises(Uncertain, match="out of time"),
    ):
        api.book(make_booking(company="x" * 20_000_000))
    assert time.monotonic() - began < 20


def test_a_body_beyond_all_reason_is_a_bad_answer(raw_server):
    def floods(server, connection):
        server.read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b" " * 1_000_000)

    with pytest.raises(BadAnswer):
        read(raw_server(floods).url, read_total_s=20)
