"""Tail: the few dams that differ from a large shared set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from .dams import Dams
from .schema import frame_of, joined

Row = Sequence[Any]


class Tail:
    """Dams by id, immutable. The newest ones become columns when they are first asked for.

    Most snapshots are never shown: a session is only told that there is a newer one. To make
    the 89 columns of each would take twice as long as to read its dams.

    frame: dams by column. rows: later dams by id, with values in the order of COLUMNS.
    """

    def __init__(self, frame: pl.DataFrame, rows: Mapping[int, Row]) -> None:
        self._frame = frame
        self._rows = rows

    def __len__(self) -> int:
        return len(self._frame) + len(self._rows)

    @cached_property
    def dams(self) -> Dams:
        """The dams by column."""
        if not self._rows:
            return Dams(self._frame)
        rows = frame_of([self._rows[dam_id] for dam_id in sorted(self._rows)])
        return Dams(joined(self._frame, rows))

    def changed(self, rows: Sequence[Row] | pl.DataFrame, touched: npt.NDArray[np.int64]) -> Tail:
        """Return the dams after a change.

        rows: added dams, and the new values of changed dams. touched: the ids of all dams that
        were added, changed or removed.
        """
        made: Dams | None = self.__dict__.get("dams")
        if isinstance(rows, pl.DataFrame):
            return Tail(joined(_without(touched, (made or self.dams).frame), rows), {})
        frame, later = (self._frame, {**self._rows}) if made is None else (made.frame, {})
        for dam_id in touched.tolist():
            later.pop(dam_id, None)
        return Tail(_without(touched, frame), later | {row[0]: row for row in rows})


def _without(ids: npt.NDArray[np.int64], frame: pl.DataFrame) -> pl.DataFrame:
    is_old = np.isin(frame["id"].to_numpy(), ids)
    return frame.filter(pl.Series(~is_old)) if is_old.any() else frame
