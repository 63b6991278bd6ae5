"""A process may die at any point: no booking is lost, none is sent twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.booking.conftest import bookings_sent
from tests.prepared_site import Prepared

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def process(tmp_path_factory, running_simulator):
    """Run the dying worker with a site of its own; (exit code, the booking's status)."""
    folder = tmp_path_factory.mktemp("site")
    Prepared(tmp_path_factory).tables(folder)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "true",
        "DATA_DIR": str(folder),
        "FRONTCORE_URL": running_simulator.url,
        "FRONTCORE_API_KEY": running_simulator.key,
        "FRONTCORE_RATE": "0",
        "CACHALOT_ENABLED": "false",
    }

    def process(*arguments):
        command = [sys.executable, "-m", "tests.booking.dying_worker", *arguments]
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600
        )
        assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
        return ended.returncode, ended.stdout.strip()

    running_simulator.reset()
    assert process("prepare", "90001", "13100001") == (0, "new")
    return process


@pytest.mark.parametrize(
    ("point", "status", "orders"),
    [
        ("before-claim", "confirmed", 1),
        ("after-claim", "uncertain", 0),
        ("after-answer", "uncertain", 1),
    ],
)
def test_a_worker_killed_while_sending_never_makes_two_orders(
    process, simulator, point, status, orders
):
    assert process("die", point)[0] == -signal.SIGKILL
    assert process("sweep") == (0, status)
    assert len(bookings_sent(simulator)) == orders
    assert len(simulator.state()["orders"]) == orders
