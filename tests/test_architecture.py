"""Imports go down only."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "dam_inventory"

# From the bottom up: each may import what stands before it, and nothing else of the package.
FLOORS = (
    "mark",
    "errors",
    "urls",
    "notebook",
    "mercator",
    "partial_date",
    "permissions",
    "permissions_file",
    "passwords",
    "draft",
    "changes",
    "settings",
    "models",
    "postgresql",
    "sqlite_file",
    "database",
    "backup",
    "migrations",
    "hydrographs",
    "thinning",
    "formats",
    "ground",
    "ordering",
    "columns",
    "snapshot",
    "clusters",
    "filters",
    "sentences",
    "log",
    "reading",
    "importing",
    "editing",
    "assigning",
    "inventory",
    "pubsub",
    "relay",
    "changefeed",
    "runtime",
    "process",
    "health",
    "background",
    "inbox",
    "store",
    "views",
    "command_line",
    "limits",
    "waiting",
    "admission",
    "crowd",
    "server_log",
    "web_server",
    "checks",
    "page_socket",
    "handlers",
    "session_owner",
    "own_site",
    "panel_login",
    "login",
    "attempts",
    "password_checks",
    "login_page",
    "app",
    "forking",
    "serving",
    "__main__",
    "__init__",
)
# Tighter than the floors.
ONLY = {
    "formats": {"errors", "draft", "partial_date"},
    "hydrographs": {"errors"},
    "thinning": {"hydrographs"},
    "background": {"errors"},
    "inbox": {"changes"},
    "attempts": {"errors"},
    "forking": set(),
    "own_site": set(),
    "password_checks": {"attempts"},
    "limits": {"errors", "hydrographs"},
    "waiting": set(),
    "admission": {"waiting"},
    "crowd": set(),
    "server_log": set(),
    "web_server": {"crowd"},
    "checks": set(),
    "migrations": {"models"},
    "__main__": {
        "errors",
        "draft",
        "settings",
        "passwords",
        "backup",
        "database",
        "importing",
        "inventory",
        "formats",
        "relay",
    },
}
NEVER = {
    "store": {"runtime", "settings", "database"},
    "views": {"database", "runtime"},
    "app": {"login_page", "passwords"},
}
PAGE = {"panel", "panel_material_ui", "bokeh", "holoviews", "geoviews", "cartopy", "pyviz_comms"}
MAY_KNOW_THE_PAGE = {
    "app",
    "command_line",
    "handlers",
    "login",
    "login_page",
    "panel_login",
    "page_socket",
    "process",
    "serving",
    "session_owner",
    "views",
    "__init__",
}


def modules() -> Iterator[tuple[str, ...]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def path_of(module: tuple[str, ...]) -> Path:
    path = PACKAGE.joinpath(*module)
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imported(module: tuple[str, ...]) -> set[str]:
    """Return the full names of all that a module imports, wherever in it."""
    path = path_of(module)
    package = ["dam_inventory", *path.relative_to(PACKAGE).parts[:-1]]
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return names


def floors_below(module: tuple[str, ...]) -> set[str]:
    """Return which parts of the package a module imports, but for its own."""
    parts = {name.split(".")[1] for name in imported(module) if name.startswith("dam_inventory.")}
    return parts - {module[0]}


ALL = list(modules())
IDS = [".".join(module) for module in ALL]


@pytest.mark.parametrize("module", ALL, ids=IDS)
def test_every_module_has_its_place(module: tuple[str, ...]):
    assert module[0] in FLOORS, "say in FLOORS where it stands"


@pytest.mark.parametrize("module", ALL, ids=IDS)
def test_imports_go_down_only(module: tuple[str, ...]):
    below = set(FLOORS[: FLOORS.index(module[0])])

    assert floors_below(module) - below == set()


@pytest.mark.parametrize("module", [m for m in ALL if m[0] in ONLY], ids=".".join)
def test_some_import_less_than_their_place_allows(module: tuple[str, ...]):
    assert floors_below(module) - ONLY[module[0]] == set()


@pytest.mark.parametrize("module", [m for m in ALL if m[0] in NEVER], ids=".".join)
def test_some_are_out_of_reach(module: tuple[str, ...]):
    assert floors_below(module) & NEVER[module[0]] == set()


@pytest.mark.parametrize("module", [m for m in ALL if m[0] not in MAY_KNOW_THE_PAGE], ids=".".join)
def test_only_the_app_and_its_views_know_the_page(module: tuple[str, ...]):
    assert {name.split(".")[0] for name in imported(module)} & PAGE == set()


@pytest.mark.parametrize(
    "version", [m for m in ALL if m[:2] == ("migrations", "versions")], ids=".".join
)
def test_a_migration_does_not_change_with_the_models(version: tuple[str, ...]):
    assert floors_below(version) == set()


def test_the_rules_see_every_way_to_import():
    assert {"dam_inventory.models.Dam", "dam_inventory.snapshot.Snapshot"} <= imported(
        ("inventory",)
    )
    assert "dam_inventory.postgresql.CHANNEL" in imported(("relay", "postgresql"))
    assert "alembic.command" in imported(("database",))
    assert "threading" in imported(("inbox",))


def test_the_domain_runs_without_the_page():
    command = "import sys, dam_inventory.store, dam_inventory.__main__; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", command],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=60,
    )

    assert {name.split(".")[0] for name in done.stdout.split()} & PAGE == set()
