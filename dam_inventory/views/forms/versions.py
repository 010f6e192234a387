"""Versions: what differs between a draft and the newest version of a dam."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, cast

import panel as pn
import param

from ..components.assets import asset
from ..components.escape import as_json

Choice = Literal["theirs", "mine"]
CHOICES = ("theirs", "mine")


class Versions(pn.reactive.ReactiveHTML):
    """A table of the fields that differ: before, theirs, yours.

    Chosen is at first the version of the person who has changed the field; the person's own where
    both have. `changes` tells of others.
    """

    content = param.String("[]", doc="The rows, as JSON.")
    chosen = param.String(
        doc="All versions that are chosen, by field, as JSON. Panel keeps only the last value of a "
        "property that changes twice in a moment."
    )

    _template: ClassVar[str] = asset("forms/versions.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": "self.content()",
        "content": asset("forms/versions.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("forms/versions.css")]

    def __init__(self, **params: Any) -> None:
        self._choices: dict[str, Choice] = {}
        super().__init__(**params)

    def show(
        self,
        labels: Mapping[str, str],
        before: Mapping[str, str],
        theirs: Mapping[str, str],
        mine: Mapping[str, str],
    ) -> dict[str, Choice]:
        """Show the fields in which the versions differ, and return which one each begins with.

        labels: of the fields, in their order. before, theirs, mine: their texts as one types them.
        """
        choices: dict[str, Choice] = {
            field: "theirs" if mine[field] == before[field] else "mine"
            for field in labels
            if theirs[field] != mine[field]
        }
        rows = [
            {
                "field": field,
                "label": labels[field],
                "before": {"text": before[field], "word": "unknown"},
                "theirs": _version(theirs[field], before[field]),
                "mine": _version(mine[field], before[field]),
                "chosen": choice,
            }
            for field, choice in choices.items()
        ]
        self._choices = dict(choices)
        self.param.update(content=as_json(rows), chosen="")
        return choices

    def changes(self) -> dict[str, Choice]:
        """Return the versions that were chosen since the last call, by field; ignore all else."""
        try:
            chosen = json.loads(self.chosen)
        except (ValueError, RecursionError):
            return {}
        if not isinstance(chosen, dict):
            return {}
        changed: dict[str, Choice] = {
            field: cast(Choice, chosen[field])
            for field, before in self._choices.items()
            if chosen.get(field, before) != before and chosen[field] in CHOICES
        }
        self._choices |= changed
        return changed


def _version(text: str, before: str) -> dict[str, str]:
    """Return a text, with the word that stands for it where it is empty."""
    if text == before and text:
        return {"text": "", "word": "unchanged"}
    return {"text": text, "word": "cleared" if before else "unknown"}
