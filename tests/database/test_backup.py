"""Backup and restore of an inventory that is in use."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dam_inventory.cli.main import main
from dam_inventory.database import file_copies, restoring, schema
from dam_inventory.database.backup import backup
from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.restoring import restore
from dam_inventory.database.sqlite import wal_of
from dam_inventory.database.tokens import Tokens
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.errors import DatabaseMissing, DatabaseUnavailable, InvalidBackup
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.store import DamStore
from tests.database.versions import migrate
from tests.importing import import_all

Draft = Callable[..., DamDraft]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The database file."""
    return tmp_path / "dams.db"


@pytest.fixture
def saved(tmp_path: Path, database_url: str, store: DamStore) -> Path:
    """A backup with the two example dams."""
    backup(database_url, tmp_path / "saved.db")
    return tmp_path / "saved.db"


def dams_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as plain:
        names = plain.execute("SELECT dam_name FROM dams WHERE removed_at IS NULL ORDER BY id")
        return [name for (name,) in names]


def names(path: Path) -> set[str]:
    return {one.name for one in path.parent.iterdir() if "-shm" not in one.name}


def test_a_backup_during_writes_is_one_file_with_all_committed_data(
    inventory: Inventory, engine: Engine, database_url: str, tmp_path: Path, draft: Draft
):
    dam = inventory.add(draft("Heron Lake"))
    inventory.assign_hydrograph(dam.dam_id, Hydrograph([0, 1], [5, 6]))
    reader = engine.connect()
    reader.exec_driver_sql("SELECT * FROM dams").fetchone()  # keeps later commits in the WAL
    inventory.add(draft("Ouzel"))

    done = backup(database_url, tmp_path / "out.db")

    reader.close()
    (tmp_path / "elsewhere").mkdir()
    copy = shutil.copy(tmp_path / "out.db", tmp_path / "elsewhere")
    assert (done.dams, done.changes) == (4, 5)
    assert dams_in(copy) == ["Deer Creek", "Jordanelle", "Heron Lake", "Ouzel"]
    assert stat.S_IMODE((tmp_path / "out.db").stat().st_mode) == 0o600
    assert not [name for name in names(tmp_path / "out.db") if name.startswith(".")]


def test_an_open_process_sees_the_restored_inventory(
    store: DamStore, feed: ChangeFeed, inventory: Inventory, database_url: str, file: Path,
    saved: Path, draft: Draft,
):  # fmt: skip
    ghost = store.add(draft("A ghost"))
    inode = file.stat().st_ino

    done = restore(database_url, saved)
    feed.catch_up()

    assert (done.dams, done.changes) == (2, 2)
    assert store.dams["dam_name"].tolist() == dams_in(file) == ["Deer Creek", "Jordanelle"]
    assert file.stat().st_ino == inode
    assert store.news.is_restored
    assert dams_in(done.kept)[2:] == ["A ghost"]
    real = store.add(draft("Real"))
    assert (real.dam_id, real.seq) == (ghost.dam_id + 1, ghost.seq + 1)


