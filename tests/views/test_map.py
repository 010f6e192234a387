"""The map without a browser: its initial view, and the values that a browser may send."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from bokeh.document import Document
from bokeh.events import Tap
from bokeh.models import ColumnDataSource

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.mercator import HALF_WORLD, Extent, to_degrees, to_mercator
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session import store as store_module
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot import atlas as atlas_module
from dam_inventory.views.map.dam_map import DamMap
from dam_inventory.views.map.map_figure import Canvas
from dam_inventory.views.map.marks import SELECTED
from dam_inventory.views.map.tools import BAR, INK
from tests.contrast import contrast
from tests.turns import Page

Wait = Callable[[Callable[[], Any]], None]

JORDANELLE = 2
GOOD = {"owner": "Bureau", "river": "Provo", "date_built": "1950"}
UTAH = Extent(-12_480_000, 4_910_000, -12_380_000, 4_960_000)


@pytest.fixture
def drawn() -> Callable[[DamMap], Canvas]:
    """Draw a map for a page."""

    def draw(dam_map: DamMap) -> Canvas:
        dam_map.__panel__().get_root()
        [canvas] = dam_map._canvases
        return canvas

    return draw


Drawn = Callable[[DamMap], Canvas]


def tap(canvas: Canvas, x: Any, y: Any) -> None:
    """Click at a place in Web Mercator meters."""
    canvas.figure._trigger_event(Tap(canvas.figure, x=float(x), y=float(y)))


def ids(canvas: Canvas) -> list[int]:
    """Return the dams that are drawn one by one."""
    return sorted(map(int, canvas.dams._dots.data_source.data["id"]))


def test_a_dam_selected_before_the_map_is_drawn_is_marked_and_centered(
    store: DamStore, drawn: Drawn
):
    store.selected = JORDANELLE
    canvas = drawn(DamMap(store))

    x, y = map(float, to_mercator(-111.424055, 40.598168))
    assert list(canvas.marks.source.data["color"]) == [SELECTED]
    assert (canvas.marks.source.data["x"][0], canvas.marks.source.data["y"][0]) == pytest.approx(
        (x, y), abs=1
    )
    view = canvas.view
    assert ((view.x0 + view.x1) / 2, (view.y0 + view.y1) / 2) == pytest.approx((x, y), abs=1)
    assert view.height < 100_000


def test_marks_are_told_apart_by_their_shape_on_every_ground(store: DamStore, drawn: Drawn):
    dam_map = DamMap(store)
    canvas = drawn(dam_map)
    store.selected = JORDANELLE

    dam_map.param.update(pointed=(-111.0, 40.0), locating=True, location=(-112.0, 41.0))

    assert len(set(canvas.marks.source.data["marker"])) == 3
    halo, marks = canvas.figure.renderers[-2:]
    assert halo.data_source is marks.data_source is canvas.marks.source
    assert halo.glyph.line_color == "#ffffff"
    assert halo.glyph.line_width > marks.glyph.line_width


@pytest.mark.parametrize("dark", [False, True])
def test_the_bar_of_the_scale_is_seen_on_a_light_and_on_a_dark_page(dark: bool):
    """WCAG 2.2 1.4.11: a contrast of at least 3:1."""
    ink, paper = INK[dark].values()

    assert min(contrast(BAR, paper), contrast(ink, paper)) > 3


def test_nobody_pans_out_of_the_world(store: DamStore, drawn: Drawn):
    figure = drawn(DamMap(store)).figure

    # Two worlds: a dam beyond the date line is beside its neighbors.
    for axis in (figure.x_range, figure.y_range):
        assert axis.bounds == (-2 * HALF_WORLD, 2 * HALF_WORLD)


def moved(dam_map: DamMap, canvas: Canvas, view: Extent) -> bool:
    """Look at another view, and return whether dams were drawn for it."""
    before = canvas.drawn
    canvas.figure.x_range.update(start=view.x0, end=view.x1)
    canvas.figure.y_range.update(start=view.y0, end=view.y1)
    dam_map._on_view(canvas)
    return canvas.drawn is not before


def shifted(share: float, zoom: float = 1) -> Extent:
    """Return a view beside UTAH, by a share of its width, and smaller than it."""
    dx = share * UTAH.width
    there = Extent(UTAH.x0 + dx, UTAH.y0, UTAH.x1 + dx, UTAH.y1)
    return there.grown((1 / zoom - 1) / 2)


@pytest.mark.parametrize(
    ("view", "is_drawn"),
    [
        (shifted(0.1), False),
        (shifted(0.2), True),
        (shifted(0, zoom=2), False),
        (shifted(0, zoom=4), True),
        (shifted(0, zoom=0.9), False),
        (shifted(0, zoom=0.5), True),
    ],
)
def test_dots_are_drawn_again_when_a_person_leaves_what_was_drawn_around_the_view(
    store: DamStore, drawn: Drawn, view: Extent, is_drawn: bool
):
    dam_map = DamMap(store, UTAH)
    canvas = drawn(dam_map)
    assert len(ids(canvas)) == 2

    assert moved(dam_map, canvas, view) == is_drawn


@pytest.mark.parametrize(
    ("view", "is_drawn"),
    [
        (shifted(0.1), False),
        (shifted(0.2), True),
        (shifted(0, zoom=1.1), False),
        (shifted(0, zoom=1.3), True),
        (shifted(0, zoom=1.5), True),
        (shifted(0, zoom=0.9), True),
    ],
)
def test_a_raster_is_drawn_again_for_cells_of_another_size_or_maybe_dots(
    store: DamStore, drawn: Drawn, view: Extent, is_drawn: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(atlas_module, "MAX_DOTS", 1)
    dam_map = DamMap(store, UTAH)
    canvas = drawn(dam_map)
    assert canvas.dams.is_raster

    assert moved(dam_map, canvas, view) == is_drawn


@pytest.mark.parametrize("width", [1_000_000.0, 9_000.0, 200.0])
def test_a_dot_stands_where_its_dam_is_to_a_sixth_of_a_pixel_at_all_zooms_that_it_is_kept_for(
    store: DamStore, drawn: Drawn, width: float
):
    # The 32-bit number that is next to this x is half a meter away.
    x, y = -12_404_000.5, 4_950_000.5
    longitude, latitude = to_degrees(x, y)
    between = {"dam_name": "Between", "longitude": longitude, "latitude": latitude}
    store.add(DamDraft(**{**GOOD, **between}))
    view = Extent(x - width / 2, y - width / 4, x + width / 2, y + width / 4)
    canvas = drawn(DamMap(store, view))

    data = canvas.dams._dots.data_source.data
    at = data["dam_name"].index("Between")
    allowed = canvas.metres_per_pixel / 3 / 6
    assert [float(data[axis][at]) for axis in "xy"] == pytest.approx([x, y], abs=max(0.1, allowed))


def test_clusters_are_drawn_again_at_another_zoom(store: DamStore, drawn: Drawn):
    dam_map = DamMap(store, UTAH, clusters=True)
    canvas = drawn(dam_map)

    assert not moved(dam_map, canvas, shifted(0.1))
    assert moved(dam_map, canvas, shifted(0.1, zoom=1.1))


def test_dams_that_are_asked_for_are_drawn_although_a_person_pans_meanwhile(
    inventory: Inventory, feed: ChangeFeed, drawn: Drawn, wait_until: Wait,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    turns = Page(wait_until)
    store = DamStore(inventory, feed, schedule=turns.schedule)
    dam_map = DamMap(store, UTAH)
    canvas = drawn(dam_map)
    monkeypatch.setattr(store_module, "MAX_AT_ONCE", 0)
    monkeypatch.setattr(atlas_module, "QUICK_DOTS", -1)

    store.snapshot.atlas._scenes.clear()

    dam_map._on_dams()
    moved(dam_map, canvas, shifted(0.05))
    turns.answer()
    assert canvas.drawn is None, "this answer is for the view before"
    turns.answer()

    assert canvas.shows(dam_map._view(canvas), canvas.view)
    store.close()


def test_the_scale_bar_begins_at_the_latitude_of_the_first_view(store: DamStore, drawn: Drawn):
    canvas = drawn(DamMap(store, UTAH))

    factor = canvas._scale.dimensional.basis["mercator"][0]
    latitude = to_degrees(0, (UTAH.y0 + UTAH.y1) / 2)[1]
    assert factor == pytest.approx(math.cos(math.radians(latitude)))


def test_a_pan_sends_nothing_but_dams(store: DamStore, drawn: Drawn):
    dam_map = DamMap(store, UTAH)
    canvas = drawn(dam_map)
    dam_map._on_view(canvas)  # At first, it asks for tiles, too.
    doc, sent = Document(), []
    doc.add_root(canvas.figure)
    doc.on_change(sent.append)

    canvas.figure.y_range.update(start=UTAH.y0 + 1e6, end=UTAH.y1 + 1e6)
    dam_map._on_view(canvas)

    moved = {canvas.figure.y_range}
    assert {type(event.model) for event in sent if event.model not in moved} == {ColumnDataSource}


def test_a_requested_view_overrides_the_selected_dam(store: DamStore, drawn: Drawn):
    store.selected = JORDANELLE
    canvas = drawn(DamMap(store, UTAH))

    assert canvas.view == pytest.approx(UTAH)
    assert list(canvas.marks.source.data["color"]) == [SELECTED]


def test_after_its_first_report_only_the_browser_moves_the_map(store: DamStore, drawn: Drawn):
    dam_map = DamMap(store, UTAH)
    canvas = drawn(dam_map)
    canvas.figure.x_range.tags = [1, 0, 800, 400]

    dam_map.zoom_to_dams()

    assert canvas.view == pytest.approx(UTAH)
    assert canvas.figure.tags[1:5] == pytest.approx([*dam_map.home])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (0.0, 0.0), (1.0, 0.0), (math.nan, 1.0), (0.0, math.inf), (-math.inf, 0.0),
        (1e-323, 2e-323), (0.0, 1e300), (datetime(1990, 1, 1), 1.0),
    ],
)  # fmt: skip
def test_an_invalid_view_is_ignored(store: DamStore, drawn: Drawn, start: Any, end: float):
    dam_map = DamMap(store, UTAH)
    canvas = drawn(dam_map)

    for axis in (canvas.figure.x_range, canvas.figure.y_range):
        axis.start, axis.end = start, end
        dam_map._on_view(canvas)

    assert canvas.view == pytest.approx(UTAH)
    # A dam is added, and drawn.
    store.param.trigger("snapshot")
    assert ids(canvas) == [1, 2]


@pytest.mark.parametrize("pixels", [10**9, 0, -5, None])
def test_the_size_that_a_browser_reports_is_limited(
    store: DamStore, drawn: Drawn, pixels: int | None
):
    canvas = drawn(DamMap(store, UTAH))

    canvas._on_width("inner_width", None, pixels)

    assert UTAH.width / 16_384 <= canvas.metres_per_pixel <= UTAH.width


@pytest.fixture
def turns(wait_until: Wait) -> Page:
    return Page(wait_until)


@pytest.fixture
def many(
    inventory: Inventory, feed: ChangeFeed, turns: Page, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DamStore]:
    """The store of a page with so many dams that the map needs workers."""
    monkeypatch.setattr(store_module, "MAX_AT_ONCE", 0)
    monkeypatch.setattr(atlas_module, "QUICK_DOTS", -1)
    store = DamStore(inventory, feed, schedule=turns.schedule)
    yield store
    store.close()


def test_the_markers_of_many_dams_are_drawn_when_they_are_computed(
    many: DamStore, drawn: Drawn, turns: Page
):
    canvas = drawn(DamMap(many, UTAH))
    assert ids(canvas) == []

    turns.answer()

    assert ids(canvas) == [1, 2]


def test_a_second_map_of_the_same_view_is_drawn_at_once(many: DamStore, drawn: Drawn, turns: Page):
    drawn(DamMap(many, UTAH))
    turns.answer()

    assert ids(drawn(DamMap(many, UTAH))) == [1, 2]
    assert turns.is_idle


def test_markers_of_an_earlier_search_are_dropped(many: DamStore, drawn: Drawn, turns: Page):
    canvas = drawn(DamMap(many, UTAH))
    late = turns.take()
    many.filter.search = "jordan"
    turns.answer()

    late()
    assert ids(canvas) == [], "the markers of all dams come too late"

    turns.answer()
    turns.answer()

    assert ids(canvas) == [JORDANELLE]


def test_markers_of_a_view_that_the_person_has_left_are_dropped(
    many: DamStore, drawn: Drawn, turns: Page
):
    dam_map = DamMap(many, UTAH)
    canvas = drawn(dam_map)
    turns.answer()
    there = Extent(UTAH.x0 - 9e6, UTAH.y0, UTAH.x1 - 9e6, UTAH.y1)
    canvas.look_at(there)
    dam_map._on_view(canvas)
    late = turns.take()
    canvas.look_at(UTAH)
    dam_map._on_view(canvas)

    late()

    assert ids(canvas) == [1, 2]


def test_a_click_among_many_dams_selects_the_one_under_it(
    many: DamStore, drawn: Drawn, turns: Page
):
    canvas = drawn(DamMap(many, UTAH))
    turns.answer()

    tap(canvas, *to_mercator(-111.424055, 40.598168))
    turns.answer()

    assert many.selected == JORDANELLE
