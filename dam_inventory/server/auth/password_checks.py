"""Check passwords one at a time, in a thread; skip attempts whose client has disconnected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from .attempts import Attempt, Line, TooManyAttempts

Answer = asyncio.Future[bool]


class PasswordChecks:
    """Checks passwords one at a time; use it from one event loop.

    check: returns whether a name's password is right. One call takes a few tenths of a second and
    32 MiB of memory.
    line: decides which attempt is next.
    """

    def __init__(self, check: Callable[[str, str], bool], line: Line | None = None) -> None:
        self._check = check
        self._line = line or Line()
        self._thread = ThreadPoolExecutor(1, "passwords")
        self._waiting: dict[Attempt, tuple[Answer, str, str]] = {}
        self._is_busy = False
        self._alarm: asyncio.TimerHandle | None = None

    def begin(self, address: str, name: str, password: str) -> Answer:
        """Return a future: whether the password is right. Cancel it when the client disconnects.

        The future ends with TooManyAttempts if an attempt with fewer failures takes its place.
        Raises TooManyAttempts if there is no place at all.
        """
        loop = asyncio.get_running_loop()
        attempt, displaced = self._line.enter(address, name)
        answer: Answer = loop.create_future()
        self._waiting[attempt] = (answer, name, password)
        answer.add_done_callback(partial(self._forget, attempt))
        if displaced is not None and not (lost := self._waiting[displaced][0]).done():
            lost.set_exception(TooManyAttempts(is_own=False))
        self._go_on()
        return answer

    def _forget(self, attempt: Attempt, _answer: Answer) -> None:
        self._line.leave(attempt)
        del self._waiting[attempt]

    def _go_on(self) -> None:
        if self._is_busy:
            return
        loop = asyncio.get_running_loop()
        if self._alarm is not None:
            self._alarm.cancel()
        while (attempt := self._line.next()) is not None:
            answer, name, password = self._waiting[attempt]
            if not answer.done():
                self._is_busy = True
                checked = loop.run_in_executor(self._thread, self._check, name, password)
                checked.add_done_callback(partial(self._on_checked, attempt, answer))
                return
        if (seconds := self._line.seconds()) is not None:
            self._alarm = loop.call_later(seconds, self._go_on)

    def _on_checked(self, attempt: Attempt, answer: Answer, checked: Answer) -> None:
        self._is_busy = False
        error = checked.exception()
        if error is None:
            self._line.note(attempt, is_right=checked.result())
        if answer.done():
            pass  # The client has disconnected.
        elif error is None:
            answer.set_result(checked.result())
        else:
            answer.set_exception(error)
        self._go_on()
