"""What lives as long as the process."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from unittest.mock import Mock

import pytest

from dam_inventory.config.settings import Settings
from dam_inventory.database.inventory import Inventory
from dam_inventory.errors import InvalidSettings
from dam_inventory.runtime import Runtime


def test_it_builds_what_the_settings_say(database_url: str):
    settings = Settings(database_url=database_url, max_dams=7, example_dams=False)

    with Runtime(settings) as runtime:
        assert (runtime.inventory.limits.max_dams, len(runtime.feed.snapshot)) == (7, 0)
        assert runtime.settings is settings


def test_it_is_built_from_the_environment(database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", database_url)
    monkeypatch.setenv("DAM_INVENTORY_LOG_LEVEL", "error")
    logger = logging.getLogger("dam_inventory")
    monkeypatch.setattr(logger, "level", logger.level)

    with Runtime.from_environment() as runtime:
        assert len(runtime.feed.snapshot) == 2
        assert logger.level == logging.ERROR


def test_a_wrong_environment_refuses_to_start(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAM_INVENTORY_MAX_DAMS", "many")

    with pytest.raises(InvalidSettings, match="DAM_INVENTORY_MAX_DAMS"):
        Runtime.from_environment()


def test_it_knows_who_may_do_what(database_url: str, tmp_path: Path):
    (tmp_path / "who.toml").write_text('users.ann = ["administer"]')
    settings = Settings(
        database_url=database_url, anonymous="view", permissions_file=str(tmp_path / "who.toml")
    )

    with Runtime(settings) as runtime:
        assert runtime.permissions.user("ann").may("administer")
        assert not runtime.permissions.user(None).may("add_dams")


def test_without_a_file_the_settings_say_what_nobody_in_particular_may_do(database_url: str):
    with Runtime(Settings(database_url=database_url, anonymous="administer")) as runtime:
        assert runtime.permissions.user(None).may("administer")
        assert not runtime.permissions.user("ann").may("administer")


def test_a_wrong_permissions_file_refuses_to_start(database_url: str, tmp_path: Path):
    (tmp_path / "who.toml").write_text('users.ann = ["admin"]')

    with pytest.raises(InvalidSettings, match=r"who\.toml, line 1: .* Did you mean \"administer\""):
        Runtime(Settings(database_url=database_url, permissions_file=str(tmp_path / "who.toml")))


def test_closing_leaves_no_thread_behind(runtime: Runtime):
    runtime.feed.start()

    runtime.close()

    assert "changefeed" not in [thread.name for thread in threading.enumerate()]


def test_what_fails_to_open_leaves_nothing_open(database_url: str, monkeypatch: pytest.MonkeyPatch):
    relay, pools = Mock(), []

    def fail(inventory: Inventory, *_: object) -> None:
        pools.append((inventory._engine, inventory._engine.pool))
        raise ValueError("a bug")

    monkeypatch.setattr("dam_inventory.runtime.relay_of", lambda *_: relay)
    monkeypatch.setattr("dam_inventory.runtime.ChangeFeed", fail)

    with pytest.raises(ValueError, match="a bug"):
        Runtime(Settings(database_url=database_url))

    relay.close.assert_called_once_with()
    [(engine, pool)] = pools
    assert engine.pool is not pool, "It was not disposed of."


def test_what_fails_to_close_keeps_nothing_else_open(runtime: Runtime):
    closed = []

    def fail() -> None:
        raise ValueError("a bug")

    runtime.feed.start()
    runtime.on_close(lambda: closed.append("first"))
    runtime.on_close(fail)

    with pytest.raises(ValueError, match="a bug"):
        runtime.close()

    assert closed == ["first"]
    assert "changefeed" not in [thread.name for thread in threading.enumerate()]


def test_in_a_kernel_a_runtime_of_the_same_database_closes_the_former_one(
    database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("dam_inventory.config.notebook.is_kernel", lambda: True)
    closed = []
    first = Runtime(Settings(database_url=database_url))
    first.on_close(lambda: closed.append("first"))

    with Runtime(Settings(database_url=database_url)) as second:
        second.on_close(lambda: closed.append("second"))
        assert closed == ["first"]

    assert closed == ["first", "second"]


def test_elsewhere_runtimes_of_one_database_leave_one_another_alone(database_url: str):
    with Runtime(Settings(database_url=database_url)) as first:
        closed: list[str] = []
        first.on_close(lambda: closed.append("first"))
        with Runtime(Settings(database_url=database_url)):
            assert closed == []
