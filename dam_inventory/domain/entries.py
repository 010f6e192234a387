"""Entries: what a history says of one change."""

from __future__ import annotations

from .changes import Change, DamEdited, DamsChange, DamUpdated
from .messages import several, told

_MAX_NAMED = 10


def sentence(one: Change) -> str:
    """Describe a change."""
    if isinstance(one, DamUpdated):
        undoing = "The import was undone." if one.undoes else ""
        return " ".join(filter(None, (told([one]), f'Source: "{one.source}".', undoing)))
    if isinstance(one, DamsChange):
        return f"{told([one])} {several(one.dam_names, _MAX_NAMED)}."
    undoing = " This undid an earlier edit." if isinstance(one, DamEdited) and one.undoes else ""
    return told([one]) + undoing
