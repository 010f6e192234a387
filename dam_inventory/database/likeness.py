"""Likeness: the rows of a file and the dams in a spool that have the same ID or name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..domain.identity import Identity
from .spool import Spool


def match_alike(spool: Spool, by: str) -> None:
    """Write to `matched` which rows and dams are alike in all of their identity.

    Only those are matched whose value in a column of KEYS no other row without an outcome, and
    no other dam has. What that means is in `alike`, by what is known of them: federal ID, NID
    ID, other structure ID, name and place.
    """
    known = " || ".join(f"(row.{one} <> '')" for one in Identity._fields[:4])
    same = " AND ".join(f"+row.{one} IS +dam.{one}" for one in Identity._fields)
    # CROSS JOIN and the pluses keep SQLite from comparing all dams of a name with one another.
    spool.execute(
        "INSERT INTO matched SELECT place, outcome, dam_id, evidence "
        f"FROM (SELECT min(place) AS single FROM rows WHERE {by} <> '' "
        f"AND place NOT IN (SELECT place FROM found) GROUP BY {by} HAVING count(*) = 1) "
        f"CROSS JOIN rows row ON place = single CROSS JOIN known dam ON dam.{by} = row.{by} "
        f"CROSS JOIN alike ON alike.known = {known} || (row.latitude IS NOT NULL) "
        f"AND alike.removed = dam.removed WHERE former = 0 AND {same} "
        f"AND NOT EXISTS (SELECT * FROM known WHERE {by} = row.{by} AND rowid <> dam.rowid) "
        "AND dam_id NOT IN (SELECT dam_id FROM found WHERE dam_id IS NOT NULL)"
    )


def groups(spool: Spool, by: str, former: int) -> Iterator[tuple[list[Any], list[Any]]]:
    """Yield the rows and the dams with the same value in a column of KEYS, group by group.

    Each row is its place and its Identity; each dam its id, whether it is removed, and its
    Identity. Rows without an outcome are compared with dams that no row has.
    former: 1 for the identities that dams had before they were edited.
    """
    columns = ", ".join(Identity._fields)
    is_left = f"{by} <> '' AND place NOT IN (SELECT place FROM found)"
    taken = "SELECT dam_id FROM found WHERE dam_id IS NOT NULL"
    is_free = f"{by} <> '' AND former = {former} AND dam_id NOT IN ({taken})"
    rows = _flat(
        spool,
        f"SELECT {by}, place, {columns} FROM rows WHERE {is_left} "
        f"AND {by} IN (SELECT {by} FROM known WHERE {is_free}) ORDER BY {by}, place",
    )
    dams = _flat(
        spool,
        f"SELECT {by}, dam_id, removed, {columns} FROM known WHERE {is_free} "
        f"AND {by} IN (SELECT {by} FROM rows WHERE {is_left}) ORDER BY {by}, dam_id",
    )
    return _merged(rows, dams)


def repetitions(spool: Spool, by: str) -> Iterator[list[Any]]:
    """Yield the rows with the same value in a column of KEYS, if there are several.

    Rows of an export are not among them: they are dams that the inventory told apart.
    """
    columns = ", ".join(Identity._fields)
    is_counted = f"{by} <> '' AND exported_id IS NULL"
    is_counted += " AND nid = '' AND federal = ''" if by == "name" else ""
    rows = _flat(
        spool,
        f"SELECT {by}, place, {columns} FROM rows WHERE {is_counted} AND {by} IN "
        f"(SELECT {by} FROM rows WHERE {is_counted} GROUP BY {by} HAVING count(*) > 1) "
        f"ORDER BY {by}, place",
    )
    for _, group in groupby(rows, itemgetter(0)):
        yield [row[1:] for row in group]


def _flat(spool: Spool, query: str) -> Iterator[Any]:
    for some in spool.stream(query):
        yield from some


def _merged(rows: Iterator[Any], dams: Iterator[Any]) -> Iterator[tuple[list[Any], list[Any]]]:
    """Yield the members of two ordered streams with the same first value; both have the same."""
    row, dam = next(rows, None), next(dams, None)
    while row is not None and dam is not None:
        value = row[0]
        its_rows, its_dams = [], []
        while row is not None and row[0] == value:
            its_rows.append(row[1:])
            row = next(rows, None)
        while dam is not None and dam[0] == value:
            its_dams.append(dam[1:])
            dam = next(dams, None)
        yield its_rows, its_dams
