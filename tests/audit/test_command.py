"""What `manage.py audit_site` tells people, programs and the shell."""

import io
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from audit.registry import CHECKS
from tests.audit.small_site import COURSE
from tests.environment import bare
from tests.ports import free_port
from tests.test_settings import ROOT


def test_a_site_that_does_not_answer_ends_with_2(audit):
    ended = audit(f"http://127.0.0.1:{free_port()}/")
    assert ended.code == 2
    assert "does not answer" in ended.said


def test_the_shell_gets_the_code_and_no_traceback(site, tmp_path):
    site.change(COURSE, ' id="datoer"', "")
    environment = bare(DEMO="true", DATA_DIR=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "manage.py", "audit_site", site.url],
        cwd=ROOT,
        env=environment | {"FORCE_COLOR": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "anchors (1)" in done.stdout
    assert "\x1b" not in done.stdout, "colours are for terminals"
    assert "1 fault of 1 kind on 1 page." in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_wrong_everywhere_is_said_once(site, audit):
    for path in ("/", "/en/", COURSE, "/kurs/1-truck/dato/2/", "/booking/ny/2/"):
        del site.replies[path].headers["Referrer-Policy"]
    ended = audit(site.url, "--only", "referrer")
    assert ended.said.count("has no referrer policy") == 3
    assert "and so do 2 more" in ended.said
    assert audit(site.url, "--only", "referrer", "-v", "2").said.count("has no referrer") == 5


def test_figures_are_told_to_people_and_programs(site, audit):
    ended = audit(site.url)
    figures = ended.told["figures"]
    assert figures["pages"] == 5
    assert figures["sitemap_entries"] == 3
    assert figures["external"] == 1
    assert 1 < figures["heaviest_kb"] < 5
    assert f"{figures['pages']} pages" in ended.said
    assert f"{figures['links']} links" in ended.said


def test_checks_are_listed_chosen_and_left_out(site, audit):
    said = io.StringIO()
    call_command("audit_site", "--list", stdout=said)
    assert [line.split()[0] for line in said.getvalue().splitlines()] == list(CHECKS)
    site.change(COURSE, ' id="datoer"', "")
    site.replies.pop("/a.png")
    assert {kind for kind, _ in audit(site.url, "--skip", "links").faults} == {"anchors"}
    assert {kind for kind, _ in audit(site.url, "--only", "links").faults} == {"links"}


@pytest.mark.parametrize("options", [["--only", "nothing"], ["--skip", "nothing"]])
def test_a_check_that_does_not_exist_is_named(audit, site, options):
    ended = audit(site.url, *options)
    assert ended.code == 2, "1 says that the site is at fault"
    assert "'nothing'" in ended.said


def test_the_weight_that_is_allowed_can_be_set(site, audit):
    assert audit(site.url, "--weight", "0.5", "--only", "weight").code == 1


def test_an_address_that_is_none_is_refused():
    with pytest.raises(CommandError, match="http://") as refused:
        call_command("audit_site", "kurs.example.no")
    assert refused.value.returncode == 2
