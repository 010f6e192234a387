"""Searches in many dams: computed by workers, and answered in the session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from polars.exceptions import PanicException

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session import store as store_module
from dam_inventory.session.store import DamStore
from dam_inventory.session.workers import Lane, Workers
from dam_inventory.snapshot import overlay
from dam_inventory.snapshot.criteria import UNKNOWN
from dam_inventory.snapshot.snapshot import Snapshot
from tests.turns import Page

Draft = Callable[..., DamDraft]
Wait = Callable[[Callable[[], Any]], None]


@pytest.fixture
def page(wait_until: Wait) -> Page:
    return Page(wait_until)


@pytest.fixture(autouse=True)
def _every_inventory_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MAX_AT_ONCE", 0)


@pytest.fixture
def many(inventory: Inventory, feed: ChangeFeed, page: Page) -> Iterator[DamStore]:
    """The store of a page with so many dams that searches need workers."""
    store = DamStore(inventory, feed, schedule=page.schedule)
    yield store
    store.close()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let searches wait until the gate is open."""
    gate, find = threading.Event(), Snapshot.find

    def wait_and_find(*arguments: Any) -> Any:
        assert gate.wait(timeout=30)
        return find(*arguments)

    monkeypatch.setattr(Snapshot, "find", wait_and_find)
    yield gate
    gate.set()


def names(store: DamStore) -> list[str]:
    return store.snapshot.names(store.snapshot.rows() if store.rows is None else store.rows)


def test_a_search_is_answered_in_the_session(many: DamStore, page: Page):
    many.filter.search = "jordan"
    assert (many.rows, many.is_searching) == (None, True)

    page.answer()

    assert (names(many), many.is_searching) == (["Jordanelle"], False)


def test_a_search_that_ends_is_answered_at_once(many: DamStore, page: Page):
    many.filter.search = "jordan"
    page.answer()

    many.filter.search = " "

    assert many.rows is None
    assert page.is_idle


def test_of_several_searches_only_the_last_one_is_shown(
    many: DamStore, page: Page, gate: threading.Event
):
    shown = []
    many.param.watch(lambda event: shown.append(names(many)), "rows")
    for search in ("d", "de", "dee", "deer", "creek", "jordan"):
        many.filter.search = search

    gate.set()
    page.answer()
    page.answer()

    assert shown == [["Jordanelle"]]


def test_a_late_answer_to_an_earlier_search_is_dropped(many: DamStore, page: Page):
    many.filter.search = "jordan"
    many.filter.search = ""

    page.answer()

    assert many.rows is None


def test_the_dams_are_those_of_a_search_before_it_is_answered(many: DamStore):
    many.filter.search = "jordan"

    assert many.dams["dam_name"].tolist() == ["Jordanelle"]


def test_all_conditions_of_a_filter_are_answered_together(many: DamStore, page: Page):
    shown = []
    many.param.watch(lambda event: shown.append(names(many)), "rows")

    many.filter.param.update(search="provo", date_built=(1941, 1942))
    assert many.is_searching
    page.answer()

    assert shown == [["Deer Creek"]]
    assert page.is_idle


def test_a_filter_that_is_cleared_shows_all_dams_at_once(many: DamStore, page: Page):
    many.filter.toggle("state", "Nevada")
    page.answer()
    assert names(many) == []

    many.filter.clear()

    assert (many.rows, many.is_searching, page.is_idle) == (None, False, True)


def test_a_filter_that_no_change_elsewhere_touches_needs_no_worker_on_reload(
    many: DamStore, page: Page, inventory: Inventory, feed: ChangeFeed, draft: Draft
):
    many.filter.toggle("state", UNKNOWN)
    page.answer()
    inventory.add(draft("Jordan Lake", state="Utah"))
    inventory.edit(2, {"state": "Utah"}, seen=1)
    feed.announce()
    page.answer()

    many.reload()

    assert names(many) == ["Deer Creek"]


