"""EditForm: edits a dam; offers both versions if another person has changed the dam since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...domain import messages
from ...domain.changes import DamEdited
from ...domain.fields import LABELS
from ...domain.mark import Mark
from ...errors import DamChanged, DamInventoryError, InventoryReplaced
from ...session.store import DamStore
from ...snapshot.snapshot import Snapshot
from ..components.alert import Notice
from ..components.escape import as_markdown
from ..components.faults import shielded
from ..components.slot import Place
from .dam_form import MUST, Convert, DamForm
from .versions import Versions


class EditForm(DamForm):
    """The form that saves the changed fields of one dam."""

    title = "Edit dam"
    action = "Save"

    def __init__(self, store: DamStore, on_close: Callable[[], None], **params: Any) -> None:
        self._dam_id: int | None = None
        self._seen = Mark(0)
        self._snapshot: Snapshot | None = None
        self._loaded: dict[str, str] = {}
        self._mine: Mapping[str, str] = {}
        self._kept: dict[int, tuple[Mark, dict[str, str], dict[str, str]]] = {}
        super().__init__(store, on_close, **params)

    def edit(self, dam_id: int | None) -> None:
        """Edit a dam as the store shows it, or continue with its draft if there is one."""
        snapshot = self._store.snapshot
        row = snapshot.row_of(dam_id)
        if row is None or dam_id is None or dam_id == self._dam_id:
            return
        if self._dam_id is not None and (typed := self.draft.typed()) != self._loaded:
            self._kept[self._dam_id] = (self._seen, self._loaded, typed)
        self._dam_id = dam_id
        self._heading.object = as_markdown(f'Edit "{snapshot.name(row)}"')
        self._load(snapshot.values(row), snapshot.mark)
        self._snapshot = snapshot
        if dam_id in self._kept:
            self.go_on(*self._kept.pop(dam_id))

    def go_on(self, seen: Mark, loaded: Mapping[str, str], texts: Mapping[str, str]) -> None:
        """Restore a draft of the dam that is being edited.

        seen: mark of the version that the draft began with. loaded, texts: its initial and its
        typed texts, by field.
        """
        # If the inventory has been replaced, this may be a different dam with the same ID.
        self._seen, self._snapshot = seen, None
        self._loaded = {field: loaded.get(field, text) for field, text in self._loaded.items()}
        self.tag("edit", self._dam_id or 0, seen, self._loaded)
        self.resume(texts)

    def _load(self, values: Mapping[str, Any], seen: Mark) -> None:
        self._seen = seen
        self._conflict.visible = False
        self.fill(values)
        # What was never known may stay unknown.
        self.mark_required([name for name in MUST if values.get(name) is not None])
        self._loaded = self.draft.typed()
        self.tag("edit", self._dam_id or 0, seen, self._loaded)

    def _convert(self, converted: Convert) -> None:
        self._conflict.visible = False
        self._loaded = converted(self._loaded)
        self._kept = {
            dam_id: (seen, converted(loaded), converted(typed))
            for dam_id, (seen, loaded, typed) in self._kept.items()
        }
        super()._convert(converted)
        self.tag("edit", self._dam_id or 0, self._seen, self._loaded)

    def _first(self) -> Sequence[Any]:
        self._notice = Notice("warning", margin=(8, 0, 0, 0))
        self._versions = Versions(sizing_mode="stretch_width", margin=0)
        self._versions.param.watch(self._on_choice, "chosen")
        self._conflict = Place("conflict")
        self._conflict.extend([self._notice, self._versions])
        return [self._conflict]

    async def _hand_over(self) -> None:
        if (dam_id := self._dam_id) is None:
            return
        changed = {f: text for f, text in self.draft.typed().items() if text != self._loaded[f]}
        await self._store.later.edit(dam_id, self._read(changed), self._seen)
        # The form may show another dam by now.
        self._kept.pop(dam_id, None)
        self._compare()

    def _is_changed(self) -> bool:
        return bool(self._kept) or (self._dam_id is not None and super()._is_changed())

    def _go_on_typing(self) -> None:
        # The draft now begins with what was saved, at the session's own edit and no later change.
        self._loaded = dict(self._submitted)
        epoch = self._store.snapshot.ground.epoch
        own = self._store.news.own
        if isinstance(own, DamEdited) and own.dam_id == self._dam_id:
            self._seen = Mark.of(epoch, own.seq, own.at)
        self.tag("edit", self._dam_id or 0, self._seen, self._loaded)

    def _on_done(self, error: DamInventoryError | None) -> None:
        self._conflict.visible = False
        if isinstance(error, DamChanged) and error.current is not None and error.mark is not None:
            self._show_both(str(error), error.current, error.mark)
        elif isinstance(error, InventoryReplaced) and (theirs := self._restored()) is not None:
            self._show_both(messages.RESTORED, theirs, self._store.snapshot.mark)
        else:
            super()._on_done(error)

    def _restored(self) -> Mapping[str, Any] | None:
        """Return the dam's values after a restore, or None if it is missing or a different dam."""
        snapshot, before = self._store.snapshot, self._snapshot
        row = snapshot.row_of(self._dam_id)
        if row is None or before is None or not snapshot.has_same(self._dam_id, before):
            return None
        known = snapshot.values(row)
        return {field: known.get(field) for field in LABELS}

    def _show_both(self, sentence: str, theirs: Mapping[str, Any], seen: Mark) -> None:
        """Show where the draft and the newest version differ, with a choice for each field.

        The next *Save* is checked against the version that is shown.
        """
        self._seen = seen
        mine, before = self.draft.typed(), self._loaded
        units = self._store.units
        self._loaded = {f: units.typed(f, theirs[f]) for f in LABELS}
        self.tag("edit", self._dam_id or 0, seen, self._loaded)
        choices = self._versions.show(units.labels, before, self._loaded, mine)
        self._versions.visible = bool(choices)
        self._mine = {field: mine[field] for field in choices}
        self.draft.param.update(
            {field: self._loaded[field] for field, choice in choices.items() if choice == "theirs"}
        )
        self.show_errors({})
        self._notice.say(f"{sentence} Your changes were not saved.")
        self._conflict.visible = True
        self._conflict.reveal()

    @shielded
    def _on_choice(self, _event: Any) -> None:
        for field, choice in self._versions.changes().items():
            text = self._mine[field] if choice == "mine" else self._loaded[field]
            self.draft.param.update({field: text})
            if field in self.fields:  # Else its group is still closed.
                self._forget_error(field)

    def _close(self, _event: Any = None) -> None:
        self._dam_id = None
        self._compare()
        super()._close()
