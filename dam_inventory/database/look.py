"""Look: what an import would do, before it does anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..domain.fields import LABELS
from ..domain.mark import Mark
from ..errors import Cancelled, DamInventoryError
from ..formats.spreadsheets import safe
from .differences import Difference, differences_of
from .spool import Spool

if TYPE_CHECKING:
    from .imports import Choice

Outcome = Literal["new", "same", "changed", "weak", "removed", "repeated", "refused", "unread"]
"""What becomes of a row, or of a cell.

new: the inventory lacks the dam. same: it is known, and the file says nothing else about it.
changed: it is known with other values. weak: it may be a dam that is known. removed: it was removed
from the inventory. repeated: an earlier row is the same dam. refused: the row can't be read.
unread: the cell can't be read, and its field stays unknown.
"""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

Progress = Callable[[int], None]
"""Is told how many rows are done."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a file, or one cell.

    row: as a spreadsheet counts it. dam_name: the name on the page, "" if there is none.
    dam_id: the dam of the inventory, or None. evidence: why the row is that dam, or a new one.
    heading, value: of a cell that can't be read. reason: why a row or a cell can't be read.
    """

    row: int
    dam_name: str = ""
    dam_id: int | None = None
    evidence: str = ""
    differences: tuple[Difference, ...] = ()
    heading: str = ""
    value: str = ""
    reason: str = ""


class Look:
    """What an import of a file would do. Close it when it is no longer needed.

    source: the name of the file. mark: what the inventory was compared with. counts: the number
    of rows with each outcome, and that of cells that can't be read. differing_fields: the number
    of dams with another value, by field. other_columns: the headings that are kept as other facts.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.mark = Mark(0)
        self.counts: Mapping[Outcome, int] = dict.fromkeys(OUTCOMES, 0)
        self.differing_fields: Mapping[str, int] = {}
        self.other_columns: tuple[str, ...] = ()
        self.fields: frozenset[str] = frozenset()
        self.spool = Spool()

    def __enter__(self) -> Look:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Delete what was kept of the file."""
        self.spool.close()

    def entries(
        self, outcome: Outcome, first: int = 0, most: int = 50, field: str | None = None
    ) -> list[Entry]:
        """Return rows or cells with an outcome, in the order of the file.

        field: only those whose value of this field differs.
        """
        if outcome not in OUTCOMES:
            raise DamInventoryError(f'No row has the outcome "{outcome}".')
        first, most = max(0, first), max(0, most)
        query, values = _query(outcome, field)
        return [
            _entry(outcome, row)
            for row in self.spool.read(f"{query} LIMIT ? OFFSET ?", *values, most, first)
        ]

    def would(self, choice: Choice) -> tuple[int, int]:
        """Return how many dams an import with these choices would add, and update.

        Updates of dams that the user may not change count, too.
        """
        added = self.counts["new"] + (self.counts["removed"] if choice.bring_back else 0)
        outcomes = "('changed', 'weak')" if choice.accept_weak else "('changed')"
        fields = ", ".join("?" * len(choice.update))
        is_wanted = "" if choice.overwrite_edited else "AND NOT json_extract(value, '$[2]')"
        [[updated]] = self.spool.read(
            f"SELECT count(*) FROM found WHERE outcome IN {outcomes} AND EXISTS ("  # noqa: S608
            f"SELECT * FROM json_each(differences) WHERE key IN ({fields}) {is_wanted})",
            *choice.update,
        )
        return added, updated

    def csv(self, outcome: Outcome) -> Iterator[str]:
        """Yield the lines of a CSV file with all rows or cells with an outcome.

        No cell begins as a formula does, because spreadsheets would run it.
        """
        yield _line("Row", "Dam", "Dam number", "Evidence", "Field", "Value here",
                    "Value in the file", "Edited here", "Reason")  # fmt: skip
        query, values = _query(outcome, None)
        for rows in self.spool.stream(query, *values):
            for row in rows:
                yield from _lines(_entry(outcome, row))


def check(is_cancelled: Callable[[], bool], what: str) -> None:
    """Raise Cancelled if somebody wants no more of it."""
    if is_cancelled():
        raise Cancelled(f"You have canceled the import. {what}")


def _query(outcome: Outcome, field: str | None) -> tuple[str, tuple[Any, ...]]:
    if outcome == "refused":
        return "SELECT row, reason FROM refused ORDER BY place", ()
    if outcome == "unread":
        return "SELECT row, dam_name, heading, value, reason FROM unread ORDER BY place", ()
    query = (
        "SELECT row, dam_name, dam_id, evidence, differences FROM found JOIN rows USING (place) "
        "WHERE outcome = ? AND (? IS NULL OR instr(differences, ?)) ORDER BY place"
    )
    # The quotation marks of a key are never escaped, those within a value always are.
    return query, (outcome, field, f'"{field}":')


def _entry(outcome: Outcome, row: Any) -> Entry:
    if outcome == "refused":
        return Entry(row[0], reason=row[1])
    if outcome == "unread":
        number, name, heading, value, reason = row
        return Entry(number, name, heading=heading, value=value, reason=reason)
    number, name, dam_id, evidence, differences = row
    return Entry(number, name, dam_id, evidence, tuple(differences_of(differences)))


def _lines(entry: Entry) -> Iterator[str]:
    common = (entry.row, entry.dam_name, entry.dam_id, entry.evidence)
    if not entry.differences:
        yield _line(*common, entry.heading, "", entry.value, "", entry.reason)
    for one in entry.differences:
        field = one.heading or LABELS.get(one.field, one.field)
        yield _line(*common, field, one.old, one.new, "yes" if one.edited_here else "", "")


def _line(*cells: object) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_cell(cell) for cell in cells])
    return text.getvalue()


def _cell(cell: object) -> object:
    if isinstance(cell, str):
        return safe(cell)
    return "" if cell is None else cell
