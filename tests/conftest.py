"""What most tests need: an inventory in a file of its own, and what stands on it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from dam_inventory.config.settings import PREFIX, Settings
from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import Change
from dam_inventory.domain.dam import DamDraft
from dam_inventory.errors import DamInventoryError
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.live.pubsub import PubSub
from dam_inventory.runtime import Runtime
from dam_inventory.session.answers import start
from dam_inventory.session.store import DamStore
from tests import servers

# How long an example takes says nothing on a machine that others use too.
settings.register_profile("dam_inventory", deadline=None)
settings.load_profile("dam_inventory")


class SilentRelay:
    """A relay that loses everything: only the heartbeat and `announce` make a feed read the log."""

    is_connected = False

    def announce(self) -> None:
        pass

    def wait(self, timeout: float, stopped: threading.Event) -> None:
        stopped.wait(timeout)

    def close(self) -> None:
        pass


def ask(change: Awaitable[Change | None]) -> list[Any]:
    """Start a change as a page does, and return the list that gets its outcome."""
    outcomes: list[Any] = []

    async def answered() -> None:
        try:
            outcomes.append(await change)
        except DamInventoryError as error:
            outcomes.append(error)

    start(answered())
    return outcomes


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [one for one in os.environ if one.startswith(PREFIX)]:
        monkeypatch.delenv(variable)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _needs_a_database_server(item):
            item.add_marker(pytest.mark.slow)
    items.sort(key=_turn)


def _needs_a_database_server(item: pytest.Item) -> bool:
    chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
    names = {"postgresql", "redis", "redis_server"}
    return bool(names & {*getattr(item, "fixturenames", ()), *map(str, chosen)})


def _turn(item: pytest.Item) -> int:
    """Return when a test has its turn: slow ones first, so that no worker waits at the end.

    Those with a browser are the last: once there is one, no other test can run an event loop.
    """
    if item.get_closest_marker("browser"):
        return 2
    return 0 if item.get_closest_marker("slow") else 1


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("databases")
    if marker is not None and "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", marker.args, indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[servers.PostgreSQL]:
    """A PostgreSQL that all tests share, without databases."""
    with servers.postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[servers.Redis]:
    """A Redis that all tests share."""
    with servers.redis_server() as server:
        yield server


@pytest.fixture
def relay_url(request: pytest.FixtureRequest) -> str:
    """The URL of a Redis where the test asks for one (see `servers.EVERY_RELAY`), or nothing."""
    if getattr(request, "param", "") == "redis":
        return str(request.getfixturevalue("redis_server").url)
    return ""


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that is new: of SQLite, unless the test is marked for others."""
    with servers.new_database(request, tmp_path / "dams.db") as url:
        yield url


@pytest.fixture
def opened() -> Iterator[Callable[..., Engine]]:
    """Open a database, and close it after the test."""
    engines = []

    def opened(url: str, **options: Any) -> Engine:
        engines.append(open_database(url, **options))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.dispose()


@pytest.fixture
def engine(database_url: str, opened: Callable[..., Engine]) -> Engine:
    """An engine on a new database with its two example dams."""
    return opened(database_url)


@pytest.fixture
def inventory(engine: Engine) -> Inventory:
    return Inventory(engine)


@pytest.fixture
def feed(inventory: Inventory) -> Iterator[ChangeFeed]:
    """A feed that publishes when it is told to, and otherwise after an hour."""
    feed = ChangeFeed(inventory, PubSub(), SilentRelay(), heartbeat=3600)
    yield feed
    feed.close()


@pytest.fixture
def store(inventory: Inventory, feed: ChangeFeed) -> Iterator[DamStore]:
    store = DamStore(inventory, feed)
    yield store
    store.close()


@pytest.fixture
def runtime(database_url: str) -> Iterator[Runtime]:
    """Everything that a process holds, on a new database."""
    with Runtime(Settings(database_url=database_url)) as runtime:
        yield runtime


@pytest.fixture
def draft() -> Callable[..., DamDraft]:
    """Make a draft that keeps every rule, but for what is given."""

    def make(dam_name: str | None = "Heron Lake", **facts: Any) -> DamDraft:
        known: dict[str, Any] = {
            "owner": "Reclamation",
            "river": "Provo River",
            "date_built": "1941",
            "latitude": 40.5,
            "longitude": -111.5,
        }
        return DamDraft(dam_name=dam_name, **(known | facts))

    return make


@pytest.fixture
def wait_until() -> Callable[[Callable[[], Any]], None]:
    """Wait until something is true, and fail when it isn't for long."""

    def wait(condition: Callable[[], Any]) -> None:
        end = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < end, "waited for 30 seconds"
            threading.Event().wait(0.005)

    return wait
