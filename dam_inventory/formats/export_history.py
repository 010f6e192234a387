"""Writes changes of the log as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..domain.change_rows import kind_of
from ..domain.changes import (
    Change,
    HydrographAssigned,
    HydrographEdited,
    HydrographRemoved,
    HydrographRestored,
    named_dams,
)
from ..domain.dam import OTHER_FACTS
from ..domain.messages import told
from . import exported
from .export_csv import MARK
from .spreadsheets import safe

HEADINGS = (
    "seq", "at", "by", "kind", "dam_id", "dam_name", "field", "old", "new", "description",
)  # fmt: skip

_AT_ONCE = 1000
_Values = tuple[str, Any, Any]


def history(changes: Iterable[Change], byte_order_mark: bool = True) -> Iterator[bytes]:
    """Yield changes as CSV, in their order: a line for each changed field, or else for each dam.

    at: ISO 8601 in UTC. kind: as in the log. old, new: the values of the field, empty if unknown.
    An import is one line without a dam. byte_order_mark: see `exports.chunks`.
    """
    yield (MARK if byte_order_mark else b"") + _written([HEADINGS])
    lines: list[list[Any]] = []
    for change in changes:
        lines += _lines(change)
        if len(lines) >= _AT_ONCE:
            yield _written(lines)
            lines = []
    if lines:
        yield _written(lines)


def _lines(change: Change) -> Iterator[list[Any]]:
    at = change.at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    common = [change.seq, f"{at}Z", change.by, kind_of(change)]
    description = told([change])
    dams: Sequence[tuple[int | None, str | None]] = named_dams(change)
    for dam in dams or [(None, None)]:
        for values in _values(change):
            yield [*common, *dam, *values, description]


def _values(change: Change) -> Iterator[_Values]:
    """Yield each changed field with its old and new value."""
    old: Mapping[str, Any] = getattr(change, "old", None) or {}
    new: Mapping[str, Any] = getattr(change, "new", None) or {}
    if isinstance(change, HydrographAssigned | HydrographEdited | HydrographRestored):
        old_name = change.old_name if isinstance(change, HydrographEdited) else None
        yield "hydrograph", old_name, change.hydrograph_name
    elif isinstance(change, HydrographRemoved):
        yield "hydrograph", change.hydrograph_name, None
    elif not old and not new:
        yield "", None, None
    for field in dict.fromkeys((*old, *new)):
        before, after = old.get(field), new.get(field)
        if field == OTHER_FACTS:
            yield from _other_facts(before or {}, after or {})
        else:
            yield field, before, after


def _other_facts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[_Values]:
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield exported.prefixed(name, 1), old.get(name), new.get(name)


def _written(lines: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [safe(cell) if isinstance(cell, str) else cell for cell in line] for line in lines
    )
    return text.getvalue().encode()
