"""ExportCard: choose what to export, and as what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.units import US
from ...errors import DamInventoryError
from ...formats import exports
from ...session import export_jobs
from ...session.exporting import AT_WORK, Exporting
from ...session.store import DamStore
from ..components.asking import Action, Asking
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from . import export_wording as wording
from .export_choices import (
    KINDS,
    NO_LINK,
    Choice,
    What,
    address,
    button,
    choices,
    file_words,
    rows_of,
)

_IN_US_UNITS = "The file has US units, as the inventory has: feet, acre-feet, miles."
_TOKEN = "Programs need a token to read this address."  # noqa: S105 - a sentence


class ExportCard(Asking, pn.reactive.ReactiveHTML):
    """A card that starts `store.exporting` and shows how it goes; `Saver` saves the file.

    on_close: called when the person closes the card; what is under way goes on.
    has_links: returns whether the server answers at the addresses that the card would offer.
    is_open: whether the card is visible. Only then it follows the dams.
    """

    content = param.String(default="{}", doc="What the card shows, as JSON.")

    _template: ClassVar[str] = asset("transfer/export_card.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("components/ask.js")
        + asset("components/copy.js")
        + asset("transfer/make.js")
        + asset("transfer/export_render.js"),
        "content": asset("transfer/export_content.js"),
    }
    _stylesheets: ClassVar[list[str]] = [
        asset("transfer/card.css"),
        asset("transfer/export_card.css"),
    ]

    def __init__(
        self,
        store: DamStore,
        on_close: Callable[[], None],
        has_links: Callable[[], bool],
        **params: Any,
    ) -> None:
        self._store = store
        self._on_close = on_close
        self._has_links = has_links
        self._offers_links = False
        self._what: What = "matching"
        self._kind = "csv"
        self._missing: dict[str, str] = {}
        """What the kinds of files lack to be written here."""
        self.is_open = False
        super().__init__(**params)
        store.exporting.param.watch(self._follow, "changed")
        store.param.watch(self._follow, ["snapshot", "rows", "chosen", "units"])
        store.filter.watch(self._follow)

    def open(self, what: What) -> None:
        """Show the card with a choice, or with all dams if there is nothing of that."""
        self._what = what
        self.is_open = True
        self._offers_links = self._has_links()
        self._store.exporting.leave()
        self._fill()
        self._store.in_background(_missing, self._on_missing, "formats")

    def _on_missing(self, outcome: dict[str, str] | DamInventoryError) -> None:
        if not isinstance(outcome, DamInventoryError):
            self._missing = outcome
            self._follow()

    @property
    def _exporting(self) -> Exporting:
        return self._store.exporting

    @property
    def _choice(self) -> Choice:
        """What is chosen; all dams, if that is no longer there."""
        found = {one.what: one for one in choices(self._store)}
        return found.get(self._what, found["all"])

    def _perform(self, action: Action) -> None:
        match action:
            case ["what", str(what)] if what in {one.what for one in choices(self._store)}:
                self._what = what
                self._exporting.leave()
            case ["kind", str(kind)] if kind in KINDS:
                self._kind = kind
                self._exporting.leave()
            case ["export", str(label)]:
                # The button says what it does: not if the dams have just become others.
                if label == button(self._choice) and self._is_ready(self._choice):
                    self._export(self._choice)
            case ["cancel"]:
                self._exporting.cancel()

    def _is_ready(self, choice: Choice) -> bool:
        if choice.total is None:
            return True
        is_known = choice.what != "matching" or not self._store.is_searching
        return is_known and choice.total > 0 and self._kind not in self._missing

    def _export(self, choice: Choice) -> None:
        store, kind = self._store, KINDS[self._kind]
        what, conditions = file_words(store, choice)
        day = store.filter.today
        suffix = ".csv" if choice.total is None else exports.FORMATS[kind.format_name].suffix
        name = exports.file_name(what, conditions, day, suffix)
        if choice.what == "history":
            store.exporting.begin_history(None, name)
        elif choice.what == "hydrographs":
            store.exporting.begin_hydrographs(name)
        else:
            rows = rows_of(store, choice)
            job = export_jobs.dams(store.snapshot, rows, kind.format_name, kind.columns)
            store.exporting.begin(job, name, "dams", choice.total or 0)

    def _answer(self) -> None:
        self._fill()

    def _close(self, _event: Any = None) -> None:
        self._on_close()

    def _follow(self, *_events: Any) -> None:
        if self.is_open:
            self._fill()

    @shielded
    def _fill(self) -> None:
        choice, exporting = self._choice, self._exporting
        is_dams = choice.total is not None
        content: dict[str, Any] = {
            "done": self._done,
            "fault": exporting.fault,
            "whats": [(one.what, one.label, one.total != 0) for one in choices(self._store)],
            "what": choice.what,
            "kinds": [
                (name, kind.label, self._missing.get(name) or kind.hint, name not in self._missing)
                for name, kind in KINDS.items()
            ],
            "kind": self._kind if is_dams else "",
            "note": _IN_US_UNITS if is_dams and self._store.units is not US else "",
            "button": button(choice),
            "is_ready": self._is_ready(choice),
            "result": wording.done(exporting) if exporting.step == "done" else "",
        }
        if exporting.step in AT_WORK:
            content["progress"] = {
                "share": exporting.progress.share if exporting.progress.total else None,
                "text": wording.progress(exporting),
            }
        if self._offers_links:
            link = address(self._store.filter, choice, KINDS[self._kind])
            is_login = self._store.user.name is not None
            content["link"] = {
                "path": link or "",
                "note": NO_LINK if link is None else _TOKEN if link and is_login else "",
                "is_login": is_login,
            }
        self.content = as_json(content)


def _missing() -> dict[str, str]:
    """Return what the kinds of files lack to be written here; this imports their packages."""
    found = {name: exports.missing(kind.format_name) for name, kind in KINDS.items()}
    return {name: text for name, text in found.items() if text}
