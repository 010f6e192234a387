"""The report of one dam as plain content: rows of label, value and source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...domain import due, partial_date, sources
from ...domain.checks import is_website
from ...domain.counties import county_name, state_name
from ...domain.entries import sentence
from ...domain.fields import FIELD, GROUPS
from ...domain.quality import FLAGS
from ...domain.units import US, Units
from ...session.record import Record
from ..cards import entries
from ..components.escape import MOMENTS, label, shown

MAX_LISTED = 30
"""The maximum number of changes that a report lists."""

OVERDUE = "overdue"

_HEADING = "dam_name"
_OTHERS = "other_facts"
_SUMMARY = (
    "hazard_potential", "condition_assessment", "nid_height_ft", "nid_storage_acre_ft",
    "date_built", "river",
)  # fmt: skip
"""The facts at the top of a report."""


class Fact(NamedTuple):
    """A fact in words. source: the number of the source, None if the log does not know it."""

    label: str
    text: str
    source: int | None = None
    hint: str = ""
    kind: str = ""


class Entry(NamedTuple):
    """A change. values: label, old text and new text of each field that it changed."""

    at: str
    what: str
    values: Sequence[tuple[str, str, str]] = ()


class DamReport(NamedTuple):
    """What a report says of one dam. `Record` knows the parts that are empty until it is read."""

    name: str
    place: str
    summary: Sequence[Fact]
    dates: Sequence[Fact]
    groups: Sequence[tuple[str, Sequence[Fact]]]
    flags: Sequence[str] = ()
    sources: Sequence[str] = ()
    history: Sequence[Entry] = ()
    note: str = ""
    hydrograph_source: int | None = None


def dam_report(
    name: str,
    values: Mapping[str, Any],
    today: dt.date,
    units: Units = US,
    record: Record | None = None,
) -> DamReport:
    """Return the report of a dam.

    name: as the page shows it. values: the known values by column. units: those that are shown.
    record: what was read of it, or None while that is read.
    """
    history = () if record is None else record.history
    found = sources.Sources(history, [*values])
    report = DamReport(
        name,
        place(values),
        [_fact(one, values[one], units) for one in _SUMMARY if one in values],
        due_dates(values, today),
        [(group, facts) for group, facts in _groups(values, units, found) if facts],
    )
    if record is None:
        return report
    return report._replace(
        flags=[FLAGS[flag] for flag in record.flags],
        sources=[f"{sources.in_words(one)}, {shown('at', one.at)}" for one in found.changes],
        history=[
            Entry(shown("at", one.at), sentence(one), entries.values(one, units))
            for one in history[:MAX_LISTED]
        ],
        note=_note(record),
        hydrograph_source=found.number(sources.HYDROGRAPH),
    )


def place(values: Mapping[str, Any]) -> str:
    """Return county and state in words."""
    county, state = (values.get(one) or "" for one in ("county", "state"))
    return ", ".join(filter(None, (county_name(county, state), state_name(state))))


def due_dates(values: Mapping[str, Any], today: dt.date) -> list[Fact]:
    """Return when the next inspection and the next revision of the plan are due, if known."""
    inspection = due.inspection_due(
        values.get("last_inspection_date"), values.get("inspection_frequency_years")
    )
    plan = due.plan_due(values.get("eap_last_revision_date"), values.get("eap_prepared"))
    dates = (("Next inspection due", inspection), ("Emergency action plan due", plan))
    return [
        Fact(
            label, partial_date.in_words(date), kind=OVERDUE if due.is_overdue(date, today) else ""
        )
        for label, date in dates
        if date is not None
    ]


def _groups(
    values: Mapping[str, Any], units: Units, found: sources.Sources
) -> list[tuple[str, list[Fact]]]:
    of_group: dict[str, list[Fact]] = {group: [] for group in GROUPS}
    for name, field in FIELD.items():
        if name in values and name != _HEADING:
            fact = _fact(name, values[name], units)
            of_group[field.group].append(fact._replace(source=found.number(name)))
    others = [
        Fact(heading, text, found.number(_OTHERS))
        for heading, text in values.get(_OTHERS, {}).items()
    ]
    moments = [_fact(one, values[one], units) for one in MOMENTS if one in values]
    return [*of_group.items(), ("Other facts", others), ("In this inventory", moments)]


def _fact(column: str, value: Any, units: Units) -> Fact:
    is_link = column == "website" and is_website(value)
    hint = FIELD[column].description if column in FIELD else ""
    kind = "link" if is_link else "hazard" if column == "hazard_potential" else ""
    return Fact(label(column, units), shown(column, value, units), None, hint, kind)


def _note(record: Record) -> str:
    earlier = len(record.history) - MAX_LISTED
    if not record.is_whole:
        return f"Only the newest {MAX_LISTED} changes are listed."
    if earlier <= 0:
        return ""
    return (
        "1 earlier change is not listed."
        if earlier == 1
        else (f"{earlier:,} earlier changes are not listed.")
    )
