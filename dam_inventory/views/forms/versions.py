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
    both have. `choice` tells of another one.
    """

    content = param.String("[]", doc="The rows, as JSON.")
    chosen = param.String(
        doc='The field and the version that were just chosen: \'["river","mine"]\'.'
    )

    _template: ClassVar[str] = asset("forms/versions.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": "self.content()",
        "content": asset("forms/versions.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("forms/versions.css")]

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
        self.param.update(content=as_json(rows), chosen="")
        return choices

    def choice(self) -> tuple[str, Choice] | None:
        """Return the field and the version that were just chosen; None for anything else."""
        try:
            field, version = json.loads(self.chosen)
        except (ValueError, TypeError):
            return None
        if not isinstance(field, str) or version not in CHOICES:
            return None
        return field, cast(Choice, version)


def _version(text: str, before: str) -> dict[str, str]:
    """Return a text, with the word that stands for it where it is empty."""
    if text == before and text:
        return {"text": "", "word": "unchanged"}
    return {"text": text, "word": "cleared" if before else "unknown"}
