"""What happens at the very same moment, with real threads on a real database."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.booking.conftest import bookings_sent

ROOT = Path(__file__).resolve().parents[2]


def test_ten_presses_at_once_are_one_booking_and_one_order(tmp_path, simulator):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "true",
        "DEBUG": "true",
        "ALLOWED_HOSTS": "testserver",
        "DATA_DIR": str(tmp_path),
        "FRONTCORE_URL": simulator.url,
        "FRONTCORE_API_KEY": simulator.key,
        "FRONTCORE_RATE": "0",
    }
    command = [sys.executable, "-m", "tests.booking.ten_presses", "90001", "13100001"]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["pages"] == [told["page"]], "every press leads to the same page"
    assert (told["queued"], told["status"]) == (1, "confirmed")
    assert len(bookings_sent(simulator)) == 1
    assert len(simulator.state()["orders"]) == 1
