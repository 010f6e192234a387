"""The location map of a report: the outlines of states around a dam, drawn as SVG."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from importlib.resources import files
from typing import NamedTuple

from ...domain.counties import state_name
from ...domain.states import STATES
from ..components.escape import escaped
from ..map.states import Ring, outlines

WIDTH, HEIGHT = 400, 300
"""The size of the drawing, in units of its own; a page scales it to its width."""

_MARGIN = 0.12
_SMALLEST = 1.5
_NEAR, _FAR = 6.0, 24.0
"""Degrees of latitude around a dam outside its state, and outside all states."""


class _Window(NamedTuple):
    """What a map shows: the place in its middle, and how long a degree of latitude is drawn."""

    longitude: float
    latitude: float
    scale: float

    @property
    def shrunk(self) -> float:
        """How many degrees of latitude are as long as one of longitude."""
        return math.cos(math.radians(self.latitude))

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return the position of a place in the drawing."""
        # The shorter way around, for the window of Alaska crosses the 180th meridian.
        east = (longitude - self.longitude + 540) % 360 - 180
        return (
            WIDTH / 2 + east * self.shrunk * self.scale,
            HEIGHT / 2 - (latitude - self.latitude) * self.scale,
        )


def location_map(longitude: float, latitude: float, state: str = "") -> str:
    """Return a map of the state around a place, or of what is around it, as SVG.

    longitude, latitude: in degrees, WGS 84. state: the dam's, as its name or postal code.
    """
    name = state_name(state)
    window = _window(longitude, latitude, name)
    shapes = [
        f'<path class="{"own" if one == name else "state"}" d="{path}"/>'
        # The dam's own state comes last, so that its line is on top.
        for one in sorted(outlines(), key=lambda one: one == name)
        if (path := _path(outlines()[one], window))
    ]
    if not shapes:
        window = _fitted(longitude, latitude, 0, _FAR)
        shapes = [f'<path class="state" d="{_path(_land(), window)}"/>']
    x, y = window.place(longitude, latitude)
    said = escaped(f"Location: {latitude:.4f}°, {longitude:.4f}°{f', {name}' if name else ''}.")
    return (
        f'<svg class="location" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">'
        f'{"".join(shapes)}<circle class="halo" cx="{x:.1f}" cy="{y:.1f}" r="8"/>'
        f'<circle class="dam" cx="{x:.1f}" cy="{y:.1f}" r="5.5"/></svg>'
    )


def _window(longitude: float, latitude: float, name: str) -> _Window:
    for state in STATES:
        if state.name == name:
            width = (state.east - state.west) % 360
            window = _fitted(
                state.west + width / 2, (state.south + state.north) / 2, width,
                state.north - state.south,
            )  # fmt: skip
            x, y = window.place(longitude, latitude)
            # A dam with a wrong state or place is shown where its coordinates are.
            if 0 <= x <= WIDTH and 0 <= y <= HEIGHT:
                return window
    return _fitted(longitude, latitude, 0, _NEAR)


def _fitted(longitude: float, latitude: float, width: float, height: float) -> _Window:
    shrunk = max(math.cos(math.radians(latitude)), 0.05)
    width, height = max(width * shrunk, _SMALLEST), max(height, _SMALLEST)
    scale = min(WIDTH / width, HEIGHT / height) / (1 + 2 * _MARGIN)
    return _Window(longitude, latitude, scale)


def _path(rings: Iterable[Ring], window: _Window) -> str:
    """Return the lines of those rings that are in a window, "" for none."""
    found = []
    for ring in rings:
        points = [window.place(*point) for point in ring]
        xs, ys = zip(*points, strict=True)
        is_seen = max(xs) >= 0 and min(xs) <= WIDTH and max(ys) >= 0 and min(ys) <= HEIGHT
        # A ring that is cut at the back of the globe is not in the window.
        if is_seen and max(xs) - min(xs) < 300 * window.shrunk * window.scale:
            found.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(found)


def _land() -> list[Ring]:
    """Return the outlines of the continents; see `basemaps.land`."""
    text = files("dam_inventory.views.map").joinpath("land_110m.json").read_text("utf-8")
    return list(json.loads(text)["coordinates"])
