"""Orders of a snapshot by one and by several columns, against a plain Python sort."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.snapshot import sorting as sorting_module
from dam_inventory.snapshot.schema import COLUMNS, DTYPES
from dam_inventory.snapshot.snapshot import Snapshot
from dam_inventory.snapshot.sorting import By, Sorting, as_text, sorting_of

HAZARDS = ["High", "Significant", "Low", "Undetermined"]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "hazard_potential": st.sampled_from([*HAZARDS, "Unheard Of", None]),
    "nid_height_ft": st.sampled_from([0.0, 2.0, 12.5, 100.0, None]),
    "river": st.sampled_from(["Ébro", "ebro", "Green River", "Zambezi", "10", "9", None]),
    "date_built": st.sampled_from(["1941", "1941-05", "1993-04-12", None]),
    "hydrograph_id": st.sampled_from([1, 2, None]),
}
DAMS = st.fixed_dictionaries(VALUES)


def row(dam_id: int, facts: dict[str, Any]) -> tuple[Any, ...]:
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    known = {"id": dam_id, "added_at": moment, "dam_name": "A dam"} | facts
    return tuple(known.get(column) for column in COLUMNS)


def plain_key(column: str, value: Any) -> Any:
    """Return what a value is compared by, written without the code under test."""
    if column == "hazard_potential":
        return HAZARDS.index(value) if value in HAZARDS else len(HAZARDS)
    if column == "river":
        return value.lower().replace("é", "e")
    return 0 if column == "hydrograph_id" else value


def plainly_sorted(dams: dict[int, dict[str, Any]], by: Sorting) -> list[int]:
    ids = sorted(dams, reverse=by[-1].descending)
    for column, descending in reversed(by):
        known = [one for one in ids if dams[one][column] is not None]
        unknown = [one for one in ids if dams[one][column] is None]
        keys = {one: plain_key(column, dams[one][column]) for one in known}
        # With `reverse`, Python still keeps the order of equal ones.
        ids = [*sorted(known, key=keys.__getitem__, reverse=descending), *unknown]
    return ids


sortings = st.lists(
    st.builds(By, st.sampled_from([*VALUES]), st.booleans()),
    min_size=1, max_size=4, unique_by=lambda one: one.column,
).map(tuple)  # fmt: skip


@given(
    st.lists(DAMS, max_size=8),
    st.dictionaries(st.integers(1, 8), DAMS | st.none(), max_size=4),
    st.lists(DAMS, max_size=3),
    sortings,
    st.sets(st.integers(1, 11)),
)
def test_dams_are_in_the_order_of_a_plain_sort(
    base: list[dict[str, Any]],
    changed: dict[int, dict[str, Any] | None],
    added: list[dict[str, Any]],
    by: Sorting,
    wanted: set[int],
):
    dams = dict(enumerate(base, 1))
    snapshot = Snapshot.of([row(*one) for one in dams.items()], 1)
    changed = {one: facts for one, facts in changed.items() if one in dams}
    new = {one: facts for one, facts in changed.items() if facts is not None}
    new |= dict(enumerate(added, len(base) + 1))
    dams = {one: facts for one, facts in dams.items() if one not in changed} | new
    rows_of_new = [row(*one) for one in sorted(new.items())]
    snapshot = snapshot.advance(rows_of_new, 2, changed.keys())
    some = {one: facts for one, facts in dams.items() if one in wanted}
    rows = np.array([snapshot.row_of(one) for one in sorted(some)], np.int32)

    assert snapshot.ids(snapshot.arranged(by, None)).tolist() == plainly_sorted(dams, by)
    assert snapshot.ids(snapshot.arranged(by, rows)).tolist() == plainly_sorted(some, by)

    [column, descending] = by[0]
    page = snapshot.page(column, descending, None, slice(0, 20))
    unknown = sorted(one for one in dams if dams[one][column] is None)
    known = [one for one in plainly_sorted(dams, by[:1]) if dams[one][column] is not None]
    assert snapshot.ids(page).tolist() == known + unknown


@given(sortings)
def test_an_order_is_read_as_it_was_written(by: Sorting):
    assert sorting_of(as_text(by)) == by


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "dam_name"),
        ("no_such,id,-,--river,__class__", "dam_name"),
        ("-nid_height_ft,state", "-nid_height_ft,state"),
        ("state,-state,bogus,-river", "state,-river"),
        ("state,county,river,owner,city", "state,county,river,owner"),
    ],
)
def test_of_an_order_in_an_address_only_the_valid_columns_count(text: str, expected: str):
    assert as_text(sorting_of(text)) == expected


@pytest.mark.parametrize("column", sorting_module.SORTED_BY)
def test_one_value_has_the_key_that_its_column_gives_it(column: str):
    dtype = DTYPES[column]
    values = {pl.Float64: [2.0, 10.5], pl.Int64: [7, 8]}.get(type(dtype), ["Fair", "Ça"])
    series = pl.Series(column, values, dtype=pl.String if isinstance(values[0], str) else dtype)

    keys = sorting_module.keys(series.cast(dtype)).to_list()

    assert keys == [sorting_module.key(column, one) for one in values]
    assert sorting_module.keys(pl.Series(column, [None, None])).null_count() == 2
