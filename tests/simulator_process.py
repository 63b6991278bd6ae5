"""The simulator as a process of its own, as the tests use it: over HTTP, never imported."""

import subprocess
import sys
import time

import requests

from tests.ports import PATIENCE_S

KEY = "test-key-that-must-never-leak"


class Simulator:
    """A running simulator. Its books, faults, switches and log are fresh after `reset`."""

    key = KEY

    def __init__(self, *options, port=0):
        self.options = options
        self.port = port
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "simulator", "--port", str(self.port), "--key", self.key]
        self.process = subprocess.Popen(
            [*command, *self.options], stdout=subprocess.PIPE, text=True
        )
        first_line = self.process.stdout.readline()
        assert first_line.startswith("Frontcore simulator on http"), first_line
        self.url = first_line.split()[-1]
        self.port = int(self.url.split(":")[2].split("/")[0])
        return self

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *problem):
        self.stop()

    def reserved(self, method, name, **kwargs):
        """What it answers of itself; a port that a fault has just closed is waited for."""
        address = f"{self.url.removesuffix('/v2')}/_simulator/{name}"
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = requests.request(method, address, timeout=PATIENCE_S, **kwargs)
                answer.raise_for_status()
                return answer.json()
            except requests.ConnectionError:
                may_repeat = method in ("GET", "DELETE") or name in ("reset", "switches")
                is_dead = self.process is not None and self.process.poll() is not None
                if is_dead or not may_repeat or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def reset(self):
        return self.reserved("POST", "reset")

    def fault(self, method, path, fault, times=1, seconds=0, **more):
        """Arm a fault for the next `times` calls that match (0: until reset)."""
        body = {"method": method, "path": path, "fault": fault, "times": times, "seconds": seconds}
        return self.reserved("POST", "faults", json=body | more)

    def edit(self, **change):
        """Change a record as an administrator in Frontcore would."""
        return self.reserved("POST", "edit", json=change)

    def switches(self, **switches):
        return self.reserved("POST", "switches", json=switches)

    def state(self):
        return self.reserved("GET", "state")

    def requests(self, method=None, path=None):
        """Rows of its log: at, method, path, query, status; narrowed to a method and a path."""
        return [
            row
            for row in self.reserved("GET", "log")
            if method in (None, row["method"]) and path in (None, row["path"])
        ]
