"""Which news concern what a person watches, and what the toast makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from dam_inventory.database.imports import ALL_FIELDS, Choice
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.concern import Concern
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.work_lists import READY_MADE, WorkLists
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session import store as store_module
from dam_inventory.session import watching as watching_module
from dam_inventory.session.store import DamStore
from dam_inventory.session.watching import Watching
from tests.importing import import_all
from tests.turns import Page

UTAH = WorkLists().save("Utah", "state=Utah").watch("Utah", True)


def parse(query: str) -> Mapping[str, Any]:
    """Read "state=Utah", and other fields of facets."""
    return {facet: [value] for facet, value in (one.split("=") for one in query.split("&"))}


@pytest.fixture
def watching(store: DamStore) -> Watching:
    store.lists.restore(UTAH.as_dict())
    return Watching(store, parse)


class Others:
    """Other people, who change the inventory."""

    def __init__(self, inventory: Inventory, feed: ChangeFeed, draft: Callable[..., DamDraft]):
        self._inventory, self._feed, self._draft = inventory, feed, draft

    def add(self, name: str, **facts: Any) -> int:
        added = self._inventory.add(self._draft(name, **facts))
        self._feed.catch_up()
        return added.dam_id

    def edit(self, dam_id: int, **facts: Any) -> None:
        self._inventory.edit(dam_id, facts, self._inventory.snapshot().mark)
        self._feed.catch_up()

    def remove(self, dam_id: int) -> None:
        self._inventory.remove(dam_id, self._inventory.snapshot().mark)
        self._feed.catch_up()


@pytest.fixture
def others(inventory: Inventory, feed: ChangeFeed, draft: Callable[..., DamDraft]) -> Others:
    return Others(inventory, feed, draft)


def concerned(watching: Watching) -> list[Concern]:
    assert watching.is_ready
    return [] if watching.answer is None else [*watching.answer.concerns.lists]


def test_new_dams_that_match_concern_a_list(watching: Watching, others: Others):
    others.add("Elsewhere", state="Nevada")
    assert (concerned(watching), watching.concerned, watching.sentences) == ([], 0, [])

    others.add("Here", state="Utah")

    assert concerned(watching) == [Concern("Utah", added=1)]
    assert watching.sentences == ['1 of 2 new dams matches "Utah".']


def test_edits_and_removals_concern_a_list_by_what_the_dam_was_and_is(
    store: DamStore, watching: Watching, others: Others
):
    joins, leaves, stays, goes, other = (
        others.add(name, state=state)
        for name, state in zip("abcde", ["Nevada", "Utah", "Utah", "Utah", "Nevada"], strict=True)
    )
    store.reload()
    assert concerned(watching) == []

    others.edit(joins, state="Utah")
    others.edit(leaves, state="Nevada")
    others.edit(stays, river="Green River")
    others.edit(other, river="Green River")
    others.remove(goes)
    others.remove(others.add("came and went", state="Utah"))

    assert concerned(watching) == [Concern("Utah", joined=1, edited=1, left=1, removed=1)]
    assert watching.concerned == 4
    assert watching.sentences[0].startswith('4 of 7 changes concern "Utah": 1 dam now matches')


def test_an_import_concerns_a_list_with_as_many_dams_as_match(
    watching: Watching, inventory: Inventory, feed: ChangeFeed
):
    dams = [{"dam_name": f"Dam {i}", "state": ("Utah", "Nevada")[i % 2]} for i in range(60)]
    import_all(inventory, dams, "dams.csv")
    feed.catch_up()

    assert watching.sentences == ['30 of 60 new dams match "Utah".']


def test_an_import_that_updates_and_its_undoing_concern_a_list_as_edits_do(
    store: DamStore, watching: Watching, inventory: Inventory, feed: ChangeFeed
):
    old = [{"dam_name": f"Dam {i}", "federal_id": f"UT{i}", "state": "Nevada"} for i in range(1, 4)]
    import_all(inventory, old)
    feed.catch_up()
    store.reload()
    new = [dam | {"state": "Utah"} for dam in old[:2]]
    new.append({"dam_name": "New", "federal_id": "UT9", "state": "Utah"})
    change = import_all(inventory, new, choice=Choice(update=ALL_FIELDS)).change
    feed.catch_up()

    assert concerned(watching) == [Concern("Utah", added=1, joined=2)]
    assert watching.sentences[0].startswith('All 3 changes concern "Utah"')
    store.reload()
    inventory.undo(change.seq)
    feed.catch_up()

    assert concerned(watching) == [Concern("Utah", left=2, removed=1)]


def test_several_lists_are_watched_and_each_dam_counts_once(
    store: DamStore, watching: Watching, others: Others
):
    lists = UTAH.save("High", "hazard_potential=High").watch("High", True)
    store.lists.restore(lists.as_dict())

    others.add("Both", state="Utah", hazard_potential="High")
    others.add("One", hazard_potential="High")

    assert concerned(watching) == [Concern("Utah", added=1), Concern("High", added=2)]
    assert watching.concerned == 2


def test_quiet_news_only_wait_unless_they_concern_a_list(
    store: DamStore, watching: Watching, others: Others
):
    store.lists.restore(UTAH.silence(True).as_dict())

    others.add("Elsewhere", state="Nevada")
    assert not store.news.unread
    assert [one.dam_name for one in store.news.dismissed.changes] == ["Elsewhere"]
    assert watching.concerned == 0

    others.add("Here", state="Utah")
    assert [one.dam_name for one in store.news.unread.changes] == ["Here"]
    store.dismiss()
    assert (len(store.news.waiting), watching.concerned) == (2, 1)


def test_what_waits_is_looked_at_again_when_a_watch_begins_or_ends(
    store: DamStore, watching: Watching, others: Others
):
    others.add("Here", state="Utah")
    store.lists.restore({})
    assert (watching.is_ready, watching.concerned, watching.sentences) == (True, None, [])

    store.lists.restore(UTAH.as_dict())

    assert watching.sentences == ['The new dam matches "Utah".']


def test_while_nothing_is_watched_news_cost_nothing(store: DamStore, others: Others):
    before = len(store.param.watchers.get("news", {}).get("value", []))
    watching = Watching(store, parse)

    others.add("Here", state="Utah")

    assert watching.is_ready
    assert len(store.param.watchers.get("news", {}).get("value", [])) == before


def test_what_was_missed_is_compared_with_what_is_watched(
    store: DamStore, watching: Watching, others: Others
):
    seen = store.snapshot.mark
    others.add("Here", state="Utah")
    others.add("Elsewhere", state="Nevada")
    store.reload()

    store.news = replace(store.news, missed=tuple(store._inventory.missed(seen, 99, 99)))

    assert watching.sentences_of_missed == ['Of these, 1 dam matches "Utah".']
    assert watching.sentences == []


@pytest.fixture
def page(wait_until: Callable[..., None]) -> Page:
    return Page(wait_until)


@pytest.fixture
def served(inventory: Inventory, feed: ChangeFeed, page: Page) -> Iterator[DamStore]:
    store = DamStore(inventory, feed, schedule=page.schedule)
    yield store
    store.close()


def test_many_changes_are_compared_in_a_worker_and_told_only_then(
    served: DamStore, page: Page, others: Others, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(watching_module, "FEW", 0)
    served.lists.restore(UTAH.as_dict())
    watching = Watching(served, parse)

    others.add("Here", state="Utah")
    page.answer()  # The news arrive.
    assert served.news.unread
    assert not watching.is_ready
    page.answer()

    assert watching.sentences == ['The new dam matches "Utah".']


def test_news_are_told_even_if_they_can_not_be_compared(
    served: DamStore, page: Page, others: Others, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(watching_module, "FEW", 0)
    monkeypatch.setattr(store_module.Snapshot, "matching_among", None)
    served.lists.restore(UTAH.as_dict())
    watching = Watching(served, parse)

    others.add("Here", state="Utah")
    page.answer()
    page.answer()

    assert watching.is_ready
    assert served.fault


def test_the_lists_of_everybody_can_be_watched(store: DamStore):
    store.lists.restore(json.loads(json.dumps(UTAH.watch(READY_MADE[4].name, True).as_dict())))

    assert [one.name for one in store.lists.lists.watching] == ["Utah", "No coordinates"]
