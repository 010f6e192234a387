"""Links to dams that are not in the inventory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import DamRemoved
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.permissions import User
from dam_inventory.errors import DatabaseUnavailable
from dam_inventory.session.store import DamStore

Wait = Callable[[Callable[[], Any]], None]
ANNA = User("anna", frozenset({"administer"}))


def test_those_who_removed_a_dam_are_told_alone_and_with_others(
    store: DamStore, inventory: Inventory, draft: Callable[..., DamDraft], wait_until: Wait
):
    alone, both, third = (store.add(draft(name)).dam_id for name in ("A", "B", "C"))
    inventory.remove(alone, store.snapshot.mark, by=ANNA)
    inventory.remove_all([both, third], store.snapshot.mark, by=ANNA)
    store._feed.catch_up()
    store.reload()

    store.tell_gone([alone, 4711, third, 1, alone])
    wait_until(lambda: store.news.gone)

    ids, removals = zip(*store.news.gone, strict=True)
    assert ids == (alone, 4711, third)
    assert removals[1] is None
    assert [(one.dam_name, one.by) for one in (removals[0], removals[2])] == [
        ("A", "anna"),
        ("C", "anna"),
    ]
    assert all(isinstance(one, DamRemoved) for one in (removals[0], removals[2]))
    store.dismiss()
    assert store.news.gone == ()


def test_a_dam_that_is_there_is_not_asked_for(store: DamStore, monkeypatch):
    asked = []
    monkeypatch.setattr(store, "in_background", lambda *arguments: asked.append(arguments))

    store.tell_gone([1, 2])

    assert asked == []


def test_it_is_said_although_the_log_can_not_be_read(store: DamStore, monkeypatch):
    monkeypatch.setattr(
        store, "in_background", lambda work, done, lane: done(DatabaseUnavailable("away"))
    )

    store.tell_gone([4711])

    assert store.news.gone == ((4711, None),)
