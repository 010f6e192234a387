"""The charts, without a browser."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.units import METRIC
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session import store as store_module
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot.criteria import ONLY_UNKNOWN, UNKNOWN, Range
from dam_inventory.snapshot.filters import DamFilter
from dam_inventory.snapshot.ranges import EDGES
from dam_inventory.snapshot.snapshot import Snapshot
from dam_inventory.views.charts import choosing, single
from dam_inventory.views.charts.charts import DamCharts
from tests.turns import Page

Draft = Callable[..., DamDraft]


@pytest.fixture
def store(inventory: Inventory, feed: ChangeFeed, draft: Draft) -> Iterator[DamStore]:
    """The tutorial's two dams and three others."""
    for name, state, hazard, facts in (
        ("One", "Colorado", "High", {"condition_assessment": "Poor", "nid_height_ft": 100.0}),
        ("Two", "Colorado", "Low", {"nid_height_ft": 20.0, "nid_storage_acre_ft": 300.0}),
        ("Three", "=cmd|<b>", "High", {"nid_height_ft": 20.0, "nid_storage_acre_ft": 300.0}),
    ):
        inventory.add(draft(name, date_built="1950", state=state, hazard_potential=hazard, **facts))
    feed.announce()
    store = DamStore(inventory, feed)
    yield store
    store.close()


def chart(view: DamCharts, name: str) -> dict[str, Any]:
    [found] = [one for one in json.loads(view.numbers)["charts"] if one["name"] == name]
    return found


def chosen(view: DamCharts) -> dict[str, Any]:
    return {name: one for name, one in json.loads(view.content)["chosen"].items() if one}


def ask(view: DamCharts, *asked: list[Any]) -> None:
    """Send actions as a page does."""
    done = json.loads(view.content)["done"]
    view.asked = json.dumps([[done + i, *one] for i, one in enumerate(asked, 1)])


def names(store: DamStore) -> list[str]:
    return store.dams["dam_name"].tolist()


def saved(view: DamCharts, name: str) -> list[list[str]]:
    ask(view, ["csv", name])
    return [*csv.reader(json.loads(view.saved)["text"].splitlines())]


def test_a_chosen_bar_filters_and_stays_comparable(store: DamStore):
    view = DamCharts(store)

    ask(view, ["only", "state", "Colorado"])

    assert names(store) == ["One", "Two"]
    assert chosen(view) == {"state": ["Colorado"]}
    state = chart(view, "state")
    assert state["marks"] == [
        ["Colorado", "Colorado", 2],
        ["=cmd|<b>", "=cmd|<b>", 1],
        ["", "Unknown", 2],
    ]
    assert (state["total"], chart(view, "date_built")["total"]) == ("5 dams", "2 dams")
    ask(view, ["toggle", "state", UNKNOWN])
    assert store.filter.state == ["Colorado", UNKNOWN]
    ask(view, ["only", "state", "Colorado"], ["only", "state", "Colorado"])
    assert store.filter.state == []


def test_bins_cells_and_pairs_are_conditions(store: DamStore):
    view = DamCharts(store)
    fifties = [1 + EDGES["date_built"].index(1950), 2 + EDGES["date_built"].index(1950)]

    ask(view, ["range", "date_built", *fifties, False])
    assert store.filter.date_built == Range(1950, 1960)
    assert chosen(view)["date_built"] == {"low": fifties[0], "high": fifties[1], "unknown": False}
    ask(view, ["range", "date_built", *fifties, False])
    assert store.filter.date_built is None
    ask(view, ["range", "date_built", 0, 24, True])
    assert store.filter.date_built == ONLY_UNKNOWN
    ask(view, ["range", "date_built", 0, 24, True], ["pair", "High", "Poor"])
    assert names(store) == ["One"]
    ask(view, ["pair too", "Low", ""])
    assert (store.filter.hazard_potential, store.filter.condition_assessment) == (
        ["High", "Low"],
        ["Poor", ""],
    )
    ask(view, ["pair", "High", "Poor"], ["pair", "High", "Poor"], ["cells", 15, 16, 11, 12])
    assert names(store) == ["Two", "Three"]
    assert not store.filter.hazard_potential
    assert store.filter.nid_storage_acre_ft == Range(220, 330)
    assert store.filter.nid_height_ft == Range(18, 22)
    ask(view, ["cells", 15, 16, 11, 12])
    assert not store.filter.is_active


@pytest.mark.parametrize(
    "action",
    [["only", "dam_name", "x"], ["only", "state", 7], ["only", "state", "x" * 201], [[]],
     ["pair", "High"], ["pair", "x" * 201, "Poor"], ["cells", 0, 99, 3, 2], ["csv", "nothing"],
     ["cells", 3, 2, -1, 1], ["cells", 0, 1, 0.5, 1], ["range", "nid_id", 0, 1, False],
     ["range", "date_built", -1, 3, False]],
)  # fmt: skip
def test_what_a_page_has_forged_changes_nothing(store: DamStore, action: list[Any]):
    view = DamCharts(store)

    ask(view, action)

    assert not store.filter.is_active
    assert store.fault == view.saved == ""


