"""Sites that are set up once for a whole run of the tests, by whoever needs them first."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.environment import bare

ROOT = Path(__file__).resolve().parents[1]


class Prepared:
    """What a site begins with: its tables, its static files, its copy of the made-up school."""

    def __init__(self, tmp_path_factory):
        base = tmp_path_factory.getbasetemp()
        # The processes of one run have folders beside each other.
        self.folder = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def tables(self, folder):
        """Put a database with all its tables into that folder, and a cache."""
        copy(self.once("tables", manage, "set_up", "-v0"), folder)

    def school(self, folder, simulator):
        """The tables, with all that the simulator offers in them."""
        copy(self.once("school", self.refreshed, simulator), folder)

    def static(self):
        """The folder of the collected static files."""
        return self.once("static", manage, "collectstatic", "--no-input", "-v0") / "static"

    def once(self, name, make, *arguments):
        """The folder of that name, made by `make(it, …)` if nobody has yet."""
        done = self.folder / f"site-{name}"
        with (self.folder / f"site-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                making = self.folder / f"site-{name}-in-the-making"
                shutil.rmtree(making, ignore_errors=True)
                making.mkdir()
                make(making, *arguments)
                making.rename(done)
        return done

    def refreshed(self, folder, simulator):
        self.tables(folder)
        upstream = {"FRONTCORE_URL": simulator.url, "FRONTCORE_API_KEY": simulator.key}
        manage(folder, "refresh_catalog", **upstream)


def copy(prepared, folder):
    shutil.copytree(prepared, folder, dirs_exist_ok=True)


def manage(folder, *command, **more):
    environment = bare(
        DATA_DIR=str(folder),
        STATIC_ROOT=str(folder / "static"),
        DEMO="true",
        FRONTCORE_RATE="0",
        LOG_LEVEL="ERROR",
    )
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment | more,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
