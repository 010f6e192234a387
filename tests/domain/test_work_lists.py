"""Work lists: names, limits, and what a browser may have kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.work_lists import (
    MAX_LISTS,
    MAX_NAME_LENGTH,
    MAX_QUERY_LENGTH,
    READY_MADE,
    WorkList,
    WorkLists,
)
from dam_inventory.errors import InvalidWorkList

READY = READY_MADE[0].name
LISTS = WorkLists().save("Utah", "state=Utah").save("Old", "date_built=..1950")


def test_a_list_is_saved_renamed_and_removed_with_its_watch():
    lists = LISTS.watch("Utah", True).watch(READY, True).watch("Utah", True)
    assert lists.watched == (READY, "Utah")
    assert [one.name for one in lists.watching] == ["Utah", READY]

    renamed = lists.rename("Utah", "  In\nUtah ").rename("Old", "OLD")
    assert renamed.own == (WorkList("In Utah", "state=Utah"), WorkList("OLD", "date_built=..1950"))
    assert renamed.watched == (READY, "In Utah")

    removed = renamed.remove("In Utah").watch(READY, False)
    assert (removed.own, removed.watched) == (renamed.own[1:], ())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda one: one.save(" \t\x00", "a=b"), "Give the list a name."),
        (lambda one: one.save("x" * (MAX_NAME_LENGTH + 1), "a=b"), "more than 80 characters"),
        (lambda one: one.save("UTAH", "a=b"), 'There is already a list "UTAH".'),
        (lambda one: one.save(READY.upper(), "a=b"), "There is already"),
        (lambda one: one.save("New", ""), "Choose a filter first."),
        (lambda one: one.save("New", "x" * (MAX_QUERY_LENGTH + 1)), "too long"),
        (lambda one: one.rename("Utah", "old"), "There is already"),
        (lambda one: one.rename(READY, "Mine"), "does not exist"),
        (lambda one: one.remove("Gone"), "does not exist"),
        (lambda one: one.watch("Gone", True), "does not exist"),
    ],
)
def test_what_is_not_possible_is_said(change: Callable[[WorkLists], WorkLists], reason: str):
    with pytest.raises(InvalidWorkList, match=reason):
        change(LISTS)


def test_a_person_has_only_so_many_lists():
    lists = WorkLists()
    for number in range(MAX_LISTS):
        lists = lists.save(f"List {number}", "a=b")

    with pytest.raises(InvalidWorkList, match="You have 50 lists"):
        lists.save("One more", "a=b")


def test_a_name_that_is_taken_gets_a_number():
    assert LISTS.free("Nevada") == "Nevada"
    assert LISTS.save("utah (2)", "a=b").free("UTAH") == "UTAH (3)"
    name = "x" * MAX_NAME_LENGTH
    free = LISTS.save(name, "a=b").free(name)
    assert (free[-5:], len(free)) == ("x (2)", MAX_NAME_LENGTH)


def test_lists_are_the_same_after_they_were_kept():
    lists = LISTS.watch("Old", True).watch(READY, True).silence(True)

    assert WorkLists.read(json.loads(json.dumps(lists.as_dict()))) == lists


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([READY]),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(st.sampled_from(["own", "watched", "is_quiet", "x"]), values)
    ),
)


@given(anything)
def test_whatever_a_browser_has_kept_becomes_lists_that_can_be_kept_again(kept: Any):
    lists = WorkLists.read(kept)

    assert WorkLists.read(lists.as_dict()) == lists


def test_of_what_a_browser_has_kept_only_what_is_valid_counts():
    kept = {
        "own": [["Utah", "state=Utah"], ["utah", "a=b"], ["", "a=b"], ["No filter", ""], ["x"], 3],
        "watched": ["Gone", READY, 4, "Utah"],
        "is_quiet": "yes",
    }

    lists = WorkLists.read(kept)

    assert lists == WorkLists((WorkList("Utah", "state=Utah"),), (READY, "Utah"))
