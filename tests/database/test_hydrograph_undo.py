"""Undoing the assignment and the removal of a hydrograph."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import Engine, func, select, text

from dam_inventory.database.inventory import Inventory
from dam_inventory.database.models import HydrographPointRow, HydrographRow
from dam_inventory.domain.changes import HydrographRemoved, HydrographRestored
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import MAX_PER_DAM, Hydrograph
from dam_inventory.domain.permissions import User
from dam_inventory.errors import (
    CannotUndo,
    DamChanged,
    DamInventoryError,
    PermissionDenied,
    UnknownHydrograph,
)
from tests.database.versions import migrate

pytestmark = pytest.mark.databases("sqlite", "postgresql")

ANNA = User("anna", frozenset({"add_dams"}))
BOB = User("bob", frozenset({"add_dams"}))
EVE = User("eve", frozenset({"edit_any"}))
ROOT = User("root", frozenset({"administer"}))

CALM = Hydrograph([0, 1], [10, 11])
FLOOD = Hydrograph(
    [0, 0.25, 2.5],
    [10, np.nan, 120.25],
    dt.datetime(2022, 4, 8, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
    "Flood of 2022",
    "flood.rdb: 15-minute values.",
)
WET = Hydrograph([0, 1], [20, 21], name="Wet")


@pytest.fixture
def dam_id(inventory: Inventory, draft: Callable[..., DamDraft]) -> int:
    """The id of a dam of anna, with three hydrographs of bob, of which the second is first."""
    dam_id = inventory.add(draft("Heron Lake"), by=ANNA).dam_id
    for one in (CALM, FLOOD, WET):
        inventory.assign_hydrograph(dam_id, one, beside=True, by=BOB)
    inventory.edit_hydrograph(dam_id, 2, is_first=True, by=BOB)
    return dam_id


def names(inventory: Inventory, dam_id: int) -> list[str]:
    return [head.name for head in inventory.hydrograph_heads(dam_id)]


def remove(inventory: Inventory, dam_id: int, *hydrographs: int) -> list[HydrographRemoved]:
    return [inventory.remove_hydrograph(dam_id, one, by=BOB) for one in hydrographs]


def test_a_removed_hydrograph_comes_back_exactly(inventory: Inventory, dam_id: int):
    heads, before = inventory.hydrograph_heads(dam_id), inventory.snapshot()
    [removal] = remove(inventory, dam_id, 2)
    assert names(inventory, dam_id) == ["Hydrograph", "Wet"]
    with pytest.raises(UnknownHydrograph):
        inventory.hydrograph(dam_id, 2)

    restored = inventory.undo(removal.seq, by=BOB)

    assert isinstance(restored, HydrographRestored)
    assert (restored.hydrograph_name, restored.undoes) == ("Flood of 2022", removal.seq)
    assert inventory.hydrograph_heads(dam_id) == heads
    read = inventory.hydrograph(dam_id)
    assert np.array_equal(read.time, FLOOD.time)
    assert np.array_equal(read.flow, FLOOD.flow, equal_nan=True)
    assert (read.start, read.zone, read.name, read.note) == (
        FLOOD.start, "UTC-5", FLOOD.name, FLOOD.note,
    )  # fmt: skip
    newest, _ = inventory.advance(before)
    assert newest.frame.equals(before.frame)


def test_the_only_hydrograph_comes_back(inventory: Inventory, draft: Callable[..., DamDraft]):
    dam_id = inventory.add(draft("Egret Lake")).dam_id
    inventory.assign_hydrograph(dam_id, CALM)
    removal = inventory.remove_hydrograph(dam_id, 1)
    assert inventory.hydrograph(dam_id) is None

    inventory.undo(removal.seq)

    assert inventory.hydrograph(dam_id).flow.tolist() == [10, 11]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_the_same_one_is_first_in_whatever_order_removals_are_undone(
    inventory: Inventory, dam_id: int, order: tuple[int, ...]
):
    removals = remove(inventory, dam_id, 2, 1, 3)

    for number in order:
        inventory.undo(removals[number].seq, by=BOB)

    assert names(inventory, dam_id) == ["Flood of 2022", "Hydrograph", "Wet"]


def test_one_that_was_chosen_since_stays_first(inventory: Inventory, dam_id: int):
    [removal] = remove(inventory, dam_id, 2)
    inventory.edit_hydrograph(dam_id, 1, "Calm", by=BOB)
    inventory.edit_hydrograph(dam_id, 3, is_first=True, by=BOB)

    inventory.undo(removal.seq, by=BOB)

    assert names(inventory, dam_id) == ["Wet", "Calm", "Flood of 2022"]


def test_only_its_author_and_administrators_may_undo_a_removal(inventory: Inventory, dam_id: int):
    one, other = remove(inventory, dam_id, 1, 2)
    for user in (ANNA, EVE, User("bob", frozenset()), User("bob", frozenset({"import_dams"}))):
        with pytest.raises(PermissionDenied):
            inventory.undo(one.seq, by=user)

    inventory.undo(one.seq, by=BOB)
    inventory.undo(other.seq, by=ROOT)

    assert len(names(inventory, dam_id)) == 3


def test_whoever_may_not_change_a_hydrograph_any_more_may_not_bring_it_back(
    inventory: Inventory, dam_id: int
):
    removal = inventory.remove_hydrograph(dam_id, 1, by=EVE)

    with pytest.raises(PermissionDenied, match='eve may not restore a hydrograph of "Heron Lake"'):
        inventory.undo(removal.seq, by=User("eve", frozenset({"add_dams"})))

    assert len(names(inventory, dam_id)) == 2


def test_a_removal_is_undone_once(inventory: Inventory, dam_id: int):
    [removal] = remove(inventory, dam_id, 2)
    inventory.undo(removal.seq, by=BOB)
    refusal = (
        'The removal of the hydrograph "Flood of 2022" of "Heron Lake" has already been undone.'
    )

    with pytest.raises(CannotUndo, match=refusal):
        inventory.undo(removal.seq, by=BOB)
    [again] = remove(inventory, dam_id, 2)
    with pytest.raises(CannotUndo, match=refusal):
        inventory.undo(removal.seq, by=BOB)

    inventory.undo(again.seq, by=BOB)
    assert names(inventory, dam_id) == ["Flood of 2022", "Hydrograph", "Wet"]


def test_a_hydrograph_of_a_dam_that_was_removed_does_not_come_back(
    inventory: Inventory, dam_id: int
):
    [removal] = remove(inventory, dam_id, 2)
    gone = inventory.remove(dam_id, seen=removal.seq, by=ANNA)
    with pytest.raises(DamChanged, match='"Heron Lake" has been removed by anna'):
        inventory.undo(removal.seq, by=BOB)

    inventory.undo(gone.seq, by=ANNA)
    inventory.undo(removal.seq, by=BOB)

    assert names(inventory, dam_id) == ["Flood of 2022", "Hydrograph", "Wet"]


def test_a_hydrograph_does_not_come_back_to_a_dam_with_six_others(
    inventory: Inventory, dam_id: int
):
    [removal] = remove(inventory, dam_id, 2)
    for _ in range(4):
        inventory.assign_hydrograph(dam_id, CALM, beside=True)

    with pytest.raises(DamInventoryError, match='"Heron Lake" has 6 hydrographs'):
        inventory.undo(removal.seq, by=BOB)

    assert len(names(inventory, dam_id)) == 6


def test_a_removed_hydrograph_is_neither_renamed_nor_replaced_nor_removed_again(
    inventory: Inventory, dam_id: int
):
    remove(inventory, dam_id, 2)

    for refused in (
        lambda: inventory.edit_hydrograph(dam_id, 2, "Mine"),
        lambda: inventory.edit_hydrograph(dam_id, 2, is_first=True),
        lambda: inventory.remove_hydrograph(dam_id, 2),
    ):
        with pytest.raises(UnknownHydrograph):
            refused()
    with pytest.raises(DamInventoryError, match="already has a hydrograph"):
        inventory.assign_hydrograph(dam_id, CALM, replaces=2)


def test_whoever_assigned_a_hydrograph_may_undo_that_once(inventory: Inventory, dam_id: int):
    assigned = inventory.assign_hydrograph(dam_id, FLOOD, by=BOB, beside=True)
    with pytest.raises(PermissionDenied):
        inventory.undo(assigned.seq, by=EVE)

    undone = inventory.undo(assigned.seq, by=BOB)

    assert isinstance(undone, HydrographRemoved)
    assert (undone.undoes, undone.was_first) == (assigned.seq, False)
    assert names(inventory, dam_id) == ["Flood of 2022", "Hydrograph", "Wet"]
    with pytest.raises(CannotUndo, match="removed or replaced in the meantime"):
        inventory.undo(assigned.seq, by=BOB)


def test_an_undone_assignment_comes_back_and_can_be_undone_again(inventory: Inventory, dam_id: int):
    assigned = inventory.assign_hydrograph(dam_id, CALM, by=BOB, beside=True)
    undone = inventory.undo(assigned.seq, by=BOB)

    inventory.undo(undone.seq, by=BOB)
    assert len(names(inventory, dam_id)) == 4
    inventory.undo(assigned.seq, by=BOB)

    assert len(names(inventory, dam_id)) == 3


def test_a_replaced_hydrograph_does_not_come_back(inventory: Inventory, dam_id: int):
    replacing = inventory.assign_hydrograph(dam_id, CALM, replaces=2, by=ANNA)

    with pytest.raises(CannotUndo, match="replaced another one"):
        inventory.undo(replacing.seq, by=ANNA)

    assert names(inventory, dam_id) == ["Hydrograph", "Hydrograph", "Wet"]


def test_what_an_older_version_removed_is_said_not_to_be_kept(
    inventory: Inventory, dam_id: int, engine: Engine
):
    [removal] = remove(inventory, dam_id, 1)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM hydrographs WHERE id = 1"))

    with pytest.raises(CannotUndo, match=r"only the last 6 .* Assign it again\."):
        inventory.undo(removal.seq, by=BOB)


def test_only_the_last_removed_hydrographs_are_kept(inventory: Inventory, dam_id: int):
    removals = []
    for number in range(MAX_PER_DAM + 1):
        assigned = inventory.assign_hydrograph(
            dam_id, replace(CALM, name=f"Try {number}"), beside=True, by=BOB
        )
        removals.append(inventory.undo(assigned.seq, by=BOB))

    with pytest.raises(CannotUndo, match=r"only the last 6 .* Assign it again\."):
        inventory.undo(removals[0].seq, by=BOB)
    with inventory.reading() as connection:
        kept = connection.execute(
            select(func.count()).select_from(HydrographRow).where(HydrographRow.dam_id == dam_id)
        )
        assert kept.scalar() == 3 + MAX_PER_DAM
    inventory.undo(removals[1].seq, by=BOB)
    assert names(inventory, dam_id)[-1] == "Try 1"


def test_a_downgrade_loses_only_what_was_removed(
    inventory: Inventory, dam_id: int, database_url: str, opened: Callable[..., Engine]
):
    remove(inventory, dam_id, 1)

    migrate(database_url, "0009")

    again = opened(database_url)
    assert names(Inventory(again), dam_id) == ["Flood of 2022", "Wet"]
    assert Inventory(again).hydrograph(dam_id).peak_flow == FLOOD.peak_flow
    count = select(func.count()).where(HydrographPointRow.hydrograph_id > 1)
    with again.connect() as connection:
        assert connection.execute(count).scalar() == 5
