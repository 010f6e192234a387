"""A database like that of the Dam Inventory app of Tethys Platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Float, ForeignKey, Integer, MetaData, String, Table, create_engine

_TABLES = MetaData()
_DAMS = Table(
    "dams",
    _TABLES,
    Column("id", Integer, primary_key=True),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("name", String),
    Column("owner", String),
    Column("river", String),
    Column("date_built", String),
    Column("user_id", Integer),
)
_HYDROGRAPHS = Table(
    "hydrographs",
    _TABLES,
    Column("id", Integer, primary_key=True),
    Column("dam_id", ForeignKey("dams.id")),
)
_POINTS = Table(
    "hydrograph_points",
    _TABLES,
    Column("id", Integer, primary_key=True),
    Column("hydrograph_id", ForeignKey("hydrographs.id")),
    Column("time", Integer),
    Column("flow", Float),
)

Points = Sequence[tuple[int | None, float | None]]


def dam(name: str | None = "Heron Lake", **facts: Any) -> dict[str, Any]:
    """Return a dam as the app stores one."""
    known = {
        "owner": "Reclamation",
        "river": "Provo River",
        "date_built": "June 17, 1993",
        "latitude": 40.5,
        "longitude": -111.5,
        "user_id": None,
    }
    return {"name": name, **known, **facts}


def make(
    url: str,
    dams: Iterable[Mapping[str, Any]],
    hydrographs: Iterable[tuple[int | None, Points]] = (),
) -> None:
    """Make the tables of the app, with dams, and hydrographs by the id of their dam."""
    engine = create_engine(url)
    _TABLES.create_all(engine)
    with engine.begin() as connection:
        for values in dams:
            connection.execute(_DAMS.insert().values(**values))
        for dam_id, points in hydrographs:
            added = connection.execute(_HYDROGRAPHS.insert().values(dam_id=dam_id))
            for time, flow in points:
                connection.execute(
                    _POINTS.insert().values(
                        hydrograph_id=added.inserted_primary_key[0], time=time, flow=flow
                    )
                )
    engine.dispose()
