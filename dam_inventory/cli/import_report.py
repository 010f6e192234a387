"""Report: what the command `import` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..database.imports import Imported
from ..database.look import OUTCOMES, Look, Outcome
from ..domain.fields import LABELS
from ..domain.messages import several
from ..domain.visible import escaped
from ..formats.mapping import Mapping
from ..formats.table import Table
from .terminal import complain

MAX_CELLS = 20
"""The maximum number of cells left unknown that are printed; `--report` writes all."""

_AT_ONCE = 1_000
_MAX_NAMED = 5
_MAX_FIELDS = 10

_LOOKED: dict[Outcome, str] = {
    "new": "new",
    "same": "known and unchanged",
    "changed": "known with other values",
    "weak": "known on weak evidence",
    "removed": "removed from the inventory",
    "repeated": "repeated in the file",
}
"""What a dry run prints about rows."""


@dataclass(frozen=True)
class Report:
    """What was read of a file, and what became of it. imported: None after a dry run."""

    table: Table
    mapping: Mapping
    look: Look
    imported: Imported | None

    def print(self, *, as_json: bool) -> None:
        """Print what was done, and on standard error what could not be read."""
        if as_json:
            print(json.dumps(self.as_dict(), indent=2))
        else:
            print("\n".join(map(escaped, self.lines())))
        for line in self.complaints():
            complain(line)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        done = self.imported
        return {
            "source": self.look.source,
            "format": self.table.format,
            "notes": [*self.table.notes],
            "dry_run": done is None,
            "rows": {**self.look.counts},
            "differing_fields": {**self.look.differing_fields},
            "other_columns": [*self.look.other_columns],
            "questions": {one.heading: one.question for one in self.mapping.questions},
            **self.mapping.as_dict(),
            "imported": done and {
                "added": done.added, "updated": done.updated, "known": done.known,
                "without_location": done.without_place, "not_allowed": [*done.refused],
                "seq": done.change and done.change.seq,
            },
        }  # fmt: skip

    def lines(self) -> Iterator[str]:
        """Yield the lines of a report for people."""
        look, done = self.look, self.imported
        if done is None:
            yield f"Looked at {look.source} ({self.table.format}). Nothing was changed."
            yield from (_count(look.counts[name], what) for name, what in _LOOKED.items())
        else:
            yield f"Imported {look.source}:"
            yield _count(done.added, "added")
            yield _count(done.without_place, "of them without a location")
            if done.updated:
                yield _count(done.updated, "updated")
            yield _count(done.known, "already in the inventory")
        yield _count(look.counts["refused"], "refused")
        if look.counts["unread"]:
            yield _count(look.counts["unread"], "cells left unknown")
        yield from self._facts()

    def _facts(self) -> Iterator[str]:
        look = self.look
        if look.differing_fields:
            fields = sorted(look.differing_fields.items(), key=lambda one: -one[1])
            named = [f"{LABELS.get(name, 'Other facts')} {number:,}" for name, number in fields]
            if (more := len(named) - _MAX_FIELDS) > 0:
                named[_MAX_FIELDS:] = [f"{more} more fields"]
            yield f"Other values: {', '.join(named)}."
        if look.other_columns:
            yield f"Columns kept as other facts: {', '.join(look.other_columns)}."
        yield from self.table.notes
        if self.imported and self.imported.refused:
            yield f"You may not change {several(self.imported.refused, _MAX_NAMED)}."

    def complaints(self) -> Iterator[str]:
        """Yield a line for each question, each row that was refused, and some of the cells."""
        for column in self.mapping.questions:
            yield (
                f'Column "{column.heading}" is kept as other facts. {column.question} '
                f'Answer with --map "{column.heading}=FIELD:UNIT".'
            )
        counts = self.look.counts
        for first in range(0, counts["refused"], _AT_ONCE):
            for entry in self.look.entries("refused", first, _AT_ONCE):
                yield f"Row {entry.row:,} refused: {entry.reason}"
        for entry in self.look.entries("unread", 0, MAX_CELLS):
            cell = f'Row {entry.row:,}, {entry.heading}: "{entry.value}"'
            yield f"{cell} is left unknown. {entry.reason}"
        if (more := counts["unread"] - MAX_CELLS) > 0:
            yield f"{more:,} more cells are left unknown; --report FILE lists them."


def lines(look: Look) -> Iterator[str]:
    """Yield the lines of a CSV file with all rows and unread cells, and what became of each."""
    for number, outcome in enumerate(OUTCOMES):
        of_outcome = look.csv(outcome)
        heading = next(of_outcome)
        if number == 0:
            yield f"Outcome,{heading}"
        yield from (f"{outcome},{line}" for line in of_outcome)


def _count(number: int, what: str) -> str:
    return f"{number:>9,} {what}"
