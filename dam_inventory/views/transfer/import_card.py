"""ImportCard: import a file, with a look at what that would do before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.changes import Change
from ...domain.mark import Mark
from ...errors import DamInventoryError
from ...session.answers import start
from ...session.importing import AT_WORK, OUTCOMES, Importing
from ...session.store import DamStore
from ...session.uploads import PART, size_in_words
from ..bokeh_bridge.documents import release
from ..components.asking import Action, Asking
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from . import wording
from .choosing import Chosen
from .columns import Columns, label
from .findings import Findings

_BLOCKS = ("upload", "columns", "choices", "findings")


class ImportCard(Asking, pn.reactive.ReactiveHTML):
    """A card that shows each step of `store.importing`, and takes the person's answers.

    on_close: called when the person closes the card; what is under way goes on.
    """

    content = param.String(default="{}", doc="The present step, as JSON.")
    part = param.List(default=[], doc="[upload, first byte, Base64]: the next part of a file.")
    saved = param.String(doc="The next part of a CSV that the browser is to save, as JSON.")

    _template: ClassVar[str] = asset("transfer/import_card.html")
    _scripts: ClassVar[dict[str, Any]] = {
        # In blocks, because each names things of its own.
        "render": asset("components/ask.js")
        + asset("transfer/make.js")
        + "".join(f"{{\n{asset(f'transfer/{name}.js')}}}\n" for name in _BLOCKS)
        + asset("transfer/render.js"),
        "content": asset("transfer/content.js"),
        "saved": "state.save(JSON.parse(data.saved))",
    }
    _stylesheets: ClassVar[list[str]] = [
        asset("transfer/card.css"),
        asset("transfer/import_card.css"),
    ]

    def __init__(self, store: DamStore, on_close: Callable[[], None], **params: Any) -> None:
        self._store = store
        self._on_close = on_close
        self._saves = 0
        self._columns = Columns(store.importing)
        self._findings: Findings | None = None
        self._chosen = Chosen()
        self._would: tuple[int, int] | None = None
        """How many dams an import would add and update, with the choices `_counted`."""
        self._counted = Chosen()
        self._is_undone = False
        self._is_undoing = False
        self._parts: Iterator[str] = iter(())
        super().__init__(**params)
        store.importing.param.watch(self._fill, "changed")
        store.param.watch(self._fill, "units")
        self._fill()

    @property
    def _importing(self) -> Importing:
        return self._store.importing

    @param.depends("part", watch=True)
    @shielded
    def _on_part(self) -> None:
        match self.part:
            case [int(number), int(first), str(encoded)]:
                release(self, "part", [])
                # A part of a canceled upload may still be on its way.
                if number == self._importing.number:
                    self._importing.take(first, encoded)

    def _perform(self, action: Action) -> None:
        importing = self._importing
        match action:
            case ["begin", str(name), int(size)]:
                importing.begin(name, size)
            case ["unreadable"] if importing.step == "upload":
                importing.leave_with("The browser can't read the file. Choose it again.")
            case ["cancel"]:
                importing.cancel()
            case ["leave"]:
                importing.leave()
            case ["all columns", bool(is_all)]:
                self._columns.is_all = is_all
            case ["take", str(heading), str(field)]:
                self._columns.take(heading, field or None)
            case ["unit", str(heading), str(unit)]:
                self._columns.set_unit(heading, unit)
            case ["mark", str(heading), str(mark)]:
                self._columns.set_mark(heading, mark)
            case ["yes", str(heading)]:
                self._columns.confirm(heading)
            case ["look"]:
                importing.look_at()
            case ["back"]:
                importing.back()
            case ["import", str(label)] if self._would is not None:
                # The button says what it does: not if the person has just chosen otherwise.
                if self._counted == self._chosen and label == wording.button(*self._would):
                    importing.import_dams(self._chosen.choice, sum(self._would))
            case ["undo"]:
                self._undo()
            case _ if self._findings is not None:
                self._perform_on(self._findings, action)

    def _perform_on(self, findings: Findings, action: Action) -> None:
        match action:
            case ["list", str(name)]:
                findings.show(name)
            case ["page", int(first)]:
                findings.turn(first)
            case ["only", str(field)]:
                findings.filter(field)
            case ["csv", str(name)] if name in OUTCOMES:
                self._parts = findings.parts(name)
                self._saves += 1
                self._save(findings.file_name(name))
            case ["csv more", str(file)]:
                self._save(file)
            case _ if (chosen := self._chosen.after(action)) != self._chosen:
                self._chosen = chosen
                self._count()

    def _count(self) -> None:
        """Count what an import with the present choices would do."""
        if self._findings is not None:
            chosen = self._chosen
            count = partial(self._findings.look.would, chosen.choice)
            read = partial(self._importing.read_look, self._findings.look, count)
            self._store.in_background(read, partial(self._on_count, chosen), "import count")

    def _on_count(self, chosen: Chosen, outcome: tuple[int, int] | DamInventoryError) -> None:
        if chosen == self._chosen and not isinstance(outcome, DamInventoryError):
            self._would, self._counted = outcome, chosen
            self._fill()

    def _save(self, file: str) -> None:
        if self._findings is not None:
            read = partial(
                self._importing.read_look, self._findings.look, partial(next, self._parts, "")
            )
            done = partial(self._on_part_of_csv, self._saves, file)
            self._store.in_background(read, done, "import csv")

    def _on_part_of_csv(self, number: int, file: str, outcome: str | DamInventoryError) -> None:
        if number == self._saves and not isinstance(outcome, DamInventoryError):
            self.saved = as_json({"number": number, "file": file, "text": outcome})

    def _undo(self) -> None:
        imported = self._importing.imported
        if imported is not None and imported.change is not None and not self._is_undoing:
            start(self._undone(imported.change))

    async def _undone(self, change: Change) -> None:
        self._is_undoing = True
        self._fill()
        mark = Mark.of(self._store.snapshot.ground.epoch, change.seq, change.at)
        try:
            await self._store.later.undo(mark)
            self._is_undone, self._importing.fault = True, ""
        except DamInventoryError as error:
            self._importing.fault = str(error)
        finally:
            self._is_undoing = False
        self._fill()

    def _answer(self) -> None:
        self._fill()

    def _close(self, _event: Any = None) -> None:
        self._on_close()

    def _follow(self) -> None:
        """Begin what belongs to a step, and forget what belonged to an earlier one."""
        importing = self._importing
        if importing.step in ("choose", "upload"):
            self._columns, self._is_undone = Columns(importing), False
            self._chosen, self._would = Chosen(), None
        self._columns.follow()
        look = importing.look
        if look is None:
            self._findings = None
        elif importing.step == "seen" and not (self._findings and self._findings.look is look):
            self._would = None
            self._findings = Findings(self._store, look, self._fill)
            self._count()

    @shielded
    def _fill(self, *_: Any) -> None:
        self._follow()
        importing = self._importing
        content: dict[str, Any] = {
            "done": self._done,
            "step": importing.step,
            "heading": wording.heading(importing, self._columns.unanswered),
            "fault": importing.fault,
            "limits": wording.limits(importing.most),
            "file": self._file(),
        }
        if importing.step in AT_WORK:
            content["progress"] = {
                "share": importing.progress.share,
                "text": wording.progress(importing),
                "is_stopping": importing.is_stopping,
            }
        if importing.step == "upload" and importing.upload is not None:
            content["upload"] = {
                "number": importing.number,
                "first": importing.upload.arrived,
                "part": PART,
            }
        if importing.step == "columns":
            content["columns"] = self._columns.as_dict()
        if importing.step == "seen" and self._findings is not None:
            content["findings"] = self._findings.as_dict(self._store.units)
            content["choices"] = self._choices(self._findings)
        if importing.step == "done" and importing.imported is not None:
            change = importing.imported.change
            may_undo = change is not None and self._store.user.may_undo(change)
            content["result"] = {
                "text": "The import has been undone."
                if self._is_undone
                else wording.done(importing.imported),
                "undo": may_undo and not self._is_undone,
                "is_undoing": self._is_undoing,
            }
        self.content = as_json(content)

    def _file(self) -> dict[str, Any] | None:
        upload, opened = self._importing.upload, self._importing.opened
        if upload is None:
            return None
        remembered = "The columns are taken as in an earlier import of a file with these headings."
        notes = [*opened.notes, *([remembered] if opened.is_remembered else [])] if opened else []
        facts = [size_in_words(upload.size), *([opened.format] if opened else [])]
        return {"name": upload.name, "facts": " · ".join(facts), "notes": notes}

    def _choices(self, findings: Findings) -> dict[str, Any]:
        chosen, counts = self._chosen, findings.counts
        would = self._would or (0, 0)
        fields = sorted(findings.look.differing_fields.items(), key=lambda one: -one[1])
        return {
            "update": chosen.is_update,
            "can_update": bool(fields),
            "all_fields": chosen.fields is None,
            "fields": [[name, label(name), n, name in (chosen.fields or ())] for name, n in fields],
            "overwrite": chosen.overwrite_edited,
            "weak": chosen.accept_weak,
            "has_weak": bool(counts["weak"]),
            "bring_back": chosen.bring_back,
            "has_removed": bool(counts["removed"]),
            "button": wording.button(*would),
            "is_counted": self._would is not None,
        }
