"""What closed pages leave is freed for several pages at a time, and never while pages open."""

from __future__ import annotations

import asyncio
import gc
from functools import partial
from unittest.mock import Mock

import pytest
from bokeh.document import Document
from panel.io import document

from dam_inventory.server.garbage import GARBAGE, Garbage, free_pages_together
from dam_inventory.server.lifecycle import Lifecycle


class Counted(Garbage):
    """Counts how often it looks through all objects."""

    def __init__(self, pages: int) -> None:
        super().__init__(self._count)
        self.looks = 0
        for _ in range(pages):
            self.page_opens()

    def _count(self) -> None:
        self.looks += 1


def destroyed() -> None:
    """Make a page and destroy it as Panel's sessions do."""
    page = Document()
    page.destroy = partial(document._destroy_document, page)
    page.destroy(None)


def test_nothing_is_looked_through_while_pages_open():
    garbage = Counted(500)

    garbage.page_has_closed()
    garbage.free()

    assert garbage.looks == 0


def test_the_only_page_is_freed_when_panel_asks():
    garbage = Counted(1)

    garbage.page_has_closed()
    assert garbage.looks == 0
    garbage.free()

    assert garbage.looks == 1


@pytest.mark.parametrize(("pages", "closed"), [(4, 4), (10, 4), (100, 20), (500, 100)])
def test_a_quarter_as_many_closed_pages_as_open_ones_are_freed_at_once(pages, closed):
    garbage = Counted(pages)

    for _ in range(closed - 1):
        garbage.page_has_closed()
    assert garbage.looks == 0
    garbage.page_has_closed()

    assert garbage.looks == 1


def test_many_pages_that_close_are_freed_in_a_few_looks():
    garbage = Counted(500)

    for _ in range(500):
        garbage.page_has_closed()
    garbage.free()

    assert garbage.looks < 30


def test_a_process_counts_the_pages_that_its_server_makes_and_ends(monkeypatch):
    told = []
    monkeypatch.setattr(GARBAGE, "page_opens", lambda: told.append("opens"))
    monkeypatch.setattr(GARBAGE, "page_has_closed", lambda: told.append("has closed"))

    async def live() -> None:
        lifecycle = Lifecycle()
        await lifecycle.on_session_created(object())
        await lifecycle.on_session_destroyed(object())
        assert told == ["opens"]  # Bokeh's functions, which hold the page, have not returned.
        await asyncio.sleep(0)

    asyncio.run(live())

    assert told == ["opens", "has closed"]


def test_panel_asks_after_each_page_and_python_hardly_looks_by_itself(monkeypatch):
    monkeypatch.setattr(document, "_garbage_collect", document._garbage_collect)
    asked = []
    monkeypatch.setattr(
        document.state, "schedule_task", lambda name, act, at: asked.append((name, act))
    )
    thresholds = gc.get_threshold()
    try:
        free_pages_together()
        assert gc.get_threshold() == (*thresholds[:2], 1000)
    finally:
        gc.set_threshold(*thresholds)

    destroyed()

    assert asked == [("gc.collect", GARBAGE.free)]


def test_what_a_page_made_before_the_plugin_asked_for_is_not_in_the_way(monkeypatch, caplog):
    monkeypatch.setattr(document, "_garbage_collect", document._garbage_collect)
    monkeypatch.setattr(type(document.state), "_scheduled", {})
    monkeypatch.setattr(type(document.state), "_ioloop", Mock())
    thresholds = gc.get_threshold()

    destroyed()
    try:
        free_pages_together()
    finally:
        gc.set_threshold(*thresholds)
    destroyed()

    assert [act for _, act in document.state._scheduled.values()] == [GARBAGE.free]
    assert caplog.messages == []


def test_a_panel_that_names_it_otherwise_goes_on_as_it_does(monkeypatch):
    monkeypatch.delattr(document, "_garbage_collect")
    thresholds = gc.get_threshold()

    free_pages_together()

    assert gc.get_threshold() == thresholds
