"""The filter of a session."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.mercator import Extent
from dam_inventory.snapshot.criteria import ALL, MAX_VALUES, ONLY_UNKNOWN, UNKNOWN, Range
from dam_inventory.snapshot.filters import MAX_SEARCH_LENGTH, MAX_WORDS, DamFilter
from dam_inventory.snapshot.region import MAX_CORNERS


@pytest.mark.parametrize("search", ["", "  ", "\t"])
def test_an_empty_search_shows_all_dams(search: str):
    assert DamFilter(search=search).words == ()


@pytest.mark.parametrize(
    ("search", "rows"),
    [
        ("deer", [0]),
        ("PROVO", [0, 1]),
        ("  river   jordan ", [1]),
        ("deer jordanelle", []),
        ("reclamation creek", [0]),
    ],
)
def test_all_words_must_be_found_in_any_order(inventory: Inventory, search: str, rows: list[int]):
    assert inventory.snapshot().matching(DamFilter(search=search).criteria).tolist() == rows


def test_a_letter_matches_in_composed_and_decomposed_form(
    inventory: Inventory, draft: Callable[..., DamDraft]
):
    inventory.add(draft("Söhne"))

    for search in ("söhne", "so\u0308hne"):
        assert inventory.snapshot().matching(DamFilter(search=search).criteria).tolist() == [2]


def test_a_search_that_is_too_long_is_cut_off(inventory: Inventory, draft: Callable[..., DamDraft]):
    """A browser can send text of any length, and each word is searched in every dam."""
    alphabet = " ".join("abcdefghijklmnopqrst")
    assert len(alphabet.split()) == MAX_WORDS
    inventory.add(draft(alphabet))
    snapshot = inventory.snapshot()

    assert snapshot.matching(DamFilter(search=f"{alphabet} nowhere").criteria).tolist() == [2]
    assert DamFilter(search=" " * MAX_SEARCH_LENGTH + "nowhere").words == ()


def test_a_value_is_added_and_removed_in_turn():
    dam_filter = DamFilter()

    dam_filter.toggle("state", "Utah")
    dam_filter.toggle("state", UNKNOWN)
    assert dam_filter.criteria.facets == (("state", (UNKNOWN, "Utah")),)
    dam_filter.toggle("state", "Utah")
    assert dam_filter.state == [UNKNOWN]
    dam_filter.toggle("quality", "at_zero")
    assert dam_filter.criteria.quality == ("at_zero",)


def test_one_condition_is_cleared_or_all_of_them():
    dam_filter = DamFilter(
        search="deer", state=["Utah"], date_built=(1900, 1950), has_hydrograph=True,
        quality=["at_zero"], in_view=True, near=(-111, 40, 5),
        region=((0, 0), (1, 0), (1, 1)),
    )  # fmt: skip
    assert dam_filter.is_active

    dam_filter.clear("state")
    assert (dam_filter.state, dam_filter.search) == ([], "deer")
    dam_filter.clear()
    assert not dam_filter.is_active
    assert dam_filter.criteria == ALL


def test_the_view_matters_only_if_that_is_asked():
    view = Extent(0, 0, 1, 1)
    dam_filter = DamFilter(view=view)
    assert not dam_filter.is_active

    dam_filter.in_view = True

    assert dam_filter.criteria.view == view


def test_the_view_is_told_only_if_it_matters():
    dam_filter, told = DamFilter(), []
    dam_filter.watch(lambda *events: told.append([event.name for event in events]))

    dam_filter.view = Extent(0, 0, 1, 1)
    assert told == []

    dam_filter.in_view = True
    dam_filter.view = Extent(0, 0, 2, 2)
    dam_filter.param.update(search="otter", view=None)
    assert told == [["in_view"], ["view"], ["search", "view"]]


def test_equal_filters_have_equal_criteria_that_can_be_kept_in_a_dictionary():
    one = DamFilter(state=["Utah", "Iowa"], date_built=[1900, 1950]).criteria
    other = DamFilter(state=["Iowa", "Utah"], date_built=(1900.0, 1950.0, False)).criteria

    assert {one: "found"}[other] == "found"


@pytest.mark.parametrize(
    "forged",
    [
        {"state": [1, None, "x" * 201]},
        {"quality": ["dropped tables", 3, ["at_zero"]]},
        *({"date_built": value} for value in (
            5, "ab", (1,), (1, 2, 3, 4), ("1", "2"), (2, 1), (True, 2), (math.nan, 1),
            (None, None), (10**400, None), (None, None, True), (math.inf, -math.inf, False),
        )),
        *({"near": value} for value in (
            "abc", (1, 2), (181, 0, 1), (0, 91, 1), (0, 0, 0), (0, 0, math.nan), (0, 0, 10**400),
        )),
        *({"region": value} for value in (
            "abc", 5, (), ((0, 0), (1, 1)), ((0, 0), (1, 1), (0, 0), (1, 1)),
            ((0, 0), (1, 0), (2, 0)), ((0, 0), (1, 0), (1, math.nan)), ((0, 0), (1, 0), (181, 1)),
            ((0, 0), (1, 0), (1, 10**400)), ((0, 0), (1, 0), (1, 91)), ((0, 0), (1, 0), (True, 1)),
            ((0, 0), (1, 0), (1, 1, 1)), ((0, 0), (1, 0), "ab"),
            tuple((one, one % 2) for one in range(MAX_CORNERS + 1)),
        )),
        *({"view": value, "in_view": True} for value in (
            "abcd", (1, 2, 3), (1, 2, 3, math.inf), (1, 2, 3, math.nan), (3, 0, 1, 1),
        )),
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_ignored(forged: dict[str, Any]):
    assert DamFilter(**forged).criteria == ALL


def test_unknown_facets_and_too_many_values_are_ignored():
    dam_filter = DamFilter()

    for facet, value in (("owner", "x"), ("search", "x"), ("state", "x" * 201), ("quality", "x")):
        dam_filter.toggle(facet, value)
    dam_filter.clear("no such parameter")
    assert not dam_filter.is_active

    for number in range(MAX_VALUES + 5):
        dam_filter.toggle("county", f"County {number}")
    assert len(dam_filter.county) == MAX_VALUES
    assert (
        len(DamFilter(county=["a"] * 999 + [str(n) for n in range(999)]).criteria.facets[0][1])
        == MAX_VALUES
    )


def test_an_open_end_may_be_left_out():
    assert Range.of((None, 5)) == Range(-math.inf, 5)
    assert Range.of([5, None, True]) == Range(5, math.inf, True)
    assert Range.of(ONLY_UNKNOWN) == ONLY_UNKNOWN
