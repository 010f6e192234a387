"""Imports that update known dams, and their undoing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, select

from dam_inventory.database import queries
from dam_inventory.database.imports import ALL_FIELDS, Choice
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.models import ChangeRow
from dam_inventory.domain.changes import (
    DamEdited,
    DamRemoved,
    DamsImported,
    DamUpdated,
    ImportUndone,
)
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.domain.permissions import User
from dam_inventory.errors import (
    Cancelled,
    CannotUndo,
    DamChanged,
    InvalidDam,
    InventoryFull,
    InventoryReplaced,
    PermissionDenied,
)
from tests.importing import import_all, look_at

pytestmark = pytest.mark.databases("sqlite", "postgresql")

UPDATE = Choice(update=ALL_FIELDS)
ANNA = User("anna", frozenset({"add_dams", "import_dams"}))
EVE = User("eve", frozenset({"add_dams", "import_dams"}))
ROOT = User("root", frozenset({"administer"}))

Draft = Callable[..., DamDraft]


def facts(dam_name: str | None, **known: Any) -> dict[str, Any]:
    return DamDraft(dam_name, **known).checked_facts()


HERON = facts("Heron Lake", federal_id="UT1", hazard_potential="Low", nid_height_ft=30)
HERON_NOW = facts("Heron Lake", federal_id="UT1", hazard_potential="High", nid_height_ft=31)
AVOCET = facts("Avocet", federal_id="UT2", latitude=40, longitude=-111)


@pytest.fixture
def heron(inventory: Inventory) -> int:
    """The id of an imported dam."""
    return import_all(inventory, [HERON], "old.csv").change.first_id


def values_of(inventory: Inventory, dam_id: int) -> dict[str, Any]:
    snapshot = inventory.snapshot()
    return snapshot.values(snapshot.row_of(dam_id))


def test_an_import_may_add_and_update_in_one_change(inventory: Inventory, heron: int):
    imported = import_all(inventory, [HERON_NOW, AVOCET], "new.csv", ROOT, UPDATE)

    [change] = inventory.changes_since(3)
    assert (imported.added, imported.updated, imported.known) == (1, 1, 1)
    assert imported.change == change
    assert change == DamsImported(4, change.at, "root", 4, 4, 1, "new.csv", updated=1)
    assert values_of(inventory, heron)["hazard_potential"] == "High"


def test_a_dam_has_its_import_as_origin_also_when_it_was_added_to_a_snapshot(
    inventory: Inventory, heron: int
):
    before = inventory.snapshot()
    newer = import_all(inventory, [HERON_NOW, AVOCET], "new.csv", ANNA, UPDATE).change

    after, _ = inventory.advance(before)

    for snapshot in (after, inventory.snapshot()):
        origins = [snapshot.origin(one) for one in (1, heron, newer.first_id)]
        assert [one and (one.source, one.by) for one in origins] == [
            None,
            ("old.csv", None),
            ("new.csv", "anna"),
        ]


def test_without_a_choice_known_dams_stay_as_they_are(inventory: Inventory, heron: int):
    imported = import_all(inventory, [HERON_NOW], "new.csv")

    assert (imported.added, imported.updated, imported.known, imported.change) == (0, 0, 1, None)
    assert values_of(inventory, heron)["hazard_potential"] == "Low"


def test_only_chosen_fields_are_updated(inventory: Inventory, heron: int):
    import_all(inventory, [HERON_NOW], choice=Choice(update=frozenset({"nid_height_ft"})))

    values = values_of(inventory, heron)
    assert (values["nid_height_ft"], values["hazard_potential"]) == (31, "Low")


def test_what_a_file_does_not_know_stays(inventory: Inventory, heron: int):
    import_all(inventory, [facts("Heron Lake", federal_id="UT1", owner="X")], choice=UPDATE)

    values = values_of(inventory, heron)
    assert (values["owner"], values["hazard_potential"]) == ("X", "Low")


def test_other_facts_of_the_file_join_those_that_are_known(inventory: Inventory):
    one, two = ({"other_facts": facts} for facts in ({"A": "1", "B": "2"}, {"B": "3", "C": "4"}))
    first = import_all(inventory, [HERON | one]).change.first_id

    change = import_all(inventory, [HERON | two], choice=UPDATE).change

    assert values_of(inventory, first)["other_facts"] == {"A": "1", "B": "3", "C": "4"}
    inventory.undo(change.seq)
    assert values_of(inventory, first)["other_facts"] == {"A": "1", "B": "2"}


def test_both_coordinates_are_updated_or_none(inventory: Inventory):
    first = import_all(inventory, [AVOCET]).change.first_id

    moved = AVOCET | {"latitude": 41.0, "longitude": -112.0}
    import_all(inventory, [moved], choice=Choice(update=frozenset({"latitude"})))

    values = values_of(inventory, first)
    assert (values["latitude"], values["longitude"]) == (41, -112)


def test_what_was_edited_here_is_not_overwritten(inventory: Inventory, heron: int):
    inventory.edit(heron, {"hazard_potential": "Significant"}, seen=3)

    import_all(inventory, [HERON_NOW], choice=UPDATE)

    values = values_of(inventory, heron)
    assert (values["hazard_potential"], values["nid_height_ft"]) == ("Significant", 31)


def test_what_was_edited_here_is_overwritten_on_demand(inventory: Inventory, heron: int):
    inventory.edit(heron, {"hazard_potential": "Significant"}, seen=3)

    choice = Choice(update=ALL_FIELDS, overwrite_edited=True)
    import_all(inventory, [HERON_NOW], choice=choice)
    later = HERON_NOW | {"hazard_potential": "Low"}
    import_all(inventory, [later], choice=UPDATE)  # The last import has written it since.

    assert values_of(inventory, heron)["hazard_potential"] == "Low"


def test_an_edit_that_was_undone_is_none(inventory: Inventory, heron: int):
    edit = inventory.edit(heron, {"hazard_potential": "Significant"}, seen=3)
    inventory.undo(edit.seq)

    import_all(inventory, [HERON_NOW], choice=UPDATE)

    assert values_of(inventory, heron)["hazard_potential"] == "High"


def test_weak_matches_can_be_left_alone(inventory: Inventory):
    known = {"nid_id": "UT1", "latitude": 40, "longitude": -111}
    first = import_all(inventory, [facts("Heron Lake", **known)]).change.first_id
    row = facts("Heron Lake", **known, federal_id="UT1", owner="X")

    left = import_all(inventory, [row], choice=Choice(update=ALL_FIELDS, accept_weak=False))
    taken = import_all(inventory, [row], choice=UPDATE)

    assert (left.added, left.updated, left.known) == (0, 0, 1)
    assert (taken.added, taken.updated) == (0, 1)
    assert values_of(inventory, first)["owner"] == "X"


def test_a_removed_dam_stays_removed_unless_it_is_brought_back(inventory: Inventory, heron: int):
    inventory.remove(heron, seen=3)

    stays = import_all(inventory, [HERON], "new.csv")
    assert (stays.added, stays.known, stays.change) == (0, 1, None)
    assert inventory.snapshot().row_of(heron) is None
    snapshot = inventory.snapshot()
    back = import_all(inventory, [HERON], "new.csv", choice=Choice(bring_back=True))

    assert (back.added, back.change.count) == (1, 1)
    assert inventory.snapshot().row_of(heron) is not None
    assert inventory.advance(snapshot)[0].row_of(heron) is not None
    inventory.undo(back.change.seq)
    assert inventory.snapshot().row_of(heron) is None
    assert import_all(inventory, [HERON]).added == 0, "it was still removed on purpose"


def test_dams_of_others_are_not_updated_without_permission(inventory: Inventory):
    own = import_all(inventory, [HERON], by=ANNA).change.first_id
    theirs = import_all(inventory, [AVOCET], by=EVE).change.first_id
    rows = [HERON_NOW, AVOCET | {"owner": "X"}]

    imported = import_all(inventory, rows, by=ANNA, choice=UPDATE)

    assert (imported.updated, list(imported.refused)) == (1, ["Avocet"])
    assert values_of(inventory, own)["hazard_potential"] == "High"
    assert "owner" not in values_of(inventory, theirs)


def test_a_look_needs_the_permission_to_import(inventory: Inventory):
    with pytest.raises(PermissionDenied, match="may not import files"):
        look_at(inventory, [HERON], by=User("vera", frozenset({"add_dams"})))


def test_a_canceled_import_leaves_nothing(inventory: Inventory, heron: int):
    dams = [facts(f"Dam {n}", nid_id=f"UT{n:05}") for n in range(1200)]
    written: list[int] = []

    with look_at(inventory, [HERON_NOW, *dams]) as look, pytest.raises(Cancelled):
        inventory.import_dams(
            look, UPDATE, on_progress=written.append, is_cancelled=lambda: sum(written) > 600
        )

    assert sum(written) > 600
    assert (inventory.count(), len(inventory.changes_since(3))) == (3, 0)
    assert values_of(inventory, heron)["hazard_potential"] == "Low"


def test_an_import_that_does_not_fit_updates_nothing_either(engine: Engine, heron: int):
    inventory = Inventory(engine, max_dams=3)

    with pytest.raises(InventoryFull):
        import_all(inventory, [HERON_NOW, AVOCET], choice=UPDATE)

    assert values_of(inventory, heron)["hazard_potential"] == "Low"


def test_what_has_changed_since_the_look_is_compared_again(
    inventory: Inventory, heron: int, draft: Draft
):
    with look_at(inventory, [HERON_NOW, AVOCET]) as look:
        assert look.counts["new"] == 1
        inventory.add(draft("Avocet", federal_id="UT2"))
        inventory.edit(heron, {"hazard_potential": "Significant"}, seen=3)

        imported = inventory.import_dams(look, UPDATE)

    assert (imported.added, imported.updated) == (0, 2)
    assert inventory.count() == 4
    assert values_of(inventory, heron)["hazard_potential"] == "Significant"


def test_a_look_at_an_inventory_that_was_restored_since_is_refused(
    inventory: Inventory, engine: Engine, heron: int
):
    with look_at(inventory, [HERON_NOW]) as look:
        with engine.begin() as connection:
            connection.execute(ChangeRow.__table__.delete().where(ChangeRow.seq == 3))

        with pytest.raises(InventoryReplaced):
            inventory.import_dams(look, UPDATE)


def test_undo_removes_what_was_added_and_reverts_what_was_updated(inventory: Inventory, heron: int):
    before = inventory.snapshot()
    change = import_all(inventory, [HERON_NOW, AVOCET], "new.csv", ROOT, UPDATE).change

    undone = inventory.undo(change.seq, by=ROOT)

    assert undone == ImportUndone(5, undone.at, "root", 4, 4, 4, 1, 1, "new.csv")
    assert inventory.snapshot().frame.equals(before.frame)
    assert inventory.advance(before)[0].frame.equals(before.frame)
    with pytest.raises(CannotUndo, match=r'import of "new\.csv" has already been undone'):
        inventory.undo(change.seq, by=ROOT)


def test_dams_of_an_undone_import_come_back_with_it_under_their_ids(inventory: Inventory):
    first = import_all(inventory, [HERON, AVOCET]).change
    inventory.undo(first.seq)
    snapshot = inventory.snapshot()

    with look_at(inventory, [HERON_NOW, AVOCET]) as look:
        assert (look.counts["new"], look.counts["removed"]) == (2, 0)
        again = inventory.import_dams(look, by=ANNA)

    assert (again.added, again.change.count) == (2, 2)
    assert inventory.snapshot().ids(inventory.snapshot().rows()).tolist() == [1, 2, 3, 4]
    assert values_of(inventory, first.first_id)["hazard_potential"] == "High"
    assert values_of(inventory, first.first_id)["added_by"] == "anna"
    assert inventory.advance(snapshot)[0].frame.equals(inventory.snapshot().frame)
    inventory.undo(again.change.seq)
    assert inventory.count() == 2
    assert import_all(inventory, [HERON]).added == 1


HYDROGRAPH = Hydrograph(np.array([0.0, 1.0]), np.array([1.0, 2.0]))


@pytest.mark.parametrize("what", ["edit", "remove", "hydrograph", "import"])
def test_an_import_whose_dams_have_changed_since_is_not_undone(inventory: Inventory, what: str):
    change = import_all(inventory, [HERON, AVOCET], "old.csv").change
    heron = change.first_id
    if what == "edit":
        inventory.edit(heron, {"owner": "X"}, seen=change.seq)
    elif what == "remove":
        inventory.remove(heron, seen=change.seq)
    elif what == "hydrograph":
        inventory.assign_hydrograph(heron, HYDROGRAPH)
    else:
        import_all(inventory, [HERON_NOW], choice=UPDATE)

    with pytest.raises(CannotUndo) as refused:
        inventory.undo(change.seq)

    assert str(refused.value) == (
        'The import of "old.csv" can\'t be undone, because "Heron Lake" was changed later. '
        "Undo the later changes first."
    )


@pytest.mark.parametrize("what", ["edit", "remove", "import"])
def test_once_the_later_changes_are_undone_the_import_can_be(inventory: Inventory, what: str):
    change = import_all(inventory, [HERON, AVOCET], "old.csv").change
    heron = change.first_id
    if what == "edit":
        later = inventory.edit(heron, {"owner": "X"}, seen=change.seq)
    elif what == "remove":
        later = inventory.remove(heron, seen=change.seq)
    else:
        later = import_all(inventory, [HERON_NOW], choice=UPDATE).change
    inventory.undo(later.seq)

    inventory.undo(change.seq)

    assert inventory.count() == 2


@pytest.mark.parametrize(("undone", "is_refused"), [(1, False), (2, True), (3, False)])
def test_an_edit_counts_again_when_its_undoing_is_undone(
    inventory: Inventory, undone: int, is_refused: bool
):
    change = import_all(inventory, [HERON], "old.csv").change
    later = inventory.edit(change.first_id, {"owner": "By hand"}, seen=change.seq)
    for _ in range(undone):
        later = inventory.undo(later.seq)

    with pytest.raises(CannotUndo) if is_refused else nullcontext():
        inventory.undo(change.seq)

    assert inventory.count() == (3 if is_refused else 2)


@pytest.mark.parametrize(("undone", "is_refused"), [(0, True), (1, False), (2, True), (3, False)])
def test_an_assigned_hydrograph_counts_unless_it_is_undone(
    inventory: Inventory, undone: int, is_refused: bool
):
    change = import_all(inventory, [HERON], "old.csv").change
    later = assigned = inventory.assign_hydrograph(change.first_id, Hydrograph([0, 1], [2, 3]))
    for number in range(undone):
        later = inventory.undo(assigned.seq if number == 2 else later.seq)

    with pytest.raises(CannotUndo) if is_refused else nullcontext():
        inventory.undo(change.seq)

    assert inventory.count() == (3 if is_refused else 2)


@pytest.mark.parametrize("is_back", [False, True])
def test_a_removed_hydrograph_counts_unless_it_is_back(
    inventory: Inventory, heron: int, is_back: bool
):
    inventory.assign_hydrograph(heron, Hydrograph([0, 1], [2, 3]))
    change = import_all(inventory, [HERON_NOW], "new.csv", choice=UPDATE).change
    removal = inventory.remove_hydrograph(heron, 1)
    if is_back:
        inventory.undo(removal.seq)

    with nullcontext() if is_back else pytest.raises(CannotUndo):
        inventory.undo(change.seq)


def test_a_refusal_names_at_most_five_dams(inventory: Inventory):
    change = import_all(inventory, [facts(f"Dam {n}", nid_id=f"UT{n}") for n in range(1, 9)]).change
    for dam_id in range(change.first_id, change.last_id + 1):
        inventory.edit(dam_id, {"owner": "X"}, seen=change.seq)

    with pytest.raises(CannotUndo, match=r'"Dam 5" and 3 others were changed later'):
        inventory.undo(change.seq)


def test_only_its_author_and_administrators_may_undo_an_import(inventory: Inventory):
    first = import_all(inventory, [HERON], by=ANNA).change
    second = import_all(inventory, [AVOCET], by=ANNA).change

    with pytest.raises(PermissionDenied):
        inventory.undo(first.seq, by=EVE)
    with pytest.raises(PermissionDenied):
        inventory.undo(first.seq, by=User("anna", frozenset({"add_dams", "edit_any"})))
    inventory.undo(first.seq, by=ANNA)
    inventory.undo(second.seq, by=ROOT)

    assert inventory.count() == 2


def test_the_history_of_a_dam_shows_what_an_import_changed_in_it(inventory: Inventory, heron: int):
    change = import_all(inventory, [HERON_NOW, AVOCET], "new.csv", ROOT, UPDATE).change
    inventory.undo(change.seq, by=ROOT)

    undone, updated, added = inventory.history(heron)

    assert isinstance(updated, DamUpdated)
    assert (updated.seq, updated.dam_name, updated.source) == (change.seq, "Heron Lake", "new.csv")
    assert updated.old == {"hazard_potential": "Low", "nid_height_ft": 30}
    assert updated.new == {"hazard_potential": "High", "nid_height_ft": 31}
    assert isinstance(undone, DamUpdated)
    assert (undone.new, undone.undoes) == (updated.old, change.seq)
    assert isinstance(added, DamsImported)
    assert isinstance(inventory.history(change.first_id)[0], DamRemoved)


def test_a_person_who_edits_learns_that_an_import_has_changed_the_dam(
    inventory: Inventory, heron: int
):
    import_all(inventory, [HERON_NOW], "new.csv", choice=UPDATE)

    with pytest.raises(DamChanged, match=r'^An import has changed "Heron Lake"\.$') as raised:
        inventory.edit(heron, {"owner": "X"}, seen=3)

    assert raised.value.current["hazard_potential"] == "High"
    with pytest.raises(DamChanged, match=r'1 dam has been updated from "new\.csv"'):
        inventory.remove_all([heron], seen=3)


def test_an_import_that_touches_no_dam_of_an_editor_does_not_disturb(
    inventory: Inventory, heron: int
):
    import_all(inventory, [AVOCET], "new.csv", choice=UPDATE)

    assert isinstance(inventory.edit(heron, {"owner": "X"}, seen=3), DamEdited)


@pytest.mark.parametrize("limit", [0, 2, 500])
def test_a_snapshot_follows_imports_and_their_undoing(
    inventory: Inventory, monkeypatch: pytest.MonkeyPatch, limit: int
):
    dams = [facts(f"Dam {n}", federal_id=f"UT{n}", nid_height_ft=n) for n in range(1, 8)]
    first = import_all(inventory, dams).change
    inventory.remove(first.first_id, seen=first.seq)
    monkeypatch.setattr(queries, "_MAX_CHANGED", limit)
    snapshots = [inventory.snapshot()]
    later = [dam | {"nid_height_ft": dam["nid_height_ft"] * 2} for dam in dams]
    later.append(facts("Avocet", federal_id="UT99"))

    second = import_all(inventory, later, choice=Choice(update=ALL_FIELDS, bring_back=True)).change
    snapshots.append(inventory.snapshot())
    inventory.undo(second.seq)
    snapshots.append(inventory.snapshot())

    for start in snapshots:
        newest, _ = inventory.advance(start)
        assert newest.frame.equals(snapshots[-1].frame)
    assert [len(one) for one in snapshots] == [8, 10, 8]


def test_a_snapshot_at_many_updated_dams_is_read_from_scratch(
    inventory: Inventory, heron: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queries, "_MAX_IMPORTED", 0)
    start = inventory.snapshot()

    import_all(inventory, [HERON_NOW], choice=UPDATE)

    assert inventory.advance(start)[0].frame.equals(inventory.snapshot().frame)


def test_published_imports_name_the_known_dams_that_they_changed(inventory: Inventory, heron: int):
    start = inventory.snapshot()
    change = import_all(inventory, [HERON_NOW, AVOCET], choice=UPDATE).change
    inventory.undo(change.seq)

    _, news = inventory.advance(start)

    assert [one.dam_ids for one in news] == [[heron], [heron]]


def test_older_versions_read_all_dams_after_an_import_that_updates(
    inventory: Inventory, engine: Engine, heron: int
):
    import_all(inventory, [HERON_NOW], choice=UPDATE)

    with engine.connect() as connection:
        kinds = connection.execute(select(ChangeRow.kind).order_by(ChangeRow.seq)).scalars().all()
    assert kinds[-2:] == ["DamsImported", "DamsUpdated"]


@pytest.mark.parametrize("spelled", ["UT00001", "ut00001", " UT 00001"])
def test_a_federal_id_is_never_there_twice(inventory: Inventory, draft: Draft, spelled: str):
    first = inventory.add(draft("One", federal_id="UT00001"))
    other = inventory.add(draft("Two"))
    sentence = 'already belongs to the dam "One"'

    with pytest.raises(InvalidDam, match=sentence) as raised:
        inventory.add(draft("Three", federal_id=spelled))
    with pytest.raises(InvalidDam, match=sentence):
        inventory.edit(other.dam_id, {"federal_id": spelled}, seen=other.seq)
    inventory.edit(first.dam_id, {"federal_id": spelled}, seen=other.seq)

    assert list(raised.value.errors) == ["federal_id"]


def test_undo_does_not_bring_back_a_federal_id_that_another_dam_has(
    inventory: Inventory, draft: Draft
):
    first = inventory.add(draft("One", federal_id="UT1"))
    edit = inventory.edit(first.dam_id, {"federal_id": "UT2"}, seen=first.seq)
    second = inventory.add(draft("Two", federal_id="UT1"))
    removal = inventory.remove(second.dam_id, seen=second.seq)
    inventory.add(draft("Three", federal_id="UT1"))

    with pytest.raises(CannotUndo, match='because the dam "Three" has the same federal ID now'):
        inventory.undo(edit.seq)
    with pytest.raises(CannotUndo, match='because the dam "Three" has the same federal ID now'):
        inventory.undo(removal.seq)


def test_a_placeholder_is_no_federal_id(inventory: Inventory, draft: Draft):
    inventory.add(draft("One", federal_id="N/A"))

    inventory.add(draft("Two", federal_id="n/a"))

    assert inventory.count() == 4
