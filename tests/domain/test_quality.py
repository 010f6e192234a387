"""Data-quality flags; `tests/snapshot/test_facets.py` compares them with a plain computation."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dam_inventory.domain.quality import FLAGS, flags
from dam_inventory.domain.states import STATES

COLUMNS = {
    "longitude": pl.Float64, "latitude": pl.Float64, "state": pl.Categorical,
    "date_built": pl.String, "nid_height_ft": pl.Float64, "nid_storage_acre_ft": pl.Float64,
    "normal_storage_acre_ft": pl.Float64, "max_storage_acre_ft": pl.Float64,
}  # fmt: skip
UTAH = {"longitude": -111.0, "latitude": 40.0, "state": "Utah"}


def flags_of(*dams: dict[str, Any]) -> list[set[str]]:
    columns = {name: [dam.get(name) for dam in dams] for name in COLUMNS}
    found = flags(pl.DataFrame(columns, schema=COLUMNS))
    return [{name for name in FLAGS if row[name]} for row in found.to_dicts()]


@pytest.mark.parametrize(
    ("dam", "expected"),
    [
        ({**UTAH, "date_built": "1941-05", "nid_height_ft": 9.0}, set()),
        ({"state": "Utah"}, {"no_coordinates"}),
        ({"longitude": 0.0, "latitude": 0.0}, {"at_zero"}),
        ({"longitude": 0.0, "latitude": 0.0, "state": "Utah"}, {"at_zero", "outside_state"}),
        ({**UTAH, "state": "Nevada"}, {"outside_state"}),
        ({**UTAH, "state": "Utopia"}, set()),
        ({"longitude": 179.0, "latitude": 52.0, "state": "Alaska"}, set()),
        ({"longitude": -150.0, "latitude": 61.0, "state": "Alaska"}, set()),
        ({"longitude": -110.0, "latitude": 61.0, "state": "Alaska"}, {"outside_state"}),
        ({**UTAH, "normal_storage_acre_ft": 2.0, "max_storage_acre_ft": 1.0},
         {"normal_above_maximum"}),
        ({**UTAH, "normal_storage_acre_ft": 1.0, "max_storage_acre_ft": 1.0}, set()),
        ({**UTAH, "date_built": "1599"}, {"implausible_year"}),
        ({**UTAH, "date_built": "1600"}, set()),
        ({**UTAH, "date_built": "9999-12"}, {"implausible_year"}),
        ({**UTAH, "nid_height_ft": 0.0}, {"zero_size"}),
        ({**UTAH, "nid_storage_acre_ft": 0.0}, {"zero_size"}),
    ],
)  # fmt: skip
def test_a_dam_has_the_flags_of_what_is_doubtful(dam: dict[str, Any], expected: set[str]):
    assert flags_of(dam) == [expected]


def test_dams_at_exactly_one_place_are_doubtful():
    near = {**UTAH, "latitude": 40.000001}

    assert flags_of(UTAH, near, UTAH, {}, {}) == [
        {"shared_place"}, set(), {"shared_place"}, {"no_coordinates"}, {"no_coordinates"}
    ]  # fmt: skip


def test_columns_without_any_value_may_have_no_type():
    frame = pl.DataFrame({name: pl.Series([None], dtype=pl.Null) for name in COLUMNS})

    assert flags(frame).row(0, named=True) == dict.fromkeys(FLAGS, False) | {"no_coordinates": True}


def test_every_state_lies_between_its_bounds():
    assert len({state.code for state in STATES}) == len({state.name for state in STATES}) == 56
    assert all(state.south < state.north for state in STATES)
    assert [state.name for state in STATES if state.west > state.east] == ["Alaska"]
