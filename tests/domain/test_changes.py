"""Changes in the log, including those that a newer version has written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.change_rows import change_of, kind_of
from dam_inventory.domain.changes import DamAdded, DamEdited, UnknownChange
from dam_inventory.domain.dam import DamDraft
from dam_inventory.errors import CannotUndo, DamChanged, DatabaseUpgraded
from dam_inventory.live.change_feed import ChangeFeed, Condition
from dam_inventory.session.store import DamStore

Draft = Callable[..., DamDraft]

NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)


def row(kind: str, details: Any = None, **columns: Any) -> dict[str, Any]:
    common = {"seq": 3, "at": NOW, "by": "ann", "dam_id": 1, "dam_name": "Heron Lake"}
    return {**common, **columns, "kind": kind, "details": details if details is not None else {}}


@pytest.mark.parametrize(
    "written",
    [
        row("DamMoved", {"from": "Utah"}),
        row("DamMoved", {"seq": 99, "dam_id": 99}),
        row("DamEdited", {"before": {}, "after": {}}),
        row("DamEdited", ["river"]),
        row("HydrographAssigned", {"points": 2}),
        row(""),
    ],
)
def test_a_row_from_a_newer_version_is_an_unknown_change_of_its_dam(written: dict[str, Any]):
    assert change_of(written) == UnknownChange(3, NOW, "ann", 1, "Heron Lake")
    assert kind_of(change_of(written)) == written["kind"]


def test_unknown_details_are_ignored():
    edit = {"old": {"river": None}, "new": {"river": "Rio Chama"}, "reason": "survey"}

    assert change_of(row("DamAdded", {"source": "app"})) == DamAdded(3, NOW, "ann", 1, "Heron Lake")
    assert change_of(row("DamEdited", edit)) == DamEdited(
        3, NOW, "ann", 1, "Heron Lake", {"river": None}, {"river": "Rio Chama"}
    )


def newer_version_writes(
    engine: Engine, kind: str, dam_id: int | None, *statements: str, details: Any = None
) -> None:
    """Act as a process of a newer version: write a change of an unknown kind."""
    values = {"kind": kind, "dam_id": dam_id, "details": json.dumps(details or {"new": 1})}
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.execute(
            text(
                "INSERT INTO changes (at, kind, dam_id, details) "
                "VALUES (:at, :kind, :dam_id, :details)"
            ),
            {**values, "at": NOW.replace(tzinfo=None)},
        )


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("dam_id", [1, None])
def test_an_unknown_change_is_published_and_its_dam_is_read_again(
    engine: Engine, inventory: Inventory, feed: ChangeFeed, store: DamStore, dam_id: int | None
):
    newer_version_writes(
        engine, "DamsMerged", dam_id, "UPDATE dams SET river = 'Rio Chama' WHERE id = 1"
    )

    feed.catch_up()  # unless the thread of the feed was faster
    assert [type(one) for one in store.news.waiting] == [UnknownChange]
    assert store.dams.loc[1, "river"] == "Provo River"
    store.reload()
    assert store.dams["river"].tolist() == ["Rio Chama", "Provo River"]
    assert [type(one) for one in inventory.history(most=1)] == [UnknownChange]


@pytest.mark.parametrize("dam_id", [2, None])
def test_an_unknown_change_may_remove_or_add_its_dam(
    engine: Engine, feed: ChangeFeed, store: DamStore, dam_id: int | None
):
    removal = "UPDATE dams SET removed_at = added_at WHERE id = 2"
    newer_version_writes(engine, "DamRetired", dam_id, removal)
    feed.catch_up()
    store.reload()
    assert list(store.dams.index) == [1]

    addition = "INSERT INTO dams (dam_name, added_at) VALUES ('Abiquiu', '2026-11-26')"
    newer_version_writes(engine, "DamProposed", dam_id and 3, addition)
    feed.catch_up()
    store.reload()
    assert store.dams["dam_name"].tolist() == ["Deer Creek", "Abiquiu"]


def test_changes_after_an_unknown_change_are_still_published(
    engine: Engine, feed: ChangeFeed, store: DamStore, draft: Draft
):
    newer_version_writes(engine, "DamsMerged", 1)

    change = store.add(draft("Mine"))

    assert store.dams["dam_name"].tolist()[2:] == ["Mine"]
    assert store.news.own == change
    assert [type(one) for one in store.news.loaded.changes] == [UnknownChange]


def test_an_edit_does_not_overwrite_an_unknown_change_unseen(engine: Engine, inventory: Inventory):
    newer_version_writes(engine, "DamMoved", 1)

    with pytest.raises(DamChanged, match=r"A change has been made\."):
        inventory.edit(1, {"river": "Rio Chama"}, seen=2)


def test_an_edit_of_an_unknown_field_can_not_be_undone(engine: Engine, inventory: Inventory):
    details = {"old": {"risk": None}, "new": {"risk": "high"}}
    newer_version_writes(engine, "DamEdited", 1, details=details)

    with pytest.raises(CannotUndo, match="newer version"):
        inventory.undo(3)


def test_an_outdated_process_reports_outdated_not_missing(
    engine: Engine, feed: ChangeFeed, store: DamStore
):
    newer_version_writes(engine, "DamsMerged", 1)
    feed.catch_up()
    assert store.condition is Condition.OUTDATED

    feed.catch_up()
    assert store.condition is Condition.OUTDATED


@pytest.mark.databases("sqlite", "postgresql")
def test_an_additional_column_does_no_harm(
    engine: Engine, feed: ChangeFeed, store: DamStore, draft: Draft
):
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE dams ADD COLUMN risk VARCHAR(20)"))

    store.add(draft("Mine"))

    assert store.dams["dam_name"].tolist()[2:] == ["Mine"]
    assert store.condition is Condition.CURRENT


@pytest.mark.databases("sqlite", "postgresql")
def test_tables_changed_by_a_newer_version_are_reported_as_upgraded(
    engine: Engine, feed: ChangeFeed, store: DamStore, draft: Draft
):
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE dams RENAME COLUMN river TO river_or_stream"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseUpgraded, match="Restart this server with the newer version"):
        store.add(draft("Mine"))
    newer_version_writes(engine, "DamAdded", 1)
    with pytest.raises(DatabaseUpgraded):
        feed.catch_up()
    assert store.condition is Condition.OUTDATED


def test_a_bug_in_this_program_is_not_reported_as_a_database_problem(
    inventory: Inventory, feed: ChangeFeed, store: DamStore, monkeypatch: pytest.MonkeyPatch
):
    def fail(_snapshot: Any) -> None:
        raise ValueError("a bug")

    with monkeypatch.context() as failing:
        failing.setattr(inventory, "advance", fail)
        with pytest.raises(ValueError, match="a bug"):
            feed.catch_up()
        assert store.condition is Condition.FAILED

    feed.catch_up()
    assert store.condition is Condition.CURRENT
