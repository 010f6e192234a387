"""Which dams a reload has brought."""

from __future__ import annotations

import datetime as dt

from dam_inventory.domain.changes import DamAdded, DamsImported, DamsRemoved
from dam_inventory.session.arrived import Arrived

NOW = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)


def test_the_dams_of_all_changes_that_were_loaded_have_arrived_and_no_others():
    changes = [
        DamAdded(5, NOW, "ann", 3, "Heron Lake"),
        DamsImported(6, NOW, None, 10, 12, 5, "few.csv", dam_ids=(1, 2)),
        DamsRemoved(7, NOW, None, (4,), ("Gone",)),
        DamAdded(8, NOW, None, 13, "Later"),
    ]

    arrived = Arrived.of(changes, 7)

    assert [one for one in range(1, 15) if one in arrived] == [1, 2, 3, 4, 10, 11, 12]
    assert 1 not in Arrived()
