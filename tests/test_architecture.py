"""Imports go one way, package by package."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "dam_inventory"

_BELOW = {"errors", "domain", "config", "snapshot", "formats", "live", "session", "runtime"}
MAY_IMPORT = {
    "errors": set(),
    "domain": {"errors"},
    "config": {"errors", "domain"},
    "snapshot": {"errors", "domain"},
    "formats": {"errors", "domain"},
    "database": {"errors", "domain", "config", "snapshot", "formats"},
    "live": {"errors", "domain", "config", "snapshot", "formats", "database"},
    "session": {"errors", "domain", "config", "snapshot", "formats", "database", "live"},
    "runtime": {"errors", "domain", "config", "snapshot", "formats", "database", "live"},
    "views": _BELOW,
    "server": _BELOW,
}
"""What each package, or module at the top, may import; `cli` and what starts it import anything."""

FREE = {"cli", "served", "__init__", "__main__"}
PAGE = {"panel", "panel_material_ui", "bokeh", "holoviews", "geoviews", "cartopy", "pyviz_comms"}
"""What only `views` and `server` know."""

MODULES = sorted(PACKAGE.rglob("*.py"))
IDS = [path.relative_to(PACKAGE).as_posix() for path in MODULES]


def place_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports_of(path: Path) -> set[str]:
    """Return the full names of all that a module imports, wherever in it, but for type checkers."""
    return set(_imports_of(ast.parse(path.read_text("utf-8")), path))


def _imports_of(node: ast.AST, path: Path) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            package = ["dam_inventory", *path.relative_to(PACKAGE).parts[:-1]]
            above = package[: len(package) - child.level + 1] if child.level else []
            base = ".".join([*above, *([child.module] if child.module else [])])
            yield from (f"{base}.{alias.name}" for alias in child.names)
        yield from _imports_of(child, path)


def places_in(names: set[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith("dam_inventory.")}


def test_the_packages_are_those_of_the_plan():
    assert {place_of(path) for path in MODULES} <= {*MAY_IMPORT, *FREE}


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_imports_go_one_way(path: Path):
    place = place_of(path)
    if place not in FREE:
        assert places_in(imports_of(path)) <= MAY_IMPORT[place] | {place}


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_only_views_and_server_know_the_page(path: Path):
    names = {name.split(".")[0] for name in imports_of(path)}
    assert not names & PAGE or place_of(path) in {"views", "server", "served"}


def test_the_rules_see_every_way_to_import():
    found = imports_of(PACKAGE / "database/inventory.py")
    assert {
        "dam_inventory.database.models.DamRow",
        "dam_inventory.snapshot.snapshot.Snapshot",
    } <= found
    found = imports_of(PACKAGE / "live/relay/postgresql.py")
    assert "dam_inventory.database.postgresql.CHANNEL" in found
    assert "alembic.command" in imports_of(PACKAGE / "database/schema.py")
    assert "threading" in imports_of(PACKAGE / "live/inbox.py")


@pytest.mark.parametrize(
    "path",
    sorted((PACKAGE / "database/migrations/versions").glob("*.py")),
    ids=lambda one: one.stem,
)
def test_a_migration_does_not_change_with_the_models(path: Path):
    assert places_in(imports_of(path)) == set()


@pytest.mark.slow
def test_all_but_views_and_server_run_without_the_page():
    command = "import sys, dam_inventory.session.store, dam_inventory.cli.main; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", command],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=60,
    )  # fmt: skip

    assert {name.split(".")[0] for name in done.stdout.split()} & PAGE == set()
