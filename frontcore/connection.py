"""Connections that know their call: its deadline, and whether anything has left us yet.

``requests`` limits the time between two bytes, not the whole: a server that sends one byte every
few seconds, in its headers or its body, holds a call for hours. Here every read and write of the
socket gets what is left of the call's time, name lookup and TLS handshake included.

And the one thing that decides what a failed *write* means is noted where it happens: the first
byte of a request. Before it, nothing can have been booked, whatever the exception is called;
after it, nobody knows.
"""

from __future__ import annotations

import io
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection


class HideCodes(logging.Filter):
    """urllib3 logs addresses; those of code checks end in what a visitor typed."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/validate/" in message:
            record.msg = re.sub(r"(/validate/)[^\s\"'?)]+", r"\1…", message)
            record.args = ()
        return True


for _name in ("urllib3.connectionpool", "urllib3.connection"):
    logging.getLogger(_name).addFilter(HideCodes())


class OutOfTimeError(TimeoutError):
    """The call's total time is over."""


@dataclass
class Flight:
    """One request on its way.

    ``until``: monotonic moment at which the call must be over. ``before_first_byte`` may wait
    (the pace) or raise (then nothing has left). ``not_after``: the moment, by the clock on the
    wall, from which the first byte may not leave any more. ``stage`` says how far it came.
    """

    until: float
    connect_s: float
    before_first_byte: Callable[[], None] = lambda: None
    not_after: datetime | None = None
    left: bool = False
    stage: str = "before connecting"

    def remaining(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise OutOfTimeError("no time left")
        return left

    def take_off(self, is_open: Callable[[], bool]) -> None:
        """Called before each piece that is sent; acts on the first."""
        if not self.left:
            self.stage = "waiting for its turn"
            self.before_first_byte()
            self.remaining()
            if not is_open():
                raise ConnectionAbortedError("the other side has closed meanwhile")
            if self.not_after is not None and datetime.now(UTC) >= self.not_after:
                raise OutOfTimeError("the right to send is over")
            self.left = True
            self.stage = "waiting for the answer"


FLIGHT: ContextVar[Flight] = ContextVar("frontcore_flight")


class TimedSocket:
    """A socket whose every operation ends with the flight it is used by."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._limit: float | None = sock.gettimeout()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def settimeout(self, limit: float | None) -> None:
        self._limit = limit

    def arm(self) -> None:
        """Give the next operation the time that is left, or its own limit if that is less."""
        remaining = FLIGHT.get().remaining()
        self._sock.settimeout(remaining if self._limit is None else min(remaining, self._limit))

    def is_open(self) -> bool:
        """Whether the other side is silent, as it must be before a request.

        Asked through TLS: what a server sends after the handshake by itself (its tickets) is no
        reason to think the connection lost, as a look at the bare socket would make us.
        """
        self._sock.settimeout(0.0)
        try:
            self._sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    def sendall(self, data: Any) -> None:
        FLIGHT.get().take_off(self.is_open)
        self.arm()
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(TimedReader(self, self._sock.makefile("rb", buffering=0)))


class TimedReader(io.RawIOBase):
    """What http.client reads an answer from."""

    def __init__(self, sock: TimedSocket, raw: Any) -> None:
        self._timed = sock
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._timed.arm()
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


def look_up(host: str, port: int, limit_s: float) -> list[str]:
    """The addresses of a name. In a thread: a lookup cannot be given a time limit."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    thread = threading.Thread(target=ask, name="frontcore-lookup", daemon=True)
    thread.start()
    thread.join(limit_s)
    if not found:
        raise TimeoutError("the name lookup took too long")
    if isinstance(found[0], Exception):
        raise OSError("the name was not found")
    return list(dict.fromkeys(entry[4][0] for entry in found[0]))


def connect(connection: HTTPConnection) -> socket.socket:
    """Look up and connect, together within the connect limit and the call's time."""
    flight = FLIGHT.get()
    until = time.monotonic() + min(flight.connect_s, flight.remaining())
    flight.stage = "looking up the name"
    port = connection.port
    addresses = look_up(connection.host, port, until - time.monotonic())
    flight.stage = "connecting"
    problem: OSError = OSError("the name has no address")
    for address in addresses:
        limit = until - time.monotonic()
        if limit <= 0:
            raise TimeoutError("no connection in time")
        try:
            sock = create_connection((address, port), limit, None, connection.socket_options)
        except OSError as error:
            problem = error
            continue
        sock.settimeout(max(min(flight.connect_s, flight.remaining()), 0.001))
        flight.stage = "the TLS handshake"
        return sock
    raise problem


def connect_or_say_so(connection: HTTPConnection) -> socket.socket:
    """As an error of urllib3's own: a plain reset it would pass over, and wait for an answer."""
    try:
        return connect(connection)
    except OSError as error:
        raise NewConnectionError(connection, "no connection") from error


class PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return connect_or_say_so(self)

    def connect(self) -> None:
        super().connect()
        self.sock: Any = TimedSocket(self.sock)

    @property
    def is_connected(self) -> bool:
        return self.sock is not None and self.sock.is_open()


class TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return connect_or_say_so(self)

    def connect(self) -> None:
        super().connect()
        self.sock: Any = TimedSocket(self.sock)

    @property
    def is_connected(self) -> bool:
        return self.sock is not None and self.sock.is_open()


class PlainPool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class TlsPool(HTTPSConnectionPool):
    ConnectionCls = TlsConnection


class TimedAdapter(HTTPAdapter):
    """requests' adapter over the connections above. Never retries by itself."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}

    def connect(self, request: requests.PreparedRequest) -> None:
        """Open a connection for this request and leave it in the pool, where ``send`` finds it."""
        pool: Any = self.get_connection_with_tls_context(request, verify=True)
        trust: Any = self.cert_verify
        trust(pool, request.url, verify=True, cert=None)
        connection = pool._get_conn()
        try:
            connection.connect()
        except BaseException:
            connection.close()
            raise
        pool._put_conn(connection)
