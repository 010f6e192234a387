"""The map without a browser: its initial view, and the values that a browser may send."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from dam_inventory.domain.mercator import Extent, to_mercator
from dam_inventory.session.store import DamStore
from dam_inventory.views.map.dam_map import DamMap
from dam_inventory.views.map.map_figure import SELECTED, Canvas

JORDANELLE = 2
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


def test_a_dam_selected_before_the_map_is_drawn_is_marked_and_centered(
    store: DamStore, drawn: Drawn
):
    store.selected = JORDANELLE
    canvas = drawn(DamMap(store))

    x, y = map(float, to_mercator(-111.424055, 40.598168))
    assert list(canvas._marks.data["color"]) == [SELECTED]
    assert (canvas._marks.data["x"][0], canvas._marks.data["y"][0]) == pytest.approx((x, y), abs=1)
    view = canvas.view
    assert ((view.x0 + view.x1) / 2, (view.y0 + view.y1) / 2) == pytest.approx((x, y), abs=1)
    assert view.height < 100_000


def test_a_requested_view_overrides_the_selected_dam(store: DamStore, drawn: Drawn):
    store.selected = JORDANELLE
    canvas = drawn(DamMap(store, UTAH))

    assert canvas.view == pytest.approx(UTAH)
    assert list(canvas._marks.data["color"]) == [SELECTED]


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
    assert canvas._dams.data_source.data["id"] == [1, 2]


@pytest.mark.parametrize("pixels", [10**9, 0, -5, None])
def test_the_size_that_a_browser_reports_is_limited(
    store: DamStore, drawn: Drawn, pixels: int | None
):
    canvas = drawn(DamMap(store, UTAH))

    canvas._on_width("inner_width", None, pixels)

    assert UTAH.width / 16_384 <= canvas.metres_per_pixel <= UTAH.width
