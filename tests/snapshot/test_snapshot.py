"""All dams at one revision, immutable and shared."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.mercator import to_mercator
from dam_inventory.snapshot import dams as dams_module
from dam_inventory.snapshot import overlay
from dam_inventory.snapshot.naming import displayed_name
from dam_inventory.snapshot.schema import COLUMNS, DTYPES
from dam_inventory.snapshot.snapshot import Snapshot

SORTED = ("dam_name", "owner", "river", "date_built", "nid_height_ft", "hydrograph_id")
MOMENT = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)

names = st.none() | st.text(alphabet="aAbBßéÉ大 ", max_size=3)


def row(dam_id: int, dam_name: str | None = None, **facts: Any) -> tuple[Any, ...]:
    known = {"id": dam_id, "dam_name": dam_name, "added_at": MOMENT, **facts}
    return tuple(known.get(column) for column in COLUMNS)


def snapshot_of(*rows: tuple[Any, ...], revision: int = 1) -> Snapshot:
    return Snapshot.of(rows, revision)


def ids(snapshot: Snapshot, rows: np.ndarray | None = None) -> list[int]:
    return snapshot.ids(snapshot.rows() if rows is None else rows).tolist()


def column(snapshot: Snapshot, name: str) -> list[Any]:
    return snapshot.column(name, snapshot.rows())


def order(
    snapshot: Snapshot,
    by: str = "dam_name",
    descending: bool = False,
    rows: np.ndarray | None = None,
) -> list[int]:
    """Return the ids of all dams in an order."""
    return ids(snapshot, snapshot.page(by, descending, rows, slice(0, len(snapshot))))


def assert_same(mine: Snapshot, its: Snapshot) -> None:
    assert len(mine) == len(its)
    assert mine.frame.equals(its.frame)
    assert mine.extent == its.extent
    for by in SORTED:
        for descending in (False, True):
            assert order(mine, by, descending) == order(its, by, descending)
    found, expected = mine.containing(["a"]), its.containing(["a"])
    assert sorted(ids(mine, found)) == ids(its, expected)
    assert order(mine, rows=found) == order(its, rows=expected)
    assert [np.isfinite(one.points()[0]).sum() for one in (mine, its)] == [
        np.isfinite(one.points(one.rows())[0]).sum() for one in (its, mine)
    ]
    for dam_id in ids(its):
        here, there = mine.row_of(dam_id), its.row_of(dam_id)
        assert mine.place(here, "dam_name", True) == its.place(there, "dam_name", True)
        places = [one.points(np.array([at])) for one, at in ((mine, here), (its, there))]
        assert np.array_equal(*places, equal_nan=True)
        assert [mine.points()[axis][here] for axis in (0, 1)] == pytest.approx(
            [its.points()[axis][there] for axis in (0, 1)], nan_ok=True
        )


@pytest.fixture
def three() -> Snapshot:
    """A dam with a location, one without a location, and one without a name."""
    return snapshot_of(
        row(2, "Heron Lake", river="Green River", latitude=40.0, longitude=-111.0, owner="State"),
        row(5, "Avocet", date_built="1941-05"),
        row(9, None, nid_id="AL00106", latitude=41.0, longitude=-112.0, nid_height_ft=12.5),
    )


def test_a_snapshot_may_be_empty():
    empty = snapshot_of(revision=0)

    assert (len(empty), len(empty.frame), empty.extent, empty.row_of(1)) == (0, 0, None, None)
    assert [order(empty, by) for by in SORTED] == [[]] * len(SORTED)
    assert len(empty.containing(["lake"])) == 0
    assert len(empty.points()[0]) == 0
    assert len(empty.advance([row(1)], 1)) == 1


def test_unknown_values_are_none(three: Snapshot):
    assert ids(three) == [2, 5, 9]
    assert column(three, "dam_name") == ["Heron Lake", "Avocet", None]
    assert column(three, "latitude") == [40.0, None, 41.0]
    assert column(three, "added_at") == [MOMENT] * 3
    assert three.value(1, "owner") is three.value(1, "hydrograph_id") is None
    assert three.value(2, "nid_height_ft") == 12.5


def test_a_column_without_any_value_needs_no_memory(three: Snapshot):
    table = three._dams.base.frame

    assert table["county"].dtype == pl.Null
    assert table["county"].estimated_size() == 0


def test_a_column_gets_its_type_with_its_first_value(three: Snapshot):
    edited = three.advance([row(5, "Avocet", county="Kern", hydrograph_id=7)], 2, {5})

    assert column(edited, "county") == [None, None, "Kern"]
    assert edited.values(edited.row_of(5))["hydrograph_id"] == 7
    assert edited.frame.loc[5, "county"] == "Kern"
    assert edited._dams.tail.frame["county"].dtype == DTYPES["county"] == pl.Categorical


def test_a_snapshot_has_coordinates_in_web_mercator(three: Snapshot):
    x, y = to_mercator([-111, np.nan, -112], [40, np.nan, 41])

    assert three.points()[0] == pytest.approx(x, nan_ok=True)
    assert three.points(np.array([2, 0], np.int32))[1] == pytest.approx(y[[2, 0]])


def test_shared_arrays_are_read_only(three: Snapshot):
    for array in (*three.points(), three._dams.base.ids):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


def test_the_frame_is_the_table_with_its_ids_as_index(three: Snapshot):
    frame = three.frame

    assert list(frame.columns) == [column for column in COLUMNS if column != "id"]
    assert (frame.index.name, list(frame.index)) == ("id", [2, 5, 9])
    assert frame.loc[5, "date_built"] == "1941-05"
    assert frame["owner"].tolist() == ["State", None, None]
    assert frame["latitude"].tolist() == pytest.approx([40, math.nan, 41], nan_ok=True)
    kinds = {name: frame[name].dtype.kind for name in ("owner", "added_at", "length_ft")}
    assert kinds == {"owner": "O", "added_at": "O", "length_ft": "f"}
    assert three.frame is frame


def test_a_frame_of_some_rows_is_in_the_order_of_ids(three: Snapshot):
    edited = three.advance([row(2, "Heron")], 2, {2})

    assert edited.frame_with(edited.containing(["o"]))["dam_name"].tolist() == ["Heron", "Avocet"]


def test_the_extent_covers_the_dams_with_a_location(three: Snapshot):
    (x0, x1), (y0, y1) = to_mercator([-112, -111], [40, 41])

    assert three.extent == pytest.approx((x0, y0, x1, y1))


def test_the_extent_shrinks_when_an_outermost_dam_is_removed(three: Snapshot):
    (x0, x1), (y0, y1) = to_mercator([-112, -111], [40, 41])
    wider = three.advance([row(10, latitude=45.0, longitude=-100.0)], 2)
    assert wider.extent.x1 > x1

    assert wider.advance([], 3, {10}).extent == pytest.approx((x0, y0, x1, y1))
    base = snapshot_of(*wider._dams.table(wider.rows()).rows())
    assert base.advance([], 3, {10}).extent == pytest.approx((x0, y0, x1, y1))


def test_a_single_location_has_no_extent(three: Snapshot):
    assert snapshot_of(row(1, latitude=1.0, longitude=1.0), row(2)).extent is None
    assert three.advance([], 2, {2}).extent is None


@pytest.mark.parametrize(
    ("dam_id", "found"), [(2, 0), (5, 1), (9, 2), (0, None), (3, None), (10, None), (None, None)]
)
def test_a_row_is_found_by_the_id_of_its_dam(
    three: Snapshot, dam_id: int | None, found: int | None
):
    assert three.row_of(dam_id) == found


def test_the_values_of_a_dam_omit_unknown_ones(three: Snapshot):
    assert three.values(2) == {
        "id": 9,
        "nid_id": "AL00106",
        "latitude": 41.0,
        "longitude": -112.0,
        "nid_height_ft": 12.5,
        "added_at": MOMENT,
    }


def test_a_dam_without_a_name_is_shown_by_its_id(three: Snapshot):
    assert three.names(three.rows()) == ["Heron Lake", "Avocet", "Unnamed dam AL00106"]
    assert three.name(2) == "Unnamed dam AL00106"
    assert displayed_name(None, None, "UT1", "UT2") == "Unnamed dam UT1"
    assert displayed_name(None) == "Unnamed dam"


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (["heron"], [0]),
        (["LAKE", "green"], [0]),
        (["al001"], [2]),
        (["o", "a"], [0, 1]),
        (["state"], [0]),
        (["a"], [0, 1, 2]),
        (["lake", "avocet"], []),
        ([], [0, 1, 2]),
    ],
)
def test_every_word_must_be_in_name_owner_river_or_nid_id(
    three: Snapshot, words: list[str], rows: list[int]
):
    assert three.containing(words).tolist() == rows


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Straße", "STRASSE"), ("ΣΊΣΥΦΟΣ", "σισυφος"), ("Cañón", "canon"), ("Canon", "CAÑÓN"),
        ("Söhne", "so\u0308hne"), ("So\u0308hne", "sohne"), ("\N{LATIN SMALL LIGATURE FI}n", "fin"),
        ("大坝", "坝"),
    ],
)  # fmt: skip
def test_a_search_ignores_case_and_accents(name: str, word: str):
    assert snapshot_of(row(1, "Other"), row(2, name)).containing([word]).tolist() == [1]


def test_a_word_does_not_match_across_two_fields():
    assert len(snapshot_of(row(1, "Heron", owner="State")).containing(["nstate"])) == 0


def test_the_order_ignores_case_and_accents_and_unknown_values_come_last():
    named = ["b", None, "A", "a", "B", "É", "ea"]
    snapshot = snapshot_of(*(row(i, name) for i, name in enumerate(named)))

    assert order(snapshot) == [2, 3, 0, 4, 5, 6, 1]
    assert order(snapshot, descending=True) == [6, 5, 4, 0, 3, 2, 1]


def test_dates_sort_by_time():
    dates = ["1993-04-12", "1941", "1993", None, "1993-04"]
    snapshot = snapshot_of(*(row(i, date_built=date) for i, date in enumerate(dates)))

    assert order(snapshot, "date_built") == [1, 2, 4, 0, 3]


@pytest.mark.parametrize("descending", [False, True])
def test_pages_are_parts_of_the_order_and_places_are_indices_into_it(descending: bool):
    snapshot = snapshot_of(*(row(i, f"Dam {i}" if i % 3 else None) for i in range(1, 20)))
    snapshot = snapshot.advance([row(4, "Dam 99"), row(6, "Dam 5a"), row(30)], 2, {4, 5, 6})
    rows = snapshot.containing(["dam 1"])

    for some in (None, rows):
        whole = order(snapshot, descending=descending, rows=some)
        for start in range(len(snapshot) + 2):
            page = snapshot.page("dam_name", descending, some, slice(start, start + 4))
            assert ids(snapshot, page) == whole[start : start + 4]
    whole = order(snapshot, descending=descending)
    places = [snapshot.place(snapshot.row_of(one), "dam_name", descending) for one in whole]
    assert places == list(range(len(whole)))
    assert snapshot.place(3, "dam_name", descending) is None, "this version of a dam was replaced"


steps = st.lists(
    st.tuples(
        st.lists(names, max_size=3),  # added
        st.dictionaries(st.integers(1, 12), names, max_size=3),  # edited
        st.sets(st.integers(1, 12), max_size=2),  # removed or restored
        st.booleans(),  # whether a session shows the snapshot before
    ),
    max_size=6,
)


@given(
    st.lists(names, max_size=8),
    steps,
    st.integers(0, 6),
    st.sampled_from([0, 3, overlay.MAX_CHANGED]),
    st.sampled_from([0, dams_module.ONE_BY_ONE]),
)
def test_a_snapshot_after_changes_equals_a_new_snapshot(
    base: list[str | None], steps: list[Any], first_sorted: int, most_changed: int, one_by_one: int
):
    dams = {i: row(i, name, latitude=i, longitude=i) for i, name in enumerate(base, 1)}
    snapshot, removed, last = snapshot_of(*dams.values(), revision=0), {}, len(dams)
    kept = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlay, "MAX_CHANGED", most_changed)
        patch.setattr(dams_module, "ONE_BY_ONE", one_by_one)
        for revision, (added, edited, turned, is_shown) in enumerate(steps, 1):
            if revision > first_sorted:
                snapshot.sort("dam_name")
            new = range(last + 1, last + 1 + len(added))
            dams |= {
                i: row(i, name, latitude=i, longitude=i) for i, name in zip(new, added, strict=True)
            }
            last += len(added)
            changed = {i for i in edited if i in dams}
            dams |= {i: row(i, edited[i], latitude=-i, longitude=i) for i in changed}
            for i in turned & (dams.keys() | removed.keys()):
                source, goal = (dams, removed) if i in dams else (removed, dams)
                goal[i] = source.pop(i)
                changed.add(i)
            rows = [dams[i] for i in sorted({*changed, *new}) if i in dams]
            if is_shown:
                kept.append((snapshot, snapshot.frame.copy(deep=True), order(snapshot)))
            snapshot = snapshot.advance(rows, revision, changed)

        assert_same(snapshot, snapshot_of(*(dams[i] for i in sorted(dams))))
    for old, frame, names_then in kept:
        assert old.frame_with(old.rows()).equals(frame)
        assert order(old) == names_then


def test_an_edited_dam_is_found_and_sorted_by_its_new_values(three: Snapshot):
    edited = three.advance([row(2, "Aardvark", river="Green River")], 2, {2})

    assert (order(edited), order(three)) == ([2, 5, 9], [5, 2, 9])
    assert ids(edited, edited.containing(["aardvark"])) == [2]
    assert ids(edited, edited.containing(["heron"])) == []
    assert ids(three, three.containing(["heron"])) == [2]


def test_two_snapshots_can_advance_from_the_same_one(three: Snapshot):
    one = three.advance([row(10, "Ibis", latitude=1.5)], 2)
    other = three.advance([row(5, "Bittern"), row(10, "Kite", latitude=2.5)], 2, {5})

    assert [one.name(one.row_of(i)) for i in (5, 10)] == ["Avocet", "Ibis"]
    assert [other.name(other.row_of(i)) for i in (5, 10)] == ["Bittern", "Kite"]
    assert len(three) == 3


def test_changes_that_no_session_has_shown_are_all_there(three: Snapshot):
    newest = three.advance([row(10, "Ibis"), row(11, "Kite")], 2)
    newest = newest.advance([row(10, "Ibis Creek")], 3, {10})
    newest = newest.advance([row(5, "Avocet Creek")], 4, {5, 11})

    assert ids(newest) == [2, 9, 5, 10]
    assert [newest.name(newest.row_of(i)) for i in (5, 10)] == ["Avocet Creek", "Ibis Creek"]
    assert newest.row_of(11) is None


def test_a_removed_dam_leaves_no_row(three: Snapshot):
    removed = three.advance([], 2, {5})

    assert ids(removed) == [2, 9]
    assert removed.row_of(5) is None
    assert len(three) == 3


def test_an_advance_without_rows_only_changes_the_revision(three: Snapshot):
    assert (three.advance([], 7).revision, len(three.advance([], 7))) == (7, 3)


def test_an_import_becomes_a_new_base_that_keeps_what_is_sorted(three: Snapshot):
    three.sort("river")
    count = overlay.MAX_CHANGED
    imported = [row(10 + i, f"Dam {i % 7}", river=f"River {i % 5}") for i in range(count + 1)]

    advanced = three.advance(imported, 2)

    assert len(advanced._dams.base) == len(advanced) == count + 4
    assert advanced.is_sorted("river")
    assert not advanced.is_sorted("dam_name")
    assert_same(advanced, snapshot_of(*three._dams.base.frame.rows(), *imported))


def test_sorting_one_snapshot_sorts_those_before_and_after_it(three: Snapshot):
    after = three.advance([row(10, "Ibis")], 2)

    after.sort("owner")

    assert three.is_sorted("owner")
    assert not three.is_sorted("river")


def test_a_hundred_revisions_need_less_memory_than_two(monkeypatch: pytest.MonkeyPatch):
    """Sessions stay at their revision until they reload."""
    size = 20_000
    dams = [
        row(i, f"The dam number {i}", owner=f"The owner of dam {i}", state="Utah", latitude=40.0,
            longitude=i / size, nid_id=f"UT{i}", river=f"Tributary number {i}")
        for i in range(size)
    ]  # fmt: skip
    snapshot = snapshot_of(*dams, revision=0)
    snapshot.sort("dam_name")
    stopped = [snapshot]
    for i in range(1, 100):
        edited, removed, added = 3 * i, 3 * i + 1, size + i
        rows = [row(edited, f"Edited {i}"), row(added, f"Added {i}")]
        stopped.append(stopped[-1].advance(rows, i, {edited, removed}))

    for one in stopped:
        one.page("dam_name", False, None, slice(0, 10))
        assert one.extent
    assert len({len(one) for one in stopped}) == 1
    assert memory_of(stopped) < 2 * memory_of([snapshot])


def memory_of(snapshots: list[Snapshot]) -> int:
    """Return the bytes of all arrays and columns that snapshots hold, each counted once."""
    parts = {id(part): part for one in snapshots for part in (one._dams.base, one._dams.tail)}
    sizes = [
        part.frame.estimated_size() + part.searched.estimated_size() + 16 * len(part)
        for part in parts.values()
    ]
    arrays = {
        id(array): array
        for one in snapshots
        for orders in (*one._dams._orders.values(), *one._dams.base.orders.values())
        for order in orders
        for array in order
    }
    gone = {id(one._dams.gone): one._dams.gone for one in snapshots}
    return sum(sizes) + sum(array.nbytes for array in (*arrays.values(), *gone.values()))


@pytest.mark.parametrize("dam_id", [-1, 0, 2**40])
def test_an_id_that_no_dam_has_has_no_row(three: Snapshot, dam_id: int):
    assert three.row_of(dam_id) is None
    assert three.advance([row(10)], 2).row_of(dam_id) is None


def test_the_largest_dams_come_first_and_equal_ones_in_their_order():
    old = snapshot_of(
        *(row(i, nid_storage_acre_ft=storage) for i, storage in enumerate((5.0, None, 9.0, 5.0), 1))
    )
    snapshot = old.advance([row(5, nid_storage_acre_ft=7.0)], 2, changed={5})

    assert ids(snapshot, snapshot.largest(snapshot.rows(), 9)) == [3, 5, 1, 4, 2]
    assert ids(snapshot, snapshot.largest(snapshot.rows(), 3)) == [3, 5, 1]
    assert ids(snapshot, snapshot.largest(snapshot.rows()[:2], 1)) == [1]
    assert len(snapshot.largest(snapshot.rows()[:0], 3)) == 0


def test_tables_hold_the_dams_in_the_order_that_is_asked_for_also_those_that_were_edited() -> None:
    old = snapshot_of(*(row(number, f"Dam {number}") for number in range(1, 6)))
    now = old.advance([row(2, "Edited", river="Heron Creek"), row(6, "New")], 2, {2})
    rows = np.array([now.row_of(dam_id) for dam_id in (6, 1, 2, 5, 3)], np.int32)

    parts = list(now.tables(rows, size=2))

    assert [part["id"].to_list() for part in parts] == [[6, 1], [2, 5], [3]]
    assert parts[1]["dam_name"].to_list() == ["Edited", "Dam 5"]
    assert parts[1]["river"].to_list() == ["Heron Creek", None]
    assert [tuple(part.columns) for part in parts] == [COLUMNS] * 3
