"""What changes mean for watched lists, in words."""

from __future__ import annotations

import pytest

from dam_inventory.domain.concern import Concern, sentences


@pytest.mark.parametrize(
    ("concern", "total", "added", "sentence"),
    [
        (Concern("Utah", added=1), 3, 3, '1 of 3 new dams matches "Utah".'),
        (Concern("Utah", added=2), 3, 3, '2 of 3 new dams match "Utah".'),
        (Concern("Utah", added=3), 3, 3, 'All 3 new dams match "Utah".'),
        (Concern("Utah", added=1), 1, 1, 'The new dam matches "Utah".'),
        (Concern("Utah", added=1200), 91_457, 91_457, '1,200 of 91,457 new dams match "Utah".'),
        (Concern("Utah", removed=1), 1, 0, 'The change concerns "Utah": 1 dam removed.'),
        (Concern("Utah", joined=1), 1, 0, 'The change concerns "Utah": 1 dam now matches.'),
        (
            Concern("Utah", added=1, left=1),
            5,
            2,
            '2 of 5 changes concern "Utah": 1 dam added, 1 dam no longer matches.',
        ),
        (Concern("Utah", edited=2), 5, 0, '2 of 5 changes concern "Utah": 2 dams edited.'),
        (
            Concern("Utah", joined=2, left=2, removed=2),
            6,
            0,
            'All 6 changes concern "Utah": '
            "2 dams now match, 2 dams no longer match, 2 dams removed.",
        ),
    ],
)
def test_a_sentence_says_how_many_and_what_happened(
    concern: Concern, total: int, added: int, sentence: str
):
    assert sentences([concern], total, added) == [sentence]


@pytest.mark.parametrize(
    ("number", "rest"),
    [
        (4, "1 other watched list is concerned, too."),
        (6, "3 other watched lists are concerned, too."),
    ],
)
def test_of_many_lists_only_a_few_are_named(number: int, rest: str):
    told = sentences([Concern(f"List {i}", added=1) for i in range(number)], 1, 1)

    assert told[:2] == ['The new dam matches "List 0".', 'The new dam matches "List 1".']
    assert (len(told), told[-1]) == (4, rest)
