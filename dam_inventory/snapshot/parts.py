"""Parts: where the dams of an overlay are, as those of its base and those that differ from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..domain.mercator import Extent, Floats
from .dams import Dams
from .order import Rows
from .places import Located
from .tail import Tail


class Parts:
    """The dams of an overlay by place; immutable.

    base, gone, tail: those of the overlay. A *row* is a row of the overlay.
    """

    def __init__(self, base: Dams, gone: Rows, tail: Tail) -> None:
        self._base = base
        self._gone = gone
        self._tail = tail

    def within(self, rows: Rows | None, extent: Extent) -> list[Located]:
        """Return those of the rows, None for all, that are in a rectangle.

        Of all dams: those of the base, less those that are gone, and those of the tail.
        """
        if rows is not None:
            return [Located(rows, *self.points(rows)).within(extent)]
        return [self._base.places.within(extent), *self._few(extent)]

    def count(self, extent: Extent) -> int:
        """Return how many dams are in a rectangle."""
        return self._base.places.count(extent) + number(self._few(extent))

    def points(self, rows: Rows) -> tuple[Floats, Floats]:
        """Return the x and y of rows in Web Mercator meters, NaN for dams without a location."""
        base, tail = self._base, self._tail
        x = self.gathered(rows, base.x, lambda: tail.dams.x)
        return x, self.gathered(rows, base.y, lambda: tail.dams.y)

    def gathered(
        self, rows: Rows, old: npt.NDArray[Any], new: Callable[[], npt.NDArray[Any]]
    ) -> npt.NDArray[Any]:
        """Return the values of rows. old: the base's values. new: returns those of the tail."""
        size = len(self._base)
        is_new = rows >= size
        if not is_new.any():
            return old[rows]
        values = np.empty(len(rows), old.dtype)
        values[~is_new], values[is_new] = old[rows[~is_new]], new()[rows[is_new] - size]
        return values

    def _few(self, extent: Extent) -> list[Located]:
        """Return the dams in a rectangle by which these dams differ from the base."""
        base, parts = self._base, []
        if len(self._gone):
            x, y = (one[self._gone].astype(np.float32) for one in (base.x, base.y))
            parts.append(Located(self._gone, x, y, -1).within(extent))
        if len(self._tail):
            new = self._tail.dams.places.within(extent)
            parts.append(new._replace(rows=new.rows + np.int32(len(base))))
        return parts


def number(parts: list[Located]) -> int:
    """Return how many dams there are in parts."""
    return sum(part.sign * len(part.rows) for part in parts)


def rows_of(parts: list[Located]) -> Rows:
    """Return the rows of the dams in parts, without those that are gone."""
    rows = np.concatenate([part.rows for part in parts if part.sign > 0])
    gone = [part.rows for part in parts if part.sign < 0 and len(part.rows)]
    found: Rows = np.setdiff1d(rows, gone[0]) if gone else rows
    return found
