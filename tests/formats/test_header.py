"""Finding the header of a table."""

from __future__ import annotations

import pytest

from dam_inventory.formats.header import find, told_apart


@pytest.mark.parametrize(
    ("rows", "place", "first"),
    [
        ([["Dam Name", "NID ID"], ["X", "1"]], 0, 1),
        ([["Dams"], [], ["Dam Name", "NID ID"], ["X", "1"]], 2, 3),
        ([["Structure", "Basin", "Kind"], ["Heron", "North", "State"]], 0, 1),
        ([["Structure", "Basin"], ["Heron", "12"]], 0, 1),
        ([["Dam Name", "Height"], ["", "m"], ["X", "1"]], 0, 2),
        ([["Dam Name", "Height"], ["(text)", "(m)"], ["X", "1"]], 0, 2),
        ([["Dam Name", "Height"], ["20s", "5n"], ["X", "1"]], 0, 2),
        ([["Dam Name", "Height"], ["Heron", "m"], ["X", "1"]], 0, 1),
        ([["1", "2", "3"], ["Dam Name", "Latitude", "Longitude"], ["X", "1", "2"]], 1, 2),
    ],
)
def test_it_is_the_row_that_names_the_columns(rows: list[list[str]], place: int, first: int):
    found = find(list(enumerate(rows, 1)))

    assert found is not None
    assert (found.row, found.first) == (place, first)


@pytest.mark.parametrize(
    "rows", [[], [["1", "2"], ["3", "4"]], [["x"], ["y"]], [["a", "a"], ["b", "b"]]]
)
def test_a_table_may_have_none(rows: list[list[str]]):
    found = find(list(enumerate(rows, 1)))

    assert found is None


def test_headings_are_told_apart_and_none_is_empty():
    headings = told_apart(
        ["", "A", "A", "A (column 3)", "caf\u00e9", "cafe\u0301", "x\x1by", "z" * 300]
    )

    assert len(set(headings)) == 8
    assert headings[0] == "Column 1"
    assert headings[6] == "x y"
    assert all(headings)
    assert max(map(len, headings)) <= 200
