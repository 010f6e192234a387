"""The runtime of a process, which begins to open before the page is imported."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dam_inventory.errors import DatabaseOpening, DatabaseUnavailable
from dam_inventory.runtime import Runtime
from dam_inventory.server import process
from dam_inventory.server.process import close_runtime, open_early, the_runtime, until_open


@pytest.fixture(autouse=True)
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Runtime]]:
    """Count what is opened, on a database of the test's own."""
    opened: list[Runtime] = []
    build = Runtime.from_environment

    def from_environment() -> Runtime:
        opened.append(build())
        return opened[-1]

    monkeypatch.setattr(Runtime, "from_environment", from_environment)
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", f"sqlite:///{tmp_path}/dams.db")
    yield opened
    close_runtime()


def test_a_runtime_that_was_opened_early_is_the_only_one(opened: list[Runtime]):
    open_early()
    runtime = the_runtime()
    open_early()

    assert the_runtime() is runtime
    assert opened == [runtime]


def test_a_database_that_could_not_be_opened_early_is_tried_again(
    opened: list[Runtime], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "later"
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", f"sqlite:///{folder}/dams.db")
    open_early()
    with pytest.raises(DatabaseUnavailable):
        the_runtime()
    folder.mkdir()

    assert the_runtime().inventory.count() == 2
    assert len(opened) == 1


def test_a_page_that_no_longer_waits_logs_nothing_when_the_database_fails(
    monkeypatch: pytest.MonkeyPatch,
):
    is_silent, logged = threading.Event(), []

    def fail() -> Runtime:
        is_silent.wait()
        raise DatabaseUnavailable("It is gone.")

    monkeypatch.setattr(Runtime, "from_environment", fail)
    monkeypatch.setattr(process, "SECONDS_TO_OPEN", 0.0)

    async def come_and_go() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: logged.append(told))
        open_early()
        await until_open()
        with pytest.raises(DatabaseOpening):
            the_runtime()
        is_silent.set()
        with pytest.raises(DatabaseUnavailable, match="gone"):
            await asyncio.to_thread(the_runtime)
        await asyncio.sleep(0)
        gc.collect()

    asyncio.run(come_and_go())

    assert logged == []
