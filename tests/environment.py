"""What a process has in its environment that a test starts with nothing of its own."""

import os

CLOCK_OFFSET_S = "TESTS_CLOCK_OFFSET_S"  # set while the tests have a day of their own


def bare(**named):
    """The way to programs, the clock of the tests and what is named; nothing else, for a variable
    of the machine could change what a test sees. Folders in PYTHONPATH come after that clock's."""
    given = {
        name: os.environ[name]
        for name in ("PATH", "PYTHONPATH", CLOCK_OFFSET_S)
        if name in os.environ
    }
    paths = [given.get("PYTHONPATH"), named.pop("PYTHONPATH", None)]
    if any(paths):
        given["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return given | named
