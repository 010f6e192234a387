"""Editing, removing and restoring dams."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import DamEdited, DamRemoved, DamRestored
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.permissions import OPERATOR, User
from dam_inventory.errors import (
    CannotUndo,
    DamChanged,
    DamInventoryError,
    InvalidDam,
    InventoryFull,
    PermissionDenied,
    UnknownDam,
)
from tests.importing import import_all

pytestmark = pytest.mark.databases("sqlite", "postgresql")

Draft = Callable[..., DamDraft]

ANNA = User("anna", frozenset({"add_dams"}))
BOB = User("bob", frozenset({"add_dams"}))
EVE = User("eve", frozenset({"edit_any"}))
ROOT = User("root", frozenset({"administer"}))
VERA = User("vera", frozenset())


@pytest.fixture
def dam_id(inventory: Inventory, draft: Draft) -> int:
    """A dam that Anna has added; the newest revision is 3."""
    return inventory.add(draft("Heron Lake"), by=ANNA).dam_id


def values(inventory: Inventory, dam_id: int) -> dict[str, Any]:
    snapshot = inventory.snapshot()
    return snapshot.values(snapshot.row_of(dam_id))


def test_an_edit_changes_only_its_fields_and_logs_old_and_new_values(
    inventory: Inventory, dam_id: int
):
    before = values(inventory, dam_id)

    change = inventory.edit(
        dam_id, {"dam_name": " Heron Pond ", "date_built": "April 12, 1993"}, seen=3, by=ANNA
    )

    assert isinstance(change, DamEdited)
    assert (change.by, change.dam_id, change.dam_name) == ("anna", dam_id, "Heron Pond")
    assert change.old == {"dam_name": "Heron Lake", "date_built": "1941"}
    assert change.new == {"dam_name": "Heron Pond", "date_built": "1993-04-12"}
    assert values(inventory, dam_id) == {**before, **change.new}


def test_an_edit_without_a_difference_logs_no_change(inventory: Inventory, dam_id: int):
    assert inventory.edit(dam_id, {"dam_name": "Heron Lake", "latitude": "40.5"}, seen=3) is None
    assert inventory.changes_since(3) == []


def test_a_required_field_can_not_be_cleared(inventory: Inventory, dam_id: int):
    with pytest.raises(InvalidDam) as refused:
        inventory.edit(dam_id, {"river": " ", "latitude": "", "longitude": ""}, seen=3)

    assert refused.value.errors == {
        "river": "River is required.",
        "location": "Location is required.",
    }
    assert inventory.changes_since(3) == []


def test_a_required_field_that_was_never_known_may_stay_unknown(inventory: Inventory):
    dam = DamDraft(None, nid_id="AL00106").checked_facts()
    dam_id = import_all(inventory, [dam], "dams.csv").change.first_id

    change = inventory.edit(dam_id, {"river": "Green River"}, seen=3)

    assert change.dam_name == "Unnamed dam AL00106"
    with pytest.raises(InvalidDam, match="Location is required"):
        inventory.edit(dam_id, {"latitude": "40"}, seen=4)


@pytest.mark.parametrize("user", [ANNA, EVE, ROOT, OPERATOR], ids=lambda user: str(user.name))
def test_the_author_an_editor_and_an_administrator_may_change_a_dam(
    inventory: Inventory, dam_id: int, user: User
):
    inventory.edit(dam_id, {"river": "Green River"}, seen=3, by=user)
    inventory.remove(dam_id, seen=4, by=user)

    assert [one.by for one in inventory.changes_since(3)] == [user.name] * 2


@pytest.mark.parametrize("user", [BOB, VERA], ids=lambda user: user.name)
def test_other_users_may_not_change_a_dam_and_the_attempt_is_logged(
    inventory: Inventory, dam_id: int, user: User, caplog: pytest.LogCaptureFixture
):
    with pytest.raises(PermissionDenied, match=f'^{user.name} may not edit "Heron Lake"'):
        inventory.edit(dam_id, {"river": "Green River"}, seen=3, by=user)
    with pytest.raises(PermissionDenied, match=f'^{user.name} may not remove "Heron Lake"'):
        inventory.remove(dam_id, seen=3, by=user)

    assert inventory.changes_since(3) == []
    assert [(one.levelname, one.getMessage()[:20]) for one in caplog.records] == [
        ("ERROR", f"Refused: {user.name} may not"[:20])
    ] * 2


def test_a_removed_dam_is_only_in_the_log(inventory: Inventory, dam_id: int):
    old = inventory.snapshot()

    change = inventory.remove(dam_id, seen=3, by=ANNA)

    assert isinstance(change, DamRemoved)
    assert (change.by, change.dam_name) == ("anna", "Heron Lake")
    assert inventory.count() == 2
    assert inventory.snapshot().row_of(dam_id) is None
    assert inventory.advance(old)[0].row_of(dam_id) is None
    assert inventory.history(dam_id)[0] == change


def test_the_second_of_two_conflicting_edits_gets_the_current_values(
    inventory: Inventory, dam_id: int
):
    inventory.edit(dam_id, {"river": "Green River"}, seen=3, by=EVE)

    with pytest.raises(DamChanged, match=r'^"Heron Lake" has been edited by eve') as refused:
        inventory.edit(dam_id, {"river": "Blue River"}, seen=3, by=ANNA)
    with pytest.raises(DamChanged):
        inventory.remove(dam_id, seen=3, by=ANNA)

    assert refused.value.current["river"] == "Green River"
    assert values(inventory, dam_id)["river"] == "Green River"
    inventory.edit(dam_id, {"river": "Blue River"}, seen=refused.value.mark, by=ANNA)
    assert values(inventory, dam_id)["river"] == "Blue River"


def test_changes_of_other_dams_do_not_conflict(inventory: Inventory, dam_id: int, draft: Draft):
    inventory.add(draft("Avocet"))
    inventory.edit(1, {"river": "Green River"}, seen=3)

    assert inventory.edit(dam_id, {"river": "Blue River"}, seen=3) is not None


@pytest.mark.parametrize(
    "act",
    [
        lambda inventory, dam_id: inventory.edit(dam_id, {"river": "Blue River"}, seen=3),
        lambda inventory, dam_id: inventory.remove(dam_id, seen=3),
        lambda inventory, dam_id: inventory.hydrograph(dam_id),
    ],
    ids=["edit", "remove", "hydrograph"],
)
def test_a_dam_that_another_user_has_removed_can_not_be_changed(
    inventory: Inventory, dam_id: int, act: Callable[[Inventory, int], object]
):
    inventory.remove(dam_id, seen=3, by=ANNA)

    with pytest.raises(DamChanged, match=r'^"Heron Lake" has been removed by anna') as refused:
        act(inventory, dam_id)

    assert refused.value.current is None


@pytest.mark.parametrize("number", [99, 0, -1, 2**31, 2**70])
def test_an_id_that_never_existed_is_refused(inventory: Inventory, number: int):
    with pytest.raises(UnknownDam, match=f"no dam {number}"):
        inventory.edit(number, {}, seen=2)
    with pytest.raises(UnknownDam, match=f"no dam {number}"):
        inventory.remove(number, seen=2)
    with pytest.raises(UnknownDam, match=f"no dam {number}"):
        inventory.hydrograph(number)
    with pytest.raises(CannotUndo):
        inventory.undo(number)
    assert inventory.history(number) == []


@pytest.mark.parametrize("seen", [-1, 2**31, 2**70])
def test_a_revision_that_never_existed_does_not_allow_an_edit(inventory: Inventory, seen: int):
    seq = inventory.edit(1, {"river": "Provo"}, seen=2).seq

    with pytest.raises(DamChanged):
        inventory.edit(1, {"river": "Ohio"}, seen=seen)
    assert inventory.history(1, most=1)[0].seq == seq


def test_an_administrator_undoes_a_removal(inventory: Inventory, dam_id: int):
    before = values(inventory, dam_id)
    old = inventory.snapshot()
    removal = inventory.remove(dam_id, seen=3, by=ANNA)
    between = inventory.snapshot()

    change = inventory.undo(removal.seq, by=ROOT)

    assert isinstance(change, DamRestored)
    assert (change.by, change.undoes) == ("root", removal.seq)
    assert values(inventory, dam_id) == before
    for seen in (old, between):
        newest, _ = inventory.advance(seen)
        assert newest.values(newest.row_of(dam_id)) == before


def test_an_administrator_undoes_an_edit(inventory: Inventory, dam_id: int):
    before = values(inventory, dam_id)
    edit = inventory.edit(dam_id, {"river": "Green River", "nid_id": "UT1"}, seen=3, by=ANNA)

    change = inventory.undo(edit.seq, by=ROOT)

    assert (change.old, change.new, change.undoes) == (edit.new, edit.old, edit.seq)
    assert values(inventory, dam_id) == before


@pytest.mark.parametrize("user", [EVE, VERA], ids=lambda user: user.name)
def test_other_users_may_not_undo(inventory: Inventory, dam_id: int, user: User):
    removal = inventory.remove(dam_id, seen=3, by=ANNA)

    with pytest.raises(PermissionDenied, match=f"^{user.name} may not undo changes of others"):
        inventory.undo(removal.seq, by=user)

    assert inventory.count() == 2


def test_whoever_edited_or_removed_a_dam_may_undo_that(inventory: Inventory, dam_id: int):
    before = values(inventory, dam_id)
    edit = inventory.edit(dam_id, {"river": "Green River"}, seen=3, by=ANNA)
    again = inventory.undo(edit.seq, by=ANNA)
    assert (again.by, again.undoes, values(inventory, dam_id)) == ("anna", edit.seq, before)
    removal = inventory.remove(dam_id, seen=5, by=ANNA)

    restored = inventory.undo(removal.seq, by=ANNA)

    assert (restored.by, restored.undoes, inventory.count()) == ("anna", removal.seq, 3)


def test_an_edit_is_undone_only_by_who_may_still_change_the_dam(inventory: Inventory, dam_id: int):
    former = User("eve", frozenset({"add_dams"}))
    edit = inventory.edit(dam_id, {"river": "Green River"}, seen=3, by=EVE)

    with pytest.raises(PermissionDenied, match=r"^eve may not undo the edit of"):
        inventory.undo(edit.seq, by=former)

    assert inventory.undo(edit.seq, by=EVE).undoes == edit.seq


def test_a_removal_is_undone_only_by_who_may_still_change_the_dam(
    inventory: Inventory, dam_id: int
):
    alone = inventory.remove(dam_id, seen=3, by=EVE)
    former = User("eve", frozenset({"add_dams"}))

    with pytest.raises(PermissionDenied, match=r'^eve may not restore "'):
        inventory.undo(alone.seq, by=former)

    inventory.undo(alone.seq, by=EVE)
    together = inventory.remove_all([1, dam_id], seen=5, by=EVE)
    with pytest.raises(PermissionDenied, match=r'^eve may not restore "'):
        inventory.undo(together.seq, by=former)
    assert inventory.count() == 1


def test_a_removal_is_not_undone_over_the_limit_of_dams_per_user(
    inventory: Inventory, dam_id: int, draft: Draft
):
    inventory.limits.max_dams_per_user = 1
    removal = inventory.remove(dam_id, seen=3, by=ANNA)
    inventory.add(draft("Heron Lake"), by=ANNA)

    with pytest.raises(InventoryFull, match=r"^You have reached your limit of 1 dam"):
        inventory.undo(removal.seq, by=ANNA)

    assert inventory.count() == 3


@pytest.mark.parametrize("together", [False, True])
def test_nor_does_another_person_restore_a_dam_over_the_limit_of_its_author(
    inventory: Inventory, dam_id: int, draft: Draft, together: bool
):
    inventory.limits.max_dams_per_user = 1
    if together:
        removal = inventory.remove_all([dam_id, 1], seen=3)
    else:
        removal = inventory.remove(dam_id, seen=3, by=ANNA)
    inventory.add(draft("Heron Lake"), by=ANNA)
    present = inventory.count()

    with pytest.raises(InventoryFull, match=r"^Unable to restore 1 dam of anna, who has reached"):
        inventory.undo(removal.seq, by=ROOT)
    assert inventory.count() == present

    inventory.limits.max_dams_per_user = 2
    inventory.undo(removal.seq, by=ROOT)
    assert inventory.count() == present + (2 if together else 1)


def test_an_edit_of_fields_that_were_edited_again_can_not_be_undone(
    inventory: Inventory, dam_id: int
):
    first = inventory.edit(dam_id, {"river": "Green River"}, seen=3)
    second = inventory.edit(dam_id, {"river": "Blue River"}, seen=4)

    with pytest.raises(CannotUndo, match=r"edited again later: River. Undo the later edit first"):
        inventory.undo(first.seq)

    inventory.undo(second.seq)
    inventory.undo(first.seq)
    assert values(inventory, dam_id)["river"] == "Provo River"


def test_only_the_last_removal_can_be_undone_and_only_once(inventory: Inventory, dam_id: int):
    first = inventory.remove(dam_id, seen=3)
    restored = inventory.undo(first.seq)
    with pytest.raises(CannotUndo, match="already been undone"):
        inventory.undo(first.seq)

    inventory.remove(dam_id, seen=restored.seq)

    with pytest.raises(CannotUndo, match="already been undone"):
        inventory.undo(first.seq)


@pytest.mark.parametrize("seq", [1, 99])
def test_only_edits_removals_imports_and_hydrographs_can_be_undone(inventory: Inventory, seq: int):
    with pytest.raises(
        CannotUndo, match="Only an edit, a removal, an import or an assigned hydrograph can"
    ):
        inventory.undo(seq)


def test_the_edit_of_a_removed_dam_can_not_be_undone(inventory: Inventory, dam_id: int):
    edit = inventory.edit(dam_id, {"river": "Green River"}, seen=3)
    inventory.remove(dam_id, seen=4)

    with pytest.raises(DamChanged, match="has been removed"):
        inventory.undo(edit.seq)


def test_a_removal_can_not_be_undone_in_a_full_inventory(inventory: Inventory, draft: Draft):
    inventory.limits.max_dams = 2
    removal = inventory.remove(1, seen=2)
    inventory.add(draft("Heron Lake"))

    with pytest.raises(InventoryFull, match=r'^Unable to restore dam "Deer Creek"'):
        inventory.undo(removal.seq)

    assert inventory.count() == 2
    assert len(inventory.changes_since(2)) == 2


def test_a_change_that_can_not_be_logged_is_rolled_back(
    inventory: Inventory, dam_id: int, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object, **__: object) -> None:
        raise DamInventoryError("No paper.")

    before = values(inventory, dam_id)
    monkeypatch.setattr("dam_inventory.database.change_log.record", fail)
    for act in (
        lambda: inventory.edit(dam_id, {"river": "Green River"}, seen=3),
        lambda: inventory.remove(dam_id, seen=3),
    ):
        with pytest.raises(DamInventoryError, match="No paper"):
            act()

    assert values(inventory, dam_id) == before
