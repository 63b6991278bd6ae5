"""A cut of the fault campaign in each bin/test, and the proof that it would notice."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaign.__main__ import USUAL
from tests.campaign.plan import CALLS, CALM, FAULTS, FROZEN, KINDS, POINTS, every_run, named, pairs

ROOT = Path(__file__).resolve().parents[2]
ROUND = 30  # the first runs of the plan: every fault once, with booking or with cancelling

#: Faults of each sort, and every point of death.
CUT = [
    "post:html_500/none/voucher",
    "put:busy_no_retry_after/before-save/cancel-waiting",
    "post:change_price/after-save/regrets",
    "post:spend_voucher/after-queue/voucher",
    "post:error/before-claim/regrets",
    "calm/after-claim/private",
    "calm/half-sent/cancel",
    "post:accept_then_reset/during-call/waiting",
    "put:close/after-answer/cancel-company",
    "put:accept_then_html_500/within-end/cancel-waiting",
    "put:truncated/after-end/cancel-company",
    "put:odd_types/before-mail/cancel-company",
    "put:then_refuse/after-mail/cancel-company",
    "calm/frozen-before-call/company",
    "post:take_seats/frozen-during-call/company",
    "post:cancel_date/frozen-after-answer/private",
    "calm/cluster/private",
]

#: Bug, the run that shows it, and as what.
PLANTED = [
    ("sends-again", "post:accept_then_reset/none/private", "doubled"),
    ("sends-again", "put:accept_then_close/none/cancel", "doubled"),
    ("calls-it-refused", "post:accept_then_reset/none/company", "false"),
    ("calls-it-booked", "post:hang/none/private", "false"),
    ("calls-it-cancelled", "put:reset/none/cancel", "false"),
    ("back-to-new", "post:accept_then_close/during-call/private", "doubled"),
    ("counts-mail-first", "calm/before-mail/private", "lost"),
    ("forgets", "calm/after-claim/private", "lost"),
    ("never-sweeps", "calm/after-save/private", "lost"),
]


def campaign(*arguments):
    """(exit code, what it said)"""
    command = [sys.executable, "-m", "tests.campaign", "--lanes", "2", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return str(tmp_path_factory.mktemp("campaign") / "prepared")


def assert_all_is_well(ended, number):
    code, said = ended
    assert said.splitlines()[-1] == f"{number} runs: 0 lost, 0 doubled, 0 false", said
    assert "Never came to the point" not in said, said
    assert code == 0


def test_whatever_fails_or_dies_no_booking_is_lost_doubled_or_told_falsely(prepared):
    assert_all_is_well(campaign("--prepared", prepared, "--only", *CUT), len(CUT))


def test_planted_bugs_are_noticed_each_as_what_it_is(prepared):
    bugs, runs, _ = zip(*PLANTED, strict=True)
    code, said = campaign("--prepared", prepared, "--only", *runs, "--plant", *bugs)
    assert code == 1
    for bug, run, kind in PLANTED:
        found = said.partition(f"\n{run}\n")[2].partition("again:")[0]
        assert f"  {kind}: " in found, f"{bug}:\n{said}"


@pytest.mark.slow
def test_processes_really_die_at_every_point_and_those_that_wake_up_late_send_nothing(prepared):
    kinds = itertools.cycle(["company", "cancel", "waiting", "private"])
    runs = [f"calm/{point}/{kind}" for point, kind in zip(POINTS, kinds, strict=False)]
    runs += [f"calm/{FROZEN[0]}/{kind}" for kind in ("company", "voucher", "cancel-waiting")]
    ended = campaign("--prepared", prepared, "--seed", "2", "--only", *runs)
    assert_all_is_well(ended, len(runs))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_whole_campaign_finds_nothing():
    command = [sys.executable, "-m", "tests.campaign"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    last_line = f"{USUAL} runs: 0 lost, 0 doubled, 0 false\n"
    assert ended.stdout.endswith(last_line), ended.stdout + ended.stderr
    assert ended.returncode == 0


def test_the_plan_holds_every_fault_every_point_and_every_kind():
    runs = every_run(seed=1)
    for call, faults in CALLS.items():
        assert {run.fault_name for run in runs if run.call == call} == set(faults)
    assert {run.point for run in runs} == set(POINTS)
    assert len({run.name for run in runs}) == len(runs)
    assert {run.kind for run in runs} == set(KINDS)
    first = runs[: len(pairs())]
    assert {(run.fault, run.point) for run in first} == set(pairs()), "a round holds every pair"
    assert {run.fault_name for run in runs[:ROUND]} >= set(FAULTS)
    assert {run.point for run in named(CUT, seed=1)} == set(POINTS)
    assert {run.point for run in runs[:USUAL] if run.fault == CALM} == set(POINTS)


def test_the_plan_knows_every_fault_of_the_simulator():
    helped = subprocess.run(
        [sys.executable, "-c", "from simulator.faults import NAMES; print(*NAMES)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert set(helped.stdout.split()) == {*FAULTS, "refuse"}


def test_the_same_seed_makes_the_same_runs():
    assert every_run(seed=5) == every_run(seed=5)
    assert every_run(seed=5) != every_run(seed=6)
    (run, *_), again = every_run(seed=5), every_run(seed=5)[0]
    assert run.dice("people").random() == again.dice("people").random()
