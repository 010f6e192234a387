"""The database is restored, replaced, emptied or removed under a running process."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from dam_inventory.config.settings import Settings
from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.models import Base
from dam_inventory.database.statements import time_statements
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.domain.mark import Mark
from dam_inventory.errors import DatabaseMissing, DatabaseUnavailable, InventoryReplaced
from dam_inventory.live.change_feed import ChangeFeed, Condition
from dam_inventory.live.pubsub import PubSub
from dam_inventory.live.relay.sqlite import SQLiteRelay
from dam_inventory.runtime import Runtime
from dam_inventory.session.news import News
from dam_inventory.session.store import DamStore
from tests.database.versions import migrate
from tests.importing import import_all
from tests.servers import PostgreSQL

Draft = Callable[..., DamDraft]

BOTH = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The database file."""
    return tmp_path / "dams.db"


@pytest.fixture
def older(file: Path, tmp_path: Path, store: DamStore) -> Path:
    """A backup with only the two example dams."""
    older = tmp_path / "older.db"
    copy(file, older)
    return older


@pytest.fixture
def other(tmp_path: Path, draft: Draft) -> Path:
    """Another inventory, in which the id 3 is another dam."""
    other = tmp_path / "other.db"
    engine = open_database(f"sqlite:///{other}")
    Inventory(engine).add(draft("Of another inventory"))
    engine.dispose()
    return other


