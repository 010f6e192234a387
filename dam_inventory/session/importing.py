"""Importing: the way of one file into the inventory, step by step, for one session."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Literal, Protocol, TypeVar

import param

from ..database.imports import ALL_FIELDS, Choice, Imported
from ..database.inventory import Inventory
from ..database.look import OUTCOMES, Entry, Look, Outcome
from ..domain.changes import Change
from ..domain.mark import Mark
from ..domain.permissions import User
from ..errors import Cancelled, DamInventoryError
from ..formats import dam_blocks
from ..formats.mapping import Mapping
from ..formats.registry import open_table
from ..formats.values import DecimalMark
from . import opening
from .actions import Write
from .answers import Answer, start
from .custody import Custody
from .opening import Opened
from .progress import Progress
from .uploads import Upload
from .workers import Told, importers

__all__ = [
    "ALL_FIELDS",
    "AT_WORK",
    "OUTCOMES",
    "Choice",
    "Entry",
    "Imported",
    "Importing",
    "Look",
    "Outcome",
    "Step",
]
"""With what pages, which know no database, need of it."""

Result = TypeVar("Result")

Step = Literal["choose", "upload", "read", "columns", "look", "seen", "import", "done"]
"""choose, columns, seen, done: waits for the person. upload: waits for their browser.
read, look, import: works in a worker."""

AT_WORK: frozenset[Step] = frozenset({"upload", "read", "look", "import"})


class Do(Protocol):
    """Does work in a worker, and calls `done` in the session with its outcome."""

    def __call__(self, work: Callable[[], Result], done: Told[Result]) -> None: ...


class Importing(param.Parameterized):
    """One file at a time: uploaded, read, looked at, and then imported or left.

    most: the largest size of a file in bytes. do: for work on files. make: changes the inventory
    and shows this session the change.
    Methods that make no sense in the present step do nothing: a browser can send anything. What
    goes wrong is the `fault`. Call `close` when the session ends.
    """

    changed = param.Event(doc="Anything has changed: the step, its progress, or the fault.")

    def __init__(
        self,
        inventory: Inventory,
        user: User,
        most: int,
        schedule: Callable[[Callable[[], None]], None],
        do: Do,
        make: Callable[[Write], Coroutine[Any, Any, Change | None]],
    ) -> None:
        self._inventory = inventory
        self._user = user
        self.most = most
        self._schedule = schedule
        self._do = do
        self._make = make
        self._custody = Custody()
        self._is_closed = False
        self.number = 0
        """How many uploads have begun."""
        self._start()
        super().__init__()

    def _start(self) -> None:
        self.step: Step = "choose"
        self.fault = ""
        self.progress = Progress(0)
        self.is_queued = False
        """Whether the step has to wait for imports of others."""
        self._stop = threading.Event()
        self.upload: Upload | None = None
        self.opened: Opened | None = None
        self.mapping: Mapping | None = None
        self._is_mapped = False
        """Whether the person has changed the mapping."""
        self.look: Look | None = None
        self.imported: Imported | None = None

    @property
    def is_stopping(self) -> bool:
        """Whether the person has canceled a step that has not ended yet."""
        return self._stop.is_set()

    def begin(self, name: str, size: int) -> None:
        """Expect a file in parts; see `Upload`."""
        if self.step != "choose":
            return
        try:
            self._user.require("import_dams", "import files")
            self.upload = Upload(name, size, self.most)
        except DamInventoryError as error:
            self.fault = str(error)
        else:
            self.number += 1
            self.fault, self.step = "", "upload"
            self.progress = Progress(size, since=time.monotonic())
        self._change()

    def take(self, first: int, encoded: str) -> None:
        """Take the next part; after the last one, read the file."""
        if self.step != "upload" or self.upload is None:
            return
        try:
            self.upload.take(first, encoded)
        except DamInventoryError as error:
            self.leave_with(str(error))
            return
        self.progress.done = self.upload.arrived
        if self.upload.is_complete:
            start(self._read(self.upload))
        else:
            self._change()

    def cancel(self) -> None:
        """Stop what is under way. An import that is canceled changes nothing."""
        if self.step == "upload":
            self.leave_with()
        elif self.step in AT_WORK and not self.is_stopping:
            self._stop.set()
            self._change()

    def leave(self) -> None:
        """Leave the file, so that another one can be chosen."""
        if self.step not in AT_WORK:
            self.leave_with()

    def set_column(self, heading: str, field: str | None, unit: str, mark: DecimalMark) -> None:
        """Say what a column is; see `Mapping.with_column`."""
        if self.step != "columns" or self.mapping is None:
            return
        try:
            self.mapping = self.mapping.with_column(heading, field, unit, mark)
        except DamInventoryError as error:
            self.fault = str(error)
        else:
            self.fault, self._is_mapped = "", True
        self._change()

    def back(self) -> None:
        """Return from the look to the columns."""
        if self.step == "seen":
            self._drop_look()
            self.step = "columns"
            self._change()

    def look_at(self) -> None:
        """Find out what an import would do; columns without an answer are other facts."""
        if self.step != "columns" or self.upload is None or self.mapping is None:
            return
        try:
            self.mapping.check()
        except DamInventoryError as error:
            self.fault = str(error)
            self._change()
            return
        start(self._look(self.upload, self.mapping))

    def import_dams(self, choice: Choice, total: int) -> None:
        """Import what the look has found. total: how many dams that concerns."""
        if self.step == "seen" and self.look is not None and self.mapping is not None:
            start(self._import(self.look, self.mapping, choice, total))

    def close(self) -> None:
        """Stop what is under way, and delete all files; in the worker that still uses them."""
        self._stop.set()
        self._is_closed = True
        self._custody.discard(self.look, self.upload)

    def read_look(self, look: Look, work: Callable[[], Result]) -> Result:
        """Read from a look in a worker. Raises Cancelled if it is no longer the present one."""
        with self._custody.use():
            if look is not self.look:
                raise Cancelled
            return work()

    async def _read(self, upload: Upload) -> None:
        read = partial(opening.read, upload, self._inventory, self._advance)
        try:
            self.opened = await self._work("read", upload.size, read)
        except DamInventoryError as error:
            self.leave_with("" if isinstance(error, Cancelled) else str(error))
            return
        self.mapping = self.opened.mapping
        self.step = "columns"
        try:
            self.mapping.check()
            is_clear = not self.mapping.questions
        except DamInventoryError as error:
            self.fault, is_clear = str(error), False
        if is_clear:
            await self._look(upload, self.mapping)
        else:
            self._change()

    async def _look(self, upload: Upload, mapping: Mapping) -> None:
        look = partial(self._looked, upload, mapping)
        try:
            await self._work("look", upload.size, look)
        except DamInventoryError as error:
            self._drop_look()
            self._fail("columns", error)
        else:
            self.fault, self.step = "", "seen"
            self._change()

    def _looked(self, upload: Upload, mapping: Mapping) -> None:
        with open_table(upload.path, upload.name, self._advance) as table:
            rows = dam_blocks.read(table, mapping)
            look = self._inventory.look(
                rows,
                upload.name,
                self._user,
                is_cancelled=self._stop.is_set,
                taken=mapping.taken,
            )
        # Here, so that it is closed even if the session ends before it is told.
        self.look = look
        if self._is_closed:
            self._custody.discard(look)

    async def _import(self, look: Look, mapping: Mapping, choice: Choice, total: int) -> None:
        self._begin("import", total)
        imported: list[Imported] = []

        def write(inventory: Inventory, user: User, _seen: Mark) -> Change | None:
            imported.append(
                self._guarded(
                    partial(
                        inventory.import_dams,
                        look,
                        choice,
                        user,
                        self._advance,
                        self._stop.is_set,
                    )
                )
            )
            return imported[0].change

        try:
            await self._make(write)
        except DamInventoryError as error:
            self._fail("seen", error)
            return
        self._drop_look()
        self._custody.discard(self.upload)
        self.imported, self.fault, self.step = imported[0], "", "done"
        if self._is_mapped:
            remember = partial(self._inventory.remember_mapping, mapping, self._user)
            self._do(remember, lambda _: None)
        self._change()

    def _fail(self, step: Step, error: DamInventoryError) -> None:
        self.fault = "" if isinstance(error, Cancelled) else str(error)
        self.step = step
        self._change()

    async def _work(self, step: Step, total: int, work: Callable[[], Result]) -> Result:
        self._begin(step, total)
        result = await Answer[Result](partial(self._do, partial(self._guarded, work)))
        if self.is_stopping:  # since the work has ended
            raise Cancelled
        return result

    def _begin(self, step: Step, total: int) -> None:
        self._stop = threading.Event()
        self.fault, self.step, self.progress = "", step, Progress(total)
        self.is_queued = importers.is_full
        self._change()

    def _guarded(self, work: Callable[[], Result]) -> Result:
        """Work in a worker, unless canceled."""
        with self._custody.use():
            self._advance(0)
            return work()

    def _advance(self, amount: int) -> None:
        """Note that so much more is done; called in a worker."""
        if self._stop.is_set():
            raise Cancelled
        if self.progress.advance(self.progress.done + amount):
            self._schedule(self._change)

    def leave_with(self, fault: str = "") -> None:
        """Leave the file in any step that does no work, for a reason."""
        self._custody.discard(self.look, self.upload)
        self._start()
        self.fault = fault
        self._change()

    def _drop_look(self) -> None:
        look, self.look = self.look, None
        self._custody.discard(look)

    def _change(self) -> None:
        self.param.trigger("changed")
