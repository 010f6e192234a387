"""What a click on the map's dams does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...domain.mercator import Extent
from ...session.store import DamStore
from ...snapshot.atlas import View
from ...snapshot.order import Rows
from ...snapshot.raster import CELL
from ...snapshot.snapshot import Snapshot
from .guide import Guide
from .map_figure import Canvas

TOUCH = 14
"""Maximum distance in pixels of a click from the center of the dot or cluster it selects."""

CLOSER = 4
"""How many times closer a click on a raster brings the map."""

_MARGIN = 0.2
_MIN_EXTENT = 400.0
_ONE_PLACE = 1.0


@dataclass(frozen=True, slots=True)
class Click:
    """A click on what a canvas draws.

    view: what it draws, of the snapshot's `rows`, None for all. place: Web Mercator meters (x, y).
    """

    canvas: Canvas
    snapshot: Snapshot
    rows: Rows | None
    view: View
    place: tuple[float, float]

    def hit(self) -> Rows:
        """Return the dams that are hit, the nearest one first."""
        # A cell may be somewhat larger, and a dam in its far corner.
        pixels = 2 * CELL if self.canvas.dams.is_raster else TOUCH
        reach = pixels * self.view.metres_per_pixel
        return self.snapshot.atlas.under(self.rows, self.view, self.place, reach)

    def answer(self, rows: Rows, store: DamStore, guide: Guide) -> None:
        """Select the dam that was hit, list those that share its place, or zoom in."""
        if not len(rows):
            return
        x, y = self.snapshot.points(rows)
        is_here = np.maximum(abs(x - x[0]), abs(y - y[0])) < _ONE_PLACE
        view = self.canvas.view
        if self.canvas.dams.is_raster and view.width > CLOSER * _MIN_EXTENT:
            self.canvas.look_at(_closer(view, self.place))
        elif self.view.is_clustered and not is_here.all():
            self.canvas.look_at(Extent.around(x, y).at_least(_MIN_EXTENT).grown(_MARGIN))
        elif is_here.sum() > 1:
            guide.offer_choices(rows[is_here], (float(x[0]), float(y[0])))
        else:
            store.selected = int(self.snapshot.ids(rows[:1])[0])


def _closer(view: Extent, place: tuple[float, float]) -> Extent:
    x, y = place
    dx, dy = view.width / CLOSER / 2, view.height / CLOSER / 2
    return Extent(x - dx, y - dy, x + dx, y + dy)
