"""The public names: few, documented, and typed, so that a script is checked before it runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import get_type_hints

import param
import pytest

import dam_inventory
from dam_inventory.config.setting_types import SettingTypes
from dam_inventory.config.settings import Settings
from tests.starting import ROOT, clean_environment

RIGHT = """
import pandas as pd

from dam_inventory import (
    DamDraft,
    DamInventoryApp,
    DamStore,
    Runtime,
    Settings,
    open_inventory,
)

settings = Settings(database_url="sqlite:///dams.db", max_dams=10, example_dams=False)
most: int | None = settings.max_dams
runtime = Runtime(settings)


def heights(store: DamStore) -> pd.DataFrame:
    store.add(DamDraft(dam_name="HERON", latitude=36.7, longitude=-106.7, nid_height_ft=269.0))
    return store.dams[["nid_height_ft"]]


def page() -> DamInventoryApp:
    return DamInventoryApp(runtime, session_lifetime=60.0)


with open_inventory("dams.db", title="Utah") as app:
    app.store.filter.search = "heron"
with runtime:
    print(len(heights(DamStore(runtime.inventory, runtime.feed))))
"""
WRONG = """
from dam_inventory import Settings

Settings(databse_url="sqlite:///dams.db")
Settings(max_dams="ten")
"""
CHECKERS = {
    "mypy": ["-m", "mypy", "--strict", "--cache-dir", "cache", "right.py", "wrong.py"],
    "pyright": ["-m", "pyright", "--project", "pyrightconfig.json", "--pythonpath", sys.executable],
}


def complaints(checker: str, folder: Path) -> list[str]:
    """Let a checker read two scripts of a user, and return the lines that name an error."""
    (folder / "right.py").write_text(RIGHT, "utf-8")
    (folder / "wrong.py").write_text(WRONG, "utf-8")
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}', "utf-8")
    done = subprocess.run(
        [sys.executable, *CHECKERS[checker]],
        cwd=folder,
        env={**clean_environment(), "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in done.stdout.splitlines() if " error: " in line]


def members() -> Iterator[tuple[str, str | None]]:
    """Every public name of a public class, and its docstring."""
    for public in dam_inventory.__all__:
        found = getattr(dam_inventory, public)
        yield public, found.__doc__
        for owner in found.__mro__ if isinstance(found, type) else ():
            if owner.__module__.startswith("dam_inventory"):
                for name, member in vars(owner).items():
                    if not name.startswith("_"):
                        yield f"{public}.{name}", described(member)


def described(member: object) -> str | None:
    match member:
        case param.Parameter():
            return member.doc
        case property():
            return member.fget.__doc__
        case cached_property():
            return member.func.__doc__
        case classmethod() | staticmethod():
            return member.__func__.__doc__
    return member.__doc__ if callable(member) else "A value."


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_a_script_is_checked_and_a_wrong_setting_found(checker: str, tmp_path: Path):
    said = complaints(checker, tmp_path)

    assert len(said) == 2
    assert all("wrong.py" in line for line in said)
    assert "databse_url" in said[0]
    assert "max_dams" in said[1]


def test_each_setting_has_its_type():
    kinds = {
        param.String: str,
        param.Selector: str,
        param.Boolean: bool,
        param.Number: float,
        param.Integer: int,
    }
    expected = {}
    for field in Settings.fields():
        parameter = Settings.param[field]
        kind = kinds[type(parameter)]
        expected[field] = kind | None if parameter.allow_None else kind

    assert get_type_hints(SettingTypes) == expected


def test_public_names_are_few_and_there():
    assert len(dam_inventory.__all__) <= 10
    assert all(hasattr(dam_inventory, name) for name in dam_inventory.__all__)


def test_every_public_name_has_a_docstring():
    assert [name for name, text in members() if not text] == []
