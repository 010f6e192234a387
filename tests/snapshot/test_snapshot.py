"""All dams at one revision, as shared read-only columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.fields import SORTABLE
from dam_inventory.domain.mercator import to_mercator
from dam_inventory.snapshot.columns import COLUMNS
from dam_inventory.snapshot.snapshot import Snapshot, displayed_name

MOMENT = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)

names = st.none() | st.text(alphabet="aAbBßéÉ大 ", max_size=3)
batches = st.lists(st.lists(names, max_size=6), max_size=5)


def row(dam_id: int, dam_name: str | None = None, **facts: Any) -> tuple[Any, ...]:
    known = {"id": dam_id, "dam_name": dam_name, "added_at": MOMENT, **facts}
    return tuple(known.get(column) for column in COLUMNS)


def snapshot_of(*rows: tuple[Any, ...], revision: int = 1) -> Snapshot:
    return Snapshot.of(rows, revision)


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
    assert [len(part) for column in SORTABLE for part in empty.order(column)] == [0] * 8
    assert len(empty.containing(["lake"])) == 0
    assert len(empty.advance([row(1)], 1)) == 1


def test_columns_mark_unknown_values_as_none_or_nan(three: Snapshot):
    assert three["id"].tolist() == [2, 5, 9]
    assert three["dam_name"].tolist() == ["Heron Lake", "Avocet", None]
    assert three["latitude"].tolist() == pytest.approx([40, np.nan, 41], nan_ok=True)
    assert {c: three[c].dtype.kind for c in ("id", "owner", "added_at", "nid_height_ft", "x")} == {
        "id": "i",
        "owner": "O",
        "added_at": "O",
        "nid_height_ft": "f",
        "x": "f",
    }


def test_a_snapshot_has_coordinates_in_web_mercator(three: Snapshot):
    x, y = to_mercator([-111, np.nan, -112], [40, np.nan, 41])

    assert three["x"] == pytest.approx(x, nan_ok=True)
    assert three["y"] == pytest.approx(y, nan_ok=True)


@pytest.mark.parametrize("column", [*COLUMNS, "x", "y"])
def test_shared_arrays_are_read_only(three: Snapshot, column: str):
    with pytest.raises(ValueError, match="read-only"):
        three[column][0] = three[column][1]


def test_the_frame_shares_the_columns(three: Snapshot):
    for column in COLUMNS[1:]:
        assert np.shares_memory(three.frame[column].to_numpy(), three[column])
    assert np.shares_memory(three.frame.index.to_numpy(), three["id"])
    assert three.frame is three.frame


def test_the_frame_is_the_table_with_its_ids_as_index(three: Snapshot):
    assert list(three.frame.columns) == [column for column in COLUMNS if column != "id"]
    assert (three.frame.index.name, list(three.frame.index)) == ("id", [2, 5, 9])
    assert three.frame.loc[5, "date_built"] == "1941-05"


def test_the_extent_covers_the_dams_with_a_location(three: Snapshot):
    (x0, x1), (y0, y1) = to_mercator([-112, -111], [40, 41])

    assert three.extent == pytest.approx((x0, y0, x1, y1))


def test_a_single_location_has_no_extent():
    assert snapshot_of(row(1, latitude=1.0, longitude=1.0), row(2)).extent is None


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
    assert [three.name(row) for row in range(3)] == ["Heron Lake", "Avocet", "Unnamed dam AL00106"]
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


def test_a_search_ignores_case():
    assert snapshot_of(row(1, "Straße"), row(2, "ΣΊΣΥΦΟΣ")).containing(["STRASSE"]).tolist() == [0]


def test_a_word_does_not_match_across_two_fields():
    assert len(snapshot_of(row(1, "Heron", owner="State")).containing(["nstate"])) == 0


def test_the_order_ignores_case_and_separates_unknown_values():
    snapshot = snapshot_of(
        *(row(i, name) for i, name in enumerate(["b", None, "A", "a", "B", "É"]))
    )

    known, unknown = snapshot.order("dam_name")

    assert (known.tolist(), unknown.tolist()) == ([2, 3, 0, 4, 5], [1])


def test_dates_sort_by_time():
    dates = ["1993-04-12", "1941", "1993", None, "1993-04"]
    snapshot = snapshot_of(*(row(i, date_built=date) for i, date in enumerate(dates)))

    assert snapshot.order("date_built")[0].tolist() == [1, 2, 4, 0]


@given(batches, st.integers(0, 5))
def test_the_order_after_advances_equals_that_of_a_new_snapshot(
    batches: list[list[str | None]], first_asked: int
):
    snapshot, rows = snapshot_of(revision=0), []
    for revision, batch in enumerate(batches, 1):
        if revision > first_asked:
            snapshot.order("dam_name")
        new = [row(len(rows) + i + 1, name) for i, name in enumerate(batch)]
        rows += new
        snapshot = snapshot.advance(new, revision)

    anew = snapshot_of(*rows)
    for mine, its in zip(snapshot.order("dam_name"), anew.order("dam_name"), strict=True):
        assert mine.tolist() == its.tolist()
    assert snapshot.frame.equals(anew.frame)
    assert snapshot.containing(["a"]).tolist() == anew.containing(["a"]).tolist()


@given(batches)
def test_known_values_are_sorted_and_every_row_appears_once(batches: list[list[str | None]]):
    snapshot = snapshot_of(revision=0)
    for batch in batches:
        snapshot.order("dam_name")
        snapshot = snapshot.advance(
            [row(len(snapshot) + i + 1, name) for i, name in enumerate(batch)], 1
        )

    known, unknown = snapshot.order("dam_name")
    keys = [snapshot["dam_name"][one].casefold() for one in known]
    assert keys == sorted(keys)
    assert sorted([*known, *unknown]) == list(range(len(snapshot)))


def test_many_rows_added_at_once_are_sorted_like_a_few():
    names = [f"dam {(i * 7919) % 1000:03}" for i in range(1000)]
    snapshot = snapshot_of(row(1, "dam 500"))
    snapshot.order("dam_name")

    advanced = snapshot.advance([row(i + 2, name) for i, name in enumerate(names)], 2)

    assert [advanced["dam_name"][i] for i in advanced.order("dam_name")[0]] == sorted(
        ["dam 500", *names]
    )


steps = st.lists(
    st.tuples(
        st.lists(names, max_size=3),  # added
        st.dictionaries(st.integers(1, 12), names, max_size=3),  # edited
        st.sets(st.integers(1, 12), max_size=2),  # removed or restored
    ),
    max_size=6,
)


@given(steps, st.integers(0, 6))
def test_a_snapshot_after_changes_equals_a_new_snapshot(steps: list[Any], first_asked: int):
    snapshot, dams, removed, last = snapshot_of(revision=0), {}, {}, 0
    kept = []
    for revision, (added, edited, turned) in enumerate(steps, 1):
        if revision > first_asked:
            snapshot.order("dam_name")
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
        kept.append((snapshot, snapshot.frame.copy(deep=True)))
        snapshot = snapshot.advance(rows, revision, changed)

    anew = snapshot_of(*(dams[i] for i in sorted(dams)))
    assert snapshot.frame.equals(anew.frame)
    for axis in ("x", "y"):
        assert snapshot[axis].tolist() == anew[axis].tolist()
    for mine, its in zip(snapshot.order("dam_name"), anew.order("dam_name"), strict=True):
        assert mine.tolist() == its.tolist()
    assert snapshot.containing(["a"]).tolist() == anew.containing(["a"]).tolist()
    for old, frame in kept:
        assert old.frame.equals(frame)


def test_an_edit_copies_only_the_columns_that_it_touches(three: Snapshot):
    edited = three.advance([row(5, "Bittern", date_built="1941-05")], 2, {5})

    assert edited["dam_name"].tolist() == ["Heron Lake", "Bittern", None]
    assert not np.shares_memory(edited["dam_name"], three["dam_name"])
    assert all(np.shares_memory(edited[c], three[c]) for c in ("id", "river", "x", "added_at"))


def test_an_edited_dam_is_found_and_sorted_by_its_new_values(three: Snapshot):
    three.order("dam_name")

    edited = three.advance([row(2, "Aardvark", river="Green River")], 2, {2})

    assert edited.order("dam_name").known.tolist() == [0, 1]
    assert three.order("dam_name").known.tolist() == [1, 0]
    assert edited.containing(["aardvark"]).tolist() == [0]
    assert edited.containing(["heron"]).tolist() == []
    assert three.containing(["heron"]).tolist() == [0]


def test_an_edited_snapshot_and_its_predecessor_can_both_advance(three: Snapshot):
    edited = three.advance([row(5, "Bittern")], 2, {5})
    newest = edited.advance([row(10, "Ibis", latitude=1.5)], 3)
    other = three.advance([row(10, "Kite", latitude=2.5)], 3)

    assert (newest["dam_name"][3], other["dam_name"][3]) == ("Ibis", "Kite")
    assert (newest["dam_name"][1], other["dam_name"][1]) == ("Bittern", "Avocet")


def test_a_removed_dam_leaves_no_row(three: Snapshot):
    removed = three.advance([], 2, {5})

    assert removed["id"].tolist() == [2, 9]
    assert removed.row_of(5) is None
    assert len(three) == 3


def test_advancing_shares_the_arrays(three: Snapshot):
    second = three.advance([row(10, "Ibis")], 2)
    third = second.advance([row(11, "Kite")], 3)

    assert np.shares_memory(second["dam_name"], third["dam_name"])
    assert [len(one) for one in (three, second, third)] == [3, 4, 5]
    assert [one.revision for one in (three, second, third)] == [1, 2, 3]


def test_a_snapshot_does_not_change_when_later_ones_are_made(three: Snapshot):
    before = three.frame.copy(deep=True)
    order = three.order("dam_name")[0].tolist()
    newest = three
    for i in range(300):
        newest = newest.advance([row(10 + i, f"A {i}", latitude=1.0, longitude=-170.0)], 2 + i)

    assert three.frame.equals(before)
    assert len(three["dam_name"]) == len(three.frame) == 3
    assert three.order("dam_name")[0].tolist() == order
    assert three.containing(["a"]).tolist() == [0, 1, 2]
    assert three.row_of(10) is None
    assert three.extent != newest.extent


def test_an_older_snapshot_can_advance_on_its_own_copy(three: Snapshot):
    one = three.advance([row(10, "Ibis", latitude=1.5)], 2)
    other = three.advance([row(10, "Kite", latitude=2.5)], 2)

    assert (one["dam_name"][3], other["dam_name"][3]) == ("Ibis", "Kite")
    assert (one["latitude"][3], other["latitude"][3]) == (1.5, 2.5)
    assert other.frame[:3].equals(three.frame)


def test_an_advance_without_rows_only_changes_the_revision(three: Snapshot):
    assert (three.advance([], 7).revision, len(three.advance([], 7))) == (7, 3)
