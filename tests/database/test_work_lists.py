"""The work lists that the inventory keeps for each user."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.permissions import GUEST, OPERATOR, User
from dam_inventory.domain.work_lists import WorkLists
from dam_inventory.errors import InvalidWorkList, PermissionDenied

pytestmark = pytest.mark.databases("sqlite", "postgresql")

ANNA, OTTO = (User(name, frozenset()) for name in ("anna", "otto"))
"""Two people who may change no dam."""


def test_each_user_has_their_own_lists(engine: Engine):
    inventory = Inventory(engine)
    assert inventory.work_lists(ANNA) == WorkLists()
    saved = inventory.change_work_lists(lambda lists: lists.save("Mine", "state=Utah"), ANNA)
    inventory.change_work_lists(lambda lists: lists.save("His", "state=Nevada"), OTTO)
    saved = inventory.change_work_lists(lambda lists: lists.watch("Mine", True), ANNA)

    assert Inventory(engine).work_lists(ANNA) == saved
    assert saved == WorkLists().save("Mine", "state=Utah").watch("Mine", True)
    assert [one.name for one in inventory.work_lists(OTTO).own] == ["His"]


def test_lists_are_no_change_of_the_inventory(engine: Engine):
    inventory = Inventory(engine)
    before = inventory.snapshot().mark

    inventory.change_work_lists(lambda lists: lists.save("Mine", "state=Utah"), ANNA)

    assert inventory.snapshot().mark == before


@pytest.mark.parametrize("user", [OPERATOR, User(GUEST, frozenset())])
def test_without_a_login_of_their_own_nobody_keeps_lists_here(engine: Engine, user: User):
    inventory = Inventory(engine)

    with pytest.raises(PermissionDenied):
        inventory.work_lists(user)
    with pytest.raises(PermissionDenied):
        inventory.change_work_lists(lambda lists: lists, user)


def test_a_list_that_is_refused_changes_nothing(engine: Engine):
    inventory = Inventory(engine)
    saved = inventory.change_work_lists(lambda lists: lists.save("Mine", "state=Utah"), ANNA)

    with pytest.raises(InvalidWorkList):
        inventory.change_work_lists(lambda lists: lists.save("mine", "state=Nevada"), ANNA)

    assert inventory.work_lists(ANNA) == saved


def test_lists_that_two_pages_of_a_person_save_at_once_are_both_kept(engine: Engine):
    inventory = Inventory(engine)

    def save(name: str) -> None:
        inventory.change_work_lists(lambda lists: lists.save(name, "state=Utah"), ANNA)

    threads = [threading.Thread(target=save, args=(f"List {i}",)) for i in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert {one.name for one in inventory.work_lists(ANNA).own} == {f"List {i}" for i in range(8)}
