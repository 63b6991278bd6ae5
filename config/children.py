"""Child processes that live and die together: for the demo."""

import os
import signal
import subprocess
import time
from pathlib import Path


class Child:
    """One process in a session of its own, its output in a log file."""

    def __init__(self, name, command, log: Path, vital=True, env=None):
        self.name = name
        self.command = command
        self.vital = vital
        self.log = log
        self.reported = False
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=os.environ | (env or {}),
            )

    @property
    def has_died(self):
        return self.process.poll() is not None

    def last_lines(self, count=15):
        return "".join(
            f"    {line}\n" for line in self.log.read_text(errors="replace").splitlines()[-count:]
        )

    def terminate(self):
        """Ask the main process alone: it knows how to stop its own children."""
        if not self.has_died:
            self.process.terminate()

    def kill_group(self):
        """End whatever of its session is left, its orphans included."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()


def stop(children, patience_s=15):
    """Stop all of them: politely, then for certain."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + patience_s
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            continue
    for child in children:
        child.kill_group()
