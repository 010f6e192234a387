"""The filter rail and the chips, without a browser."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.mercator import Extent
from dam_inventory.domain.units import METRIC
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session import store as store_module
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot import filter_text
from dam_inventory.snapshot.criteria import ONLY_UNKNOWN, UNKNOWN, Range
from dam_inventory.snapshot.filters import DamFilter
from dam_inventory.snapshot.ranges import EDGES
from dam_inventory.views.components import asking
from dam_inventory.views.filters import actions, folds, nearby
from dam_inventory.views.filters.chips import FilterChips
from dam_inventory.views.filters.rail import FilterRail
from dam_inventory.views.filters.wording import range_in_words
from tests.turns import Page

Draft = Callable[..., DamDraft]


@pytest.fixture
def store(inventory: Inventory, feed: ChangeFeed, draft: Draft) -> Iterator[DamStore]:
    """The tutorial's two dams and three others."""
    for name, state, county, hazard in (
        ("One", "Colorado", "Jefferson", "High"),
        ("Two", "Colorado", "Jefferson", "Low"),
        ("Three", "Texas", "Jefferson", "High"),
    ):
        place = {"latitude": 39.0, "longitude": -105.0 - len(name)}
        inventory.add(draft(name, state=state, county=county, hazard_potential=hazard, **place))
    feed.announce()
    store = DamStore(inventory, feed)
    yield store
    store.close()


def content(view: FilterRail | FilterChips) -> dict[str, Any]:
    return json.loads(view.content)


def options(view: FilterRail, fold: str) -> dict[str, tuple[int, bool]]:
    """Return count and choice of each option of a fold, by its label."""
    return {label: (n, chosen) for _, label, n, chosen in content(view)["folds"][fold]["options"]}


def ask(view: FilterRail | FilterChips, *asked: list[Any]) -> None:
    """Send actions as a page does."""
    done = content(view)["done"]
    view.asked = json.dumps([[done + i, *one] for i, one in enumerate(asked, 1)])


def names(store: DamStore) -> list[str]:
    return store.dams["dam_name"].tolist()


def test_each_facet_counts_the_dams_given_the_others(store: DamStore):
    view = FilterRail(store)
    assert options(view, "state") == {
        "Colorado": (2, False), "Texas": (1, False), "Unknown": (2, False)
    }  # fmt: skip

    ask(view, ["toggle", "state", "Colorado"], ["toggle", "hazard_potential", "High"])

    assert names(store) == ["One"]
    assert options(view, "state") == {
        "Colorado": (1, True), "Texas": (1, False), "Unknown": (0, False)
    }  # fmt: skip
    assert options(view, "hazard_potential")["Low"] == (1, False)
    assert content(view)["folds"]["state"]["chosen"] == 1


def test_what_no_dam_has_a_value_of_is_not_shown(store: DamStore):
    folds = content(FilterRail(store))["folds"]

    assert {"state", "county", "hazard_potential", "date_built", "quality"} == folds.keys()
    store.filter.condition_assessment = [UNKNOWN]
    assert "condition_assessment" in content(FilterRail(store))["folds"]


def test_what_is_due_is_a_fold_with_counts_and_chips_where_dates_are_known(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, draft: Draft
):
    view, chips_view = FilterRail(store), FilterChips(store)
    assert "due" not in content(view)["folds"]
    dates = {"last_inspection_date": "2019", "inspection_frequency_years": 5.0}
    inventory.add(draft("Inspected", **dates))
    feed.announce()
    store.reload()
    store.filter.today = dt.date(2024, 12, 31)
    assert options(view, "due")["Inspection overdue"] == (0, False)

    store.filter.today = dt.date(2025, 1, 1)  # at midnight
    assert options(view, "due")["Inspection overdue"] == (1, False)
    ask(view, ["toggle", "due", "inspection_overdue"], ["toggle", "due", "forged"])

    assert names(store) == ["Inspected"]
    assert options(view, "due")["Next inspection unknown"] == (5, False)
    shown = content(chips_view)
    assert shown["chips"] == [["due", "inspection_overdue", "Inspection overdue"]]
    assert shown["address"]["due"] == ["inspection_overdue"]
    ask(chips_view, ["toggle", "due", "inspection_overdue"])
    assert content(chips_view)["chips"] == []


