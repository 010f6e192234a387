"""A served inventory of some thousand made dams, and a program that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from tests.importing import import_all
from tests.server.api.client import Client
from tests.ui.server import Server, serving

DAMS = 2_300
NOWHERE = 40
"""How many of the dams have no location."""


def made(number: int) -> dict[str, Any]:
    """Return a dam. The first 100 have no height, and the last NOWHERE no location."""
    place = {"latitude": 35 + number % 60 / 10, "longitude": -115 + number % 90 / 10}
    return {
        "dam_name": f"Dam {number} <b>&\"'",
        "owner": f"Owner {number % 7}",
        "river": "Provo River",
        "date_built": str(1900 + number % 100),
        "nid_id": f"UT{number:05}",
        "state": "Utah" if number % 3 else "Colorado",
        "hazard_potential": "High" if number % 5 == 0 else "Low",
        "purposes": "Irrigation;Recreation" if number % 2 else "Irrigation",
        **({"nid_height_ft": float(number % 50)} if number >= 100 else {}),
        **(place if number < DAMS - NOWHERE else {}),
    }


@pytest.fixture(scope="package")
def inventory_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with DAMS made dams."""
    file = tmp_path_factory.mktemp("made") / "dams.db"
    engine = open_database(f"sqlite:///{file}", example_dams=False)
    import_all(Inventory(engine), map(made, range(DAMS)))
    engine.dispose()
    return file


@pytest.fixture(scope="module")
def server(inventory_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("api")
    (folder / "dams.db").write_bytes(inventory_file.read_bytes())
    with serving(folder, "--warm", api_requests_per_minute=100_000) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """A program; that it was refused is no trouble in the log, but a traceback is."""
    start = server.mark
    client = Client(server.origin + "/api")
    yield client
    client.get(server.origin + "/health")  # Afterward, all earlier responses are logged.
    assert "Traceback" not in server.log[start:]
    assert " ERROR " not in server.log[start:]
    server.forgive()
