"""The campaign in a table, its failures, and one last line."""

import json
import sys
from collections import Counter

from tests.campaign.plan import POINTS, Run

LETTERS = {
    "confirmed": "c",
    "waiting": "w",
    "refused": "r",
    "uncertain": "u",
    "kept": "k",
    "new": "n",
    "sending": "s",
    "cancelled": "x",
    "cancel_uncertain": "y",
    "cancelling": "z",
    "nothing": "-",
    "broken": "!",
}


def name_of(result):
    return Run(**result["run"]).name


def progress(result, number, of):
    if result["findings"]:
        print(f"{name_of(result)}: {result['findings']}", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(f"\r{number} of {of} runs", end="", file=sys.stderr, flush=True)
    elif number % 100 == 0:
        print(f"{number} of {of} runs", file=sys.stderr, flush=True)


def tell_all(result, _number, _of):
    print(json.dumps(result, indent=1, ensure_ascii=False), flush=True)


def tell(results, wanted, seed, seconds):
    """Print it all; the exit code."""
    print(table(results))
    counts = Counter(
        kind for result in results for kind in {kind for kind, _ in result["findings"]}
    )
    judged = [result for result in results if result["outcome"] != "broken"]
    failures = [result for result in results if result["findings"] or result["broken"]]
    missed = [name_of(result) for result in results if result["missed"]]
    if missed:
        print(f"\nNever came to the point where they were to die: {len(missed)}")
        print("  " + "\n  ".join(missed))
    for result in failures:
        print(f"\n{name_of(result)}")
        for kind, sentence in result["findings"]:
            print(f"  {kind}: {sentence}")
        if result["broken"]:
            print("  " + result["broken"].strip().replace("\n", "\n  "))
        print(f"  again: bin/fault-campaign --seed {seed} --only {name_of(result)} --verbose")
    if len(judged) < wanted:
        print(f"\n{wanted - len(judged)} runs came to no end.")
    print(f"\n{seconds:.0f} s, seed {seed}")
    print(
        f"{len(judged)} runs: {counts['lost']} lost, "
        f"{counts['doubled']} doubled, {counts['false']} false"
    )
    return 1 if failures or len(judged) < wanted else 0


def table(results):
    """Fault × death: how many runs, and where their bookings stand in the end."""
    cells = {}
    for result in results:
        run = Run(**result["run"])
        cells.setdefault(run.fault, {}).setdefault(run.point, Counter())[result["outcome"]] += 1
    points = [point for point in POINTS if any(point in row for row in cells.values())]
    heads = ["fault", *points, "runs"]
    rows = [
        [fault, *(cell(row.get(point)) for point in points), str(sum(map(total, row.values())))]
        for fault, row in sorted(cells.items())
    ]
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in [heads, *rows]
    ]
    seen = Counter(result["outcome"] for result in results)
    legend = ", ".join(
        f"{letter} {outcome} ({seen[outcome]})"
        for outcome, letter in LETTERS.items()
        if seen[outcome]
    )
    return "\n".join([*lines, "", legend])


def cell(outcomes):
    if not outcomes:
        return "."
    return "".join(f"{count}{LETTERS[outcome]}" for outcome, count in sorted(outcomes.items()))


def total(outcomes):
    return sum(outcomes.values())
