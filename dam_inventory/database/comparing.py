"""Compares the rows of a file with the inventory, within a transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, select

from ..domain.dam import OTHER_FACTS
from ..domain.fields import LABELS
from ..domain.identity import Evidence, Identity, doubt
from ..domain.identity import compare as compare_identities
from ..domain.pairing import Known, matches, repeated
from . import ground, likeness
from .differences import differing
from .known import PRESENT, REMOVED, UNDONE, edited_fields, edits_by_hand, identities
from .look import OUTCOMES, Look, Outcome, check
from .models import DamRow
from .spool import AT_ONCE, KEYS, chunks

_DAMS = DamRow.__table__
_COMPACT = (",", ":")
_INSERT = "INSERT INTO matched VALUES (?,?,?,?)"


def compare(connection: Connection, look: Look, is_cancelled: Callable[[], bool]) -> None:
    """Find out what an import would do to the inventory as it is now. Raises Cancelled."""
    mark = ground.read(connection).mark
    edits = edits_by_hand(connection)
    spool = look.spool
    spool.clear()
    for some in chunks(identities(connection, edits), 5_000):
        spool.write("INSERT INTO known VALUES (?,?,?,?,?,?,?,?,?,?)", some)
        check(is_cancelled, "Nothing was changed.")
    spool.index_known()
    _find_repetitions(look)
    if spool.read("SELECT 1 FROM known LIMIT 1"):
        for key in KEYS:
            _match_alike(look, key)
            for former in (0, 1):
                _match(look, key, former)
                check(is_cancelled, "Nothing was changed.")
    spool.execute(
        "INSERT INTO found SELECT place, 'new', NULL, '', NULL FROM rows "
        "WHERE place NOT IN (SELECT place FROM found)"
    )
    _explain_doubts(look)
    look.differing_fields = _compare_values(
        connection, look, edited_fields(connection, edits), is_cancelled
    )
    spool.index_found()
    look.counts = _counts(look)
    look.mark = mark


def _find_repetitions(look: Look) -> None:
    spool = look.spool
    # A row that was copied within an export has the id of its dam twice.
    found = dict(
        spool.read(
            "SELECT place, first FROM rows JOIN (SELECT exported_id, min(place) AS first FROM rows "
            "WHERE exported_id IS NOT NULL GROUP BY exported_id HAVING count(*) > 1) "
            "USING (exported_id) WHERE place > first"
        )
    )
    for key in KEYS:
        for group in likeness.repetitions(spool, key):
            for number, first in repeated([Identity(*row[1:]) for row in group]).items():
                found[group[number][0]] = group[first][0]
    spool.write(
        "INSERT INTO matched SELECT ?, 'repeated', NULL, printf('Same dam as row %d.', row) "
        "FROM rows WHERE place = ?",
        found.items(),
    )
    spool.settle()


def _match_alike(look: Look, key: str) -> None:
    """Match what needs no comparison, as most dams of a file that comes again: it takes long."""
    look.spool.write("INSERT OR REPLACE INTO alike VALUES (?,?,?,?)", _alike())
    likeness.match_alike(look.spool, key)
    look.spool.settle()


def _alike() -> Iterator[tuple[str, int, Outcome, str]]:
    """Yield what it means that a row and a dam are alike in their identity.

    That depends on what is known of them, and on whether the dam was removed.
    """
    for known in product((0, 1), repeat=5):
        federal, nid, structure, name = ("known" * one for one in known[:4])
        position = 0.0 if known[4] else None
        identity = Identity(federal, nid, structure, name, position, position)
        if evidence := compare_identities(identity, identity):
            for removed in (PRESENT, REMOVED, UNDONE):
                kind = "".join(map(str, known))
                yield kind, removed, _outcome(evidence, removed), evidence.words


def _match(look: Look, key: str, former: int) -> None:
    found = []
    for rows, dams in likeness.groups(look.spool, key, former):
        known = [Known(one[0], Identity(*one[2:]), bool(one[1]), bool(former)) for one in dams]
        for match in matches([Identity(*row[1:]) for row in rows], known):
            dam_id, removed = dams[match.known][:2]
            evidence = match.evidence
            words = evidence.words + (", before it was edited here" if former else "")
            found.append((rows[match.row][0], _outcome(evidence, removed), dam_id, words))
        if len(found) > 500:
            look.spool.write(_INSERT, found)
            found = []
    look.spool.write(_INSERT, found)
    look.spool.settle()


def _outcome(evidence: Evidence, removed: int) -> Outcome:
    if removed:
        return "removed" if removed == REMOVED else "new"
    return "weak" if evidence.is_weak else "same"


def _explain_doubts(look: Look) -> None:
    """Say why a row is new although the inventory has dams with its NID ID."""
    spool, columns = look.spool, ", ".join(Identity._fields)
    new = "SELECT place FROM found WHERE outcome = 'new' AND dam_id IS NULL"
    said = []
    for some in spool.stream(
        f"SELECT place, {columns} FROM rows WHERE place IN ({new}) AND nid IN "  # noqa: S608
        "(SELECT nid FROM known WHERE nid <> '')"
    ):
        for place, *row in some:
            query = f"SELECT {columns} FROM known WHERE nid = ? AND former = 0"  # noqa: S608
            dams = [Identity(*dam) for dam in spool.read(query, row[1])]
            said.append((doubt(Identity(*row), dams), place))
    spool.write("UPDATE found SET evidence = ? WHERE place = ?", said)


def _compare_values(
    connection: Connection,
    look: Look,
    edited: Mapping[int, set[str]],
    is_cancelled: Callable[[], bool],
) -> Mapping[str, int]:
    """Find out which values differ; return the number of dams for each field."""
    counts: Counter[str] = Counter()
    fields = sorted(look.fields)
    query = select(_DAMS.c.id, *map(_as_written, fields))
    for kept, rows in look.spool.blocks(
        "SELECT place, dam_id, outcome FROM found WHERE dam_id IS NOT NULL AND outcome <> 'new'"
    ):
        found = connection.execute(query.where(_has([row[1] for row in rows]))).all()
        dams = {dam[0]: dam[1:] for dam in found}
        unknown = [None] * kept.size
        values = [*zip(*(kept.columns.get(field, unknown) for field in fields), strict=True)]
        differences = []
        for place, dam_id, outcome in rows:
            new, old = values[place - kept.first], dams[dam_id]
            if new == old:
                continue
            known = {
                field: value for field, value in zip(fields, new, strict=True) if value is not None
            }
            dam = _read(dict(zip(fields, old, strict=True)))
            differs = differing(_read(known), dam, edited.get(dam_id, ()))
            if differs:
                outcome = "changed" if outcome == "same" else outcome
                differences.append((outcome, json.dumps(differs, separators=_COMPACT), place))
                if outcome != "removed":
                    counts.update(differs.keys())
        look.spool.write(
            "UPDATE found SET outcome = ?, differences = ? WHERE place = ?", differences
        )
        check(is_cancelled, "Nothing was changed.")
    order = {field: place for place, field in enumerate((*LABELS, OTHER_FACTS))}
    return dict(sorted(counts.items(), key=lambda item: order[item[0]]))


def _as_written(field: str) -> ColumnElement[Any]:
    """Return a column for a comparison; other facts stay the JSON that they are stored as."""
    column = _DAMS.c[field]
    return cast(column, Text) if field == OTHER_FACTS else column


def _read(values: dict[str, Any]) -> dict[str, Any]:
    others = values.get(OTHER_FACTS)
    return {**values, OTHER_FACTS: json.loads(others)} if others else values


def _has(ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition for ids; if there are few others between them, for these as well."""
    first, last = min(ids), max(ids)
    if last - first < 2 * AT_ONCE:
        return DamRow.id.between(first, last)
    return DamRow.id.in_(ids)


def _counts(look: Look) -> Mapping[Outcome, int]:
    counts: dict[Outcome, int] = dict.fromkeys(OUTCOMES, 0)
    counts.update(dict(look.spool.read("SELECT outcome, count(*) FROM found GROUP BY outcome")))
    for table in ("refused", "unread"):
        [(counts[table],)] = look.spool.read(f"SELECT count(*) FROM {table}")  # noqa: S608
    return counts
