"""bin/fault-campaign: bookings while everything goes wrong, judged by Frontcore's own books."""

import argparse
import contextlib
import itertools
import json
import os
import queue
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.campaign import report
from tests.campaign.plan import every_run, named, pairs
from tests.campaign.site_environment import environment
from tests.ports import PATIENCE_S
from tests.simulator_process import Simulator

ROOT = Path(__file__).resolve().parents[2]
USUAL = 400  # each fault at three points; some minutes


def options(arguments):
    parser = argparse.ArgumentParser(prog="bin/fault-campaign", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of all chance (1)")
    parser.add_argument(
        "--runs",
        type=int,
        metavar="N",
        default=USUAL,
        help="so many, the most telling first (%(default)s); "
        f"{len(pairs())} hold each fault with each point of death",
    )
    parser.add_argument(
        "--all", action="store_true", help="each of these with each kind of booking"
    )
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", help="these runs, as the report names them"
    )
    parser.add_argument("--lanes", type=int, default=min(4, (os.cpu_count() or 1) + 1), metavar="N")
    parser.add_argument(
        "--plant", nargs="+", default=[""], metavar="BUG", help="bugs to notice, in turn, one a run"
    )
    parser.add_argument(
        "--prepared",
        type=Path,
        metavar="DIR",
        help="the site as it begins; made if it is not there",
    )
    parser.add_argument("--verbose", action="store_true", help="tell everything of each run")
    chosen = parser.parse_args(arguments)
    try:
        chosen.plan = named(chosen.only, chosen.seed) if chosen.only else every_run(chosen.seed)
    except ValueError as error:
        parser.error(error)
    if not chosen.all and not chosen.only:
        chosen.plan = chosen.plan[: chosen.runs]
    return chosen


def port_to_come_back_to():
    """A free port that no outgoing connection is given while the simulator has it closed."""
    for port in random.sample(range(12_000, 30_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port")


class Lane(threading.Thread):
    """Feeds one lane's process with runs until none is left."""

    def __init__(self, folder, runs, results):
        super().__init__(daemon=True)
        self.runs, self.results = runs, results
        self.simulator = Simulator("--rate", "0", port=port_to_come_back_to()).start()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.campaign.lane", str(folder)],
            cwd=ROOT,
            env=environment(folder / "data", self.simulator),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self):
        """Wait until its process is ready, then feed it."""
        self.process.stdout.readline()
        self.start()

    def run(self):
        while True:
            try:
                wish = self.runs.get_nowait()
            except queue.Empty:
                break
            try:
                print(json.dumps(wish), file=self.process.stdin, flush=True)
                self.results.put(json.loads(self.process.stdout.readline()))
            except (OSError, ValueError):  # the lane has broken down, and says why on stderr
                break
        self.results.put(None)

    def stop(self):
        self.process.terminate()  # not a kill: it may have a cluster to end
        self.process.wait(PATIENCE_S)
        self.simulator.stop()


def perform(runs, lanes, bugs, watch, prepared=None):
    """The results of all runs, in the order of the plan."""
    waiting, results, found = queue.SimpleQueue(), queue.SimpleQueue(), {}
    for run, bug in zip(runs, itertools.cycle(bugs), strict=False):
        waiting.put({"run": run.as_dict(), "bug": bug})
    with tempfile.TemporaryDirectory(prefix="fault-campaign-") as folder:
        template, teams = Path(folder) / "template", []
        if prepared and prepared.exists():
            shutil.copytree(prepared, template)
        try:
            for number in range(min(lanes, len(runs))):
                own = Path(folder) / str(number)
                own.mkdir()
                teams.append(Lane(own, waiting, results))
                if number == 0:  # it prepares a site for all
                    teams[0].begin()
                    if prepared and not prepared.exists():
                        shutil.copytree(template, prepared)
            for team in teams[1:]:
                team.begin()
            at_work = len(teams)
            while at_work:
                result = results.get()
                if result is None:
                    at_work -= 1
                    continue
                found[report.name_of(result)] = result
                watch(result, len(found), len(runs))
        finally:
            for team in teams:
                team.stop()
    return [found[run.name] for run in runs if run.name in found]


def main(arguments):
    chosen = options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no process stays behind
    began = time.monotonic()
    watch = report.tell_all if chosen.verbose else report.progress
    results = perform(chosen.plan, chosen.lanes, chosen.plant, watch, chosen.prepared)
    return report.tell(results, len(chosen.plan), chosen.seed, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
