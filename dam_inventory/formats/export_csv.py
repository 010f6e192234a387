"""Writes dams as CSV."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .export_columns import Layout
from .spreadsheets import AT_RISK, safe

MARK = b"\xef\xbb\xbf"
"""A byte-order mark: without it, Excel reads UTF-8 as Windows-1252."""

_ESCAPED = f"{AT_RISK}|^'"


def csv(
    parts: Iterator[pl.DataFrame], layout: Layout, byte_order_mark: bool = True
) -> Iterator[bytes]:
    """Yield a CSV file, part by part, in UTF-8.

    Spreadsheets would run a text that begins like a formula, so it gets an apostrophe in front, as
    does a text that begins with one. Unknown values are empty. byte_order_mark: whether there is
    one, for Excel; R's read.csv and some scripts would take it for a part of the first heading.
    """
    yield (MARK if byte_order_mark else b"") + pl.DataFrame(
        schema=layout.headings
    ).write_csv().encode()
    for dams in parts:
        yield written(layout.table(dams))


def written(table: pl.DataFrame, include_header: bool = False) -> bytes:
    """Return a table as lines of CSV, safe for spreadsheets."""
    texts = pl.col(pl.String)
    safe = pl.when(texts.str.contains(_ESCAPED)).then("'" + texts).otherwise(texts).name.keep()
    return table.with_columns(safe).write_csv(include_header=include_header).encode()


def unescaped(cell: str) -> str:
    """Return the text that `written` wrote as a cell."""
    is_escaped = cell.startswith("'") and (cell[1:2] == "'" or safe(cell[1:]) != cell[1:])
    return cell[1:] if is_escaped else cell
