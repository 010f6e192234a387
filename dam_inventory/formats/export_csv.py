"""Writes dams as CSV."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .export_columns import Layout

MARK = b"\xef\xbb\xbf"
"""A byte-order mark: without it, Excel reads UTF-8 as Windows-1252."""

_AT_RISK = r"^[=+\-@\t\r']"


def csv(parts: Iterator[pl.DataFrame], layout: Layout) -> Iterator[bytes]:
    """Yield a CSV file, part by part, in UTF-8.

    Spreadsheets would run a text that begins like a formula, so it gets an apostrophe in front, as
    does a text that begins with one. Unknown values are empty.
    """
    yield MARK + layout.heading_row()
    for dams in parts:
        yield written(layout.table(dams))


def written(table: pl.DataFrame, include_header: bool = False) -> bytes:
    """Return a table as lines of CSV, safe for spreadsheets."""
    texts = pl.selectors.string()
    safe = pl.when(texts.str.contains(_AT_RISK)).then("'" + texts).otherwise(texts).name.keep()
    return table.with_columns(safe).write_csv(include_header=include_header).encode()
