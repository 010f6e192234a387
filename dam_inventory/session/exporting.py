"""Exporting: the way of one file to the browser of a session, step by step."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from typing import Literal

import param

from ..database.inventory import Inventory
from ..errors import Cancelled, DamInventoryError, InvalidFile
from . import export_jobs
from .custody import Custody
from .export_jobs import Job
from .progress import Progress
from .workers import Told, exporters
from .written import PART, FilePart, Written, unstored

SECONDS_TO_FETCH = 600.0
"""A file is kept so long for a browser that does not ask for its next part."""

Step = Literal["choose", "write", "send", "done"]
"""choose, done: waits for the person. write: in a worker. send: waits for their browser."""

AT_WORK: frozenset[Step] = frozenset({"write", "send"})


class Exporting(param.Parameterized):
    """One file at a time: written in a worker, then sent to the browser part by part.

    schedule: runs a callback in the session. write: for the work on a file, in parts as
    `Workers.do` does it. read: for reading a part. Each runs one at a time, and keeps only the
    latest that waits.
    Methods that make no sense in the present step do nothing: a browser can send anything. What
    goes wrong is the `fault`. Call `close` when the session ends.
    """

    changed = param.Event(doc="Anything has changed: the step, its progress, or the fault.")
    part: FilePart | None = param.Parameter(doc="The part that the browser is to take, a FilePart.")

    def __init__(
        self,
        inventory: Inventory,
        schedule: Callable[[Callable[[], None]], None],
        write: Callable[[Callable[[], Generator[None]], Told[None]], None],
        read: Callable[[Callable[[], FilePart], Told[FilePart]], None],
    ) -> None:
        self._inventory = inventory
        self._schedule = schedule
        self._write = write
        self._read = read
        self._custody = Custody()
        self._is_closed = False
        self._stop = threading.Event()
        self._timer: threading.Timer | None = None
        self.number = 0
        """How many exports have begun."""
        self._start()
        super().__init__()

    def _start(self) -> None:
        self.step: Step = "choose"
        self.fault = ""
        self.file_name = ""
        self.items = ""
        """What the progress of writing counts, for example "dams"."""
        self.length = 0
        """The size of the file in bytes, once it is written."""
        self.progress = Progress(0)
        self.is_queued = False
        """Whether the export has to wait for those of others."""
        self._file: Written | None = None
        self._first = self._after = 0
        self._fetched = 0
        """How often the browser has asked for a part."""

    def begin(self, job: Job, file_name: str, items: str, total: int) -> None:
        """Write a file, and then send it. total: the number of items; 0 if it is not known."""
        if self.step in AT_WORK or self._is_closed:
            return
        self._start()
        self.number += 1
        self._stop = threading.Event()
        try:
            self._file = Written()
        except OSError as error:
            self.fault = unstored(error)
        else:
            self.step, self.file_name, self.items = "write", file_name, items
            self.progress = Progress(total)
            self.is_queued = exporters.is_full
            work = partial(self._work, job, self._file, self.progress, self._stop)
            self._write(work, partial(self._on_written, self.number))
        self._change()

    def begin_history(self, dam_id: int | None, file_name: str) -> None:
        """Export the changes of a dam, or of all dams."""
        self.begin(export_jobs.history(self._inventory, dam_id), file_name, "changes", 0)

    def begin_hydrographs(self, file_name: str) -> None:
        """Export the hydrographs of all dams."""
        self.begin(export_jobs.hydrographs(self._inventory), file_name, "hydrographs", 0)

    def cancel(self) -> None:
        """Stop what is under way."""
        if self.step in AT_WORK:
            self._stop.set()
            self._discard()
            self._start()
            self._change()

    def leave(self) -> None:
        """Forget the export that is done, or the fault."""
        if self.step not in AT_WORK:
            self._start()
            self._change()

    def send(self, number: int, first: int) -> None:
        """Send the part that begins at a byte; everything before it has arrived.

        Only the next part is sent, or again the last one, if a browser has lost it.
        """
        file = self._file
        if file is None or self.step != "send" or number != self.number:
            return
        if first not in (self._first, self._after):
            return
        self._fetched += 1
        self._first = self.progress.done = first
        self.part = None
        if first == file.size:
            self._discard()
            self.step = "done"
        else:
            self._after = min(first + PART, file.size)
            self._read(partial(self._part_of, file, number, first), self._on_part)
        self._change()

    def lose(self, number: int) -> None:
        """Give up because the browser can't save the file."""
        if self.step == "send" and number == self.number:
            self._fail(InvalidFile("The browser could not save the file. Export it again."))

    def close(self) -> None:
        """Stop what is under way, and delete the file; in the worker that still uses it."""
        self._stop.set()
        self._is_closed = True
        self._discard()

    def _work(
        self, job: Job, file: Written, progress: Progress, stop: threading.Event
    ) -> Generator[None]:
        """Write the file; called in a worker."""
        with self._custody.use():
            advance = partial(self._advance, progress, stop)
            advance(0)
            yield from file.take(job(advance, stop.is_set), stop.is_set)

    def _advance(self, progress: Progress, stop: threading.Event, done: int) -> None:
        """Note that so many items are written; called in a worker."""
        if stop.is_set():
            raise Cancelled
        if progress.advance(done):
            self._schedule(self._change)

    def _on_written(self, number: int, outcome: DamInventoryError | None) -> None:
        if number != self.number or self.step != "write" or self._file is None:
            return
        if outcome is None:
            self.step, self.length = "send", self._file.length
            self.progress = Progress(self._file.size, since=time.monotonic())
            self._wait_for_browser()
            self._change()
        else:
            self._fail(outcome)

    def _wait_for_browser(self) -> None:
        check = partial(self._check_browser, self.number, self._fetched)
        self._timer = threading.Timer(SECONDS_TO_FETCH, partial(self._schedule, check))
        self._timer.daemon = True
        with suppress(RuntimeError):  # The system has no thread left.
            self._timer.start()

    def _check_browser(self, number: int, fetched: int) -> None:
        if number != self.number or self.step != "send":
            return
        if fetched != self._fetched:
            self._wait_for_browser()
        else:
            self._fail(InvalidFile("The browser has not fetched the file. Export it again."))

    def _fail(self, error: DamInventoryError) -> None:
        self._discard()
        self._start()
        self.fault = str(error)
        self._change()

    def _part_of(self, file: Written, number: int, first: int) -> FilePart:
        with self._custody.use():
            if file is not self._file:
                raise Cancelled
            return FilePart(number, first, file.part(first))

    def _on_part(self, outcome: FilePart | DamInventoryError) -> None:
        if isinstance(outcome, DamInventoryError):
            if not isinstance(outcome, Cancelled):
                self._fail(outcome)
        elif self.step == "send" and outcome.number == self.number:
            self.part = outcome

    def _discard(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        file, self._file = self._file, None
        self._custody.discard(file)
        self.part = None

    def _change(self) -> None:
        self.param.trigger("changed")
