"""The command line: `python -m simulator --help`."""

import argparse
import errno
import gc
import os
import signal
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

from .books import StateFileError
from .faults import NAMES, BadFault
from .server import Options, Simulator
from .switches import CHOICES, MEANINGS, Switches


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A local Frontcore under /v2, on loopback only. See simulator/README.md.",
    )
    add = found.add_argument
    add("--port", type=int, default=8001, help="0: any free port (default 8001)")
    add("--key", default="demo", help="the X-API-Key it accepts (default demo)")
    add("--seed", type=int, default=1, help="same seed, same school (default 1)")
    add("--today", type=date.fromisoformat, help="yyyy-mm-dd: its today (default: the real one)")
    add("--courses", type=int, default=0, help="a large school of so many courses")
    add("--dates", type=int, default=0, help="dates for each course of a large school")
    add("--examples-only", action="store_true", help="of the dates, those with fixed ids alone")
    add("--state", type=Path, metavar="FILE", help="keep the books here; survives a kill")
    add(
        "--fault",
        action="append",
        default=[],
        metavar="METHOD:PATH:FAULT[:TIMES[:SECONDS]]",
        help=f"repeatable; TIMES 0: for ever; faults: {', '.join(NAMES)}",
    )
    switches = found.add_argument_group("switches, for what Frontcore's documents leave open")
    for name, default in vars(Switches()).items():
        usual = {True: "yes", False: "no"}.get(default, default) if name != "rate" else 5
        kind = "|".join(CHOICES.get(name, ("yes", "no") if isinstance(default, bool) else ("X",)))
        flag = f"--{name.replace('_', '-')}"
        switches.add_argument(
            flag, dest=name, metavar=kind, help=f"{MEANINGS[name]} (default {usual})"
        )
    return found


def fault_from(text: str) -> dict[str, Any]:
    """`POST:/booking:slow:1:3` as the body of POST /_simulator/faults."""
    parts = text.split(":")
    if not 3 <= len(parts) <= 5:
        raise BadFault(f"{text!r} is not METHOD:PATH:FAULT[:TIMES[:SECONDS]]")
    wish = dict(zip(("method", "path", "fault", "times", "seconds"), parts, strict=False))
    if wish["fault"] not in NAMES:
        raise BadFault(f"no fault {wish['fault']!r}; there are {', '.join(NAMES)}")
    return wish


def main() -> int:
    asked = parser().parse_args()
    given = {name: getattr(asked, name) for name in vars(Switches())}
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        armed = [fault_from(text) for text in asked.fault]
        plain = ("port", "key", "seed", "today", "courses", "dates", "examples_only", "state")
        options = Options(**{name: getattr(asked, name) for name in plain})
        options.switches, options.faults = chosen, armed
        simulator = Simulator(options)
        gc.freeze()  # a large school need not be looked through again and again
    except OSError as wrong:
        if wrong.errno != errno.EADDRINUSE:
            raise
        print(f"Port {asked.port} is taken by another program.", file=sys.stderr)
        return 2
    except (StateFileError, ValueError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        # At once: what was answered is in the state file already.
        signal.signal(number, lambda *_: os._exit(0))
    simulator.start()
    print(f"Frontcore simulator on {simulator.url}", flush=True)
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
