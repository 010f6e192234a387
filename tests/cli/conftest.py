"""A directory, a database and standard input for commands."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from dam_inventory.database.inventory import Inventory


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", database_url)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Provide bytes on standard input."""

    def give(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))

    return give


@pytest.fixture
def found(database_url: str, opened: Callable[[str], Engine]) -> Callable[[], Inventory]:
    """Open the inventory that a command has changed."""
    return lambda: Inventory(opened(database_url))
