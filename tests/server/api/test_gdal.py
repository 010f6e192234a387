"""GDAL, by which QGIS, R and Python read OGC API Features."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
from pyogrio import raw

from dam_inventory.domain.fields import FIELDS
from tests.server.api.client import Client
from tests.server.api.conftest import DAMS, NOWHERE
from tests.ui.server import Server, serving

pytestmark = pytest.mark.slow


def read(client: Client, **options: Any) -> tuple[dict[str, Any], Any, Any, dict[str, Any]]:
    """Return what GDAL knows, the ids, the points and the values by column."""
    info, fids, points, values = raw.read(
        f"OAPIF:{client.root}", layer="dams", return_fids=True, **options
    )
    return info, fids, points, dict(zip(info["fields"], values, strict=True))


def test_gdal_reads_every_dam_from_all_pages(client: Client):
    assert pyogrio.list_layers(f"OAPIF:{client.root}").tolist() == [["dams", "Point"]]
    info, fids, points, values = read(client)
    assert info["crs"] == "EPSG:4326"
    assert sorted(fids) == [*range(1, DAMS + 1)]
    assert sum(one is None for one in points) == NOWHERE
    assert {*values["dam_name"]} == {f"Dam {one} <b>&\"'" for one in range(DAMS)}


def test_numbers_are_numbers_although_the_first_page_has_none(client: Client):
    _, fids, _, values = read(client)
    for field in FIELDS:
        assert values[field.name].dtype == (np.float64 if field.is_number else object), field.name
    assert values["added_at"].dtype.kind == "M"
    heights = dict(zip(fids.tolist(), values["nid_height_ft"].tolist(), strict=True))
    assert np.isnan(heights[1])
    assert heights[150] == 149 % 50


def test_gdal_reads_the_dams_in_a_box(client: Client):
    _, fids, points, values = read(client, bbox=(-112, 36, -110, 37))
    assert len(fids) == client.items(bbox="-112,36,-110,37", limit=1).json["numberMatched"] > 0
    assert all(-112 <= one <= -110 for one in values["longitude"])
    assert None not in points


def test_gdal_asks_the_server_for_values(server: Server, client: Client):
    _, fids, _, values = read(client, where="state = 'Utah' AND owner = 'Owner 3'")
    assert {*values["state"]} == {"Utah"}
    asked = client.items(state="Utah", owner="Owner 3", limit=1)
    assert len(fids) == asked.json["numberMatched"]


@contextmanager
def served(inventory_file: Path, folder: Path, **options: Any) -> Iterator[Server]:
    (folder / "dams.db").write_bytes(inventory_file.read_bytes())
    with serving(folder, "--warm", **options) as server:
        yield server


def test_gdal_reads_all_pages_below_a_prefix(inventory_file: Path, tmp_path: Path):
    with served(inventory_file, tmp_path, prefix="/water/dams") as server:
        client = Client(server.origin + "/api")
        assert client.root.endswith("/water/dams/api")
        assert len(read(client)[1]) == DAMS
