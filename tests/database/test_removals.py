"""Removing several dams together, and restoring them."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import MAX_TOGETHER, DamRemoved, DamsRemoved, DamsRestored
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.permissions import OPERATOR, User
from dam_inventory.errors import (
    CannotUndo,
    DamChanged,
    DamInventoryError,
    InventoryFull,
    PermissionDenied,
    UnknownDam,
)

pytestmark = pytest.mark.databases("sqlite", "postgresql")

Draft = Callable[..., DamDraft]

ANNA = User("anna", frozenset({"add_dams"}))
EVE = User("eve", frozenset({"edit_any"}))


@pytest.fixture
def three(inventory: Inventory, draft: Draft) -> list[int]:
    """Three dams that Anna has added."""
    return [inventory.add(draft(name), by=ANNA).dam_id for name in ("Avocet", "Brant", "Coot")]


def revision(inventory: Inventory) -> int:
    return inventory.snapshot().revision


def present(inventory: Inventory, ids: list[int]) -> list[bool]:
    snapshot = inventory.snapshot()
    return [snapshot.row_of(one) is not None for one in ids]


@pytest.mark.parametrize("user", [ANNA, EVE, OPERATOR])
def test_dams_are_removed_as_one_change_which_is_undone_as_one(
    inventory: Inventory, three: list[int], user: User
):
    before = inventory.snapshot()

    removed = inventory.remove_all([three[2], three[0]], before.revision, by=user)

    assert removed == DamsRemoved(
        before.revision + 1, removed.at, user.name, [three[0], three[2]], ["Avocet", "Coot"]
    )
    assert inventory.changes_since(before.revision) == [removed]
    assert present(inventory, three) == [False, True, False]

    restored = inventory.undo(removed.seq)

    assert isinstance(restored, DamsRestored)
    assert (restored.undoes, restored.count) == (removed.seq, 2)
    assert inventory.snapshot().frame.equals(before.frame)


def test_a_snapshot_follows_a_common_removal_and_its_undoing(
    inventory: Inventory, three: list[int]
):
    snapshot = before = inventory.snapshot()

    removed = inventory.remove_all(three, before.revision)
    snapshot, news = inventory.advance(snapshot)
    assert news == [removed]
    assert snapshot.frame.equals(inventory.snapshot().frame)
    inventory.undo(removed.seq)
    snapshot, _ = inventory.advance(snapshot)
    assert snapshot.frame.equals(before.frame)


def test_the_history_of_each_dam_has_the_common_removal(inventory: Inventory, three: list[int]):
    removed = inventory.remove_all(three[:2], revision(inventory))
    restored = inventory.undo(removed.seq)

    assert inventory.history(three[0])[:2] == [restored, removed]
    assert inventory.history(three[1])[:2] == [restored, removed]
    assert len(inventory.history(three[2])) == 1


def test_if_one_may_not_be_removed_none_is(
    inventory: Inventory, three: list[int], caplog: pytest.LogCaptureFixture
):
    seen = revision(inventory)

    with caplog.at_level(logging.ERROR), pytest.raises(PermissionDenied, match="Deer Creek"):
        inventory.remove_all([1, *three], seen, by=ANNA)

    assert "Refused" in caplog.text
    assert inventory.changes_since(seen) == []
    assert all(present(inventory, [1, *three]))


def test_if_one_was_edited_or_removed_since_none_is_removed(inventory: Inventory, three: list[int]):
    seen = revision(inventory)
    inventory.edit(three[0], {"river": "Ebro"}, seen)

    with pytest.raises(DamChanged, match=r'"Avocet" has been edited\. Reload'):
        inventory.remove_all(three, seen)
    inventory.remove(three[1], revision(inventory))
    with pytest.raises(DamChanged, match=r'^"Brant" has been removed already\.$'):
        inventory.remove_all(three, revision(inventory))

    assert present(inventory, three) == [True, False, True]


def test_after_a_common_removal_a_dam_can_not_be_edited(inventory: Inventory, three: list[int]):
    seen = revision(inventory)
    removed = inventory.remove_all(three, seen, by=EVE)

    for change in (
        lambda: inventory.edit(three[0], {"river": "Ebro"}, seen),
        lambda: inventory.remove(three[0], seen),
    ):
        with pytest.raises(DamChanged, match=r'^"Avocet" has been removed by eve\.$'):
            change()

    inventory.undo(removed.seq)
    with pytest.raises(DamChanged, match='"Avocet" has been restored'):
        inventory.edit(three[0], {"river": "Ebro"}, seen)


@pytest.mark.parametrize("number", [0, MAX_TOGETHER + 1])
def test_no_dam_and_too_many_dams_are_refused(inventory: Inventory, number: int):
    with pytest.raises(DamInventoryError, match="Between 1 and 1,000 dams"):
        inventory.remove_all(range(number), revision(inventory))


@pytest.mark.parametrize("number", [-1, 0, 999, 2**31, 2**63])
def test_an_id_that_never_existed_is_refused(inventory: Inventory, three: list[int], number: int):
    with pytest.raises(UnknownDam):
        inventory.remove_all([*three, number], revision(inventory))

    assert all(present(inventory, three))


def test_a_common_removal_can_be_undone_once_and_names_what_was_restored(
    inventory: Inventory, three: list[int]
):
    removed = inventory.remove_all(three, revision(inventory))
    inventory.undo(removed.seq)
    sentence = r'^"Avocet", "Brant" and "Coot" have already been restored\.$'

    with pytest.raises(CannotUndo, match=sentence):
        inventory.undo(removed.seq)
    single = inventory.remove(three[1], revision(inventory))
    assert isinstance(single, DamRemoved)
    with pytest.raises(CannotUndo, match=sentence):
        inventory.undo(removed.seq)
    assert present(inventory, three) == [True, False, True]

    inventory.undo(single.seq)
    inventory.remove_all(three, revision(inventory))
    with pytest.raises(CannotUndo, match='"Brant" has already been undone'):
        inventory.undo(single.seq)


def test_a_common_removal_can_not_be_undone_in_a_full_inventory(
    inventory: Inventory, three: list[int], draft: Draft
):
    removed = inventory.remove_all(three, revision(inventory))
    inventory.add(draft("Dunlin"))
    inventory.limits.max_dams = 5

    with pytest.raises(InventoryFull, match="Unable to restore 3 dams"):
        inventory.undo(removed.seq)

    assert present(inventory, three) == [False] * 3
