"""Snapshot: all dams at one revision, as shared, read-only columns.

Successive snapshots share the same growing arrays, and each reads only its own number of rows.
So a thousand sessions at a thousand revisions need only one copy of the dams.
An edit copies only the columns that it changes; a removal copies all columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..domain.fields import SORTABLE
from ..domain.mark import Ground, Mark
from ..domain.mercator import Extent
from .columns import COLUMNS, Columns
from .sort_order import Order, Rows


def displayed_name(dam_name: str | None, *ids: str | None) -> str:
    """Return the name of a dam on the page: its name, or for example "Unnamed dam AL00106"."""
    return dam_name or " ".join(["Unnamed dam", *[one for one in ids if one][:1]])


class Snapshot:
    """All dams at one revision.

    revision: the `seq` of the newest change that it contains, 0 for none. ground: the identity of
    the inventory that it was read from.
    Columns are those of the table `dams` (text and timestamps as object arrays with None for
    unknown, numbers as float64 with NaN, ids as int64), and `x`, `y`: Web Mercator meters,
    NaN for a dam without a location. All have shape (len(snapshot),) and are read-only.
    Rows are in the order of their ids.
    """

    def __init__(
        self, columns: Columns, size: int, revision: int, ground: Ground | None = None
    ) -> None:
        self._columns = columns
        self._size = size
        self.revision = revision
        self.ground = ground or Ground(mark=Mark(revision))

    @classmethod
    def of(
        cls, rows: Sequence[Sequence[Any]], revision: int, ground: Ground | None = None
    ) -> Snapshot:
        """Return a snapshot of rows of the table `dams`, with values in the order of COLUMNS."""
        columns = Columns()
        columns.extend(rows)
        return cls(columns, len(rows), revision, ground)

    @property
    def epoch(self) -> str:
        """The epoch of the inventory; it differs after a restore or a replacement."""
        unmarked = self.ground.unmarked
        return f"{self.ground.epoch}-{unmarked}" if unmarked else self.ground.epoch

    @property
    def mark(self) -> Mark:
        """The revision as a mark, which differs from the same number in another log."""
        return self.ground.mark

    def advance(
        self,
        rows: Sequence[Sequence[Any]],
        revision: int,
        changed: Collection[int] = (),
        ground: Ground | None = None,
    ) -> Snapshot:
        """Return the next snapshot, after dams were added or changed.

        rows: the added dams and the new rows of changed dams, by ascending id.
        changed: the ids of dams that were edited, removed or restored; a dam without a row was
        removed.
        To add dams to the newest snapshot costs only the new rows; to add dams to an older one
        costs a copy. Only one thread at a time may advance snapshots that share arrays.
        """
        columns = self._columns
        if not columns.is_newest(self._size):
            columns = columns.copied(self._size)
        last = self["id"].max(initial=0)
        if known := {dam_id for dam_id in changed if dam_id <= last}:
            columns = columns.changed(known, [row for row in rows if row[0] in known])
        rows = [row for row in rows if row[0] not in known]
        columns.extend(rows)
        return Snapshot(columns, columns.size, revision, ground)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, column: str) -> npt.NDArray[Any]:
        return self._columns.arrays[column][: self._size]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The table `dams` as a DataFrame with its ids as index; columns are shared, not copied."""
        data = {
            c: pd.Series(self[c], copy=False, dtype=self[c].dtype) for c in COLUMNS if c != "id"
        }
        frame = pd.DataFrame(data, copy=False)
        frame.index = pd.Index(self["id"], name="id", copy=False)
        return frame

    @cached_property
    def extent(self) -> Extent | None:
        """The bounding box of all dams with a location, or None if there are fewer than two."""
        x, y = self["x"], self["y"]
        if np.count_nonzero(~np.isnan(x)) < 2:
            return None
        return Extent.around(x, y)

    def row_of(self, dam_id: int | None) -> int | None:
        """Return the row of the dam with this id, or None if this snapshot does not contain it."""
        if dam_id is None:
            return None
        row = int(np.searchsorted(self["id"], dam_id))
        return row if row < len(self) and self["id"][row] == dam_id else None

    def has_same(self, dam_id: int | None, other: Snapshot) -> bool:
        """Return whether both snapshots contain the same dam under this id.

        In a replaced inventory, the id may belong to another dam.
        """
        here, there = self.row_of(dam_id), other.row_of(dam_id)
        if here is None or there is None:
            return False
        return bool(self["added_at"][here] == other["added_at"][there])

    def values(self, row: int) -> dict[str, Any]:
        """Return the known values of one dam by column; unknown values are left out."""
        pairs = ((column, self[column][row]) for column in COLUMNS)
        return {c: v for c, v in pairs if v is not None and v == v}

    def name(self, row: int) -> str:
        """Return the name of the dam in a row, as the page shows it."""
        ids = (self[c][row] for c in ("nid_id", "federal_id", "other_structure_id"))
        return displayed_name(self["dam_name"][row], *ids)

    def containing(self, words: Iterable[str]) -> Rows:
        """Return the rows with every word in name, owner, river or NID ID; case is ignored."""
        texts = self._columns.search_texts
        rows: Iterable[int] = range(self._size)
        for word in words:
            folded = word.casefold()
            rows = [row for row in rows if folded in texts[row]]
        return np.fromiter(rows, dtype=np.intp)

    def order(self, column: str) -> Order:
        """Return the order of the rows by a SORTABLE column."""
        return self._columns.order(column).up_to(self._size)

    def sort(self) -> None:
        """Sort by each column now, so that the first session does not do it in the event loop."""
        for column in SORTABLE:
            self.order(column)
