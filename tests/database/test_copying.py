"""A copy of an inventory in another database: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, insert, inspect, make_url, select, text

from dam_inventory.database.copying import copy
from dam_inventory.database.imports import ALL_FIELDS, Choice
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.models import (
    Base,
    EndedLoginRow,
    FileMappingRow,
    WebhookCursorRow,
    WorkListsRow,
)
from dam_inventory.database.tokens import Tokens
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.errors import (
    DamInventoryError,
    DatabaseMissing,
    DatabaseUnavailable,
    InvalidBackup,
    InvalidCopy,
    InvalidSettings,
)
from tests.database.versions import migrate
from tests.importing import import_all
from tests.servers import new_database

Draft = Callable[..., DamDraft]
Opened = Callable[..., Engine]

_PAIRS = [(one, other) for one in ("sqlite", "postgresql") for other in ("sqlite", "postgresql")]
between_all = pytest.mark.parametrize(("database_url", "target_url"), _PAIRS, indirect=True)
to_both = pytest.mark.parametrize("target_url", ["sqlite", "postgresql"], indirect=True)

_NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=-7)))


@pytest.fixture
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that is empty, or does not exist yet."""
    with new_database(request, tmp_path / "copy.db") as url:
        yield url


@contextmanager
def unseen(_total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _more: None


class Watched:
    """Notes what is told about the progress, and does something after the first rows."""

    def __init__(self, act: Callable[[], None] = lambda: None) -> None:
        self.total = 0
        self.parts: list[int] = []
        self._act = act

    @contextmanager
    def __call__(self, total: int) -> Iterator[Callable[[int], None]]:
        self.total = total
        yield self._told

    def _told(self, more: int) -> None:
        self.parts.append(more)
        if len(self.parts) == 1:
            self._act()


def rows_of(url: str) -> dict[str, list[Any]]:
    """Return all rows of all tables; of the inventory only its id."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: [*connection.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    found["inventory"] = [row.id for row in found["inventory"]]
    return {name: [repr(row) for row in rows] for name, rows in found.items()}


def epoch_of(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        epoch = str(connection.execute(text("SELECT epoch FROM inventory")).scalar_one())
    engine.dispose()
    return epoch


def tables_in(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def fill(inventory: Inventory, draft: Draft) -> None:
    """Write rows to every table."""
    dam = inventory.add(draft("Crête d'Étiage", state="Utah", other_facts={"Ort": "Zürich 1"}))
    inventory.add(draft("Gone"))
    inventory.edit(dam.dam_id, {"latitude": 40.1 + 0.2}, dam.seq)
    inventory.remove(dam.dam_id + 1, dam.seq + 1)
    one = Hydrograph([0, 0.1, 1 / 3], [5, float("nan"), 1e15], _NOON, "Spring", "Dry")
    inventory.assign_hydrograph(dam.dam_id, one)
    inventory.assign_hydrograph(dam.dam_id, Hydrograph([0, 1], [1, 2]), beside=True)
    import_all(inventory, [{"dam_name": "Far", "latitude": -1.5, "longitude": 9.25}])
    import_all(
        inventory,
        [{"dam_name": "Far", "latitude": -1.5, "longitude": 9.25, "owner": "Ann"}],
        choice=Choice(update=ALL_FIELDS),
    )
    Tokens(inventory).make("ann", "QGIS", 30)
    with inventory.writing() as connection:
        for row, values in (
            (WorkListsRow, {"user_name": "ann", "lists": {"lists": [1, 2.5, "é"]}}),
            (FileMappingRow, {"header": "0" * 64, "mapping": {"a": 1}, "by": None, "at": _NOON}),
            (EndedLoginRow, {"login_id": "1" * 64, "expires_at": _NOON}),
            (
                WebhookCursorRow,
                {"url": "2" * 64, "epoch": "e", "seq": 5, "token": "t", "holder": "", "beat": 9},
            ),
        ):
            connection.execute(insert(row).values(**values))


@between_all
def test_a_copy_has_every_row_of_every_table_and_an_epoch_of_its_own(
    inventory: Inventory, database_url: str, target_url: str, draft: Draft, opened: Opened
):
    fill(inventory, draft)
    before = rows_of(database_url)
    assert all(before.values())

    done = copy(database_url, target_url, unseen)

    assert rows_of(target_url) == before == rows_of(database_url)
    assert epoch_of(target_url) != epoch_of(database_url)
    assert (done.dams, done.changes) == (inventory.count(), len(before["changes"]))
    copied = Inventory(opened(target_url))
    assert copied.changes_since(0) == inventory.changes_since(0)
    curve = copied.hydrograph(3)
    assert curve is not None
    assert (curve.start, curve.name, curve.missing) == (_NOON, "Spring", 1)


@between_all
def test_a_copy_uses_no_id_again_that_the_inventory_has_given(
    inventory: Inventory, database_url: str, target_url: str, draft: Draft, opened: Opened
):
    for flow in (1, 2):
        inventory.assign_hydrograph(1, Hydrograph([0, 1], [flow, 2]), beside=True)
    tokens = Tokens(inventory)
    tokens.make("ann")
    tokens.make("bert")
    tokens.revoke(2)
    with inventory.writing() as connection:
        connection.execute(text("DELETE FROM hydrographs WHERE id = 2"))
        connection.execute(text("DELETE FROM dams WHERE id = 2"))

    copy(database_url, target_url, unseen)

    copied = Inventory(opened(target_url))
    added = copied.add(draft())
    assert (added.dam_id, added.seq) == (3, inventory.changes_since(0)[-1].seq + 1)
    copied.assign_hydrograph(added.dam_id, Hydrograph([0, 1], [1, 2]))
    assert [head.id for head in copied.hydrograph_heads(added.dam_id)] == [3]
    Tokens(copied).make("dora")
    assert [token.id for token in Tokens(copied).all()] == [1, 3]


@to_both
def test_what_is_committed_during_a_copy_is_not_in_it(
    inventory: Inventory, database_url: str, target_url: str, draft: Draft, opened: Opened
):
    watched = Watched(lambda: inventory.add(draft("Too late")) and None)

    done = copy(database_url, target_url, watched)

    assert (done.dams, done.changes) == (2, 2)
    assert inventory.count() == 3
    assert Inventory(opened(target_url)).count() == 2


@to_both
def test_a_copy_that_fails_leaves_nothing(
    inventory: Inventory, database_url: str, target_url: str, tmp_path: Path
):
    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(database_url, target_url, Watched(fail))

    if target_url.startswith("sqlite"):
        assert [one.name for one in tmp_path.iterdir() if "copy.db" in one.name] == []
    else:
        assert tables_in(target_url) == []
    copy(database_url, target_url, unseen)
    assert rows_of(target_url) == rows_of(database_url)


def test_rows_are_copied_in_batches_whose_sum_is_told(
    inventory: Inventory, database_url: str, target_url: str
):
    import_all(inventory, ({"dam_name": f"Dam {number}"} for number in range(2_500)))
    watched = Watched()

    copy(database_url, target_url, watched)

    assert max(watched.parts) <= 1_000
    assert watched.total == sum(watched.parts) == sum(map(len, rows_of(database_url).values()))


@to_both
def test_an_inventory_without_dams_gets_a_copy_and_its_open_pages_move_to_it(
    inventory: Inventory, database_url: str, target_url: str, opened: Opened
):
    other = Inventory(opened(target_url, example_dams=False))
    page = other.snapshot()

    copy(database_url, target_url, unseen)

    newest, changes = other.advance(page)
    assert (len(newest.frame), changes) == (2, [])
    assert newest.ground.epoch not in (page.ground.epoch, epoch_of(database_url))


@to_both
def test_a_database_with_dams_or_changes_is_refused_and_kept(
    inventory: Inventory, database_url: str, target_url: str, draft: Draft, opened: Opened
):
    other = Inventory(opened(target_url))
    other.add(draft())
    other.remove(1, 3)
    before, epoch = rows_of(target_url), epoch_of(target_url)

    with pytest.raises(InvalidCopy, match=r"already has 3 dams and 4 changes\. Nothing was copied"):
        copy(database_url, target_url, unseen)

    assert (rows_of(target_url), epoch_of(target_url)) == (before, epoch)


@to_both
def test_a_database_that_was_opened_by_accident_is_refused_with_what_to_do(
    inventory: Inventory, database_url: str, target_url: str, opened: Opened
):
    opened(target_url)
    what = "Move the file away" if target_url.startswith("sqlite") else "Drop that database"

    with pytest.raises(InvalidCopy, match=f"only the two example dams: .*{what}.*copy again"):
        copy(database_url, target_url, unseen)


@to_both
def test_a_database_with_tokens_only_is_refused(
    inventory: Inventory, database_url: str, target_url: str, opened: Opened
):
    Tokens(Inventory(opened(target_url, example_dams=False))).make("ann")

    with pytest.raises(InvalidCopy, match="already has rows in its table tokens"):
        copy(database_url, target_url, unseen)


@to_both
def test_a_database_of_another_program_is_refused_and_kept(
    inventory: Inventory, database_url: str, target_url: str
):
    engine = create_engine(target_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE dams (id INTEGER)"))
    engine.dispose()

    with pytest.raises(InvalidCopy, match="has tables of another program, such as dams"):
        copy(database_url, target_url, unseen)

    assert tables_in(target_url) == ["dams"]


def test_the_file_of_the_inventory_itself_is_refused_under_any_name(
    inventory: Inventory, database_url: str, tmp_path: Path
):
    (tmp_path / "other.db").symlink_to("dams.db")
    os.link(tmp_path / "dams.db", tmp_path / "third.db")

    for name in ("dams.db", "other.db", "third.db"):
        with pytest.raises(InvalidCopy, match=f"{name} is the inventory itself"):
            copy(database_url, f"sqlite:///{tmp_path / name}", unseen)


@pytest.mark.databases("postgresql")
def test_the_database_of_the_inventory_itself_is_refused_under_any_name(
    inventory: Inventory, database_url: str
):
    url = make_url(database_url).set(drivername="postgresql", host="localhost")
    for text_of in (database_url, url.render_as_string(hide_password=False)):
        with pytest.raises(InvalidCopy, match="is the inventory itself") as refused:
            copy(database_url, text_of, unseen)
        assert "pass" not in str(refused.value)


@pytest.mark.databases("sqlite", "postgresql")
def test_a_database_without_an_inventory_is_not_copied_and_stays_empty(
    database_url: str, target_url: str, tmp_path: Path
):
    if database_url.startswith("sqlite"):
        (tmp_path / "dams.db").touch()

    with pytest.raises(InvalidCopy, match="contains no inventory"):
        copy(database_url, target_url, unseen)

    assert tables_in(database_url) == []
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_a_copy_is_not_written_to_a_file_that_sqlite_keeps_beside_the_database(
    inventory: Inventory, database_url: str, ending: str
):
    with pytest.raises(InvalidCopy, match=f"dams.db{ending} belongs to the inventory itself"):
        copy(database_url, f"{database_url}{ending}", unseen)


def test_a_copy_never_replaces_what_is_not_a_regular_file(
    inventory: Inventory, database_url: str, tmp_path: Path
):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(DatabaseUnavailable, match="pipe is not a regular file"):
        copy(database_url, f"sqlite:///{pipe}", unseen)

    assert pipe.is_fifo()


def test_a_missing_file_is_not_copied_and_not_created(
    database_url: str, target_url: str, tmp_path: Path
):
    with pytest.raises(DatabaseMissing) as raised:
        copy(database_url, target_url, unseen)

    assert str(raised.value) == (
        f"{tmp_path / 'dams.db'} does not exist. Set DAM_INVENTORY_DATABASE_URL to your inventory."
    )

    assert [*tmp_path.iterdir()] == []


def test_an_inventory_of_an_older_version_is_not_copied_and_not_upgraded(
    engine: Engine, database_url: str, target_url: str
):
    migrate(database_url, "0002")

    with pytest.raises(InvalidCopy, match=r"another version of the Dam Inventory\. Back it up"):
        copy(database_url, target_url, unseen)

    assert "tokens" not in tables_in(database_url)


def test_an_empty_inventory_of_a_newer_version_is_refused(
    inventory: Inventory, database_url: str, target_url: str, opened: Opened
):
    with Inventory(opened(target_url, example_dams=False)).writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(InvalidCopy, match="of a newer version of the Dam Inventory"):
        copy(database_url, target_url, unseen)


def test_a_postgresql_database_that_does_not_exist_is_named_with_what_to_do(
    inventory: Inventory, database_url: str, postgresql: Any
):
    with postgresql.database() as url:
        missing = make_url(url).set(database="nowhere").render_as_string(hide_password=False)

        with pytest.raises(DatabaseUnavailable, match=r"/nowhere.*with createdb") as refused:
            copy(database_url, missing, unseen)

    assert "pass" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "error", "said"),
    [
        ("mysql://ann:secret@host/dams", InvalidSettings, "--to is .* must name an SQLite file"),
        ("dams.db", InvalidSettings, "--to is .* like sqlite:///dam_inventory.db"),
        ("postgresql://ann:secret@host:port/d", InvalidSettings, "--to is .* must name"),
        ("sqlite://", InvalidSettings, "--to is .* must name an SQLite file"),
        ("sqlite:///nowhere/dams.db", InvalidBackup, "nowhere/dams.db can't be written: No such"),
    ],
)
def test_what_is_no_database_is_refused_without_its_password(
    inventory: Inventory, database_url: str, url: str, error: type[DamInventoryError], said: str
):
    with pytest.raises(error, match=said) as refused:
        copy(database_url, url, unseen)

    assert "secret" not in str(refused.value)
