"""What is exported beside the dams is read in parts."""

from __future__ import annotations

import pytest

from dam_inventory.database import export_reading
from dam_inventory.database.imports import ALL_FIELDS, Choice
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import DamsImported, DamUpdated, ImportUndone
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from tests.importing import import_all

pytestmark = pytest.mark.databases("sqlite", "postgresql")

OLD = {"dam_name": "Heron Lake", "federal_id": "UT1", "owner": "Ann"}
NEW = {**OLD, "owner": "Bob"}


def test_the_whole_log_is_read_in_its_order_however_long_it_is(
    inventory: Inventory, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(export_reading, "_AT_ONCE", 3)
    for number in range(8):
        import_all(inventory, [{"dam_name": f"Dam {number}"}])
    assert [*export_reading.log(inventory)] == inventory.changes_since(0)


def test_what_an_import_and_its_undo_changed_follows_them(inventory: Inventory):
    import_all(inventory, [OLD])
    updated = import_all(inventory, [NEW], choice=Choice(ALL_FIELDS)).change
    inventory.undo(updated.seq)

    *_, change, edit, undo, reverted = export_reading.log(inventory)

    assert isinstance(change, DamsImported)
    assert isinstance(edit, DamUpdated)
    assert (edit.dam_name, edit.old, edit.new) == ("Heron Lake", {"owner": "Ann"}, {"owner": "Bob"})
    assert isinstance(undo, ImportUndone)
    assert isinstance(reverted, DamUpdated)
    assert (reverted.new, reverted.undoes) == ({"owner": "Ann"}, updated.seq)


def test_the_log_of_one_dam_begins_with_its_oldest_change(inventory: Inventory):
    added = import_all(inventory, [OLD]).change
    removed = inventory.remove(added.first_id, seen=added.seq)
    import_all(inventory, [{"dam_name": "Other"}])
    found = [*export_reading.log(inventory, added.first_id)]
    assert [one.seq for one in found] == [added.seq, removed.seq]


def test_hydrographs_are_those_of_the_dams_that_are_asked_for(inventory: Inventory):
    draft = DamDraft("Heron Lake", "Ann", "Heron Creek", "1941", 40.0, -111.0)
    dam = inventory.add(draft).dam_id
    for name, is_beside in (("First", False), ("Second", True)):
        one = Hydrograph([0, 1], [1, 2], name=name)
        inventory.assign_hydrograph(dam, one, beside=is_beside)
    found = [*export_reading.hydrographs(inventory, {dam})]
    assert [(one.dam_name, one.hydrograph.name) for one in found] == [
        ("Heron Lake", "First"),
        ("Heron Lake", "Second"),
    ]
    assert {one.dam_id for one in export_reading.hydrographs(inventory)} >= {dam}
    assert [*export_reading.hydrographs(inventory, {0})] == []


def test_hydrographs_are_read_some_at_a_time_each_with_its_own_points(
    inventory: Inventory, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(export_reading, "_HYDROGRAPHS_AT_ONCE", 2)
    ids = import_all(inventory, [{"dam_name": f"Dam {number}"} for number in range(5)]).change
    dams = [ids.first_id + number for number in range(5)]
    for number, dam_id in enumerate(dams):
        flow = [float(number), None, 3.5, 2.0][: 3 + number % 2]
        inventory.assign_hydrograph(dam_id, Hydrograph(range(len(flow)), flow, note=str(number)))
    found = [*export_reading.hydrographs(inventory, {*dams})]
    assert [one.dam_id for one in found] == dams
    for one in found:
        stored = inventory.hydrograph(one.dam_id)
        assert one.hydrograph.to_csv() == stored.to_csv()
        assert (one.hydrograph.note, one.dam_name) == (stored.note, f"Dam {stored.note}")


def test_hydrographs_of_removed_dams_are_left_out(inventory: Inventory):
    draft = DamDraft("Heron Lake", "Ann", "Heron Creek", "1941", 40.0, -111.0)
    added = inventory.add(draft)
    assigned = inventory.assign_hydrograph(added.dam_id, Hydrograph([0, 1], [1, 2]))
    inventory.remove(added.dam_id, seen=assigned.seq)
    assert [*export_reading.hydrographs(inventory, {added.dam_id})] == []


def test_removed_hydrographs_are_left_out(inventory: Inventory):
    for name in ("First", "Second"):
        inventory.assign_hydrograph(1, Hydrograph([0, 1], [1, 2], name=name), beside=True)
    reading = export_reading.hydrographs(inventory)
    inventory.remove_hydrograph(1, 1)
    assert [one.hydrograph.name for one in reading] == ["Second"]


def test_a_hydrograph_that_is_removed_while_it_is_read_is_left_out(
    inventory: Inventory, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(export_reading, "_HYDROGRAPHS_AT_ONCE", 1)
    for name in ("First", "Second"):
        inventory.assign_hydrograph(1, Hydrograph([0, 1], [1, 2], name=name), beside=True)
    reading = export_reading.hydrographs(inventory)
    next(reading)
    inventory.remove_hydrograph(1, 2)
    assert [*reading] == []