def test_a_restore_of_an_older_backup_names_the_database_that_it_becomes(
    database_url: str, inventory: Inventory, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    migrate(f"sqlite:///{tmp_path / 'older.backup'}", "0008")

    restore(database_url, tmp_path / "older.backup")

    newest = schema.newest_version()
    assert caplog.messages == [f"Upgraded the tables of dams.db from version 0008 to {newest}."]


def test_each_restore_sets_a_new_epoch_and_keeps_the_inventory_id(
    inventory: Inventory, database_url: str, file: Path, saved: Path
):
    def row() -> tuple[str, str]:
        with closing(sqlite3.connect(file)) as plain:
            return plain.execute("SELECT id, epoch FROM inventory").fetchone()

    rows = [row()]
    for _ in range(2):
        restore(database_url, saved)
        rows.append(row())

    assert len({number for number, _ in rows}) == 1
    assert len({epoch for _, epoch in rows}) == 3


def test_no_number_is_given_again_after_a_restore(
    inventory: Inventory, database_url: str, saved: Path, draft: Draft
):
    tokens = Tokens(inventory)
    lost = inventory.add(draft("Lost"))
    last = inventory.assign_hydrograph(lost.dam_id, Hydrograph([0, 1], [5, 6]))
    [curve] = inventory.hydrograph_heads(lost.dam_id)
    tokens.make("anna")
    [token] = tokens.all()
    restore(database_url, saved)

    found = inventory.add(draft("Found"))
    inventory.assign_hydrograph(found.dam_id, Hydrograph([0, 1], [5, 6]))
    tokens.make("anna")

    assert found.dam_id > lost.dam_id
    assert found.seq > last.seq
    assert inventory.hydrograph_heads(found.dam_id)[0].id > curve.id
    assert [one.id for one in tokens.all()] == [token.id + 1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"Dear Anna, this is no database. " * 200, "not a database"),
        (None, "does not exist"),
    ],
)
def test_a_file_that_is_not_a_backup_is_refused_and_changes_nothing(
    inventory: Inventory, database_url: str, file: Path, tmp_path: Path,
    content: bytes | None, sentence: str,
):  # fmt: skip
    if content is not None:
        (tmp_path / "letter").write_bytes(content)
    before = names(file)

    with pytest.raises(InvalidBackup, match=sentence):
        restore(database_url, tmp_path / "letter")

    assert inventory.count() == 2
    assert names(file) == before


def foreign(plain: sqlite3.Connection) -> None:
    plain.execute("DROP TABLE changes")


def newer(plain: sqlite3.Connection) -> None:
    plain.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize(
    ("made", "sentence"),
    [(foreign, "does not contain an inventory"), (newer, "by a newer version")],
)
def test_another_kind_of_database_is_refused_and_changes_nothing(
    inventory: Inventory, database_url: str, file: Path, saved: Path,
    made: Callable[[sqlite3.Connection], None], sentence: str,
):  # fmt: skip
    with closing(sqlite3.connect(saved)) as plain:
        made(plain)
        plain.commit()
    before = names(file)

    with pytest.raises(InvalidBackup, match=rf"saved\.db .*{sentence}.* Nothing was changed"):
        restore(database_url, saved)

    assert inventory.count() == 2
    assert names(file) == before


def test_a_damaged_backup_is_refused_and_changes_nothing(
    inventory: Inventory, database_url: str, saved: Path
):
    content = bytearray(saved.read_bytes())
    content[4096 * 2 : 4096 * 4] = b"\xff" * 4096 * 2
    saved.write_bytes(content)

    with pytest.raises(InvalidBackup, match="Nothing was changed"):
        restore(database_url, saved)

    assert inventory.count() == 2


def test_a_restore_that_fails_at_the_end_changes_nothing(
    store: DamStore, inventory: Inventory, database_url: str, saved: Path, file: Path,
    draft: Draft, monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    store.add(draft("Heron Lake"))
    monkeypatch.setattr(file_copies, "BUSY_TIMEOUT", 200)
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="locked"):
            restore(database_url, saved)

    assert dams_in(file)[2:] == ["Heron Lake"]


def test_a_backup_of_an_older_version_is_upgraded(
    inventory: Inventory, database_url: str, saved: Path
):
    migrate(f"sqlite:///{saved}", "0002")

    assert restore(database_url, saved).dams == 2
    assert inventory.count() == 2


def test_a_backup_with_another_page_size_is_restored(
    inventory: Inventory, database_url: str, saved: Path, file: Path
):
    with closing(sqlite3.connect(saved, isolation_level=None)) as plain:
        plain.execute("PRAGMA page_size = 1024")
        plain.execute("VACUUM")

    restore(database_url, saved)

    assert inventory.count() == 2


@pytest.mark.parametrize("what", ["missing", "empty", "nonsense"])
def test_a_backup_replaces_an_unreadable_database(
    store: DamStore, feed: ChangeFeed, database_url: str, saved: Path, file: Path,
    draft: Draft, what: str,
):  # fmt: skip
    store.add(draft("A ghost"))
    if what == "missing":
        file.unlink()
    else:
        file.write_bytes(b"" if what == "empty" else b"Dear Anna, no database. " * 1000)

    done = restore(database_url, saved)
    feed.catch_up()

    assert len(store.dams) == 2
    assert store.add(draft("Real")).dam_name in dams_in(file)
    assert (done.kept is not None) == (what == "nonsense")


