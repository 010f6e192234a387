"""A page that is open for ten thousand changes, and what browser and server hold of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import text

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.server import Server

pytestmark = pytest.mark.long

CHANGES = 10_000
AT_ONCE = 50
BETWEEN_RELOADS = 500
EARLY = 1_000
"""After so many, all that is made once is made."""

INSERT = text(
    "INSERT INTO changes (at, kind, dam_id, dam_name, details) "
    "VALUES ('2026-11-27', 'DamEdited', 1, 'Deer Creek', :details)"
)
UPDATE = text("UPDATE dams SET river = :river WHERE id = 1")


def edit(server: Server, first: int) -> None:
    """Edit a dam so many times in one transaction, and wait until the server has published it."""
    rivers = range(first, first + AT_ONCE)
    facts = [{"old": {"river": f"{one}"}, "new": {"river": f"{one + 1}"}} for one in rivers]
    with server.inventory.writing() as connection:
        connection.execute(INSERT, [{"details": json.dumps(one)} for one in facts])
        connection.execute(UPDATE, {"river": f"{first + AT_ONCE}"})
    last = 2 + first + AT_ONCE  # The tutorial's two dams are the first changes.
    server.expect_log(rf"Published (?:change|changes \d+ to) {last} to 1 sessions")


def held(page: DashboardPage, server: Server) -> dict[str, int]:
    """Return what the browser holds of the page, after collecting what is free, and the server."""
    page.settle()
    browser = page.page.context.new_cdp_session(page.page)
    browser.send("HeapProfiler.collectGarbage")
    counters = browser.send("Memory.getDOMCounters")
    usage = browser.send("Runtime.getHeapUsage")
    browser.detach()
    models = page.page.evaluate("Bokeh.documents[0]._all_models.size")
    counts = server.counts()
    return {
        "nodes": counters["nodes"],
        "listeners": counters["jsEventListeners"],
        "heap": int(usage["usedSize"]),
        "models in the browser": models,
        **{name: counts[name] for name in ("models", "objects", "memory")},
    }


def test_a_page_that_is_open_for_ten_thousand_changes_holds_no_more_than_at_first(
    serve: Callable[..., Server], open_page: OpenPage
) -> None:
    server = serve("--warm", "--plugins", "tests.ui.counts")
    page = open_page(server)
    page.table.click_on("Deer Creek")
    early: dict[str, int] = {}

    for first in range(0, CHANGES, AT_ONCE):
        edit(server, first)
        if (made := first + AT_ONCE) % BETWEEN_RELOADS == 0:
            page.expect_toast('"Deer Creek" has been edited. Reload to see it.')
            page.reload()
            assert page.details.facts()["River"] == f"{made}"
        if made == EARLY:
            early = held(page, server)
    late = held(page, server)

    grown = {name: late[name] - early[name] for name in early}
    assert grown["models in the browser"] <= 0, grown
    assert grown["models"] <= 0, grown
    # One of each for 9,000 changes, or for 180 toasts, would be more.
    assert grown["nodes"] < 150, grown
    assert grown["listeners"] < 150, grown
    assert grown["objects"] < 5_000, grown
    assert grown["heap"] < 5e6, grown
    assert grown["memory"] < 25e6, grown
