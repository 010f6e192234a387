"""All transactions on dams and the change log."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, select, text

from dam_inventory.database import change_log, queries, reading
from dam_inventory.database import engine as database
from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.models import ChangeRow
from dam_inventory.database.transactions import writing
from dam_inventory.domain.changes import DamAdded, DamsImported
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.permissions import User
from dam_inventory.errors import (
    DamInventoryError,
    DatabaseUnavailable,
    InvalidDam,
    InventoryFull,
    PermissionDenied,
)
from tests.files import dams_of, rows_of
from tests.importing import import_all

pytestmark = pytest.mark.databases("sqlite", "postgresql")

Draft = Callable[..., DamDraft]

FILE = Path(__file__).parents[1] / "data" / "nid_2023.csv"

ANNA = User("anna", frozenset({"add_dams", "import_dams"}))
ROOT = User("root", frozenset({"administer"}))

Opened = Callable[..., Engine]

ADD_WHEN_TOLD = """
import sys
from dam_inventory.database.engine import open_database
from dam_inventory.domain.dam import DamDraft
from dam_inventory.errors import InventoryFull
from dam_inventory.database.inventory import Inventory
engine = open_database(sys.argv[1])
inventory = Inventory(engine, max_dams=5)
print("ready", flush=True)
sys.stdin.readline()
added = 0
for number in range(5):
    try:
        inventory.add(DamDraft(f"Dam {number}", "Other", "Green River", "1941", 1, 1))
        added += 1
    except InventoryFull:
        pass
