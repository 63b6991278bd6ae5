"""The command on a small site, as tests ask for it."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.audit.small_site import SmallSite


class Ended:
    """How a run of the command ended: exit code, what it said, what it wrote for programs."""

    def __init__(self, code, said, told):
        self.code, self.said, self.told = code, said, told

    @property
    def faults(self):
        """(kind, path of the page) of each."""
        site = self.told["site"]
        return {(one["kind"], one["page"].removeprefix(site)) for one in self.told["faults"]}


@pytest.fixture
def audit(tmp_path):
    def run(address, *options):
        said, file, code = io.StringIO(), tmp_path / "report.json", 0
        try:
            call_command("audit_site", address, *options, "--json", str(file), stdout=said)
        except CommandError as error:
            code = error.returncode
            said.write(str(error))
        told = json.loads(file.read_text()) if file.exists() else None
        return Ended(code, said.getvalue(), told)

    return run


@pytest.fixture
def site():
    site = SmallSite()
    yield site
    site.stop()
