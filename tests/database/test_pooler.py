"""PostgreSQL as hosted services offer it: behind PgBouncer, in transaction mode."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from dam_inventory.config.settings import Settings
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.runtime import Runtime
from tests import servers

Draft = Callable[..., DamDraft]

pytestmark = pytest.mark.databases("postgresql")


def test_several_processes_add_dams_and_hear_of_them_with_the_heartbeat(
    database_url: str,
    draft: Draft,
    wait_until: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.INFO, "dam_inventory")
    with servers.pooler(database_url) as pooler:
        settings = Settings(database_url=pooler.url, heartbeat_seconds=0.5)
        with Runtime(settings) as one, Runtime(settings) as other, Runtime(settings) as third:

            def add(inventory: Inventory) -> list[int]:
                return [inventory.add(draft(f"Dam {number}")).seq for number in range(25)]

            one.feed.start()
            wait_until(lambda: "a pooler in transaction mode" in caplog.text)
            inventories = [one.inventory, other.inventory, third.inventory]
            with ThreadPoolExecutor(3) as threads:
                added = list(threads.map(add, inventories))

            assert sorted(seq for seqs in added for seq in seqs) == list(range(3, 78))
            wait_until(lambda: one.feed.snapshot.revision == 77)
            assert len(one.feed.snapshot) == 77
            assert not one.feed.is_connected
