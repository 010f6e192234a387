"""FieldGroups: the further fields of a form, in groups that are made when they are opened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from ...domain.field import Field
from ...domain.fields import GROUPS


class FieldGroups(pn.viewable.Viewer):
    """Groups of fields below the common ones; most stay closed, so their fields are made late.

    fields: the fields of all groups. make: makes the input of a field, once.
    """

    is_shown = param.Boolean(default=True, doc="Whether the groups are visible.")

    def __init__(
        self, fields: Iterable[Field], make: Callable[[Field], Any], **params: Any
    ) -> None:
        self._fields: dict[str, list[Field]] = {group: [] for group in GROUPS}
        for field in fields:
            self._fields[field.group].append(field)
        self._make = make
        super().__init__(**params)
        self._columns = [pn.Column(margin=0, sizing_mode="stretch_width") for _ in GROUPS]
        self._accordion = pmui.Accordion(
            *zip(GROUPS, self._columns, strict=True),
            sizing_mode="stretch_width", margin=(8, 0), title_variant="body2",
            disable_gutters=True, elevation=0, variant="outlined", visible=self.param.is_shown,
        )  # fmt: skip
        self._accordion.param.watch(self._on_open, "active")

    def __panel__(self) -> pn.viewable.Viewable:
        return self._accordion

    def open(self, names: Collection[str]) -> None:
        """Open the groups that hold these fields."""
        wanted = [
            number
            for number, group in enumerate(GROUPS)
            if any(field.name in names for field in self._fields[group])
        ]
        if wanted:
            self.is_shown = True
            self._accordion.active = sorted({*_valid(self._accordion.active), *wanted})

    def _on_open(self, *_: Any) -> None:
        for number in _valid(self._accordion.active):
            column = self._columns[number]
            if not len(column):
                column.objects = [self._make(field) for field in self._fields[GROUPS[number]]]


def _valid(numbers: Sequence[Any]) -> list[int]:
    # A browser can send anything.
    return [one for one in numbers if isinstance(one, int) and 0 <= one < len(GROUPS)]
