"""EditForm: edits a dam, and shows both versions when somebody else did so meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ...domain import messages
from ...domain.changes import DamEdited
from ...domain.dam import LABELS
from ...domain.mark import Mark
from ...errors import DamChanged, DamInventoryError, InventoryReplaced
from ...session.store import DamStore, Done
from ...snapshot.snapshot import Snapshot
from ..components.alert import Notice
from ..components.assets import asset
from ..components.escape import as_markdown, escaped
from ..components.slot import Place
from .dam_form import DamForm

_LEADING = ("dam_name", "owner", "river", "date_built", "latitude", "longitude")
_FIELDS = (*_LEADING, *(field for field in LABELS if field not in _LEADING))


class EditForm(DamForm):
    """The form that saves what was changed of one dam."""

    title = "Edit dam"
    action = "Save"

    def __init__(self, store: DamStore, on_close: Callable[[], None], **params: Any) -> None:
        self._dam_id: int | None = None
        self._seen = Mark(0)
        self._snapshot: Snapshot | None = None
        self._loaded: dict[str, str] = {}
        self._theirs: Mapping[str, Any] = {}
        self._kept: dict[int, tuple[Mark, dict[str, str], dict[str, str]]] = {}
        super().__init__(store, _FIELDS, on_close, **params)

    def edit(self, dam_id: int | None) -> None:
        """Edit a dam as the store shows it, or go on with the draft of it that there is."""
        snapshot = self._store.snapshot
        row = snapshot.row_of(dam_id)
        if row is None or dam_id is None or dam_id == self._dam_id:
            return
        if self._dam_id is not None and (typed := self._typed()) != self._loaded:
            self._kept[self._dam_id] = (self._seen, self._loaded, typed)
        self._dam_id = dam_id
        self._heading.object = as_markdown(f'Edit "{snapshot.name(row)}"')
        self._load(snapshot.values(row), snapshot.mark)
        self._snapshot = snapshot
        if dam_id in self._kept:
            self.go_on(*self._kept.pop(dam_id))

    def go_on(self, seen: Mark, loaded: Mapping[str, str], texts: Mapping[str, str]) -> None:
        """Put back a draft of the dam that is edited.

        seen: what its person had seen when it began. loaded, texts: by field, what it began with
        then and what was typed.
        """
        # Should the inventory have been replaced, nobody knows whether this dam is the same one.
        self._seen, self._snapshot = seen, None
        self._loaded = {field: loaded.get(field, text) for field, text in self._loaded.items()}
        self.tag("edit", self._dam_id or 0, seen, self._loaded)
        self.resume(texts)

    def _load(self, values: Mapping[str, Any], seen: Mark) -> None:
        self._seen = seen
        self._conflict.visible = False
        self.fill(values)
        self._loaded = self._typed()
        self.tag("edit", self._dam_id or 0, seen, self._loaded)

    def _first(self) -> Sequence[Any]:
        self._told = Notice("warning", margin=(8, 0, 0, 0))
        self._versions = pn.pane.HTML(
            "",
            stylesheets=[asset("forms/versions.css")],
            sizing_mode="stretch_width",
            margin=0,
        )
        mine = pmui.Button(label="Keep mine", variant="outlined", margin=(0, 8, 0, 0))
        theirs = pmui.Button(label="Take theirs", variant="outlined", margin=0)
        mine.on_click(self.submit)
        theirs.on_click(lambda _: self._load(self._theirs, self._seen))
        self._conflict = Place("conflict")
        self._conflict.extend([self._told, self._versions, pn.Row(mine, theirs, margin=(12, 0))])
        return [self._conflict]

    def _hand_over(self, done: Done) -> None:
        if self._dam_id is None:
            done(None)
            return
        changed = {f: text for f, text in self._typed().items() if text != self._loaded[f]}
        done = partial(self._on_saved, self._dam_id, done)
        self._store.edit(self._dam_id, changed, self._seen, done)

    def _on_saved(self, dam_id: int, done: Done, error: DamInventoryError | None) -> None:
        if error is None:
            # It may have been left for another dam meanwhile.
            self._kept.pop(dam_id, None)
        done(error)

    def _go_on_typing(self) -> None:
        # What was saved is what is seen now, up to the session's own edit and no farther.
        self._loaded = dict(self._submitted)
        epoch = self._store.snapshot.ground.epoch
        for own in self._store.own[:1]:
            if isinstance(own, DamEdited) and own.dam_id == self._dam_id:
                self._seen = Mark.of(epoch, own.seq, own.at)
        self.tag("edit", self._dam_id or 0, self._seen, self._loaded)

    def _on_done(self, error: DamInventoryError | None) -> None:
        self._conflict.visible = False
        if isinstance(error, DamChanged) and error.current is not None and error.mark is not None:
            self.busy = False
            self._show_both(str(error), error.current, error.mark)
        elif isinstance(error, InventoryReplaced) and (theirs := self._restored()) is not None:
            self.busy = False
            self._show_both(messages.RESTORED, theirs, self._store.snapshot.mark)
        else:
            super()._on_done(error)

    def _restored(self) -> Mapping[str, Any] | None:
        """Return the dam as it is after a restore, or None if it is not there or another one."""
        snapshot, before = self._store.snapshot, self._snapshot
        row = snapshot.row_of(self._dam_id)
        if row is None or before is None or not snapshot.has_same(self._dam_id, before):
            return None
        known = snapshot.values(row)
        return {field: known.get(field) for field in LABELS}

    def _show_both(self, sentence: str, theirs: Mapping[str, Any], seen: Mark) -> None:
        """Show where the draft and the newest version differ; saving again keeps what was typed."""
        self._theirs, self._seen = theirs, seen
        mine, before = self._typed(), self._loaded
        self._loaded = {f: "" if theirs[f] is None else str(theirs[f]) for f in LABELS}
        self.tag("edit", self._dam_id or 0, seen, self._loaded)
        rows = "".join(
            f"<tr><th>{label}</th><td>{escaped(mine[f])}</td>"
            f"<td>{escaped(self._loaded[f])}</td></tr>"
            for f, label in LABELS.items()
            if mine[f] != self._loaded[f]
        )
        # What only they have changed is theirs from now on, so that saving does not undo it.
        self.draft.param.update({f: self._loaded[f] for f in LABELS if mine[f] == before[f]})
        self.show_errors({})
        self._told.say(f"{sentence} Nothing of yours was saved.")
        self._versions.object = (
            "<table><thead><tr><th></th><th>Yours</th><th>Theirs</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
            "<p>What only they have changed stays theirs.</p>"
        )
        self._conflict.visible = True
        self._conflict.reveal()

    def _close(self, _event: Any = None) -> None:
        self._dam_id = None
        super()._close()
