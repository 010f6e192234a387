"""What a filter lets through and counts, compared with a filter that looks at one dam at a time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.due import DUES
from dam_inventory.domain.fields import FACETS
from dam_inventory.domain.mercator import Extent
from dam_inventory.domain.quality import QUALITIES
from dam_inventory.snapshot import overlay
from dam_inventory.snapshot.charts import Charts
from dam_inventory.snapshot.criteria import ALL, ONLY_UNKNOWN, Criteria, Due, Near, Range
from dam_inventory.snapshot.facets import Counts
from dam_inventory.snapshot.ranges import EDGES, RANGES
from dam_inventory.snapshot.region import Region
from dam_inventory.snapshot.schema import COLUMNS
from dam_inventory.snapshot.snapshot import Snapshot
from tests.snapshot import plain_filter
from tests.snapshot.test_snapshot import MOMENT, snapshot_of

TEXTS = {
    "dam_name": ["Heron", "Cañón", None],
    "state": ["Utah", "Alaska", "Elsewhere", None],
    "county": ["Kern", "Ada", None],
    "hazard_potential": ["High", "Low", None],
    "condition_assessment": ["Poor", None],
    "purposes": ["Recreation", "Recreation; Other", "Other;Irrigation", " ; ", None],
    "owner_type": ["State;Private", "Private", None],
    "date_built": ["1599", "1949-12-31", "1950", "9999", None],
    "last_inspection_date": ["2019", "2019-05", "2019-02-28", None],
    "eap_prepared": ["Yes", "No", "Not Required", None],
    "eap_last_revision_date": ["2016", "2016-02-29", None],
}
NUMBERS = {
    "nid_height_ft": [0.0, 50.0, 49.9, None],
    "nid_storage_acre_ft": [0.0, 1e5, None],
    "max_storage_acre_ft": [10.0, None],
    "normal_storage_acre_ft": [9.0, 11.0, None],
    "inspection_frequency_years": [0.0, 0.5, 2.0, None],
    "hydrograph_id": [3, None],
}
EMPTY = dict.fromkeys(COLUMNS)
TODAY = dt.date(2021, 3, 1)

PLACES = [None, (0.0, 0.0), (-111.0, 40.0), (-111.0, 40.5), (-150.0, 60.0), (175.0, 60.0)]

facts = st.builds(
    lambda known, place: {
        **known,
        **dict(zip(("longitude", "latitude"), place or (), strict=False)),
    },
    st.fixed_dictionaries(
        {name: st.sampled_from(values) for name, values in (TEXTS | NUMBERS).items()}
    ),
    st.sampled_from(PLACES),
)
ranges = st.one_of(
    st.just(ONLY_UNKNOWN),
    st.builds(Range, st.sampled_from([-np.inf, 40, 1949]), st.sampled_from([50, 1950, np.inf]),
              st.booleans()),
)  # fmt: skip
values = {facet: [*TEXTS.get(facet, []), "Other", "None such"] for facet in FACETS}
criteria = st.builds(
    Criteria,
    words=st.lists(st.sampled_from(["heron", "canon", "ut", "e"]), max_size=2).map(tuple),
    facets=st.dictionaries(st.sampled_from(FACETS), st.none(), max_size=3).flatmap(
        lambda chosen: st.tuples(
            *(
                st.tuples(
                    st.just(facet),
                    st.lists(
                        st.sampled_from([one or "" for one in values[facet]]),
                        min_size=1,
                        max_size=2,
                    ).map(tuple),
                )
                for facet in chosen
            )
        )
    ),
    ranges=st.dictionaries(st.sampled_from(RANGES), ranges, max_size=2).map(
        lambda chosen: tuple(chosen.items())
    ),
    has_hydrograph=st.sampled_from([None, None, True, False]),
    quality=st.lists(st.sampled_from([*QUALITIES]), unique=True, max_size=2).map(tuple),
    due=st.none()
    | st.builds(
        Due,
        st.lists(st.sampled_from([*DUES]), min_size=1, unique=True).map(tuple),
        st.sampled_from([dt.date(2021, 2, 28), dt.date(2021, 3, 1), dt.date(2022, 1, 1)]),
    ),
    view=st.sampled_from([None, Extent(-1.3e7, 0.0, 1.0, 6e6)]),
    near=st.sampled_from([None, Near(-111.0, 40.0, 60.0), Near(179.0, 60.0, 1800.0)]),
    region=st.sampled_from(
        [None, Region.of_numbers((-112, 39.9, 1, 41)), Region.of(((-160, -1), (-110, 70), (1, 1)))]
    ),
)


def row(dam: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(dam[column] for column in COLUMNS)


def dam(dam_id: int, **known: Any) -> dict[str, Any]:
    return {**EMPTY, "id": dam_id, "added_at": MOMENT, **known}


def assert_equal(found: Counts, expected: Counts) -> None:
    """Compare, but for the values that no dam has, which only one of both mentions."""
    assert (found.total, found.matching) == (expected.total, expected.matching)
    for facet in FACETS:
        known = {value: count for value, count in found.facets[facet].items() if count}
        assert known == expected.facets[facet], facet
    assert found.bins == expected.bins
    assert {flag: count for flag, count in found.quality.items() if count} == expected.quality
    assert found.due == expected.due
    assert found.with_hydrograph == expected.with_hydrograph


def assert_same(found: Charts, expected: Charts) -> None:
    assert found.dams == expected.dams
    assert found.hazard_by_condition == expected.hazard_by_condition
    assert found.storage_by_height.tolist() == expected.storage_by_height.tolist()


@given(
    st.lists(facts, max_size=8),
    st.lists(facts, max_size=3),
    st.dictionaries(st.integers(1, 8), facts | st.none(), max_size=4),
    st.lists(criteria, min_size=1, max_size=3),
    st.sampled_from([0, overlay.MAX_CHANGED]),
)
def test_rows_and_counts_are_those_of_a_plain_filter_also_after_changes(
    base: list[dict[str, Any]],
    added: list[dict[str, Any]],
    changed: dict[int, dict[str, Any] | None],
    asked: list[Criteria],
    most_changed: int,
):
    dams = {i: dam(i, **one) for i, one in enumerate(base, 1)}
    before = snapshot_of(*map(row, dams.values()))
    found_before = [before.find(one) for one in asked]
    new = {i: dam(i, **one) for i, one in enumerate(added, len(base) + 1)}
    changed = {i: one for i, one in changed.items() if i in dams}
    new |= {i: dam(i, **one) for i, one in changed.items() if one is not None}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlay, "MAX_CHANGED", most_changed)
        after = before.advance([row(new[i]) for i in sorted(new)], 2, set(changed))
    for i in changed:
        del dams[i]
    dams = [*(dams | new).values()]

    for one, found in zip(asked, found_before, strict=True):
        expected = plain_filter.matching(dams, one)
        assert sorted(after.ids(after.matching(one)).tolist()) == expected
        if after.has_found(found):
            assert sorted(after.ids(after.rows_of(found)).tolist()) == expected
        some = np.arange(0, len(base) + len(added), 2)
        among = after.matching_among(one, some).tolist()
        assert among == sorted({*some.tolist()} & {*expected})
        assert_equal(after.counts(one, TODAY), plain_filter.counts(dams, one, TODAY))
        counts, charts = after.charts(one, TODAY)
        assert counts is after.counts(one, TODAY)
        assert_same(charts, plain_filter.charts(dams, one))


@pytest.fixture
def three() -> Snapshot:
    return snapshot_of(
        row(dam(1, state="Utah", hazard_potential="High", nid_height_ft=50.0, date_built="1950")),
        row(dam(2, state="Utah", hazard_potential="Low", nid_height_ft=49.0, date_built="1949-05")),
        row(dam(3, state="Nevada", purposes="Recreation; Other")),
    )


def test_a_facet_counts_the_dams_given_the_others_but_not_its_own_values(three: Snapshot):
    counts = three.counts(Criteria(facets=(("state", ("Utah",)), ("hazard_potential", ("High",)))))

    assert (counts.matching, counts.total) == (1, 3)
    assert counts.facets["state"] == {"": 0, "Nevada": 0, "Utah": 1}
    assert counts.facets["hazard_potential"] == {"": 0, "High": 1, "Low": 1}


def test_each_part_of_several_categories_counts(three: Snapshot):
    assert three.counts(ALL).facets["purposes"] == {"": 2, "Recreation": 1, "Other": 1}


def test_a_range_begins_with_its_lower_end_and_ends_below_its_upper_one(three: Snapshot):
    def matching(low: float, high: float, *, is_unknown_too: bool = False) -> list[int]:
        wanted = Range(low, high, is_unknown_too)
        return three.ids(three.matching(Criteria(ranges=(("nid_height_ft", wanted),)))).tolist()

    assert matching(49, 50) == [2]
    assert matching(49, 51) == [1, 2]
    assert matching(49, 50, is_unknown_too=True) == [2, 3]


def test_every_histogram_has_24_bins_with_edges_that_rise():
    assert {field: len(edges) + 1 for field, edges in EDGES.items()} == dict.fromkeys(RANGES, 24)
    assert all(list(edges) == sorted(set(edges)) for edges in EDGES.values())


@pytest.mark.parametrize("words", [("nv",), ("nevada",), ("hoover", "nv"), ("hoover", "clark")])
def test_a_dam_is_found_by_its_state_and_county(words: tuple[str, ...]):
    snapshot = snapshot_of(
        row(dam(1, dam_name="HOOVER", state="Nevada", county="CLARK")),
        row(dam(2, dam_name="HOOVER", state="California", county="Kern")),
    )

    assert snapshot.ids(snapshot.containing(words)).tolist() == [1]


@pytest.mark.parametrize(
    "field",
    ["federal_id", "other_structure_id", "state_or_federal_agency_id", "former_ids", "other_names",
     "former_names", "city"],
)  # fmt: skip
def test_a_dam_is_found_by_its_other_names_ids_and_city(field: str):
    snapshot = snapshot_of(row(dam(1)), row(dam(2, **{field: "Wanted 1"})))

    assert snapshot.ids(snapshot.containing(["wanted"])).tolist() == [2]


def test_what_a_base_found_is_not_used_where_a_change_elsewhere_matters(three: Snapshot):
    """A new dam at the place of an old one makes both suspicious."""
    shared = Criteria(quality=("shared_place",))
    before = snapshot_of(row(dam(1, latitude=1.0, longitude=1.0)))
    after = before.advance([row(dam(2, latitude=1.0, longitude=1.0))], 2)

    assert not after.has_found(before.find(shared))
    assert (len(before.matching(shared)), len(after.matching(shared))) == (0, 2)
