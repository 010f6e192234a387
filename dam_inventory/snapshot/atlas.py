"""Atlas: what a map shows of all dams at one revision."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..domain.mercator import Extent
from ..domain.palette import HAZARD, PLAIN, QUALITY, Coloring
from .blocks import Blocks
from .clusters import MAX_ALONE, Markers, cluster, under
from .dams import Dams
from .flagged import Flagged
from .grid import Layer
from .home import home_of
from .order import NO_ROWS, Rows
from .parts import Parts, number, rows_of
from .places import EVERYWHERE, Codes, Located, counted
from .raster import Raster, raster
from .tail import Tail

MAX_DOTS = 5_000
"""With more dams in a view, a raster is drawn."""

QUICK_DOTS = 500
"""So few dams are drawn in less time than it takes to wake another thread for them: 2 ms."""

MAX_VIEWS = 20
"""How many views of all dams are kept: windows of the same size begin with the same view."""

_LARGE = 50_000
"""The few dams that differ from a base as large as this do not change where most dams are."""


class View(NamedTuple):
    """A view of a map, and whether its dams are drawn as clusters."""

    extent: Extent
    metres_per_pixel: float
    is_clustered: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn of a view.

    rows, codes: the dams to draw one by one, and their categories; the most severe ones come last,
    so that they are drawn above the others. Empty if there is a raster.
    raster: the dams in the view by cell, or None. clusters: those in groups, or None.
    """

    rows: Rows
    codes: Codes
    raster: Raster | None = None
    clusters: Markers | None = None


