"""Reads the database of the Dam Inventory app of Tethys Platform, within one transaction.

Its tables are those of model.py in the tutorial of Tethys Platform: `dams`, `hydrographs` and
`hydrograph_points`. Nothing is ever written there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from ..config.redaction import shown
from ..domain.dam import DamDraft
from ..domain.hydrograph import MAX_POINTS, Hydrograph
from ..errors import DatabaseUnavailable, InvalidCopy, InvalidDam, InvalidHydrograph
from ..formats.dam_rows import DamRow, Refused
from .engine import engine_of
from .sqlite import path_of, untouched

_AT_ONCE = 1_000
_SHOWN = 100
_FIELDS = {
    "name": "dam_name",
    "owner": "owner",
    "river": "river",
    "date_built": "date_built",
    "latitude": "latitude",
    "longitude": "longitude",
}
_COLUMNS = {
    "dams": {"id", *_FIELDS},
    "hydrographs": {"id", "dam_id"},
    "hydrograph_points": {"hydrograph_id", "time", "flow"},
}


class TethysHydrograph(NamedTuple):
    """A hydrograph with its id and that of its dam, or the reason why it can't be read."""

    id: int
    dam_id: int | None
    hydrograph: Hydrograph | None
    reason: str = ""


class TethysDatabase:
    """What the app has stored. source: the name of its database."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection = connection
        self.source = source

    def dams(self) -> Iterator[DamRow | Refused]:
        """Yield all dams by id, which is the number of the row; what no field holds is kept."""
        for row in self.rows("SELECT * FROM dams ORDER BY id"):
            number = row["id"]
            facts = {field: row[name] for name, field in _FIELDS.items()}
            others = {
                name: str(value)
                for name, value in row.items()
                if name not in _COLUMNS["dams"] and value is not None
            }
            try:
                values = DamDraft(**facts, other_facts=others).checked_facts()
                if "dam_name" not in values:
                    raise InvalidDam({"dam_name": "The dam has no name."})
            except InvalidDam as error:
                yield Refused(number, f"{_named(row['name'])}{error}")
            else:
                yield DamRow(number, values, exported_id=number)

    def hydrographs(self) -> Iterator[TethysHydrograph]:
        """Yield all hydrographs by id."""
        rows = self.rows(
            "SELECT hydrographs.id, dam_id, time, flow FROM hydrographs "
            "LEFT JOIN hydrograph_points ON hydrograph_id = hydrographs.id "
            "ORDER BY hydrographs.id, time"
        )
        for (number, dam_id), points in groupby(rows, itemgetter("id", "dam_id")):
            some = [(one["time"], one["flow"]) for one in islice(points, MAX_POINTS + 1)]
            if some == [(None, None)]:  # the join makes such a row of a hydrograph without points
                some = []
            try:
                time, flow = np.array(some, dtype=np.float64).reshape(-1, 2).T
                yield TethysHydrograph(number, dam_id, Hydrograph(time, flow))
            except InvalidHydrograph as error:
                yield TethysHydrograph(number, dam_id, None, str(error))
            except (ValueError, TypeError):
                yield TethysHydrograph(number, dam_id, None, "A time or a flow is not a number.")

    def rows(self, query: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a query by column. Raises DatabaseUnavailable."""
        options = {"yield_per": _AT_ONCE}
        try:
            with self._connection.execute(text(query), execution_options=options) as rows:
                for row in rows.mappings():
                    yield dict(row)
        except DBAPIError as error:
            raise _unreadable(self.source, error) from error


@contextmanager
def opened(url: str) -> Iterator[TethysDatabase]:
    """Open the database of the app for reading.

    Raises InvalidSettings for a URL of no supported database; InvalidCopy if there is no database
    of the app; DatabaseUnavailable.
    """
    engine = engine_of(url, "URL")
    source = engine.url.database or ""
    if engine.name == "sqlite":
        path = path_of(engine.url)
        if not path.is_file():
            raise InvalidCopy(f"{path} does not exist.")
        source = path.name
        engine = untouched(path)
    try:
        with _connected(engine, shown(url)) as connection:
            _expect_tables(connection, shown(url))
            yield TethysDatabase(connection, source)
    finally:
        engine.dispose()


@contextmanager
def _connected(engine: Engine, name: str) -> Iterator[Connection]:
    with ExitStack() as opened:
        try:
            reader = engine.execution_options(postgresql_readonly=True)
            connection = opened.enter_context(reader.connect())
            opened.enter_context(connection.begin())
        except DBAPIError as error:
            raise _unreadable(name, error) from error
        yield connection


def _expect_tables(connection: Connection, name: str) -> None:
    try:
        inspector = inspect(connection)
        tables = {*inspector.get_table_names()}
        lacking = [f'no table "{table}"' for table in _COLUMNS if table not in tables]
        for table in _COLUMNS.keys() & tables:
            columns = {column["name"] for column in inspector.get_columns(table)}
            missing = sorted(_COLUMNS[table] - columns)
            lacking += [f'no column "{column}" in its table "{table}"' for column in missing]
    except DBAPIError as error:
        raise _unreadable(name, error) from error
    if lacking:
        raise InvalidCopy(
            f"{name} is no database of the Dam Inventory app: it has {lacking[0]}. "
            "Nothing was changed."
        )


def _unreadable(name: str, error: DBAPIError) -> DatabaseUnavailable:
    return DatabaseUnavailable(f"{name} can't be read: {error.orig}. Nothing was changed.")


def _named(name: object) -> str:
    """Return the beginning of a sentence about a dam, "" without a name that can be printed."""
    text = str(name or "").strip()[:_SHOWN]
    return f'"{text}": ' if text and text.isprintable() else ""