def test_a_chart_without_values_says_so_in_words(store: DamStore):
    view = DamCharts(store)

    assert chart(view, "last_inspection_date")["none"] == "No data: unknown for all 5 dams."
    assert chart(view, "owner_type")["none"] == "No data: unknown for all 5 dams."
    assert chart(view, "date_built")["none"] == ""
    store.filter.search = "no such dam"
    assert chart(view, "date_built")["none"] == "No data: no dam meets the other filters."


def test_every_number_is_in_a_table_and_in_a_file(store: DamStore):
    view = DamCharts(store)

    table = chart(view, "hazard_by_condition")["table"]
    assert table == [
        ["Condition assessment", "High", "Low", "Unknown"],
        ["Poor", 1, 0, 0], ["Unknown", 1, 1, 2],
    ]  # fmt: skip
    assert saved(view, "hazard_by_condition")[:2] == [
        ["Hazard potential", "Condition assessment", "Dams"], ["Unknown", "Unknown", "2"],
    ]  # fmt: skip
    assert saved(view, "state") == [
        ["State", "Dams"], ["Colorado", "2"], ["'=cmd|<b>", "1"], ["Unknown", "2"],
    ]  # fmt: skip
    assert [line for line in saved(view, "date_built") if line[1] != "0"][:2] == [
        ["Year completed", "Dams"], ["1940s", "1"],
    ]  # fmt: skip
    coarse = chart(view, "storage_by_height")["table"]
    assert np.array([line[1:] for line in coarse[1:]]).sum() == 5
    assert coarse[3][:4] == ["100 to 1,000", 0, 2, 0]


def test_axes_and_files_have_the_units_that_are_shown(store: DamStore):
    view = DamCharts(store)
    assert saved(view, "storage_by_height")[0] == [
        "NID storage (acre-ft) from", "NID storage (acre-ft) below", "NID height (ft) from",
        "NID height (ft) below", "Dams",
    ]  # fmt: skip
    assert ["220", "330", "18", "22", "2"] in saved(view, "storage_by_height")
    assert [text for _, text in chart(view, "storage_by_height")["y"]["ticks"]] == [
        "10",
        "100",
        "1,000",
    ]

    store.units = METRIC

    axis = chart(view, "storage_by_height")["y"]
    assert axis["label"] == "NID height (m)"
    assert [text for _, text in axis["ticks"]] == ["1", "10", "100"]
    assert 1 < axis["ticks"][0][0] < 2
    lines = saved(view, "storage_by_height")
    assert lines[0][2] == "NID height (m) from"
    assert ["271.366", "407.049", "5.4864", "6.7056", "2"] in lines


def test_hidden_charts_count_nothing(store: DamStore, monkeypatch: pytest.MonkeyPatch):
    view = DamCharts(store)
    asked: list[Any] = []
    count = Snapshot.charts
    monkeypatch.setattr(Snapshot, "charts", lambda *some: asked.append(some) or count(*some))

    view.show(False)
    store.filter.state = ["Colorado"]
    assert asked == []

    view.show(True)
    assert len(asked) == 1
    assert chart(view, "date_built")["total"] == "2 dams"


def test_an_answer_to_an_earlier_filter_is_not_shown(
    inventory: Inventory,
    feed: ChangeFeed,
    monkeypatch: pytest.MonkeyPatch,
    wait_until: Callable[..., None],
):
    monkeypatch.setattr(store_module, "MAX_AT_ONCE", 0)
    page = Page(wait_until)
    store = DamStore(inventory, feed, schedule=page.schedule)
    view = DamCharts(store)
    assert view.numbers == "{}"
    page.answer()
    assert chart(view, "date_built")["total"] == "2 dams"

    shown: list[str] = []
    view.param.watch(lambda _: shown.append(chart(view, "purposes")["total"]), "numbers")

    store.filter.date_built = Range(1940, 1950)
    # What is chosen is seen before its numbers.
    assert chosen(view)["date_built"]["low"] == 1 + EDGES["date_built"].index(1940)
    store.filter.state = ["Nowhere"]
    while not shown or not page.is_idle or store.is_searching:
        page.answer()

    assert [one.split(";")[0] for one in shown] == ["0 dams"]
    store.close()


def test_a_file_with_many_words_does_not_flood_the_page(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(single, "MOST", 2)
    dam_filter = DamFilter(state=["d"])
    counts = type("C", (), {"facets": {"state": {"a": 9, "b": 8, "c": 7, "d": 1, "": 3}}})

    known, shown = single.bars("state", counts, dam_filter.criteria)

    assert known == 25
    assert [value for value, *_ in shown["marks"]] == ["a", "b", "d", ""]


def test_choosing_knows_no_verb_of_other_views():
    dam_filter = DamFilter(state=["Utah"])
    choosing.perform(["clear"], dam_filter)
    assert dam_filter.state == ["Utah"]
