"""Which change brought each fact about a dam."""

from __future__ import annotations

import datetime as dt

from dam_inventory.domain.changes import (
    DamAdded,
    DamEdited,
    DamRestored,
    DamsImported,
    HydrographAssigned,
)
from dam_inventory.domain.sources import HYDROGRAPH, Sources, in_words

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
IMPORTED = DamsImported(1, NOW, "ann", 1, 9, 9, "nid.csv")
OWNER = DamEdited(2, NOW, "bob", 1, "Heron", {"owner": None}, {"owner": "A", "river": "B"})
RESTORED = DamRestored(4, NOW, None, 1, "Heron", undoes=3)
RIVER = DamEdited(5, NOW, None, 1, "Heron", {"river": "B"}, {"river": "C"}, undoes=2)
ASSIGNED = HydrographAssigned(6, NOW, "ann", 1, "Heron", 1200, 9.0, False)


def test_the_last_change_of_a_fact_is_its_source_and_else_what_brought_the_dam():
    history = (ASSIGNED, RIVER, RESTORED, OWNER, IMPORTED)
    found = Sources(history, ["state", "river", "owner", "county", HYDROGRAPH])

    assert found.changes == [IMPORTED, RIVER, OWNER, ASSIGNED]
    numbers = [found.number(one) for one in ("state", "river", "owner", "county", HYDROGRAPH)]
    assert numbers == [1, 2, 3, 1, 4]


def test_what_the_log_does_not_know_has_no_source():
    found = Sources([RIVER], ["river", "state", HYDROGRAPH])

    assert found.changes == [RIVER]
    assert found.number("state") is None
    assert found.number(HYDROGRAPH) is None


def test_a_source_is_named_with_its_author():
    assert in_words(IMPORTED) == "The file nid.csv, imported by ann"
    assert in_words(OWNER) == "The form for edits, filled in by bob"
    assert in_words(RIVER) == "An earlier value, brought back"
    assert in_words(ASSIGNED) == "A hydrograph file with 1,200 points, assigned by ann"
    added = DamAdded(1, NOW, None, 1, "Heron")
    assert in_words(added) == "The form for a new dam, filled in"
