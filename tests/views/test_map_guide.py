"""What is said beside the map, and what its buttons do, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from bokeh.events import Tap

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.mercator import Extent, to_degrees, to_mercator
from dam_inventory.domain.palette import COLORINGS, HAZARD, PLAIN, QUALITY
from dam_inventory.domain.units import METRIC
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot import atlas as atlas_module
from dam_inventory.snapshot.criteria import ONLY_UNKNOWN, UNKNOWN, Near, Range
from dam_inventory.snapshot.elsewhere import Elsewhere
from dam_inventory.snapshot.matching import distance
from dam_inventory.snapshot.raster import LEVELS, shade
from dam_inventory.snapshot.region import Region
from dam_inventory.snapshot.snapshot import Snapshot
from dam_inventory.views.map import in_view as in_view_module
from dam_inventory.views.map import legend_filter
from dam_inventory.views.map.clicks import CLOSER
from dam_inventory.views.map.colors import palette
from dam_inventory.views.map.controls import MapControls
from dam_inventory.views.map.dam_map import DamMap
from dam_inventory.views.map.legend import elsewhere
from dam_inventory.views.map.map_figure import Canvas
from dam_inventory.views.map.markers import picture

KINDS = [
    ("High", "Recreation;Tailings", "1936"),
    ("High", "Tailings", "1899"),
    ("Low", "Space Travel", "1940-05"),
    (None, "Other", "1962"),
]
PLACE = (-111.0, 40.0)


@pytest.fixture
def store(inventory: Inventory, feed: Any, draft: Callable[..., DamDraft]) -> Any:
    """A store of the two example dams and of one dam of each kind, all at one place."""
    for number, (hazard, purposes, built) in enumerate(KINDS):
        facts = {"purposes": purposes, "date_built": built, "longitude": PLACE[0]}
        facts |= {"hazard_potential": hazard, "latitude": PLACE[1]}
        inventory.add(draft(f"Kind {number}", **facts))
    feed.catch_up()
    store = DamStore(inventory, feed)
    yield store
    store.close()


@pytest.fixture
def dam_map(store: DamStore) -> DamMap:
    dam_map = DamMap(store)
    dam_map.__panel__().get_root()
    return dam_map


def canvas_of(dam_map: DamMap) -> Canvas:
    [canvas] = dam_map._canvases
    return canvas


def controls_of(dam_map: DamMap) -> MapControls:
    return dam_map._guide.controls


def tap(dam_map: DamMap, longitude: float, latitude: float) -> None:
    figure = canvas_of(dam_map).figure
    x, y = map(float, to_mercator(longitude, latitude))
    figure._trigger_event(Tap(figure, x=x, y=y))


def entries(dam_map: DamMap) -> dict[str, tuple[str, bool]]:
    """Return count and choice of each entry of the legend."""
    found = json.loads(controls_of(dam_map).legend)["entries"]
    return {name: (count, is_chosen) for _, name, _, count, is_chosen in found}


def names(store: DamStore) -> list[str]:
    assert store.rows is not None
    return store.snapshot.names(store.rows)


def click(dam_map: DamMap, category: str) -> None:
    """Click on an entry of the legend."""
    click_all(dam_map, category)


def click_all(dam_map: DamMap, *categories: str) -> None:
    """Click on entries of the legend, before the server answers any of them."""
    controls = controls_of(dam_map)
    done = json.loads(controls.legend).get("done", 0)
    codes = map(dam_map.coloring.categories.index, categories)
    controls.asked = json.dumps([[number, code] for number, code in enumerate(codes, done + 1)])


def test_hazard_colors_the_dams_as_soon_as_it_is_known(
    inventory: Inventory, feed: Any, draft: Callable[..., DamDraft]
):
    inventory.add(draft("Unknown"))
    feed.catch_up()
    store = DamStore(inventory, feed)
    dam_map = DamMap(store)
    assert dam_map.color_by == PLAIN.name
    assert entries(dam_map) == {}

    inventory.add(draft("Known", hazard_potential="Low"))
    feed.catch_up()
    store.reload()

    assert dam_map.color_by == HAZARD.name
    assert entries(dam_map) == {"Low": ("1", False), "Unknown": ("3", False)}
    store.close()


def test_a_color_that_a_person_has_chosen_is_kept(store: DamStore, dam_map: DamMap):
    dam_map.color_by = "date_built"

    store.reload()
    store.param.trigger("snapshot")

    assert dam_map.color_by == "date_built"


def test_the_legend_counts_what_the_filter_lets_through(store: DamStore, dam_map: DamMap):
    assert entries(dam_map) == {
        "High": ("2", False), "Low": ("1", False), "Unknown": ("3", False),
    }  # fmt: skip

    store.filter.search = "kind 0"

    assert entries(dam_map)["High"] == ("1", False)
    assert entries(dam_map)["Low"] == ("0", False)


def test_entries_of_the_legend_are_switches_of_the_filter(store: DamStore, dam_map: DamMap):
    click(dam_map, "High")
    assert names(store) == ["Kind 0", "Kind 1"]
    assert entries(dam_map)["High"] == ("2", True)

    click(dam_map, "Unknown")
    assert store.filter.hazard_potential == ["High", UNKNOWN]
    assert entries(dam_map)["Unknown"] == ("3", True)

    click(dam_map, "High")
    click(dam_map, "Unknown")
    assert store.rows is None


def test_entries_that_are_clicked_before_the_server_answers_are_all_switched(
    store: DamStore, dam_map: DamMap
):
    click_all(dam_map, "High", "Unknown")
    assert store.filter.hazard_potential == ["High", UNKNOWN]

    click_all(dam_map, "High", "High", "Unknown")
    assert store.filter.hazard_potential == ["High"]


@pytest.mark.parametrize("asked", ["", "{", "[[1]]", '[[1, "0"]]', "[[1, 0, 0]]", '[["1", 0]]'])
def test_a_click_that_no_page_sends_switches_nothing(store: DamStore, dam_map: DamMap, asked: str):
    controls_of(dam_map).asked = asked

    assert not store.filter.is_active


def test_other_stands_for_all_values_without_a_color(store: DamStore, dam_map: DamMap):
    dam_map.color_by = "primary_purpose"

    click(dam_map, "Other")

    assert names(store) == ["Kind 2", "Kind 3"]
    assert entries(dam_map)["Other"] == ("2", True)
    click(dam_map, "Other")
    assert store.rows is None


def test_a_decade_is_a_range_of_years(store: DamStore, dam_map: DamMap):
    dam_map.color_by = "date_built"

    click(dam_map, "1930s")
    assert store.filter.date_built == Range(1930, 1940)
    assert "Kind 0" in names(store)
    assert "Kind 2" not in names(store)
    assert entries(dam_map)["1930s"][1]

    click(dam_map, "Before 1900")
    assert names(store) == ["Kind 1"]
    click(dam_map, "Unknown")
    assert store.filter.date_built == ONLY_UNKNOWN
    click(dam_map, "Unknown")
    assert store.rows is None


def test_a_flag_is_one_of_the_conditions_of_the_filter(store: DamStore, dam_map: DamMap):
    dam_map.color_by = "quality"
    assert entries(dam_map) == {
        "Same place as another dam": ("4", False), "No flags": ("2", False),
    }  # fmt: skip

    click(dam_map, "No flags")
    assert store.filter.quality == ["none"]
    assert entries(dam_map)["No flags"] == ("2", True)
    assert entries(dam_map)["Same place as another dam"] == ("0", False)

    click(dam_map, "Same place as another dam")
    assert len(names(store)) == 6
    click(dam_map, "No flags")
    assert names(store) == [f"Kind {number}" for number in range(4)]


def test_the_legend_says_how_a_square_of_several_dams_gets_its_color(
    store: DamStore, dam_map: DamMap, monkeypatch: pytest.MonkeyPatch
):
    assert controls_of(dam_map).remark == "", "dots need no explanation"
    monkeypatch.setattr(atlas_module, "MAX_DOTS", 1)
    store.snapshot.atlas._scenes.clear()

    remarks = {}
    for name in COLORINGS:
        dam_map.color_by = name
        dam_map._on_dams()
        remarks[name] = controls_of(dam_map).remark

    assert remarks["hazard_potential"] == (
        "A square is High or Significant if 1 in 5 of its dams is."
    )
    assert remarks["date_built"] == "A square has the color of most of its dams."
    assert remarks["quality"] == "Of several flags, the first in this list counts."
    assert remarks[PLAIN.name] == ""


@pytest.mark.parametrize("coloring", COLORINGS.values(), ids=lambda one: one.label)
@pytest.mark.parametrize("code", [-1, -5, 99, 10**9])
def test_a_code_that_does_not_exist_changes_nothing(store: DamStore, coloring: Any, code: int):
    legend_filter.toggle(store.filter, store.snapshot, coloring, code)

    assert not store.filter.is_active
    assert legend_filter.chosen(store.filter, store.snapshot, coloring) == set()


def test_dams_at_one_place_are_listed_and_only_one_of_the_inventory_can_be_chosen(
    store: DamStore, dam_map: DamMap
):
    tap(dam_map, *PLACE)

    found = json.loads(controls_of(dam_map).choices)
    assert found["label"] == "4 dams at this place"
    assert [text for _, text in found["dams"]] == [f"Kind {i}, Provo River" for i in range(4)]
    assert store.selected is None

    controls_of(dam_map).chosen = 10**9
    assert store.selected is None
    controls_of(dam_map).chosen = found["dams"][2][0]
    assert store.selected == found["dams"][2][0]
    assert controls_of(dam_map).choices == ""
    assert controls_of(dam_map).about.endswith("6 dams; selected Kind 2, Provo River")


def test_the_list_closes_when_the_map_moves(store: DamStore, dam_map: DamMap):
    tap(dam_map, *PLACE)
    assert controls_of(dam_map).choices

    dam_map._on_view(canvas_of(dam_map))

    assert controls_of(dam_map).choices == ""


def test_a_view_of_all_but_some_dams_says_where_those_are(
    monkeypatch: pytest.MonkeyPatch, store: DamStore, dam_map: DamMap
):
    there = Elsewhere(275, ("HI", "AK"), 5)
    monkeypatch.setattr(Snapshot, "elsewhere", there)
    monkeypatch.setitem(vars(store.snapshot.atlas), "home", Extent(-1e6, -1e6, 1e6, 1e6))

    def said(longitude: float, half: float) -> str:
        """Return what is said when the map shows so many meters around a place at the equator."""
        x, _ = to_mercator(longitude, 0)
        store.filter.view = Extent(float(x) - half, -half, float(x) + half, half)
        dam_map._guide.follow()
        return controls_of(dam_map).elsewhere

    assert said(0, 1.1e6) == "275 elsewhere: HI AK · 5 doubtful places"
    assert said(0, 0.9e6) == said(-40, 1.1e6) == ""
    assert said(0, 19e6) == ""  # all dams are in view
    assert said(0, 1.1e6) != ""
    store.filter.search = "kind"
    assert controls_of(dam_map).elsewhere == ""


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Elsewhere(), ""),
        (Elsewhere(1, (), 0), "1 elsewhere"),
        (Elsewhere(0, (), 1), "1 doubtful place"),
        (Elsewhere(1200, ("AK",), 0), "1,200 elsewhere: AK"),
    ],
)
def test_only_what_there_is_elsewhere_is_said(found: Elsewhere, said: str):
    assert elsewhere(found) == said


def listed(dam_map: DamMap) -> list[str]:
    """Return the label of the open list, its dams, and the note below them."""
    found = json.loads(controls_of(dam_map).choices)
    texts = [found["label"], *(text for _, text in found["dams"]), found["more"]]
    return [text for text in texts if text]


def look_at(store: DamStore, dam_map: DamMap, longitude: float, latitude: float) -> None:
    x, y = map(float, to_mercator(longitude, latitude))
    figure = canvas_of(dam_map).figure
    figure.x_range.update(start=x - 5000, end=x + 5000)
    figure.y_range.update(start=y - 5000, end=y + 5000)
    dam_map._on_view(canvas_of(dam_map))


def test_the_dams_in_view_are_listed_while_the_list_is_open(store: DamStore, dam_map: DamMap):
    look_at(store, dam_map, *PLACE)
    assert controls_of(dam_map).choices == ""
    dam_map.color_by = HAZARD.name

    controls_of(dam_map).wanted = "list"

    kinds = ["High", "High", "Low", "Unknown"]
    dams = [f"Kind {i}, Provo River · {kind}" for i, kind in enumerate(kinds)]
    assert listed(dam_map) == ["4 dams in view", *dams]
    dam_map.color_by = QUALITY.name
    assert listed(dam_map)[1] == "Kind 0, Provo River · Same place as another dam"
    dam_map.color_by = PLAIN.name
    assert listed(dam_map)[1] == "Kind 0, Provo River"
    store.filter.search = "Kind 2"
    assert listed(dam_map) == ["1 dam in view", "Kind 2, Provo River"]
    controls_of(dam_map).chosen = json.loads(controls_of(dam_map).choices)["dams"][0][0]
    assert controls_of(dam_map).about.endswith("selected Kind 2, Provo River")
    look_at(store, dam_map, 0, 0)
    assert listed(dam_map) == ["0 dams in view"]

    controls_of(dam_map).choices = ""
    look_at(store, dam_map, *PLACE)
    assert controls_of(dam_map).choices == ""


def test_the_list_says_how_many_more_dams_are_in_view(
    store: DamStore, dam_map: DamMap, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(in_view_module, "MAX_CHOICES", 3)
    look_at(store, dam_map, *PLACE)

    controls_of(dam_map).wanted = "list"

    label, *dams, more = listed(dam_map)
    assert (label, len(dams)) == ("4 dams in view, largest first", 3)
    assert more == "and 1 more; zoom in to list them"


def test_a_click_on_several_dams_replaces_the_list_of_those_in_view(
    store: DamStore, dam_map: DamMap
):
    look_at(store, dam_map, *PLACE)
    controls_of(dam_map).wanted = "list"

    tap(dam_map, *PLACE)
    assert listed(dam_map)[0] == "4 dams at this place"

    look_at(store, dam_map, *PLACE)
    assert controls_of(dam_map).choices == ""


def test_a_click_beside_all_dams_does_nothing(store: DamStore, dam_map: DamMap):
    asked = [*canvas_of(dam_map).figure.tags]

    tap(dam_map, 0, 0)

    assert (store.selected, controls_of(dam_map).choices) == (None, "")
    assert canvas_of(dam_map).figure.tags == asked


def test_a_click_on_a_raster_brings_the_map_closer(
    store: DamStore, dam_map: DamMap, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(atlas_module, "MAX_DOTS", 1)
    store.snapshot.atlas._scenes.clear()
    dam_map._on_dams()
    view = canvas_of(dam_map).view

    tap(dam_map, *PLACE)

    asked = Extent(*canvas_of(dam_map).figure.tags[1:5])
    assert asked.width == pytest.approx(view.width / CLOSER)
    assert store.selected is None


def test_all_dams_and_results_are_asked_for_by_name(store: DamStore, dam_map: DamMap):
    canvas, controls = canvas_of(dam_map), controls_of(dam_map)
    assert not controls.offers
    store.filter.search = "kind"
    assert controls.offers

    for wanted in ("results", "all", "results"):
        controls.wanted = wanted
        asked = Extent(*canvas.figure.tags[1:5])
        assert (asked.width < 30_000) == (wanted == "results")
    before = [*canvas.figure.tags]
    controls.wanted = "something else"
    assert canvas.figure.tags == before


def test_the_map_is_described_in_words(store: DamStore, dam_map: DamMap):
    assert controls_of(dam_map).about == "6 dams"

    store.filter.search = "kind"
    store.selected = 1

    assert controls_of(dam_map).about == "6 dams; 4 shown; selected Deer Creek, Provo River"


def test_a_dot_has_the_color_of_its_category_and_a_raster_the_same_colors(store: DamStore):
    atlas_view = atlas_module.View(Extent(-2e7, -1e7, 0, 1e7), 10_000.0)
    drawn = picture(store.snapshot, None, atlas_view, HAZARD)

    colors = palette(HAZARD)
    dots = dict(zip(drawn.dams["dam_name"], drawn.dams["shade"].tolist(), strict=True))
    assert colors[dots["Kind 0"]] == "#D55E00ff"
    assert colors[dots["Kind 2"]] == "#0072B2ff"
    assert colors[shade(HAZARD.code("Low"), LEVELS - 1)] == "#0072B2ff"
    assert colors[0] == "#00000000"
    assert not drawn.is_raster


SQUARE = ((-112.0, 39.0), (-110.0, 39.0), (-110.0, 40.2), (-112.0, 40.2))


def drawn(number: int, corners: Any = SQUARE) -> str:
    x, y = to_mercator(*zip(*corners, strict=True))
    return json.dumps([number, [*zip(x.tolist(), y.tolist(), strict=True)]])


def outlined(dam_map: DamMap) -> list[int]:
    """Return the number of corners of each outline."""
    renderer = canvas_of(dam_map).outlines._renderer
    return [] if renderer is None else [len(one) for one in renderer.data_source.data["xs"]]


def test_a_drawn_region_filters_and_is_outlined_until_it_is_cleared(
    store: DamStore, dam_map: DamMap
):
    controls = controls_of(dam_map)
    assert outlined(dam_map) == []

    controls.drawn = drawn(1)

    assert store.filter.region == Region.of(SQUARE)
    assert len(store.rows) == len(KINDS)
    assert outlined(dam_map) == [4]
    store.filter.clear("region")
    assert (store.rows, outlined(dam_map)) == (None, [])
    controls.drawn = drawn(2)
    assert outlined(dam_map) == [4]


def test_the_circle_of_a_filter_is_outlined_at_its_distance(store: DamStore, dam_map: DamMap):
    store.filter.near = (-111.0, 60.0, 100.0)

    [xs] = canvas_of(dam_map).outlines._renderer.data_source.data["xs"]
    [ys] = canvas_of(dam_map).outlines._renderer.data_source.data["ys"]
    corners = np.array([to_degrees(x, y) for x, y in zip(xs, ys, strict=True)])
    near = Near(-111.0, 60.0, 100.0)
    assert distance(corners[:, 0], corners[:, 1], near) == pytest.approx(np.full(72, 100.0))


def test_a_circle_around_a_pole_is_not_outlined(store: DamStore, dam_map: DamMap):
    store.filter.near = (0.0, 89.0, 500.0)

    assert outlined(dam_map) == []


def test_a_map_that_is_drawn_later_outlines_the_region_in_the_colors_of_the_page(store: DamStore):
    store.filter.region = SQUARE
    dam_map = DamMap(store, dark=True)
    dam_map.__panel__().get_root()

    glyph = canvas_of(dam_map).outlines._renderer.glyph
    assert outlined(dam_map) == [4]
    dark = glyph.line_color
    dam_map.dark = False
    assert glyph.line_color == glyph.fill_color != dark


@pytest.mark.parametrize(
    "forged",
    [
        "", "x", "null", "5", "[1]", "[1, 2]", "[1, [[0, 0], [1, 1]]]",
        drawn(1).replace("[1,", '["1",'),
        "[" * 10_000, drawn(1, SQUARE * 200), '[1, [[0, 0], [1e5, 0], [1e5, "x"]]]',
        "[1, [[0, 0], [1e5, 0], [NaN, 1e5]]]",
    ],
    ids=lambda text: text[:30],
)  # fmt: skip
def test_a_forged_region_is_ignored(store: DamStore, dam_map: DamMap, forged: str):
    controls_of(dam_map).drawn = forged

    assert store.filter.region is None
    assert store.fault == ""


def test_the_scale_bar_has_the_units_of_the_session(store: DamStore, dam_map: DamMap):
    def units() -> set[str]:
        return {*canvas_of(dam_map)._scale.dimensional.basis} - {"mercator"}

    assert units() == {"ft", "mi"}
    store.units = METRIC
    assert units() == {"m", "km"}
