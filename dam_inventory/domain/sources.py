"""Sources: which change brought each fact about a dam, as far as the log knows."""

from __future__ import annotations

from collections.abc import Sequence

from .changes import (
    Change,
    DamAdded,
    DamEdited,
    DamsImported,
    DamUpdated,
    HydrographAssigned,
)
from .messages import by_whom

HYDROGRAPH = "hydrograph_id"


class Sources:
    """The changes that the current facts of one dam come from, each with a number.

    history: the changes of the dam, newest first. known: those of its columns that have a value.
    """

    def __init__(self, history: Sequence[Change], known: Sequence[str]) -> None:
        self._number: dict[str, int] = {}
        found: list[Change] = []
        for column in known:
            change = _source(history, column)
            if change is not None:
                if change not in found:
                    found.append(change)
                self._number[column] = found.index(change) + 1
        self.changes: Sequence[Change] = found
        """Those that brought at least one fact; the first has the number 1."""

    def number(self, column: str) -> int | None:
        """Return the number of the change that a fact comes from, None if the log lacks it."""
        return self._number.get(column)


def _source(history: Sequence[Change], column: str) -> Change | None:
    for change in history:
        if column == HYDROGRAPH:
            if isinstance(change, HydrographAssigned) and not change.beside:
                return change
        elif isinstance(change, DamAdded | DamsImported) or (
            isinstance(change, DamEdited | DamUpdated) and column in change.new
        ):
            return change
    return None


def in_words(change: Change) -> str:
    """Return for example "The file nid_2018.csv, imported by ann"."""
    match change:
        case DamUpdated() if change.undoes is not None:
            return f"An earlier value, brought back{by_whom([change])}"
        case DamsImported() | DamUpdated():
            return f"The file {change.source}, imported{by_whom([change])}"
        case DamAdded():
            return f"The form for a new dam, filled in{by_whom([change])}"
        case DamEdited() if change.undoes is not None:
            return f"An earlier value, brought back{by_whom([change])}"
        case DamEdited():
            return f"The form for edits, filled in{by_whom([change])}"
        case HydrographAssigned():
            return f"A hydrograph file with {change.points:,} points, assigned{by_whom([change])}"
    return f"A change{by_whom([change])}"
