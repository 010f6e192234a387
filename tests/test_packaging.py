"""What pyproject.toml, constraints.txt, environment.yml and the Makefile promise."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import dam_inventory

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# Imported under a name that is not the distribution's; needed where it isn't installed.
DISTRIBUTIONS = {"panel_material_ui": "panel-material-ui", "yaml": "pyyaml"}

CONDA_NAMES = {
    "jupyter-bokeh": "jupyter_bokeh",
    "playwright": "playwright-python",
    "prometheus-client": "prometheus_client",
    "redis": "redis-py",
    "tzdata": "python-tzdata",
}
"""Distributions that conda-forge has under another name: "playwright" there is for Node.js.

Source: `package: name:` in the recipes of github.com/conda-forge/NAME-feedstock, and
anaconda.org/conda-forge. An extra has no name there: "psycopg" brings the library that
"psycopg[binary]" contains.
"""

ONLY_ON_PYPI = {"axe-playwright-python"}
"""Distributions that conda-forge has not. Source: as above."""


def requirements(*extras: str) -> dict[str, Requirement]:
    texts = [*PROJECT["dependencies"]]
    for extra in extras:
        texts += PROJECT["optional-dependencies"][extra]
    return {canonicalize_name(one.name): one for one in map(Requirement, texts)}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def sources(*places: str) -> list[Path]:
    paths = [ROOT / place for place in places]
    return [
        file
        for path in paths
        for file in (path.rglob("*.py") if path.is_dir() else [path])
        if file.exists()
    ]


def undeclared(files: Iterable[Path], declared: Iterable[str]) -> dict[str, str]:
    installed = importlib.metadata.packages_distributions()
    ours = {"dam_inventory", "tests", "dashboard", "conftest"}
    missing = {}
    for file in files:
        neighbours = {one.stem for one in file.parent.glob("*.py")}
        for module in set(imported(file)) - sys.stdlib_module_names - ours - neighbours:
            names = installed.get(module) or [DISTRIBUTIONS.get(module, module)]
            if not {canonicalize_name(name) for name in names} & set(declared):
                missing[module] = str(file.relative_to(ROOT))
    return missing


@pytest.mark.parametrize(
    ("places", "extras"),
    [
        (
            ["dam_inventory", "auth.py", "dashboard.py"],
            ["formats", "geo", "metrics", "notebook", "postgresql", "redis"],
        ),
        (["tests", "docs", "examples"], ["test"]),
        (["benchmarks"], ["bench"]),
    ],
)
def test_every_package_that_is_imported_is_declared(places: list[str], extras: list[str]) -> None:
    assert undeclared(sources(*places), requirements(*extras)) == {}


def pins(python: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        pin = Requirement(line)
        if pin.marker is None or pin.marker.evaluate(here):
            (version,) = pin.specifier
            assert version.operator == "=="
            found.setdefault(canonicalize_name(pin.name), []).append(version.version)
    return found


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_constraints_pin_every_requirement_once_and_within_its_range(python: str) -> None:
    pinned = pins(python)
    assert [name for name, versions in pinned.items() if len(versions) > 1] == []
    for name, requirement in requirements(*PROJECT["optional-dependencies"]).items():
        assert requirement.specifier.contains(pinned[name][0]), requirement


def test_constraints_pin_all_that_the_requirements_pull_in() -> None:
    pinned = pins(f"{sys.version_info.major}.{sys.version_info.minor}")
    waiting = list(requirements(*PROJECT["optional-dependencies"]).values())
    seen = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        assert name in pinned
        try:
            installed = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:  # of an extra that isn't installed here
            continue
        if installed.version not in pinned[name]:  # another one may need other things
            continue
        for one in map(Requirement, installed.requires or []):
            wanted = [{"extra": extra} for extra in requirement.extras or {""}]
            if (one.marker is None or any(map(one.marker.evaluate, wanted))) and str(
                one
            ) not in seen:
                seen.add(str(one))
                waiting.append(one)


def test_constraints_name_no_index_and_no_place_on_a_machine() -> None:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert re.findall(r"^-.*|.*://.*|.* @ .*", text, re.MULTILINE) == []


def ranges(requirements: dict[str, Requirement]) -> dict[str, SpecifierSet]:
    """Return the ranges by the names that conda-forge has."""
    return {CONDA_NAMES.get(name, name): one.specifier for name, one in requirements.items()}


def conda(lines: Iterable[str]) -> dict[str, SpecifierSet]:
    """Return the ranges of lines of environment.yml. Raises ValueError if one is there twice."""
    found: dict[str, SpecifierSet] = {}
    for line in lines:
        name, _, range_ = line.partition(" ")
        if name in found:
            raise ValueError(f"{name} is there twice.")
        found[name] = SpecifierSet(range_)
    return found


def test_conda_gets_the_same_requirements_and_ranges() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    *from_conda, pip = environment["dependencies"]
    from_pypi = conda(pip["pip"])
    expected = ranges(requirements("test"))

    assert environment["channels"] == ["conda-forge"]
    assert set(from_pypi) == ONLY_ON_PYPI
    assert {**conda(from_conda), **from_pypi} == {
        "python": SpecifierSet(PROJECT["requires-python"]),
        "pip": SpecifierSet(),
        **expected,
    }
    assert set(CONDA_NAMES.values()) <= set(expected)


def test_conda_users_see_what_the_dashboard_itself_needs() -> None:
    text = (ROOT / "environment.yml").read_text("utf-8")
    section = text.partition("# to run it\n")[2].partition("# to test it\n")[0]

    assert conda(yaml.safe_load(section)) == ranges(requirements())


def test_every_range_has_a_lower_bound_that_can_be_tried() -> None:
    for requirement in requirements(*PROJECT["optional-dependencies"]).values():
        assert ">=" in {one.operator for one in requirement.specifier}, requirement


def test_there_is_one_version() -> None:
    try:
        installed = importlib.metadata.version("dam-inventory")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("dam-inventory is not installed: pip install --no-deps --editable .")
    assert Version(installed) == Version(PROJECT["version"])
    assert getattr(dam_inventory, "__version__", installed) == installed


@pytest.mark.skipif(shutil.which("make") is None, reason="make is missing: apt-get install make")
@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            '[ "$1" = --version ] && echo Python 3.9.18; exit 1',
            "is Python 3.9.18, but Dam Inventory needs 3.11 or newer",
        ),
        ('[ "$2" = "import ensurepip, venv" ] && exit 1; exit 0', "apt-get install python3-venv"),
    ],
)
def test_make_says_what_is_wrong_with_a_python(tmp_path: Path, script: str, sentence: str) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    python.chmod(0o755)
    command = ["make", "serve", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"]
    made = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.returncode != 0
    assert sentence in made.stderr
    assert not (tmp_path / "venv").exists()
