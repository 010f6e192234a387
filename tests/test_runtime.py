"""What lives as long as the process."""

from __future__ import annotations

import logging
import threading

import pytest

from dam_inventory.errors import InvalidSettings
from dam_inventory.runtime import Runtime
from dam_inventory.settings import Settings


def test_it_builds_what_the_settings_say(database_url: str):
    settings = Settings(database_url=database_url, max_dams=7, example_dams=False)

    with Runtime(settings) as runtime:
        assert (runtime.inventory.max_dams, len(runtime.feed.snapshot)) == (7, 0)
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


def test_closing_leaves_no_thread_behind(runtime: Runtime):
    runtime.feed.start()

    runtime.close()

    assert "changefeed" not in [thread.name for thread in threading.enumerate()]
