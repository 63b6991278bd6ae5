"""Who may import whom. The arrows are drawn in docs/house.md."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

MAY_IMPORT = {
    "frontcore": {"frontcore"},
    "simulator": {"simulator"},
    "catalog": {"catalog", "frontcore"},
    "booking": {"booking", "catalog", "frontcore"},
    "config": {"config"},
    "audit": {"audit"},
}
NO_DJANGO = {"frontcore", "simulator"}
ROOMS_WITHOUT_PURPOSE = {"utils", "services", "helpers", "common", "misc"}
# Inside an app: a module imports only what stands to its right, so no circle can form.
LAYERS = ["urls", "views", "tasks", "commands", "admin", "forms", "verbs", "models"]


def modules(room):
    return sorted((ROOT / room).rglob("*.py"))


def imported_by(path):
    """Every dotted name the file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).with_suffix("").parts[: -node.level or None]
            start = (
                ".".join([*package, *filter(None, [node.module])]) if node.level else node.module
            )
            yield start
            yield from (f"{start}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_each_room_imports_only_the_rooms_it_may(room):
    for path in modules(room):
        for name in imported_by(path):
            top = name.split(".")[0]
            if top in MAY_IMPORT and top not in MAY_IMPORT[room]:
                pytest.fail(f"{path.relative_to(ROOT)} imports {name}")


def test_the_audit_knows_the_site_by_its_address_only():
    for path in modules("audit"):
        tops = {name.split(".")[0] for name in imported_by(path)}
        assert "management" in path.parts or not tops & {"django", "config"}, path


@pytest.mark.parametrize("room", sorted(NO_DJANGO))
def test_client_and_simulator_know_nothing_of_django(room):
    for path in modules(room):
        tops = {name.split(".")[0] for name in imported_by(path)}
        assert not tops & {"django", "django_q", "cachalot"}, path


def test_the_simulator_runs_on_a_bare_python():
    for path in modules("simulator"):
        for name in imported_by(path):
            top = name.split(".")[0]
            assert top == "simulator" or top in sys.stdlib_module_names, f"{path}: {name}"


def layer_of(module):
    """Which layer a module of an app belongs to; anything not named is a verb module."""
    parts = module.split(".")[1:]
    if not parts:
        return None
    if parts[0] == "management":
        return "commands"
    kind = "urls" if parts[0].startswith("urls_") else parts[0]
    return kind if kind in LAYERS else "verbs"


@pytest.mark.parametrize("app", ["catalog", "booking"])
def test_inside_an_app_imports_point_one_way(app):
    known = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules(app)}
    for path in modules(app):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if "migrations" in module or module.endswith("apps"):
            continue
        mine = layer_of(module)
        for name in imported_by(path):
            if name not in known and f"{name}.__init__" not in known:
                continue
            theirs = layer_of(name)
            if mine is None or theirs is None:
                continue
            assert LAYERS.index(mine) <= LAYERS.index(theirs), f"{module} imports {name}"


@pytest.mark.parametrize("app", ["catalog", "booking"])
def test_the_admin_queues_work_and_never_does_it(app):
    for path in modules(app):
        if path.stem == "admin" or "admin" in path.parts:
            tops = {name.split(".")[0] for name in imported_by(path)}
            assert "frontcore" not in tops, "the admin saves inside a transaction: queue a task"
            assert f"{app}.upstream" not in set(imported_by(path))


def test_no_room_without_a_purpose():
    for room in MAY_IMPORT:
        for path in modules(room):
            names = {path.stem, *path.relative_to(ROOT).parts}
            assert not names & ROOMS_WITHOUT_PURPOSE, path


def test_no_signals_between_our_apps():
    for app in ("catalog", "booking"):
        for path in modules(app):
            for name in imported_by(path):
                assert "django.dispatch" not in name, f"{path}: {name}"
                assert "db.models.signals" not in name, f"{path}: {name}"


def test_every_package_the_code_imports_is_pinned():
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text(), re.M))
    distributions = packages_distributions()
    for room in MAY_IMPORT:
        for path in modules(room):
            for name in imported_by(path):
                top = name.split(".")[0]
                if top in {*MAY_IMPORT, "tests", *sys.stdlib_module_names}:
                    continue
                owners = {owner.lower().replace("_", "-") for owner in distributions.get(top, ())}
                assert owners & pinned, f"{path}: {name} is of no pinned package"


def test_the_pinned_files_hold_hashes_and_no_address():
    for path in ROOT.glob("requirements*.txt"):
        text = path.read_text()
        assert "--hash=sha256:" in text
        assert "http" not in text
        assert "index-url" not in text


def test_the_project_file_parses():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
