"""An inventory as large as the national one, read by other programs."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyogrio import raw

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from tests.importing import import_all
from tests.server.api.client import Client
from tests.servers import PATIENCE
from tests.ui.server import Server, serving

DAMS = 91_459
"""As many as the National Inventory of Dams had in 2018, with the two of the tutorial."""

BOX = (-112.0, 36.0, -110.0, 37.0)

pytestmark = [pytest.mark.slow, pytest.mark.long]


def made(number: int) -> dict[str, Any]:
    return {
        "dam_name": f"Dam {number}",
        "nid_id": f"XX{number:06}",
        "state": "Utah" if number % 40 == 0 else "Texas",
        "hazard_potential": "High" if number % 6 == 0 else "Low",
        "nid_height_ft": float(number % 300),
        "latitude": 25 + number % 977 / 50,
        "longitude": -120 + number % 1999 / 40,
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("national")
    engine = open_database(f"sqlite:///{folder / 'dams.db'}", example_dams=False)
    import_all(Inventory(engine), map(made, range(DAMS)))
    engine.dispose()
    with serving(folder, "--warm") as server:
        yield server


@pytest.fixture
def client(server: Server) -> Client:
    return Client(f"{server.origin}/api")


def test_gdal_reads_all_dams_and_those_in_a_box(client: Client):
    dams = [made(number) for number in range(DAMS)]
    west, south, east, north = BOX
    in_box = {
        one["dam_name"]
        for one in dams
        if west <= one["longitude"] <= east and south <= one["latitude"] <= north
    }

    layer = f"OAPIF:{client.root}"
    _, fids, points, _ = raw.read(
        layer, layer="dams", columns=[], return_fids=True, PAGE_SIZE=10_000
    )
    info, _, _, values = raw.read(layer, layer="dams", bbox=BOX, PAGE_SIZE=10_000)

    assert np.array_equal(np.sort(fids), np.arange(1, DAMS + 1))
    assert not any(one is None for one in points)
    assert {*dict(zip(info["fields"], values, strict=True))["dam_name"]} == in_box
    assert in_box


def test_a_table_of_all_dams_is_sent_whole(client: Client):
    text = client.get("/dams.csv").text

    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == DAMS
    assert rows[-1]["dam_name"] == made(DAMS - 1)["dam_name"]
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_server_that_ends_breaks_a_download_off_where_it_is(server: Server, tmp_path: Path):
    shutil.copyfile(server.database, tmp_path / "dams.db")
    with serving(tmp_path, "--warm") as ending:
        connection = HTTPConnection(ending.address, timeout=PATIENCE)
        connection.request("GET", "/api/dams.geojson")
        answer = connection.getresponse()
        answer.read(1000)
        ending.tell_to_end()
        assert ending.wait(PATIENCE) == 0

        # A part must never pass for the whole.
        with pytest.raises((IncompleteRead, ConnectionResetError)):
            answer.read()
        connection.close()
