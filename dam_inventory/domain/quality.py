"""Data quality: facts about a dam that are probably wrong or missing, as flags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from .states import STATES

FLAGS = {
    "no_coordinates": "No coordinates",
    "at_zero": "At latitude 0, longitude 0",
    "outside_state": "Outside its state's bounds",
    "shared_place": "Same place as another dam",
    "normal_above_maximum": "Normal storage above maximum",
    "implausible_year": "Implausible year of completion",
    "zero_size": "Height or storage is 0",
}
"""The label of each flag, those of a doubtful place first."""

NO_FLAGS = "none"

QUALITIES = {**FLAGS, NO_FLAGS: "No flags"}
"""The label of each flag, and of a dam without any."""

FIRST_YEAR = 1600
"""The first year that is plausible for a dam in the United States."""

_PLACE = ("longitude", "latitude")


def flags(dams: pl.DataFrame) -> pl.DataFrame:
    """Return a column of booleans for each of FLAGS, without unknown values.

    dams: the columns of the fields; one without any value may be of the type Null.
    `shared_place` compares only these dams with one another.
    """
    west, south, east, north = (pl.lit(bound) for bound in _bounds(dams))
    longitude, latitude = _number("longitude"), _number("latitude")
    is_between = pl.when(west <= east).then((west <= longitude) & (longitude <= east))
    is_inside = is_between.otherwise((west <= longitude) | (longitude <= east)) & (
        (south <= latitude) & (latitude <= north)
    )
    is_placed = longitude.is_not_null() & latitude.is_not_null()
    year = pl.col("date_built").cast(pl.String).str.head(4).cast(pl.Int32, strict=False)
    found = {
        "no_coordinates": ~is_placed,
        "at_zero": (longitude == 0) & (latitude == 0),
        "outside_state": is_placed & ~is_inside,
        "shared_place": is_placed & pl.struct(_PLACE).is_duplicated(),
        "normal_above_maximum": _number("normal_storage_acre_ft") > _number("max_storage_acre_ft"),
        "implausible_year": (year < FIRST_YEAR) | (year > dt.date.today().year),
        "zero_size": (_number("nid_height_ft") == 0) | (_number("nid_storage_acre_ft") == 0),
    }
    return dams.select(found[name].fill_null(False).alias(name) for name in FLAGS)


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64)


def _bounds(dams: pl.DataFrame) -> Iterator[pl.Series]:
    """Return west, south, east and north of each dam's state; unknown if the state is."""
    numbers = {state.name: number for number, state in enumerate(STATES)}
    # To look up each bound by the name would take four times as long.
    number = (
        dams["state"].cast(pl.String).replace_strict(numbers, default=None, return_dtype=pl.UInt32)
    )
    for bound in ("west", "south", "east", "north"):
        yield pl.Series([getattr(state, bound) for state in STATES], dtype=pl.Float64).gather(
            number
        )
