"""Removing the ticked dams from the table, after a question."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import MAX_TOGETHER, DamsRemoved
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.permissions import OPERATOR, User
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.store import DamStore
from dam_inventory.views.table import removal
from dam_inventory.views.table.table import DamTable

ANNA = User("anna", frozenset({"add_dams"}))
VERA = User("vera", frozenset())

Draft = Callable[..., DamDraft]


@pytest.fixture
def three(inventory: Inventory, draft: Draft) -> list[int]:
    """Three dams that Anna has added, besides the two examples."""
    return [inventory.add(draft(name), by=ANNA).dam_id for name in ("Avocet", "Brant", "Coot")]


@pytest.fixture
def table_of(
    three: list[int], inventory: Inventory, feed: ChangeFeed
) -> Callable[[User], tuple[DamTable, DamStore]]:
    feed.catch_up()

    def table_of(user: User) -> tuple[DamTable, DamStore]:
        store = DamStore(inventory, feed, user=user)
        return DamTable(store), store

    return table_of


def tick(table: DamTable, *ids: int) -> None:
    turn = told(table, "turn")
    table.ticked = json.dumps(
        [{"on": True, "dam": one, "turn": turn + number} for number, one in enumerate(ids, 1)]
    )


def told(table: DamTable, name: str) -> Any:
    return json.loads(table.content)[name]


def test_ticked_dams_are_removed_together_after_a_question(
    table_of: Any, three: list[int], inventory: Inventory, wait_until: Any
):
    table, store = table_of(ANNA)
    tick(table, *three)
    assert told(table, "mayRemove") is True
    assert told(table, "question") is None

    table.removal = "ask 1"
    assert told(table, "question") == {
        "text": 'Remove 3 dams and their hydrographs? "Avocet", "Brant" and "Coot"',
        "isBusy": False,
        "isRefused": False,
    }
    assert len(store.snapshot) == 5
    table.removal = "keep 2"
    assert told(table, "question") is None
    table.removal = "ask 3"
    table.removal = "remove 4"
    wait_until(lambda: told(table, "question") is None)

    [change] = inventory.history(most=1)
    assert isinstance(change, DamsRemoved)
    assert (change.by, list(change.dam_ids)) == ("anna", three)
    assert store.news.own == change
    assert told(table, "question") is None
    assert told(table, "ticked") == ""
    assert [row[3] for row in told(table, "rows")] == ["Deer Creek", "Jordanelle"]


@pytest.mark.parametrize(
    ("user", "also", "may"),
    [(ANNA, [], True), (ANNA, [1], False), (OPERATOR, [1], True), (VERA, [], False)],
)
def test_only_who_may_remove_all_ticked_dams_is_offered_to(
    table_of: Any, three: list[int], user: User, also: list[int], may: bool, wait_until: Any
):
    table, store = table_of(user)
    tick(table, *three, *also)

    assert told(table, "mayRemove") is may
    table.removal = "ask 1"
    assert (told(table, "question") is not None) is may
    table.removal = "remove 2"
    wait_until(lambda: told(table, "question") is None)
    assert len(store.snapshot) == (5 - len(three) - len(also) if may else 5)


def test_nothing_is_removed_without_a_question_about_the_same_dams(table_of: Any, three: list[int]):
    table, store = table_of(OPERATOR)
    tick(table, three[0])

    table.removal = "remove 1"
    table.removal = "<b>"
    table.removal = "ask 2"
    tick(table, three[1])
    assert told(table, "question") is None, "it was about one dam"
    table.removal = "remove 3"

    assert len(store.snapshot) == 5


def test_a_refusal_is_shown_until_it_is_closed(
    table_of: Any, three: list[int], inventory: Inventory, wait_until: Any
):
    table, store = table_of(OPERATOR)
    tick(table, *three)
    table.removal = "ask 1"
    inventory.edit(three[1], {"river": "Ebro"}, store.snapshot.revision)

    table.removal = "remove 2"
    wait_until(lambda: not told(table, "question")["isBusy"])

    question = told(table, "question")
    assert question["isRefused"] is True
    assert question["text"].startswith('"Brant" has been edited.')
    assert len(store.snapshot) == 5
    table.removal = "remove 3"
    assert len(store.snapshot) == 5
    table.removal = "keep 4"
    assert told(table, "question") is None
    assert told(table, "ticked") == "3"


def test_more_dams_than_one_change_may_have_are_not_offered(
    table_of: Any, three: list[int], monkeypatch: pytest.MonkeyPatch
):
    assert MAX_TOGETHER == 1_000
    monkeypatch.setattr(removal, "MAX_TOGETHER", 2)
    table, _ = table_of(OPERATOR)

    tick(table, *three[:2])
    assert told(table, "mayRemove") is True
    tick(table, three[2])
    assert told(table, "mayRemove") is False
