"""Synthetic inventories of any size, with distributions like those of the 2018 file of the NID.

Shares of states, types and hazards, and the spread of locations, heights and storages, are those
of the file. Owners and rivers, which that file does not have, follow its older releases.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from dam_inventory.database import change_log
from dam_inventory.database.engine import open_database
from dam_inventory.domain.changes import DamsImported

SEED = 2018
ADDED_AT = "2024-06-01 12:00:00.000000"
_PIECE = 50_000

_STATES = {  # share in percent, latitude, longitude, and their standard deviations, in degrees
    "Texas": (8.0, 31.7, -97.7, 1.9, 2.0), "Kansas": (7.0, 38.7, -96.9, 0.8, 1.8),
    "Mississippi": (6.6, 32.8, -89.5, 1.2, 0.7), "Missouri": (5.9, 39.1, -92.5, 1.0, 1.4),
    "Georgia": (5.8, 33.1, -83.8, 1.0, 0.9), "Oklahoma": (5.5, 35.4, -97.5, 0.8, 1.3),
    "Iowa": (4.4, 41.5, -94.1, 0.7, 1.5), "Montana": (3.6, 47.2, -108.2, 1.1, 2.7),
    "North Carolina": (3.5, 35.6, -80.2, 0.5, 1.5), "Nebraska": (3.3, 41.0, -98.3, 0.8, 2.1),
    "Virginia": (3.1, 37.7, -78.2, 0.7, 1.1), "South Dakota": (2.8, 44.4, -101.1, 0.8, 1.6),
    "South Carolina": (2.6, 34.2, -81.3, 0.6, 0.9), "Alabama": (2.5, 32.8, -86.8, 0.9, 0.9),
    "New York": (2.1, 42.6, -75.1, 1.0, 1.5), "Colorado": (2.0, 39.3, -106.0, 1.0, 1.5),
    "Illinois": (1.8, 39.8, -89.4, 1.4, 0.9), "Wyoming": (1.8, 43.3, -106.6, 1.2, 1.7),
    "California": (1.7, 37.7, -120.4, 2.4, 1.8), "Pennsylvania": (1.7, 40.8, -77.2, 0.6, 1.9),
    "Ohio": (1.5, 40.3, -82.5, 0.8, 1.2), "Massachusetts": (1.5, 42.3, -71.8, 0.3, 0.7),
    "Arkansas": (1.4, 34.7, -91.8, 2.4, 1.4), "Tennessee": (1.4, 35.8, -87.1, 0.4, 2.0),
    "Minnesota": (1.3, 45.6, -94.1, 1.5, 1.5), "Florida": (1.2, 28.6, -82.7, 1.5, 1.9),
    "Kentucky": (1.2, 37.7, -85.5, 0.6, 1.7), "Wisconsin": (1.2, 44.5, -90.1, 1.0, 1.3),
    "Michigan": (1.2, 43.9, -85.1, 1.5, 1.6), "North Dakota": (1.0, 47.2, -100.7, 0.9, 2.1),
    "Indiana": (1.0, 39.9, -86.3, 0.9, 0.7), "Oregon": (1.0, 44.1, -121.2, 1.2, 2.1),
    "Utah": (0.9, 39.8, -111.5, 1.3, 1.1), "Connecticut": (0.9, 41.6, -72.7, 0.2, 0.5),
    "New Jersey": (0.9, 40.5, -74.6, 0.6, 0.3), "Washington": (0.9, 47.4, -120.9, 0.8, 1.9),
    "Maine": (0.6, 44.7, -69.4, 0.8, 1.1), "Nevada": (0.6, 39.2, -117.0, 1.9, 1.9),
    "New Mexico": (0.4, 34.8, -106.4, 1.7, 1.5), "Hawaii": (0.1, 21.3, -157.7, 0.6, 1.5),
    "Alaska": (0.1, 58.9, -148.2, 4.1, 9.0), "Puerto Rico": (0.1, 18.2, -66.5, 0.1, 0.4),
}  # fmt: skip
_OWNER_TYPES = {
    "Private": 62.7, "Local Government": 19.8, "State": 7.4, "Public Utility": 4.2, "Federal": 4.2,
    None: 1.7,
}  # fmt: skip
_PURPOSES = {
    "Recreation": 34.0, "Flood Risk Reduction": 17.0, "Fish and Wildlife Pond": 12.0, "Other": 8.0,
    "Water Supply": 8.0, "Irrigation": 8.0, "Hydroelectric": 3.0, "Tailings": 1.3,
    "Water Supply; Recreation": 3.0, "Flood Risk Reduction; Recreation": 2.0, None: 3.7,
}  # fmt: skip
_DAM_TYPES = {
    "Earth": 87.0, "Gravity; Earth": 2.0, "Gravity": 2.0, "Concrete": 1.5, "Rockfill": 1.0,
    "Concrete; Earth": 1.0, "Other": 1.4, "Masonry": 0.6, "Arch": 0.4, None: 3.1,
}  # fmt: skip
_HAZARDS = {"Low": 59.6, "High": 15.6, "Significant": 11.7, "Undetermined": 13.1}

FIRST = re.findall(
    r"\w+",
    "Smith Spring Crystal Mill Williams Silver Johnson Clear Bear Beaver Cedar Pine Oak Willow "
    "Deer Elk Eagle Hawk Heron Turkey Buck Fox Wolf Otter Trout Bass Perch Goose Duck Swan Walnut "
    "Hickory Maple Birch Elm Ash Laurel Holly Rose Lily Cherry Apple Plum Sugar Salt Sand Stone "
    "Rock Clay Iron Copper Gold Coal Lime Marble Slate Flint Granite Sunset Sunrise Moon Star "
    "Shadow Forest Meadow Prairie Valley Hill Mountain Canyon Mesa Ridge Bluff Hollow Cave Wells "
    "Jones Brown Davis Miller Wilson Moore Taylor Anderson Thomas Jackson White Harris Martin "
    "Thompson Garcia Robinson Clark Lewis Lee Walker Hall Allen Young King Wright Scott Green "
    "Baker Adams Nelson Carter Mitchell Roberts Turner Phillips Campbell Parker Evans Edwards "
    "Collins Stewart Morris Rogers Reed Cook Morgan Bell Murphy Bailey Cooper Richardson Cox "
    "Howard Ward Peterson Gray James Watson Brooks Kelly Sanders Price Bennett Wood Barnes Ross "
    "Henderson Coleman Jenkins Perry Powell Long Hughes Flores Washington Butler Simmons Foster "
    "Bryant Alexander Russell Griffin Hayes Myers Ford Hamilton Graham Sullivan Wallace Cañón Peña",
)
_SECOND = re.findall(
    r"[^|]+",
    "Lake|Creek|Pond|Watershed|Reservoir|River|Branch|Fork|Mill Pond|Lake No. 1|Lake No. 2|Ranch|"
    "Farm|Site 3|Site 12|Structure|Lagoon|Detention Basin|Park Lake|Country Club Lake|Upper Lake",
)
_LAST = re.split(r"\|", "Dam|Dam|Dam|Dam|Dam|Dike|Lower Dam|Dam #1|Dam #2|Number 5|")
_STREAM = re.split(r"\|", "Creek|Creek|Creek|River|Branch|Fork|Run|Brook|Tributary")


def rows(dams: int, seed: int = SEED) -> Iterator[list[tuple[object, ...]]]:
    """Return the rows of `dams` dams in pieces, with the values of COLUMNS."""
    random = np.random.default_rng(seed)
    for first in range(0, dams, _PIECE):
        yield _piece(random, first, min(_PIECE, dams - first))


COLUMNS = (
    "id", "dam_name", "owner", "river", "date_built", "latitude", "longitude", "nid_id",
    "federal_id", "owner_type", "state", "county", "purposes", "dam_type", "hazard_potential",
    "nid_height_ft", "nid_storage_acre_ft", "length_ft", "added_at",
)  # fmt: skip


def fill(database: Path, dams: int) -> None:
    """Create a database with synthetic dams, imported as one change."""
    engine = open_database(f"sqlite:///{database}", example_dams=False)
    marks = ", ".join("?" * len(COLUMNS))
    with sqlite3.connect(database) as connection:
        for piece in rows(dams):
            statement = f"INSERT INTO dams ({', '.join(COLUMNS)}) VALUES ({marks})"
            connection.executemany(statement, piece)
    connection.close()
    with engine.begin() as connection:
        change_log.record(
            connection, DamsImported, dt.datetime.now(dt.UTC), None,
            first_id=1, last_id=dams, count=dams, source="synthetic",
        )  # fmt: skip
    engine.dispose()


def _piece(random: np.random.Generator, first: int, size: int) -> list[tuple[object, ...]]:
    numbers = np.arange(first + 1, first + size + 1)
    states = list(_STATES)
    facts = np.array(list(_STATES.values()))
    state = random.choice(len(states), size, p=facts[:, 0] / facts[:, 0].sum())
    spread = random.normal(size=(2, size)) * facts[state, 3:].T
    latitude, longitude = facts[state, 1:3].T + spread
    is_placed = random.random(size) < 0.997
    codes = [name[:2].upper() for name in states]
    nid_ids = [f"{codes[s]}{n:07}" for s, n in zip(state, numbers, strict=True)]
    columns = [
        numbers.tolist(),
        _some(random, 0.953, _words(random, size, FIRST, _SECOND, _LAST)),
        _some(random, 0.93, _words(random, size, FIRST, FIRST)),
        _some(random, 0.85, _words(random, size, FIRST, _STREAM)),
        _some(random, 0.831, random.normal(1960, 22, size).astype(int).astype(str).tolist()),
        np.where(is_placed, latitude.round(6), None).tolist(),
        np.where(is_placed, longitude.round(6), None).tolist(),
        nid_ids,
        nid_ids,
        _drawn(random, size, _OWNER_TYPES),
        [states[s] for s in state],
        _some(random, 0.985, _words(random, size, FIRST)),
        _drawn(random, size, _PURPOSES),
        _drawn(random, size, _DAM_TYPES),
        _drawn(random, size, _HAZARDS),
        random.lognormal(3.2, 0.55, size).round(1).tolist(),
        random.lognormal(5.1, 1.6, size).round(0).tolist(),
        random.lognormal(6.3, 0.8, size).round(0).tolist(),
        [ADDED_AT] * size,
    ]
    return list(zip(*columns, strict=True))


def _words(random: np.random.Generator, size: int, *lists: list[str]) -> list[str]:
    drawn = (np.array(words)[random.integers(len(words), size=size)] for words in lists)
    return [" ".join(words).strip() for words in zip(*drawn, strict=True)]


def _some(random: np.random.Generator, share: float, texts: list[str]) -> list[str | None]:
    """Return the texts, of which about `share` are kept and the others are unknown."""
    kept = random.random(len(texts)) < share
    return [text if keep else None for text, keep in zip(texts, kept, strict=True)]


def _drawn(
    random: np.random.Generator, size: int, shares: dict[str, float] | dict[str | None, float]
) -> list[str | None]:
    shares_of = np.array(list(shares.values()))
    names = list(shares)
    return [names[i] for i in random.choice(len(names), size, p=shares_of / shares_of.sum())]
