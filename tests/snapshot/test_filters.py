"""The filter of a session."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.snapshot.filters import MAX_SEARCH_LENGTH, MAX_WORDS, DamFilter


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
    assert inventory.snapshot().containing(DamFilter(search=search).words).tolist() == rows


def test_a_letter_matches_in_composed_and_decomposed_form(
    inventory: Inventory, draft: Callable[..., DamDraft]
):
    inventory.add(draft("Söhne"))

    for search in ("söhne", "so\u0308hne"):
        assert inventory.snapshot().containing(DamFilter(search=search).words).tolist() == [2]


def test_a_search_that_is_too_long_is_cut_off(inventory: Inventory, draft: Callable[..., DamDraft]):
    """A browser can send text of any length, and each word is searched in every dam."""
    alphabet = " ".join("abcdefghijklmnopqrst")
    assert len(alphabet.split()) == MAX_WORDS
    inventory.add(draft(alphabet))
    snapshot = inventory.snapshot()

    assert snapshot.containing(DamFilter(search=f"{alphabet} nowhere").words).tolist() == [2]
    assert DamFilter(search=" " * MAX_SEARCH_LENGTH + "nowhere").words == ()
