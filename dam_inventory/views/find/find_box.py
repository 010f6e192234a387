"""FindBox: a box in which a person types what they look for, and chooses from suggestions."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

import numpy as np
import panel as pn
import param

from ...domain.mercator import to_mercator
from ...domain.places import MAX_LENGTH
from ...session.store import DamStore
from ...snapshot.criteria import Criteria
from ...snapshot.index import words_of
from ...snapshot.query import Suggestion
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from ..map.dam_map import DamMap
from .options import Option, Point, marked, name_of, note_of, options_for

logger = logging.getLogger(__name__)

MAX_AT_ONCE = 1_000
"""With at most so many dams, suggestions take a few milliseconds and need no worker."""

SHOWN_LENGTH = 60
"""Of a text for which nothing is found, so many characters are repeated on the page."""


class FindBox(pn.reactive.ReactiveHTML):
    """A combobox that suggests dams, counties, states and rivers, and reads coordinates.

    This is one component, and only `content` changes: a session stays cheap. A dam that is chosen
    is selected, and the map goes there; a place becomes a condition of the filter.
    """

    asked = param.String(doc="What the browser asks for, as JSON: see `_on_asked`.")
    content = param.String(default="{}", doc="What the browser shows, as JSON.")

    _template: ClassVar[str] = asset("find/find.html").replace("MOST", str(MAX_LENGTH))
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("find/find_render.js"),
        "content": asset("find/find_content.js"),
        "remove": "state.forget()",
    }
    _stylesheets: ClassVar[list[str]] = [asset("find/find.css")]
    _priority_changes: ClassVar[list[str]] = ["asked"]

    def __init__(self, store: DamStore, dam_map: DamMap, **params: Any) -> None:
        self._store = store
        self._map = dam_map
        self._number = 0
        self._text = ""
        self._options: Sequence[Option] = ()
        self._zooms_to: Criteria | None = None
        """The filter whose dams the map will show as soon as they are found."""
        super().__init__(**params)
        store.param.watch(self._on_rows, "rows")
        store.param.watch(self._on_selected, "selected")

    @param.depends("asked", watch=True)
    @shielded
    def _on_asked(self) -> None:
        """Answer the browser.

        ["type", text, count]: suggest; without a text, prepare to. ["enter", text, count]: choose
        the best suggestion for a text. ["choose", number, index, count]: choose one of the
        suggestions with a number. The count only makes two requests different.
        """
        try:
            asked = json.loads(self.asked)
        except (ValueError, RecursionError):
            asked = None
        match asked:
            case ["type", str(text), _]:
                self._suggest(text[:MAX_LENGTH], takes_first=False)
            case ["enter", str(text), _]:
                self._suggest(text[:MAX_LENGTH], takes_first=True)
            case ["choose", int(number), int(index), _]:
                # The suggestions may have changed on their way to the browser.
                if number == self._number and 0 <= index < len(self._options):
                    self._choose(self._options[index])
            case _:
                logger.warning("A page asked to find something invalid: %.80r", self.asked)

    def _suggest(self, text: str, *, takes_first: bool) -> None:
        snapshot = self._store.snapshot
        self._store.compute(
            partial(options_for, snapshot, text),
            partial(self._on_options, text, takes_first),
            "find",
            few=MAX_AT_ONCE,
        )

    @shielded
    def _on_options(self, text: str, takes_first: bool, options: Sequence[Option]) -> None:
        self._number += 1
        self._text, self._options = text, options
        if takes_first and options:
            self._choose(options[0])
        else:
            self._show()

    def _show(self, taken: str | None = None, said: str | None = None) -> None:
        words = words_of(self._text)
        count, shown = len(self._options), self._text.strip()
        if said is None:
            said = "" if not shown else f"{count} suggestion{'' if count == 1 else 's'}."
        nothing = ""
        if shown and not count and taken is None:
            cut = (
                shown
                if len(shown) <= SHOWN_LENGTH
                else f"{shown[:SHOWN_LENGTH]}\N{HORIZONTAL ELLIPSIS}"
            )
            said = nothing = f'Nothing matches "{cut}".'
        self.content = as_json({
            "text": self._text,
            "number": self._number,
            "options": [
                {"name": marked(name_of(one), words), "note": marked(note_of(one), words)}
                for one in self._options
            ],
            "taken": taken,
            "said": said,
            "nothing": nothing,
        })  # fmt: skip

    def _choose(self, option: Option) -> None:
        name = name_of(option)
        if isinstance(option, Point):
            said = self._go_to(option)
        elif option.dam_id is not None:
            said = self._select(option.dam_id, name)
        else:
            said = self._filter(option)
        self._options = ()
        self._show(taken=name, said=said)

    def _go_to(self, point: Point) -> str:
        x, y = to_mercator(point.longitude, point.latitude)
        self._map.pointed = (point.longitude, point.latitude)
        self._map.go_to(float(x), float(y))
        return "The map shows this place."

    def _select(self, dam_id: int, name: str) -> str:
        row = self._store.snapshot.row_of(dam_id)
        if row is None:
            return f"{name} has been removed."
        self._map.pointed = None
        self._store.selected = dam_id
        if not self._map.zoom_to_dam(dam_id):
            return f"{name} is selected. It has no coordinates."
        rows = self._store.rows
        is_filtered = rows is not None and row not in np.asarray(rows)
        return f"{name} is selected." + (" The filter hides it on the map." if is_filtered else "")

    def _filter(self, place: Suggestion) -> str:
        """Show the dams of a place instead of another place's; keep all other conditions."""
        self._map.pointed = None
        self._zooms_to = None
        self._store.filter.param.update(
            state=[*place.states], county=[*place.counties], search=place.words
        )
        self._zooms_to = self._store.filter.criteria
        self._on_rows()
        return f"{name_of(place)}: {note_of(place)}."

    def _on_rows(self, *_: Any) -> None:
        if self._zooms_to is not None and not self._store.is_searching:
            if self._zooms_to == self._store.filter.criteria:
                self._map.zoom_to_dams()
            self._zooms_to = None

    def _on_selected(self, event: Any) -> None:
        if event.new is not None:
            self._map.pointed = None