def copy(source: Path, target: Path) -> None:
    """Copy a database over another one with SQLite's backup API, like `.restore`."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
        written.execute("PRAGMA journal_mode")


def names(store: DamStore) -> list[str]:
    return store.dams["dam_name"].tolist()


def restored(source: Path, file: Path) -> None:
    copy(source, file)


def renamed(source: Path, file: Path) -> None:
    shutil.copy(source, source.with_name("new.db"))
    source.with_name("new.db").replace(file)


def renamed_without_its_log(source: Path, file: Path) -> None:
    renamed(source, file)
    file.with_name(file.name + "-wal").unlink()


def written_over(source: Path, file: Path) -> None:
    """Overwrite the file like `cp older.db dams.db`: the inode stays the same."""
    file.write_bytes(source.read_bytes())


REPLACING = pytest.mark.parametrize(
    "replaced", [restored, renamed, renamed_without_its_log, written_over]
)


@REPLACING
@pytest.mark.parametrize("which", ["older", "other"])
def test_a_session_shows_the_inventory_that_replaced_its_own(
    store: DamStore, feed: ChangeFeed, inventory: Inventory, file: Path, older: Path, other: Path,
    draft: Draft, replaced: Callable[[Path, Path], None], which: str,
):  # fmt: skip
    store.add(draft("A ghost"))
    store.add(draft("Another ghost"))

    replaced(older if which == "older" else other, file)
    feed.catch_up()

    assert names(store)[2:] == ([] if which == "older" else ["Of another inventory"])
    assert store.news == News.at(store.snapshot.revision, is_restored=True)
    assert store.selected is None
    store.add(draft("Afterwards"))
    with closing(sqlite3.connect(file)) as plain:
        assert ("Afterwards",) in plain.execute("SELECT dam_name FROM dams").fetchall()
    assert names(store)[-1] == "Afterwards"


@REPLACING
def test_a_stale_dam_can_not_be_changed_even_if_its_id_was_reused(
    store: DamStore, inventory: Inventory, file: Path, older: Path, draft: Draft,
    replaced: Callable[[Path, Path], None],
):  # fmt: skip
    ghost = store.add(draft("A ghost"))
    replaced(older, file)
    engine = open_database(f"sqlite:///{file}")
    assert Inventory(engine).add(draft("Innocent")).dam_id == ghost.dam_id
    seen = store.snapshot.mark

    for change in (
        lambda: store.remove(ghost.dam_id),
        lambda: inventory.edit(ghost.dam_id, {"river": "Styx"}, seen),
        lambda: inventory.undo(Mark.of(store.snapshot.epoch, 3, ghost.at)),
        lambda: inventory.assign_hydrograph(ghost.dam_id, Hydrograph([0, 1], [0, 1]), seen=seen),
    ):
        with pytest.raises(InventoryReplaced, match="Nothing was saved"):
            change()

    assert [one.seq for one in inventory.history()] == [3, 2, 1]
    # The refused changes have updated the page.
    assert names(store) == ["Deer Creek", "Jordanelle", "Innocent"]
    assert (store.selected, store.news.is_restored) == (None, True)
    engine.dispose()


def test_the_write_ahead_log_of_a_replaced_file_is_not_applied_to_the_new_file(
    store: DamStore, feed: ChangeFeed, engine: Engine, file: Path, older: Path, draft: Draft
):
    """A reader keeps added dams in the write-ahead log, which SQLite applies to any file."""
    with engine.connect() as reader:
        reader.execute(text("SELECT * FROM dams")).fetchall()
        store.add(draft("A ghost"))
        assert file.with_name("dams.db-wal").stat().st_size > 0

        renamed(older, file)
        feed.catch_up()

        assert (names(store)[2:], store.news.is_restored) == ([], True)
    assert store.add(draft("Real")).dam_id == 3


def test_the_selection_stays_if_the_dam_is_the_same(
    store: DamStore, feed: ChangeFeed, file: Path, older: Path, draft: Draft
):
    store.add(draft())
    store.selected = 1

    copy(older, file)
    feed.catch_up()

    assert (store.selected, store.news.is_restored) == (1, True)
    store.dismiss()
    assert not store.news.is_restored


def test_the_selection_is_cleared_if_its_id_belongs_to_another_dam(
    store: DamStore, feed: ChangeFeed, file: Path, other: Path, draft: Draft
):
    store.selected = 1

    copy(other, file)
    feed.catch_up()

    assert store.selected is None


def test_pending_changes_of_a_replaced_log_are_dropped(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, file: Path, older: Path, draft: Draft
):
    inventory.add(draft("A ghost"))
    feed.catch_up()
    assert len(store.news.waiting) == 1

    copy(older, file)
    feed.catch_up()
    inventory.add(draft("Real"))
    feed.catch_up()

    assert [one.dam_name for one in store.news.waiting] == ["Real"]
    store.reload()
    assert names(store)[2:] == ["Real"]


def test_two_processes_agree_on_the_restored_inventory(
    store: DamStore, feed: ChangeFeed, inventory: Inventory, database_url: str, file: Path,
    older: Path, draft: Draft,
):  # fmt: skip
    store.add(draft("A ghost"))
    engine = open_database(database_url)
    neighbour = ChangeFeed(Inventory(engine), PubSub(), SQLiteRelay(engine), 3600)

    copy(older, file)
    feed.catch_up()
    neighbour.catch_up()
    feed.catch_up()

    assert feed.snapshot.epoch == neighbour.snapshot.epoch
    assert feed.snapshot.mark == neighbour.snapshot.mark
    assert len(neighbour.snapshot) == 2
    engine.dispose()


def test_a_replaced_read_only_file_is_detected(file: Path, older: Path, draft: Draft, engine):
    """For example a replica after a failover: no process can write a new epoch to it."""
    Inventory(engine).add(draft("A ghost"))
    url = f"sqlite:///file:{file}?mode=ro&uri=true"
    reading = open_database(url)
    feed = ChangeFeed(Inventory(reading), PubSub(), SQLiteRelay(reading), 3600)
    store = DamStore(Inventory(reading), feed)

    copy(older, file)
    feed.catch_up()

    assert (names(store)[2:], store.news.is_restored) == ([], True)
    epoch = feed.snapshot.epoch
    assert feed.catch_up() == 0
    assert feed.snapshot.epoch == epoch
    store.close()
    feed.close()
    reading.dispose()


def test_a_removed_file_is_reported_and_no_new_inventory_is_created(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, file: Path, older: Path, draft: Draft
):
    store.add(draft("Heron Lake"))
    file.rename(file.with_name("away.db"))

    for ask in (feed.catch_up, lambda: store.add(draft("Lost")), inventory.count):
        with pytest.raises(DatabaseMissing, match=r"dams\.db is missing.* restore FILE"):
            ask()
    assert store.condition is not Condition.CURRENT
    assert not file.exists()

    file.with_name("away.db").rename(file)
    feed.catch_up()
    assert (store.condition, store.news.is_restored) == (Condition.CURRENT, False)
    assert store.add(draft("Found again")).seq == 4
    assert names(store)[2:] == ["Heron Lake", "Found again"]


@pytest.mark.parametrize("content", [b"", b"Dear Anna, this is not a database. " * 1000])
def test_a_file_overwritten_with_nothing_or_garbage_accepts_no_changes(
    store: DamStore, feed: ChangeFeed, file: Path, older: Path, draft: Draft, content: bytes
):
    store.add(draft("Heron Lake"))
    file.write_bytes(content)

    with pytest.raises(DatabaseUnavailable):
        feed.catch_up()
    with pytest.raises(DatabaseUnavailable):
        store.add(draft("Lost"))
    assert store.condition is not Condition.CURRENT
    assert file.read_bytes() == content

    older.replace(file)
    feed.catch_up()
    assert (store.condition, names(store)[2:]) == (Condition.CURRENT, [])
    assert store.news.is_restored


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_change_that_is_not_in_the_current_file_is_not_confirmed(
    store: DamStore, inventory: Inventory, file: Path, older: Path, draft: Draft,
    monkeypatch: pytest.MonkeyPatch, moment: str,
):  # fmt: skip
    """The file is replaced during the transaction, or after it but before the announcement."""
    counted = inventory.limits.room_of
    told = inventory.add

    def replace(*arguments: object) -> object:
        room = counted(*arguments)
        renamed(older, file)
        return room

    def add_and_replace(*arguments: object, **options: object) -> object:
        change = told(*arguments, **options)
        renamed(older, file)
        return change

    if moment == "before":
        monkeypatch.setattr(inventory.limits, "room_of", replace)
    else:
        monkeypatch.setattr(inventory, "add", add_and_replace)

    with pytest.raises(InventoryReplaced, match="again"):
        store.add(draft("Lost"))

    monkeypatch.undo()
    assert (names(store)[2:], store.news.own) == ([], None)
    assert store.add(draft("Kept")).dam_name == "Kept"
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("SELECT dam_name FROM dams WHERE id > 2").fetchall() == [("Kept",)]


def test_a_change_committed_to_a_removed_file_is_reported_as_lost(
    inventory: Inventory, file: Path, older: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    counted = inventory.limits.room_of

    def remove(*arguments: object) -> object:
        room = counted(*arguments)
        file.unlink()
        return room

    monkeypatch.setattr(inventory.limits, "room_of", remove)

    with pytest.raises(InventoryReplaced, match="removed while your change was being saved"):
        inventory.add(draft("Lost"))


def test_a_dam_added_before_a_restore_is_detected_is_in_the_restored_inventory(
    store: DamStore, file: Path, older: Path, draft: Draft
):
    store.add(draft("A ghost"))
    store.add(draft("Another ghost"))
    copy(older, file)

    change = store.add(draft("Real"))

    assert (names(store)[2:], store.news.own) == (["Real"], change)
    assert store.selected == change.dam_id
    assert store.news.is_restored


def test_a_returning_page_is_told_that_the_inventory_was_restored(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, file: Path, older: Path, draft: Draft,
    wait_until: Callable[[Callable[[], object]], None],
):  # fmt: skip
    """Even if the log has grown past the `seq` that the page has seen, undetected."""
    store.add(draft("A ghost"))
    seen = store.snapshot.mark
    engine = open_database(f"sqlite:///{file}")
    copy(older, file)
    later = Inventory(engine)
    for name in ("Real", "Also real"):
        later.add(draft(name))
    second = ChangeFeed(later, PubSub(), SQLiteRelay(engine), 3600)
    page = DamStore(later, second)

    page.tell_missed(seen)
    wait_until(lambda: page.news.is_restored)

    assert page.news.missed == ()
    page.close()
    second.close()
    engine.dispose()


def test_a_returning_page_is_told_what_it_missed(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, draft: Draft,
    wait_until: Callable[[Callable[[], object]], None],
):  # fmt: skip
    seen = store.snapshot.mark
    inventory.add(draft("Avocet"))
    feed.catch_up()
    page = DamStore(inventory, feed)

    page.tell_missed(Mark.read(str(seen)))
    wait_until(lambda: page.news.missed)

    assert ([one.dam_name for one in page.news.missed], page.news.is_restored) == (
        ["Avocet"],
        False,
    )
    page.close()


def test_an_old_copy_that_replaces_the_file_is_upgraded(
    store: DamStore, feed: ChangeFeed, file: Path, older: Path, draft: Draft
):
    store.add(draft("A ghost"))
    migrate(f"sqlite:///{older}", "0002")

    older.replace(file)
    feed.catch_up()

    assert (names(store)[2:], store.condition) == ([], Condition.CURRENT)
    assert store.news.is_restored


def test_a_replaced_file_is_detected_without_a_heartbeat(
    database_url: str, file: Path, other: Path, wait_until: Callable[[Callable[[], object]], None]
):
    with Runtime(Settings(database_url=database_url, heartbeat_seconds=3600)) as runtime:
        store = DamStore(runtime.inventory, runtime.feed)
        wait_until(lambda: runtime.feed.is_connected)

        other.replace(file)

        wait_until(lambda: store.news.is_restored)
        assert names(store)[2:] == ["Of another inventory"]
        store.close()


# PostgreSQL


def run(postgresql: PostgreSQL, url: str, *statements: str, database: str = "postgres") -> None:
    """Run statements like an operator, each in its own transaction."""
    connection = make_url(url).set(database=database, drivername="postgresql")
    import psycopg

    plain = connection.render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as operator:
        for statement in statements:
            operator.execute(statement)


@pytest.fixture
def dump(postgresql: PostgreSQL, database_url: str, store: DamStore) -> Iterator[str]:
    """Another database with the initial contents of the inventory, like a restored dump."""
    name = make_url(database_url).database
    run(
        postgresql,
        database_url,
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
        f"CREATE DATABASE {name}_dump TEMPLATE {name}",
    )
    yield f"{name}_dump"
    run(postgresql, database_url, f"DROP DATABASE IF EXISTS {name}_dump")


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("how", ["renamed", "dropped and made of a dump"])
def test_a_replaced_postgresql_database_is_detected(
    store: DamStore, feed: ChangeFeed, postgresql: PostgreSQL, database_url: str, dump: str,
    draft: Draft, how: str,
):  # fmt: skip
    store.add(draft("A ghost"))
    seen = store.snapshot.mark
    name = make_url(database_url).database
    make = f"ALTER DATABASE {dump} RENAME TO {name}"
    run(postgresql, database_url, f"DROP DATABASE {name} WITH (FORCE)", make)

    feed.catch_up()

    assert (names(store)[2:], store.news.is_restored) == ([], True)
    added = store.add(draft("Real"))
    with pytest.raises(InventoryReplaced):
        store._inventory.remove(added.dam_id, seen)
    store.remove(added.dam_id)


@pytest.mark.databases("postgresql")
def test_a_recreated_empty_database_is_reported_as_missing_and_stays_empty(
    store: DamStore, feed: ChangeFeed, postgresql: PostgreSQL, database_url: str, dump: str,
    draft: Draft,
):  # fmt: skip
    name = make_url(database_url).database
    drop = f"DROP DATABASE {name} WITH (FORCE)"
    run(postgresql, database_url, drop, f"CREATE DATABASE {name}")

    with pytest.raises(DatabaseMissing):
        feed.catch_up()
    with pytest.raises(DatabaseUnavailable):
        store.add(draft("Lost"))
    assert store.condition is not Condition.CURRENT

    run(postgresql, database_url, drop, f"ALTER DATABASE {dump} RENAME TO {name}")
    feed.catch_up()
    assert store.condition is Condition.CURRENT


@BOTH
@pytest.mark.parametrize("emptied", [["changes"], ["dams"], ["dams", "changes"]])
def test_emptied_tables_are_read_again(
    store: DamStore, feed: ChangeFeed, engine: Engine, draft: Draft, emptied: list[str]
):
    store.add(draft("Heron Lake"))
    with engine.begin() as connection:
        for table in emptied:
            connection.execute(text(f"DELETE FROM {table}"))

    feed.catch_up()

    assert store.news.is_restored
    assert len(store.dams) == (0 if "dams" in emptied else 3)


@BOTH
def test_a_log_that_was_rolled_back_and_grew_again_is_detected(
    store: DamStore, feed: ChangeFeed, engine: Engine, inventory: Inventory, draft: Draft
):
    """For example after a failover to a replica that was behind: the epoch is the same."""
    store.add(draft("A ghost"))
    epoch = store.snapshot.epoch
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM changes WHERE seq = 3"))
        connection.execute(text("DELETE FROM dams WHERE id = 3"))
        connection.execute(
            text(
                "INSERT INTO changes (seq, at, kind, dam_id, dam_name, details) SELECT 3, "
                "at, kind, dam_id, dam_name, details FROM changes WHERE seq = 2"
            )
        )

    feed.catch_up()

    assert store.news.is_restored
    assert store.snapshot.epoch != epoch
    assert names(store) == ["Deer Creek", "Jordanelle"]


@BOTH
def test_no_id_is_ever_reused(engine: Engine, inventory: Inventory, draft: Draft):
    hydrograph = Hydrograph([0, 1], [0, 1])
    first = inventory.add(draft("First"))
    inventory.assign_hydrograph(first.dam_id, hydrograph)
    with engine.begin() as connection:
        for table in ("hydrograph_points", "dams", "hydrographs", "changes"):
            connection.execute(text(f"DELETE FROM {table}"))

    imported = import_all(inventory, [draft("Second").checked_facts()], "two.csv").change
    inventory.assign_hydrograph(imported.first_id, hydrograph)

    assert (imported.first_id, imported.seq) == (first.dam_id + 1, first.seq + 2)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT id FROM hydrographs")).scalars().all() == [2]


@pytest.mark.parametrize("began_with", ["0001", "0003", "0004"])
def test_no_schema_version_reuses_ids(tmp_path: Path, began_with: str):
    url = f"sqlite:///{tmp_path / 'dams.db'}"
    migrate(url, began_with)
    open_database(url).dispose()

    with closing(sqlite3.connect(tmp_path / "dams.db")) as plain:
        made = dict(plain.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    numbered = {table.name for table in Base.metadata.tables.values() if "id" in table.c}
    for table in (numbered | {"changes"}) - {"inventory"}:
        assert "AUTOINCREMENT" in made[table]


def test_a_toast_waits_for_few_questions_to_the_database(
    engine: Engine, inventory: Inventory, feed: ChangeFeed
):
    inventory.add(DamDraft("Heron Dam", "Other", "Green River", "1941", 40.5, -111.5))
    asked: list[str] = []
    time_statements(engine, lambda kind, _: asked.append(kind))

    assert feed.catch_up() == 1

    assert asked.count("select") <= 5
