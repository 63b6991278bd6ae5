"""What the web server writes into its access log."""

from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from config.gunicorn import DiscreetLogger

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
