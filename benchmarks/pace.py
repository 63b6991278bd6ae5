"""How much of the allowed rate the shared pace uses: python benchmarks/pace.py [--processes 8].

Starts the simulator without a limit of its own, lets that many processes ask as fast as their
pace lets them, and counts in the simulator's log. Prints ratios; fails nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
import tempfile
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from frontcore import Frontcore, Priority  # noqa: E402

RATE = 5


def ask(url: str, pace: Path, times: int, priority: Priority) -> None:
    with Frontcore(key="demo", base_url=url, pace_path=pace, priority=priority) as api:
        for _ in range(times):
            list(api.course_dates(90001))


def measure(url: str, processes: int, times: int, priority: Priority) -> str:
    root = url.removesuffix("/v2")
    requests.delete(f"{root}/_simulator/log", timeout=10)
    context = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as folder:
        pace = Path(folder) / "pace.sqlite"
        children = [
            context.Process(target=ask, args=(url, pace, times, priority)) for _ in range(processes)
        ]
        for child in children:
            child.start()
        for child in children:
            child.join()
    log = requests.get(f"{root}/_simulator/log", timeout=10).json()
    at = sorted(row["at"] for row in log)
    rate = (len(at) - 1) / (at[-1] - at[0])
    tightest = min(later - first for first, later in zip(at, at[RATE:], strict=False))
    crowded = sum(later - first < 1 for first, later in zip(at, at[RATE:], strict=False))
    return (
        f"{processes} x {times} {priority.value:8} {rate / RATE:6.1%} of the rate "
        f"({rate:.2f}/s), tightest {RATE + 1} starts in {tightest:.3f} s, "
        f"{crowded} windows with {RATE + 1}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--times", type=int, default=6, help="calls of each process")
    options = parser.parse_args()
    command = [sys.executable, "-m", "simulator", "--port", "0", "--rate", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as simulator:
        try:
            url = simulator.stdout.readline().split()[-1]
            total = options.processes * options.times
            print(measure(url, options.processes, options.times, Priority.VISITOR))
            print(measure(url, 1, total, Priority.VISITOR))
            print(measure(url, 1, total, Priority.REFRESH))
        finally:
            simulator.terminate()


if __name__ == "__main__":
    main()
