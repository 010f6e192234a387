"""What is exported: dams of a snapshot, as an Exporting writes them in a worker."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial

import numpy as np

from ..formats import exports
from ..formats.exports import Columns
from ..snapshot.order import Rows
from ..snapshot.snapshot import Snapshot
from .exporting import Job


def dams(snapshot: Snapshot, rows: Rows, format_name: str, columns: Columns) -> Job:
    """Export the dams in some rows, by id. Later changes make no difference."""

    def write(
        on_progress: Callable[[int], None], is_cancelled: Callable[[], bool]
    ) -> Generator[bytes]:
        by_id = rows[np.argsort(snapshot.ids(rows))]
        parts = partial(snapshot.tables, by_id)
        yield from exports.chunks(parts, format_name, columns, on_progress, is_cancelled)

    return write
