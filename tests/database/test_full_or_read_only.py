"""A full disk or a read-only database: it reports a sentence, and reads continue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event, func, select

from dam_inventory.config.settings import Settings
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.models import ChangeRow, HydrographPointRow, HydrographRow
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.errors import DatabaseUnavailable
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.runtime import Runtime
from dam_inventory.session.store import DamStore
from tests.importing import look_at

Draft = Callable[..., DamDraft]
TABLES = (HydrographRow, HydrographPointRow, ChangeRow)


@pytest.fixture
def room(engine: Engine) -> Callable[[int], None]:
    """Limit the database to a number of 4 kB pages; then SQLite reports a full disk."""
    pages = [1_000_000]

    def limit(dbapi_connection, _record) -> None:
        dbapi_connection.execute(f"PRAGMA max_page_count = {pages[0]}")

    def room(number: int) -> None:
        pages[0] = number
        engine.dispose()

    event.listen(engine, "connect", limit)
    return room


def add_many(store: DamStore, draft: Draft) -> None:
    for i in range(1000):
        store.add(draft(f"Dam {i}", website=f"https://example.org/{'x' * 170}"))


def test_a_full_disk_is_reported_in_a_sentence_and_reads_continue(
    room: Callable[[int], None],
    inventory: Inventory,
    feed: ChangeFeed,
    store: DamStore,
    draft: Draft,
    caplog: pytest.LogCaptureFixture,
):
    colleague = DamStore(inventory, feed)
    room(20)

    with pytest.raises(DatabaseUnavailable) as raised:
        add_many(store, draft)

    assert str(raised.value) == "The database or its disk is full. Nothing was saved."
    assert inventory.write_fault == str(raised.value)
    assert caplog.text.count("The database reported an error: database or disk is full.") == 1
    added = len(inventory.changes_since(2))
    assert 0 < added == len(colleague.news.waiting)
    colleague.reload()
    assert len(colleague.dams) == len(store.dams) == inventory.count() == 2 + added
    room(1_000_000)
    assert store.add(draft("After the disk was cleared")).seq == 3 + added
    assert inventory.write_fault == ""
    colleague.close()


def test_an_import_that_finds_no_room_saves_nothing_and_succeeds_when_there_is_room(
    room: Callable[[int], None], inventory: Inventory, store: DamStore
):
    dams = [{"dam_name": f"Dam {number}", "website": "x" * 190} for number in range(500)]
    before = inventory.snapshot()
    room(40)

    with look_at(inventory, dams) as look:
        with pytest.raises(DatabaseUnavailable, match=r"^The database or its disk is full"):
            inventory.import_dams(look)

        assert inventory.snapshot().frame.equals(before.frame)
        assert len(inventory.changes_since(0)) == 2
        room(1_000_000)
        assert inventory.import_dams(look).added == 500
    assert inventory.count() == 502


def test_a_hydrograph_that_finds_no_room_is_not_half_there(
    room: Callable[[int], None], engine: Engine, inventory: Inventory
):
    hydrograph = Hydrograph(range(20_000), range(20_000))
    room(30)

    with pytest.raises(DatabaseUnavailable, match=r"^The database or its disk is full"):
        inventory.assign_hydrograph(1, hydrograph)

    assert rows(engine) == (0, 0, 2)
    room(1_000_000)
    inventory.assign_hydrograph(1, hydrograph)
    assert rows(engine) == (1, 20_000, 3)


def rows(engine: Engine) -> tuple[int, ...]:
    """Return the number of hydrographs, of their points, and of changes."""
    with engine.connect() as connection:
        counts = (select(func.count()).select_from(one) for one in TABLES)
        return tuple(connection.execute(one).scalar_one() for one in counts)


@pytest.mark.databases("sqlite", "postgresql")
def test_a_read_only_process_reports_it_and_still_gets_changes_of_others(
    engine: Engine, inventory: Inventory, database_url: str, draft: Draft, wait_until
):
    is_file = engine.name == "sqlite"
    file = database_url.replace("sqlite:///", "sqlite:///file:")
    only_reading = "options=-c%20default_transaction_read_only%3Don"
    url = f"{file}?mode=ro&uri=true" if is_file else f"{database_url}?{only_reading}"

    with Runtime(Settings(database_url=url, heartbeat_seconds=3600)) as runtime:
        store = DamStore(runtime.inventory, runtime.feed)
        wait_until(lambda: runtime.feed.is_connected)
        with pytest.raises(DatabaseUnavailable, match=r"read-?only .*\. Nothing was saved\."):
            store.add(draft())
        inventory.add(draft("From somebody who may write"))
        wait_until(lambda: store.news.waiting)
        store.reload()

        assert store.dams["dam_name"].tolist()[2:] == ["From somebody who may write"]
        store.close()
