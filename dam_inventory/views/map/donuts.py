"""Donuts: clusters of dams as rings that show the mix of their categories."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from bokeh.models import AnnularWedge, Text

from ...domain.palette import Coloring
from ...snapshot.clusters import Markers, sizes
from ...snapshot.raster import LEVELS, shade
from ..bokeh_bridge.arrays import InlineArray, InlineTexts
from .colors import PAPER
from .columns import Columns

RING = 6.0
"""The width of a ring in pixels."""

MAX_PARTS = 5
"""How many categories of a mix are said in words: the most frequent ones."""

_EDGE = 1.5
_TOP = np.pi / 2
_INK = "#22303a"


class Donuts(NamedTuple):
    """What to draw of clusters, as columns for Bokeh.

    wedges: first a disc for each cluster, then the parts of their rings; with radii in pixels, and
    angles in radians from the east, counterclockwise. labels: the numbers in the discs.
    """

    wedges: Columns
    labels: Columns


NO_DONUTS = Donuts(
    {name: [] for name in ("x", "y", "inner", "outer", "start", "end", "shade", "count", "mix")},
    {name: [] for name in ("x", "y", "label")},
)


def donuts(clusters: Markers, coloring: Coloring) -> Donuts:
    """Return what to draw of clusters. The parts go clockwise from the top, in order of the codes.

    count, mix: the number of dams of a disc, and how many of them have each category.
    """
    counts, total = clusters.counts, clusters.count
    x, y, radius = clusters.x.round(1), clusters.y.round(1), sizes(total) / 2
    turned = _TOP - 2 * np.pi * np.cumsum(counts, axis=1) / total[:, None]
    owner, code = np.nonzero(counts)
    end = turned[owner, code]
    discs = len(total)
    wedges = {
        "x": np.concatenate([x, x[owner]]),
        "y": np.concatenate([y, y[owner]]),
        "inner": np.concatenate([np.zeros(discs), radius[owner] - RING]),
        "outer": np.concatenate([radius, radius[owner] - _EDGE]),
        "start": np.concatenate(
            [np.full(discs, _TOP), end + 2 * np.pi * counts[owner, code] / total[owner]]
        ),
        "end": np.concatenate([np.full(discs, _TOP - 2 * np.pi), end]),
        "shade": np.concatenate([np.full(discs, PAPER), shade(0, LEVELS - 1) + LEVELS * code]),
        "count": np.concatenate([total, np.zeros(len(owner))]),
    }
    columns: Columns = {name: InlineArray(one, np.float64, 1) for name, one in wedges.items()}
    mixes = [_mix(one, coloring) for one in counts.tolist()]
    columns["mix"] = InlineTexts([*mixes, *[""] * len(owner)])
    labels = {
        "x": InlineArray(x, np.float64, 1),
        "y": InlineArray(y, np.float64, 1),
        "label": InlineTexts(map(_short, total.tolist())),
    }
    return Donuts(columns, labels)


def ring(color: object) -> AnnularWedge:
    """Return the glyph of the wedges. color: what gives the color of a shade."""
    return AnnularWedge(
        x="x", y="y", inner_radius="inner", outer_radius="outer", inner_radius_units="screen",
        outer_radius_units="screen", start_angle="start", end_angle="end", direction="clock",
        fill_color=color, line_color=None,
    )  # fmt: skip


def number() -> Text:
    """Return the glyph of the labels."""
    return Text(
        x="x", y="y", text="label", text_color=_INK, text_align="center",
        text_baseline="middle", text_font_size="11px", text_font_style="bold",
    )  # fmt: skip


def _mix(counts: list[int], coloring: Coloring) -> str:
    parts = [one for one in zip(coloring.categories, counts, strict=True) if one[1]]
    if (more := len(parts) - MAX_PARTS) > 1:
        parts.sort(key=lambda one: one[1], reverse=True)
        rest = sum(count for _, count in parts[MAX_PARTS:])
        parts = [*parts[:MAX_PARTS], (f"{more} others", rest)]
    return ", ".join(f"{category} {count:,}" for category, count in parts)


def _short(count: int) -> str:
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9_950 else f"{count / 1000:.0f}k"
