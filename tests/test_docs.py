"""The documents name what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def rows():
    for line in (ROOT / "docs" / "features.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"n?\d+", cells[0]):
            yield cells


def test_all_features_have_a_row_and_a_status():
    numbers = [cells[0] for cells in rows()]
    assert numbers == [*map(str, range(1, 101)), *(f"n{number}" for number in range(1, 22))]
    for cells in rows():
        assert re.match(r"done$|partly: |open$", cells[-2]), cells


def test_every_feature_that_is_done_names_a_test_that_exists():
    for cells in rows():
        named = re.findall(r"`(tests/[^`]+)`", cells[-1])
        assert bool(named) == (cells[-2] != "open"), cells[0]
        for name in named:
            path, function = name.split("::")
            assert f"def {function}(" in (ROOT / path).read_text(), name


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=str)
def test_a_decision_has_its_number_context_decision_and_consequences(path):
    text = path.read_text()
    assert re.match(rf"# {int(path.name[:4])}\. ", text)
    for part in ("**Context.**", "**Decision.**"):
        assert part in text, part


def test_links_between_documents_lead_somewhere():
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "simulator/README.md"]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
