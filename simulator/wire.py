"""One connection: HTTP/1.1 with keep-alive, and everything that can go wrong on a wire."""

import os
import select
import socket
import struct
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from . import answers, control, faults
from .answers import Answer
from .api import Request

if TYPE_CHECKING:
    from .server import Simulator

LONGEST_S = 600.0
BIGGEST_BODY = 5_000_000


class Connection(BaseHTTPRequestHandler):
    """Reads requests, writes down when they came, and answers or misbehaves as told."""

    protocol_version = "HTTP/1.1"
    server_version = "Slim"
    sys_version = ""
    server: "Simulator"

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reused = False

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError, ValueError):
            self.close_connection = True

    def parse_request(self) -> bool:
        self.arrived_at = time.time()  # the request line has just been read
        self.arrived = time.monotonic()
        return super().parse_request()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal: the log is GET /_simulator/log."""

    def respond(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BIGGEST_BODY:
            self.send(Answer(None, 411, text="Length Required"), close=True)
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True  # the client left before it had said everything
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, parts.query, headers, body)
        if path.startswith("/_simulator"):
            self.send(control.answer(self.server, request), close=self.server.refusing)
            return
        self.exchange(request)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = respond

    def exchange(self, request: Request) -> None:
        """One call of the API: log, key, rate, fault, answer, in that order."""
        inside = request.path.startswith("/v2/")
        request.path = request.path.removeprefix("/v2") if inside else request.path
        entry = self.server.log.arrived(self.arrived_at, request)
        if not inside:
            self.send(Answer(None, 404, text=answers.SLIM_NOT_FOUND), entry)
            return
        if request.headers.get("x-api-key") != self.server.options.key:
            status = 200 if self.server.switches.errors_as_200 else 401
            self.send(Answer({"error": "Wrong API Key"}, status), entry)
            return
        if self.server.rate.exceeded(request.headers["x-api-key"], self.arrived):
            wait = {"Retry-After": "1"} if self.server.switches.retry_after else {}
            self.send(Answer({"error": "Too many requests"}, 429, headers=wait), entry)
            return
        before, fault = self.server.faults.meet(request)
        for each in before:
            faults.act_before(each, request, self.server.books)
        entry["fault"] = "+".join(each.fault for each in [*before, *([fault] if fault else [])])
        if fault is None:
            self.send(self.server.api.answer(request), entry)
        else:
            self.misbehave(fault, request, entry)

    # -- misbehaving --------------------------------------------------------------------------

    def misbehave(self, fault: faults.Fault, request: Request, entry: dict[str, Any]) -> None:
        name = fault.fault
        done = None
        if name not in faults.NOTHING_DONE:
            done = self.server.api.answer(request)
        if name in faults.INSTEAD or name in faults.AFTER_WORK:
            self.send(faults.instead(fault), entry)
        elif name in faults.BENT:
            self.send(faults.bend(fault, done), entry)
        elif name == "slow":
            if self.wait(fault.seconds or 1.0):
                self.send(done, entry)
        elif name in ("hang", "accept_then_hang"):
            self.wait(fault.seconds or LONGEST_S)
            self.close_connection = True
        elif name in ("reset", "accept_then_reset"):
            self.reset()
        elif name in ("close", "accept_then_close"):
            self.close_connection = True
        elif name == "truncated":
            self.send(done, entry, missing=100)
        elif name == "slow_drip":
            self.drip(done, entry, fault.seconds or 0.2)
        else:
            self.server.refuse(fault.seconds or 1.0)
            self.send(done, entry, close=True)

    def wait(self, seconds: float) -> bool:
        """True when the time is up, False as soon as the client has left."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self.connection], [], [], min(left, 1.0))
            if ready and not self.connection.recv(1, socket.MSG_PEEK):
                self.close_connection = True
                return False
            if ready:
                time.sleep(min(left, 0.05))  # the client already sent its next request
        return True

    def reset(self) -> None:
        """Break the connection so that the client gets RST, not an orderly end."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        os.close(self.connection.detach())

    def drip(self, answer: Answer, entry: dict[str, Any], pause: float) -> None:
        """The answer one byte at a time and then spaces, until the client leaves."""
        body = answer.body()
        entry["status"] = answer.status
        self.close_connection = True
        self.wfile.write(self.head(answer, length=10_000_000))
        end = time.monotonic() + LONGEST_S
        position = 0
        while time.monotonic() < end and self.wait(pause):
            self.wfile.write(body[position : position + 1] or b" ")
            position += 1

    # -- answering ----------------------------------------------------------------------------

    def head(self, answer: Answer, length: int) -> bytes:
        try:
            reason = HTTPStatus(answer.status).phrase
        except ValueError:
            reason = "Unknown"
        lines = [f"HTTP/1.1 {answer.status} {reason}", f"Date: {self.date_time_string()}"]
        given = {name.lower() for name in answer.headers}
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        if "content-type" not in given and answer.status != 304:
            lines.append(f"Content-Type: {answer.content_type()}")
        if "content-length" not in given and answer.status not in (204, 304):
            lines.append(f"Content-Length: {length}")
        if self.close_connection:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def send(
        self,
        answer: Answer,
        entry: dict[str, Any] | None = None,
        missing: int = 0,
        close: bool = False,
    ) -> None:
        """One write for head and body. `missing` bytes are promised and never come."""
        body = answer.body() if answer.status not in (204, 304) else b""
        if entry is not None:
            entry["status"] = answer.status
        if close or missing or self.server.refusing:
            self.close_connection = True
        head = self.head(answer, len(body) + missing)
        if missing:
            body = body[: max(len(body) // 2, 1)]
        self.wfile.write(head + (b"" if self.command == "HEAD" else body))
