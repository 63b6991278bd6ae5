"""The demo, started and stopped as a newcomer would."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.demo_process import ROOT, Demo, child_of
from tests.ports import PATIENCE_S

pytestmark = pytest.mark.real_day


def processes_of(data):
    """Command lines of processes that carry this data folder in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if str(data).encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [command for command in found if "pytest" not in command]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "data"


def test_one_command_shows_a_school_and_leaves_nothing_behind(data):
    demo = Demo(data)
    demo.until("Ctrl-C stops everything")
    page = requests.get(f"{demo.url}/", timeout=PATIENCE_S)
    assert page.status_code == 200
    assert len(re.findall(r'href="/kurs/\d+-', page.text)) > 3, "courses on the home page"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "Disallow: /\n" in requests.get(f"{demo.url}/robots.txt", timeout=PATIENCE_S).text
    password = re.search(r"password: (\S+)", demo.said)[1]
    assert_staff_can_sign_in(demo.url, password)
    assert demo.stop() == 0
    assert processes_of(data) == []


def assert_staff_can_sign_in(url, password):
    visitor = requests.Session()
    visitor.get(f"{url}/admin/login/", timeout=PATIENCE_S)
    typed = {
        "username": "staff",
        "password": password,
        "csrfmiddlewaretoken": visitor.cookies["csrftoken"],
        "next": "/admin/",
    }
    answer = visitor.post(f"{url}/admin/login/", data=typed, timeout=PATIENCE_S)
    assert answer.url == f"{url}/admin/"


def test_a_second_start_keeps_everything_and_stops_by_itself_when_the_web_server_dies(data):
    demo = Demo(data)
    demo.until("Ctrl-C stops everything")
    assert "First refresh" not in demo.said
    os.kill(child_of(demo, "gunicorn"), signal.SIGKILL)
    said = demo.process.communicate(timeout=PATIENCE_S)[0]
    assert "The web has stopped" in said
    assert demo.process.returncode != 0
    assert processes_of(data) == []


def test_the_simulator_may_die_without_ending_the_demo(data):
    demo = Demo(data)
    demo.until("Ctrl-C stops everything")
    os.kill(child_of(demo, "simulator"), signal.SIGKILL)
    demo.until("The simulator has stopped")
    other = subprocess.run(
        [sys.executable, "bin/demo", "--data", str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
        timeout=PATIENCE_S,
    )
    assert "Another demo runs on" in other.stderr
    assert requests.get(f"{demo.url}/kurs/", timeout=PATIENCE_S).status_code == 200
    assert demo.stop() == 0
    assert processes_of(data) == []


@pytest.mark.parametrize("option", ["--port", "--simulator-port"])
def test_a_taken_port_is_a_sentence(tmp_path, option):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [sys.executable, "bin/demo", option, str(port), "--data", str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
            timeout=600,
        )
    assert answer.returncode != 0
    assert f"Port {port} cannot be used" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_without_simulator_a_key_is_needed_and_said(tmp_path):
    answer = subprocess.run(
        [sys.executable, "bin/demo", "--no-simulator", "--data", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
        timeout=600,
    )
    assert answer.returncode != 0
    assert "Set FRONTCORE_API_KEY" in answer.stderr
    assert "Traceback" not in answer.stderr
