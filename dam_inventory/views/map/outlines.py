"""Outlines: where on the map a filter looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, GlyphRenderer, Patches

from ...domain.mercator import MAX_LATITUDE, to_mercator
from ...snapshot.criteria import Criteria, Near
from ...snapshot.matching import EARTH_KM
from .dam_layers import MARKS, layer

_COLORS = {False: "#0b5c8f", True: "#7cc4ff"}
_STEPS = 72

Outline = tuple[list[float], list[float]]
"""The corners of a polygon in Web Mercator meters."""


def outlines(criteria: Criteria) -> list[Outline]:
    """Return the outlines of the drawn region and of the circle, if there are any."""
    found = []
    if criteria.region is not None:
        x, y = criteria.region.outline
        found.append((x.tolist(), y.tolist()))
    if criteria.near is not None and (circle := _circle(criteria.near)) is not None:
        found.append(circle)
    return found


def _circle(near: Near) -> Outline | None:
    """Return the places at a distance; None if they go around a pole, as no map could show them.

    The direct problem on a sphere (Snyder 1987, eq. 5-5 and 5-6).
    """
    angle, latitude = near.km / EARTH_KM, np.radians(near.latitude)
    if abs(near.latitude) + np.degrees(angle) >= MAX_LATITUDE:
        return None
    azimuth = np.linspace(0, 2 * np.pi, _STEPS, endpoint=False)
    sine = np.sin(latitude) * np.cos(angle)
    sine = sine + np.cos(latitude) * np.sin(angle) * np.cos(azimuth)
    east = np.arctan2(
        np.sin(angle) * np.sin(azimuth),
        np.cos(latitude) * np.cos(angle) - np.sin(latitude) * np.sin(angle) * np.cos(azimuth),
    )
    x, y = to_mercator(near.longitude + np.degrees(east), np.degrees(np.arcsin(sine)))
    return x.tolist(), y.tolist()


class OutlineLayer:
    """Draws outlines below the marks of a map's Bokeh figure.

    dark: whether those that are still to be drawn are on a dark page.
    """

    dark = False

    def __init__(self, figure: Any) -> None:
        self._figure = figure
        self._renderer: GlyphRenderer | None = None

    def show(self, outlines: Sequence[Outline]) -> None:
        """Draw these outlines instead of others."""
        if self._renderer is None:
            if not outlines:
                return  # Few sessions need the layer.
            self._renderer = self._added()
        xs, ys = ([one[axis] for one in outlines] for axis in range(2))
        self._renderer.data_source.data = {"xs": xs, "ys": ys}

    def looks(self, dark: bool) -> list[tuple[Any, dict[str, str]]]:
        """Return the models whose colors differ on a light and on a dark page; see `Canvas`."""
        if self._renderer is None:
            return []
        return [(self._renderer.glyph, dict.fromkeys(("fill_color", "line_color"), _COLORS[dark]))]

    def _added(self) -> GlyphRenderer:
        color = _COLORS[self.dark]
        lines = Patches(
            xs="xs", ys="ys", fill_color=color, fill_alpha=0.06, line_color=color,
            line_width=2, line_dash=[6, 4],
        )  # fmt: skip
        made = layer(ColumnDataSource({"xs": [], "ys": []}), lines)
        below, marks = self._figure.renderers[:-MARKS], self._figure.renderers[-MARKS:]
        self._figure.renderers = [*below, made, *marks]
        return made
