"""The hydrograph of a report, drawn as SVG."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from ...domain.hydrograph import FloatArray, Hydrograph
from ...domain.units import US, Units
from ..components.escape import escaped
from ..hydrograph.downsample import thinned
from ..hydrograph.plot import in_words, rounded
from ..hydrograph.time_axis import clocks

WIDTH, HEIGHT = 640, 300
"""The size of the drawing, in units of its own; a page scales it to its width."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 12, 18, 46
_MAX_POINTS = 1200
_TICKS = 5
_DAY, _YEAR = 24, 8766
_STEPS = (0.25, 0.5, 1, 2, 3, 6, 12, *(_DAY * days for days in (1, 2, 7, 14, 30, 60, 90, 180, 365)))
"""Hours between two dates on the axis."""


def curve(hydrograph: Hydrograph, units: Units = US) -> str:
    """Return a drawing of flow over time with its axes and its peak, as SVG."""
    factor = units.shown("cfs", 1.0)
    time, flow = thinned(hydrograph, _MAX_POINTS)
    flow = flow * factor
    across = hour_ticks(hydrograph, float(time[0]), float(time[-1]))
    lowest, highest = hydrograph.lowest_flow * factor, hydrograph.peak_flow * factor
    up = ticks(min(0.0, lowest), max(0.0, highest))
    step = up[1] - up[0] if up[1:] else 1.0
    # So that the highest point has a number above it.
    up = [*up, up[-1] + step] if highest > up[-1] else up
    low, high = min(up[0], lowest), max(up[-1], up[0] + step)
    x = _LEFT + (time - time[0]) / (time[-1] - time[0]) * (WIDTH - _LEFT - _RIGHT)
    bottom = HEIGHT - _BOTTOM

    def height(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - _TOP)

    def position(hours: float) -> float:
        share = (hours - float(time[0])) / float(time[-1] - time[0])
        return _LEFT + share * (WIDTH - _LEFT - _RIGHT)

    y = bottom - (flow - low) / (high - low) * (bottom - _TOP)
    peak = (position(hydrograph.time_to_peak), height(hydrograph.peak_flow * factor))
    is_left = peak[0] < WIDTH / 2
    said = escaped(f"Hydrograph. {in_one_line(hydrograph, units)}")
    parts = [
        *(_level(height(one), rounded(one)) for one in up),
        *(_hour(position(one), text) for one, text in across),
        f'<text class="axis" x="{(_LEFT + WIDTH - _RIGHT) / 2}" y="{HEIGHT - 6}" '
        f'text-anchor="middle">{escaped(clocks([hydrograph])[1])}</text>',
        f'<text class="axis" transform="translate(14 {(_TOP + bottom) / 2}) rotate(-90)" '
        f'text-anchor="middle">Flow ({escaped(units.unit("cfs"))})</text>',
        *_lines(np.column_stack([x, y])),
        f'<circle class="peak" cx="{peak[0]:.1f}" cy="{peak[1]:.1f}" r="4"/>',
        f'<text class="axis" x="{peak[0] + (8 if is_left else -8):.1f}" y="{peak[1] - 6:.1f}" '
        f'text-anchor="{"start" if is_left else "end"}">Peak</text>',
    ]
    return (
        f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">'
        f"{''.join(parts)}</svg>"
    )


def in_one_line(hydrograph: Hydrograph, units: Units = US) -> str:
    """Return peak flow, time to peak and volume in words."""
    return in_words(hydrograph, units).replace("\n", "; ") + "."


def ticks(low: float, high: float) -> list[float]:
    """Return some round numbers from `low` to `high`: multiples of 1, 2 or 5 times a power of 10.

    The numbers lie between the ends, at most six of them.
    """
    if not high > low:
        return [low]
    rough = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [one * step for one in range(first, last + 1)] or [low]


def hour_ticks(hydrograph: Hydrograph, low: float, high: float) -> list[tuple[float, str]]:
    """Return some hours from `low` to `high`, with their texts: numbers, or dates and times."""
    if hydrograph.start is None:
        return [(one, rounded(one)) for one in ticks(low, high)]
    start = hydrograph.start.replace(tzinfo=None)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    offset = (start - midnight) / dt.timedelta(hours=1)
    rough = (high - low) / _TICKS
    step = next((one for one in _STEPS if one >= rough), math.ceil(rough / _YEAR) * _YEAR)
    first, last = math.ceil((low + offset) / step - 1e-9), math.floor((high + offset) / step + 1e-9)
    form = "%Y-%m-%d" if step >= _DAY else "%b %d, %H:%M"
    found = [one * step - offset for one in range(first, last + 1)] or [low]
    return [(one, f"{hydrograph.at(one):{form}}") for one in found]


def _lines(points: FloatArray) -> list[str]:
    """Return a line for each part without a gap; a point for a part of one."""
    gaps = np.flatnonzero(np.isnan(points[:, 1]))
    found = []
    for part in np.split(points, gaps):
        known = part[~np.isnan(part[:, 1])]
        # A point of its own becomes a dot: lines have round ends.
        drawn = known if len(known) != 1 else np.repeat(known, 2, axis=0)
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in drawn.tolist())
        if text:
            found.append(f'<polyline class="flow" points="{text}"/>')
    return found


def _level(y: float, text: str) -> str:
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
    )


def _hour(x: float, text: str) -> str:
    bottom = HEIGHT - _BOTTOM
    return (
        f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 5}"/>'
        f'<text x="{x:.1f}" y="{bottom + 19}" text-anchor="middle">{text}</text>'
    )
