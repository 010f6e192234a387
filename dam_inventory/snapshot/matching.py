"""Matching: which dams meet each condition of a filter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from ..domain.fields import FIELD
from ..domain.mercator import Extent
from ..domain.quality import NO_FLAGS
from .codes import Bools
from .criteria import ONLY_UNKNOWN, Criteria, Near, Range
from .dams import Dams
from .due import dues
from .flagged import BITS, Bits
from .order import Rows
from .region import Region

EARTH_KM = 6371.0088
"""The mean radius of the earth (GRS 80)."""

_ROUNDED = 2.0
"""More than a place differs from one that is rounded to float32, in meters."""

_MOST_CONDITIONS = 200
"""More than a filter has, but no more than fit into a byte."""


def numbers_of(dams: Dams, field: str) -> npt.NDArray[np.floating]:
    """Return the numbers or years of a field, NaN if unknown."""
    if FIELD[field].kind == "date":
        return dams.years(field)
    numbers: npt.NDArray[np.float64] = dams.frame[field].cast(pl.Float64).to_numpy()
    return numbers


def conditions(dams: Dams, criteria: Criteria, bits: Bits) -> dict[str, Bools]:
    """Return which dams meet each condition, by the name of its parameter.

    bits: the flags of the dams.
    """
    found: dict[str, Bools] = {}
    if criteria.words:
        found["search"] = np.zeros(len(dams), bool)
        found["search"][dams.find(criteria.words)] = True
    for facet, values in criteria.facets:
        codes = dams.codes(facet)
        found[facet] = codes.any_of(values)[codes.numbers]
    for field, wanted in criteria.ranges:
        found[field] = _in_range(numbers_of(dams, field), wanted)
    if criteria.has_hydrograph is not None:
        found["has_hydrograph"] = hydrographs(dams) == criteria.has_hydrograph
    if criteria.quality:
        found["quality"] = _flagged(bits, criteria.quality)
    if criteria.due is not None:
        known = dues(dams, criteria.due.today)
        found["due"] = np.any([known[name] for name in criteria.due.names], axis=0)
    if criteria.view is not None:
        x0, y0, x1, y1 = criteria.view
        found["in_view"] = (x0 <= dams.x) & (dams.x <= x1) & (y0 <= dams.y) & (dams.y <= y1)
    if criteria.near is not None:
        found["near"] = _near(dams, criteria.near)
    if criteria.region is not None:
        found["region"] = _in_region(dams, criteria.region)
    return found


def failed(size: int, met: dict[str, Bools], gone: Rows) -> Bits:
    """Return how many conditions each dam fails; more than there are for those that are gone."""
    count = np.zeros(size, np.uint8)
    for is_met in met.values():
        count += ~is_met
    count[gone] = _MOST_CONDITIONS
    return count


def hydrographs(dams: Dams) -> Bools:
    """Return which dams have a hydrograph."""
    is_known: Bools = dams.frame["hydrograph_id"].is_not_null().to_numpy()
    return is_known


def _flagged(bits: Bits, quality: tuple[str, ...]) -> Bools:
    wanted = sum(BITS[name] for name in quality if name != NO_FLAGS)
    is_met: Bools = (bits & np.uint8(wanted)) != 0
    return is_met | (bits == 0) if NO_FLAGS in quality else is_met


def _in_range(numbers: npt.NDArray[np.floating], wanted: Range) -> Bools:
    if wanted == ONLY_UNKNOWN:
        is_unknown: Bools = np.isnan(numbers)
        return is_unknown
    is_in: Bools = (wanted.low <= numbers) & (numbers < wanted.high)
    return is_in | np.isnan(numbers) if wanted.is_unknown_too else is_in


def _near(dams: Dams, near: Near) -> Bools:
    longitude, latitude = (
        dams.frame[column].cast(pl.Float64).to_numpy() for column in ("longitude", "latitude")
    )
    degrees = np.degrees(near.km / EARTH_KM)
    is_near: Bools = np.abs(latitude - near.latitude) <= degrees * 1.000001
    rows = np.flatnonzero(is_near)
    is_near[rows] = distance(longitude[rows], latitude[rows], near) <= near.km
    return is_near


def _in_region(dams: Dams, region: Region) -> Bools:
    edges = np.stack(region.outline, axis=1)
    box = Extent.around(*region.outline)
    # From south to north, so that each edge only meets the dams at its height.
    rows = dams.places.within(box.widened(_ROUNDED)).rows
    x, y = dams.x[rows], dams.y[rows]
    is_in = np.zeros(len(rows), bool)
    for (x0, y0), (x1, y1) in zip(edges, np.roll(edges, -1, axis=0), strict=True):
        first, last = np.searchsorted(y, sorted((y0, y1)))
        part = slice(first, last)
        if first < last:
            is_in[part] ^= x[part] < x0 + (y[part] - y0) * ((x1 - x0) / (y1 - y0))
    found: Bools = np.zeros(len(dams), bool)
    found[rows[is_in]] = True
    return found


def distance(
    longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64], near: Near
) -> npt.NDArray[np.float64]:
    """Return the great-circle distance of places to the center of a circle, in kilometers."""
    east, north = np.radians(longitude - near.longitude), np.radians(latitude)
    center = np.radians(near.latitude)
    haversine = np.sin((north - center) / 2) ** 2
    haversine += np.cos(north) * np.cos(center) * np.sin(east / 2) ** 2
    angle: npt.NDArray[np.float64] = 2 * np.arcsin(np.sqrt(np.clip(haversine, 0, 1)))
    return EARTH_KM * angle
