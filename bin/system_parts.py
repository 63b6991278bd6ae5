"""The parts of the tests that pip cannot bring: a browser and a Redis server."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PARTS = {
    # Debian package: programs that will do
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "redis-server": ("redis-server", "valkey-server"),
}


def ensure(python):
    """Find or fetch each part; end with the sentence that says how where that is not possible."""
    for package, programs in PARTS.items():
        if present(programs) or (package == "chromium" and downloaded_browser(python)):
            continue
        if installed_from_debian(package) and present(programs):
            continue
        if package == "chromium" and fetched_browser(python):
            continue
        sys.exit(
            f"The tests need {package}, and nothing of them is skipped silently.\n"
            f"On Debian or Ubuntu: sudo apt-get install --no-install-recommends {package}\n"
            f"On macOS: brew install {'redis' if 'redis' in package else package}"
        )


def present(programs):
    return any(shutil.which(program) for program in programs)


def downloaded_browser(python):
    """Whether Playwright has a browser of its own here."""
    script = (
        "from playwright.sync_api import sync_playwright as p\n"
        "with p() as it: print(it.chromium.executable_path)"
    )
    answer = subprocess.run([python, "-c", script], capture_output=True, text=True)
    return answer.returncode == 0 and Path(answer.stdout.strip()).exists()


def fetched_browser(python):
    print("Fetching a browser for the tests ...", flush=True)
    try:
        command = [python, "-m", "playwright", "install", "chromium"]
        return subprocess.call(command, timeout=300) == 0
    except subprocess.TimeoutExpired:
        return False


def installed_from_debian(package):
    """Install the package where that is possible without asking: as root on Debian."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {package} from Debian's packages ...", flush=True)
    quiet = {"stdout": subprocess.DEVNULL}
    subprocess.call(["apt-get", "update", "-qq"], **quiet)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    noninteractive = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.call(command, env=noninteractive, **quiet) == 0
