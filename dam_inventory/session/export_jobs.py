"""What is exported: the jobs that an Exporting gives to a worker."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from typing import Protocol, TypeVar

import numpy as np

from ..database import export_reading
from ..database.inventory import Inventory
from ..errors import Cancelled
from ..formats import exports
from ..formats.exports import Columns
from ..snapshot.order import Rows
from ..snapshot.snapshot import Snapshot

Item = TypeVar("Item")


class Job(Protocol):
    """Yields the bytes of a file, in a worker.

    on_progress: to be called with the number of items written so far. Raises Cancelled if
    `is_cancelled`, and other errors that a person is to read.
    """

    def __call__(
        self, on_progress: Callable[[int], None], is_cancelled: Callable[[], bool]
    ) -> Generator[bytes]: ...


def dams(snapshot: Snapshot, rows: Rows, format_name: str, columns: Columns) -> Job:
    """Export the dams in some rows, by id. Later changes make no difference."""

    def write(
        on_progress: Callable[[int], None], is_cancelled: Callable[[], bool]
    ) -> Generator[bytes]:
        by_id = rows[np.argsort(snapshot.ids(rows))]
        parts = partial(snapshot.tables, by_id)
        yield from exports.chunks(parts, format_name, columns, on_progress, is_cancelled)

    return write


def history(inventory: Inventory, dam_id: int | None) -> Job:
    """Export the changes of a dam, or of all dams, as CSV."""

    def write(
        on_progress: Callable[[int], None], is_cancelled: Callable[[], bool]
    ) -> Generator[bytes]:
        changes = export_reading.log(inventory, dam_id)
        yield from exports.history(_counted(changes, on_progress, is_cancelled))

    return write


def hydrographs(inventory: Inventory) -> Job:
    """Export the hydrographs of all dams as CSV."""

    def write(
        on_progress: Callable[[int], None], is_cancelled: Callable[[], bool]
    ) -> Generator[bytes]:
        found = export_reading.hydrographs(inventory)
        yield from exports.hydrographs(_counted(found, on_progress, is_cancelled))

    return write


def _counted(
    items: Iterable[Item], on_progress: Callable[[int], None], is_cancelled: Callable[[], bool]
) -> Iterator[Item]:
    for number, item in enumerate(items, 1):
        if is_cancelled():
            raise Cancelled
        yield item
        on_progress(number)
