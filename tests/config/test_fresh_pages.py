"""After a refresh has ended, no process shows what was before it: on each shared cache."""

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from tests.environment import bare
from tests.ports import PATIENCE_S, free_port, redis_server, until_listening
from tests.prepared_site import Prepared
from tests.simulator_process import Simulator

ROOT = Path(__file__).resolve().parents[2]
COURSE = 90001
PAGES = ("/kurs/?page=2", f"/kurs/{COURSE}/")
ROUNDS = 2


REFRESH = """
import sys
import threading
from django.core.management import call_command
print("ready", flush=True)
for line in sys.stdin:
    call_command("refresh_catalog", stdout=sys.stderr)
    print("refreshed", flush=True)
"""


@pytest.fixture(scope="module")
def school():
    simulator = Simulator("--rate", "0").start()
    yield simulator
    simulator.stop()


@pytest.fixture(params=["embedded", "redis"])
def site(request, tmp_path, tmp_path_factory, school):
    """Two web processes over a refreshed copy. Yields (address, environment)."""
    prepared = Prepared(tmp_path_factory)
    environment = bare(
        DATA_DIR=str(tmp_path),
        STATIC_ROOT=str(prepared.static()),
        DEMO="true",
        FRONTCORE_URL=school.url,
        FRONTCORE_API_KEY=school.key,
        FRONTCORE_RATE="0",
        LOG_LEVEL="ERROR",
        WEB_WORKERS="2",
        BIND=f"127.0.0.1:{free_port()}",
    )
    prepared.school(tmp_path, school)
    servers = []
    if request.param == "redis":
        redis, environment["REDIS_URL"] = redis_server(tmp_path)
        servers.append(redis)
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
    with (tmp_path / "web.log").open("wb") as log:
        servers.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
    until_listening(int(environment["BIND"].split(":")[1]))
    yield f"http://{environment['BIND']}", environment
    for server in reversed(servers):
        server.terminate()
        server.wait(PATIENCE_S)


@pytest.fixture
def worker(site):
    """A process that refreshes as often as it is told to, as the worker does."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", REFRESH],
        cwd=ROOT,
        env=site[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    yield process
    process.communicate(timeout=PATIENCE_S)


def refresh_while(worker, do):
    """Let the worker refresh, doing this all along."""
    print("go on", file=worker.stdin, flush=True)
    done = []

    def hear():
        done.append(worker.stdout.readline())

    listener = threading.Thread(target=hear)
    listener.start()
    while listener.is_alive():
        do()
    assert done == ["refreshed\n"]


def title_on(address, path):
    """The course's title as that page has it; None where it lists no such course."""
    page = requests.get(f"{address}{path}", timeout=PATIENCE_S).text
    found = re.search(r"Varme arbeider(?: \d+ runde\d+)?", page)
    return found and found[0]


def test_no_process_shows_what_was_before_a_refresh_that_has_ended(site, school, worker):
    address, _ = site
    stale = []
    for number in range(ROUNDS):
        title = f"Varme arbeider {number} runde{number}"
        school.edit(course=COURSE, set={"title": title})
        # Readers all along, so that many overlap the switch.
        refresh_while(worker, lambda: [title_on(address, path) for path in PAGES])
        # A search finds it where what is filed for searches is that of the new generation.
        for path in (*PAGES, f"/kurs/?q=runde{number}"):
            stale += [
                (number, path)
                for _ in range(6)  # three for each process, on average
                if title_on(address, path) != title
            ]
    assert stale == []
    school.reset()
