"""A page that stays open for ten thousand changes, and a hundred that stay at old revisions."""

from __future__ import annotations

import gc
import json
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, text

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import Change
from dam_inventory.domain.dam import DamDraft
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.news import MAX_KEPT
from dam_inventory.session.store import DamStore
from dam_inventory.views.notifications.news_bar import NewsBar

pytestmark = pytest.mark.long

CHANGES = 10_000
SESSIONS = 100

WAITING = "9,001 changes have been made. Reload to see them."
"""What is counted one by one, and one dam that the latest changes concern."""


@pytest.fixture
def aged(engine: Engine, inventory: Inventory) -> list[Change]:
    """Ten thousand edits of a dam, which are in the log and were not published yet."""
    row = {"kind": "DamEdited", "dam_id": 1, "dam_name": "Deer Creek", "at": "2026-11-27"}
    edits = [
        {**row, "details": json.dumps({"old": {"river": f"{i}"}, "new": {"river": f"{i + 1}"}})}
        for i in range(CHANGES)
    ]
    with engine.begin() as connection:
        insert = "INSERT INTO changes (at, kind, dam_id, dam_name, details) VALUES "
        columns = "(:at, :kind, :dam_id, :dam_name, :details)"
        connection.execute(text(insert + columns), edits)
        connection.execute(text(f"UPDATE dams SET river = '{CHANGES}' WHERE id = 1"))
    return inventory.changes_since(2)


def calls(work: Callable[[], Any]) -> int:
    """Return how many functions are called: unlike time, the same on every machine."""
    number = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal number
        number += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return number


def test_a_page_that_is_open_for_ten_thousand_changes_stays_as_quick_small_and_right(
    feed: ChangeFeed, store: DamStore, aged: Sequence[Change]
):
    bar = NewsBar(store)

    def publish(changes: Sequence[Change]) -> None:
        for one in changes:
            feed.pubsub.publish([one])

    publish(aged[:MAX_KEPT])  # Until then, a toast describes one change more each time.
    early = calls(lambda: publish(aged[MAX_KEPT : MAX_KEPT + 100]))
    gc.collect()
    tracemalloc.start()
    for first in range(MAX_KEPT + 100, CHANGES - 100, 100):
        feed.pubsub.publish(aged[first : first + 100])
    gc.collect()
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    late = calls(lambda: publish(aged[-100:]))

    assert late < 1.1 * early
    assert grown < 2_000_000
    told = json.loads(bar.content)
    assert told["text"] == WAITING
    assert told["reloads"]
    assert len(bar.content) < 400

    store.dismiss()
    assert bar.waiting == CHANGES - MAX_KEPT + 1  # The dam of the latest ones counts once.

    feed.catch_up()  # It publishes all of them again.
    assert json.loads(bar.content)["text"] == ""
    store.reload()
    assert bar.waiting == 0
    assert store.dams.loc[1, "river"] == str(CHANGES)


def test_a_hundred_sessions_at_a_hundred_revisions_share_all_but_what_differs(
    inventory: Inventory, feed: ChangeFeed, draft: Callable[..., DamDraft]
):
    stopped: list[DamStore] = []
    for i in range(SESSIONS):
        stopped.append(DamStore(inventory, feed))
        change = inventory.add(draft(f"Dam {i}"))
        if i % 2:
            inventory.remove(int(change.dam_id or 0), change.seq)
        feed.catch_up()

    bases = {id(one.snapshot.dams.base) for one in stopped}
    shown = [len(one.snapshot) for one in stopped]
    for one in stopped:
        one.close()

    assert len(bases) == 1
    assert shown == [2 + (i + 1) // 2 for i in range(SESSIONS)]