class Atlas:
    """The places and categories of the dams of an `Overlay`; immutable.

    base, gone, tail, flagged: those of the overlay. A *row* is a row of the overlay; where an
    argument `rows` is None, it means all of them.
    """

    def __init__(self, base: Dams, gone: Rows, tail: Tail, flagged: Flagged) -> None:
        self._base = base
        self._gone = gone
        self._tail = tail
        self._parts = Parts(base, gone, tail)
        self._flagged = flagged
        self._scenes: dict[tuple[View, str], Scene] = {}
        self._blocks = Blocks()
        self._tallies: dict[str, npt.NDArray[np.intp]] = {}

    def scene(self, rows: Rows | None, view: View, coloring: Coloring) -> Scene:
        """Return what to draw of a view.

        This takes about 4 ms for 90,000 dams and 20 ms for a million, and of all dams less than one
        if most of the view was seen lately.
        """
        if rows is not None:
            return self._scene(self._parts.within(rows, view.extent), view, coloring)
        asked = (view, coloring.name)
        if (scene := self._scenes.get(asked)) is None:
            self._scenes[asked] = scene = self._scene_of_all(view, coloring)
            for oldest in [*self._scenes][:-MAX_VIEWS]:
                self._scenes.pop(oldest, None)
        return scene

    def has_scene(self, rows: Rows | None, view: View, coloring: Coloring) -> bool:
        """Return whether a scene takes next to no time.

        It does if it was nearly asked for lately, or if it has few dams of known categories.
        """
        if rows is not None:
            return False
        if (scene := self._scenes.get((view, coloring.name))) is not None:
            return len(scene.rows) <= MAX_ALONE
        if view.is_clustered:
            return False
        if self._blocks.has(*view[:2], coloring):
            return True
        is_ready = self._base.places.is_sorted and self.has_tally(coloring)
        return is_ready and self._parts.count(view.extent) <= QUICK_DOTS

    def under(
        self, rows: Rows | None, view: View, place: tuple[float, float], reach: float
    ) -> Rows:
        """Return the rows of the dams at a place, the nearest one first.

        place: Web Mercator meters (x, y). reach: the maximum distance in meters. If the view has
        clusters, the result is all dams of the marker that is hit.
        """
        if view.is_clustered:
            parts = self._parts.within(rows, view.extent)
            if number(parts) > MAX_ALONE:
                return under(self._layers(parts, PLAIN), *view[:2], place, reach)
        x, y = place
        near = self.within(rows, Extent(x - reach, y - reach, x + reach, y + reach))
        there = self._parts.points(near)
        distance = np.hypot(there[0] - x, there[1] - y)
        order = np.argsort(distance, kind="stable")
        return near[order[distance[order] <= reach]]

    def within(self, rows: Rows | None, extent: Extent) -> Rows:
        """Return the rows that lie in a rectangle."""
        return rows_of(self._parts.within(rows, extent))

    def codes(self, coloring: Coloring, rows: Rows) -> Codes:
        """Return the category of each row."""
        base, tail = self._codes(coloring)
        return self._parts.gathered(rows, base, lambda: tail)

    def tally(self, coloring: Coloring, rows: Rows | None) -> npt.NDArray[np.intp]:
        """Return how many dams are in each category, with or without a location."""
        if rows is not None:
            return counted(self.codes(coloring, rows), coloring)
        if (tally := self._tallies.get(coloring.name)) is None:
            base, tail = self._codes(coloring)
            places = self._base.places
            whole = counted(base, coloring) if coloring is QUALITY else places.tally(coloring)
            tally = whole - counted(base[self._gone], coloring) + counted(tail, coloring)
            self._tallies[coloring.name] = tally
        return tally

    def has_tally(self, coloring: Coloring) -> bool:
        """Return whether all dams are counted for a coloring in less than 5 ms."""
        if coloring is QUALITY:
            return self._flagged.has_codes
        return coloring.is_plain or self._base.places.has_codes(coloring)

    def is_known(self, coloring: Coloring) -> bool:
        """Return whether any dam has a value for a coloring."""
        return any(part.places.is_known(coloring) for part in self._all)

    def words(self, field: str) -> list[str]:
        """Return the different values of a field of categories; of several values, each one."""
        parts = (parts for dams in self._all for parts in dams.codes(field).parts)
        return sorted({word for several in parts for word in several if word})

    @cached_property
    def home(self) -> Extent | None:
        """The smallest window around 99% of the dams: see `home_of`; None without dams."""
        if len(self._base) >= _LARGE:
            return self._base.home
        return self.window(None)

    def window(self, rows: Rows | None) -> Extent | None:
        """Return the smallest window around 99% of some dams; None if none has a location."""
        return home_of(*self._parts.points(self.within(rows, EVERYWHERE)))

    def prepare(self) -> None:
        """Compute what the first map needs, unless that was done: 0.2 s for a million dams."""
        self._base.places.codes(HAZARD)
        self._base.places.within(EVERYWHERE)
        _ = self._base.home

    def _codes(self, coloring: Coloring) -> tuple[Codes, Codes]:
        """Return the categories of the base and of the tail."""
        if coloring is QUALITY:
            return self._flagged.codes
        old, new = self._base, self._tail.dams
        return old.places.codes(coloring), new.places.codes(coloring)

    @property
    def _all(self) -> list[Dams]:
        return [self._base, self._tail.dams] if len(self._tail) else [self._base]

    def _scene_of_all(self, view: View, coloring: Coloring) -> Scene:
        if view.is_clustered or self._parts.count(view.extent) <= MAX_DOTS:
            return self._scene(self._parts.within(None, view.extent), view, coloring)

        def dams(extent: Extent) -> list[Layer]:
            return self._layers(self._parts.within(None, extent), coloring)

        cells = self._blocks.raster(*view[:2], coloring, dams)
        return Scene(NO_ROWS, np.empty(0, np.uint8), cells)

    def _scene(self, parts: list[Located], view: View, coloring: Coloring) -> Scene:
        if number(parts) <= (MAX_ALONE if view.is_clustered else MAX_DOTS):
            return self._dots(rows_of(parts), coloring)
        layers = self._layers(parts, coloring)
        if view.is_clustered:
            clusters = cluster(layers, *view[:2], len(coloring.colors))
            return self._dots(clusters.rows, coloring, clusters)
        cells = raster(layers, *view[:2], coloring)
        return Scene(NO_ROWS, np.empty(0, np.uint8), cells)

    def _dots(self, rows: Rows, coloring: Coloring, clusters: Markers | None = None) -> Scene:
        codes = self.codes(coloring, rows)
        rank = np.argsort(coloring.by_severity)
        order = np.argsort(rank[codes], kind="stable")[::-1]
        return Scene(rows[order], codes[order], None, clusters)

    def _layers(self, parts: list[Located], coloring: Coloring) -> list[Layer]:
        return [
            Layer(part.rows, part.x, part.y, self.codes(coloring, part.rows), part.sign)
            for part in parts
        ]
