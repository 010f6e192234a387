"""Processes that share an inventory, for tests: real ones, which can be killed."""

from __future__ import annotations

import logging
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from dam_inventory.config.settings import Settings
from dam_inventory.domain.changes import Change
from dam_inventory.domain.dam import DamDraft
from dam_inventory.errors import DatabaseUnavailable, InventoryFull
from dam_inventory.runtime import Runtime
from dam_inventory.session.store import DamStore
from tests import next_version

# Processes are forked from one that has imported everything and done nothing else.
_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload([__name__])


SESSIONS = 3
"""How many each process has, without a page."""


class Member:
    """A process of the inventory: does what it is told, notes what it hears.

    is_next: whether it is of the next version, see `next_version`. settings: those of `Settings`.
    """

    def __init__(self, log: Path, is_next: bool = False, **settings: Any) -> None:
        self.heard: list[int] = []
        """The numbers of the changes that all its sessions have heard of, in that order."""
        self._log = log
        self._answers: queue.Queue[tuple[list[int], list[str]]] = queue.Queue()
        self._pipe, theirs = _FORKSERVER.Pipe()
        self._process = _FORKSERVER.Process(target=_live, args=(theirs, log, settings, is_next))
        self._process.start()
        theirs.close()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self._log.read_text("utf-8") if self._log.exists() else ""

    @property
    def is_connected(self) -> bool:
        """Whether it has listened to other processes since it was started."""
        return "Listening for changes from other processes" in self.log

    def add(self, names: Sequence[str], threads: int = 1, again: bool = False) -> None:
        """Begin to add dams; `again`: try each until the database takes it."""
        self._pipe.send((list(names), threads, again))

    def rate(self, dam_id: int) -> None:
        """Begin to rate a dam, which only the next version can."""
        self._pipe.send(dam_id)

    def added(self) -> tuple[list[int], list[str]]:
        """Wait until all that were to be added are; return their numbers, and what was refused."""
        return self._answers.get(timeout=60)

    def add_and_die(self, name: str) -> None:
        """Add a dam, and be killed before anybody is told."""
        self._pipe.send(name)
        self._process.join(timeout=30)
        assert self._process.exitcode == -signal.SIGKILL

    def close(self) -> None:
        """End the process, if it has not ended."""
        if self._process.is_alive():
            self._pipe.send(None)
            self._process.join(timeout=30)
        self._process.kill()
        self._process.join(timeout=30)
        self._thread.join(timeout=30)
        self._pipe.close()
        self._process.close()

    def _listen(self) -> None:
        while True:
            try:
                what = self._pipe.recv()
            except EOFError:
                return
            if isinstance(what, list):
                self.heard += what
            else:
                self._answers.put(what)


def _live(pipe: Connection, log: Path, settings: dict[str, Any], is_next: bool) -> None:
    if is_next:
        next_version.become()
    logging.basicConfig(filename=log, level=logging.INFO, format="%(levelname)s %(message)s")
    with Runtime(Settings(**settings)) as runtime, pipe:
        lock = threading.Lock()

        def tell(what: Any) -> None:
            with lock:
                pipe.send(what)

        sessions = [DamStore(runtime.inventory, runtime.feed) for _ in range(SESSIONS)]
        heard: list[int] = []

        def note(news: Sequence[Change]) -> None:
            # Called after the sessions, which have subscribed before.
            heard.extend(one.seq for one in news)
            all_have = all([one.seq for one in store.news.waiting] == heard for store in sessions)
            tell([one.seq for one in news] if all_have else ["Not every session has heard it."])

        runtime.feed.pubsub.subscribe(note)
        while (told := pipe.recv()) is not None:
            if isinstance(told, str):
                runtime.inventory.add(_dam(told))
                os.kill(os.getpid(), signal.SIGKILL)
            if isinstance(told, int):
                next_version.rate(runtime.inventory, told, 5)
                runtime.feed.announce()
                continue
            names, threads, again = told
            with ThreadPoolExecutor(threads) as people:
                outcomes = list(people.map(partial(_add, runtime, again=again), names))
            seqs = [seq for seq, _ in outcomes if seq is not None]
            tell((seqs, [sentence for _, sentences in outcomes for sentence in sentences]))


def _add(runtime: Runtime, name: str, *, again: bool) -> tuple[int | None, list[str]]:
    sentences = []
    while True:
        try:
            change = runtime.inventory.add(_dam(name))
            runtime.feed.announce()
            return change.seq, sentences
        except (DatabaseUnavailable, InventoryFull) as error:
            sentences.append(str(error))
        if not again:
            return None, sentences
        threading.Event().wait(0.05)


def _dam(name: str) -> DamDraft:
    return DamDraft(name, "Other", "Green River", "1941", 40.5, -111.5)
