"""What the web server writes into its access log, and how it starts."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from gunicorn.config import Config

from config.gunicorn import DiscreetLogger
from tests.environment import bare
from tests.ports import PATIENCE_S, free_port, until_listening

TOKEN = "q3ZcP0dV8sYt1LrXwB5nKfHg2MjE7uAo"


@pytest.mark.parametrize("path", [f"/booking/{TOKEN}/", f"/en/booking/{TOKEN}/calendar.ics"])
def test_the_access_log_holds_no_secret_address(path):
    logger = DiscreetLogger(Config())
    logger.cfg.set("accesslog", "-")
    request = SimpleNamespace(headers=[])
    response = SimpleNamespace(status="200 OK", sent=10, headers=[])
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"{path}?voucher=abc",
        "PATH_INFO": path,
        "QUERY_STRING": "voucher=abc",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://kurs.example.no{path}",
    }
    from datetime import timedelta

    atoms = logger.atoms(response, request, environ, timedelta(seconds=1))
    written = " ".join(str(value) for key, value in atoms.items() if not key.startswith("{"))
    assert TOKEN not in written
    assert "voucher" not in written
    assert "/booking/***" in atoms["U"]


def test_what_is_missing_in_the_environment_is_said_once_and_ends_it(tmp_path):
    """Loaded once, before there are workers, and not by each of them."""
    ended = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"],
        cwd=Path(__file__).resolve().parents[2],
        env=bare(DATA_DIR=str(tmp_path), BIND="127.0.0.1:0"),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert ended.returncode != 0
    assert ended.stderr.count("Set SECRET_KEY: without it the site does not start.") == 1


def test_it_leaves_nothing_in_the_home_folder(tmp_path):
    home, data, port = tmp_path / "home", tmp_path / "data", free_port()
    home.mkdir()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"],
        cwd=Path(__file__).resolve().parents[2],
        env=bare(
            HOME=str(home),
            DATA_DIR=str(data),
            DEMO="true",
            FRONTCORE_API_KEY="made-up",
            WEB_WORKERS="1",
            BIND=f"127.0.0.1:{port}",
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until_listening(port)
        # An answer comes from a worker, and the control socket is opened before there are workers.
        # Earlier than this a worker does not hear that it is to stop, and is waited for.
        requests.get(f"http://127.0.0.1:{port}/robots.txt", timeout=PATIENCE_S)
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE_S)
    assert list(home.iterdir()) == []
