"""The dam that a new one may be: close by, or not far away under a similar name."""

from __future__ import annotations

from typing import Any

import pytest

from dam_inventory.snapshot.neighbors import AROUND, CLOSE, neighbor
from dam_inventory.snapshot.schema import COLUMNS
from dam_inventory.snapshot.snapshot import Snapshot

HERE = (-111.5, 40.4)
KM = 1 / 111.195
"""A kilometer to the north, in degrees."""


def inventory_of(*dams: tuple[str | None, float | None]) -> Snapshot:
    """Return dams with ids from 1, so many kilometers north of HERE; None: without a place."""
    rows: list[dict[str, Any]] = [
        {"id": dam_id, "dam_name": name}
        if km is None
        else {"id": dam_id, "dam_name": name, "longitude": HERE[0], "latitude": HERE[1] + km * KM}
        for dam_id, (name, km) in enumerate(dams, 1)
    ]
    return Snapshot.of([tuple(row.get(column) for column in COLUMNS) for row in rows], 1)


def found(snapshot: Snapshot, dam_name: str = "") -> Any:
    near = neighbor(snapshot, *HERE, dam_name)
    return near and (near.dam_id, near.is_alike)


def test_the_nearest_dam_close_by_is_named_whatever_it_is_called():
    dams = inventory_of(("Heron", 0.2), ("Ibis", 0.06), ("Stork", 1))

    near = neighbor(dams, *HERE, "Curlew")

    assert near is not None
    assert (near.dam_id, near.name, near.is_alike) == (2, "Ibis", False)
    assert near.km == pytest.approx(0.06, rel=0.01)


def test_a_similar_name_comes_before_a_nearer_dam():
    dams = inventory_of(("Heron", 0.1), ("SMITHS LAKE DAM", 3))

    assert found(dams, "Smith Lake") == (2, True)


@pytest.mark.parametrize("name", ["Canon del Oro", "CAÑÓN DEL ORO DAM", "Oro del Cañon"])
def test_case_accents_order_and_the_word_dam_do_not_matter(name: str):
    assert found(inventory_of(("Cañón del Oro Dam", 2)), name) == (1, True)


@pytest.mark.parametrize("name", ["", "Heron", "Dam", "Lake"])
def test_a_dam_farther_away_with_another_name_is_not_named(name: str):
    assert found(inventory_of(("Curlew Pond", CLOSE + 0.1)), name) is None


def test_a_similar_name_far_away_is_another_dam():
    assert found(inventory_of(("Mill Pond", AROUND + 0.1)), "Mill Pond") is None
    assert found(inventory_of(("Mill Pond", AROUND - 0.1)), "Mill Pond") == (1, True)


def test_a_dam_without_a_name_or_a_place_does_no_harm():
    assert found(inventory_of((None, 0.1), ("Heron", None)), "") == (1, False)
    assert found(inventory_of(("Heron", None)), "Heron") is None


@pytest.mark.parametrize("latitude", [-90, -86, 86, 90])
def test_there_is_no_neighbor_beyond_the_edge_of_the_map(latitude: float):
    assert neighbor(inventory_of(("Heron", 0)), HERE[0], latitude, "Heron") is None
