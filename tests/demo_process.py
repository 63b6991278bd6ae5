"""The demo as a process of its own, started as a newcomer would."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ports import PATIENCE_S, free_port

ROOT = Path(__file__).resolve().parents[1]


class Demo:
    def __init__(self, data, *options, **environment):
        self.port, self.simulator_port = free_port(), free_port()
        ports = ["--port", str(self.port), "--simulator-port", str(self.simulator_port)]
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "MIN_FILL_S": "0",  # the browser types faster than people do
        } | environment
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "bin/demo", *ports, "--data", str(data), *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
        )
        self.said = ""
        self.url = f"http://127.0.0.1:{self.port}"

    def until(self, words):
        """Read what it says until it says the words; fail with everything said if it ends first."""
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return
        pytest.fail(f"The demo never said {words!r}:\n{self.said}")

    def manage(self, *command):
        """Run a command of manage.py beside it, on its data."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env=self.environment | {"DEMO": "true", "DATA_DIR": str(self.data)},
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.said += self.process.communicate(timeout=PATIENCE_S)[0]
        return self.process.returncode


def child_of(demo, word):
    """The process id of the demo's own child whose command holds the word."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_child = f"PPid:\t{demo.process.pid}\n" in (folder / "status").read_text()
            if is_child and word.encode() in (folder / "cmdline").read_bytes():
                return int(folder.name)
        except OSError:
            continue
    pytest.fail(f"The demo has no {word}:\n{demo.said}")
