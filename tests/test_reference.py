"""The tables of docs/ say what the code says: settings, permissions, fields, commands, names."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

import dam_inventory
from dam_inventory.cli.main import parser
from dam_inventory.config.settings import PREFIX, Settings
from dam_inventory.domain.fields import FIELDS
from dam_inventory.domain.permissions import ANONYMOUS, PERMISSIONS
from tests.pages import DOCS

COMMANDS = re.findall(r"^    (\w+) ", parser().format_help(), re.MULTILINE)
PARTS = ("settings", "fields", "commands", "python")


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module("reference")


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text("utf-8")


def rows(name: str) -> set[str]:
    """Return what the first cells of the tables of a page hold as code."""
    return set(re.findall(r"^\| `([^`]+)` \|", page(name), re.MULTILINE))


def test_all_parts_are_written_by_the_script(reference: ModuleType):
    assert tuple(reference.PARTS) == PARTS


@pytest.mark.parametrize("name", PARTS)
def test_a_page_is_as_the_code_has_it(reference: ModuleType, name: str):
    assert page(name) == reference.written(name), "Run: make reference"


def test_every_setting_is_documented():
    assert rows("settings") == {PREFIX + name.upper() for name in Settings.fields()}


def test_every_permission_is_documented():
    assert rows("permissions") == {*PERMISSIONS, *ANONYMOUS}


def test_every_field_is_documented():
    assert rows("fields") == {field.name for field in FIELDS}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_of_a_command_is_documented(
    command: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit):
        parser().parse_args([command, "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out.partition("\n\n")[0]))
    text = page("commands").partition(f"### Arguments of `{command}`\n")[2].partition("\n### ")[0]

    assert set(re.findall(r"^\| `(--[a-z-]+)", text, re.MULTILINE)) == options


@pytest.mark.parametrize("name", dam_inventory.__all__)
def test_every_public_name_is_documented_with_its_members(name: str):
    headings = re.findall(r"^#{2,3} ([\w.]+)$", page("python"), re.MULTILINE)
    public = getattr(dam_inventory, name)
    functions = {
        f"{name}.{member}"
        for owner in getattr(public, "__mro__", ())
        if owner.__module__.startswith("dam_inventory.")
        for member, value in vars(owner).items()
        if not member.startswith("_") and inspect.isfunction(value)
    }

    assert {name, *functions} <= set(headings)


def test_a_page_without_a_place_for_its_table_is_named(
    reference: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    (tmp_path / "fields.md").write_text("# Fields\n", "utf-8")

    with pytest.raises(ValueError, match=r"fields\.md has 0 places"):
        reference.written("fields")
