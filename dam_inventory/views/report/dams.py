"""The report of several dams as plain content: a table with the dates that are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...domain import due, partial_date
from ...domain.counties import county_name, state_name
from ...domain.messages import dams
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from ..components.escape import shown

MAX_ROWS = 500
"""The maximum number of dams on paper."""

HAZARD = "Hazard potential"
HEADS = (
    "Name", "NID ID", "Place", HAZARD, "Condition", "Last inspection",
    "Inspection due", "Plan revised", "Plan due",
)  # fmt: skip

_READ = (
    "nid_id", "county", "state", "hazard_potential", "condition_assessment",
    "last_inspection_date", "inspection_frequency_years", "eap_last_revision_date", "eap_prepared",
)  # fmt: skip


class Cell(NamedTuple):
    """A text of the table. is_overdue: whether it is a date that is over."""

    text: str
    is_overdue: bool = False


class DamsReport(NamedTuple):
    """A table of dams. heads: those of HEADS of which something is known. notes: sentences."""

    heads: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    notes: Sequence[str]


def dams_report(snapshot: Snapshot, rows: Rows, count: int, today: dt.date) -> DamsReport:
    """Return the report of the dams in rows, in this order. count: the number of all dams of it."""
    facts = zip(*snapshot.columns(_READ, rows), strict=True)
    lines = [
        _line(name, dict(zip(_READ, values, strict=True)), today)
        for name, values in zip(snapshot.names(rows), facts, strict=True)
    ]
    known = [place for place in range(len(HEADS)) if any(line[place].text for line in lines)]
    unknown = [head for place, head in enumerate(HEADS) if place not in known]
    notes = [left_out(count, len(lines)), _overdue(lines)]
    if lines and unknown:
        notes.append(f"Not known for any of these dams: {', '.join(unknown)}.")
    return DamsReport(
        [HEADS[place] for place in known],
        [[line[place] for place in known] for line in lines],
        [note for note in notes if note],
    )


def left_out(count: int, shown: int) -> str:
    """Return the sentence about the dams that are not on paper, "" if all are."""
    rest = count - shown
    if rest <= 0:
        return ""
    return (
        f"The first {shown:,} of {dams(count)} are listed; {rest:,} "
        f"{'is' if rest == 1 else 'are'} left out. Filter them to see others."
    )


def _overdue(lines: Sequence[Sequence[Cell]]) -> str:
    parts = []
    for what, head in (("inspection", "Inspection due"), ("plan", "Plan due")):
        count = sum(line[HEADS.index(head)].is_overdue for line in lines)
        if count:
            parts.append(f"{count:,} {what}{'' if count == 1 else 's'}")
    return f"Overdue among the listed dams: {' and '.join(parts)}." if parts else ""


def _line(name: str, facts: Mapping[str, Any], today: dt.date) -> list[Cell]:
    county, state = facts["county"] or "", facts["state"] or ""
    place = ", ".join(filter(None, (county_name(county, state), state_name(state))))
    inspected, revised = facts["last_inspection_date"], facts["eap_last_revision_date"]
    inspection = due.inspection_due(inspected, facts["inspection_frequency_years"])
    return [
        Cell(name),
        Cell(facts["nid_id"] or ""),
        Cell(place),
        Cell(facts["hazard_potential"] or ""),
        Cell(facts["condition_assessment"] or ""),
        Cell(shown("last_inspection_date", inspected)),
        _due(inspection, today),
        Cell(shown("eap_last_revision_date", revised)),
        _due(due.plan_due(revised, facts["eap_prepared"]), today),
    ]


def _due(date: str | None, today: dt.date) -> Cell:
    return Cell("" if date is None else partial_date.in_words(date), due.is_overdue(date, today))
