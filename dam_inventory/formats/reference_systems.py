"""Coordinate reference systems of files, and WGS 84, in which the inventory has its dams."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from ..errors import InvalidFile

COMMON = (
    "EPSG:4269", "EPSG:4267", "EPSG:3857", "EPSG:5070",
    *(f"EPSG:{26900 + zone}" for zone in range(1, 20)),
)  # fmt: skip
"""The systems that files of U.S. dams have most: NAD 83, NAD 27, Web Mercator, Albers, UTM."""

_CODE = re.compile(r"EPSG:[0-9]{4,6}")


@lru_cache(maxsize=16)
def system(definition: str) -> Any:
    """Return the `pyproj.CRS` of a code, a URN or WKT. Raises InvalidFile if there is none."""
    # Half a megabyte of library, and a second on a slow machine, that few files need.
    import pyproj

    try:
        return pyproj.CRS.from_user_input(definition)
    except pyproj.exceptions.CRSError as error:
        shown = " ".join(definition.split())[:80]
        raise InvalidFile(f'The reference system "{shown}" is not known.') from error


def is_system(code: str) -> bool:
    """Return whether a text is a code such as "EPSG:26912" of a known reference system."""
    if not _CODE.fullmatch(code):
        return False
    try:
        found = system(code)
    except InvalidFile:
        return False
    return bool(found.is_projected or found.is_geographic)


def label(definition: str) -> str:
    """Return the name of a reference system, with its code if it has one."""
    found = system(definition)
    code = found.to_authority()
    return f"{found.name} ({':'.join(code)})" if code else str(found.name)


def is_wgs84(definition: str) -> bool:
    """Return whether coordinates of a system need no transformation."""
    return system(definition).to_authority() in (("EPSG", "4326"), ("OGC", "CRS84"))


def transformed(definition: str, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Transform coordinates to longitudes and latitudes in degrees (WGS 84).

    x, y: float64, shape (n,), in the order east, north. Returns arrays of the same shape; NaN
    stands for places outside the system.
    """
    longitudes, latitudes = _transformer(definition).transform(x, y)
    outside = ~(np.isfinite(longitudes) & np.isfinite(latitudes))
    return np.where(outside, np.nan, longitudes), np.where(outside, np.nan, latitudes)


def to_degrees(definition: str) -> Callable[[float, float], tuple[float, float]]:
    """Return the function that transforms one place; it raises ValueError if it is outside."""
    transform = _transformer(definition).transform

    def place(x: float, y: float) -> tuple[float, float]:
        longitude, latitude = transform(x, y)
        if not (math.isfinite(longitude) and math.isfinite(latitude)):
            raise ValueError("outside")
        return longitude, latitude

    return place


@lru_cache(maxsize=16)
def _transformer(definition: str) -> Any:
    import pyproj

    return pyproj.Transformer.from_crs(system(definition), "EPSG:4326", always_xy=True)
