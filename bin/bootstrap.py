"""Makes `.venv` with the pinned packages. Runs on a bare Python, before anything is installed."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)


def need_python():
    """Start again under a Python that is new enough, or say what is missing."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(14, 10, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")


def environment(*files):
    """The Python of a `.venv` that holds the packages of the requirement files.

    Installs only what changed since the last time: a second call takes no time.
    """
    need_python()
    python = VENV / "bin" / "python"
    stamp = VENV / "installed.json"
    name = "+".join(files)
    wanted = fingerprint(files)
    if not works(python):
        create()
    installed = json.loads(stamp.read_text()) if stamp.exists() else {}
    if installed.get(name) == wanted:
        return str(python)
    print("Installing the pinned packages into .venv ...", flush=True)
    arguments = [part for file in files for part in ("-r", str(ROOT / file))]
    if subprocess.call([*installer(python), "--require-hashes", *arguments]) != 0:
        sys.exit("The packages could not be installed; the lines above say why.")
    stamp.write_text(json.dumps({**installed, name: wanted}))
    return str(python)


def fingerprint(files):
    return hashlib.sha256(b"".join((ROOT / file).read_bytes() for file in files)).hexdigest()


def works(python):
    return python.exists() and subprocess.call([str(python), "-c", ""]) == 0


def create():
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "This Python cannot make virtual environments (ensurepip is missing).\n"
            "On Debian or Ubuntu: apt-get install python3-venv"
        )
    print("Making .venv ...", flush=True)
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", str(VENV)])


def installer(python):
    """pip, or uv where it is at hand: the same result, sooner."""
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "-q", "--python", str(python)]
    return [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
