"""Assigning hydrographs to dams."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest
from sqlalchemy import Engine, func, select

from dam_inventory.database.inventory import Inventory
from dam_inventory.database.models import HydrographPointRow
from dam_inventory.database.models import HydrographRow as HydrographRow
from dam_inventory.domain.changes import HydrographAssigned, HydrographRemoved
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.domain.permissions import User
from dam_inventory.errors import (
    DamChanged,
    DamInventoryError,
    HydrographExists,
    InvalidHydrograph,
    PermissionDenied,
    UnknownDam,
    UnknownHydrograph,
)

pytestmark = pytest.mark.databases("sqlite", "postgresql")

ANNA = User("anna", frozenset({"add_dams"}))
BOB = User("bob", frozenset({"add_dams"}))
EVE = User("eve", frozenset({"edit_any"}))
VERA = User("vera", frozenset())

FLOOD = Hydrograph([0, 1, 2.5], [10, 120.25, -1e-3])
CALM = Hydrograph([0, 1], [10, 11])


@pytest.fixture
def dam_id(inventory: Inventory, draft: Callable[..., DamDraft]) -> int:
    return inventory.add(draft("Heron Lake"), by=ANNA).dam_id


def points(engine: Engine) -> tuple[int, int]:
    """Return the number of hydrographs and of points in the database."""
    with engine.connect() as connection:
        counts = (
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (HydrographRow, HydrographPointRow)
        )
        return tuple(counts)


def shown(inventory: Inventory, dam_id: int) -> object:
    snapshot = inventory.snapshot()
    return snapshot.value(snapshot.row_of(dam_id), "hydrograph_id")


def test_an_assigned_hydrograph_is_read_back_unchanged(inventory: Inventory, dam_id: int):
    inventory.assign_hydrograph(dam_id, FLOOD, by=BOB)

    read = inventory.hydrograph(dam_id)
    assert np.array_equal(read.time, FLOOD.time)
    assert np.array_equal(read.flow, FLOOD.flow)


def test_a_dam_without_a_hydrograph_has_none(inventory: Inventory, dam_id: int):
    assert inventory.hydrograph(dam_id) is None
    assert shown(inventory, dam_id) is None


@pytest.mark.long
def test_a_hydrograph_of_maximum_length_is_stored_completely(inventory: Inventory, dam_id: int):
    time = np.arange(100_000) / 4
    inventory.assign_hydrograph(dam_id, Hydrograph(time, np.sin(time)))

    assert np.array_equal(inventory.hydrograph(dam_id).flow, np.sin(time))


def test_an_assignment_is_logged_as_a_change(inventory: Inventory, dam_id: int):
    old = inventory.snapshot()

    change = inventory.assign_hydrograph(dam_id, FLOOD, by=BOB)

    assert isinstance(change, HydrographAssigned)
    assert (change.by, change.dam_name, change.points) == ("bob", "Heron Lake", 3)
    assert (change.peak_flow, change.replaced) == (120.25, False)
    assert inventory.changes_since(3) == [change]
    newest, _ = inventory.advance(old)
    assert newest.value(newest.row_of(dam_id), "hydrograph_id") == shown(inventory, dam_id) == 1
    assert old.value(old.row_of(dam_id), "hydrograph_id") is None


def test_a_hydrograph_is_replaced_only_if_the_caller_names_it(
    inventory: Inventory, dam_id: int, engine: Engine
):
    inventory.assign_hydrograph(dam_id, FLOOD, by=BOB)

    with pytest.raises(
        HydrographExists, match=r"^.Heron Lake. already has a hydrograph, assigned by bob on"
    ):
        inventory.assign_hydrograph(dam_id, CALM, by=ANNA)
    with pytest.raises(HydrographExists) as refused:
        inventory.assign_hydrograph(dam_id, CALM, replaces=77, by=ANNA)
    assert inventory.hydrograph(dam_id).peak_flow == FLOOD.peak_flow

    change = inventory.assign_hydrograph(
        dam_id, CALM, replaces=refused.value.hydrograph_id, by=ANNA
    )

    assert change.replaced
    assert inventory.hydrograph(dam_id).peak_flow == CALM.peak_flow
    assert points(engine) == (1, 2)


def test_two_users_who_replace_the_same_hydrograph_do_not_overwrite_each_other(
    inventory: Inventory, dam_id: int
):
    inventory.assign_hydrograph(dam_id, FLOOD, by=BOB)
    seen = shown(inventory, dam_id)
    inventory.assign_hydrograph(dam_id, CALM, replaces=seen, by=EVE)

    with pytest.raises(HydrographExists, match="assigned by eve"):
        inventory.assign_hydrograph(dam_id, FLOOD, replaces=seen, by=ANNA)


def test_a_user_who_may_not_add_may_not_assign(inventory: Inventory, dam_id: int, engine: Engine):
    with pytest.raises(PermissionDenied, match='vera may not assign a hydrograph to "Heron Lake"'):
        inventory.assign_hydrograph(dam_id, FLOOD, by=VERA)

    assert points(engine) == (0, 0)


@pytest.mark.parametrize("user", [ANNA, BOB, EVE], ids=lambda user: user.name)
def test_the_authors_of_dam_and_hydrograph_and_an_editor_may_replace_it(
    inventory: Inventory, dam_id: int, user: User
):
    inventory.assign_hydrograph(dam_id, FLOOD, by=BOB)

    inventory.assign_hydrograph(dam_id, CALM, replaces=1, by=user)

    assert inventory.hydrograph(dam_id).peak_flow == CALM.peak_flow


def test_other_users_may_not_replace_it(inventory: Inventory, dam_id: int):
    inventory.assign_hydrograph(dam_id, FLOOD, by=ANNA)

    with pytest.raises(
        PermissionDenied, match='bob may not replace the hydrograph of "Heron Lake"'
    ):
        inventory.assign_hydrograph(dam_id, CALM, replaces=1, by=BOB)


def test_a_hydrograph_that_can_not_be_logged_is_rolled_back(
    inventory: Inventory, dam_id: int, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object, **__: object) -> None:
        raise DamInventoryError("No paper.")

    monkeypatch.setattr("dam_inventory.database.change_log.record", fail)
    with pytest.raises(DamInventoryError, match="No paper"):
        inventory.assign_hydrograph(dam_id, FLOOD)

    assert points(engine) == (0, 0)


def test_a_restored_dam_has_its_hydrograph(inventory: Inventory, dam_id: int):
    assigned = inventory.assign_hydrograph(dam_id, FLOOD)
    removal = inventory.remove(dam_id, seen=assigned.seq)

    inventory.undo(removal.seq)

    assert inventory.hydrograph(dam_id).peak_flow == FLOOD.peak_flow


def test_an_unknown_dam_gets_no_hydrograph(inventory: Inventory):
    with pytest.raises(UnknownDam, match="no dam 99"):
        inventory.assign_hydrograph(99, FLOOD)


DATED = Hydrograph(
    [0, 0.25, 0.5],
    [10, np.nan, 12],
    dt.datetime(2022, 4, 8, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
    "Flood of 2022",
    "flood.rdb: 15-minute values.",
)


def test_dates_gaps_name_and_note_are_read_back(inventory: Inventory, dam_id: int):
    inventory.assign_hydrograph(dam_id, DATED, by=BOB)

    read = inventory.hydrograph(dam_id)
    assert np.array_equal(read.flow, DATED.flow, equal_nan=True)
    assert (read.start, read.zone) == (DATED.start, "UTC-5")
    assert (read.name, read.note) == (DATED.name, DATED.note)


def test_a_start_without_a_time_zone_stays_without_one(inventory: Inventory, dam_id: int):
    start = dt.datetime(2022, 4, 8, 12)
    inventory.assign_hydrograph(dam_id, Hydrograph([0, 1], [1, 2], start))

    assert inventory.hydrograph(dam_id).start == start


def names(inventory: Inventory, dam_id: int) -> list[str]:
    return [head.name for head in inventory.hydrograph_heads(dam_id)]


def test_hydrographs_beside_the_first_are_kept_in_order(inventory: Inventory, dam_id: int):
    inventory.assign_hydrograph(dam_id, CALM, by=ANNA)
    change = inventory.assign_hydrograph(dam_id, DATED, beside=True, by=BOB)

    assert (change.beside, change.replaced, change.hydrograph_name) == (True, False, DATED.name)
    first, second = inventory.hydrograph_heads(dam_id)
    assert (first.is_first, second.is_first, second.assigned_by) == (True, False, "bob")
    assert shown(inventory, dam_id) == first.id
    assert inventory.hydrograph(dam_id, second.id).name == DATED.name

    inventory.edit_hydrograph(dam_id, second.id, is_first=True, by=ANNA)

    assert shown(inventory, dam_id) == second.id
    assert names(inventory, dam_id) == [DATED.name, CALM.name]


def test_a_replacement_keeps_which_one_is_first(inventory: Inventory, dam_id: int):
    inventory.assign_hydrograph(dam_id, CALM)
    inventory.assign_hydrograph(dam_id, DATED, beside=True)
    first, second = inventory.hydrograph_heads(dam_id)

    inventory.assign_hydrograph(dam_id, FLOOD, replaces=second.id)

    heads = inventory.hydrograph_heads(dam_id)
    assert [head.is_first for head in heads] == [True, False]
    assert heads[0].id == first.id
    assert inventory.hydrograph(dam_id, heads[1].id).peak_flow == FLOOD.peak_flow


def test_a_dam_has_at_most_six_hydrographs(inventory: Inventory, dam_id: int):
    for _ in range(6):
        inventory.assign_hydrograph(dam_id, CALM, beside=True)

    with pytest.raises(DamInventoryError, match="6 hydrographs, and that is the maximum"):
        inventory.assign_hydrograph(dam_id, CALM, beside=True)
    inventory.assign_hydrograph(dam_id, FLOOD, replaces=1)
    assert len(names(inventory, dam_id)) == 6


def test_a_removed_hydrograph_leaves_the_oldest_other_one_first(inventory: Inventory, dam_id: int):
    for one in (CALM, FLOOD, DATED):
        inventory.assign_hydrograph(dam_id, one, beside=True, by=BOB)

    change = inventory.remove_hydrograph(dam_id, 1, by=BOB)

    assert isinstance(change, HydrographRemoved)
    assert shown(inventory, dam_id) == 2
    inventory.remove_hydrograph(dam_id, 2, by=ANNA)
    inventory.remove_hydrograph(dam_id, 3, by=EVE)
    assert shown(inventory, dam_id) is None
    with pytest.raises(UnknownHydrograph):
        inventory.remove_hydrograph(dam_id, 3, by=EVE)


def test_a_new_name_is_logged_and_the_same_one_is_no_change(inventory: Inventory, dam_id: int):
    inventory.assign_hydrograph(dam_id, CALM)

    change = inventory.edit_hydrograph(dam_id, 1, "  Calm  week ")

    assert (change.hydrograph_name, change.old_name) == ("Calm week", "Hydrograph")
    assert names(inventory, dam_id) == ["Calm week"]
    assert inventory.edit_hydrograph(dam_id, 1, "Calm week", is_first=True) is None
    with pytest.raises(InvalidHydrograph):
        inventory.edit_hydrograph(dam_id, 1, "")


def test_other_users_may_not_rename_reorder_or_remove(inventory: Inventory, dam_id: int):
    inventory.assign_hydrograph(dam_id, CALM, by=ANNA)
    inventory.assign_hydrograph(dam_id, FLOOD, beside=True, by=BOB)

    for refused in (
        lambda: inventory.edit_hydrograph(dam_id, 1, "Mine", by=BOB),
        lambda: inventory.edit_hydrograph(dam_id, 2, is_first=True, by=BOB),
        lambda: inventory.remove_hydrograph(dam_id, 1, by=BOB),
        lambda: inventory.edit_hydrograph(dam_id, 2, "Seen", by=VERA),
        lambda: inventory.assign_hydrograph(dam_id, CALM, beside=True, by=VERA),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    inventory.edit_hydrograph(dam_id, 2, "Mine", by=BOB)
    assert names(inventory, dam_id) == ["Hydrograph", "Mine"]


def test_a_hydrograph_of_another_dam_is_never_touched(
    inventory: Inventory, dam_id: int, draft: Callable[..., DamDraft]
):
    other_id = inventory.add(draft("Egret Lake"), by=BOB).dam_id
    inventory.assign_hydrograph(dam_id, CALM, by=ANNA)

    for forged in (
        lambda: inventory.edit_hydrograph(other_id, 1, "Mine", by=BOB),
        lambda: inventory.remove_hydrograph(other_id, 1, by=BOB),
        lambda: inventory.hydrograph(other_id, 1),
    ):
        with pytest.raises(UnknownHydrograph):
            forged()


def test_whoever_may_not_replace_is_offered_a_place_beside(inventory: Inventory, dam_id: int):
    inventory.assign_hydrograph(dam_id, CALM, by=ANNA)

    with pytest.raises(HydrographExists, match=r"\. Add this one beside it\?$") as refused:
        inventory.assign_hydrograph(dam_id, FLOOD, by=BOB)

    assert not refused.value.may_replace


def test_hydrographs_of_a_removed_dam_are_not_read(inventory: Inventory, dam_id: int):
    assigned = inventory.assign_hydrograph(dam_id, CALM, by=ANNA)
    inventory.remove(dam_id, seen=assigned.seq)

    for read in (
        lambda: inventory.hydrograph(dam_id),
        lambda: inventory.hydrograph(dam_id, 1),
        lambda: inventory.hydrograph_heads(dam_id),
    ):
        with pytest.raises(DamChanged, match='"Heron Lake" has been removed'):
            read()
