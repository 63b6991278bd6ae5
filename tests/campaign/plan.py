"""Which runs there are: every fault × every point of death that can occur together × every kind."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass

# --- Kinds of booking ----------------------------------------------------------------------------

BOOKED = ("private", "company", "waiting", "voucher", "regrets")
#: Booked while all is well, and then cancelled by the visitor.
CANCELLED = ("cancel", "cancel-company", "cancel-waiting")
KINDS = (*BOOKED, *CANCELLED)

# --- Faults, by the call that meets them ---------------------------------------------------------

ANSWERS = (
    "slow",
    "hang",
    "accept_then_hang",
    "reset",
    "accept_then_reset",
    "close",
    "accept_then_close",
    "truncated",
    "slow_drip",
    "then_refuse",
    "busy",
    "busy_no_retry_after",
    "html_500",
    "unavailable",
    "redirect",
    "answer",
    "error",
    "accept_then_html_500",
    "accept_then_error",
    "accept_then_unavailable",
    "empty",
    "odd_types",
    "missing_field",
)
#: What others do to the date or the voucher the moment before.
MEANWHILE = (
    "take_seats",
    "cancel_date",
    "hide_date",
    "pass_deadline",
    "change_price",
    "spend_voucher",
)
FAULTS = ANSWERS + MEANWHILE
#: Where a fault meets the site: the call, and the faults that it can meet.
CALLS = {
    "post": FAULTS,  # the booking itself
    "put": ANSWERS,  # the cancellation
    "look": FAULTS,  # at the date, before it is sent
    "search": ANSWERS,  # for an order nobody knows of
    "preview": FAULTS,  # on the way to the price page
}
CALM = "calm"  # no fault at all
REFUSE = "refuse"  # the port is closed from before the booking is sent
#: After these there is no button to book with.
TURNED_AWAY = {f"preview:{fault}" for fault in ("cancel_date", "hide_date", "pass_deadline")}

# --- Points at which a process dies --------------------------------------------------------------

ALIVE = "none"
OF_THE_SITE = ("before-save", "after-save", "after-queue")
BEFORE_THE_CALL = "before-claim"
UNSEEN = ("after-claim", "half-sent")  # nothing reaches Frontcore, so no fault meets it
ROUND_THE_CALL = ("during-call", "after-answer", "within-end", "after-end")
OF_THE_MAIL = ("before-mail", "after-mail")
#: It does not die but stands still (a paused machine), and wakes when all has been swept.
FROZEN = ("frozen-before-call", "frozen-during-call", "frozen-after-answer")
CLUSTER = "cluster"  # the whole worker, by its process group, while a call is on its way
POINTS = (
    ALIVE,
    *OF_THE_SITE,
    BEFORE_THE_CALL,
    *UNSEEN,
    *ROUND_THE_CALL,
    *OF_THE_MAIL,
    *FROZEN,
    CLUSTER,
)

WITH_A_CLUSTER = {CALM, "post:hang", "post:accept_then_hang", "look:hang", "put:accept_then_hang"}
#: Only a cancellation that went through is told by mail.
TOLD = {"put:odd_types", "put:then_refuse"}


@dataclass(frozen=True)
class Run:
    """One run. Its name and the seed say everything about it."""

    fault: str  # calm, refuse, or call:fault
    point: str
    kind: str
    seed: int

    @property
    def name(self):
        return f"{self.fault}/{self.point}/{self.kind}"

    @property
    def call(self):
        return self.fault.partition(":")[0] if ":" in self.fault else ""

    @property
    def fault_name(self):
        return self.fault.partition(":")[2]

    @property
    def is_cancelled(self):
        """Whether fault and death are met by the cancellation, and not by the booking."""
        return self.kind in CANCELLED

    def dice(self, purpose):
        """Chance that is the same whenever this run is repeated."""
        return random.Random(f"{self.seed}/{self.name}/{purpose}")

    def as_dict(self):
        return asdict(self)


def faults():
    """Every weather there is, in a fixed order: first each fault once, at booking or cancelling."""
    met = [f"{call}:{fault}" for call, faults in CALLS.items() for fault in faults]
    first = [
        f"put:{fault}" if number % 2 and fault in ANSWERS else f"post:{fault}"
        for number, fault in enumerate(FAULTS)
    ]
    return [CALM, *first, *(fault for fault in met if fault not in first), REFUSE]


def together(fault, point):
    """Whether this fault and this death can befall one booking."""
    call = fault.partition(":")[0]
    if point == CLUSTER:
        return fault in WITH_A_CLUSTER
    if point in (*UNSEEN, "frozen-before-call"):
        return fault == CALM or (call == "search" and point == "after-claim")
    if fault == REFUSE or call == "look":
        return point in (ALIVE, *OF_THE_SITE)
    if call == "preview":
        return point == ALIVE or (point == "after-save" and fault not in TURNED_AWAY)
    if call == "search":
        return point in ("during-call", "after-answer")
    if point in OF_THE_MAIL and call == "put":
        return fault in TOLD
    return True  # who dies before the call leaves the fault to the next sender


def suits(fault, kind):
    """Whether this kind of booking meets the fault, and it makes a difference."""
    call = fault.partition(":")[0]
    if fault.endswith("spend_voucher"):
        return kind == "voucher"
    if call in CALLS:
        return (kind in CANCELLED) == (call == "put")
    return True


def pairs():
    """(fault, point): first each fault once, with another point from one fault to the next; then
    each point without a fault, and the clusters; then each fault with its next point, and so on."""
    of_faults = [
        (fault, [point for point in POINTS if together(fault, point)]) for fault in faults()
    ]
    turns = [
        (fault, points[(number + turn) % len(points)])
        for turn in range(len(POINTS))
        for number, (fault, points) in enumerate(of_faults)
        if turn < len(points)
    ]
    first, rest = turns[: len(of_faults)], turns[len(of_faults) :]
    return first + sorted(rest, key=lambda pair: pair[0] != CALM and pair[1] != CLUSTER)


def every_run(seed):
    """All runs, best first: after each round every pair has been run with one kind more."""
    dice = random.Random(seed)
    left = []
    for fault, point in pairs():
        kinds = [kind for kind in KINDS if suits(fault, kind)]
        dice.shuffle(kinds)
        left.append((fault, point, kinds))
    runs = []
    while left:
        runs += [Run(fault, point, kinds.pop(), seed) for fault, point, kinds in left]
        left = [each for each in left if each[2]]
    return runs


def named(names, seed):
    """The runs of these names. ValueError where there is no such run."""
    known = {run.name: run for run in every_run(seed)}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"no run {unknown[0]!r}: it is FAULT/POINT/KIND, as in the report")
    return [known[name] for name in names]
