"""The history as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from dam_inventory.domain.change_rows import change_of
from dam_inventory.domain.changes import (
    Change,
    DamEdited,
    DamsImported,
    DamsRemoved,
    HydrographAssigned,
    HydrographEdited,
    HydrographRemoved,
    HydrographRestored,
)
from dam_inventory.formats.exports import history

AT = dt.datetime(2026, 11, 27, 9, 30, 15, tzinfo=dt.timezone(dt.timedelta(hours=-7)))


def lines(*changes: Change) -> list[dict[str, str]]:
    text = b"".join(history(changes)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_an_edit_is_a_line_for_each_field_and_for_each_other_fact() -> None:
    old = {"owner": None, "other_facts": {"Aspect": "East", "Same": "x"}}
    new = {"owner": "=Ann", "other_facts": {"Aspect": "West", "Same": "x", "More": "y"}}
    found = lines(DamEdited(7, AT, "ann", 3, "Heron Lake", old, new))
    assert [(one["field"], one["old"], one["new"]) for one in found] == [
        ("owner", "", "'=Ann"),
        ("Other fact: Aspect", "East", "West"),
        ("Other fact: More", "", "y"),
    ]
    assert {(one["seq"], one["at"], one["by"], one["dam_name"]) for one in found} == {
        ("7", "2026-11-27T16:30:15.000000Z", "ann", "Heron Lake")
    }


def test_a_removal_of_several_dams_is_a_line_for_each_dam() -> None:
    found = lines(DamsRemoved(8, AT, None, [3, 4], ["Heron Lake", "Ibis Pond"]))
    assert [(one["dam_id"], one["dam_name"]) for one in found] == [
        ("3", "Heron Lake"),
        ("4", "Ibis Pond"),
    ]


def test_an_import_is_one_line_that_says_what_it_did() -> None:
    [line] = lines(DamsImported(9, AT, "bob", 1, 40, 40, "nid.csv"))
    assert (line["kind"], line["dam_id"]) == ("DamsImported", "")
    assert line["description"] == '40 dams have been imported from "nid.csv" by bob.'


def test_changes_of_hydrographs_name_them() -> None:
    found = lines(
        HydrographAssigned(1, AT, "ann", 3, "Heron Lake", 12, 50.0, False, "Flood"),
        HydrographEdited(2, AT, "ann", 3, "Heron Lake", "Flood of 1941", "Flood"),
        HydrographRemoved(3, AT, "ann", 3, "Heron Lake", "Flood of 1941"),
        HydrographRestored(4, AT, "ann", 3, "Heron Lake", "Flood of 1941", True, 3),
    )
    assert [(one["field"], one["old"], one["new"]) for one in found] == [
        ("hydrograph", "", "Flood"),
        ("hydrograph", "Flood", "Flood of 1941"),
        ("hydrograph", "Flood of 1941", ""),
        ("hydrograph", "", "Flood of 1941"),
    ]


def test_a_change_of_a_newer_version_is_a_line_with_its_kind() -> None:
    row: dict[str, Any] = {
        "seq": 4, "at": AT, "by": "ann", "kind": "DamMoved", "dam_id": 3,
        "dam_name": "Heron Lake", "details": {"meters": 12},
    }  # fmt: skip
    [line] = lines(change_of(row))
    assert (line["kind"], line["dam_id"]) == ("DamMoved", "3")
    assert line["description"] == "A change has been made by ann."


def test_a_long_log_is_written_in_parts() -> None:
    asked = 0

    def changes() -> Any:
        nonlocal asked
        for seq in range(5_000):
            asked += 1
            yield DamsImported(seq, AT, None, 1, 1, 1, "nid.csv")

    written = history(changes())
    next(written)
    next(written)
    assert asked < 2_000
    assert len(b"".join(written).splitlines()) == 4_000
