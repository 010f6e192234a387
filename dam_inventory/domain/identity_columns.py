"""Identities of many dams at once, column by column: as `identity_of` returns them one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .identity import identity_of, key, words_of

IDENTITY_FIELDS = (
    "federal_id", "nid_id", "other_structure_id", "dam_name", "latitude", "longitude",
    "state", "county", "river",
)  # fmt: skip
"""The fields that an identity is made of."""


def identity_columns(dams: Mapping[str, Sequence[Any]], count: int) -> list[list[Any]]:
    """Return the identities of dams, one list for each field of Identity.

    dams: by field, a value for each dam. count: the number of dams.
    """
    unknown = [None] * count
    of = {field: dams.get(field, unknown) for field in IDENTITY_FIELDS}
    keys = [[key(text) if text else "" for text in of[field]] for field in IDENTITY_FIELDS[:3]]
    federal, nid, _ = keys
    names = [words_of(name) if name else "" for name in of["dam_name"]]
    latitude, longitude = [*of["latitude"]], [*of["longitude"]]
    columns: list[list[Any]] = [*keys, names, latitude, longitude, [""] * count]
    for index, north in enumerate(latitude):
        if nid[index] or (north is not None and not federal[index]):
            if north is None:
                longitude[index] = None
            continue
        identity = identity_of({field: column[index] for field, column in of.items()})
        for column, value in zip(columns, identity, strict=True):
            column[index] = value
    return columns
