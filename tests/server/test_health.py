"""Health of a process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dam_inventory.errors import DatabaseUnavailable
from dam_inventory.runtime import Runtime
from dam_inventory.server.health import SILENT, Health, Report


class Locked:
    """Opens a runtime but blocks, like a database whose machine is down."""

    def __init__(self) -> None:
        self.asked = 0
        self.release = threading.Event()

    def __call__(self) -> Runtime:
        self.asked += 1
        self.release.wait()
        raise DatabaseUnavailable("Too late.")


@pytest.fixture
def locked() -> Iterator[Locked]:
    locked = Locked()
    yield locked
    locked.release.set()


def test_it_reports_the_newest_published_change(
    runtime: Runtime, draft: Callable[..., Any], wait_until: Callable[..., None]
):
    runtime.feed.start()
    wait_until(lambda: runtime.feed.is_connected)
    health = Health(lambda: runtime)

    before = asyncio.run(health.report())
    runtime.inventory.add(draft())
    runtime.feed.announce()

    assert before.as_json() == {
        "status": "ok",
        "database": True,
        "relay": "connected",
        "seq": 2,
        "epoch": runtime.feed.snapshot.epoch,
        "process": runtime.process,
    }
    assert asyncio.run(health.report()).seq == 3


def test_without_its_relay_a_process_is_degraded(runtime: Runtime):
    report = asyncio.run(Health(lambda: runtime).report())

    assert report.as_json()["relay"] == "disconnected"
    assert report.as_json()["status"] == "degraded"


def test_a_database_that_can_not_be_opened_is_reported_and_tried_again(runtime: Runtime):
    answers: list[Any] = [DatabaseUnavailable("It is gone."), runtime]

    def open_runtime() -> Runtime:
        match answers.pop(0):
            case Runtime() as found:
                return found
            case error:
                raise error

    health = Health(open_runtime)

    assert asyncio.run(health.report()) == Report(
        database=False, relay=False, seq=None, problem=SILENT
    )
    assert asyncio.run(health.report()).database


def test_a_lost_database_is_reported(runtime: Runtime, monkeypatch: pytest.MonkeyPatch):
    def fail(**_: Any) -> None:
        raise DatabaseUnavailable("It is gone.")

    health = Health(lambda: runtime)
    assert asyncio.run(health.report()).database
    monkeypatch.setattr(runtime.inventory, "history", fail)

    report = asyncio.run(health.report())

    assert (report.database, report.seq) == (False, 2)
    assert report.as_json()["status"] == "unavailable"


def test_concurrent_reports_share_one_query_of_an_unresponsive_database(locked: Locked):
    health = Health(locked, patience=0.01)

    async def ask() -> list[Report]:
        first = await health.report()
        return [first, *await asyncio.gather(*(health.report() for _ in range(20)))]

    assert {report.database for report in asyncio.run(ask())} == {False}
    assert locked.asked == 1


def test_a_process_whose_changes_can_not_be_saved_is_degraded_until_one_is(
    runtime: Runtime, draft: Callable[..., Any], wait_until: Callable[..., None]
):
    runtime.feed.start()
    wait_until(lambda: runtime.feed.is_connected)
    health = Health(lambda: runtime)
    runtime.inventory.write_fault = "The database or its disk is full. Nothing was saved."

    report = asyncio.run(health.report())
    runtime.inventory.add(draft())

    assert report.database
    assert report.as_json()["status"] == "degraded"
    assert report.as_json()["problem"] == "changes can't be saved"
    assert asyncio.run(health.report()).as_json()["status"] == "ok"
