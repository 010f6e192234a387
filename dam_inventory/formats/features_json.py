"""Writes dams as features of GeoJSON (RFC 7946)."""

from __future__ import annotations

import polars as pl

from ..domain.dam import OTHER_FACTS
from .export_columns import facts


def feature_texts(dams: pl.DataFrame) -> pl.Series:
    """Return one GeoJSON Feature of each dam, as text without line breaks.

    dams: with the columns of `snapshot.schema.COLUMNS`. The id of a feature is that of the dam; its
    properties are the columns of `facts`, null if unknown, and the object `other_facts`. A dam
    without a location has no geometry. Coordinates are degrees (WGS 84), longitude first.
    """
    known = facts(dams)
    properties = known.to_struct().struct.json_encode()
    parts = pl.DataFrame(
        {
            "id": known["id"],
            "x": known["longitude"],
            "y": known["latitude"],
            # The other facts are JSON already; they take the place of the last bracket.
            "properties": properties.str.head(-1),
            OTHER_FACTS: dams[OTHER_FACTS].cast(pl.String),
        }
    )
    # A point is null if a coordinate is.
    point = pl.concat_str(pl.lit('{"type":"Point","coordinates":['), "x", pl.lit(","), "y", _END)
    return parts.select(
        pl.concat_str(
            pl.lit('{"type":"Feature","id":'), "id",
            pl.lit(',"geometry":'), point.fill_null("null"),
            pl.lit(',"properties":'), "properties",
            pl.lit(',"other_facts":'), pl.col(OTHER_FACTS).fill_null("null"),
            pl.lit("}}"),
        )
    ).to_series()  # fmt: skip


def joined_features(dams: pl.DataFrame) -> bytes:
    """Return the features of dams with commas and line breaks between; dams: at least one."""
    # By Polars, because to join texts of Python would hold up its other threads.
    joined: bytes = feature_texts(dams).str.join(",\n").cast(pl.Binary).item()
    return joined


_END = pl.lit("]}")
