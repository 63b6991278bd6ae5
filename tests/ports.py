"""Servers that tests start: a free port, waiting for it, a Redis."""

import shutil
import socket
import subprocess
import time

PATIENCE_S = 180  # with a busy machine; what goes well never takes it


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, patience_s=PATIENCE_S):
    """Wait for what another process does; fail when patience ends."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def until_listening(port):
    def listens():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    until(listens)


def redis_server(folder):
    """(process, address) of a Redis of the test's own."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    assert program, "redis-server is needed: bin/test installs it or says how"
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    until_listening(port)
    return server, f"redis://127.0.0.1:{port}/0"
