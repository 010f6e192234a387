"""Saver: takes the file of an export to the browser, which saves it."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
import param

from ...session.store import DamStore
from ..components.asking import Action, Asking
from ..components.assets import asset
from ..components.escape import as_json
from . import export_wording as wording


class Saver(Asking, pn.reactive.ReactiveHTML):
    """An invisible part of the page, so that a file arrives whatever the page shows.

    The browser asks for the parts, one after another. It also says for assistive technology how
    the export goes on.
    """

    content = param.String(default="{}", doc="The export, as JSON.")
    part = param.List(default=[], doc="[serial, number, first byte, Base64]: a part of the file.")

    _template: ClassVar[str] = asset("transfer/saver.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("components/ask.js") + asset("transfer/saver_render.js"),
        "content": asset("transfer/saver_content.js"),
        "part": asset("transfer/saver_part.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("transfer/saver.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._serial = 0
        super().__init__(**params)
        store.exporting.param.watch(self._fill, "changed")
        store.exporting.param.watch(self._on_part, "part")
        self._fill()

    def _perform(self, action: Action) -> None:
        match action:
            case ["part", int(number), int(first)]:
                self._store.exporting.send(number, first)
            case ["lost", int(number)]:
                self._store.exporting.lose(number)

    def _answer(self) -> None:
        self._fill()

    def _on_part(self, event: Any) -> None:
        if event.new is not None:
            # A browser may ask for the same part again.
            self._serial += 1
            self.part = [self._serial, *event.new]

    def _fill(self, *_events: Any) -> None:
        exporting = self._store.exporting
        if exporting.step != "send":
            self.part = []
        self.content = as_json(
            {
                "done": self._done,
                "number": exporting.number,
                "is_sent": exporting.step == "send",
                "name": exporting.file_name,
                "size": exporting.progress.total,
                "said": wording.announcement(exporting),
            }
        )
