"""The dams that a session compares."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.comparison import (
    compared_of,
    hydrographs,
    wrong_number,
)
from dam_inventory.session.store import DamStore

Draft = Callable[..., DamDraft]


def test_known_dams_are_compared_each_once_in_their_order_and_at_most_four(
    store: DamStore, draft: Draft
):
    for number in range(4):
        store.add(draft(f"Heron {number}"))

    assert compared_of([2, 99, 1, 2], store.snapshot) == (2, 1)
    assert compared_of([6, 5, 4, 3, 2], store.snapshot) == (6, 5, 4, 3)


def test_a_dam_that_was_removed_leaves_the_comparison_with_the_next_reload(
    store: DamStore, inventory: Inventory, feed: ChangeFeed
):
    store.compared = (2, 1)

    inventory.remove(2, store.snapshot.mark)
    feed.catch_up()
    assert store.compared == (2, 1)
    store.reload()

    assert store.compared == (1,)


def test_the_hydrographs_of_those_that_have_one_are_read(
    store: DamStore, inventory: Inventory, draft: Draft
):
    flood = Hydrograph([0, 1, 2], [0, 9, 0])
    inventory.assign_hydrograph(1, flood)
    gone = store.add(draft("Heron"))
    assert gone is not None
    store.remove(gone.dam_id)

    found = hydrographs(inventory, (gone.dam_id, 2, 1, 99))

    assert [*found] == [1]
    assert found[1].peak_flow == 9


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "Tick 2 to 4 dams to compare them: 1 is ticked."),
        (1234, "Tick 2 to 4 dams to compare them: 1,234 are ticked."),
    ],
)
def test_a_wrong_number_is_said_in_words(count: int, sentence: str):
    assert wrong_number(count) == sentence