print(added)
engine.dispose()
"""

NO_ROOM = {
    "sqlite": (
        "CREATE TRIGGER no_room BEFORE INSERT ON changes "
        "BEGIN SELECT raise(ABORT, 'disk is full'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'disk is full' USING ERRCODE = 'disk_full'; END $$",
        "CREATE TRIGGER no_room BEFORE INSERT ON changes EXECUTE FUNCTION no_room()",
    ),
}


def facts(dam_name: str | None, **known: Any) -> dict[str, Any]:
    return DamDraft(dam_name, **known).checked_facts()


def test_every_fact_of_a_file_is_read_from_the_database(inventory: Inventory):
    [dam] = dams_of(FILE)
    before = inventory.snapshot()
    import_all(inventory, [dam], FILE.name)
    known = {column: value for column, value in dam.items() if value is not None}

    after, _ = inventory.advance(before)
    assert len(known) == 84
    for snapshot in (inventory.snapshot(), after):
        values = snapshot.values(2)
        assert {column: values.get(column) for column in known} == known


def test_an_added_dam_is_stored_with_its_author_and_time(inventory: Inventory, draft: Draft):
    before = dt.datetime.now(dt.UTC)

    change = inventory.add(draft("Heron Lake", date_built="April 12, 1993"), by=ANNA)

    snapshot = inventory.snapshot()
    dam = snapshot.values(snapshot.row_of(change.dam_id))
    assert before <= dam.pop("added_at") <= dt.datetime.now(dt.UTC)
    assert dam == {
        "id": 3,
        "dam_name": "Heron Lake",
        "owner": "Reclamation",
        "river": "Provo River",
        "date_built": "1993-04-12",
        "latitude": 40.5,
        "longitude": -111.5,
        "added_by": "anna",
    }


def test_an_added_dam_is_one_row_of_the_log(inventory: Inventory, draft: Draft, engine: Engine):
    change = inventory.add(draft("Heron Lake"), by=ANNA)

    with engine.connect() as connection:
        row = connection.execute(select(ChangeRow).where(ChangeRow.seq == 3)).one()
    assert row == (3, change.at, "anna", "DamAdded", 3, "Heron Lake", {})
    assert inventory.changes_since(2) == [change]


def test_a_dam_that_breaks_a_rule_changes_nothing(inventory: Inventory, draft: Draft):
    with pytest.raises(InvalidDam):
        inventory.add(draft(latitude=91))

    assert (inventory.count(), len(inventory.changes_since(0))) == (2, 2)


def test_a_dam_whose_change_can_not_be_logged_is_not_added(
    inventory: Inventory, draft: Draft, engine: Engine
):
    with engine.begin() as connection:
        for statement in NO_ROOM[engine.name]:
            connection.execute(text(statement))

    with pytest.raises(DamInventoryError, match=r"Nothing was saved\."):
        inventory.add(draft())
    assert (inventory.count(), len(inventory.changes_since(0))) == (2, 2)


def test_times_ascend_with_the_log_also_for_who_waits_for_another_writer(
    engine: Engine, inventory: Inventory, draft: Draft, wait_until: Callable[..., None]
):
    other = Inventory(engine)
    waiting = threading.Thread(target=other.add, args=(draft("Waits"),))
    with inventory.writing() as connection:
        waiting.start()
        wait_until(lambda: other._turn.locked())
        now = dt.datetime.now(dt.UTC)
        change_log.record(connection, DamAdded, now, None, dam_id=1, dam_name="Deer Creek")
    waiting.join()

    times = [change.at for change in inventory.changes_since(2)]
    assert len(times) == 2
    assert times == sorted(times)


def test_who_waits_for_an_import_in_vain_is_told_so(
    inventory: Inventory, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("dam_inventory.database.access.BUSY_TIMEOUT", 20)
    told: list[str] = []

    def add(_rows: int) -> None:
        with ThreadPoolExecutor(1) as thread, pytest.raises(DatabaseUnavailable) as raised:
            thread.submit(inventory.add, draft("Too early")).result()
        told.append(str(raised.value))

    with inventory.look(rows_of(FILE), FILE.name) as look:
        inventory.import_dams(look, on_progress=add)

    assert {sentence.partition(",")[0] for sentence in told} == {"A file is being imported"}
    assert inventory.add(draft("In time")).dam_name == "In time"


def test_a_full_inventory_refuses_a_dam_by_name(engine: Engine, draft: Draft):
    inventory = Inventory(engine, max_dams=2)

    with pytest.raises(InventoryFull) as raised:
        inventory.add(draft("Heron Lake"))

    assert str(raised.value) == 'Unable to add dam "Heron Lake", because the inventory is full.'
    assert (inventory.count(), len(inventory.changes_since(0))) == (2, 2)


def test_a_draft_is_validated_before_the_limit_is_checked(engine: Engine):
    with pytest.raises(InvalidDam):
        Inventory(engine, max_dams=2).add(DamDraft())


@pytest.mark.parametrize("room", [1, 3])
def test_eight_users_at_once_can_not_exceed_the_limit(engine: Engine, draft: Draft, room: int):
    inventory = Inventory(engine, max_dams=2 + room)
    barrier = threading.Barrier(8)

    def add(number: int) -> DamAdded | None:
        barrier.wait(timeout=30)
        try:
            return inventory.add(draft(f"Dam {number}"))
        except InventoryFull:
            return None

    with ThreadPoolExecutor(8) as people:
        added = [change for change in people.map(add, range(8)) if change]

    assert inventory.count() == 2 + room
    assert sorted(inventory.changes_since(2), key=lambda one: one.seq) == sorted(
        added, key=lambda one: one.seq
    )
    assert sorted(one.seq for one in added) == list(range(3, 3 + room))


@pytest.mark.slow
def test_two_processes_at_once_can_not_exceed_the_limit(database_url: str, inventory: Inventory):
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", ADD_WHEN_TOLD, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()

    assert sum(int(process.communicate(timeout=60)[0]) for process in processes) == 3
    assert inventory.count() == 5
    assert [one.seq for one in inventory.changes_since(0)] == [1, 2, 3, 4, 5]


def test_a_user_without_permission_can_not_add_or_import(
    inventory: Inventory, draft: Draft, caplog: pytest.LogCaptureFixture
):
    vera = User("vera", frozenset({"edit_any"}))

    with pytest.raises(PermissionDenied, match=r"^vera may not add dams\.$"):
        inventory.add(draft(), by=vera)
    with pytest.raises(PermissionDenied, match=r"^vera may not import files\.$"):
        import_all(inventory, [facts("One")], "dams.csv", by=vera)

    assert inventory.changes_since(2) == []
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("ERROR", "Refused: vera may not add dams."),
        ("ERROR", "Refused: vera may not import files."),
    ]


def test_each_user_has_their_own_limit(engine: Engine, draft: Draft):
    inventory = Inventory(engine, max_dams_per_user=2)
    own = [inventory.add(draft(), by=ANNA) for _ in range(2)]

    with pytest.raises(
        InventoryFull,
        match=r"^You have reached your limit of 2 dams\. Remove one to add another\.$",
    ):
        inventory.add(draft(), by=ANNA)

    assert inventory.count() == 4
    inventory.add(draft(), by=User("otto", frozenset({"add_dams"})))
    inventory.remove(own[0].dam_id, seen=own[0].seq, by=ANNA)
    inventory.add(draft(), by=ANNA)


@pytest.mark.parametrize("user", [ROOT, User(None, frozenset({"add_dams"}))])
def test_administrators_and_anonymous_users_have_no_limit(engine: Engine, draft: Draft, user: User):
    inventory = Inventory(engine, max_dams_per_user=0)

    inventory.add(draft(), by=user)

    assert inventory.count() == 3


def test_a_user_with_many_pages_can_not_exceed_their_limit(engine: Engine, draft: Draft):
    inventory = Inventory(engine, max_dams_per_user=5)

    def attempt(number: int) -> bool:
        try:
            inventory.add(draft(f"Dam {number}"), by=ANNA)
        except InventoryFull:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(24)))

    assert (sum(outcomes), inventory.count()) == (5, 7)


def test_a_limit_below_the_number_of_dams_removes_none(engine: Engine, draft: Draft):
    inventory = Inventory(engine, max_dams=1)

    with pytest.raises(InventoryFull):
        inventory.add(draft())
    assert inventory.count() == 2


def test_an_import_is_logged_as_one_change(inventory: Inventory):
    dams = [facts("One", latitude=40, longitude=-111), facts("Two"), facts(None, nid_id="UT1")]

    imported = import_all(inventory, dams, "dams.csv", by=ANNA)

    [change] = inventory.changes_since(2)
    assert (imported.added, imported.known, imported.without_place) == (3, 0, 2)
    assert imported.change == change
    assert change == DamsImported(3, change.at, "anna", 3, 5, 3, "dams.csv")
    assert inventory.snapshot().frame["dam_name"].tolist()[2:] == ["One", "Two", None]


def test_importing_again_adds_nothing_and_logs_nothing(inventory: Inventory):
    dams = [
        facts("One", nid_id="UT1", latitude=40.123456789012345, longitude=-111),
        facts("Söhne"),
        facts(None, federal_id="UT2", nid_id="UT2"),
    ]
    import_all(inventory, dams, "dams.csv")

    again = import_all(inventory, dams, "dams.csv")

    assert (again.added, again.known, again.without_place, again.change) == (0, 3, 0, None)
    assert (inventory.count(), len(inventory.changes_since(0))) == (5, 3)


def test_a_dam_with_a_known_federal_id_is_known_whatever_else_differs(inventory: Inventory):
    import_all(inventory, [facts("Old name", federal_id="UT1", nid_id="UT1")], "a.csv")

    imported = import_all(
        inventory,
        [facts("New name", federal_id="UT1"), facts("Old name", federal_id="UT2", nid_id="UT1")],
        "b.csv",
    )

    assert (imported.added, imported.known) == (1, 1)


def test_a_duplicate_row_in_a_file_is_added_once(inventory: Inventory):
    imported = import_all(inventory, [facts("Heron Lake"), facts("Heron Lake")], "dams.csv")

    assert (imported.added, imported.known) == (1, 1)


def test_an_import_that_does_not_fit_changes_nothing(engine: Engine):
    inventory = Inventory(engine, max_dams=3)

    with pytest.raises(InventoryFull) as raised:
        import_all(inventory, [facts("One"), facts("Two")], "dams.csv")

    assert str(raised.value) == (
        "Unable to import 2 dams from dams.csv, because the inventory has room for only 1 more."
    )
    assert (inventory.count(), len(inventory.changes_since(0))) == (2, 2)


def test_an_import_that_just_fits_is_accepted(engine: Engine):
    imported = import_all(Inventory(engine, max_dams=4), [facts("One"), facts("Two")], "dams.csv")

    assert imported.added == 2


def test_a_change_can_be_written_as_json(inventory: Inventory, engine: Engine):
    import_all(inventory, [facts("One")], "dams.csv")

    with engine.connect() as connection:
        details = connection.execute(select(ChangeRow.details).where(ChangeRow.seq == 3)).scalar()
    assert json.loads(json.dumps(details)) == {
        "first_id": 3,
        "last_id": 3,
        "count": 1,
        "source": "dams.csv",
        "updated": 0,
    }


def test_a_column_may_get_its_first_value_late_in_the_table(
    inventory: Inventory, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    inventory.add(draft("One", county="Kern", volume_cubic_yards=0.1 + 0.2))
    inventory.remove(2, seen=3)
    monkeypatch.setattr(reading, "_PIECE", 1)

    table = inventory.snapshot().frame

    assert table.index.tolist() == [1, 3]
    assert table["county"].tolist() == [None, "Kern"]
    assert table.loc[3, "volume_cubic_yards"] == 0.1 + 0.2


def test_a_change_between_the_two_connections_that_read_is_not_in_the_snapshot(
    inventory: Inventory, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    last = inventory.add(draft("One", dam_height_ft=10)).dam_id
    monkeypatch.setattr(reading, "_PIECE", 1)
    connect = Engine.connect

    def connect_late(engine: Engine, *arguments: Any) -> Connection:
        monkeypatch.setattr(Engine, "connect", connect)
        inventory.edit(last, {"dam_height_ft": 20}, seen=3)
        return connect(engine, *arguments)

    with inventory.reading() as connection:
        monkeypatch.setattr(Engine, "connect", connect_late)
        snapshot = queries.snapshot(connection)

    assert snapshot.revision == 3
    assert snapshot.values(snapshot.row_of(last))["dam_height_ft"] == 10
    assert inventory.snapshot().value(2, "dam_height_ft") == 20


def test_an_advanced_snapshot_equals_a_newly_read_one(inventory: Inventory, draft: Draft):
    first = inventory.snapshot()
    inventory.add(draft("One"))
    import_all(inventory, [facts("Two"), facts("Three")], "dams.csv")

    advanced, news = inventory.advance(first)

    assert [one.seq for one in news] == [3, 4]
    assert advanced.revision == 4
    assert advanced.frame.equals(inventory.snapshot().frame)
    assert inventory.advance(advanced) == (advanced, [])


def test_a_snapshot_is_consistent_while_dams_are_added(
    engine: Engine, inventory: Inventory, opened: Opened, database_url: str, draft: Draft
):
    other, added = Inventory(opened(database_url)), []

    def add(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM changes" in statement and not added:
            added.append(other.add(draft("In between")))

    event.listen(engine, "after_cursor_execute", add)
    snapshot = inventory.snapshot()

    assert [change.seq for change in added] == [3]
    assert (len(snapshot), snapshot.revision) == (2, 2)
    advanced, _ = inventory.advance(snapshot)
    assert advanced.frame.equals(inventory.snapshot().frame)


@pytest.mark.databases("sqlite")
def test_a_read_only_database_can_be_read_and_refuses_writes(
    opened: Opened, database_url: str, engine: Engine, draft: Draft
):
    path = database_url.removeprefix("sqlite:///")
    inventory = Inventory(opened(f"sqlite:///file:{path}?mode=ro&uri=true"))

    with pytest.raises(DatabaseUnavailable, match=r"read-only .*\. Nothing was saved\."):
        inventory.add(draft())
    assert inventory.count() == 2


@pytest.mark.databases("sqlite")
def test_a_locked_database_is_unavailable_until_it_is_unlocked(
    opened: Opened, database_url: str, draft: Draft, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 20)
    inventory = Inventory(opened(database_url))
    other = sqlite3.connect(tmp_path / "dams.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(DatabaseUnavailable, match="database is locked by other work"):
        inventory.add(draft())
    assert inventory.count() == 2

    other.execute("ROLLBACK")
    other.close()
    assert inventory.add(draft()).dam_id == 3


def test_without_a_free_connection_the_database_is_reported_as_busy(database_url: str):
    open_database(database_url).dispose()
    engine = create_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=0.01)

    with (
        engine.connect(),
        pytest.raises(DatabaseUnavailable, match="too many requests are waiting"),
    ):
        Inventory(engine).count()
    engine.dispose()


def test_reads_continue_while_many_writers_wait(
    inventory: Inventory, engine: Engine, draft: Callable[..., DamDraft]
):
    with ThreadPoolExecutor(20) as pool:
        with writing(engine).begin():
            adding = [pool.submit(inventory.add, draft(f"Dam {i}")) for i in range(20)]
            counting = [threading.Thread(target=inventory.count) for _ in range(3)]
            for thread in counting:
                thread.start()
            for thread in counting:
                thread.join(timeout=15)
            are_done = [not thread.is_alive() for thread in counting]
        assert are_done == [True] * 3
        assert len({one.result().seq for one in adding}) == 20
