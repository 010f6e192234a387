"""States: their outlines, borders and names, for maps that need no network."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, CustomJS, Line, Text

from ...domain.mercator import to_mercator
from ...domain.states import STATES
from ..bokeh_bridge.arrays import InlineArray
from ..components.assets import asset
from .dam_layers import layer

Point = tuple[float, float]
Ring = Sequence[Point]

_LOOKS = {
    False: {"line": "#a9b8c2", "text": "#5b6b76"},
    True: {"line": "#55636e", "text": "#93a3ae"},
}


@cache
def outlines() -> dict[str, list[Ring]]:
    """Return the outlines of each state and territory in degrees.

    Source: the Cartographic Boundary Files of the U.S. Census Bureau of 2017, 1:10,000,000, which
    are in the public domain, simplified to 0.02 degrees, in Alaska to 0.06.
    """
    text = files(__package__).joinpath("states.json").read_text("utf-8")
    return {
        name: [[(x, y) for x, y in ring] for ring in rings]
        for name, rings in json.loads(text).items()
    }


@cache
def borders() -> list[Ring]:
    """Return the lines between states in degrees, each once, without the coasts."""
    rings = [ring for rings in outlines().values() for ring in rings]
    times = Counter(edge for ring in rings for edge in set(_edges(ring)))
    shared = {edge for edge, count in times.items() if count > 1}
    lines: list[Ring] = []
    for ring in rings:
        line: list[Point] = []
        for point, edge in zip(ring[1:], _edges(ring), strict=True):
            if edge in shared:
                shared.discard(edge)
                if not line:
                    start = next(one for one in edge if one != point)
                    lines.append(line := [start])
                line.append(point)
            else:
                line = []
    return lines


class StateLayer:
    """Draws borders and names of states on the ground of a map's Bokeh figure.

    The names are postal codes in a map of the country, and written out nearer; in a map of the
    world there are none. Only the browser knows which: a pan sends nothing.
    """

    def __init__(self, figure: Any) -> None:
        self._lines = layer(
            ColumnDataSource(_lines()), Line(x="x", y="y", line_width=0.8), level="image"
        )
        names = Text(
            x="x", y="y", text="code", text_align="center", text_baseline="middle",
            text_font_size="11px",
        )  # fmt: skip
        self._names = layer(ColumnDataSource(_names()), names, level="image")
        self._names.visible = False
        choose = CustomJS(
            args={"figure": figure, "names": self._names}, code=asset("map/states.js")
        )
        figure.x_range.js_on_change("end", choose)
        figure.js_on_change("inner_width", choose)
        self.renderers = [self._lines, self._names]

    def looks(self, dark: bool) -> list[tuple[Any, dict[str, str]]]:
        """Return the models whose colors differ on a light and on a dark page; see `Canvas`."""
        look = _LOOKS[dark]
        return [
            (self._lines.glyph, {"line_color": look["line"]}),
            (self._names.glyph, {"text_color": look["text"]}),
        ]


def _edges(ring: Ring) -> Iterator[frozenset[Point]]:
    return (frozenset(edge) for edge in pairwise(ring))


@cache
def _lines() -> dict[str, InlineArray]:
    x, y = to_mercator(*np.array([p for line in borders() for p in (*line, (np.nan, np.nan))]).T)
    return {"x": InlineArray(x), "y": InlineArray(y)}


@cache
def _names() -> dict[str, Any]:
    known = [state for state in STATES if state.name in outlines()]
    x, y = to_mercator(*np.array([_middle(state.name) for state in known]).T)
    return {
        "x": InlineArray(x),
        "y": InlineArray(y),
        "code": [state.code for state in known],
        "name": [state.name for state in known],
    }


def _middle(name: str) -> Point:
    """Return the center of the largest part of a state in degrees."""
    area, middle = 0.0, (0.0, 0.0)
    for ring in outlines()[name]:
        x, y = np.array(ring).T
        cross = x * np.roll(y, -1) - np.roll(x, -1) * y
        double = float(cross.sum())
        if abs(double) > area:
            area = abs(double)
            middle = tuple(
                float(((one + np.roll(one, -1)) * cross).sum() / (3 * double)) for one in (x, y)
            )  # type: ignore[assignment]
    return middle
