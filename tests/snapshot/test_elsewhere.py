"""The dams that the first view of a map leaves out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from dam_inventory.domain.mercator import Extent
from dam_inventory.snapshot.elsewhere import Elsewhere, outside
from dam_inventory.snapshot.schema import COLUMNS
from dam_inventory.snapshot.snapshot import Snapshot

FAR = [
    {"state": "Alaska", "longitude": -149.0, "latitude": 61.2},
    {"state": "Hawaii", "longitude": -157.9, "latitude": 21.4},
    {"state": "Hawaii", "longitude": -157.8, "latitude": 21.5},
    {"state": None, "longitude": -66.0, "latitude": 70.0},
    {"state": "Arkansas", "longitude": 0.0, "latitude": 34.5},
]


def row(dam_id: int, **facts: Any) -> tuple[Any, ...]:
    known = {"id": dam_id, "added_at": dt.datetime(2024, 6, 1, tzinfo=dt.UTC), **facts}
    return tuple(known.get(column) for column in COLUMNS)


@pytest.fixture
def snapshot() -> Snapshot:
    """A thousand dams in Kansas, and those that are far from there."""
    near = [
        {"state": "Kansas", "longitude": -102 + 0.007 * number, "latitude": 37 + number % 30 / 10}
        for number in range(1000)
    ]
    rows = [row(number, **facts) for number, facts in enumerate(near + FAR, 1)]
    return Snapshot.of(rows, 1)


def test_the_states_elsewhere_are_told_the_one_with_most_dams_first(snapshot: Snapshot):
    assert snapshot.elsewhere == Elsewhere(4, ("HI", "AK"), 1)


def test_a_dam_that_was_removed_or_moved_is_not_told_any_more(snapshot: Snapshot):
    moved = row(1001, **(FAR[0] | {"longitude": -100.0, "latitude": 38.0}))

    after = snapshot.advance([moved], 2, [1005])

    assert after.elsewhere == Elsewhere(3, ("HI",), 0)


def test_without_dams_none_is_elsewhere():
    assert Snapshot.of([], 0).elsewhere == Elsewhere()


def test_a_dam_at_the_edge_of_the_window_or_nowhere_is_not_outside():
    x, y = np.array([0.0, 5.0, 5.1, np.nan, 2.0]), np.array([0.0, 5.0, 2.0, np.nan, -0.1])

    assert outside(x, y, Extent(0, 0, 5, 5)).tolist() == [2, 4]
