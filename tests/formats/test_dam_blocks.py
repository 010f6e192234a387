"""Reading dams in blocks of rows: the same dams as row by row (see also `tests.files.rows_of`)."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.formats.dam_blocks import AT_ONCE, blocks
from dam_inventory.formats.dam_rows import DamRow, Refused, Unread
from tests.files import rows_of, said_by

PLAIN = ["MORMON FLAT", "AZ10001", "33.5541667", "-111.4422222", "224.5", "Salt", "1"]
HEADER = ["dam_name", "nidid", "latitude", "longitude", "nid_height", "river", "remark"]
CELLS = {
    0: ["", "-", "Räterichsboden", "Two  spaces", '"quoted"', "x\x07y", "x" * 300],
    1: ["", "N/A", "az10001 ", "0"],
    2: ["", "0", "91", "north", "33.5541667 ", "33°33'15\"N", "-33,5"],
    3: ["", "0", "-111", "181", "W 111.44"],
    4: ["", "-9999", "9999", "1,234.5", "high", "12 m", "-3"],
    5: ["", "unknown", " Salt", "Salt\u200b"],
    6: ["", "n/a", '\\ "', "é", "x" * 10_001],
}
"""What cells may contain, by column, that is not read as it is."""

odd_cells = st.dictionaries(
    st.integers(0, AT_ONCE + 50),
    st.sampled_from([*CELLS]).flatmap(
        lambda place: st.tuples(st.just(place), st.sampled_from(CELLS[place]))
    ),
    max_size=12,
)
odd_widths = st.dictionaries(
    st.integers(0, AT_ONCE + 50), st.sampled_from([1, 3, 9]), max_size=3
)  # fmt: skip


def file_of(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue()


@given(odd_cells, odd_widths)
def test_odd_rows_among_plain_ones_are_read_as_they_are_alone(
    cells: dict[int, tuple[int, str]], widths: dict[int, int]
):
    rows = [[*PLAIN] for _ in range(AT_ONCE + 51)]
    for number, (place, cell) in cells.items():
        rows[number][place] = cell
    for number, width in widths.items():
        rows[number] = [*rows[number], "more", "cells"][:width]

    assert len(rows_of(file_of(rows))) > AT_ONCE


def varied(number: int) -> list[str]:
    """Return a row of which hardly a cell is like that of another row."""
    place = [f"{30 + number / 100:.4f}", f"{-120 + number / 100:.4f}"]
    ids = [f"DAM NO. {number}", f"AZ{number:05}"]
    return [*ids, *place, f"{number}.5", f"River {number}", f"{number}.0"]


@given(odd_cells)
def test_odd_cells_among_many_different_plain_ones_are_read_as_they_are_alone(
    cells: dict[int, tuple[int, str]],
):
    rows = [varied(number) for number in range(2 * AT_ONCE)]
    for number, (place, cell) in cells.items():
        rows[AT_ONCE + number % AT_ONCE][place] = cell

    assert len(rows_of(file_of(rows))) == len(rows)


@pytest.mark.parametrize("place", [*CELLS])
def test_no_cell_that_needs_a_look_counts_as_plain(place: int):
    rows = [varied(number) for number in range(2 * AT_ONCE)]
    looks_plain = ["NA1", "0", "00", "999", "9999.0", "90.5", "-90.0", "180.0", "-180.5", "1e5",
                   "12.", "#N/A", "1.#IND", "A  B", "A ", "x" * 201, "nan1", "1,234"]  # fmt: skip
    for number, cell in enumerate([*CELLS[place], *looks_plain]):
        rows[AT_ONCE + number][place] = cell

    assert len(rows_of(file_of(rows))) == len(rows)


@given(st.lists(st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())), min_size=1))
def test_nothing_but_odd_rows_is_read_as_row_by_row(rows: list[tuple[str, ...]]):
    assert rows_of(file_of([PLAIN, *map(list, rows)]))


def test_a_column_without_any_value_is_left_out():
    [dam, *_] = rows_of(file_of([[*PLAIN[:5], "", ""], [*PLAIN[:5], "n/a", "n/a"]]))

    assert isinstance(dam, DamRow)
    assert dam.values.keys() == {"dam_name", "nid_id", "latitude", "longitude", "nid_height_ft"}


def test_rows_that_come_one_by_one_become_blocks():
    unread = Unread(4, "height", "high", "Height must be a number.")
    rows = [
        DamRow(2, {"dam_name": "X", "other_facts": {"remark": 'a "b"'}}),
        Refused(3, "The row has no name, location or ID."),
        DamRow(4, {"dam_name": "Y", "nid_height_ft": 3.0}, (unread,), exported_id=7),
    ]

    [block] = blocks(rows)

    assert said_by([block]) == rows
    assert block.others == ["remark"]
    assert json.loads(block.columns["other_facts"][0]) == {"remark": 'a "b"'}


def test_many_rows_become_several_blocks_and_blocks_stay_as_they_are():
    rows = [DamRow(number, {"dam_name": f"Dam {number}"}) for number in range(2 * AT_ONCE + 1)]

    made = [*blocks(rows)]

    assert [len(block.rows) for block in made] == [AT_ONCE, AT_ONCE, 1]
    assert [*blocks(made)] == made
    assert said_by(blocks([*made[:1], *rows[AT_ONCE:]])) == rows
