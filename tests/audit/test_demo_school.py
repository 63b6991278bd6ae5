"""The audit of the demo school, served as a deployment serves it: no fault on any page.

Whoever follows every link of it comes to an end, and finds a page behind each.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import bare
from tests.ports import PATIENCE_S, free_port, until_listening
from tests.prepared_site import Prepared
from tests.simulator_process import Simulator

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(600)
LANGUAGES = 2
SET_UP = """
from django.core.management import call_command
from catalog import cards
from catalog.models import Course, CourseDate
from config.management.commands.demo import PICTURE, PICTURE_IN_ENGLISH

call_command("loaddata", "demo", "demo_categories", verbosity=0)
call_command("refresh_catalog")
call_command("give_picture", *PICTURE, english=PICTURE_IN_ENGLISH)
cards.catch_up(1)
print(Course.objects.listed().count() + CourseDate.objects.listed().count())
"""


class School:
    """The made-up school of bin/demo, open to robots: what it has, and where it is served."""

    def __init__(self, folder, simulator, prepared):
        prepared.tables(folder)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.environment = bare(
            DATA_DIR=str(folder),
            STATIC_ROOT=str(prepared.static()),
            SECRET_KEY="only-for-tests-" + "x" * 50,
            FRONTCORE_API_KEY=simulator.key,
            FRONTCORE_URL=simulator.url,
            FRONTCORE_RATE="0",
            SITE_URL=self.url,
            HTTPS="false",
            LOG_LEVEL="ERROR",
            WEB_WORKERS="2",
            BIND=f"127.0.0.1:{port}",
        )
        self.things = int(self.manage("shell", "-v", "0", "-c", SET_UP).split()[-1])
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
        with (folder / "web.log").open("wb") as log:
            self.server = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        until_listening(port)

    def manage(self, *command):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def upstream():
    simulator = Simulator("--rate", "0", "--titles", "no").start()
    yield simulator
    simulator.stop()


@pytest.fixture(scope="module")
def school(tmp_path_factory, upstream):
    school = School(tmp_path_factory.mktemp("school"), upstream, Prepared(tmp_path_factory))
    yield school
    school.server.terminate()
    school.server.wait(PATIENCE_S)


def audited(school, audit, *bounds):
    """The figures of an audit that has found nothing."""
    ended = audit(school.url, "--pages", "2000", *bounds)
    print(ended.said)
    assert ended.code == 0, ended.said
    return ended.told["figures"]


def test_nothing_is_wrong_with_any_kind_of_page(school, audit):
    figures = audited(school, audit, "--each", "15", "--sample", "2")
    assert figures["pages"] > figures["sitemap_entries"] > 100
    assert figures["things"] > school.things


@pytest.mark.slow
def test_nothing_is_wrong_with_the_whole_school(school, audit):
    """Each course and date in both languages, and few pages besides."""
    figures = audited(school, audit)
    assert figures["pages"] > school.things * LANGUAGES
