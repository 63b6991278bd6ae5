"""A process may die at any point of a cancellation: it is sent once, and nothing false is said."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.booking.standing import deregistrations, enrolments
from tests.prepared_site import Prepared

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def process(tmp_path, tmp_path_factory, simulator):
    """Run the dying canceller with a site of its own; (exit code, the booking's status)."""
    Prepared(tmp_path_factory).tables(tmp_path)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "true",
        "DATA_DIR": str(tmp_path),
        "FRONTCORE_URL": simulator.url,
        "FRONTCORE_API_KEY": simulator.key,
        "FRONTCORE_RATE": "0",
        "CACHALOT_ENABLED": "false",
    }

    def process(*arguments):
        command = [sys.executable, "-m", "tests.booking.dying_canceller", *arguments]
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600
        )
        assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
        return ended.returncode, ended.stdout.strip()

    return process


def test_a_worker_killed_while_cancelling_never_sends_twice(process, simulator):
    assert process("prepare", "90001", "13100001") == (0, "confirmed")
    sent = 0
    for point, status, calls, enrolled in (
        ("after-claim", "cancel_uncertain", 0, [1]),
        ("before-claim", "cancelled", 1, [4]),
        ("after-answer", "cancel_uncertain", 1, [4]),
    ):
        assert process("die", point)[0] == -signal.SIGKILL, point
        assert process("sweep") == (0, status), point
        sent += calls
        assert len(deregistrations(simulator)) == sent, point
        assert enrolments(simulator) == enrolled, point