def test_a_backup_overwrites_a_file_only_with_force(
    inventory: Inventory, database_url: str, saved: Path, draft: Draft
):
    inventory.add(draft("Heron Lake"))

    with pytest.raises(InvalidBackup, match=r"already exists.*--force"):
        backup(database_url, saved)
    assert dams_in(saved) == ["Deer Creek", "Jordanelle"]

    backup(database_url, saved, force=True)
    assert dams_in(saved)[2:] == ["Heron Lake"]


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize("is_link", [True, False])
def test_a_backup_never_replaces_what_is_not_a_regular_file(
    inventory: Inventory, database_url: str, tmp_path: Path, force: bool, is_link: bool
):
    target = pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if is_link:
        target = tmp_path / "link"
        target.symlink_to(pipe)

    with pytest.raises(InvalidBackup, match=r"is not a regular file\. Choose another file\.$"):
        backup(database_url, target, force=force)

    assert pipe.is_fifo()
    assert target.is_symlink() == is_link


def test_a_backup_through_a_link_overwrites_the_file_behind_it(
    inventory: Inventory, database_url: str, saved: Path, draft: Draft
):
    link = saved.with_name("link")
    link.symlink_to(saved)
    inventory.add(draft("Heron Lake"))

    backup(database_url, link, force=True)

    assert link.is_symlink()
    assert dams_in(saved)[2:] == ["Heron Lake"]


def test_neither_a_restore_nor_a_start_replaces_what_is_not_a_regular_file(
    inventory: Inventory, saved: Path, tmp_path: Path
):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(InvalidBackup, match="pipe is not a regular file"):
        restore(f"sqlite:///{pipe}", saved)
    with pytest.raises(DatabaseUnavailable, match="pipe is not a regular file"):
        open_database(f"sqlite:///{pipe}")

    assert pipe.is_fifo()


def test_the_database_itself_is_refused_as_backup_file(
    inventory: Inventory, database_url: str, file: Path
):
    for act in (backup, restore):
        with pytest.raises(InvalidBackup, match="is the database itself"):
            act(database_url, file)
    with pytest.raises(InvalidBackup, match="is the database itself"):
        backup(database_url, file, force=True)
    assert inventory.count() == 2


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("force", [True, False])
def test_the_files_that_sqlite_keeps_beside_the_database_are_refused_as_backup_file(
    inventory: Inventory, database_url: str, file: Path, ending: str, force: bool, draft: Draft
):
    inventory.add(draft("Heron Lake"))
    beside = Path(f"{file}{ending}")
    before = beside.read_bytes() if beside.exists() else None

    with pytest.raises(InvalidBackup, match="belongs to the database itself"):
        backup(database_url, beside, force=force)

    assert (beside.read_bytes() if beside.exists() else None) == before
    assert dams_in(file)[2:] == ["Heron Lake"]


@pytest.mark.parametrize("is_linked", ["database", "target"])
def test_a_link_does_not_hide_the_write_ahead_log(
    inventory: Inventory, file: Path, tmp_path: Path, is_linked: str
):
    path, target = file, wal_of(file)
    (tmp_path / "links").mkdir()
    link = tmp_path / "links/link.db"
    if is_linked == "database":
        link.symlink_to(path)
        path = link
    else:
        link.symlink_to(target)
        target = link

    with pytest.raises(InvalidBackup, match="belongs to the database itself"):
        backup(f"sqlite:///{path}", target, force=True)


