"""Writes hydrographs as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl

from ..domain.hydrograph import Hydrograph, flow_text
from .export_csv import MARK
from .spreadsheets import safe

HEADINGS = ("dam_id", "dam_name", "hydrograph", "datetime", "hours", "flow_cfs")


class OfDam(NamedTuple):
    """A hydrograph and its dam; `dam_name` is the name on the page."""

    dam_id: int
    dam_name: str
    hydrograph: Hydrograph


def hydrographs(found: Iterable[OfDam], byte_order_mark: bool = True) -> Iterator[bytes]:
    """Yield the points of hydrographs as CSV, a line each, hydrograph by hydrograph.

    datetime: ISO 8601 with the offset from UTC if a time zone is known; empty without dates.
    hours: from the start. flow_cfs: cubic feet per second, empty where it is missing.
    byte_order_mark: see `exports.chunks`. `Hydrograph.to_csv` has one hydrograph as it is read.
    """
    yield (MARK if byte_order_mark else b"") + pl.DataFrame(schema=HEADINGS).write_csv().encode()
    for one in found:
        yield _table(one).write_csv(include_header=False).encode()


def _table(one: OfDam) -> pl.DataFrame:
    start, hours = one.hydrograph.start, one.hydrograph.time
    moments: list[str | None] = [None] * len(hours)
    if start is not None:
        moments = [(start + dt.timedelta(hours=hour)).isoformat() for hour in hours.tolist()]
    return pl.DataFrame(
        {
            "dam_id": pl.repeat(one.dam_id, len(hours), eager=True),
            "dam_name": pl.repeat(safe(one.dam_name), len(hours), eager=True),
            "hydrograph": pl.repeat(safe(one.hydrograph.name), len(hours), eager=True),
            "datetime": pl.Series(moments, dtype=pl.String),
            "hours": hours,
            "flow_cfs": [flow_text(flow) or None for flow in one.hydrograph.flow.tolist()],
        }
    )
