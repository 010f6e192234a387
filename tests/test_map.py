"""The map without a browser: what it shows at first, and what a browser may tell it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from dam_inventory.mercator import Extent, to_mercator
from dam_inventory.store import DamStore
from dam_inventory.views.canvas import SELECTED, Canvas
from dam_inventory.views.map import DamMap

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


def test_a_dam_that_is_selected_before_the_map_is_drawn_is_marked_and_in_the_middle(
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


def test_a_view_that_is_asked_for_wins_over_the_selected_dam(store: DamStore, drawn: Drawn):
    store.selected = JORDANELLE
    canvas = drawn(DamMap(store, UTAH))

    assert canvas.view == pytest.approx(UTAH)
    assert list(canvas._marks.data["color"]) == [SELECTED]


def test_a_view_stays_the_same_while_the_browser_says_how_large_the_map_is(
    store: DamStore, drawn: Drawn
):
    canvas = drawn(DamMap(store, UTAH))

    canvas._on_size("inner_width", None, 800)
    canvas._on_size("inner_height", None, 400)
    assert canvas.view == pytest.approx(UTAH)
    canvas._on_size("inner_height", None, 800)
    assert canvas.view == pytest.approx((UTAH.x0, 4_885_000, UTAH.x1, 4_985_000))

    canvas.figure.x_range.update(start=UTAH.x0 + 5_000, end=UTAH.x1 + 5_000)
    canvas._on_moved(None)
    canvas._on_size("inner_height", None, 400)
    assert canvas.view == pytest.approx((UTAH.x0 + 5_000, 4_885_000, UTAH.x1 + 5_000, 4_985_000))


def test_what_a_browser_reports_of_a_size_that_it_had_before_does_not_distort_the_view(
    store: DamStore, drawn: Drawn
):
    canvas = drawn(DamMap(store, UTAH))
    canvas._on_size("inner_height", None, 800)
    before = canvas.view
    canvas._on_size("inner_height", None, 400)
    now = canvas.view

    canvas.figure.x_range.update(start=before.x0, end=before.x1)
    canvas.figure.y_range.update(start=before.y0, end=before.y1)
    canvas._on_moved(None)

    assert canvas.view == pytest.approx(now)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (0.0, 0.0), (1.0, 0.0), (math.nan, 1.0), (0.0, math.inf), (-math.inf, 0.0),
        (1e-323, 2e-323), (0.0, 1e300), (datetime(1990, 1, 1), 1.0),
    ],
)  # fmt: skip
def test_a_view_that_makes_no_sense_is_passed_over(
    store: DamStore, drawn: Drawn, start: Any, end: float
):
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
def test_a_browser_may_claim_any_size(store: DamStore, drawn: Drawn, pixels: int | None):
    canvas = drawn(DamMap(store, UTAH))

    canvas._on_size("inner_width", None, pixels)

    assert 1 <= canvas._width <= 16_384
    assert canvas.metres_per_pixel >= UTAH.width / 16_384
