"""The hydrograph of a report, drawn as SVG."""

from __future__ import annotations

import math

import numpy as np

from ...domain.hydrograph import Hydrograph
from ...domain.units import US, Units
from ..components.escape import escaped
from ..hydrograph.downsample import thinned
from ..hydrograph.plot import in_words, rounded

WIDTH, HEIGHT = 640, 300
"""The size of the drawing, in units of its own; a page scales it to its width."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 12, 18, 46
_MAX_POINTS = 1200
_TICKS = 5


def curve(hydrograph: Hydrograph, units: Units = US) -> str:
    """Return a drawing of flow over time with its axes and its peak, as SVG."""
    factor = units.shown("cfs", 1.0)
    time, flow = thinned(hydrograph, _MAX_POINTS)
    flow = flow * factor
    across = ticks(float(time[0]), float(time[-1]))
    up = ticks(min(0.0, float(flow.min())), max(0.0, float(flow.max())))
    step = up[1] - up[0] if up[1:] else 1.0
    # So that the highest point has a number above it.
    up = [*up, up[-1] + step] if float(flow.max()) > up[-1] else up
    low, high = min(up[0], float(flow.min())), max(up[-1], up[0] + step)
    x = _LEFT + (time - time[0]) / (time[-1] - time[0]) * (WIDTH - _LEFT - _RIGHT)
    bottom = HEIGHT - _BOTTOM

    def height(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - _TOP)

    def position(hours: float) -> float:
        share = (hours - float(time[0])) / float(time[-1] - time[0])
        return _LEFT + share * (WIDTH - _LEFT - _RIGHT)

    y = bottom - (flow - low) / (high - low) * (bottom - _TOP)
    points = " ".join(f"{one:.1f},{other:.1f}" for one, other in np.column_stack([x, y]).tolist())
    peak = (position(hydrograph.time_to_peak), height(hydrograph.peak_flow * factor))
    is_left = peak[0] < WIDTH / 2
    said = escaped(f"Hydrograph. {in_one_line(hydrograph, units)}")
    parts = [
        *(_level(height(one), rounded(one)) for one in up),
        *(_hour(position(one), rounded(one)) for one in across),
        f'<text class="axis" x="{(_LEFT + WIDTH - _RIGHT) / 2}" y="{HEIGHT - 6}" '
        'text-anchor="middle">Time (hours)</text>',
        f'<text class="axis" transform="translate(14 {(_TOP + bottom) / 2}) rotate(-90)" '
        f'text-anchor="middle">Flow ({escaped(units.unit("cfs"))})</text>',
        f'<polyline class="flow" points="{points}"/>',
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
