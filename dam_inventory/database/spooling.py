"""Writes the rows of a file to the spool of a look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from ..domain.identity import IDS
from ..domain.identity_columns import identity_columns
from ..formats.dam_blocks import Block, Column, blocks
from ..formats.dam_rows import DamRow, Refused
from ..snapshot.naming import displayed_name
from .look import Look, Progress, check


def spooled(
    look: Look,
    rows: Iterable[DamRow | Refused | Block],
    taken: Collection[str],
    on_progress: Progress,
    is_cancelled: Callable[[], bool],
) -> None:
    """Keep the rows of a file for a look. Raises Cancelled.

    taken: the headings of columns that hold a field.
    """
    fields: set[str] = set()
    headings: dict[str, None] = {}
    first, spool = 0, look.spool
    for block in blocks(rows):
        count = len(block.rows)
        fields.update(block.columns)
        headings.update(dict.fromkeys(block.others))
        names = _names(block.columns, count)
        identities = identity_columns(block.columns, count)
        places = range(first, first + count)
        spool.write(
            "INSERT INTO rows VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            zip(places, block.rows, names, *identities, block.exported_ids, strict=True),
        )
        spool.write_block(first, count, block.columns)
        spool.write("INSERT INTO refused VALUES (NULL,?,?)", block.refused)
        spool.write(
            "INSERT INTO unread VALUES (NULL,?,?,?,?,?)",
            ((cell.row, names[position], *cell[1:]) for position, cell in block.unread),
        )
        first += count
        on_progress(count + len(block.refused))
        check(is_cancelled, "Nothing was changed.")
    look.fields = frozenset(fields)
    look.other_columns = tuple(one for one in headings if one not in taken)
    look.spool.index_rows()


def _names(columns: Mapping[str, Column], count: int) -> list[str]:
    """Return the names of dams as the page shows them."""
    unknown = [None] * count
    names, *ids = (columns.get(field, unknown) for field in ("dam_name", *IDS))
    return [
        name or displayed_name(None, *(one[index] for one in ids))
        for index, name in enumerate(names)
    ]
