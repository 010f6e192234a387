"""Which dams another program asks for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from dam_inventory.domain.fields import FIELDS
from dam_inventory.errors import InvalidFilter
from dam_inventory.snapshot import bounds
from dam_inventory.snapshot.feature_query import FeatureQuery, read
from dam_inventory.snapshot.schema import COLUMNS
from dam_inventory.snapshot.snapshot import Snapshot

TODAY = dt.date(2026, 11, 27)
ADDED = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def row(dam_id: int, **values: Any) -> tuple[Any, ...]:
    known = {"id": dam_id, "added_at": ADDED + dt.timedelta(days=dam_id), **values}
    return tuple(known.get(name) for name in COLUMNS)


def found(snapshot: Snapshot, **parameters: str | list[str]) -> list[int]:
    """Return the ids of the dams, in their order."""
    arguments = {
        name: text if isinstance(text, list) else [text] for name, text in parameters.items()
    }
    rows = read(arguments, TODAY).rows(snapshot)
    return snapshot.ids(rows).tolist()


@pytest.fixture
def snapshot() -> Snapshot:
    dams = [
        row(1, dam_name="unknown", owner="~x", longitude=-179.5, latitude=51.0, date_built="1941"),
        row(2, dam_name="NA", owner="A;B", longitude=179.5, latitude=-14.0, nid_height_ft=30.0),
        row(3, dam_name="", purposes="Irrigation;Recreation", date_built="1941-05"),
        row(4, owner="-", purposes="Irrigation", longitude=0.0, latitude=0.0, nid_height_ft=0.0),
    ]
    return Snapshot.of(dams, 1)


def test_without_parameters_it_is_every_dam(snapshot: Snapshot):
    assert read({}, TODAY) == FeatureQuery()
    assert found(snapshot) == [1, 2, 3, 4]


def test_dams_come_by_id_also_after_an_edit(snapshot: Snapshot):
    edited = snapshot.advance([row(2, dam_name="Edited", nid_height_ft=7.0)], 2, {2, 3})
    assert found(edited) == [1, 2, 4]
    assert found(edited, nid_height_ft="7") == [2]
    assert found(edited, nid_height_ft="30") == []
    assert found(edited, bbox="-180,-90,180,90") == [1, 4]
    assert bounds.box(edited) == (-179.5, 0.0, 0.0, 51.0)


def test_a_value_is_this_value_and_unknown_is_none(snapshot: Snapshot):
    assert found(snapshot, nid_height_ft="0") == [4]
    assert found(snapshot, nid_height_ft="unknown") == [1, 3]
    assert found(snapshot, dam_name="unknown") == [4]
    assert found(snapshot, dam_name="~unknown") == [1]
    assert found(snapshot, owner="~~x") == [1]
    assert found(snapshot, dam_name="NA") == [2]
    assert found(snapshot, owner=["-", "A;B", "C"]) == [2, 4]
    assert found(snapshot, river="Provo River") == []
    assert found(snapshot, date_built="1941") == [1]
    assert found(snapshot, date_built="1941..1942") == [1, 3]
    assert found(snapshot, purposes="Irrigation") == [3, 4]
    assert found(snapshot, purposes="Irrigation;Recreation") == [3]


@pytest.mark.parametrize("field", [one.name for one in FIELDS])
def test_every_field_is_a_parameter(field: str):
    kinds = {one.name: one for one in FIELDS}
    value, text = (12.5, "12.5") if kinds[field].is_number else ("1950", "1950")
    place = {"longitude": 1.0, "latitude": 2.0} if kinds[field].kind == "degrees" else {}
    snapshot = Snapshot.of([row(1, **{**place, field: value}), row(2)], 1)
    assert found(snapshot, **{field: text}) == [1]
    assert found(snapshot, **{field: "unknown"}) == [2]


def test_a_box_across_180_degrees_has_both_sides(snapshot: Snapshot):
    assert found(snapshot, bbox="179,-90,-179,90") == [1, 2]
    assert found(snapshot, bbox="-180,-90,180,90") == [1, 2, 4]
    assert found(snapshot, bbox="0,0,0,0") == [4]


@pytest.mark.parametrize(
    ("bbox", "ids"),
    [
        ("170,-90,190,90", [1, 2]),
        ("180,-90,190,90", [1]),
        ("-190,-90,-170,90", [1, 2]),
        ("180.25,-90,180.75,90", [1]),
        ("-540.75,-90,-540.25,90", [2]),
        ("200,-90,210,90", []),
        ("350,-90,370,90", [4]),
        ("-170,-90,190,90", [1, 2, 4]),
        ("-1000,-90,1000,90", [1, 2, 4]),
        ("179.5,-90,180,90", [2]),
    ],
)
def test_a_box_goes_on_beyond_180_degrees(snapshot: Snapshot, bbox: str, ids: list[int]):
    assert found(snapshot, bbox=bbox) == ids


@pytest.mark.parametrize(
    ("field", "value", "near"),
    [
        ("hazard_potential", "Hgih", "High"),
        ("hazard", "LOW", "Low"),
        ("condition_assessment", "Poore", "Poor"),
        ("primary_owner_type", "Fedral", "Federal"),
        ("purposes", "Irigation", "Irrigation"),
        ("purposes", "Irrigation;Recreaton", "Recreation"),
    ],
)
def test_a_value_outside_of_its_list_that_no_dam_has_is_refused(
    snapshot: Snapshot, field: str, value: str, near: str
):
    with pytest.raises(InvalidFilter, match=f'which no dam has. Did you mean "{near}"') as refused:
        found(snapshot, **{field: ["unknown", value]})
    assert len(str(refused.value)) < 300


def test_a_value_that_is_like_no_other_is_refused_with_the_list(snapshot: Snapshot):
    with pytest.raises(InvalidFilter, match=r'Use "Controlled" or "Uncontrolled"') as refused:
        found(snapshot, spillway_type=["x" * 5_000])
    assert len(str(refused.value)) < 300


def test_a_value_that_a_dam_has_or_that_is_in_the_list_is_not_refused(snapshot: Snapshot):
    other = snapshot.advance([row(5, hazard_potential="Extreme", purposes="Fun;Irrigation")], 2)
    assert found(other, hazard_potential="Extreme") == [5]
    assert found(other, purposes="Fun") == [5]
    assert found(other, purposes="Fun;Irrigation") == [5]
    assert found(other, primary_owner_type="Federal", state="Atlantis", county="Nowhere") == []
    assert found(other, purposes="Recreation;Irrigation") == []
    gone = other.advance([], 3, {5})
    with pytest.raises(InvalidFilter, match="Extreme"):
        found(gone, hazard_potential="Extreme")


def test_a_date_is_the_whole_day(snapshot: Snapshot):
    assert found(snapshot, datetime="2026-11-03") == [2]
    assert found(snapshot, datetime="2026-11-03/2026-11-04") == [2, 3]
    assert found(snapshot, datetime="2026-11-03T12:00:00Z") == [2]
    assert found(snapshot, datetime="2026-11-03T13:00:00+01:00/..") == [2, 3, 4]
    assert found(snapshot, datetime="../2026-11-03T11:59:59.999999Z") == [1]


def test_a_name_that_is_not_known_is_refused_with_a_hint():
    with pytest.raises(InvalidFilter, match='Did you mean "bbox"'):
        read({"bboxx": ["1,2,3,4"]}, TODAY)
    with pytest.raises(InvalidFilter, match="There is no parameter"):
        read({"x" * 10_000: ["1"]}, TODAY)


def test_an_empty_inventory_has_no_bounds():
    empty = Snapshot.of([], 0)
    assert found(empty, owner="A", bbox="1,2,3,4", datetime="2026-01-01") == []
    assert bounds.box(empty) is None
    assert bounds.first_added(empty) is None


def test_the_bounds_are_those_of_all_dams(snapshot: Snapshot):
    assert bounds.box(snapshot) == (-179.5, -14.0, 179.5, 51.0)
    assert bounds.first_added(snapshot) == ADDED + dt.timedelta(days=1)
    assert bounds.box(Snapshot.of([row(1, longitude=1.0, latitude=2.0)], 1)) == (1.0, 2.0, 1.0, 2.0)


def test_a_column_without_any_value_is_compared_too(snapshot: Snapshot):
    assert snapshot.dams.base.frame.schema["river"] == pl.Null
    assert found(snapshot, river=["a", "unknown"]) == [1, 2, 3, 4]
