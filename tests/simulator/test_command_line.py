"""As a process: how it starts, what it says, what survives a kill."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.ports import PATIENCE_S

from .conftest import Caller, booking


@pytest.fixture
def start(tmp_path):
    """Starts `python -m simulator` with arguments; everything started is killed in the end."""
    started = []

    def one(*arguments, port=0):
        command = [sys.executable, "-m", "simulator", "--port", str(port), *arguments]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield one
    for process in started:
        process.kill()
        process.communicate()


def caller(process):
    """A caller of the process that has just said where it listens."""
    line = process.stdout.readline()
    assert line.startswith("Frontcore simulator on http://127.0.0.1:"), line
    return Caller(SimpleNamespace(port=int(line.rsplit(":", 1)[1].split("/")[0])))


def test_it_says_where_it_listens_and_stops_at_once_when_told(start):
    for number in (signal.SIGTERM, signal.SIGINT):
        process = start("--key", "hemmelig", "--rate", "0")
        call = caller(process)
        assert call.get("/courses").status == 401
        assert call.get("/courses", X_API_Key="hemmelig").status == 200
        process.send_signal(number)
        assert process.wait(20) == 0


def test_a_taken_port_is_one_sentence_and_exit_code_2(start):
    call = caller(start())
    second = start(port=call.frontcore.port)
    out, err = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 2
    assert (out, err) == ("", f"Port {call.frontcore.port} is taken by another program.\n")


def test_a_wrong_switch_or_fault_is_a_sentence_and_exit_code_2(start):
    for arguments in (["--past-end", "never"], ["--fault", "GET:/courses:explode"]):
        process = start(*arguments)
        _, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 2
        assert err.count("\n") == 1


def test_what_was_answered_survives_a_kill(start, tmp_path):
    books = str(tmp_path / "books")
    process = start("--state", books, "--seed", "7", "--rate", "0")
    call = caller(process)
    answered = [call.book(13100003, voucher_code="GAVE50000").json["summary"] for _ in range(3)]
    call.edit(coursedate=13100001, set={"status_id": 3})
    call.edit(coursedate=13100005, remove=True)
    before = call.state()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    again = caller(start("--state", books, "--rate", "0", "--seed", "8"))
    after = again.state()
    for name in ("orders", "participants", "free_seats", "vouchers", "campaigns"):
        assert after[name] == before[name]
    last = answered[-1]["booking_id"]
    assert again("PUT", f"/booking/{last}/deregister", {}).json["successful"]
    newest = again.book(13100012).json["summary"]["order_id"]
    assert int(newest) > int(answered[-1]["order_id"])
    assert again.get("/courses/90001/coursedates/13100001").json["status"]["id"] == 3


def test_killed_in_the_middle_of_many_bookings_it_keeps_each_answered_one(start, tmp_path):
    books = str(tmp_path / "books")
    process = start("--state", books, "--rate", "0")
    call = caller(process)
    call.fault("accept_then_reset", "POST", "/booking", skip=5)
    answered = [call.book(13100031).json["summary"]["order_id"] for _ in range(5)]
    with pytest.raises(ConnectionError):
        call.book(13100031)
    process.kill()
    process.wait()
    kept = [str(each["id"]) for each in caller(start("--state", books)).state()["orders"]]
    assert kept[:5] == answered
    assert len(kept) == 6


def test_killed_while_many_book_at_once_it_has_kept_every_answered_order(start, tmp_path):
    books = str(tmp_path / "books")
    answered = []

    def book_until_it_is_gone(call):
        while True:
            try:
                answered.append(call.book(13100031).json["summary"]["order_id"])
            except (OSError, http.client.HTTPException):
                return

    for round_number in range(1, 4):
        process = start("--state", books, "--rate", "0")
        call = caller(process)
        threads = [threading.Thread(target=book_until_it_is_gone, args=[call]) for _ in range(4)]
        for each in threads:
            each.start()
        while len(answered) < 20 * round_number:
            time.sleep(0.005)
        process.kill()
        for each in threads:
            each.join()
        process.wait()

    state = caller(start("--state", books)).state()
    kept = {str(each["id"]) for each in state["orders"]}
    assert len(set(answered)) == len(answered)
    assert set(answered) <= kept
    assert state["free_seats"]["13100031"] == 500 - len(kept)
    assert len(state["participants"]) == len(kept)


def test_a_half_written_last_line_is_forgotten(start, tmp_path):
    books = tmp_path / "books"
    process = start("--state", str(books))
    caller(process).book()
    process.kill()
    process.wait()
    with books.open("a") as journal:
        journal.write('{"orders": {"301456": {"id"')
    call = caller(start("--state", str(books)))
    assert len(call.state()["orders"]) == 1
    assert call.book().json["successful"]


def test_a_state_file_keeps_its_own_today_and_reset_empties_it(start, tmp_path):
    books = str(tmp_path / "books")
    first = start("--state", books, "--today", "2027-06-01")
    call = caller(first)
    dates = call.get("/courses/90001/coursedates").json
    call.book()
    first.kill()
    first.wait()
    second = start("--state", books, "--today", "2030-01-01")
    call = caller(second)
    assert call.state()["now"].startswith("2027-06-0")
    assert len(call.state()["orders"]) == 1
    call.reserved("POST", "reset")
    second.kill()
    second.wait()
    call = caller(start("--state", books))
    assert call.state()["orders"] == []
    assert call.get("/courses/90001/coursedates").json == dates


def test_a_foreign_file_is_not_touched(start, tmp_path):
    foreign = tmp_path / "letter.txt"
    foreign.write_text("Dear reader")
    process = start("--state", str(foreign))
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert "is not a state file" in err
    assert foreign.read_text() == "Dear reader"


def test_faults_and_switches_can_be_given_at_the_start_and_come_back_with_reset(start):
    process = start("--fault", "GET:/courses:html_500:1", "--errors-as-200", "yes", "--rate", "0")
    call = caller(process)
    assert [call.get("/courses").status for _ in range(2)] == [500, 200]
    assert call.get("/courses/1").status == 200
    call.switch(errors_as_200=False)
    call.reserved("POST", "reset")
    assert call.get("/courses").status == 500
    assert call.get("/courses/1").status == 200


def test_it_runs_on_a_bare_python_and_listens_on_loopback_only(tmp_path):
    command = [sys.executable, "-I", "-S", "-c"]
    script = (
        "import sys; sys.path.insert(0, '.'); sys.argv = ['simulator', '--port', '0'];"
        "import simulator.__main__ as m; m.main()"
    )
    with subprocess.Popen([*command, script], stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().split()[-1]
            request = urllib.request.Request(
                f"{url}/booking",
                json.dumps(booking()).encode(),
                {"X-API-Key": "demo", "Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                assert json.load(answer)["successful"]
            port = f"{int(url.rsplit(':', 1)[1].split('/')[0]):04X}"
            table = Path("/proc/net/tcp").read_text().splitlines()
            listening = [row.split()[1] for row in table if row.split()[3] == "0A"]
            assert [each for each in listening if each.endswith(port)] == [f"0100007F:{port}"]
        finally:
            process.kill()