@pytest.mark.parametrize("what", ["backup", "restore"])
def test_a_full_disk_is_said_of_the_file_that_is_written(
    inventory: Inventory, database_url: str, file: Path, saved: Path, tmp_path: Path, what: str,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    def connected(path: Path, mode: str = "rw") -> closing[sqlite3.Connection]:
        connection = plainly(path, mode)
        if path.name.startswith("."):
            connection.thing.execute("PRAGMA max_page_count = 3")
        return connection

    plainly = file_copies.connected
    monkeypatch.setattr(file_copies, "connected", connected)
    out = tmp_path / "out.db"
    before = names(file)
    act, read, written = (backup, out, out) if what == "backup" else (restore, saved, file)

    with pytest.raises(InvalidBackup) as raised:
        act(database_url, read)

    said = f"{written} can't be written: its disk is full. Nothing was changed."
    assert str(raised.value) == said
    assert names(file) == before
    assert inventory.count() == 2


def test_a_backup_of_a_missing_database_is_refused(database_url: str, tmp_path: Path):
    with pytest.raises(DatabaseMissing) as raised:
        backup(database_url, tmp_path / "out.db")

    assert str(raised.value) == (
        f"{tmp_path / 'dams.db'} does not exist. Set DAM_INVENTORY_DATABASE_URL to your inventory."
    )
    assert list(tmp_path.iterdir()) == []


def test_for_postgresql_the_error_names_its_commands_without_the_password(tmp_path: Path):
    url = "postgresql+psycopg://anna:secret@db.example.org:5433/dams"

    for act, command in ((backup, "pg_dump"), (restore, "pg_restore")):
        with pytest.raises(InvalidBackup, match=command) as raised:
            act(url, tmp_path / "dams.dump")
        assert "postgresql://anna@db.example.org:5433/dams" in str(raised.value)
        assert "secret" not in str(raised.value)


def test_backup_and_restore_work_during_continuous_writes(
    inventory: Inventory, database_url: str, tmp_path: Path, draft: Draft
):
    is_over = threading.Event()

    def write() -> None:
        while not is_over.is_set():
            inventory.add(draft())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backup(database_url, tmp_path / "out.db")
        restore(database_url, tmp_path / "out.db")
    finally:
        is_over.set()
        writer.join()

    with closing(sqlite3.connect(tmp_path / "dams.db")) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


WRITE_AT_ONCE = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    database.execute("UPDATE dams SET dam_name = 'Saved in between' WHERE id = 1")
except sqlite3.OperationalError as error:
    print(error)
"""


def test_no_other_process_saves_between_what_is_kept_and_what_replaces_it(
    store: DamStore, database_url: str, file: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
):
    answers = []

    def copy(source: Path, target: Path, *arguments: Any, **options: Any) -> None:
        copied(source, target, *arguments, **options)
        if source == file:
            writing = [sys.executable, "-c", WRITE_AT_ONCE, str(file)]
            answers.append(subprocess.run(writing, capture_output=True, text=True).stdout)

    copied = restoring.copy
    monkeypatch.setattr(restoring, "copy", copy)

    restore(database_url, saved)

    assert answers == ["database is locked\n"]
    assert dams_in(file) == ["Deer Creek", "Jordanelle"]


WRITE_ON = """
import sys
from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft

inventory = Inventory(open_database(sys.argv[1], example_dams=False))
for number in range(100_000):
    dam = DamDraft(f"Dam {number}", "Reclamation", "Willow Creek", "1971", 36.67, -106.7)
    print(inventory.add(dam).dam_name, flush=True)
"""


@pytest.mark.slow
def test_what_another_process_saves_during_a_restore_is_in_one_of_the_two_files(
    store: DamStore, database_url: str, file: Path, saved: Path
):
    writing = [sys.executable, "-c", WRITE_ON, database_url]
    with subprocess.Popen(writing, stdout=subprocess.PIPE, text=True) as writer:
        told = [writer.stdout.readline() for _ in range(3)]
        done = restore(database_url, saved)
        told += [writer.stdout.readline() for _ in range(30)]
        writer.kill()
        told += writer.stdout.readlines()

    confirmed = {one.strip() for one in told if one.endswith("\n")}
    assert len(confirmed) >= 33
    assert confirmed <= {*dams_in(done.kept), *dams_in(file)}


def test_a_database_that_nobody_has_opened_yet_is_replaced(
    store: DamStore, file: Path, saved: Path, tmp_path: Path
):
    copy = tmp_path / "elsewhere.db"
    shutil.copy(saved, copy)

    done = restore(f"sqlite:///{copy}", saved)

    assert dams_in(copy) == dams_in(done.kept) == ["Deer Creek", "Jordanelle"]


def test_the_commands_report_their_results(
    capsys: pytest.CaptureFixture[str], inventory: Inventory, database_url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)

    assert main(["backup", "out.db"]) == 0
    assert capsys.readouterr().out == "Backed up 2 dams and 2 changes to out.db.\n"
    assert main(["backup", "out.db"]) == 1
    assert capsys.readouterr().err.startswith("out.db already exists.")
    assert main(["restore", "out.db"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Restored 2 dams and 2 changes from out.db."
    assert "dams.before-restore-" in said[1]


# What is opened


def test_creating_a_database_is_logged(
    database_url: str, opened: Callable[..., Engine], caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO", logger="dam_inventory")

    opened(database_url)
    opened(database_url)

    said = [one for one in caplog.messages if "new inventory" in one]
    assert said == ["dams.db did not exist. Created a new inventory with two example dams."]


@pytest.mark.databases("postgresql")
def test_creating_a_postgresql_database_is_logged(
    database_url: str, opened: Callable[..., Engine], caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO", logger="dam_inventory")

    opened(database_url)

    assert (
        "The database was empty. Created a new inventory with two example dams." in caplog.messages
    )


def test_an_empty_file_becomes_an_inventory_without_examples_and_is_logged(
    file: Path, database_url: str, opened: Callable[..., Engine], caplog: pytest.LogCaptureFixture
):
    file.touch(mode=0o600)

    assert Inventory(opened(database_url)).count() == 0
    assert caplog.messages == ["dams.db was empty. Created a new inventory without dams."]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_copy_without_its_write_ahead_log_is_refused_and_kept(file: Path, tmp_path: Path):
    """The result of `cp` on a database that a process of an older version is using."""
    with closing(sqlite3.connect(tmp_path / "live.db", isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("CREATE TABLE dams (id)")
        shutil.copy(tmp_path / "live.db", file)
    before = file.read_bytes()

    with pytest.raises(DatabaseUnavailable, match=r"does not contain an inventory.* backup FILE"):
        open_database(f"sqlite:///{file}")

    assert file.read_bytes() == before


@pytest.mark.parametrize("is_there", [True, False])
def test_a_write_ahead_log_without_its_file_is_refused_and_kept(
    file: Path, tmp_path: Path, is_there: bool
):
    wal = tmp_path / "dams.db-wal"
    wal.write_bytes(b"what was committed")
    if is_there:
        file.touch()

    with pytest.raises(DatabaseUnavailable, match=r"write-ahead log dams\.db-wal has content"):
        open_database(f"sqlite:///{file}")

    assert (wal.read_bytes(), file.exists()) == (b"what was committed", is_there)


def test_a_copy_of_only_the_file_has_all_committed_data(
    inventory: Inventory, file: Path, tmp_path: Path, draft: Draft, opened: Callable[..., Engine]
):
    inventory.add(draft("Heron Lake"))
    shutil.copy(file, tmp_path / "copy.db")

    assert Inventory(opened(f"sqlite:///{tmp_path / 'copy.db'}")).count() == 3


def test_an_import_leaves_no_write_ahead_log_behind(inventory: Inventory, file: Path):
    dams = [{"dam_name": f"Dam {number}", "river": "Green River"} for number in range(5_000)]

    import_all(inventory, dams, "dams.csv")

    assert inventory.count() == 5_002
    assert wal_of(file).stat().st_size == 0
    assert file.stat().st_size > 100 * 5_000


@pytest.mark.slow
def test_a_killed_process_leaves_all_committed_data_in_the_file(
    file: Path, database_url: str, tmp_path: Path, opened: Callable[..., Engine]
):
    program = (
        "import os, signal, sys; from dam_inventory import *\n"
        "runtime = Runtime(Settings(database_url=sys.argv[1]))\n"
        "runtime.inventory.add(DamDraft('Heron Lake', 'Other', 'Provo', '1941', 40.5, -111.5))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run(
        [sys.executable, "-c", program, database_url],
        cwd=Path(__file__).parents[2], check=False, timeout=60,
    )  # fmt: skip
    shutil.copy(file, tmp_path / "copy.db")

    assert Inventory(opened(f"sqlite:///{tmp_path / 'copy.db'}")).count() == 3
