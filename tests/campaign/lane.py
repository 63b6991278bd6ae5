"""One lane of the campaign: a process with a site and a simulator of its own that makes one run
after the other. `python -m tests.campaign.lane FOLDER`; runs come in as lines of JSON, what
became of them goes out as such. Started by `tests.campaign`, with the environment of a site.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from functools import partial
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402

from tests.campaign import acts, bugs, site, weather  # noqa: E402
from tests.campaign.judge import GONE, judge  # noqa: E402
from tests.campaign.plan import ALIVE, CALM, CLUSTER, Run  # noqa: E402
from tests.ports import PATIENCE_S, until, until_listening  # noqa: E402
from tests.simulator_process import Simulator  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
NO_RESULT = {"findings": [], "outcome": "broken", "missed": False}
UNANSWERED = {"hang", "reset", "close"}  # met, nothing done, and never a status in the log


class Tell:
    """What an act found out, kept also when it dies in the next moment."""

    def __init__(self, path):
        self.path = path

    def __call__(self, **facts):
        with self.path.open("a") as lines:
            lines.write(json.dumps(facts) + "\n")

    def so_far(self):
        told = {}
        for line in self.path.read_text().splitlines() if self.path.exists() else []:
            told |= json.loads(line)
        return told


class Child:
    """A process of one act."""

    def __init__(self, lane, act, *arguments):
        self.log, self.name, self.is_frozen = lane.log, act.__name__, False
        self.pid = os.fork()
        if self.pid == 0:
            os._exit(self.live(lane.bug, act, *arguments))

    def live(self, bug, act, *arguments):
        """Its life; its exit code."""
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.dup2(log, 1)
        try:
            if bug:
                bugs.BUGS[bug]()
            act(*arguments)
        except BaseException:
            os.write(log, traceback.format_exc().encode())
            return 1
        return 0

    def wait(self):
        """Until it ends or stands still. Whether it did so before its time."""
        self.is_frozen = False
        deadline = time.monotonic() + PATIENCE_S
        while not (ended := os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED))[0]:
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                with self.log.open("a") as log:
                    log.write(f"{self.name} did not come to an end\n")
                return False
            time.sleep(0.005)
        self.is_frozen = os.WIFSTOPPED(ended[1])
        return self.is_frozen or os.WIFSIGNALED(ended[1])

    def end(self):
        """Nobody is left standing still when the campaign is broken off."""
        if self.is_frozen:
            os.kill(self.pid, signal.SIGKILL)

    def wake(self):
        """It stood still for longer than a call may take; rows can be made older, its clock not."""
        time.sleep(site.LIMITS["write_total_s"])
        os.kill(self.pid, signal.SIGCONT)
        self.wait()


class Lane:
    def __init__(self, folder):
        self.bug = ""
        self.template = folder.parent / "template"
        self.told = folder / "told.jsonl"
        self.log = folder / "children.log"
        self.simulator = Simulator()
        self.simulator.url = settings.FRONTCORE["base_url"]
        self.simulator.port = int(self.simulator.url.split(":")[2].split("/")[0])

    def perform(self, run, bug=""):
        """Make this run; what it came to, with the findings of the judge."""
        self.bug = bug
        began = time.monotonic()
        site.restore(self.template)
        self.told.unlink(missing_ok=True)
        self.log.write_text("")
        self.simulator.reset()
        tell = Tell(self.told)
        was_struck = self.strike(run, tell)
        until_listening(self.simulator.port)
        told = tell.so_far()
        books, writes = self.simulator.state(), self.writes()
        said = self.log.read_text()
        return {
            "run": run.as_dict(),
            "findings": judge(run, told, books, writes) if "bookings" in told else [],
            "outcome": outcome_of(told),
            "missed": run.point != ALIVE and not (was_struck or "turned_away" in told),
            "broken": said + "\n".join(told.get("broken", [])),
            "seconds": round(time.monotonic() - began, 2),
            "told": told,
            "orders": books["orders"],
            "writes": writes,
        }

    def strike(self, run, tell):
        """The booking, its fault and its death, and what comes after. Whether anything died."""
        child = Child(self, acts.book, run, tell, lambda: weather.arm(run, self.simulator))
        try:
            return self.go_on(run, tell, child)
        finally:
            child.end()

    def go_on(self, run, tell, child):
        was_struck = child.wait()
        if run.point == CLUSTER:
            was_struck = self.kill_a_cluster(run)
        self.until_met(run)
        clear = partial(weather.clear, self.simulator, until_listening)
        Child(self, acts.recover, run, tell, clear).wait()
        if child.is_frozen:
            child.wake()
        Child(self, acts.take_stock, run, tell).wait()
        return was_struck

    def warm_up(self):
        """Make a calm run in this very process, so that its children find templates, addresses
        and modules loaded."""
        run, tell = Run(CALM, ALIVE, "company", 0), Tell(self.told)
        acts.book(run, tell, lambda: None)
        acts.recover(run, tell, lambda: None)
        acts.take_stock(run, tell)

    def writes(self):
        """What of bookings and cancellations has reached the simulator."""
        return [
            row
            for row in self.simulator.requests()
            if row["path"] == "/booking" or row["path"].endswith("/deregister")
        ]

    def until_met(self, run):
        """The simulator has done what it does with a request whose sender has died."""
        if not run.point.endswith("during-call"):
            return

        def is_met():
            until_listening(self.simulator.port)
            rows = [
                row
                for row in self.writes()
                if row["method"] == ("PUT" if run.is_cancelled else "POST")
            ]
            if not rows:
                return False
            fault = rows[-1]["fault"].split("+")[-1]
            return rows[-1]["status"] is not None or fault in UNANSWERED or self.is_done(run)

        until(is_met)

    def is_done(self, run):
        """Whether the call has left its trace in the books."""
        books = self.simulator.state()
        if run.is_cancelled:
            return any(person["status_id"] in GONE for person in books["participants"])
        return bool(books["orders"])

    def kill_a_cluster(self, run):
        """A real worker with all its processes, killed while its call is on its way."""
        method = {"look": "GET", "put": "PUT"}.get(run.call, "PUT" if run.is_cancelled else "POST")
        seen = len(self.simulator.requests(method))
        with self.log.open("a") as log:
            cluster = subprocess.Popen(
                [sys.executable, "manage.py", "qcluster"],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        try:
            until(lambda: len(self.simulator.requests(method)) > seen, PATIENCE_S)
        finally:
            os.killpg(cluster.pid, signal.SIGKILL)
            cluster.wait()
        return True


def outcome_of(told):
    """In one word, where the booking of the run stands."""
    if not told.get("bookings"):
        return "nothing" if "bookings" in told else "broken"
    booking = told["bookings"][0]
    return "kept" if booking["hold"] else booking["status"]


def main(folder):
    lane = Lane(Path(folder))
    site.hurry()
    site.prepare(lane.template)
    site.restore(lane.template)
    lane.warm_up()
    gc.freeze()  # what is here stays shared with the children
    print(json.dumps({"ready": True}), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for line in sys.stdin:
        wish = json.loads(line)
        try:
            result = lane.perform(Run(**wish["run"]), wish["bug"])
        except Exception:  # what is left is for other lanes
            print(json.dumps(NO_RESULT | {"run": wish["run"], "broken": traceback.format_exc()}))
            raise
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
