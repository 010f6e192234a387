"""Processes that are forked off to share the work: they end with the one that has forked them.

Tornado's parent process only waits for its children (`panel serve --num-procs`). A signal to end
kills it, and leaves them running: without anybody who knows of them, and with the port.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def tie_children(before: Callable[[], object], ending: Callable[[], object]) -> None:
    """From now on, end all processes that this one forks off when it is told to end, or is gone.

    Told to end (SIGTERM, SIGINT), this process goes on until its children have ended.
    before: called before each fork, to close what must not cross it.
    ending: called in this process and in each child, in whatever thread, when it is to end.
    """
    # Only this process holds the end that is written to: when it closes that, or is killed,
    # every child reads the end of the file.
    reading, writing = os.pipe()
    tie = _Tie(reading, writing, ending)
    os.register_at_fork(before=tie.here(before), after_in_child=tie.bind)
    for one in _SIGNALS:
        signal.signal(one, tie.end)


class _Tie:
    def __init__(self, reading: int, writing: int, ending: Callable[[], object]) -> None:
        self._reading = reading
        self._writing: int | None = writing
        self._ending = ending
        self._parent = os.getpid()

    def here(self, before: Callable[[], object]) -> Callable[[], None]:
        def call() -> None:
            if os.getpid() == self._parent:
                before()

        return call

    def end(self, *_: object) -> None:
        self._ending()
        self._cut()

    def _cut(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            os.close(writing)

    def bind(self) -> None:
        if os.getppid() != self._parent:
            return  # a child of a child, for something else
        self._cut()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        threading.Thread(target=self._wait, name="parent", daemon=True).start()

    def _wait(self) -> None:
        os.read(self._reading, 1)
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            # It does not serve yet. Killed by a signal, it would be forked off again.
            os._exit(0)
        self._ending()
        os.kill(os.getpid(), signal.SIGTERM)
