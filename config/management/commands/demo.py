"""The whole site on one machine: simulator, worker, web server, a first refresh."""

import fcntl
import os
import secrets
import shlex
import signal
import socket
import sys
import time
import urllib.error
import urllib.request

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.children import Child, stop

PICTURE = (  # of one course of the made-up school; the others have covers
    90020,
    settings.BASE_DIR / "catalog" / "fixtures" / "demo_picture.webp",
    "Blå åser bak hverandre, og sola så vidt over dem",
)
PICTURE_IN_ENGLISH = "Blue hills behind hills, the sun just above them"


class Stopped(Exception):
    """Someone pressed Ctrl-C, or asked politely."""


class Command(BaseCommand):
    help = "Starts the site with a made-up school; bin/demo calls this."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--simulator-port", type=int, help="none: no simulator")

    def handle(self, *args, port, simulator_port, **options):
        if not settings.DEMO:
            raise CommandError("This command is for the demo: start it as bin/demo.")
        if simulator_port is None and settings.FRONTCORE["key"] == "demo":
            raise CommandError("Set FRONTCORE_API_KEY: without the simulator there is no key.")
        self.alone = alone(settings.DATA_DIR)
        self.children = []
        for number in (port, simulator_port):
            if number is not None:
                need_free(number)
        signal.signal(signal.SIGTERM, interrupt)
        signal.signal(signal.SIGINT, interrupt)
        try:
            self.prepare()
            self.start(port, simulator_port)
            self.watch()
        except Stopped:
            self.say("\nStopping ...")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            stop(self.children)
        self.say("Stopped.")

    def say(self, text):
        self.stdout.write(text)
        self.stdout.flush()

    def prepare(self):
        self.say(f"Data in {settings.DATA_DIR}")
        call_command("set_up", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not apps.get_model("catalog", "Provider").objects.exists():
            call_command("loaddata", "demo", verbosity=0)
        self.password = staff_password()

    def start(self, port, simulator_port):
        if simulator_port is not None:
            self.start_simulator(simulator_port)
        self.first_refresh(simulated=simulator_port is not None)
        self.launch("worker", [sys.executable, "manage.py", "qcluster"])
        self.launch(
            "web",
            [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"],
            env={"BIND": f"127.0.0.1:{port}"},
        )
        self.wait_for(self.children[-1], f"http://127.0.0.1:{port}/healthz")
        self.say(
            f"\n  The site      http://127.0.0.1:{port}/\n"
            f"  In English    http://127.0.0.1:{port}/en/\n"
            f"  Staff         http://127.0.0.1:{port}/admin/"
            f"   user: staff   password: {self.password}\n"
        )
        if simulator_port is not None:
            pid = self.children[0].process.pid
            self.say(
                f"  Frontcore     http://127.0.0.1:{simulator_port}/v2"
                f"   simulated by process {pid}: end it to see Frontcore away"
            )
        self.say(f"  Logs          {settings.DATA_DIR / 'log'}\n\nCtrl-C stops everything.")

    def start_simulator(self, port):
        state = settings.DATA_DIR / "simulator.json"
        command = [sys.executable, "-m", "simulator", "--port", str(port), "--state", str(state)]
        child = self.launch("simulator", [*command, "--key", "demo", "--titles", "no"], vital=False)
        self.wait_for(child, f"http://127.0.0.1:{port}/_simulator/state")

    def launch(self, name, command, **more):
        folder = settings.DATA_DIR / "log"
        folder.mkdir(exist_ok=True)
        child = Child(name, command, folder / f"{name}.log", **more)
        self.children.append(child)
        return child

    def wait_for(self, child, address, patience_s=30):
        """Until the address answers, or the child has died, or patience ends."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if child.has_died:
                raise CommandError(f"The {child.name} did not start:\n{child.last_lines()}")
            try:
                with urllib.request.urlopen(address, timeout=2):  # noqa: S310  our own address
                    return
            except urllib.error.HTTPError:
                return  # it answers; what it says is for others
            except OSError:
                time.sleep(0.1)
        raise CommandError(f"The {child.name} does not answer:\n{child.last_lines()}")

    def first_refresh(self, simulated):
        """Copy the school before anyone looks; later starts leave that to the worker. How the
        made-up school's categories nest is told first: that is staff's to say, not Frontcore's."""
        if (
            apps.get_model("catalog", "Refresh")
            .objects.filter(outcome__in=["good", "held"])
            .exists()
        ):
            return
        if simulated:
            call_command("loaddata", "demo_categories", verbosity=0)
        self.say("First refresh:")
        try:
            call_command("refresh_catalog", stdout=self.stdout)
            if simulated:
                call_command("give_picture", *PICTURE, english=PICTURE_IN_ENGLISH)
        except CommandError as error:
            self.say(f"{error}\nThe site starts all the same; the worker tries again.")

    def watch(self):
        """Until Ctrl-C. A death of the web server or the worker ends the demo; the simulator's is
        reported only: upstream being away is part of life."""
        while True:
            for child in self.children:
                if child.has_died and not child.reported:
                    child.reported = True
                    self.say(f"The {child.name} has stopped. Its last lines:\n{child.last_lines()}")
                    if child.vital:
                        raise CommandError(f"The demo ends because the {child.name} has stopped.")
                    self.say(
                        "The site goes on with its stored copy. To have the simulator again, stop "
                        "the demo and start it anew, or by hand:\n"
                        f"    {shlex.join(child.command)}"
                    )
            time.sleep(0.3)


def interrupt(signum, frame):
    raise Stopped


def alone(folder):
    """A lock on the data folder, held while the file is open."""
    lock = (folder / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CommandError(
            f"Another demo runs on {folder}. Choose another folder with --data, or stop that one."
        ) from None
    return lock


def need_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({os.strerror(error.errno)}). Choose another with "
                "--port or --simulator-port."
            ) from None


def staff_password():
    """The password of the demo's staff user, made once for each database."""
    kept = settings.DATA_DIR / "staff-password"
    user, is_new = get_user_model().objects.get_or_create(
        username="staff",
        defaults={"is_staff": True, "is_superuser": True, "email": "staff@example.no"},
    )
    if is_new or not kept.exists():
        password = secrets.token_urlsafe(9)
        user.set_password(password)
        user.save()
        kept.touch(mode=0o600)
        kept.write_text(password)
    return kept.read_text()
