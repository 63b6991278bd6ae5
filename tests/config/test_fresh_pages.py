"""After a refresh has ended, no process shows what was before it: on each shared cache."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.ports import free_port, redis_server, until_listening
from tests.simulator_process import Simulator

ROOT = Path(__file__).resolve().parents[2]
COURSE = 90001
ROUNDS = 2


@pytest.fixture(scope="module")
def school():
    simulator = Simulator("--rate", "0").start()
    yield simulator
    simulator.stop()


@pytest.fixture(params=["embedded", "redis"])
def site(request, tmp_path, school):
    """Three web processes over a refreshed copy. Yields (address, environment)."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "STATIC_ROOT": str(tmp_path / "static"),
        "DEMO": "true",
        "FRONTCORE_URL": school.url,
        "FRONTCORE_API_KEY": school.key,
        "FRONTCORE_RATE": "0",
        "LOG_LEVEL": "ERROR",
        "WEB_WORKERS": "3",
        "BIND": f"127.0.0.1:{free_port()}",
    }
    servers = []
    if request.param == "redis":
        redis, environment["REDIS_URL"] = redis_server(tmp_path)
        servers.append(redis)
    manage(environment, "set_up")
    manage(environment, "collectstatic", "--no-input")
    manage(environment, "refresh_catalog")
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
    with (tmp_path / "web.log").open("wb") as log:
        servers.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
    until_listening(int(environment["BIND"].split(":")[1]))
    yield f"http://{environment['BIND']}", environment
    for server in reversed(servers):
        server.terminate()
        server.wait(20)


def manage(environment, *command):
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        timeout=120,
    )


def title_on(address, path):
    page = requests.get(f"{address}{path}", timeout=20).text
    return re.search(r"Varme arbeider(?: \d+)?", page)[0]


def test_no_process_shows_what_was_before_a_refresh_that_has_ended(site, school):
    address, environment = site
    stale = []
    for number in range(ROUNDS):
        title = f"Varme arbeider {number}"
        school.edit(course=COURSE, set={"title": title})
        refresh = subprocess.Popen(
            [sys.executable, "manage.py", "refresh_catalog"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        while refresh.poll() is None:  # readers all along, so that many overlap the switch
            title_on(address, "/kurs/?page=2")
            title_on(address, f"/kurs/{COURSE}/")
        assert refresh.returncode == 0
        for path in ("/kurs/?page=2", f"/kurs/{COURSE}/"):
            stale += [
                (number, path)
                for _ in range(9)  # three for each process, on average
                if title_on(address, path) != title
            ]
    assert stale == []
    school.reset()
