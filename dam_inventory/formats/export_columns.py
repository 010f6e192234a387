"""The columns of an export: those of every dam, and one for each heading of other facts."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from ..domain.dam import OTHER_FACTS
from ..domain.fields import FIELD, FIELDS
from . import column_names, exported
from .exported import OF_RECORD
from .nid_codes import plain_name
from .nid_headings import HEADINGS
from .spreadsheets import safe

Columns = Literal["inventory", "nid"]
"""Whether fields have their own names, or the headings of the National Inventory of Dams (NID)."""

Parts = Callable[[], Iterator[pl.DataFrame]]
"""Returns the dams in parts, with the columns of `snapshot.schema.COLUMNS`; may be called again."""

# Names that a GeoPackage needs for itself, too.
_TAKEN = frozenset({"fid", "geom", "geometry", "rowid", OTHER_FACTS, *OF_RECORD})


def facts(dams: pl.DataFrame) -> pl.DataFrame:
    """Return what is exported of dams: `id`, the fields, and what the inventory records.

    Numbers are Float64 and the id Int64, everything else is text. `added_at` is ISO 8601 in UTC.
    """
    has_hydrograph = pl.col("hydrograph_id").is_not_null()
    return dams.select(
        pl.col("id").cast(pl.Int64),
        *(pl.col(one.name).cast(pl.Float64 if one.is_number else pl.String) for one in FIELDS),
        pl.when(has_hydrograph).then(pl.lit("Yes")).otherwise(pl.lit("No")).alias("has_hydrograph"),
        pl.col("added_by").cast(pl.String),
        pl.col("added_at").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"),
    )


NO_DAMS = pl.DataFrame(
    schema={
        **dict.fromkeys(("id", *FIELD, OTHER_FACTS, "added_by", "hydrograph_id"), pl.String),
        "added_at": pl.Datetime("us", "UTC"),
    }
)
"""A part without any dam."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table that is exported, the same in all its parts.

    names: the heading of each column of `facts`. others: those of other facts, by their name.
    size: the number of dams.
    """

    names: Mapping[str, str]
    others: Mapping[str, str]
    size: int

    @property
    def headings(self) -> list[str]:
        """All headings, in their order."""
        return [*self.names.values(), *self.others.values()]

    @classmethod
    def of(cls, parts: Iterable[pl.DataFrame], columns: Columns) -> Generator[bytes, None, Layout]:
        """Return the columns for all the dams of an export, after a step for each part.

        Each step yields a chunk without any byte; see `exports.chunks`.
        """
        headings = HEADINGS if columns == "nid" else {}
        names = {name: headings.get(name, name) for name in _NAMES}
        others: dict[str, None] = {}
        size = 0
        for dams in parts:
            size += len(dams)
            for one in _other_facts(dams):
                others.update(dict.fromkeys(one))
            yield b""
        return cls(names, _told_apart(others, names.values()), size)

    def table(self, dams: pl.DataFrame) -> pl.DataFrame:
        """Return a part of the export with its headings."""
        known = facts(dams).rename(dict(self.names))
        if not self.others:
            return known
        found = list(_other_facts(dams))
        columns = [
            pl.Series(heading, [one.get(name) for one in found], dtype=pl.String)
            for name, heading in self.others.items()
        ]
        return known.hstack(columns)


_NAMES = ("id", *(one.name for one in FIELDS), *OF_RECORD[1:])


def _other_facts(dams: pl.DataFrame) -> Iterator[Mapping[str, str]]:
    if dams[OTHER_FACTS].dtype == pl.Null:
        return ({} for _ in range(len(dams)))
    return (json.loads(text) if text else {} for text in dams[OTHER_FACTS].to_list())


def _told_apart(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Return the heading of each other fact; SQL does not tell them apart by case."""
    used = {one.casefold() for one in taken}
    headings = {}
    for name in names:
        heading, number = name, 0
        while heading.casefold() in used or (not number and _needs_prefix(name)):
            number += 1
            heading = exported.prefixed(name, number)
        headings[name] = heading
        used.add(heading.casefold())
    return headings


def _needs_prefix(name: str) -> bool:
    return (
        name.casefold() in _TAKEN
        or safe(name) != name
        or name.startswith("'")
        or exported.is_prefixed(name)
        or not plain_name(name)
        or column_names.found(name) is not None
    )
