"""Bounds: where all dams of a snapshot are, and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import cast

import numpy as np
import polars as pl

from .snapshot import Snapshot

_LOCATION = ("longitude", "latitude")


def box(snapshot: Snapshot) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north in degrees (WGS 84); None without any location."""
    parts = [one.cast(pl.Float64) for one in _frames(snapshot, *_LOCATION)]
    places = pl.concat(parts).drop_nulls()
    if not len(places):
        return None
    west, south = places.min().row(0)
    return (west, south, *places.max().row(0))


def first_added(snapshot: Snapshot) -> dt.datetime | None:
    """Return when the first of the dams was added; None if there are none."""
    moments = [one["added_at"].min() for one in _frames(snapshot, "added_at") if len(one)]
    return min(cast(list[dt.datetime], moments), default=None)


def _frames(snapshot: Snapshot, *columns: str) -> Iterator[pl.DataFrame]:
    dams = snapshot.dams
    base = dams.base.frame.select(columns)
    yield base[np.delete(np.arange(len(base)), dams.gone)] if len(dams.gone) else base
    yield dams.tail.frame.select(columns)
