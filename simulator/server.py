"""The listening port, the pace, the log: a local Frontcore as one object.

`with Simulator(Options(port=0)) as frontcore: ...frontcore.url...`
"""

import collections
import contextlib
import select
import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from .api import Api, Request
from .books import Books
from .clock import Clock
from .faults import Faults
from .school import Recipe
from .switches import Switches
from .wire import Connection

HOST = "127.0.0.1"
LOG_LENGTH = 200_000


@dataclass
class Options:
    port: int = 8001
    key: str = "demo"
    seed: int = 1
    today: date | None = None
    courses: int = 0
    dates: int = 0
    examples_only: bool = False
    state: Path | None = None
    switches: dict[str, Any] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)


class Log:
    """Every call of the API in the order it came, the refused ones too."""

    def __init__(self) -> None:
        self.entries: collections.deque[dict[str, Any]] = collections.deque(maxlen=LOG_LENGTH)
        self.lock = threading.Lock()

    def arrived(self, at: float, request: Request) -> dict[str, Any]:
        """A new entry; its `status` stays null until an answer goes out."""
        entry = {
            "at": at,
            "method": request.method,
            "path": request.path,
            "query": request.query_text,
            "status": None,
            "fault": "",
        }
        with self.lock:
            self.entries.append(entry)
        return entry

    def listed(self) -> list[dict[str, Any]]:
        with self.lock:
            return [dict(entry) for entry in self.entries]


class Rate:
    """So many requests in any sliding second for each key; refused ones count as well."""

    def __init__(self, switches: Switches) -> None:
        self.switches = switches
        self.lock = threading.Lock()
        self.recent: dict[str, collections.deque[float]] = {}

    def exceeded(self, key: str, now: float) -> bool:
        limit = self.switches.rate
        if limit <= 0:
            return False
        with self.lock:
            recent = self.recent.setdefault(key, collections.deque())
            while recent and recent[0] <= now - 1.0:
                recent.popleft()
            recent.append(now)
            return len(recent) > limit


class Simulator:
    """A Frontcore account on a port of this machine."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.switches = Switches()
        clock = Clock()
        real_day = str(clock.today())
        today = str(options.today or real_day)
        size = (options.courses, options.dates, options.examples_only)
        recipe = Recipe(options.seed, today, real_day, *size)
        self.books = Books(recipe, clock, options.state)
        self.api = Api(self.books, self.switches)
        self.log = Log()
        self.rate = Rate(self.switches)
        self.faults = Faults()
        self.refusing = False
        self.configure()
        self._stopping = threading.Event()
        self._closed = threading.Event()
        self._reopen_at = 0.0
        self._connections: set[socket.socket] = set()
        self._wake, self._woken = socket.socketpair()
        self._listener: socket.socket | None = self._listen(options.port)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="frontcore", daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/v2"

    def configure(self) -> None:
        """Switches and faults as the command line gave them."""
        for name, value in vars(Switches()).items():
            setattr(self.switches, name, value)
        for name, value in self.options.switches.items():
            self.switches.set(name, value)
        self.faults.clear()
        self.log.entries.clear()
        self.rate.recent.clear()

    def arm(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Arm a fault. `refuse` closes the port before this returns."""
        fault = self.faults.arm(wish)
        if fault.fault == "refuse":
            self.refuse(fault.seconds or 1.0)
        return fault.to_json()

    def reset(self) -> None:
        self.books.reset()
        self.configure()
        for wish in self.options.faults:
            self.arm(wish)

    # -- running ------------------------------------------------------------------------------

    def start(self) -> "Simulator":
        self._thread.start()
        for wish in self.options.faults:
            self.arm(wish)
        return self

    def stop(self) -> None:
        """Close the port and every connection; a kill does no harm either."""
        self._stopping.set()
        self._wake.send(b"!")
        if self._thread.is_alive():
            self._thread.join(5)
        elif self._listener:
            self._listener.close()
        self._hang_up()

    def __enter__(self) -> "Simulator":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def refuse(self, seconds: float) -> None:
        """Close the port for a while and hang up on everybody who is idle.

        On return nobody can connect. Connections in the middle of a call get their answer first.
        """
        self.refusing = True
        self._closed.clear()
        self._reopen_at = time.monotonic() + seconds
        self._wake.send(b"!")
        if threading.current_thread() is not self._thread:
            self._closed.wait(5)

    # -- the listening thread -----------------------------------------------------------------

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(256)
        except OSError:
            listener.close()
            raise
        return listener

    def _serve(self) -> None:
        while not self._stopping.is_set():
            if self._reopen_at:
                self._close_for_a_while()
                continue
            ready, _, _ = select.select([self._listener, self._woken], [], [])
            if self._woken in ready:
                self._woken.recv(64)
            elif self._listener in ready:
                with contextlib.suppress(OSError):
                    self._welcome(*self._listener.accept())
        if self._listener:
            self._listener.close()

    def _close_for_a_while(self) -> None:
        self._listener.close()
        self._listener = None
        self._hang_up(idle_only=True)
        self._closed.set()
        while not self._stopping.is_set() and (left := self._reopen_at - time.monotonic()) > 0:
            if select.select([self._woken], [], [], left)[0]:
                self._woken.recv(64)
                self._closed.set()
        while not self._stopping.is_set() and self._listener is None:
            try:
                self._listener = self._listen(self.port)
            except OSError:
                time.sleep(0.02)  # somebody took the port meanwhile: wait for it
        self._reopen_at = 0.0
        self.refusing = False

    def _welcome(self, connection: socket.socket, address: tuple) -> None:
        self._connections.add(connection)
        threading.Thread(target=self._converse, args=(connection, address), daemon=True).start()

    def _converse(self, connection: socket.socket, address: tuple) -> None:
        try:
            Connection(connection, address, self)
        except OSError:
            pass  # the client is gone, or we hung up
        finally:
            self._connections.discard(connection)
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
            connection.close()

    def _hang_up(self, idle_only: bool = False) -> None:
        """Stop reading on every connection; with `idle_only` answers under way still go out."""
        how = socket.SHUT_RD if idle_only else socket.SHUT_RDWR
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(how)
