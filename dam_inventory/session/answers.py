"""Coroutines of a session: wait for a worker without blocking the page."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any, Generic

from ..errors import DamInventoryError
from .workers import Result, Told


class Answer(Generic[Result]):
    """A result that a coroutine awaits.

    ask: called with a function that takes the result, or the error that `await` raises. That
    function resumes the coroutine, so it must be called in the session.
    """

    def __init__(self, ask: Callable[[Told[Result]], None]) -> None:
        self.ask = ask

    def __await__(self) -> Generator[Answer[Result], Result | DamInventoryError, Result]:
        outcome = yield self
        if isinstance(outcome, DamInventoryError):
            raise outcome
        return outcome


def start(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine until it awaits an Answer; the answer resumes it.

    Not an asyncio task: scripts and some notebooks run no event loop, and a task would resume
    without the lock of the session's document. If the session ends first, the coroutine is closed:
    only its `finally` runs.
    """
    _resume(coroutine, None)


def _resume(coroutine: Coroutine[Answer[Any], Any, None], outcome: Any) -> None:
    try:
        answer = coroutine.send(outcome)
    except StopIteration:
        return
    answer.ask(partial(_resume, coroutine))
