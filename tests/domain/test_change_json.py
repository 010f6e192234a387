"""Changes as JSON for other programs."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from dam_inventory.domain.change_json import as_json
from dam_inventory.domain.changes import (
    DamRemoved,
    DamsImported,
    DamsRemoved,
    HydrographAssigned,
    ImportUndone,
    UnknownChange,
)

AT = dt.datetime(2026, 3, 1, 5, 30, tzinfo=dt.timezone(dt.timedelta(hours=-7)))


@pytest.mark.parametrize(
    ("change", "kind", "dams", "facts"),
    [
        (DamRemoved(7, AT, "ann", 3, "Hoover"), "DamRemoved", {3: "Hoover"}, {}),
        (
            DamsRemoved(7, AT, "ann", [3, 5], ["Hoover", "Shasta"]),
            "DamsRemoved", {3: "Hoover", 5: "Shasta"}, {},
        ),
        (
            DamsImported(7, AT, "ann", 3, 12, 10, "nid.csv"),
            "DamsImported", {},
            {"first_id": 3, "last_id": 12, "count": 10, "updated": 0, "source": "nid.csv"},
        ),
        (
            DamsImported(7, AT, "ann", 3, 2, 0, "nid.csv", 4, [1, 2]),
            "DamsUpdated", {}, {"first_id": 3, "last_id": 2, "count": 0, "updated": 4},
        ),
        (
            ImportUndone(7, AT, "ann", 6, 3, 12, 10, 0, "nid.csv"),
            "ImportUndone", {}, {"undoes": 6, "removed": 10},
        ),
        (
            HydrographAssigned(7, AT, "ann", 3, "Hoover", 100, 5000.0, False, "Flood"),
            "HydrographAssigned", {3: "Hoover"}, {"points": 100, "hydrograph_name": "Flood"},
        ),
        (UnknownChange(7, AT, "ann", None, None, "DamPainted"), "DamPainted", {}, {}),
        (UnknownChange(7, AT, "ann", 3, "Hoover", "DamPainted"), "DamPainted", {3: "Hoover"}, {}),
    ],
)  # fmt: skip
def test_each_kind_has_its_dams_and_its_facts(change, kind, dams, facts):
    found = json.loads(json.dumps(as_json(change, "abc")))

    assert found["kind"] == kind
    assert (found["seq"], found["epoch"], found["by"]) == (7, "abc", "ann")
    assert found["at"] == "2026-03-01T12:30:00Z"
    assert found["what"].endswith(".")
    assert {one["id"]: one["name"] for one in found["dams"]} == dams
    assert facts.items() <= found.items()