def test_the_known_values_are_in_the_order_of_the_field_and_unknown_is_last(store: DamStore):
    assert [*options(FilterRail(store), "hazard_potential")] == ["High", "Low", "Unknown"]


def test_a_long_facet_shows_its_most_frequent_values_and_finds_others(
    inventory: Inventory, feed: ChangeFeed, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(folds, "MAX_SHORT", 3)
    monkeypatch.setattr(folds, "MAX_TOP", 2)
    for number, county in enumerate(["Ada", "Kern", "Kern", "Canyon", "Cañada"]):
        inventory.add(draft(f"Dam {number}", county=county, latitude=10.0 + number))
    feed.announce()
    store = DamStore(inventory, feed)
    view = FilterRail(store)
    assert [*options(view, "county")] == ["Kern", "Ada", "Unknown"]
    assert content(view)["folds"]["county"]["hidden"] == 2

    ask(view, ["find", "county", " CAN"])
    assert [*options(view, "county")] == ["Canyon", "Cañada"]
    ask(view, ["toggle", "county", "Cañada"], ["find", "county", ""])
    assert [*options(view, "county")] == ["Cañada", "Kern", "Ada", "Unknown"]
    store.close()


def test_the_handles_of_a_histogram_select_a_range(store: DamStore):
    view = FilterRail(store)
    edges = EDGES["date_built"]
    low, high = edges.index(1940) + 1, edges.index(1950) + 1
    assert sum(content(view)["folds"]["date_built"]["bins"]) == 5

    ask(view, ["range", "date_built", low, high, False])
    assert store.filter.date_built == Range(1940, 1950)
    fold = content(view)["folds"]["date_built"]
    assert (fold["low"], fold["high"], fold["bins"][low]) == (low, high, 4)
    ask(view, ["range", "date_built", 0, len(edges) + 1, True])
    assert store.filter.date_built == ONLY_UNKNOWN
    ask(view, ["range", "date_built", 0, len(edges) + 1, False])
    assert store.filter.date_built is None


def test_handles_stand_beside_the_ends_that_a_link_names(store: DamStore):
    store.filter.date_built = (1945, 1946)

    fold = content(FilterRail(store))["folds"]["date_built"]

    edges = EDGES["date_built"]
    assert (edges[fold["low"] - 1], edges[fold["high"] - 1]) == (1940, 1950)


def test_actions_that_are_sent_twice_are_done_once(store: DamStore):
    view = FilterRail(store)
    first, second = [1, "toggle", "state", "Texas"], [2, "toggle", "county", "Jefferson"]

    view.asked = json.dumps([first])
    view.asked = json.dumps([first, second])

    assert (store.filter.state, store.filter.county) == (["Texas"], ["Jefferson"])
    assert content(view)["done"] == 2


@pytest.mark.parametrize(
    "asked",
    [
        "", "{", "5", "null", "[" * 10_000, '[[1]]', '[["1", "clear"]]', "[[true, \"clear\"]]",
        *(json.dumps([[1, *action]]) for action in (
            ["toggle"], ["toggle", "state"], ["toggle", "state", 5], ["toggle", "owner", "x"],
            ["toggle", "__class__", "x"], ["clear", "__dict__"], ["find", "owner", "x"],
            ["range", "date_built", 5, 5, False], ["range", "date_built", -1, 5, False],
            ["range", "date_built", 0, 99, False], ["range", "date_built", "0", 9, False],
            ["range", "search", 0, 9, False], ["hydrograph", "yes"], ["in_view", 1],
            ["near", -1], ["near", "5"], ["near", 5, "center", "", "us"],
            ["near", "5", "sun", "", "us"], ["near", "5", "dam", 1, "us"],
            ["near", "5", "place", "1, 1", "roman"],
        )),
    ],
    ids=lambda text: text[:40],
)  # fmt: skip
def test_actions_that_make_no_sense_are_ignored(store: DamStore, asked: str):
    rail_view, chips_view = FilterRail(store), FilterChips(store)

    rail_view.asked = chips_view.asked = asked

    assert not store.filter.is_active
    assert store.fault == ""


@given(st.text() | st.lists(st.lists(st.integers() | st.text() | st.none())).map(json.dumps))
def test_any_text_can_be_read_as_actions(text: str):
    for action in asking.read(text, 0)[0]:
        actions.perform(action, DamFilter())


def test_the_chips_say_how_many_dams_match_and_why(store: DamStore):
    view = FilterChips(store)
    assert (content(view)["summary"], content(view)["chips"]) == ("5 dams", [])

    store.filter.param.update(
        search="one  two", state=["Colorado", UNKNOWN], date_built=(None, 1950),
        has_hydrograph=False, quality=["at_zero"], in_view=True, near=(-105, 39, 5),
    )  # fmt: skip

    assert content(view)["summary"] == "0 of 5 dams"
    assert [text for _, _, text in content(view)["chips"]] == [
        "Search: one two", "State: Unknown", "State: Colorado", "Year completed: 1949 or earlier",
        "Has no hydrograph", "At latitude 0, longitude 0", "In the map's view",
        "Within 3.107 mi of 39°, -105°",
    ]  # fmt: skip


def test_each_chip_removes_its_condition(store: DamStore):
    store.filter.param.update(state=["Colorado", "Texas"], date_built=(1900, 2000), search="e")
    view = FilterChips(store)

    ask(view, ["toggle", "state", "Texas"])
    assert [chip[0] for chip in content(view)["chips"]] == ["search", "state", "date_built"]
    ask(view, ["clear", "date_built"], ["clear", "search"])
    assert [chip[2] for chip in content(view)["chips"]] == ["State: Colorado"]
    ask(view, ["clear"])
    assert (content(view)["chips"], store.rows) == ([], None)


def test_a_facet_with_many_values_has_one_chip(store: DamStore):
    store.filter.county = [f"County {number}" for number in range(6)]

    assert content(FilterChips(store))["chips"] == [["county", None, "County: 6 values"]]


@pytest.mark.parametrize(
    ("field", "wanted", "words"),
    [
        ("nid_height_ft", Range(50, 100), "50 ft to under 100 ft"),
        ("nid_height_ft", Range(50), "50 ft or more"),
        ("nid_height_ft", Range(high=1000), "under 1,000 ft"),
        ("nid_height_ft", Range(50, 100, True), "50 ft to under 100 ft, or unknown"),
        ("date_built", Range(1940, 1950), "1940 to 1949"),
        ("date_built", Range(1940, 1941), "1940"),
        ("date_built", Range(2020), "2020 or later"),
        ("date_built", ONLY_UNKNOWN, "Unknown"),
    ],
)
def test_a_range_is_said_in_words(field: str, wanted: Range, words: str):
    assert range_in_words(field, wanted) == words


def near(view: FilterRail) -> dict[str, object]:
    return content(view)["near"]


def test_dams_within_a_distance_of_the_selected_one_are_found(store: DamStore):
    view = FilterRail(store)
    assert not near(view)["hasDam"]
    ask(view, ["near", "150", "dam", "", "us"])
    assert (store.filter.near, near(view)["fault"]) == (None, nearby.NO_DAM)

    store.selected = store.snapshot.ids(store.snapshot.containing(["one"])).tolist()[0]
    assert near(view)["hasDam"]
    ask(view, ["near", "150", "dam", "", "us"])
    assert names(store) == ["One", "Two", "Three"]
    assert (near(view)["distance"], near(view)["of"], near(view)["fault"]) == ("150", "dam", "")
    ask(view, ["near", "25", "dam", "", "metric"])
    assert names(store) == ["One", "Two"]
    ask(view, ["near", "", "dam", "", "us"])
    assert store.rows is None


def test_dams_within_a_distance_of_a_typed_or_of_the_central_point_are_found(store: DamStore):
    view = FilterRail(store)

    ask(view, ["near", "10", "place", "39 30 00 N, 105 15 00 W", "us"])
    assert store.filter.near == (-105.25, 39.5, 16.09344)
    store.filter.view = Extent(-100.0, -50.0, 100.0, 50.0)
    ask(view, ["near", "12,5", "center", "", "metric"])
    assert store.filter.near == (0, 0, 12.5)


@pytest.mark.parametrize(
    ("distance", "of", "place", "fault"),
    [
        ("0", "center", "", nearby.NO_NUMBER), ("-5", "center", "", nearby.NO_NUMBER),
        ("nan", "center", "", nearby.NO_NUMBER), ("1e9", "center", "", nearby.NO_NUMBER),
        ("ten", "center", "", nearby.NO_NUMBER), ("10", "place", "Denver", nearby.NO_PLACE),
        ("10", "place", "191, 0", nearby.NO_PLACE), ("10", "place", "", ""),
        ("10", "dam", "", nearby.NO_DAM),
    ],
)  # fmt: skip
def test_a_circle_that_makes_no_sense_is_explained_and_changes_nothing(
    store: DamStore, distance: str, of: str, place: str, fault: str
):
    store.filter.near, store.filter.view = (-105, 39, 5), Extent(0.0, 0.0, 1.0, 1.0)
    view = FilterRail(store)

    ask(view, ["near", distance, of, place, "metric"])

    assert near(view)["fault"] == fault
    assert store.filter.near == (-105, 39, 5)


def test_the_circle_of_a_link_is_shown_in_the_units_of_its_reader(store: DamStore):
    store.filter.near = (-105, 39.25, 16.09344)

    shown = near(FilterRail(store))
    assert (shown["distance"], shown["unit"]) == ("10", "mi")
    assert (shown["of"], shown["place"]) == ("place", "39.25, -105")
    store.units = METRIC
    shown = near(FilterRail(store))
    assert (shown["distance"], shown["unit"]) == ("16.09344", "km")


def test_a_circle_that_a_chip_has_removed_is_no_longer_in_the_rail(store: DamStore):
    view = FilterRail(store)
    ask(view, ["near", "10", "place", "39.5, -105.25", "us"])

    store.filter.clear("near")

    assert near(view)["distance"] == ""


def test_ranges_and_chips_have_the_units_of_the_session(store: DamStore):
    view, chips_view = FilterRail(store), FilterChips(store)
    store.filter.param.update(nid_height_ft=(100, None), near=(-105, 39, 16.09344))
    texts = [text for _, _, text in content(chips_view)["chips"]]
    assert texts == ["NID height: 100 ft or more", "Within 10 mi of 39\u00b0, -105\u00b0"]
    edges = content(view)["folds"]["nid_height_ft"]

    store.units = METRIC

    texts = [text for _, _, text in content(chips_view)["chips"]]
    assert texts == ["NID height: 30.48 m or more", "Within 16.09 km of 39\u00b0, -105\u00b0"]
    assert content(view)["folds"]["nid_height_ft"] == edges
    marks = {one["name"]: one.get("marks") for one in json.loads(view.setup)}
    assert marks["nid_height_ft"][0][:2] == ["", "1.52 m"]
    assert content(chips_view)["address"]["nid_height_ft"] == ["100.."]


def test_the_views_follow_changes_of_the_inventory(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, draft: Draft
):
    rail_view, chips_view = FilterRail(store), FilterChips(store)
    store.filter.toggle("state", "Texas")
    inventory.add(draft("Four", state="Texas", hazard_potential="Significant"))
    feed.announce()

    store.reload()

    assert content(chips_view)["summary"] == "2 of 6 dams"
    assert options(rail_view, "hazard_potential")["Significant"] == (1, False)


@pytest.fixture
def page(wait_until: Callable[..., None]) -> Page:
    return Page(wait_until)


def test_of_many_dams_only_the_latest_counts_are_shown(
    store: DamStore,
    inventory: Inventory,
    feed: ChangeFeed,
    page: Page,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(store_module, "MAX_AT_ONCE", 0)
    many = DamStore(inventory, feed, schedule=page.schedule)
    view = FilterRail(many)
    page.answer()
    shown = []
    view.param.watch(lambda _: shown.append(content(view)["matching"]), "content")

    view.asked = json.dumps([[1, "toggle", "state", "Texas"]])
    view.asked = json.dumps([[1, "toggle", "state", "Texas"], [2, "toggle", "county", "None"]])
    while not page.is_idle or many.is_searching or not shown:
        page.answer()

    assert shown == [0]
    many.close()


texts = st.sampled_from(["Utah", "unknown", "~", "~unknown", "a&b=c", UNKNOWN, "É"])
ends = st.sampled_from([None, 1.5, 1900, 1e8])
filters = st.builds(
    DamFilter,
    state=st.lists(texts, max_size=3),
    purposes=st.lists(texts, max_size=1),
    date_built=st.none() | st.just(ONLY_UNKNOWN) | st.tuples(ends, ends, st.booleans()),
    nid_height_ft=st.none() | st.tuples(ends, ends),
    has_hydrograph=st.sampled_from([None, True, False]),
    quality=st.lists(st.sampled_from(["at_zero", "zero_size"]), unique=True),
    due=st.lists(st.sampled_from(["plan_old", "inspection_unknown"]), unique=True),
    in_view=st.booleans(),
    near=st.none() | st.just((-105.25, 39.5, 12.5)),
    region=st.sampled_from(
        [None, ((-1, -1), (1, -1), (1, 1), (-1, 1)), ((0, 0), (9.5, 1), (3, 4))]
    ),
)


@given(filters)
def test_a_filter_is_the_same_after_it_was_in_an_address(before: DamFilter):
    after = DamFilter(**filter_text.read(filter_text.written(before)))

    assert after.criteria == before.criteria
    assert after.in_view == before.in_view


@pytest.mark.parametrize(
    "arguments",
    [
        {"state": [""]}, {"state": ["x" * 201]}, {"date_built": ["1900"]},
        {"date_built": ["2000..1900"]}, {"date_built": ["nan..1900"]}, {"date_built": [".."]},
        {"date_built": ["1..2,3"]}, {"date_built": ["inf..inf"]}, {"near": ["1,2"]},
        {"near": ["1,2,nan"]}, {"hydrograph": ["maybe"]}, {"quality": ["x"]}, {"due": ["x", ""]},
        {"in_view": ["1"]},
        {"region": ["1,2"]}, {"region": ["1,2,3,4,5"]}, {"region": ["3,2,1,4"]},
        {"region": ["0,0,1,nan"]}, {"region": ["0,0,181,1"]}, {"region": ["1,1,2,2,3,"]},
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_in_an_address_is_ignored(arguments: dict[str, list[str]]):
    assert filter_text.read(arguments) == {}


def test_an_address_can_be_written_by_hand():
    found = filter_text.read({"state": ["Utah", "unknown"], "nid_height_ft": ["50..,unknown"]})

    assert found == {"state": ["", "Utah"], "nid_height_ft": Range(50, math.inf, True)}


@pytest.mark.parametrize("text", ["-109.05,37,-102.05,41", "-105,39,-104,39.5,-104.33333,40"])
def test_a_drawn_region_is_short_in_an_address(store: DamStore, text: str):
    store.filter.param.update(filter_text.read({"region": [text]}))

    shown = content(FilterChips(store))
    assert shown["chips"] == [["region", None, "In the drawn region"]]
    assert shown["address"]["region"] == [text]