def test_dams_at_one_place_are_found_after_a_reload(
    many: DamStore, page: Page, inventory: Inventory, feed: ChangeFeed, draft: Draft
):
    many.filter.toggle("quality", "shared_place")
    page.answer()
    assert names(many) == []
    places = {name: many.snapshot.values(0)[name] for name in ("latitude", "longitude")}
    inventory.add(draft("Twin", **places))
    feed.announce()
    page.answer()

    many.reload()
    page.answer()

    assert names(many) == ["Deer Creek", "Twin"]


def test_a_script_gets_its_answer_at_once(store: DamStore):
    store.filter.search = "jordan"

    assert names(store) == ["Jordanelle"]


@pytest.fixture
def reloading(
    many: DamStore,
    page: Page,
    inventory: Inventory,
    feed: ChangeFeed,
    draft: Draft,
    monkeypatch: pytest.MonkeyPatch,
) -> DamStore:
    """A store with a search, whose newest snapshot has a new base."""
    monkeypatch.setattr(overlay, "MAX_CHANGED", 0)
    many.filter.search = "jordan"
    page.answer()
    inventory.add(draft("Jordan Lake"))
    feed.announce()
    page.answer()
    return many


def test_a_reload_shows_the_snapshot_and_its_rows_together(reloading: DamStore, page: Page):
    shown = []
    reloading.param.watch(
        lambda *events: shown.append(({event.name for event in events}, names(reloading))),
        ["snapshot", "rows", "news"],
    )

    reloading.reload()
    assert (len(reloading.snapshot), len(reloading.news.waiting)) == (2, 1)
    page.answer()

    assert shown == [({"snapshot", "rows", "news"}, ["Jordanelle", "Jordan Lake"])]


def test_a_search_during_a_reload_is_the_one_that_is_shown(reloading: DamStore, page: Page):
    reloading.reload()
    reloading.filter.search = "deer"

    for _ in range(3):
        page.answer()

    assert (len(reloading.snapshot), names(reloading)) == (3, ["Deer Creek"])
    assert page.is_idle


def test_a_reload_with_the_same_base_needs_no_worker(
    many: DamStore, page: Page, inventory: Inventory, feed: ChangeFeed, draft: Draft
):
    many.filter.search = "jordan"
    page.answer()
    inventory.add(draft("Jordan Lake"))
    inventory.edit(2, {"dam_name": "Another"}, seen=1)
    feed.announce()
    page.answer()

    many.reload()

    assert names(many) == ["Jordan Lake"]


def test_an_answer_after_the_session_has_ended_is_dropped(many: DamStore, page: Page):
    many.filter.search = "jordan"
    many.close()

    page.answer()

    assert (many.rows, many.fault) == (None, "")


def test_a_search_that_finds_no_place_in_the_queue_is_reported(many: DamStore, page: Page):
    many._background._queries["search"] = Lane(Workers(1, most_waiting=0))

    many.filter.search = "jordan"
    page.answer()

    assert many.fault == "The server is busy: too many requests are waiting. Try again soon."
    assert not many.is_searching


def test_the_data_frame_is_not_created_until_somebody_reads_it(
    many: DamStore,
    page: Page,
    inventory: Inventory,
    feed: ChangeFeed,
    draft: Draft,
    monkeypatch: pytest.MonkeyPatch,
):
    read = []
    monkeypatch.setattr(DamStore, "_frame", lambda store: read.append(store))

    many.filter.search = "jordan"
    page.answer()
    inventory.add(draft("Jordan Lake"))
    feed.announce()
    page.answer()
    many.reload()
    assert (names(many), read) == (["Jordanelle", "Jordan Lake"], [])

    assert (many.dams, read) == (None, [many])


@pytest.mark.parametrize("error", [ZeroDivisionError("a bug"), PanicException("a bug of Polars")])
@pytest.mark.parametrize("most_at_once", [0, 100])
def test_what_can_not_be_computed_is_said_on_the_page(
    many: DamStore,
    page: Page,
    error: BaseException,
    most_at_once: int,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(store_module, "MAX_AT_ONCE", most_at_once)

    def fail() -> None:
        raise error

    many.compute(fail, pytest.fail, "counts")
    if most_at_once == 0:
        page.answer()

    assert many.fault == "Unexpected error. It has been logged."
