"""Frontcore opened against the simulator, and a server that misbehaves byte by byte."""

import contextlib
import json
import socket
import threading
from pathlib import Path

import pytest

from frontcore import BookingParticipant, BookingRequest, Frontcore
from tests.ports import until

ANSWERS = Path(__file__).parent / "answers"
KEY = "a-key-that-must-stay-inside"


@pytest.fixture
def answer():
    """The body of an example of the API, by name."""
    return lambda name: json.loads((ANSWERS / f"{name}.json").read_text("utf-8"))


@pytest.fixture
def frontcore_server(running_simulator):
    """A simulator with fresh books; unlike ``simulator`` it needs nothing of the site."""
    running_simulator.reset()
    return running_simulator


@pytest.fixture
def open_api(frontcore_server):
    """Open a Frontcore on the simulator; any argument can be given another value."""
    with contextlib.ExitStack() as stack:

        def open_it(**options):
            usual = {"key": frontcore_server.key, "base_url": frontcore_server.url}
            return stack.enter_context(Frontcore(**usual | options))

        yield open_it


@pytest.fixture
def api(open_api):
    return open_api()


def make_booking(coursedate_id=13100001, **fields):
    person = BookingParticipant(
        firstname="Ola", lastname="Nordmann", email="ola@example.no", status_id=1
    )
    usual = {
        "coursedate_id": coursedate_id,
        "booker_name": "Kari Nordmann",
        "booker_email": "kari@example.no",
        "participants": (person,),
    }
    return BookingRequest(**usual | fields)


class RawServer:
    """Listens on loopback and does with each connection what the test says."""

    def __init__(self, behave):
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v2"
        self.received = []
        self.connections = 0
        self.closing = threading.Event()
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError):
            self._behave(self, connection)

    def read_request(self, connection):
        """Read one whole request; b"" when the client has left."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return b""
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        while len(body) < length:
            body += connection.recv(65536)
        self.received.append(head + b"\r\n\r\n" + body)
        return self.received[-1]

    def close(self):
        self.closing.set()
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def leave(connection):
    """Close it, and come back once the other side's system has been told and has said so."""
    connection.shutdown(socket.SHUT_WR)
    told = 5  # FIN_WAIT2
    until(lambda: connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == told)
    connection.close()


@pytest.fixture
def raw_server():
    """Start servers of ``behave(server, connection)``; all are closed afterwards."""
    servers = []

    def start(behave):
        servers.append(RawServer(behave))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def http(body, status="200 OK", **headers):
    """The bytes of an HTTP answer."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(text)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + text


def answers_with(*bodies):
    """Behave: answer each request in turn with these bytes, the last one for ever."""
    left = list(bodies)
    lock = threading.Lock()

    def behave(server, connection):
        while server.read_request(connection):
            with lock:
                body = left.pop(0) if len(left) > 1 else left[0]
            connection.sendall(body)

    return behave
