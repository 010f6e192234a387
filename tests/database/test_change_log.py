"""Writing and reading the change log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import DamAdded, DamsImported
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from tests.importing import import_all

pytestmark = pytest.mark.databases("sqlite", "postgresql")

Draft = Callable[..., DamDraft]


def test_the_log_returns_the_changes_that_were_written(inventory: Inventory, draft: Draft):
    dam_id = inventory.add(draft("One")).dam_id
    written = [
        import_all(inventory, [draft("Two").checked_facts()], "dams.csv").change,
        inventory.assign_hydrograph(dam_id, Hydrograph([0, 1], [5, 6])),
        inventory.edit(dam_id, {"river": "Green River", "nid_height_ft": 12.5}, seen=5),
        inventory.remove(dam_id, seen=6),
    ]
    written.append(inventory.undo(written[-1].seq))

    assert inventory.changes_since(3) == written


def test_the_history_is_newest_first(inventory: Inventory, draft: Draft):
    for name in ("One", "Two", "Three"):
        inventory.add(draft(name))

    newest = inventory.history(most=2)
    rest = inventory.history(before=newest[-1].seq)

    assert [one.dam_name for one in newest + rest] == [
        "Three",
        "Two",
        "One",
        "Jordanelle",
        "Deer Creek",
    ]


def test_the_history_of_a_dam_has_only_its_own_changes(inventory: Inventory, draft: Draft):
    dam_id = inventory.add(draft("One")).dam_id
    inventory.add(draft("Two"))
    inventory.edit(dam_id, {"river": "Green River"}, seen=4)

    assert [(type(one).__name__, one.dam_id) for one in inventory.history(dam_id)] == [
        ("DamEdited", dam_id),
        ("DamAdded", dam_id),
    ]


def test_the_history_of_an_imported_dam_begins_with_the_import(inventory: Inventory, draft: Draft):
    dams = [draft(name).checked_facts() for name in ("One", "Two")]
    first = import_all(inventory, dams[:1], "one.csv").change
    import_all(inventory, dams, "two.csv")
    inventory.edit(first.first_id, {"river": "Green River"}, seen=4)

    *_, start = history = inventory.history(first.first_id)

    assert len(history) == 2
    assert isinstance(start, DamsImported)
    assert start.source == "one.csv"
    assert isinstance(inventory.history(1)[-1], DamAdded)
