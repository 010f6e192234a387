"""Dams side by side, without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from bokeh.events import RangesUpdate

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.domain.units import METRIC
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.store import DamStore
from dam_inventory.views.cards.card_stack import Side
from dam_inventory.views.cards.facts import facts_html
from dam_inventory.views.compare.comparison import Comparison
from dam_inventory.views.compare.table import ComparisonTable
from dam_inventory.views.hydrograph.flow_curves import MOST, FlowCurves
from dam_inventory.views.hydrograph.plot import MAX_POINTS_DRAWN
from tests.importing import import_all

NEVADA: dict[str, Any] = {
    "state": "Nevada",
    "county": "CLARK, NV; MOHAVE, AZ",
    "nid_height_ft": 730.0,
    "website": "https://example.org/hoover",
}
ARIZONA: dict[str, Any] = {"state": "Arizona", "county": "COCONINO", "nid_height_ft": 710.0}
FLOOD = Hydrograph([0, 5, 20], [0, 60, 0])
WAVE = Hydrograph([10, 15, 30], [-5, 20, 0])


@pytest.fixture
def ids(store: DamStore, draft: Callable[..., DamDraft]) -> dict[str, int]:
    """Four dams by name."""
    drafts = [
        draft("HOOVER", **NEVADA, other_facts={"date_built": "soon", "Nickname": "Boulder"}),
        draft("GLEN CANYON", **ARIZONA),
        draft("<b>Twin</b>"),
        draft("<b>Twin</b>"),
    ]
    names = ["HOOVER", "GLEN CANYON", "Twin", "Other twin"]
    return {name: store.add(one).dam_id for name, one in zip(names, drafts, strict=True)}


@pytest.fixture
def table(store: DamStore) -> ComparisonTable:
    return ComparisonTable(store)


def content(table: ComparisonTable) -> dict[str, Any]:
    return json.loads(table.content)


def rows(table: ComparisonTable) -> dict[str, tuple[list[str], bool]]:
    """Return the texts of each row and whether they differ, by the label of the row."""
    return {
        row["label"]: (row["texts"], row["differs"])
        for _, some in content(table)["groups"]
        for row in some
    }


def test_each_dam_has_a_column_and_each_known_fact_a_row(
    store: DamStore, table: ComparisonTable, ids: dict[str, int]
):
    store.compared = (ids["HOOVER"], ids["GLEN CANYON"])

    shown = content(table)
    assert [(one["name"], one["place"]) for one in shown["dams"]] == [
        ("HOOVER", "Clark County, Nevada"),
        ("GLEN CANYON", "Coconino County, Arizona"),
    ]
    assert rows(table)["NID height (ft)"] == (["730", "710"], True)
    assert rows(table)["River"] == (["Provo River", "Provo River"], False)
    assert rows(table)["Website"] == (["https://example.org/hoover", ""], True)
    assert rows(table)["Nickname"] == (["Boulder", ""], True)
    assert rows(table)["date_built"] == (["soon", ""], True)
    assert "NID storage (acre-ft)" not in rows(table), "no dam has one"
    differ = sum(is_different for _, is_different in rows(table).values())
    assert shown["summary"] == f"{differ} of {len(rows(table))} facts differ."


def test_numbers_are_shown_in_the_units_of_the_session(
    store: DamStore, table: ComparisonTable, ids: dict[str, int]
):
    store.compared = (ids["HOOVER"], ids["GLEN CANYON"])

    store.units = METRIC

    assert rows(table)["NID height (m)"] == (["222.5", "216.4"], True)


def test_the_groups_and_texts_are_those_of_the_card(
    store: DamStore, table: ComparisonTable, ids: dict[str, int]
):
    store.compared = (ids["HOOVER"],)

    row = store.snapshot.row_of(ids["HOOVER"])
    card = facts_html(store.snapshot.values(row))
    assert [group for group, _ in content(table)["groups"]] == re.findall("<h3>(.*?)</h3>", card)
    texts = [text for [text], _ in rows(table).values()]
    assert texts == [re.sub("<[^>]*>", "", one) for one in re.findall("<dd>(.*?)</dd>", card)]


def test_only_an_address_is_drawn_as_a_link(
    store: DamStore, table: ComparisonTable, ids: dict[str, int], inventory: Inventory
):
    def kind() -> str:
        [found] = [row for _, some in content(table)["groups"] for row in some
                   if row["label"] == "Website"]  # fmt: skip
        return found["kind"]

    store.compared = (ids["HOOVER"], ids["GLEN CANYON"])
    assert kind() == "link"

    row = {"dam_name": "Bad", "website": "javascript:alert(1)"}
    import_all(inventory, [row], source="a file")
    store._feed.catch_up()
    store.reload()
    store.compared = (ids["HOOVER"], int(store.snapshot.ids(store.snapshot.rows()).max()))
    assert kind() != "link"


def test_one_or_no_dam_is_told_how_to_go_on(
    store: DamStore, table: ComparisonTable, ids: dict[str, int]
):
    assert content(table)["hint"].startswith("Nothing to compare yet. Tick 2 to 4 dams")

    store.compared = (ids["HOOVER"],)

    assert content(table)["hint"].startswith("Choose Add to compare on the card of another dam")
    assert not any(is_different for _, is_different in rows(table).values())


def test_a_person_removes_a_column_selects_a_dam_and_clears_the_table(
    store: DamStore, table: ComparisonTable, ids: dict[str, int]
):
    hoover, glen, twin = ids["HOOVER"], ids["GLEN CANYON"], ids["Twin"]
    store.compared = (hoover, glen, twin)

    table.asked = json.dumps([[1, "remove", hoover], [2, "select", twin]])
    assert (store.compared, store.selected) == ((glen, twin), twin)
    assert "HOOVER" not in content(table)["summary"], "a removed column is no removed dam"
    assert (content(table)["done"], content(table)["selected"]) == (2, twin)

    table.asked = json.dumps([[3, "clear"]])
    assert store.compared == ()


@pytest.mark.parametrize(
    "asked",
    ["", "{", "[[1]]", '[[1, "select", 2]]', '[[1, "remove", "2"]]', '[[1, "add", 2]]',
     '[[1, "select", true]]', '[[1, "remove", {"a": []}]]', "[" * 5000],
)  # fmt: skip
def test_what_a_browser_makes_up_changes_nothing(
    store: DamStore, table: ComparisonTable, ids: dict[str, int], asked: str
):
    store.selected = None
    store.compared = (ids["HOOVER"], ids["GLEN CANYON"])

    table.asked = asked

    assert store.compared == (ids["HOOVER"], ids["GLEN CANYON"])
    assert store.selected is None
    assert store.fault == ""


def test_an_edit_is_shown_and_a_removal_is_said_at_reload(
    store: DamStore,
    table: ComparisonTable,
    ids: dict[str, int],
    inventory: Inventory,
    feed: ChangeFeed,
):
    hoover, glen, twin = ids["HOOVER"], ids["GLEN CANYON"], ids["Twin"]
    store.compared = (hoover, glen, twin)

    inventory.edit(hoover, {"nid_height_ft": 726.0}, store.snapshot.mark)
    inventory.remove(glen, store.snapshot.mark)
    feed.catch_up()
    assert rows(table)["NID height (ft)"][0] == ["730", "710", ""]
    store.reload()

    assert rows(table)["NID height (ft)"][0] == ["726", ""]
    assert content(table)["summary"].startswith('"GLEN CANYON" is not in the inventory any more. ')
    store.compared = (hoover,)
    assert content(table)["summary"] == ""


def test_a_card_adds_its_dam_until_there_are_four(store: DamStore, ids: dict[str, int]):
    side = Side(store, lambda _: None)
    asked = []
    side.param.watch(lambda _: asked.append(store.compared), "compare")

    def press() -> None:
        side._details.param.trigger("compare")

    for dam_id in ids.values():
        store.selected = dam_id
        assert side._details._compare.label == "Add to compare"
        press()
    assert store.compared == tuple(ids.values())
    assert side._details._compare.label == "Comparison (4)"
    press()
    assert asked == [store.compared], "the second press shows them"

    store.selected = 1
    press()
    assert store.compared == tuple(ids.values())
    assert "At most 4 dams" in re.sub(
        r"&#(\d+);", lambda m: chr(int(m[1])), side._details._refused.object
    )


def curves(flows: FlowCurves) -> dict[str, tuple[list[float], list[float]]]:
    """Return time and flow of each curve by its entry in the legend."""
    [legend] = flows.__panel__().object.legend
    return {
        item.label.value: tuple(
            [*map(float, item.renderers[0].data_source.data[name])] for name in ("time", "flow")
        )
        for item in legend.items
    }


def test_the_hydrographs_are_drawn_on_axes_that_hold_them_all():
    flows = FlowCurves()

    flows.show([("A", FLOOD), ("B", WAVE)])

    assert curves(flows) == {
        name: (one.time.tolist(), one.flow.tolist()) for name, one in (("A", FLOOD), ("B", WAVE))
    }
    figure = flows.__panel__().object
    assert (figure.x_range.start, figure.x_range.end) == (0, 30)
    assert figure.y_range.start < -5
    assert figure.y_range.end > 60
    assert len({str(line.glyph.line_dash) for line in flows._lines}) == MOST

    flows.units = METRIC
    assert max(curves(flows)["A"][1]) == pytest.approx(60 * 0.3048**3)
    assert figure.yaxis.axis_label == "Flow (m³/s)"
    assert figure.y_range.end < 2

    flows.show([("B", WAVE)])
    assert [*curves(flows)] == ["B"]
    assert [len(line.data_source.data["time"]) for line in flows._lines] == [3, *[0] * (MOST - 1)]


def test_zooming_in_fetches_the_points_that_were_left_out_of_a_long_curve():
    time = np.linspace(0, 100, 50_000)
    long = Hydrograph(time, np.sin(time))
    flows = FlowCurves()
    flows.show([("A", FLOOD), ("B", long)])
    assert len(curves(flows)["B"][0]) <= MAX_POINTS_DRAWN
    figure = flows.__panel__().object

    figure.x_range.update(start=50, end=51)
    figure._trigger_event(RangesUpdate(figure, x0=50, x1=51, y0=0, y1=1))

    shown = [one for one in curves(flows)["B"][0] if 50 <= one <= 51]
    assert shown == time[(time >= 50) & (time <= 51)].tolist()
    assert curves(flows)["A"][0] == FLOOD.time.tolist()


def test_curves_are_shown_as_long_as_a_compared_dam_has_one(
    store: DamStore, ids: dict[str, int], inventory: Inventory, wait_until: Callable[..., None]
):
    store.assign_hydrograph(ids["Twin"], FLOOD)
    store.assign_hydrograph(ids["Other twin"], WAVE)
    view = Comparison(store)
    assert not view._place.visible

    store.compared = (ids["HOOVER"], ids["Twin"], ids["Other twin"])
    wait_until(lambda: view._place.visible)
    assert len(curves(view._curves)) == 1, "both have one name and no place"
    assert len(view._curves._legend.items) == 2
    assert rows(view._table)["Peak flow (cfs)"] == (["", "60", "20"], True)
    assert rows(view._table)["Time to peak (hours)"] == (["", "5", "15"], True)

    store.compared = (ids["HOOVER"],)
    assert not view._place.visible
    assert "Peak flow (cfs)" not in rows(view._table)
