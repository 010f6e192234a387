"""The history and the hydrographs as CSV, read from the database in parts; for a worker.

Without a byte order mark: scripts would rather have none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

from ..database import export_reading
from ..database.inventory import Inventory
from ..formats import exports

Item = TypeVar("Item")


def history(inventory: Inventory, dam_id: int | None = None) -> Iterator[bytes]:
    """Yield the log, of all dams or of one; raise DatabaseUnavailable before the first part."""
    return _begun(export_reading.log(inventory, dam_id), exports.history)


def hydrographs(inventory: Inventory, dams: Collection[int] | None = None) -> Iterator[bytes]:
    """Yield the hydrographs of dams. dams: their ids, None for all. Raises as `history` does."""
    return _begun(export_reading.hydrographs(inventory, dams), exports.hydrographs)


def _begun(
    items: Iterator[Item], written: Callable[[Iterable[Item], bool], Iterator[bytes]]
) -> Iterator[bytes]:
    """Yield the file after the first item was read, so that an error comes before any part."""
    first = [*islice(items, 1)]
    yield from written(chain(first, items), False)
